;; Broken: a component that gives up three calls deep.
;; Expected: an error of the guest that names the functions.
(component
  (core module $code
    (memory (export "memory") 1)

    ;; Room for a small task; see component.wat for one that grows.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))

    (func $give_up unreachable)
    (func $ask_the_model (call $give_up))
    (func $execute (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (call $ask_the_model)
      (i32.const 16)))

  (core instance $code (instantiate $code))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
