;; Hostile: logs a million lines of 1,000 bytes.
;; Expected: stopped when its log is full; nobody's disk or terminal fills.
(module
  (import "env" "log" (func $log (param i32 i32)))
  (memory (export "memory") 16)
  (data (i32.const 0) "{\"lines\":1000000}") ;; 17 bytes

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (local $left i32)
    (memory.fill (i32.const 4096) (i32.const 120) (i32.const 1000)) ;; 120 is "x"
    (local.set $left (i32.const 1000000))
    (loop $next
      (call $log (i32.const 4096) (i32.const 1000))
      (local.set $left (i32.sub (local.get $left) (i32.const 1)))
      (br_if $next (local.get $left)))
    (i64.const 17))) ;; the answer: 17 bytes at 0
