;; Hostile: calls itself without end.
;; Expected: the guest's stack ends, not the host's.
(module
  (memory (export "memory") 16)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  ;; The addition after the call keeps it from being a tail call.
  (func $descend (param $depth i32) (result i32)
    (i32.add
      (call $descend (i32.add (local.get $depth) (i32.const 1)))
      (local.get $depth)))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (i64.extend_i32_u (call $descend (local.get $length)))))
