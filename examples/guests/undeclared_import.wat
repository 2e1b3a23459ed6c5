;; Hostile: asks for a function that no host offers.
;; Expected: refused when it is loaded, naming env.read_file.
(module
  (import "env" "read_file" (func $read_file (param i32 i32) (result i32)))
  (memory (export "memory") 16)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (i64.extend_i32_u (call $read_file (local.get $pointer) (local.get $length)))))
