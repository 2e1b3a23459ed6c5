"""Runs tasks in fresh instances of wasmtime-py: for every line on standard input, as many as it says, and answers with
the median in nanoseconds.

    wasmtime-py.py core|component|wasi FILE    wasi: a component that is given an empty WASI
"""

import json
import statistics
import sys
import time

from wasmtime import Engine, FuncType, Linker, Module, Store, ValType, WasiConfig, component

TASK = '{"question":"which transport?"}'
EXPECTED = {"answer": "use SIP over TLS on port 5061", "input_bytes": len(TASK)}


def core(engine, path):
    module = Module.from_file(engine, path)
    linker = Linker(engine)
    ignored = FuncType([ValType.i32(), ValType.i32()], [])
    linker.define_func("env", "log", ignored, lambda pointer, length: None)
    given = TASK.encode()

    def run():
        store = Store(engine)
        exports = linker.instantiate(store, module).exports(store)
        memory = exports["memory"]
        pointer = exports["alloc"](store, len(given))
        memory.write(store, given, pointer)
        packed = exports["execute_task"](store, pointer, len(given)) & (2**64 - 1)
        start, length = packed >> 32, packed & 0xFFFFFFFF
        return memory.read(store, start, start + length).decode()

    return run


def whole(engine, path, wasi):
    module = component.Component.from_file(engine, path)
    linker = component.Linker(engine)
    if wasi:
        linker.add_wasip2()
    with linker.root() as root:
        root.add_func("log", lambda store, line: None)
        if wasi:
            root.add_func("http-request", lambda store, request: None)

    def run():
        store = Store(engine)
        if wasi:
            store.set_wasi(WasiConfig())
        execute = linker.instantiate(store, module).get_func(store, "execute-task")
        return execute(store, TASK).payload

    return run


kind, path = sys.argv[1:]
run = core(Engine(), path) if kind == "core" else whole(Engine(), path, kind == "wasi")
for line in sys.stdin:
    taken = []
    for _ in range(int(line)):
        begun = time.perf_counter_ns()
        answer = run()
        taken.append(time.perf_counter_ns() - begun)
        assert json.loads(answer) == EXPECTED, answer
    print(int(statistics.median(taken)), flush=True)
