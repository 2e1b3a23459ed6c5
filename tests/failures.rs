//! What goes wrong says what, why and what to type next, and ends with its documented exit code.

use std::fs;
use std::net::TcpListener;

use insta::assert_snapshot;
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl};
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(tasks_that_cannot_be, claims_that_cannot_be, money_that_cannot_be, code_that_cannot_be);

/// Runs the words of `line` in a home of their own, where nothing else is.
fn alone(home: &TempDir, line: &str) -> Finished {
    Ifctl::new(home.path()).args(line.split_whitespace()).run()
}

/// Writes a file into the home and runs `line` with its path in the place of `FILE`.
fn with_file(home: &TempDir, text: &str, line: &str) -> Finished {
    let file = home.path().join("given.yaml");
    fs::write(&file, text).unwrap();
    alone(home, &line.replace("FILE", file.to_str().unwrap()))
}

#[test]
fn a_policy_that_is_none() {
    let home = TempDir::new().unwrap();
    let start = "coordinator start --listen 127.0.0.1:0 --policy FILE";
    let given = |policy: &str| with_file(&home, policy, start).snapshot();
    assert_snapshot!(given("resource_policy:\n  max_cost_per_tusk: 5.0\n"), @"");
    assert_snapshot!(given("resource_policy:\n  min_capability_match: 1.5\n"), @"");
    assert_snapshot!(given("coordination:\n  max_attempts: many\n"), @"");
    assert_snapshot!(alone(&home, "coordinator start --listen 127.0.0.1:0 --policy nowhere.yaml").snapshot(), @"");
}

#[test]
fn a_name_that_is_none() {
    let home = TempDir::new().unwrap();
    assert_snapshot!(alone(&home, "coordinator show ../secrets").snapshot(), @"");
    assert_snapshot!(alone(&home, "coordinator claim T --swarm unclaimed").snapshot(), @"");
    assert_snapshot!(alone(&home, "coordinator complete T --token seven").snapshot(), @"");
    assert_snapshot!(alone(&home, "governor find-help --required sip").snapshot(), @"");
}

#[test]
fn an_address_that_is_none() {
    let home = TempDir::new().unwrap();
    assert_snapshot!(alone(&home, "--endpoints here coordinator tasks").snapshot(), @"");
    assert_snapshot!(alone(&home, "coordinator start --listen here").snapshot(), @"");
    assert_snapshot!(alone(&home, "coordinator start --listen 0.0.0.0:0").snapshot(), @"");
    assert_snapshot!(alone(&home, "coordinator start --host 127.0.0.1:1").snapshot(), @"");
}

#[test]
fn a_coordinator_that_is_not_there() {
    let home = TempDir::new().unwrap();
    assert_snapshot!(alone(&home, "--endpoints 127.0.0.1:1 coordinator tasks").snapshot(), @"");
    assert_snapshot!(alone(&home, "--endpoints 127.0.0.1:1 coordinator claim T --swarm s1").snapshot(), @"");
    assert_snapshot!(alone(&home, "coordinator start --backend etcd --host 127.0.0.1:1").snapshot(), @"");
}

#[test]
fn a_port_that_is_taken() {
    let home = TempDir::new().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    assert_snapshot!(alone(&home, &format!("coordinator start --listen {address}")).snapshot(), @"");
}

#[test]
fn a_data_directory_that_is_taken() {
    let home = TempDir::new().unwrap();
    let mut first = Ifctl::new(home.path()).args(["coordinator", "start", "--listen", "127.0.0.1:0"]).spawn();
    assert_eq!(first.stdout_lines().next_json()["ready"], true);
    assert_snapshot!(alone(&home, "coordinator start --listen 127.0.0.1:0").snapshot(), @"");
}

#[test]
fn a_configuration_that_is_none() {
    let home = TempDir::new().unwrap();
    fs::write(home.path().join("config.yaml"), "endpoint: 127.0.0.1:2379\n").unwrap();
    assert_snapshot!(alone(&home, "coordinator tasks").snapshot(), @"");
}

