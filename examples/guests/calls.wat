;; Calls an outside service and answers what the host said of it.
;; Expected: the contract allows no egress, so that is the answer: {"error":"refused: …"}.
(module
  (import "env" "http_request" (func $http_request (param i32 i32) (result i64)))
  (memory (export "memory") 1)
  (data (i32.const 0) "{\"url\":\"https://example.org/\"}") ;; 30 bytes
  (global $next (mut i32) (i32.const 1024))

  ;; Room for the task, and then for the response; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32)
    (global.get $next)
    (global.set $next (i32.add (global.get $next) (local.get $length))))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (call $http_request (i32.const 0) (i32.const 30)))) ;; pointer and length packed, as an answer is
