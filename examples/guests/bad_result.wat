;; Broken: its answer lies outside its memory.
;; Expected: an error of the guest; the host reads nothing beyond the guest's memory.
(module
  (memory (export "memory") 16)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (i64.or
      (i64.shl (i64.const 0xfffffff0) (i64.const 32)) ;; pointer
      (i64.const 64))))                               ;; length: the end is beyond 32 bits
