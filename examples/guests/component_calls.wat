;; Calls an outside service and answers what the host said of it.
;; Expected: the contract allows no egress, so that is the answer: an error that the component passes on.
(component
  (import "http-request" (func $http_request (param "request" string) (result (result string (error string)))))

  (core module $memory
    (memory (export "memory") 1)
    (data (i32.const 64) "{\"url\":\"https://example.org/\"}") ;; 30 bytes
    (global $next (mut i32) (i32.const 1024))
    (func (export "realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
      (global.get $next)
      (global.set $next (i32.add (global.get $next) (local.get $size)))))
  (core instance $memory (instantiate $memory))
  (core func $http_request
    (canon lower (func $http_request) (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))

  (core module $code
    (import "host" "http-request" (func $http_request (param i32 i32 i32)))
    ;; Both describe a result in the same way: what the host wrote at 16 is the answer.
    (func (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (call $http_request (i32.const 64) (i32.const 30) (i32.const 16))
      (i32.const 16)))

  (core instance $code (instantiate $code (with "host" (instance (export "http-request" (func $http_request))))))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $memory "memory")) (realloc (core func $memory "realloc")))))
