//! Hostile code harms nobody: each attack ends at its limit, says which, and leaves the next task alone.

use std::fs;

use insta::assert_snapshot;
use serde_json::json;

use crate::support::command::Finished;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_guest_that_never_ends_is_stopped_when_its_time_is_up,
    a_guest_that_fills_256_mib_for_ever_is_stopped_when_its_time_is_up,
    a_guest_that_takes_memory_without_end_is_stopped_at_its_limit,
    a_guest_that_asks_too_much_of_the_host_is_stopped_at_its_limit,
    a_guest_that_fails_by_itself_says_how_and_where,
    code_that_asks_for_more_than_is_offered_never_runs,
    nothing_leaves_the_sandbox_and_the_guest_is_told,
);

/// Puts a guest of the examples under the narrow contract, as a swarm of its own, and gives it time.
#[track_caller]
fn confine(site: &Site, guest: &str) -> String {
    confine_with(site, guest, patient)
}

#[track_caller]
fn confine_with(site: &Site, guest: &str, change: impl FnOnce(String) -> String) -> String {
    load(site, guest, &format!("examples/guests/{guest}.wat"), change).expect(0);
    swarm(guest)
}

fn load(site: &Site, guest: &str, wasm: &str, change: impl FnOnce(String) -> String) -> Finished {
    let narrow = fs::read_to_string("examples/contracts/confined.yaml").unwrap();
    let contract = narrow.replace("swarm_id: confined", &format!("swarm_id: {}", swarm(guest)));
    let path = site.home.path().join(format!("{guest}.yaml"));
    fs::write(&path, change(contract)).unwrap();
    site.run(&format!("chassis load {} --wasm {wasm} --contract {}", swarm(guest), path.display()))
}

fn swarm(guest: &str) -> String {
    guest.replace('_', "-")
}

fn exec(site: &Site, swarm: &str) -> Finished {
    site.ifctl(&format!("chassis exec {swarm}")).stdin("{}").run()
}

/// Gives a guest all the time that it takes to reach its other limits, on a busy machine too.
#[expect(clippy::needless_pass_by_value, reason = "as every change of a contract is called")]
fn patient(contract: String) -> String {
    contract
        .replace("max_execution_time_seconds: 1\n", "max_execution_time_seconds: 60\n")
        .replace("max_cpu_percent: 25", "max_cpu_percent: 100")
}

/// Runs a guest of the examples under the narrow contract, given time, and says what standard error ends with.
#[track_caller]
fn failure(site: &Site, guest: &str, code: i32) -> String {
    failure_under(site, guest, code, patient)
}

#[track_caller]
fn failure_under(site: &Site, guest: &str, code: i32, change: fn(String) -> String) -> String {
    let swarm = confine_with(site, guest, change);
    let finished = exec(site, &swarm).expect(code);
    assert_eq!(finished.stdout, "", "{guest}");
    let error = format!("error: {swarm} gave no answer\ncause: ");
    let (_, cause) = finished.stderr.split_once(&error).unwrap_or_else(|| panic!("{}", finished.stderr));
    cause.to_owned()
}

fn failures(site: &Site, guest: &str) -> serde_json::Value {
    site.json(&format!("chassis performance {}", swarm(guest)))["failures"].clone()
}

fn a_guest_that_never_ends_is_stopped_when_its_time_is_up(backend: Backend) {
    let site = Site::start(backend);
    for guest in ["spin", "spin_across_calls", "component_sleeps"] {
        assert_eq!(
            failure_under(&site, guest, 6, |contract| contract),
            "the guest did not end within 1000 ms\n\
             hint: its contract can allow it more: max_execution_time_seconds, max_cpu_percent\n",
            "{guest}"
        );
        assert_eq!(failures(&site, guest), json!({"timeout": 1}), "{guest}");
    }
}

