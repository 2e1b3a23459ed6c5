;; Carries its task out as a request to an outside service, and answers what came of it.
;; Expected: under a contract without egress {"error":"refused: …"}; under one that allows the call the service's answer.
;;
;;   echo '{"url": "https://example.org/"}' | ifctl chassis exec SWARM
(module
  (import "env" "http_request" (func $http_request (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 1024))

  ;; Room for the task, and then for the response: the memory grows as needed.
  (func (export "alloc") (param $length i32) (result i32)
    (local $pointer i32)
    (local $missing i32)
    (local.set $pointer (global.get $next))
    (global.set $next (i32.add (local.get $pointer) (local.get $length)))
    (local.set $missing
      (i32.sub
        (i32.shr_u (i32.add (global.get $next) (i32.const 65535)) (i32.const 16))
        (memory.size)))
    (if (i32.gt_s (local.get $missing) (i32.const 0))
      (then
        (if (i32.eq (memory.grow (local.get $missing)) (i32.const -1))
          (then unreachable))))
    (local.get $pointer))

  ;; Pointer and length come packed, as an answer is.
  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (call $http_request (local.get $pointer) (local.get $length))))
