;; Broken, and says so: a component that answers why it has no answer.
;; Expected: an error of the guest, in its own words.
(component
  (core module $code
    (memory (export "memory") 1)
    (data (i32.const 64) "the model does not answer\nask again tomorrow") ;; 44 bytes

    ;; Room for a small task; see component.wat for one that grows.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))

    (func (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (i32.store (i32.const 16) (i32.const 1)) ;; no answer
      (i32.store (i32.const 20) (i32.const 64))
      (i32.store (i32.const 24) (i32.const 44))
      (i32.const 16)))

  (core instance $code (instantiate $code))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
