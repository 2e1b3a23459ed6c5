;; Hostile: a component that never ends its start.
;; Expected: refused when it is loaded, when the time of its contract is up.
(component
  (core module $code
    (memory (export "memory") 1)

    ;; Room for a small task; see component.wat for one that grows.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))

    (func (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (i32.const 16))

    (func $begin
      (loop $forever (br $forever)))
    (start $begin))

  (core instance $code (instantiate $code))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
