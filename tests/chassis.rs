//! Untrusted code runs under its contract: its answer is the only thing it gives, and how it did is on record.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;

use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl, Running};
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};
use crate::support::terminal::Terminal;

on_engine_and_etcd!(
    tasks_that_end_at_the_same_moment_are_all_on_record,
    a_task_is_read_from_a_pipe_or_a_file_and_only_its_answer_is_on_stdout,
    an_answer_is_passed_on_as_it_is_and_never_steers_a_terminal,
    a_limit_of_the_contract_is_a_refusal_that_says_which,
    a_task_that_had_less_time_than_the_contract_gives_is_not_held_against_the_swarm,
    a_flood_of_log_is_stopped_at_its_limit_and_what_came_before_is_heard,
    a_guest_that_breaks_is_failed_work_and_its_last_words_are_heard,
    a_contract_that_is_none_is_refused_and_the_one_before_stays,
    a_module_that_is_none_is_refused_and_the_one_before_stays,
    a_module_runs_only_where_it_was_loaded_and_only_as_it_was_loaded,
    performance_is_the_same_in_every_form,
);

const SIP: &str = "--wasm examples/guests/sip_help.wat --contract examples/contracts/session-4-sip.yaml";

/// More than a pipe holds: whoever has written it knows that somebody reads.
const MORE_THAN_A_PIPE: usize = 128 << 10;

/// Puts a guest of the examples under the narrow contract.
#[track_caller]
fn confine(site: &Site, guest: &str) {
    let wasm = format!("examples/guests/{guest}.wat");
    site.run(&format!(
        "chassis load confined --wasm {wasm} --contract examples/contracts/confined.yaml --replace"
    ))
    .expect(0);
}

/// Runs one task of the confined swarm.
fn exec(site: &Site) -> Finished {
    site.ifctl("chassis exec confined").stdin("{}").run()
}

fn performance(site: &Site, swarm: &str) -> Value {
    site.json(&format!("chassis performance {swarm}"))
}

