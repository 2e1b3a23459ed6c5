;; Hostile: takes a table without end, twice as much each time.
;; Expected: stopped at max_memory_mb of its contract, for tables count as memory.
(module
  (memory (export "memory") 1)
  (table $table 1 funcref)

  ;; Room for a small task; see echo.wat for one that grows.
  (func (export "alloc") (param $length i32) (result i32) (i32.const 1024))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (loop $more
      (if (i32.eq (table.grow $table (ref.null func) (table.size $table)) (i32.const -1)) (then unreachable))
      (br $more))
    (i64.const 0)))
