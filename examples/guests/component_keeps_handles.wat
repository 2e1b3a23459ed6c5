;; Hostile: a component that asks for handles of the host and never gives one back.
;; Expected: stopped at the handles that a component may hold at a time.
(component
  (import "wasi:io/streams@0.2.0" (instance $streams (export "output-stream" (type (sub resource)))))
  (alias export $streams "output-stream" (type $output))
  (import "wasi:cli/stdout@0.2.0" (instance $stdout
    (alias outer 1 $output (type $outer))
    (export "output-stream" (type $output (eq $outer)))
    (export "get-stdout" (func (result (own $output))))))
  (core func $get_stdout (canon lower (func $stdout "get-stdout")))

  (core module $code
    (import "host" "get-stdout" (func $get_stdout (result i32)))
    (memory (export "memory") 1)

    ;; Room for a small task; see component.wat for one that grows.
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))

    (func (export "execute-task") (param $pointer i32) (param $length i32) (result i32)
      (loop $more (drop (call $get_stdout)) (br $more))
      (i32.const 16)))

  (core instance $code (instantiate $code (with "host" (instance (export "get-stdout" (func $get_stdout))))))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
