;; Broken: gives up at once.
;; Expected: an error of the guest; the next task finds a fresh instance.
(module
  (memory (export "memory") 16)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    unreachable))
