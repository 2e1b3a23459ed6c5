;; sip_help.wat in the interface of Extism: its memory is the host's, and texts are written there eight bytes at a time.
(module
  (import "extism:host/env" "input_length" (func $input_length (result i64)))
  (import "extism:host/env" "alloc" (func $alloc (param i64) (result i64)))
  (import "extism:host/env" "store_u64" (func $store_u64 (param i64 i64)))
  (import "extism:host/env" "store_u8" (func $store_u8 (param i64 i32)))
  (import "extism:host/env" "output_set" (func $output_set (param i64 i64)))
  (import "extism:host/env" "log_info" (func $log_info (param i64)))
  (memory 1)
  (data (i32.const 0) "sip: a question has come in")
  (data (i32.const 1024) "{\"answer\":\"use SIP over TLS on port 5061\",\"input_bytes\":")

  ;; Writes a number in decimal at $at and gives the first byte after it.
  (func $write_decimal (param $number i32) (param $at i32) (result i32)
    (if (i32.ge_u (local.get $number) (i32.const 10))
      (then
        (local.set $at
          (call $write_decimal (i32.div_u (local.get $number) (i32.const 10)) (local.get $at)))))
    (i32.store8
      (local.get $at)
      (i32.add (i32.const 48) (i32.rem_u (local.get $number) (i32.const 10))))
    (i32.add (local.get $at) (i32.const 1)))

  ;; Copies a text into memory of the host and gives its place there.
  (func $give (param $from i32) (param $length i32) (result i64)
    (local $place i64) (local $done i32)
    (local.set $place (call $alloc (i64.extend_i32_u (local.get $length))))
    (block $words_done
      (loop $words
        (br_if $words_done
          (i32.gt_u (i32.add (local.get $done) (i32.const 8)) (local.get $length)))
        (call $store_u64
          (i64.add (local.get $place) (i64.extend_i32_u (local.get $done)))
          (i64.load (i32.add (local.get $from) (local.get $done))))
        (local.set $done (i32.add (local.get $done) (i32.const 8)))
        (br $words)))
    (block $bytes_done
      (loop $bytes
        (br_if $bytes_done (i32.ge_u (local.get $done) (local.get $length)))
        (call $store_u8
          (i64.add (local.get $place) (i64.extend_i32_u (local.get $done)))
          (i32.load8_u (i32.add (local.get $from) (local.get $done))))
        (local.set $done (i32.add (local.get $done) (i32.const 1)))
        (br $bytes)))
    (local.get $place))

  (func (export "execute_task") (result i32)
    (local $end i32) (local $length i32)
    (call $log_info (call $give (i32.const 0) (i32.const 27)))
    (local.set $end (call $write_decimal (i32.wrap_i64 (call $input_length)) (i32.const 1080)))
    (i32.store8 (local.get $end) (i32.const 125))
    (local.set $length (i32.sub (local.get $end) (i32.const 1023)))
    (call $output_set
      (call $give (i32.const 1024) (local.get $length))
      (i64.extend_i32_u (local.get $length)))
    (i32.const 0)))