fn tasks_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let run = |line: &str| site.run(line).snapshot();
    let submit = |backlog: &str| site.ifctl("coordinator submit --file -").stdin(backlog).run().snapshot();
    site.run("coordinator submit T").expect(0);
    assert_snapshot!(run("coordinator show nothing"), @"");
    assert_snapshot!(run("coordinator submit U --depends-on nothing"), @"");
    assert_snapshot!(run("coordinator submit T --priority 9"), @"");
    assert_snapshot!(submit("tasks:\n- {id: a, depends_on: [b]}\n- {id: b, depends_on: [a]}\n"), @"");
    assert_snapshot!(submit("tasks:\n- {id: a, prio: 1}\n"), @"");
    assert_snapshot!(run("coordinator unblock T"), @"");
}

fn claims_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let run = |line: &str| site.run(line).snapshot();
    site.run("coordinator submit held").expect(0);
    site.run("coordinator submit waiting --depends-on held").expect(0);
    site.run("coordinator submit skilled --capabilities integration:sip,telephony:protocols").expect(0);
    site.run("coordinator submit directed --direct-to s1").expect(0);
    site.claim("held", "s1");
    assert_snapshot!(run("coordinator claim nothing --swarm s2"), @"");
    assert_snapshot!(run("coordinator claim held --swarm s2"), @"");
    assert_snapshot!(run("coordinator claim waiting --swarm s2"), @"");
    assert_snapshot!(run("coordinator claim skilled --swarm session-1-ndi"), @"");
    assert_snapshot!(run("coordinator claim directed --swarm s2"), @"");
    assert_snapshot!(run("coordinator complete held --token 0.1"), @"");
    assert_snapshot!(run("coordinator heartbeat waiting --token 0.1"), @"");
}

fn money_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let run = |line: &str| site.run(line).snapshot();
    site.run("governor register poor --capabilities a:b --cost-per-hour 2.0 --budget 1.0").expect(0);
    site.run("coordinator submit T").expect(0);
    site.run("coordinator submit cheap --max-cost 0.5").expect(0);
    assert_snapshot!(run("coordinator claim T --swarm poor"), @"");
    assert_snapshot!(run("coordinator claim cheap --swarm poor"), @"");
    assert_snapshot!(run("governor register rich --capabilities a:b --cost-per-hour -1"), @"");
    assert_snapshot!(run("coordinator complete T --token 0.1 --cost -1"), @"");
    assert_snapshot!(run("coordinator complete T --token 0.1 --cost NaN"), @"");
    assert_snapshot!(run("governor find-help --required magic:wands --exclude session-1-ndi,session-2-webrtc,session-3-h323,session-4-sip,session-5-cli,session-6-talent"), @"");
    site.run("coordinator submit paid --max-cost 10").expect(0);
    site.claim("paid", "session-4-sip");
    assert_snapshot!(run("governor register session-4-sip --capabilities a:b --cost-per-hour 1 --budget 5"), @"");
}

fn code_that_cannot_be(backend: Backend) {
    let site = Site::start(backend);
    let run = |line: &str| site.run(line).snapshot();
    let good = fs::read_to_string("examples/contracts/session-4-sip.yaml").unwrap();
    let contract = site.home.path().join("given.yaml");
    let load = |contract_text: String| {
        fs::write(&contract, contract_text).unwrap();
        let wasm = "--wasm examples/guests/sip_help.wat";
        run(&format!("chassis load session-4-sip {wasm} --contract {}", contract.display()))
    };
    assert_snapshot!(load(good.replace("max_memory_mb", "max_memory_gb")), @"");
    assert_snapshot!(load(good.replace("success_rate: 0.95", "success_rate: 95")), @"");
    assert_snapshot!(load(good.replace("swarm_id: session-4-sip", "swarm_id: session-7-ifbus")), @"");
    assert_snapshot!(run("chassis load session-4-sip --contract nowhere.yaml"), @"");
    assert_snapshot!(
        run("chassis load confined --wasm examples/guests/undeclared_import.wat --contract examples/contracts/confined.yaml"),
        @""
    );
    assert_snapshot!(run("chassis performance session-4-sip"), @"");
    assert_snapshot!(run("chassis exec session-4-sip"), @"");
}
