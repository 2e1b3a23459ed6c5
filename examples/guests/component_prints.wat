;; Prints through WASI, half a line at a time, and answers.
;; Expected: what it prints is its log.
(component
  (import "wasi:io/error@0.2.0" (instance $error (export "error" (type (sub resource)))))
  (alias export $error "error" (type $error))
  (import "wasi:io/streams@0.2.0" (instance $streams
    (export "output-stream" (type $output (sub resource)))
    (alias outer 1 $error (type $outer))
    (export "error" (type $error (eq $outer)))
    (type $failure (variant (case "last-operation-failed" (own $error)) (case "closed")))
    (export "stream-error" (type $stream_error (eq $failure)))
    (export "[method]output-stream.blocking-write-and-flush"
      (func (param "self" (borrow $output)) (param "contents" (list u8)) (result (result (error $stream_error)))))))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $output (type $outer))
    (export "output-stream" (type $output (eq $outer)))
    (export "get-stdout" (func (result (own $output))))))

  (core module $memory
    (memory (export "memory") 1)
    (data (i32.const 64) "half a line, and the rest\nno end") ;; 32 bytes
    (data (i32.const 128) "{\"printed\":true}")              ;; 16 bytes
    ;; Room for a small task; see component.wat for one that grows.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $get_stdout (canon lower (func $stdout "get-stdout")))
  (core func $write
    (canon lower
      (func $streams "[method]output-stream.blocking-write-and-flush")
      (memory (core memory $memory "memory"))))

  (core module $code
    (import "host" "get-stdout" (func $get_stdout (result i32)))
    (import "host" "write" (func $write (param i32 i32 i32 i32)))
    (import "own" "memory" (memory 1))
    (func (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (local $stdout i32)
      (local.set $stdout (call $get_stdout))
      (call $write (local.get $stdout) (i32.const 64) (i32.const 12) (i32.const 32))
      (call $write (local.get $stdout) (i32.const 76) (i32.const 20) (i32.const 32))
      (i32.store (i32.const 20) (i32.const 128))
      (i32.store (i32.const 24) (i32.const 16))
      (i32.const 16)))

  (core instance $code
    (instantiate $code
      (with "host" (instance (export "get-stdout" (func $get_stdout)) (export "write" (func $write))))
      (with "own" (instance $memory))))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $memory "memory")) (realloc (core func $memory "realloc")))))
