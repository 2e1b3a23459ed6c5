;; Hostile: takes 256 MiB and fills it again and again, each time in one instruction that nothing interrupts.
;; Expected: stopped when its time is up; under a contract that allows less memory, stopped at once.
(module
  (memory (export "memory") 1)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (if (i32.eq (memory.grow (i32.const 4095)) (i32.const -1)) (then unreachable))
    (loop $again
      (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x10000000))
      (br $again))
    (i64.const 0)))
