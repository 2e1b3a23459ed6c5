//! Components: what is offered to them, and that they are confined as core modules are.

use super::*;

const ECHO: &str = include_str!("../../../../examples/guests/component.wat");
const CALLS: &str = include_str!("../../../../examples/guests/component_calls.wat");
const EXITS: &str = include_str!("../../../../examples/guests/component_exits.wat");
const FAILS: &str = include_str!("../../../../examples/guests/component_fails.wat");
const HUGE_ARGUMENT: &str = include_str!("../../../../examples/guests/component_huge_argument.wat");
const KEEPS_HANDLES: &str = include_str!("../../../../examples/guests/component_keeps_handles.wat");
const PRINTS: &str = include_str!("../../../../examples/guests/component_prints.wat");
const SLEEPS: &str = include_str!("../../../../examples/guests/component_sleeps.wat");
const SPINS: &str = include_str!("../../../../examples/guests/component_spin.wat");
const TRAPS: &str = include_str!("../../../../examples/guests/component_traps.wat");
const TWO_MEMORIES: &str = include_str!("../../../../examples/guests/component_two_memories.wat");
const UNDECLARED: &str = include_str!("../../../../examples/guests/component_undeclared_import.wat");

/// A component whose code has `before`, and whose task is `body`; what it needs of the outside is `outside`.
fn component(outside: &str, with: &str, before: &str, body: &str) -> String {
    format!(
        r#"(component
          {outside}
          (core module $code
            {before}
            (memory (export "memory") 1)
            (data (i32.const 64) "1")
            (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
            (func $execute (export "execute-task") (param $p i32) (param $n i32) (result i32)
              (i32.store (i32.const 20) (i32.const 64))
              (i32.store (i32.const 24) (i32.const 1))
              {body} (i32.const 16)))
          (core instance $code (instantiate $code {with}))
          (func (export "execute-task") (param "task" string) (result (result string (error string)))
            (canon lift (core func $code "execute-task") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))"#
    )
}

/// A component that needs nothing of the outside.
fn plain(body: &str) -> String {
    component("", "", "", body)
}

/// Two components inside, of which one hands a text from its memory into the other's: what lies between would need both.
const BETWEEN_MEMORIES: &str = r#"(component
  (component $callee
    (core module $code
      (memory (export "memory") 1)
      (func (export "take") (param i32 i32))
      (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 0)))
    (core instance $code (instantiate $code))
    (func (export "take") (param "text" string)
      (canon lift (core func $code "take") (memory (core memory $code "memory")) (realloc (core func $code "realloc")))))
  (component $caller
    (import "take" (func $take (param "text" string)))
    (core module $memory (memory (export "memory") 1))
    (core instance $memory (instantiate $memory))
    (core func $take (canon lower (func $take) (memory (core memory $memory "memory"))))
    (core module $code (import "host" "take" (func (param i32 i32))))
    (core instance (instantiate $code (with "host" (instance (export "take" (func $take)))))))
  (instance $callee (instantiate $callee))
  (instance (instantiate $caller (with "take" (func $callee "take")))))"#;

#[test]
fn a_component_on_which_the_compiler_itself_fails_is_refused() {
    let refused = Sandbox::new().unwrap().compile(BETWEEN_MEMORIES.as_bytes()).unwrap_err();
    assert!(matches!(refused, ModuleRefused::Uncompilable), "{refused:?}");
}

