;; Broken: the room it gives lies outside its memory.
;; Expected: an error of the guest; the host writes nothing beyond the guest's memory.
(module
  (memory (export "memory") 1)

  (func (export "alloc") (param $length i32) (result i32) (i32.const -1))

  (func (export "execute_task") (param $pointer i32) (param $length i32) (result i64)
    (i64.const 0)))
