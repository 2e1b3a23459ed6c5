;; Hostile: a component of two instances, each with a memory of its own; neither alone exceeds 16 MiB.
;; Expected: stopped at max_memory_mb of its contract, which counts them together.
(component
  (core module $hoard
    (memory 1)
    ;; Takes 159 pages more: 10 MiB in all.
    (func (export "hoard")
      (if (i32.eq (memory.grow (i32.const 159)) (i32.const -1)) (then unreachable))))
  (core instance $first (instantiate $hoard))
  (core instance $second (instantiate $hoard))

  (core module $code
    (import "first" "hoard" (func $first))
    (import "second" "hoard" (func $second))
    (memory (export "memory") 1)
    (data (i32.const 64) "{\"hoarded\":true}") ;; 16 bytes

    ;; Room for a small task; see component.wat for one that grows.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))

    (func (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (call $first)
      (call $second)
      (i32.store (i32.const 20) (i32.const 64))
      (i32.store (i32.const 24) (i32.const 16))
      (i32.const 16)))

  (core instance $code (instantiate $code (with "first" (instance $first)) (with "second" (instance $second))))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
