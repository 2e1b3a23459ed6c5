;; Hostile: never returns, and calls the host all the time, so that it is never long in its own code.
;; Expected: stopped when its time is up, as one that spins alone.
(module
  (import "env" "http_request" (func $http_request (param i32 i32) (result i64)))
  (memory (export "memory") 1)

  ;; Always the same room.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (loop $forever (drop (call $http_request (i32.const 0) (i32.const 0))) (br $forever))
    (i64.const 0)))
