//! Attacks, each of which must fail, and what an honest guest may count on.

mod calls;
mod components;
mod leaks;

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::*;
use crate::chassis::failure::FailureClass;

/// A module with one page of memory and a `execute_task` of `body`; `$p` and `$n` are where the task is.
fn guest(before: &str, body: &str) -> String {
    format!(
        r#"(module
          (import "env" "log" (func $log (param i32 i32)))
          {before}
          (func (export "alloc") (param i32) (result i32) (i32.const 1024))
          (func $execute (export "execute_task") (param $p i32) (param $n i32) (result i64) {body}))"#
    )
}

/// The same with a memory of one page, and an answer of `1`.
fn answering(body: &str) -> String {
    guest(r#"(memory (export "memory") 1) (data (i32.const 0) "1")"#, &format!("{body} (i64.const 1)"))
}

fn packed(pointer: u32, length: u32) -> String {
    format!("(i64.const 0x{pointer:08x}{length:08x})")
}

const ECHO: &str =
    "(i64.or (i64.shl (i64.extend_i32_u (local.get $p)) (i64.const 32)) (i64.extend_i32_u (local.get $n)))";
const MEMORY: &str = r#"(memory (export "memory") 1)"#;
const SPIN: &str = "(loop $forever (br $forever))";

/// Long enough for any honest guest on a busy machine.
fn generous() -> Limits {
    Limits {
        memory_bytes: 4 << 20,
        execution_time: Duration::from_mins(1),
        cpu_percent: 100,
        ..Limits::default()
    }
}

/// For guests that never end by themselves.
fn short() -> Limits {
    Limits { execution_time: Duration::from_millis(200), ..generous() }
}

fn task(json: &str) -> TaskInput {
    TaskInput::parse(json).unwrap()
}

async fn run_logging(text: &str, limits: &Limits, input: &str) -> (Execution, Vec<String>) {
    let sandbox = Sandbox::new().unwrap();
    let module = sandbox.compile(text.as_bytes()).unwrap();
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sink = Arc::clone(&lines);
    let log = move |line: &str| sink.lock().unwrap().push(line.to_owned());
    let execution = sandbox.execute(&module, limits, &task(input), log).await.unwrap();
    let lines = lines.lock().unwrap().clone();
    (execution, lines)
}

async fn run(text: &str, limits: &Limits) -> Execution {
    run_logging(text, limits, r#"{"a":1}"#).await.0
}

async fn failure(text: &str, limits: &Limits) -> GuestFailure {
    run(text, limits).await.outcome.unwrap_err()
}

fn refusal(text: &str) -> ModuleRefused {
    Sandbox::new().unwrap().compile(text.as_bytes()).unwrap_err()
}

#[tokio::test]
async fn an_honest_guest_is_given_its_task_and_answers() {
    let execution = run(&guest(MEMORY, ECHO), &generous()).await;
    assert_eq!(execution.outcome.unwrap(), r#"{"a":1}"#);
    assert_eq!(execution.memory_peak_bytes, 1 << 16);
}

#[tokio::test]
async fn a_probe_starts_a_guest_and_gives_it_no_task() {
    let sandbox = Sandbox::new().unwrap();
    let probe = async |before: &str, body: &str| {
        let module = sandbox.compile(guest(&format!("{MEMORY} {before}"), body).as_bytes()).unwrap();
        sandbox.probe(&module, &short()).await.unwrap()
    };
    assert_eq!(probe("", "unreachable").await, Ok(()));
    let start = |body: &str| format!("(func $begin {body}) (start $begin)");
    let spins = probe(&start(SPIN), "(i64.const 0)").await.unwrap_err();
    assert_eq!(spins, GuestFailure::TimedOut { after: short().execution_time });
    let traps = probe(&start("unreachable"), "(i64.const 0)").await.unwrap_err();
    assert_eq!(traps.class(), FailureClass::Trap);
    let large = guest(r#"(memory (export "memory") 65536)"#, "(i64.const 0)");
    let module = sandbox.compile(large.as_bytes()).unwrap();
    let grows = sandbox.probe(&module, &short()).await.unwrap().unwrap_err();
    assert_eq!(grows.class(), FailureClass::Memory);
}

#[test]
fn a_module_says_what_it_asks_for_and_gives_also_when_it_is_restored() {
    let sandbox = Sandbox::new().unwrap();
    let module = sandbox.compile(guest(MEMORY, ECHO).as_bytes()).unwrap();
    let inspection = module.describe();
    assert_eq!(inspection.imports, ["env.log"]);
    assert_eq!(inspection.exports, ["memory", "alloc", "execute_task"]);
    let restored = sandbox.restore(&module.machine_code().unwrap()).unwrap();
    assert_eq!(restored.describe(), inspection);
}

#[tokio::test]
async fn a_binary_module_runs_as_its_text_does() {
    let sandbox = Sandbox::new().unwrap();
    // (module (memory (export "memory") 1) alloc: i32.const 16, execute_task: i64.const 0x1000000007)
    let binary = [
        b"\0asm\x01\0\0\0".as_slice(),
        b"\x01\x0c\x02\x60\x01\x7f\x01\x7f\x60\x02\x7f\x7f\x01\x7e",
        b"\x03\x03\x02\x00\x01\x05\x03\x01\x00\x01",
        b"\x07\x21\x03\x06memory\x02\x00\x05alloc\x00\x00\x0cexecute_task\x00\x01",
        b"\x0a\x10\x02\x04\x00\x41\x10\x0b\x09\x00\x42\x87\x80\x80\x80\x80\x02\x0b",
    ]
    .concat();
    let module = sandbox.compile(&binary).unwrap();
    let execution = sandbox.execute(&module, &generous(), &task(r#"{"a":1}"#), |_: &str| ()).await.unwrap();
    assert_eq!(execution.outcome.unwrap(), r#"{"a":1}"#);
}

#[tokio::test]
async fn a_spinning_guest_is_stopped_by_the_wall_clock() {
    let execution = run(&answering(SPIN), &short()).await;
    assert_eq!(execution.outcome, Err(GuestFailure::TimedOut { after: short().execution_time }));
    assert_eq!(execution.latency, short().execution_time);
}

#[tokio::test]
async fn a_guest_that_spins_in_start_is_stopped_too() {
    let text = guest(&format!("{MEMORY} (func $begin {SPIN}) (start $begin)"), "(i64.const 0)");
    assert_eq!(failure(&text, &short()).await.class(), FailureClass::Timeout);
}

#[tokio::test]
async fn a_guest_that_spins_in_alloc_is_stopped_too() {
    let text = guest(MEMORY, "(i64.const 0)").replace("(i32.const 1024)", &format!("{SPIN} (i32.const 0)"));
    assert_eq!(failure(&text, &short()).await.class(), FailureClass::Timeout);
}

#[tokio::test]
async fn a_guest_that_spins_through_host_calls_is_stopped_too() {
    let text = answering("(loop $forever (call $log (i32.const 0) (i32.const 1)) (br $forever))");
    let limits = Limits { log_bytes: usize::MAX, ..short() };
    assert_eq!(failure(&text, &limits).await.class(), FailureClass::Timeout);
}

#[tokio::test]
async fn another_guest_runs_while_one_spins() {
    let sandbox = Sandbox::new().unwrap();
    let spin = sandbox.compile(answering(SPIN).as_bytes()).unwrap();
    let echo = sandbox.compile(guest(MEMORY, ECHO).as_bytes()).unwrap();
    let (input, limits) = (task("1"), generous());
    // On one thread: the neighbour runs only if the spinning guest yields.
    tokio::select! {
        biased;
        ended = sandbox.execute(&spin, &limits, &input, |_: &str| ()) => panic!("{ended:?}"),
        answer = async {
            tokio::task::yield_now().await;
            sandbox.execute(&echo, &limits, &input, |_: &str| ()).await
        } => assert_eq!(answer.unwrap().outcome.unwrap(), "1"),
    }
}

#[tokio::test]
async fn a_guest_keeps_to_its_share_of_a_core() {
    let limits = Limits { cpu_percent: 20, execution_time: Duration::from_millis(600), ..generous() };
    let execution = run(&answering(SPIN), &limits).await;
    assert!(execution.cpu >= Duration::from_millis(1), "{execution:?}");
    assert!(execution.cpu <= execution.latency / 2, "{execution:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn tasks_of_one_swarm_share_their_share_of_a_core() {
    let limits = Limits { cpu_percent: 10, execution_time: Duration::from_secs(1), ..generous() };
    let sandbox = Sandbox::new().unwrap();
    let spin = sandbox.compile(answering(SPIN).as_bytes()).unwrap();
    let watch = crate::clock::stopwatch();
    let share = Arc::new(SharedCpu::new(limits.cpu_percent, crate::clock::uptime()));
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let (sandbox, spin, limits) = (sandbox.clone(), spin.clone(), limits.clone());
            let (log, share) = (Box::new(|_: &str| ()), Arc::clone(&share));
            let observer = Observer { log, gauge: Arc::default(), cpu_share: Some(share) };
            tokio::spawn(async move { sandbox.execute(&spin, &limits, &task("1"), observer).await.unwrap() })
        })
        .collect();
    let mut cpu = Duration::ZERO;
    for task in tasks {
        cpu += task.await.unwrap().cpu;
    }
    // Each may be ahead by a tick, which a busy machine draws out; alone each of the four would have as much.
    let allowed = watch.elapsed() / 10;
    assert!(cpu <= allowed + Duration::from_millis(100), "{cpu:?} of {allowed:?}");
    assert!(cpu >= Duration::from_millis(1), "{cpu:?}");
}

#[tokio::test]
async fn growing_memory_ends_at_the_limit() {
    let grow =
        "(loop $more (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)) (br $more))";
    let execution = run(&answering(grow), &generous()).await;
    assert_eq!(execution.outcome, Err(GuestFailure::OutOfMemory { limit: 4 << 20 }));
    assert_eq!(execution.memory_peak_bytes, 4 << 20);
}

#[tokio::test]
async fn a_guest_that_bears_a_refusal_may_go_on() {
    let execution = run(&answering("(drop (memory.grow (i32.const 1000)))"), &generous()).await;
    assert_eq!(execution.outcome.unwrap(), "1");
}

#[tokio::test]
async fn a_failed_growth_cannot_be_turned_into_memory() {
    let body = "(loop $more
        (drop (memory.grow (i32.const 65536)))
        (if (i32.eq (memory.grow (i32.const 1)) (i32.const -1)) (then unreachable)) (br $more))";
    let execution = run(&answering(body), &generous()).await;
    assert_eq!(execution.outcome.unwrap_err().class(), FailureClass::Memory);
    assert!(execution.memory_peak_bytes <= 4 << 20);
}

#[tokio::test]
async fn memory_that_is_declared_too_large_never_exists() {
    let text = guest(r#"(memory (export "memory") 65536)"#, "(i64.const 0)");
    let execution = run(&text, &generous()).await;
    assert_eq!(execution.outcome.unwrap_err().class(), FailureClass::Memory);
    assert_eq!(execution.memory_peak_bytes, 0);
}

#[tokio::test]
async fn growing_a_table_ends_at_the_same_limit() {
    let text = guest(
        &format!("{MEMORY} (table $t 1 funcref)"),
        "(loop $more
            (if (i32.eq (table.grow $t (ref.null func) (i32.const 1000)) (i32.const -1)) (then unreachable))
            (br $more)) (i64.const 0)",
    );
    let execution = run(&text, &generous()).await;
    assert_eq!(execution.outcome.unwrap_err().class(), FailureClass::Memory);
    assert!(execution.memory_peak_bytes <= 4 << 20);
}

#[test]
fn a_second_memory_is_refused() {
    let text = guest(&format!("{MEMORY} (memory 1)"), "(i64.const 0)");
    assert!(matches!(refusal(&text), ModuleRefused::Invalid(_)));
}

#[test]
fn more_tables_than_a_task_may_have_are_refused() {
    let tables = "(table 1 funcref)".repeat(17);
    let message = refusal(&guest(&format!("{MEMORY} {tables}"), "(i64.const 0)")).to_string();
    assert_eq!(message, "the module has 17 tables, 16 are allowed");
}

#[tokio::test]
async fn as_many_tables_as_a_task_may_have_do_run() {
    let tables = "(table 1 funcref)".repeat(16);
    assert!(run(&guest(&format!("{MEMORY} {tables}"), ECHO), &generous()).await.outcome.is_ok());
}

#[test]
fn memory_of_64_bits_and_shared_memory_are_refused() {
    for memory in [r#"(memory (export "memory") i64 1)"#, r#"(memory (export "memory") 1 1 shared)"#] {
        assert!(matches!(refusal(&guest(memory, "(i64.const 0)")), ModuleRefused::Invalid(_)), "{memory}");
    }
}

#[tokio::test]
async fn filling_256_mb_is_refused_where_it_is_not_had() {
    let fill = "(memory.fill (i32.const 0) (i32.const 1) (i32.const 0x10000000))";
    let GuestFailure::Trap { what } = failure(&answering(fill), &generous()).await else { panic!() };
    assert!(what.contains("out of bounds"), "{what}");
}

#[tokio::test]
async fn filling_256_mb_for_ever_is_stopped_by_the_wall_clock() {
    let body = "(drop (memory.grow (i32.const 4095)))
        (loop $again (memory.fill (i32.const 0) (i32.const 1) (i32.const 0x10000000)) (br $again))";
    let limits = Limits { memory_bytes: 256 << 20, ..short() };
    let execution = run(&answering(body), &limits).await;
    assert_eq!(execution.outcome.unwrap_err().class(), FailureClass::Timeout);
    assert_eq!(execution.memory_peak_bytes, 256 << 20);
}

#[tokio::test]
async fn deep_recursion_ends_the_guests_stack_not_the_hosts() {
    let text = answering("(drop (call $execute (local.get $p) (local.get $n)))");
    assert_eq!(failure(&text, &generous()).await, GuestFailure::StackOverflow);
}

#[tokio::test]
async fn a_log_outside_memory_stops_the_guest() {
    for (pointer, length) in [(65535, 2), (65536, 1), (-1, 1), (-1, -1), (1, -1), (0x7fff_ffff, 0x7fff_ffff)]
    {
        let text = answering(&format!("(call $log (i32.const {pointer}) (i32.const {length}))"));
        let (execution, lines) = run_logging(&text, &generous(), "1").await;
        let Err(GuestFailure::Trap { what }) = execution.outcome else { panic!("{pointer} {length}") };
        assert!(what.starts_with("env.log of"), "{what}");
        assert!(lines.is_empty());
    }
}

#[tokio::test]
async fn a_log_up_to_the_last_byte_is_passed_on() {
    let text = answering(
        "(i32.store8 (i32.const 65535) (i32.const 120)) (call $log (i32.const 65535) (i32.const 1))",
    );
    let (execution, lines) = run_logging(&text, &generous(), "1").await;
    assert!(execution.outcome.is_ok());
    assert_eq!((lines, execution.log_lines), (vec!["x".to_owned()], 1));
}

#[tokio::test]
async fn a_log_without_a_memory_stops_the_guest() {
    let text = answering("").replacen("(memory (export \"memory\") 1)", "(memory $m 1)", 1);
    assert!(matches!(refusal(&text), ModuleRefused::Missing { name: "memory", .. }));
}

#[tokio::test]
async fn a_flood_of_log_is_stopped_at_its_limit() {
    let body = "(loop $forever (call $log (i32.const 2048) (i32.const 1000)) (br $forever))";
    let limits = Limits { log_bytes: 10_000, ..generous() };
    let (execution, lines) = run_logging(&answering(body), &limits, "1").await;
    assert_eq!(execution.outcome, Err(GuestFailure::LogFull { limit: 10_000 }));
    let passed_on = lines.iter().map(String::len).sum::<usize>();
    assert!((5_000..=10_000).contains(&passed_on), "{passed_on}");
    assert_eq!(execution.log_lines, lines.len() as u64);
}

#[test]
fn an_undeclared_import_is_refused_by_name() {
    for (module, name) in [("env", "http-request"), ("wasi_snapshot_preview1", "fd_write"), ("env", "memory")]
    {
        let text = guest(&format!(r#"(import "{module}" "{name}" (func)) {MEMORY}"#), "(i64.const 0)");
        let message = refusal(&text).to_string();
        assert_eq!(
            message,
            format!("the module imports {module}.{name}; only env.log and env.http_request are offered")
        );
    }
    let text = guest(r#"(import "env" "shared" (memory 1)) (export "memory" (memory 0))"#, "(i64.const 0)");
    assert!(matches!(refusal(&text), ModuleRefused::Imports { .. }));
}

#[test]
fn names_in_a_module_cannot_flood_or_steer_a_terminal() {
    let import = |n| format!(r#"(import "\1b[2J" "{n}{}" (func))"#, "x".repeat(9999));
    let imports = (0..100).map(import).collect::<Vec<_>>().concat();
    let duplicate = r#"(export "\1b[2J" (memory 0))"#.repeat(2);
    for text in [
        guest(&format!("{imports} {MEMORY}"), "(i64.const 0)"),
        guest(&format!("{MEMORY} {duplicate}"), "(i64.const 0)"),
    ] {
        let refused = refusal(&text);
        let message = format!("{refused} {:?}", std::error::Error::source(&refused).map(ToString::to_string));
        assert!(!message.contains('\u{1b}') && message.len() < 4000, "{message}");
    }
}

#[test]
fn the_log_under_another_type_is_refused() {
    let text = answering("").replace("(param i32 i32)", "(param i64)");
    assert_eq!(
        refusal(&text).to_string(),
        "the module imports env.log as (i64) -> (); it is (i32, i32) -> ()"
    );
}

#[test]
fn an_export_that_is_missing_or_of_another_type_is_named() {
    let whole = guest(MEMORY, "(i64.const 0)");
    let cases = [
        (r#"(export "memory")"#, "", "the module does not export memory, a memory"),
        (r#"(export "alloc")"#, "", "the module does not export alloc, (i32) -> (i32)"),
        (r#"(export "execute_task")"#, "", "the module does not export execute_task, (i32, i32) -> (i64)"),
        (
            r#"(export "alloc") (param i32)"#,
            r#"(export "alloc") (param i64)"#,
            "the module exports alloc as (i64) -> (i32); it must be (i32) -> (i32)",
        ),
        (
            MEMORY,
            r#"(memory 1) (global (export "memory") i32 (i32.const 0))"#,
            "the module exports memory as a global; it must be a memory",
        ),
    ];
    for (from, to, message) in cases {
        assert_eq!(refusal(&whole.replace(from, to)).to_string(), message);
    }
}

#[test]
fn a_forged_compiled_module_is_refused() {
    let sandbox = Sandbox::new().unwrap();
    let core = sandbox.engine.precompile_module(guest(MEMORY, ECHO).as_bytes()).unwrap();
    let component = sandbox.engine.precompile_component(b"(component)").unwrap();
    for forged in [core, component] {
        assert!(matches!(sandbox.compile(&forged).unwrap_err(), ModuleRefused::MachineCode));
    }
}

#[test]
fn only_machine_code_of_this_sandbox_is_restored() {
    let sandbox = Sandbox::new().unwrap();
    for text in [guest(MEMORY, ECHO).as_str(), include_str!("../../../examples/guests/component.wat")] {
        let module = sandbox.compile(text.as_bytes()).unwrap();
        let code = module.machine_code().unwrap();
        let restored = Sandbox::new().unwrap().restore(&code).unwrap();
        assert_eq!(restored.describe(), module.describe());
        assert!(matches!(sandbox.restore(text.as_bytes()).unwrap_err(), ModuleRefused::NoMachineCode));
        assert!(sandbox.restore(&code[..code.len() / 2]).is_err());
        let foreign = wasmtime::Engine::default();
        let foreign = match module.kind() {
            GuestKind::Core => foreign.precompile_module(text.as_bytes()),
            GuestKind::Component => foreign.precompile_component(text.as_bytes()),
        };
        assert!(matches!(sandbox.restore(&foreign.unwrap()).unwrap_err(), ModuleRefused::Invalid(_)));
    }
}

#[test]
fn a_module_is_described_by_what_it_asks_for_and_gives() {
    let sandbox = Sandbox::new().unwrap();
    let described = sandbox.compile(guest(MEMORY, ECHO).as_bytes()).unwrap().describe();
    assert_eq!(described.kind, GuestKind::Core);
    assert_eq!(described.imports, ["env.log"]);
    assert_eq!(described.exports, ["memory", "alloc", "execute_task"]);
}

#[test]
fn what_is_no_module_is_refused() {
    let sandbox = Sandbox::new().unwrap();
    for bytes in [
        b"".as_slice(),
        b"#!/bin/sh\n",
        b"\0asm",
        b"\0asm\x01\0\0\0\x01",
        b"(module",
        b"\xff\xfe",
        b"(;",
        b";;",
    ] {
        let refused = sandbox.compile(bytes).unwrap_err();
        assert!(matches!(refused, ModuleRefused::Invalid(_) | ModuleRefused::Missing { .. }), "{bytes:?}");
    }
    let large = vec![b' '; MAX_MODULE_BYTES + 1];
    assert!(matches!(sandbox.compile(&large).unwrap_err(), ModuleRefused::TooLarge));
}

#[tokio::test]
async fn an_answer_outside_memory_is_not_read() {
    let outside =
        [(65536, 1), (65535, 2), (0, 65537), (u32::MAX, 1), (u32::MAX, u32::MAX), (0xffff_fff0, 64)];
    for (pointer, length) in outside {
        let GuestFailure::BadResult { why } =
            failure(&guest(MEMORY, &packed(pointer, length)), &generous()).await
        else {
            panic!("{pointer} {length}")
        };
        assert!(why.contains("outside its memory") || why.contains("are allowed"), "{why}");
    }
}

#[tokio::test]
async fn an_answer_beyond_its_limit_is_not_read() {
    let limits = Limits { result_bytes: 6, ..generous() };
    let GuestFailure::BadResult { why } = failure(&guest(MEMORY, ECHO), &limits).await else { panic!() };
    assert_eq!(why, "7 bytes, 6 are allowed");
}

#[tokio::test]
async fn an_answer_that_is_not_json_is_refused() {
    for data in ["this is not JSON", "", "[", "1 2", r"\ff", r"\22\ff\22", &"[".repeat(1000)] {
        let length = data.replace(r"\22", "x").replace(r"\ff", "x").len();
        let data = format!(r#"(data (i32.const 0) "{data}")"#);
        let text = guest(&format!("{MEMORY} {data}"), &packed(0, u32::try_from(length).unwrap()));
        assert_eq!(failure(&text, &generous()).await.class(), FailureClass::Result, "{data}");
    }
}

#[tokio::test]
async fn room_outside_memory_is_not_written() {
    for pointer in ["65536", "65535", "-1", "0x7fffffff", "0x80000000"] {
        let text =
            guest(MEMORY, "(i64.const 0)").replace("(i32.const 1024)", &format!("(i32.const {pointer})"));
        let GuestFailure::BadResult { why } = failure(&text, &generous()).await else { panic!("{pointer}") };
        assert!(why.starts_with("alloc(7) gave"), "{why}");
    }
}

#[tokio::test]
async fn a_trap_says_what_and_where() {
    let cases = [
        ("unreachable", "wasm `unreachable` instruction executed in `execute`"),
        ("(drop (i32.div_u (i32.const 1) (i32.const 0)))", "integer divide by zero in `execute`"),
        ("(drop (i32.load (i32.const -4)))", "out of bounds memory access in `execute`"),
    ];
    for (body, what) in cases {
        let found = failure(&answering(body), &generous()).await;
        assert_eq!(found, GuestFailure::Trap { what: what.to_owned() });
    }
}

#[tokio::test]
async fn a_trap_names_who_called_whom_in_names_that_people_know() {
    let before = format!(
        "{MEMORY}
         (func $_ZN3app4give2up17h0123456789abcdefE unreachable)
         (func $\"ask\\1b[2J\" (call $_ZN3app4give2up17h0123456789abcdefE))"
    );
    let text = guest(&before, "(call $\"ask\\1b[2J\") (i64.const 0)");
    let GuestFailure::Trap { what } = failure(&text, &generous()).await else { panic!() };
    let expected = "wasm `unreachable` instruction executed in `app::give::up`
  called by `ask\\u{1b}[2J`
  called by `execute`";
    assert_eq!(what, expected);
}

#[tokio::test]
async fn a_trap_in_start_says_where_too() {
    let text = guest(&format!("{MEMORY} (func $begin unreachable) (start $begin)"), "(i64.const 0)");
    let what = "wasm `unreachable` instruction executed in `begin`".to_owned();
    assert_eq!(failure(&text, &generous()).await, GuestFailure::Trap { what });
}

#[tokio::test]
async fn what_a_guest_leaves_behind_never_reaches_the_next_task() {
    let sandbox = Sandbox::new().unwrap();
    // Answers a digit from memory, then a digit from a global; raises both.
    let text = guest(
        r#"(memory (export "memory") 1) (data (i32.const 0) "00") (global $g (mut i32) (i32.const 49))"#,
        "(i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1)))
         (i32.store8 (i32.const 1) (global.get $g))
         (global.set $g (i32.add (global.get $g) (i32.const 1)))
         (i64.const 2)",
    );
    let module = sandbox.compile(text.as_bytes()).unwrap();
    for _ in 0..3 {
        let execution = sandbox.execute(&module, &generous(), &task("1"), |_: &str| ()).await.unwrap();
        assert_eq!(execution.outcome.unwrap(), "11");
    }
}

#[tokio::test]
async fn a_guest_that_failed_leaves_its_module_fit_for_the_next_task() {
    let sandbox = Sandbox::new().unwrap();
    // Traps on a long task and echoes a short one.
    let text =
        guest(MEMORY, &format!("(if (i32.gt_u (local.get $n) (i32.const 3)) (then unreachable)) {ECHO}"));
    let module = sandbox.compile(text.as_bytes()).unwrap();
    for input in ["12345", "1", "12345", "2"] {
        let execution = sandbox.execute(&module, &generous(), &task(input), |_: &str| ()).await.unwrap();
        assert_eq!(execution.outcome.is_ok(), input.len() < 3, "{input}");
    }
}
