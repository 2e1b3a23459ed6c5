;; Answers its own input: a component, written by hand.
;;
;; The interface of every component here is the world `swarm` of src/chassis/wit/swarm.wit:
;;   execute-task: func(task: string) -> result<string, string>
;; Languages have tools that make all of this from the WIT: componentize-py, wit-bindgen, jco.
(component
  (core module $code
    (memory (export "memory") 1)
    (global $next (mut i32) (i32.const 1024)) ;; the first free byte

    ;; Where the host puts texts. Hands out memory from below and never takes it back: an instance lives for one task.
    (func (export "realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
      (local $pointer i32) (local $missing i32)
      (local.set $pointer (global.get $next))
      (global.set $next (i32.add (local.get $pointer) (local.get $size)))
      ;; Pages of 64 KiB still missing, rounded up.
      (local.set $missing
        (i32.sub
          (i32.shr_u (i32.add (global.get $next) (i32.const 65535)) (i32.const 16))
          (memory.size)))
      (if (i32.gt_s (local.get $missing) (i32.const 0))
        (then
          (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1))
            (then unreachable))))
      (local.get $pointer))

    ;; The answer is described at 16: which of the two it is (0: the answer, 1: why there is none), pointer, length.
    (func (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (i32.store (i32.const 16) (i32.const 0))
      (i32.store (i32.const 20) (local.get $pointer))
      (i32.store (i32.const 24) (local.get $length))
      (i32.const 16)))

  (core instance $code (instantiate $code))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
