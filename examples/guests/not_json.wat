;; Broken: answers text that is no JSON.
;; Expected: an error of the guest that says so.
(module
  (memory (export "memory") 16)
  (data (i32.const 0) "this is not JSON") ;; 16 bytes

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (i64.const 16))) ;; 16 bytes at 0