/// A file in the home, by its path.
fn given(site: &Site, name: &str, text: &str) -> String {
    let path = site.home.path().join(name);
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// All wait for the end of their input, so that they run and report at the same moment.
fn tasks_that_end_at_the_same_moment_are_all_on_record(backend: Backend) {
    const ROUNDS: usize = 3;
    let site = Site::start(backend);
    site.run(&format!("chassis load session-4-sip {SIP}")).expect(0);
    let names = |round: usize| (1..=8).map(move |racer| format!("T{round}.{racer}"));
    for round in 1..=ROUNDS {
        let exec = |task| site.ifctl(&format!("chassis exec session-4-sip --task-id {task}")).open_stdin();
        let mut racers: Vec<Running> = names(round).map(|task| exec(task).spawn()).collect();
        let task = format!("{}{{}}", " ".repeat(MORE_THAN_A_PIPE));
        let mut inputs: Vec<_> = racers.iter_mut().map(Running::take_stdin).collect();
        for input in &mut inputs {
            input.write_all(task.as_bytes()).unwrap();
        }
        drop(inputs);
        for racer in racers {
            racer.finish().expect(0);
        }
    }

    let record = site.raw().json("/chassis/metrics/session-4-sip/summary").unwrap();
    let window = record["window"].as_array().unwrap();
    let recorded: BTreeSet<String> =
        window.iter().map(|sample| sample["task"].as_str().unwrap().to_owned()).collect();
    assert_eq!(recorded, (1..=ROUNDS).flat_map(names).collect());
    let report = performance(&site, "session-4-sip");
    assert_eq!([&report["total"], &report["succeeded"], &report["n"]], [&json!(24); 3]);
}

fn a_task_is_read_from_a_pipe_or_a_file_and_only_its_answer_is_on_stdout(backend: Backend) {
    let site = Site::start(backend);
    site.run(&format!("chassis load session-4-sip {SIP}")).expect(0);
    let task = given(&site, "task.json", r#"{"question":"which port?"}"#);
    let exec = |more: &str| site.ifctl(&format!("chassis exec session-4-sip {more}"));
    assert_snapshot!(exec("--task-id from-a-file").stdin_file(task).run().snapshot(), @r#"
    $ ifctl chassis exec session-4-sip --task-id from-a-file
    status: 0
    --- stdout
    {"answer":"use SIP over TLS on port 5061","input_bytes":26}
    --- stderr
    session-4-sip: sip: a question has come in
    "#);
    assert_snapshot!(exec("--task-id from-a-pipe").stdin("[]").run().snapshot(), @r#"
    $ ifctl chassis exec session-4-sip --task-id from-a-pipe
    status: 0
    --- stdout
    {"answer":"use SIP over TLS on port 5061","input_bytes":2}
    --- stderr
    session-4-sip: sip: a question has come in
    "#);
    assert_snapshot!(exec("-o json").stdin("{}").env("IF_TASK_ID", "from-a-worker").run().snapshot(), @r#"
    $ ifctl chassis exec session-4-sip -o json
    status: 0
    --- stdout
    {"answer":"use SIP over TLS on port 5061","input_bytes":2}
    --- stderr
    session-4-sip: sip: a question has come in
    "#);

    let record = site.raw().json("/chassis/metrics/session-4-sip/summary").unwrap();
    let tasks: Vec<&Value> =
        record["window"].as_array().unwrap().iter().map(|sample| &sample["task"]).collect();
    assert_eq!(tasks, ["from-a-file", "from-a-pipe", "from-a-worker"]);
}

fn an_answer_is_passed_on_as_it_is_and_never_steers_a_terminal(backend: Backend) {
    let site = Site::start(backend);
    confine(&site, "echo");
    let answer = "{\"z\": 1e3,\t\"big\": 123456789012345678901234567890, \"a\": \"\u{9b}2J\u{202e}ö\"}";
    for form in ["", "-o json"] {
        let passed = site.ifctl(&format!("chassis exec confined {form}")).stdin(answer).run().expect(0);
        assert_eq!(passed.stdout, format!("{answer}\n"), "{form}");
        let line = format!("chassis exec confined {form}");
        let shown = Terminal::shown(site.home.path(), &site.server, &line, answer);
        assert!(!shown.contains(['\u{9b}', '\u{202e}']), "{shown:?}");
        let document: Value = serde_json::from_str(shown.trim()).unwrap();
        assert_eq!(document["a"], "\u{9b}2J\u{202e}ö", "the same document");
        assert!(shown.contains("1e3") && shown.contains("123456789012345678901234567890"), "{shown:?}");
    }
    let yaml = site.ifctl("chassis exec confined -o yaml").stdin(r#"{"a": [1]}"#).run().expect(0);
    assert_eq!(yaml.stdout, "a:\n- 1\n");
}

fn a_limit_of_the_contract_is_a_refusal_that_says_which(backend: Backend) {
    let site = Site::start(backend);
    confine(&site, "grow");
    assert_snapshot!(exec(&site).snapshot(), @"
    $ ifctl chassis exec confined
    status: 6
    --- stdout
    --- stderr
    error: confined gave no answer
    cause: the guest needs more than its 16 MiB of memory
    hint: its contract can allow it more: max_memory_mb
    ");
    confine(&site, "spin");
    assert_snapshot!(exec(&site).snapshot(), @"
    $ ifctl chassis exec confined
    status: 6
    --- stdout
    --- stderr
    error: confined gave no answer
    cause: the guest did not end within 1000 ms
    hint: its contract can allow it more: max_execution_time_seconds, max_cpu_percent
    ");
    let report = performance(&site, "confined");
    assert_eq!(report["failures"], json!({"memory": 1, "timeout": 1}));
    // A timeout counts at its deadline, and a guest that ran out of memory says nothing of speed.
    assert_eq!(report["latency"], json!({"n": 1, "p50_ms": 1000.0, "p90_ms": 1000.0, "p99_ms": 1000.0}));
    assert_eq!((&report["success_rate"], &report["availability"]), (&json!(0.0), &json!(0.0)));
}

fn a_task_that_had_less_time_than_the_contract_gives_is_not_held_against_the_swarm(backend: Backend) {
    let site = Site::start(backend);
    let terms = "swarm_id: confined\nversion: 1.0.0\ncapabilities: [a:b]\nresource_requirements: {max_execution_time_seconds: 60}";
    let terms = given(&site, "patient.yaml", terms);
    site.run(&format!("chassis load confined --wasm examples/guests/spin.wat --contract {terms}")).expect(0);
    let handle = site.run("chassis credentials confined --ttl 5").expect(0).stdout;
    let cut =
        site.ifctl("chassis exec confined").env("IF_CREDENTIAL", handle.trim()).stdin("{}").run().expect(6);
    assert!(cut.stderr.contains("by the task's deadline or credential, and did not end"), "{}", cut.stderr);
    assert!(cut.stderr.contains("hint: its contract allows more"), "{}", cut.stderr);
    assert_eq!(performance(&site, "confined")["total"], 0);
}

fn a_flood_of_log_is_stopped_at_its_limit_and_what_came_before_is_heard(backend: Backend) {
    const LIMIT: usize = 1 << 20;
    let site = Site::start(backend);
    let contract = "examples/contracts/session-4-sip.yaml";
    site.run(&format!(
        "chassis load session-4-sip --wasm examples/guests/log_flood.wat --contract {contract}"
    ))
    .expect(0);
    let flooded = site.ifctl("chassis exec session-4-sip").stdin("{}").run().expect(6);
    assert_eq!(flooded.stdout, "");
    let mut lines: Vec<&str> = flooded.stderr.lines().collect();
    assert_eq!(lines.pop().unwrap(), format!("cause: the guest logs more than its {LIMIT} bytes"));
    assert_eq!(lines.pop().unwrap(), "error: session-4-sip gave no answer");
    assert!(lines.iter().all(|line| *line == format!("session-4-sip: {}", "x".repeat(1000))));
    assert!((LIMIT / 2..LIMIT).contains(&(lines.len() * 1000)), "{} lines", lines.len());
}

fn a_guest_that_breaks_is_failed_work_and_its_last_words_are_heard(backend: Backend) {
    let site = Site::start(backend);
    let last_words = given(
        &site,
        "last_words.wat",
        r#"(module
          (import "env" "log" (func $log (param i32 i32)))
          (memory (export "memory") 1)
          (data (i32.const 0) "the model does not answer")
          (func (export "alloc") (param i32) (result i32) (i32.const 1024))
          (func $give_up (call $log (i32.const 0) (i32.const 25)) unreachable)
          (func (export "execute_task") (param i32 i32) (result i64) (call $give_up) (i64.const 0)))"#,
    );
    let contract = "examples/contracts/confined.yaml";
    site.run(&format!("chassis load confined --wasm {last_words} --contract {contract}")).expect(0);
    assert_snapshot!(exec(&site).snapshot(), @"
    $ ifctl chassis exec confined
    status: 9
    --- stdout
    --- stderr
    confined: the model does not answer
    error: confined gave no answer
    cause: the guest trapped: wasm `unreachable` instruction executed in `give_up`
      called by `<wasm function 3>`
    ");
    for (guest, cause) in [
        ("trap", "the guest trapped: wasm `unreachable` instruction executed"),
        ("recursion", "the guest's stack overflowed"),
        ("log_out_of_bounds", "the guest trapped: env.log of"),
        ("bad_result", "the guest's answer is unusable: 64 bytes at 4294967280, outside its memory"),
        ("not_json", "the guest's answer is unusable: it is no JSON"),
    ] {
        confine(&site, guest);
        let broken = exec(&site).expect(9);
        assert_eq!(broken.stdout, "", "{guest}");
        let expected = format!("error: confined gave no answer\ncause: {cause}");
        assert!(broken.stderr.starts_with(&expected), "{guest}: {}", broken.stderr);
    }
    let report = performance(&site, "confined");
    assert_eq!(report["failures"], json!({"trap": 3, "stack": 1, "result": 2}));
    confine(&site, "echo");
    assert_eq!(exec(&site).expect(0).stdout, "{}\n");
}

fn a_contract_that_is_none_is_refused_and_the_one_before_stays(backend: Backend) {
    let site = Site::start(backend);
    site.run(&format!("chassis load session-4-sip {SIP}")).expect(0);
    let good = fs::read_to_string("examples/contracts/session-4-sip.yaml").unwrap();
    let load = |from: &str, to: &str| {
        assert!(good.contains(from), "{from}");
        let text = good.replace("version: 1.0.0", "version: 2.0.0").replacen(from, to, 1);
        let contract = given(&site, "given.yaml", &text);
        let wasm = "--wasm examples/guests/sip_help.wat";
        site.run(&format!("chassis load session-4-sip {wasm} --contract {contract}")).snapshot()
    };
    assert_snapshot!(load("p99_latency_ms: 500", "p99_latency: 500"), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:23:3: unknown key `p99_latency`, did you mean `p99_latency_ms`?
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    ");
    assert_snapshot!(load("dependencies:", "wants:"), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:28:1: unknown key `wants`; known here: swarm_id, version, capabilities, resource_requirements, slos, dependencies, wasm_module, container, egress, secrets
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    ");
    assert_snapshot!(load("max_memory_mb: 256", "max_memory_mb: 0"), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:16:18: resource_requirements.max_memory_mb: must be from 1 to 4096, not 0
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    ");
    assert_snapshot!(load("max_cpu_percent: 25 ", "max_cpu_percent: 101 "), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:17:20: resource_requirements.max_cpu_percent: must be from 1 to 100, not 101
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    ");
    assert_snapshot!(load("max_memory_mb: 256", "max_memory_mb: plenty"), @r#"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:16:18: resource_requirements.max_memory_mb: invalid type: string "plenty", expected a whole number from 1 to 4096
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    "#);
    assert_snapshot!(load("- integration:sip", "- integration"), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:11:5: capabilities[0]: capability `integration` is not of the form domain:skill
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    ");
    assert_snapshot!(load("swarm_id: session-4-sip", ""), @"
    $ ifctl chassis load session-4-sip --wasm examples/guests/sip_help.wat --contract HOME/given.yaml
    status: 2
    --- stdout
    --- stderr
    error: HOME/given.yaml:7:1: missing field `swarm_id`
    hint: every key with its default is in examples/contracts/session-4-sip.yaml
    ");
    assert_eq!(performance(&site, "session-4-sip")["contract_version"], "1.0.0");
}

fn a_module_that_is_none_is_refused_and_the_one_before_stays(backend: Backend) {
    let site = Site::start(backend);
    confine(&site, "echo");
    let load = |module: &str| {
        let wasm = given(&site, "given.wat", module);
        site.run(&format!(
            "chassis load confined --wasm {wasm} --contract examples/contracts/confined.yaml --replace"
        ))
        .snapshot()
    };
    assert_snapshot!(
        load(r#"(module (import "wasi_snapshot_preview1" "fd_write" (func)) (import "env" "open" (func)))"#),
        @"
        $ ifctl chassis load confined --wasm HOME/given.wat --contract examples/contracts/confined.yaml --replace
        status: 6
        --- stdout
        --- stderr
        error: HOME/given.wat is refused
        cause: the module imports wasi_snapshot_preview1.fd_write, env.open; only env.log and env.http_request are offered
        hint: build it without WASI, for wasm32-unknown-unknown
        "
    );
    assert_snapshot!(load(r#"(module (import "env" "log" (func (param i64))))"#), @"
    $ ifctl chassis load confined --wasm HOME/given.wat --contract examples/contracts/confined.yaml --replace
    status: 6
    --- stdout
    --- stderr
    error: HOME/given.wat is refused
    cause: the module imports env.log as (i64) -> (); it is (i32, i32) -> ()
    hint: examples/guests/echo.wat shows the interface of a module
    ");
    assert_snapshot!(load(r#"(module (memory (export "memory") 1))"#), @"
    $ ifctl chassis load confined --wasm HOME/given.wat --contract examples/contracts/confined.yaml --replace
    status: 6
    --- stdout
    --- stderr
    error: HOME/given.wat is refused
    cause: the module does not export alloc, (i32) -> (i32)
    hint: examples/guests/echo.wat shows the interface of a module
    ");
    assert_snapshot!(
        load(
            r#"(module (memory (export "memory") 1)
              (func (export "alloc") (param i32) (result i32) (i32.const 0))
              (func (export "execute_task") (param i32 i32)))"#
        ),
        @"
        $ ifctl chassis load confined --wasm HOME/given.wat --contract examples/contracts/confined.yaml --replace
        status: 6
        --- stdout
        --- stderr
        error: HOME/given.wat is refused
        cause: the module exports execute_task as (i32, i32) -> (); it must be (i32, i32) -> (i64)
        hint: examples/guests/echo.wat shows the interface of a module
        "
    );
    assert_snapshot!(load("(component)"), @"
    $ ifctl chassis load confined --wasm HOME/given.wat --contract examples/contracts/confined.yaml --replace
    status: 6
    --- stdout
    --- stderr
    error: HOME/given.wat is refused
    cause: the module does not export execute-task, func(task: string) -> result<string, string>
    hint: examples/guests/echo.wat shows the interface of a module
    ");
    assert_snapshot!(load("echo '{}'"), @"
    $ ifctl chassis load confined --wasm HOME/given.wat --contract examples/contracts/confined.yaml --replace
    status: 6
    --- stdout
    --- stderr
    error: HOME/given.wat is refused
    cause: the file is no valid WebAssembly module
    cause: expected `(`
         --> <anon>:1:1
          |
        1 | echo '{}'
          | ^
    ");
    assert_eq!(exec(&site).expect(0).stdout, "{}\n");
}

fn a_module_runs_only_where_it_was_loaded_and_only_as_it_was_loaded(backend: Backend) {
    let site = Site::start(backend);
    confine(&site, "echo");
    let elsewhere = TempDir::new().unwrap();
    let exec_elsewhere = || {
        let call = Ifctl::new(elsewhere.path()).endpoints(&site.server);
        call.args(["chassis", "exec", "confined"]).stdin("{}").run()
    };
    assert_snapshot!(exec_elsewhere().snapshot(), @"
    $ ifctl chassis exec confined
    status: 3
    --- stdout
    --- stderr
    error: the module of confined was loaded on another host
    hint: ifctl chassis load confined --wasm FILE --contract FILE
    ");
    let modules = site.home.path().join("chassis/modules");
    for file in fs::read_dir(&modules).unwrap().map(|entry| entry.unwrap().path()) {
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("wasm") => drop(fs::copy("examples/guests/trap.wat", file).unwrap()),
            Some("code") => fs::remove_file(file).unwrap(),
            _ => {}
        }
    }
    assert_snapshot!(exec(&site).snapshot(), @"
    $ ifctl chassis exec confined
    status: 6
    --- stdout
    --- stderr
    error: HOME/chassis/modules/ID.wasm is not the module that was loaded, its SHA-256 is ID
    hint: load it again: ifctl chassis load …
    ");
    assert_eq!(performance(&site, "confined")["total"], 0);
}

fn performance_is_the_same_in_every_form(backend: Backend) {
    let site = Site::start(backend);
    for (guest, code) in [("echo", 0), ("echo", 0), ("trap", 9), ("not_json", 9), ("echo", 0)] {
        confine(&site, guest);
        exec(&site).expect(code);
    }
    let answered = |format: &str| {
        let call = site.ifctl("chassis performance confined").args(["-o", format]);
        call.run().expect(0).stdout
    };
    let report: Value = serde_json::from_str(&answered("json")).unwrap();
    assert_eq!(serde_yaml::from_str::<Value>(&answered("yaml")).unwrap(), report);
    assert_eq!((&report["total"], &report["succeeded"], &report["n"]), (&json!(5), &json!(3), &json!(5)));
    assert_eq!(report["failures"], json!({"trap": 1, "result": 1}));
    assert_eq!((&report["success_rate"], &report["availability"]), (&json!(0.6), &json!(0.8)));
    let table: Vec<String> = answered("table").lines().map(words).collect();
    let headed = |heading: &str| {
        let heading = table.iter().position(|line| line.starts_with(heading));
        table[heading.unwrap() + 1..].iter().take_while(|line| !line.is_empty()).collect::<Vec<_>>()
    };
    assert_eq!(headed("SWARM"), [&format!("confined 1.0.0 5 3 trap 1, result 1 {}", text(&report["since"]))]);
    let latency = |kind: &str| {
        let millis = |name: &str| format!("{:.3}", report[kind][name].as_f64().unwrap());
        format!("{} {} {}", millis("p50_ms"), millis("p90_ms"), millis("p99_ms"))
    };
    let [last, all] = ["latency", "lifetime_latency"].map(latency);
    assert_eq!(headed("LATENCY"), [&format!("last 4 {last}"), &format!("all 4, within 1 % {all}")]);
    let objectives: Vec<String> = report["objectives"].as_array().unwrap().iter().map(objective).collect();
    assert_eq!(objectives.len(), 3);
    assert_eq!(headed("OBJECTIVE"), objectives.iter().collect::<Vec<_>>());
}

/// What the table says of a promise that was measured.
fn objective(objective: &Value) -> String {
    let number = |name: &str| objective[name].as_f64().unwrap();
    let (name, verdict) = (text(&objective["name"]), text(&objective["verdict"]));
    let left = number("error_budget_left") * 100.0;
    format!("{name} {} {} {verdict} {left:.0} %", number("target"), number("measured"))
}

fn words(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
