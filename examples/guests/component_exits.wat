;; Broken: a component that ends the program instead of answering.
;; Expected: an error of the guest; the host goes on.
(component
  (import "wasi:cli/exit@0.2.0" (instance $exit (export "exit" (func (param "status" (result))))))
  (core func $exit (canon lower (func $exit "exit")))

  (core module $code
    (import "host" "exit" (func $exit (param i32)))
    (memory (export "memory") 1)

    ;; Room for a small task; see component.wat for one that grows.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))

    (func $execute (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (call $exit (i32.const 0)) ;; with success
      (i32.const 16)))

  (core instance $code (instantiate $code (with "host" (instance (export "exit" (func $exit))))))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
