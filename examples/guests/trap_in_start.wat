;; Broken: gives up in its start function, before any task is given to it.
;; Expected: an error of the guest that names the function.
(module
  (memory (export "memory") 1)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func $begin unreachable)
  (start $begin)

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (i64.const 0)))
