;; Hostile: takes memory without end and writes to every page, so that the host has to back it.
;; Expected: stopped at max_memory_mb of its contract. It gives up when memory is refused, as an allocator would.
(module
  (memory (export "memory") 16)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (local $page i32)
    (loop $more
      (local.set $page (memory.grow (i32.const 1)))
      (if (i32.eq (local.get $page) (i32.const -1)) (then unreachable))
      (i32.store (i32.shl (local.get $page) (i32.const 16)) (i32.const -1))
      (br $more))
    unreachable))
