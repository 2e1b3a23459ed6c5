;; Hostile: never returns from its start function, before any task is given to it.
;; Expected: stopped when its time is up, as one that spins later.
(module
  (memory (export "memory") 16)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func $spin (loop $forever (br $forever)))
  (start $spin)

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (i64.const 0)))