#[tokio::test]
async fn an_honest_component_is_given_its_task_and_answers() {
    let execution = run(ECHO, &generous()).await;
    assert_eq!(execution.outcome.unwrap(), r#"{"a":1}"#);
    assert_eq!(execution.memory_peak_bytes, 1 << 16);
    let (execution, _) = run_logging(ECHO, &generous(), &format!("\"{}\"", "x".repeat(1_000_000))).await;
    assert_eq!(execution.outcome.unwrap().len(), 1_000_002);
}

#[test]
fn a_component_is_described_by_what_it_asks_for_and_gives() {
    let described = Sandbox::new().unwrap().compile(PRINTS.as_bytes()).unwrap().describe();
    assert_eq!(described.kind, GuestKind::Component);
    assert_eq!(described.imports, ["wasi:io/error@0.2.0", "wasi:io/streams@0.2.0", "wasi:cli/stdout@0.2.0"]);
    assert_eq!(described.exports, ["execute-task"]);
}

#[tokio::test]
async fn what_a_component_leaves_behind_never_reaches_the_next_task() {
    let sandbox = Sandbox::new().unwrap();
    // Answers the digit in its memory, after raising it.
    let raise = "(i32.store8 (i32.const 64) (i32.add (i32.load8_u (i32.const 64)) (i32.const 1)))";
    let module = sandbox.compile(plain(raise).as_bytes()).unwrap();
    for _ in 0..3 {
        let execution = sandbox.execute(&module, &generous(), &task("0"), |_: &str| ()).await.unwrap();
        assert_eq!(execution.outcome.unwrap(), "2");
    }
}

#[tokio::test]
async fn what_a_component_prints_is_its_log() {
    let (execution, lines) = run_logging(PRINTS, &generous(), "1").await;
    assert_eq!(execution.outcome.unwrap(), r#"{"printed":true}"#);
    assert_eq!(lines, ["half a line, and the rest", "no end"]);
    assert_eq!(execution.log_lines, 2);
}

#[tokio::test]
async fn printing_beyond_the_limit_of_the_log_stops_the_component() {
    for log_bytes in [20, 100] {
        let limits = Limits { log_bytes, ..generous() };
        assert_eq!(failure(PRINTS, &limits).await, GuestFailure::LogFull { limit: log_bytes });
    }
}

/// Traps when it finds a variable, an argument, a directory or a socket.
const SEARCHES: &str = r#"(component
  (import "wasi:cli/environment@0.2.0" (instance $environment
    (export "get-environment" (func (result (list (tuple string string)))))
    (export "get-arguments" (func (result (list string))))))
  (import "wasi:filesystem/types@0.2.0" (instance $files (export "descriptor" (type (sub resource)))))
  (alias export $files "descriptor" (type $descriptor))
  (import "wasi:filesystem/preopens@0.2.0" (instance $preopens
    (alias outer 1 $descriptor (type $outer))
    (export "descriptor" (type $descriptor (eq $outer)))
    (export "get-directories" (func (result (list (tuple (own $descriptor) string)))))))
  (import "wasi:sockets/network@0.2.0" (instance $network
    (type $error (enum "unknown" "access-denied" "not-supported" "invalid-argument" "out-of-memory" "timeout"
      "concurrency-conflict" "not-in-progress" "would-block" "invalid-state" "new-socket-limit"
      "address-not-bindable" "address-in-use" "remote-unreachable" "connection-refused" "connection-reset"
      "connection-aborted" "datagram-too-large" "name-unresolvable" "temporary-resolver-failure"
      "permanent-resolver-failure"))
    (export "error-code" (type (eq $error)))
    (type $family (enum "ipv4" "ipv6"))
    (export "ip-address-family" (type (eq $family)))))
  (alias export $network "error-code" (type $error))
  (alias export $network "ip-address-family" (type $family))
  (import "wasi:sockets/tcp@0.2.0" (instance $tcp (export "tcp-socket" (type (sub resource)))))
  (alias export $tcp "tcp-socket" (type $socket))
  (import "wasi:sockets/tcp-create-socket@0.2.0" (instance $create
    (alias outer 1 $error (type $outer_error))
    (export "error-code" (type $error (eq $outer_error)))
    (alias outer 1 $family (type $outer_family))
    (export "ip-address-family" (type $family (eq $outer_family)))
    (alias outer 1 $socket (type $outer_socket))
    (export "tcp-socket" (type $socket (eq $outer_socket)))
    (export "create-tcp-socket"
      (func (param "address-family" $family) (result (result (own $socket) (error $error)))))))

  (core module $memory
    (memory (export "memory") 1)
    (data (i32.const 64) "\"nothing\"")
    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
  (core instance $memory (instantiate $memory))
  (core func $variables (canon lower (func $environment "get-environment")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $arguments (canon lower (func $environment "get-arguments")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $directories (canon lower (func $preopens "get-directories")
    (memory (core memory $memory "memory")) (realloc (core func $memory "realloc"))))
  (core func $socket (canon lower (func $create "create-tcp-socket") (memory (core memory $memory "memory"))))

  (core module $code
    (import "host" "variables" (func $variables (param i32)))
    (import "host" "arguments" (func $arguments (param i32)))
    (import "host" "directories" (func $directories (param i32)))
    (import "host" "socket" (func $socket (param i32 i32)))
    (import "own" "memory" (memory 1))
    (func $find_none (if (i32.load (i32.const 260)) (then unreachable)))
    (func (export "execute-task") (param $p i32) (param $n i32) (result i32)
      (call $variables (i32.const 256)) (call $find_none)
      (call $arguments (i32.const 256)) (call $find_none)
      (call $directories (i32.const 256)) (call $find_none)
      (call $socket (i32.const 0) (i32.const 256))
      (if (i32.ne (i32.load8_u (i32.const 256)) (i32.const 1)) (then unreachable)) ;; an error:
      (if (i32.ne (i32.load8_u (i32.const 260)) (i32.const 1)) (then unreachable)) ;; access denied
      (i32.store (i32.const 20) (i32.const 64))
      (i32.store (i32.const 24) (i32.const 9))
      (i32.const 16)))
  (core instance $code
    (instantiate $code
      (with "host" (instance
        (export "variables" (func $variables)) (export "arguments" (func $arguments))
        (export "directories" (func $directories)) (export "socket" (func $socket))))
      (with "own" (instance $memory))))
  (func (export "execute-task") (param "task" string) (result (result string (error string)))
    (canon lift (core func $code "execute-task") (memory (core memory $memory "memory"))
      (realloc (core func $memory "realloc")))))"#;

#[tokio::test]
async fn nothing_is_behind_wasi() {
    assert_eq!(run(SEARCHES, &generous()).await.outcome.unwrap(), r#""nothing""#);
}

#[tokio::test]
async fn a_call_of_a_component_is_refused_and_counted() {
    let execution = run(CALLS, &generous()).await;
    let message = "refused: the contract allows no egress".to_owned();
    assert_eq!(execution.outcome, Err(GuestFailure::Failed { message }));
    assert_eq!(execution.calls, 1);
    let limits = Limits { request_bytes: 29, ..generous() };
    let what = "a request of 30 bytes, 29 are allowed".to_owned();
    assert_eq!(failure(CALLS, &limits).await, GuestFailure::Hostcall { what });
}

#[tokio::test]
async fn a_component_that_says_why_it_fails_is_quoted() {
    let message = "the model does not answer\nask again tomorrow".to_owned();
    assert_eq!(failure(FAILS, &generous()).await, GuestFailure::Failed { message });
}

#[tokio::test]
async fn a_trap_of_a_component_names_who_called_whom() {
    let GuestFailure::Trap { what } = failure(TRAPS, &generous()).await else { panic!() };
    let expected = "wasm `unreachable` instruction executed in `give_up`
  called by `ask_the_model`
  called by `execute`";
    assert_eq!(what, expected);
}

#[tokio::test]
async fn a_component_that_exits_has_failed_whatever_its_status() {
    let GuestFailure::Trap { what } = failure(EXITS, &generous()).await else { panic!() };
    assert!(what.starts_with("it exited with status 0"), "{what}");
}

#[tokio::test]
async fn a_component_that_spins_in_start_or_in_its_task_is_stopped() {
    let in_start = component("", "", &format!("(func $spin {SPIN}) (start $spin)"), "");
    for text in [SPINS, &in_start] {
        let failed = failure(text, &short()).await;
        assert_eq!(failed, GuestFailure::TimedOut { after: short().execution_time });
    }
}

#[tokio::test]
async fn a_component_that_sleeps_in_the_host_is_stopped_too() {
    let execution = run(SLEEPS, &short()).await;
    assert_eq!(execution.outcome, Err(GuestFailure::TimedOut { after: short().execution_time }));
    assert!(execution.cpu < short().execution_time, "{execution:?}");
}

#[tokio::test]
async fn memories_of_a_component_share_one_limit() {
    let limits = Limits { memory_bytes: 16 << 20, ..generous() };
    let execution = run(TWO_MEMORIES, &limits).await;
    assert_eq!(execution.outcome, Err(GuestFailure::OutOfMemory { limit: 16 << 20 }));
    assert!(execution.memory_peak_bytes > 10 << 20 && execution.memory_peak_bytes <= 16 << 20);
    let limits = Limits { memory_bytes: 24 << 20, ..generous() };
    assert_eq!(run(TWO_MEMORIES, &limits).await.outcome.unwrap(), r#"{"hoarded":true}"#);
}

#[tokio::test]
async fn a_component_that_says_that_memory_is_out_is_told_its_limit() {
    let text = plain(
        "(if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1))
           (then (i32.store (i32.const 16) (i32.const 1))))",
    );
    assert_eq!(failure(&text, &generous()).await, GuestFailure::OutOfMemory { limit: 4 << 20 });
}

#[tokio::test]
async fn deep_recursion_of_a_component_ends_its_stack_not_the_hosts() {
    let text = plain("(drop (call $execute (local.get $p) (local.get $n)))");
    assert_eq!(failure(&text, &generous()).await, GuestFailure::StackOverflow);
}

#[tokio::test]
async fn a_huge_argument_is_not_copied() {
    let limits = Limits { memory_bytes: 16 << 20, ..generous() };
    let (execution, lines) = run_logging(HUGE_ARGUMENT, &limits, "1").await;
    let what = "more than 4194304 bytes in one call".to_owned();
    assert_eq!(execution.outcome, Err(GuestFailure::Hostcall { what: what.clone() }));
    assert!(lines.is_empty());
    let list = PRINTS
        .replace(r#"(memory (export "memory") 1)"#, r#"(memory (export "memory") 130)"#)
        .replace("(i32.const 76) (i32.const 20)", "(i32.const 76) (i32.const 0x800000)");
    assert_ne!(list, PRINTS);
    assert_eq!(failure(&list, &limits).await, GuestFailure::Hostcall { what });
}

/// The same guest, once its loop without end has one after so many rounds.
fn ending_after(rounds: usize, guest: &str) -> String {
    let ended = format!(
        "(br_if $more (i32.lt_u (local.tee $n (i32.add (local.get $n) (i32.const 1))) (i32.const {rounds})))"
    );
    guest.replace("(loop $more", "(local $n i32) (loop $more").replace("(br $more)", &ended)
}

#[tokio::test]
async fn handles_of_the_host_are_limited() {
    let stopped = GuestFailure::Hostcall { what: "more than 4096 handles at a time".to_owned() };
    assert_eq!(failure(KEEPS_HANDLES, &generous()).await, stopped);
    assert_eq!(failure(&ending_after(4097, KEEPS_HANDLES), &generous()).await, stopped);
    // Once it has what it wanted, it gives an empty answer.
    assert_eq!(failure(&ending_after(4096, KEEPS_HANDLES), &generous()).await.class(), FailureClass::Result);
}

#[tokio::test]
async fn handles_of_a_components_own_resources_are_limited() {
    let taking = |handles: usize| {
        let take = "(func $take (loop $more (drop (call $new (i32.const 1))) (br $more)))";
        component(
            "(type $own (resource (rep i32))) (core func $new (canon resource.new $own))",
            r#"(with "own" (instance (export "new" (func $new))))"#,
            &format!(
                r#"(import "own" "new" (func $new (param i32) (result i32))) {}"#,
                ending_after(handles, take)
            ),
            "(call $take)",
        )
    };
    assert_eq!(run(&taking(4096), &generous()).await.outcome.unwrap(), "1");
    let what = "more than 4096 handles at a time".to_owned();
    assert_eq!(failure(&taking(4097), &generous()).await, GuestFailure::Hostcall { what });
}

#[tokio::test]
async fn instances_memories_and_tables_of_a_component_are_counted() {
    for (part, many, word) in
        [("", 501, "instance"), ("(memory 0)", 17, "memory"), ("(table 0 funcref)", 65, "table")]
    {
        let instances = "(core instance (instantiate $part))".repeat(many);
        let text = component(&format!("(core module $part {part}) {instances}"), "", "", "");
        let GuestFailure::Hostcall { what } = failure(&text, &generous()).await else { panic!("{word}") };
        assert!(what.starts_with(word), "{what}");
    }
}

#[tokio::test]
async fn answers_and_room_of_a_component_outside_its_memory_are_not_read_or_written() {
    for (pointer, length) in [(65535, 2), (-1, 1), (-1, -1)] {
        let body = format!(
            "(i32.store (i32.const 20) (i32.const {pointer})) (i32.store (i32.const 24) (i32.const {length}))"
        );
        let failed = failure(&plain(&body), &generous()).await;
        assert!(matches!(failed, GuestFailure::BadResult { .. }), "{failed}");
    }
    let text = plain("").replace("(i32.const 1024)", "(i32.const -1)");
    let failed = failure(&text, &generous()).await;
    assert!(matches!(failed, GuestFailure::BadResult { .. }), "{failed}");
}

#[tokio::test]
async fn an_answer_of_a_component_that_is_too_long_or_no_json_is_refused() {
    let limits = Limits { result_bytes: 6, ..generous() };
    let why = "7 bytes, 6 are allowed".to_owned();
    assert_eq!(failure(ECHO, &limits).await, GuestFailure::BadResult { why });
    let text = plain("").replace(r#"(data (i32.const 64) "1")"#, r#"(data (i32.const 64) "]")"#);
    assert_eq!(failure(&text, &generous()).await.class(), FailureClass::Result);
}

#[test]
fn an_undeclared_import_of_a_component_is_refused_by_name() {
    assert_eq!(
        refusal(UNDECLARED).to_string(),
        "the module imports wasi:http/outgoing-handler@0.2.0; only log, http-request and WASI 0.2 without HTTP are offered"
    );
}

#[test]
fn an_import_of_another_type_is_refused() {
    for import in [
        r#"(import "log" (func (param "line" u32)))"#,
        r#"(import "log" (instance))"#,
        r#"(import "wasi:cli/exit@0.2.0" (instance (export "exit" (func (param "status" u32)))))"#,
    ] {
        let refused = refusal(&component(import, "", "", ""));
        assert!(matches!(refused, ModuleRefused::Mismatch(_)), "{import}: {refused}");
    }
}

#[test]
fn a_component_of_much_text_is_refused() {
    let text = plain("") + &" ".repeat(128 << 10);
    assert!(matches!(refusal(&text), ModuleRefused::TextTooLarge));
}

#[test]
fn a_component_without_its_export_is_refused() {
    let expected = "func(task: string) -> result<string, string>";
    assert_eq!(
        refusal("(component)").to_string(),
        format!("the module does not export execute-task, {expected}")
    );
    let other = plain("").replace("(result string (error string))", "(result string)");
    assert_eq!(
        refusal(&other).to_string(),
        format!("the module exports execute-task as a function of another type; it must be {expected}")
    );
}

#[test]
fn a_component_with_two_memories_in_one_module_or_another_disguise_is_refused() {
    for text in [
        plain("").replace("(data", "(memory 1) (data"),
        plain("").replace(r#"(memory (export "memory") 1)"#, r#"(memory (export "memory") i64 1)"#),
    ] {
        assert!(matches!(refusal(&text), ModuleRefused::Invalid(_)));
    }
    // The header of a component before the sections of a module.
    let disguised = b"\0asm\x0d\0\x01\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x0a\x04\x01\x02\0\x0b";
    assert!(matches!(
        Sandbox::new().unwrap().compile(disguised).unwrap_err(),
        ModuleRefused::Invalid(_) | ModuleRefused::Unreadable
    ));
}
