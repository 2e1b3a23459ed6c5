;; Helps a swarm that is stuck on SIP: logs a line and answers with advice and the size of the question,
;;   {"answer":"use SIP over TLS on port 5061","input_bytes":123}
;;
;; The size is computed here, so that the answer proves that the guest ran on this very input.
;; The interface is described in echo.wat.
(module
  (import "env" "log" (func $log (param i32 i32)))
  (memory (export "memory") 1)
  (global $next (mut i32) (i32.const 4096)) ;; the first free byte

  (data (i32.const 0) "sip: a question has come in")                                      ;; 27 bytes
  (data (i32.const 1024) "{\"answer\":\"use SIP over TLS on port 5061\",\"input_bytes\":") ;; 56 bytes, then the number

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

  ;; Writes a number in decimal at $at and gives the first byte after it.
  (func $write_decimal (param $number i32) (param $at i32) (result i32)
    ;; The digits before the last one, if there are any.
    (if (i32.ge_u (local.get $number) (i32.const 10))
      (then
        (local.set $at
          (call $write_decimal (i32.div_u (local.get $number) (i32.const 10)) (local.get $at)))))
    ;; The last digit; 48 is "0".
    (i32.store8
      (local.get $at)
      (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
    (i32.add (local.get $at) (i32.const 1)))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (local $end i32)
    (call $log (i32.const 0) (i32.const 27))
    (local.set $end (call $write_decimal (local.get $length) (i32.const 1080)))
    (i32.store8 (local.get $end) (i32.const 125)) ;; "}"
    ;; The answer is the text from 1024 up to and with the brace.
    (i64.or
      (i64.shl (i64.const 1024) (i64.const 32))
      (i64.extend_i32_u (i32.sub (local.get $end) (i32.const 1023))))))
