;; Hostile: a component that asks for HTTP of WASI, past the host's own http-request.
;; Expected: refused when it is loaded, naming wasi:http/outgoing-handler@0.2.0.
(component
  (import "wasi:http/outgoing-handler@0.2.0" (instance (export "handle" (func))))
  (core module $code
    (memory (export "memory") 1)
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
    (func (export "execute-task") (param i32 i32) (result i32) (i32.const 16)))
  (core instance $code (instantiate $code))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
