;; Hostile: logs text that begins in its memory and ends outside, then text that wraps around the address space.
;; Expected: refused; the host reads nothing beyond the guest's memory.
(module
  (import "env" "log" (func $log (param i32 i32)))
  (memory (export "memory") 16)
  (data (i32.const 0) "{\"escaped\":true}") ;; 16 bytes

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (call $log (i32.const 0xffff0) (i32.const 64))       ;; the last 16 of 1,048,576 bytes, and 48 more
    (call $log (i32.const -16) (i32.const 0x7fffffff))   ;; pointer + length is beyond 32 bits
    (i64.const 16))) ;; the answer, if it gets here: 16 bytes at 0
