;; Answers its own input.
;;
;; The interface of every core module here: text passes through the guest's memory, as UTF-8 JSON.
;;   alloc(length) -> pointer             the host asks for room, then writes the task there
;;   execute_task(pointer, length) -> i64 the answer: pointer in the high 32 bits, length in the low 32
;; It may import env.log(pointer, length) and env.http_request(pointer, length) -> i64, whose response the host writes
;; into room that alloc gives. component.wat shows the interface of components.
(module
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024)) ;; the first free byte

  ;; Hands out memory from below and never takes it back: an instance lives for one task.
  (func (export "alloc") (param $length i32) (result i32)
    (local $pointer i32) (local $missing i32)
    (local.set $pointer (global.get $next))
    (global.set $next (i32.add (local.get $pointer) (local.get $length)))
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

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (i64.or
      (i64.shl (i64.extend_i32_u (local.get $pointer)) (i64.const 32))
      (i64.extend_i32_u (local.get $length)))))