fn a_guest_that_fills_256_mib_for_ever_is_stopped_when_its_time_is_up(backend: Backend) {
    let site = Site::start(backend);
    let wide = |contract: String| contract.replace("max_memory_mb: 16", "max_memory_mb: 256");
    let swarm = confine_with(&site, "fill", wide);
    assert_snapshot!(exec(&site, &swarm).snapshot(), @"
    $ ifctl chassis exec fill
    status: 6
    --- stdout
    --- stderr
    error: fill gave no answer
    cause: the guest did not end within 1000 ms
    hint: its contract can allow it more: max_execution_time_seconds, max_cpu_percent
    ");
}

fn a_guest_that_takes_memory_without_end_is_stopped_at_its_limit(backend: Backend) {
    let site = Site::start(backend);
    for guest in ["grow", "grow_table", "fill", "component_two_memories"] {
        assert_eq!(
            failure(&site, guest, 6),
            "the guest needs more than its 16 MiB of memory\n\
             hint: its contract can allow it more: max_memory_mb\n",
            "{guest}"
        );
        assert_eq!(failures(&site, guest), json!({"memory": 1}), "{guest}");
    }
}

fn a_guest_that_asks_too_much_of_the_host_is_stopped_at_its_limit(backend: Backend) {
    let site = Site::start(backend);
    for (guest, cause, class) in [
        ("log_flood", "the guest logs more than its 1048576 bytes\n", "log"),
        (
            "component_huge_argument",
            "the guest asks too much of the host: more than 4194304 bytes in one call\n",
            "hostcall",
        ),
        (
            "component_keeps_handles",
            "the guest asks too much of the host: more than 4096 handles at a time\n",
            "hostcall",
        ),
    ] {
        assert_eq!(failure(&site, guest, 6), cause);
        assert_eq!(failures(&site, guest), json!({class: 1}), "{guest}");
    }
}

fn a_guest_that_fails_by_itself_says_how_and_where(backend: Backend) {
    let site = Site::start(backend);
    for (guest, cause, class) in [
        ("recursion", "the guest's stack overflowed\n", "stack"),
        (
            "log_out_of_bounds",
            "the guest trapped: env.log of 64 bytes at 1048560, outside its memory\n",
            "trap",
        ),
        ("component_exits", "the guest trapped: it exited with status 0 in `execute`\n", "trap"),
        (
            "bad_alloc",
            "the guest's answer is unusable: alloc(2) gave 4294967295, outside its memory\n\
             hint: examples/guests/echo.wat shows the interface of a module\n",
            "result",
        ),
        (
            "bad_result",
            "the guest's answer is unusable: 64 bytes at 4294967280, outside its memory\n\
             hint: examples/guests/echo.wat shows the interface of a module\n",
            "result",
        ),
        ("component_calls", "the guest failed: refused: the contract allows no egress\n", "failed"),
    ] {
        assert_eq!(failure(&site, guest, 9), cause);
        assert_eq!(failures(&site, guest), json!({class: 1}), "{guest}");
    }
    let traps = confine(&site, "component_traps");
    assert_snapshot!(exec(&site, &traps).snapshot(), @"
    $ ifctl chassis exec component-traps
    status: 9
    --- stdout
    --- stderr
    error: component-traps gave no answer
    cause: the guest trapped: wasm `unreachable` instruction executed in `give_up`
      called by `ask_the_model`
      called by `execute`
    ");
    let fails = confine(&site, "component_fails");
    assert_snapshot!(exec(&site, &fails).snapshot(), @"
    $ ifctl chassis exec component-fails
    status: 9
    --- stdout
    --- stderr
    error: component-fails gave no answer
    cause: the guest failed: the model does not answer
    ask again tomorrow
    ");
}

fn code_that_asks_for_more_than_is_offered_never_runs(backend: Backend) {
    let site = Site::start(backend);
    let load = |guest: &str, wasm: &str| load(&site, guest, wasm, |contract| contract).snapshot();
    assert_snapshot!(load("undeclared", "examples/guests/undeclared_import.wat"), @"
    $ ifctl chassis load undeclared --wasm examples/guests/undeclared_import.wat --contract HOME/undeclared.yaml
    status: 6
    --- stdout
    --- stderr
    error: examples/guests/undeclared_import.wat is refused
    cause: the module imports env.read_file; only env.log and env.http_request are offered
    hint: build it without WASI, for wasm32-unknown-unknown
    ");
    assert_snapshot!(load("undeclared", "examples/guests/component_undeclared_import.wat"), @"
    $ ifctl chassis load undeclared --wasm examples/guests/component_undeclared_import.wat --contract HOME/undeclared.yaml
    status: 6
    --- stdout
    --- stderr
    error: examples/guests/component_undeclared_import.wat is refused
    cause: the module imports wasi:http/outgoing-handler@0.2.0; only log, http-request and WASI 0.2 without HTTP are offered
    hint: build it for the world `swarm` of src/chassis/wit/swarm.wit
    ");
    let forged = site.home.path().join("forged.wasm");
    fs::write(&forged, b"\x7fELF\x02\x01\x01\xc8machine code").unwrap();
    assert_snapshot!(load("forged", &forged.display().to_string()), @"
    $ ifctl chassis load forged --wasm HOME/forged.wasm --contract HOME/forged.yaml
    status: 6
    --- stdout
    --- stderr
    error: HOME/forged.wasm is refused
    cause: the file is compiled machine code; only WebAssembly is accepted, it is compiled here
    hint: load the module itself (.wasm or .wat)
    ");
}

fn nothing_leaves_the_sandbox_and_the_guest_is_told(backend: Backend) {
    let site = Site::start(backend);
    let calls = confine(&site, "calls");
    assert_snapshot!(exec(&site, &calls).snapshot(), @r#"
    $ ifctl chassis exec calls
    status: 0
    --- stdout
    {"error":"refused: the contract allows no egress"}
    --- stderr
    "#);
    let prints = confine(&site, "component_prints");
    assert_snapshot!(exec(&site, &prints).snapshot(), @r#"
    $ ifctl chassis exec component-prints
    status: 0
    --- stdout
    {"printed":true}
    --- stderr
    component-prints: half a line, and the rest
    component-prints: no end
    "#);
    let echo = confine(&site, "component");
    assert_eq!(exec(&site, &echo).expect(0).stdout, "{}\n");
}
