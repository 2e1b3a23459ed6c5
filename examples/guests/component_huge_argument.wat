;; Hostile: a component that logs one line of 8 MiB, which the host would have to copy before it could cut it.
;; Expected: stopped at what a component may hand to the host in one call.
(component
  (import "log" (func $log (param "line" string)))

  (core module $memory
    (memory (export "memory") 130)
    ;; Room for a small task; see component.wat for one that grows.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $log (canon lower (func $log) (memory (core memory $memory "memory"))))

  (core module $code
    (import "host" "log" (func $log (param i32 i32)))
    (import "own" "memory" (memory 130))
    (func (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (call $log (i32.const 4096) (i32.const 0x800000))
      (i32.const 16)))

  (core instance $code
    (instantiate $code
      (with "host" (instance (export "log" (func $log))))
      (with "own" (instance $memory))))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $memory "memory")) (realloc (core func $memory "realloc")))))
