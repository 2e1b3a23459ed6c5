//! `chassis serve`: what the coordinator pushes to swarms runs in the sandbox, many tasks at once, and no swarm's harm
//! reaches another's task.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::thread;

use infrafabric::chassis::Digest;
use infrafabric::config::environment;
use insta::assert_snapshot;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{Ifctl, Lines, Running};
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    tasks_of_several_swarms_are_done_in_the_sandbox_and_loaded_swarms_are_followed,
    a_swarm_that_is_named_must_be_on_this_host,
    a_canceled_task_stops_and_its_slot_is_free_again,
    a_task_ends_at_its_deadline_whatever_its_contract_allows,
    whoever_is_told_to_end_lets_running_tasks_end_and_reports_them,
    whoever_is_told_to_end_gives_back_what_does_not_end_within_the_grace,
    the_task_of_a_killed_serve_is_done_by_another_once,
    harm_ends_with_its_class_and_is_left_to_people,
    a_swarm_that_spins_in_every_slot_keeps_no_other_from_its_work,
    a_replaced_contract_holds_for_the_next_task_and_the_running_one_ends_under_its_own,
    a_module_that_is_elsewhere_or_damaged_costs_no_task_anything,
    running_tasks_are_never_allowed_more_memory_than_the_host_has_for_all,
    tasks_go_on_while_the_store_is_killed_and_comes_back,
    ten_thousand_tasks_of_a_hundred_swarms_are_accounted_for_whatever_some_of_them_do,
);

const AS_TOLD: &str = "tests/fixtures/as_told.wat";

/// What one task of a swarm may use.
#[derive(Clone, Copy)]
struct Terms {
    version: u32,
    seconds: u32,
    cpu_percent: u32,
}

/// Far more time than any test takes.
const PATIENT: Terms = Terms { version: 1, seconds: 3600, cpu_percent: 25 };

impl Terms {
    fn contract(self, swarm: &str) -> String {
        let Self { version, seconds, cpu_percent } = self;
        format!(
            "swarm_id: {swarm}\nversion: {version}.0.0\ncapabilities: [research:exploration]\n\
             resource_requirements: {{max_memory_mb: 16, max_cpu_percent: {cpu_percent}, \
             max_execution_time_seconds: {seconds}}}\n"
        )
    }
}

/// Loads a swarm's code from `home`.
fn loading(site: &Site, home: &TempDir, swarm: &str, guest: &str, terms: Terms) -> Ifctl {
    let contract = home.path().join(format!("{swarm}.yaml"));
    fs::write(&contract, terms.contract(swarm)).unwrap();
    let call = Ifctl::new(home.path()).endpoints(&site.server);
    call.args(["chassis", "load", "--replace", swarm, "--wasm", guest]).arg_pair("--contract", contract)
}

#[track_caller]
fn load(site: &Site, swarm: &str, guest: &str, terms: Terms) {
    loading(site, &site.home, swarm, guest, terms).run().expect(0);
}

/// Serves, and waits until `swarms` are connected.
fn serve(site: &Site, options: &str, swarms: &[&str]) -> (Running, Lines) {
    let mut running = site.ifctl(&format!("chassis serve {options}")).spawn();
    let said = running.stderr_lines();
    eventually_connected(site, swarms);
    (running, said)
}

fn eventually_connected(site: &Site, swarms: &[&str]) {
    for swarm in swarms {
        let sessions = format!("/swarms/{swarm}/session/");
        eventually("it is connected", || (!site.raw().list(&sessions).is_empty()).then_some(()));
    }
}

fn submit(site: &Site, task: &str, swarm: &str, payload: &str) {
    let line = format!("coordinator submit {task} --direct-to {swarm}");
    site.ifctl(&line).args(["--payload", payload]).run().expect(0);
}

fn eventually_in(site: &Site, task: &str, state: &str) {
    eventually(&format!("{task} is {state}"), || (site.state(task) == state).then_some(()));
}

/// The tasks on record of a swarm.
fn recorded(site: &Site, swarm: &str) -> u64 {
    site.json(&format!("chassis performance {swarm}"))["total"].as_u64().unwrap()
}

/// How often each task was completed.
fn completions(site: &Site) -> BTreeMap<String, usize> {
    let mut completions = BTreeMap::new();
    for change in site.raw().history("/tasks/").into_iter().filter(|change| change.key.ends_with("/record")) {
        if change.json()["op"] == "complete" {
            *completions.entry(change.key).or_default() += 1;
        }
    }
    completions
}

/// Nobody has worked on it, as far as attempts, money and losses tell.
#[track_caller]
fn assert_untouched(site: &Site, task: &str) {
    let record = site.record(task);
    assert_eq!(site.state(task), "submitted/ready");
    let counts = [&record["attempt"], &record["lease_losses"], &record["spent"]];
    assert_eq!(counts, [&json!(0); 3], "{record}");
}

fn tasks_of_several_swarms_are_done_in_the_sandbox_and_loaded_swarms_are_followed(backend: Backend) {
    let site = Site::start(backend);
    let mut served = site.ifctl("chassis serve").spawn();
    let said = served.stderr_lines();
    said.next_with("the code of no swarm is on this host yet: ifctl chassis load SWARM …");
    for swarm in ["s1", "s2"] {
        load(&site, swarm, AS_TOLD, PATIENT);
        said.next_with(&format!("{swarm}: connected as"));
    }
    site.ifctl("coordinator submit a --direct-to s1 --title")
        .args(["Do it", "--payload", "{\"n\":1}"])
        .run()
        .expect(0);
    said.next_with("s1: a began, token ");
    said.next_with("s1: a completed");
    submit(&site, "b", "s2", "as text");
    said.next_with("s2: b completed");
    let input = |task| serde_json::from_str::<Value>(site.show(task)["result"].as_str().unwrap()).unwrap();
    // What `coordinator work` tells its programs.
    let told = json!({
        "id": "a", "title": "Do it", "attempt": 1, "required_capabilities": [], "estimated_hours": 1.0,
        "payload": {"n": 1}, "help": {},
    });
    assert_eq!((input("a"), &input("b")["payload"]), (told, &json!("as text")));
    assert_eq!((recorded(&site, "s1"), recorded(&site, "s2")), (1, 1));

    // One that nobody can read keeps nobody from the others; one that is unloaded is let go.
    site.raw().put("/chassis/contracts/broken", "{}");
    site.raw().delete("/chassis/contracts/s1");
    said.next_with("error: s1 is not served");
    said.next_with("cause: no contract is loaded for s1");
    said.next_with("hint: ifctl chassis load s1 --wasm FILE --contract FILE");
    submit(&site, "c", "s2", "");
    said.next_with("s2: c completed");
    served.terminate().expect(0);
}

fn a_swarm_that_is_named_must_be_on_this_host(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, PATIENT);
    assert_snapshot!(site.run("chassis serve s1 s2").snapshot(), @"
    $ ifctl chassis serve s1 s2
    status: 3
    --- stdout
    --- stderr
    error: no contract is loaded for s2
    hint: ifctl chassis load s2 --wasm FILE --contract FILE
    ");
    let elsewhere = TempDir::new().unwrap();
    loading(&site, &elsewhere, "s2", "examples/guests/echo.wat", PATIENT).run().expect(0);
    assert_snapshot!(site.run("chassis serve s1 s2").snapshot(), @"
    $ ifctl chassis serve s1 s2
    status: 3
    --- stdout
    --- stderr
    error: the module of s2 was loaded on another host
    hint: ifctl chassis load s2 --wasm FILE --contract FILE
    ");
    assert!(site.raw().list("/swarms/").iter().all(|(key, _)| !key.contains("/session/")));
    load(&site, "s3", AS_TOLD, PATIENT);
    let (served, said) = serve(&site, "s1", &["s1"]);
    submit(&site, "T", "s3", "");
    submit(&site, "U", "s1", "");
    said.next_with("U completed");
    assert_untouched(&site, "T");
    served.terminate().expect(0);
}

fn a_canceled_task_stops_and_its_slot_is_free_again(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, PATIENT);
    let (served, said) = serve(&site, "--slots 1", &["s1"]);
    submit(&site, "T", "s1", "spin");
    said.next_with("T began");
    site.run("coordinator cancel T").expect(0);
    said.next_with("T stopped: the hold is gone");
    // Submitted before, it could be done with before that line is written.
    submit(&site, "U", "s1", "");
    said.next_with("U completed");
    assert_eq!(recorded(&site, "s1"), 1, "of a task that was called off nothing is written");
    served.terminate().expect(0);
}

fn a_task_ends_at_its_deadline_whatever_its_contract_allows(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, PATIENT);
    let (served, said) = serve(&site, "s1 --slots 1", &["s1"]);
    site.ifctl("coordinator submit T --direct-to s1 --deadline 3s --payload spin").run().expect(0);
    said.next_with("T began");
    submit(&site, "U", "s1", "");
    eventually_in(&site, "T", "failed/deadline");
    said.next_with("U completed");
    served.terminate().expect(0);
    // Nobody knows how it would have ended within the time that the contract gives.
    let report = site.json("chassis performance s1");
    assert_eq!((&report["total"], &report["succeeded"]), (&1.into(), &1.into()), "{report}");
}

fn whoever_is_told_to_end_lets_running_tasks_end_and_reports_them(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, Terms { seconds: 2, ..PATIENT });
    let (served, said) = serve(&site, "--grace 60s", &["s1"]);
    submit(&site, "T", "s1", "spin");
    said.next_with("T began");
    served.terminate().expect(0);
    said.next_with("T failed: the guest did not end within 2000 ms");
    assert_eq!(site.state("T"), "input-required/not-retryable");
    assert_eq!(site.record("T")["error"]["class"], "timeout");
    assert_eq!(recorded(&site, "s1"), 1);
    assert!(site.raw().list("/swarms/s1/session/").is_empty());
}

fn whoever_is_told_to_end_gives_back_what_does_not_end_within_the_grace(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, PATIENT);
    let (served, said) = serve(&site, "--grace 200ms", &["s1"]);
    submit(&site, "T", "s1", "spin");
    said.next_with("T began");
    served.terminate().expect(0);
    said.next_with("T stopped and given back: the worker ends");
    assert_untouched(&site, "T");
    assert_eq!(recorded(&site, "s1"), 0);
}

fn the_task_of_a_killed_serve_is_done_by_another_once(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, PATIENT);
    let (first, said) = serve(&site, "--session-ttl 5s", &["s1"]);
    submit(&site, "T", "s1", "spin");
    said.next_with("T began");
    // What spins under the first contract is answered under the second.
    load(&site, "s1", "examples/guests/echo.wat", Terms { version: 2, ..PATIENT });
    let mut second = site.ifctl("chassis serve").spawn();
    let said = second.stderr_lines();
    said.next_with("s1: connected as");
    first.kill();
    said.next_with("T completed");
    let record = site.record("T");
    assert_eq!((&record["attempt"], &record["lease_losses"]), (&json!(2), &json!(1)));
    assert_eq!(completions(&site), BTreeMap::from([("/tasks/T/record".to_owned(), 1)]));
    second.terminate().expect(0);
}

fn harm_ends_with_its_class_and_is_left_to_people(backend: Backend) {
    let site = Site::start_under(backend, FORGIVING);
    load(&site, "s1", AS_TOLD, Terms { seconds: 1, ..PATIENT });
    let (served, said) = serve(&site, "", &["s1"]);
    let cases = [
        ("spin", "timeout", "the guest did not end within 1000 ms"),
        ("memory", "memory", "the guest needs more than its 16 MiB of memory"),
        ("crash", "trap", "the guest trapped: wasm `unreachable` instruction executed"),
        ("bad", "result", "the guest's answer is unusable: 64 bytes at 4294967280, outside its memory"),
    ];
    for (told, class, message) in cases {
        submit(&site, told, "s1", told);
        said.next_with(&format!("s1: {told} failed: {message}"));
        assert_eq!(site.state(told), "input-required/not-retryable");
        let error = json!({"class": class, "message": message, "retryable": false});
        assert_eq!(site.record(told)["error"], error);
    }
    // The largest payload that can be submitted leaves no room for the rest of the task.
    let payload = site.home.path().join("payload");
    fs::write(&payload, "x".repeat(1 << 20)).unwrap();
    site.ifctl("coordinator submit long --direct-to s1").arg_pair("--payload-file", &payload).run().expect(0);
    said.next_with("s1: long failed: the task is longer than 1048576 bytes");
    assert_eq!(site.record("long")["error"]["class"], "input");
    submit(&site, "honest", "s1", "");
    said.next_with("s1: honest completed");
    let failures = &site.json("chassis performance s1")["failures"];
    assert_eq!(failures, &json!({"timeout": 1, "memory": 1, "trap": 1, "result": 1}));
    served.terminate().expect(0);
}

fn a_swarm_that_spins_in_every_slot_keeps_no_other_from_its_work(backend: Backend) {
    const SPINNERS: usize = 8;
    let site = Site::start(backend);
    load(&site, "hostile", AS_TOLD, Terms { cpu_percent: 100, ..PATIENT });
    load(&site, "honest", AS_TOLD, PATIENT);
    let (served, said) = serve(&site, &format!("--slots {SPINNERS} --grace 100ms"), &["hostile", "honest"]);
    for number in 0..SPINNERS {
        submit(&site, &format!("spin{number}"), "hostile", "spin");
        said.next_with(&format!("spin{number} began"));
    }
    let tasks: Vec<String> = (0..50)
        .map(|number| json!({"id": format!("t{number}"), "directed_to": "honest"}).to_string())
        .collect();
    site.ifctl("coordinator submit --file -").stdin(tasks.join("\n")).run().expect(0);
    eventually("the honest ones are done", || {
        let status = site.json("coordinator status --command-timeout 60s");
        (status["tasks"]["completed"] == 50).then(|| assert_eq!(status["tasks"]["working"], SPINNERS))
    });
    // Their sessions were kept alive all the while.
    assert_eq!(site.record("spin0")["lease_losses"], 0);
    served.terminate().expect(0);
    assert_untouched(&site, "spin0");
}

fn a_replaced_contract_holds_for_the_next_task_and_the_running_one_ends_under_its_own(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, Terms { seconds: 20, ..PATIENT });
    let (served, said) = serve(&site, "", &["s1"]);
    submit(&site, "old", "s1", "spin");
    said.next_with("old began");
    load(&site, "s1", "examples/guests/sip_help.wat", Terms { version: 2, seconds: 1, ..PATIENT });
    submit(&site, "new", "s1", "");
    said.next_with("s1: new: sip: a question has come in");
    said.next_with("new completed");
    let result = site.show("new")["result"].as_str().unwrap().to_owned();
    assert!(result.contains("use SIP over TLS"), "{result}");
    said.next_with("old failed: the guest did not end within 20000 ms");
    served.terminate().expect(0);
}

/// Where a host keeps the module that is in this file.
fn module(home: &TempDir, file: &str) -> PathBuf {
    let digest = Digest::of(&fs::read(file).unwrap());
    home.path().join(format!("chassis/modules/{digest}.wasm"))
}

fn a_module_that_is_elsewhere_or_damaged_costs_no_task_anything(backend: Backend) {
    const ECHO: &str = "examples/guests/echo.wat";
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, PATIENT);
    load(&site, "s2", AS_TOLD, PATIENT);
    let (served, said) = serve(&site, "", &["s1", "s2"]);
    let elsewhere = TempDir::new().unwrap();
    loading(&site, &elsewhere, "s1", "examples/guests/trap.wat", Terms { version: 2, ..PATIENT })
        .run()
        .expect(0);
    said.next_with("error: s1 is not served");
    said.next_with("cause: the module of s1 was loaded on another host");
    said.next_with("hint: ifctl chassis load s1 --wasm FILE --contract FILE");
    submit(&site, "a", "s1", "");

    // There is a module by that name, but it is not that one: only the next task finds out.
    fs::copy(AS_TOLD, module(&site.home, ECHO)).unwrap();
    loading(&site, &elsewhere, "s2", ECHO, Terms { version: 2, ..PATIENT }).run().expect(0);
    submit(&site, "b", "s2", "");
    said.next_with("s2: b not started and given back: the worker ends");
    said.next_with("error: s2 is not served");
    said.next_with("is not the module that was loaded");
    assert_untouched(&site, "a");
    assert_untouched(&site, "b");
    assert!(site.escalations().is_empty(), "{:?}", site.escalations());

    load(&site, "s1", ECHO, Terms { version: 3, ..PATIENT });
    load(&site, "s2", ECHO, Terms { version: 2, ..PATIENT });
    eventually_in(&site, "a", "completed");
    eventually_in(&site, "b", "completed");
    served.terminate().expect(0);
}

fn running_tasks_are_never_allowed_more_memory_than_the_host_has_for_all(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "s1", AS_TOLD, PATIENT);
    assert_snapshot!(site.run("chassis serve s1 --max-memory-mb 15").snapshot(), @"
    $ ifctl chassis serve s1 --max-memory-mb 15
    status: 6
    --- stdout
    --- stderr
    error: the contract of s1 allows a task 16 MiB, all tasks here together get 15 MiB
    hint: give more with --max-memory-mb, or load a contract with a smaller max_memory_mb
    ");
    let (served, said) = serve(&site, "--max-memory-mb 31", &["s1"]);
    submit(&site, "T", "s1", "spin");
    said.next_with("T began");
    submit(&site, "U", "s1", "");
    said.next_with("U began");
    site.run("coordinator cancel T").expect(0);
    let stopped = said.next();
    assert!(stopped.contains("T stopped: the hold is gone"), "U waited for T: {stopped}");
    said.next_with("U completed");
    served.terminate().expect(0);
}

fn tasks_go_on_while_the_store_is_killed_and_comes_back(backend: Backend) {
    let mut site = Site::start(backend);
    load(&site, "s1", AS_TOLD, Terms { seconds: 3, ..PATIENT });
    let (served, said) = serve(&site, "--session-ttl 40s", &["s1"]);
    submit(&site, "T", "s1", "spin");
    said.next_with("T began");
    site.server.kill();
    said.next_with("trying again");
    site.server.restart();
    said.next_with("T failed: the guest did not end within 3000 ms");
    assert_eq!(site.record("T")["lease_losses"], 0);
    submit(&site, "U", "s1", "");
    said.next_with("U completed");
    served.terminate().expect(0);
}

/// A policy under which no swarm is shut out for what some of its tasks do.
const FORGIVING: &str = "resource_policy: {circuit_breaker_failure_threshold: 1000, circuit_breaker_failure_rate: 0}\n\
                         health: {max_failures: 1000}\n";

/// How many tasks: a part of them, because unoptimised they take longer than a test should. With
/// `IF_TEST_SERVE_TASKS=10000` it is all of them.
fn how_many() -> usize {
    environment("IF_TEST_SERVE_TASKS").map_or(2_000, |tasks| tasks.to_str().unwrap().parse().unwrap())
}

/// What a task of the crowd is told, and the class of its failure: one in ten does harm.
fn told(task: usize) -> (&'static str, Option<&'static str>) {
    const HARM: [(&str, &str); 4] =
        [("spin", "timeout"), ("memory", "memory"), ("crash", "trap"), ("bad", "result")];
    // Each swarm gets some of all: tasks go round the swarms.
    match (task / SWARMS + task % SWARMS) % 10 {
        0 => {
            let (told, class) = HARM[task / 10 % HARM.len()];
            (told, Some(class))
        }
        _ => ("", None),
    }
}

const SWARMS: usize = 100;

fn resident_kib(process: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", process.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

fn ten_thousand_tasks_of_a_hundred_swarms_are_accounted_for_whatever_some_of_them_do(backend: Backend) {
    let site = Site::start_under(backend, FORGIVING);
    let names: Vec<String> = (0..SWARMS).map(|number| format!("s{number}")).collect();
    for some in names.chunks(10) {
        let loading = some.iter().map(|swarm| {
            let terms = Terms { seconds: 1, cpu_percent: 5, ..PATIENT };
            loading(&site, &site.home, swarm, AS_TOLD, terms).spawn()
        });
        for running in loading.collect::<Vec<_>>() {
            running.finish().expect(0);
        }
    }
    let swarms: Vec<&str> = names.iter().map(String::as_str).collect();
    // However busy the machine is, no session runs out.
    let (served, said) = serve(&site, "--session-ttl 10m", &swarms);

    let tasks = how_many();
    let line = |task: usize| {
        let swarm = &names[task % SWARMS];
        json!({"id": format!("t{task}"), "directed_to": swarm, "payload": told(task).0}).to_string()
    };
    let file = (0..tasks).map(line).collect::<Vec<_>>().join("\n");
    let submitting = site.ifctl("coordinator submit --file -").stdin(file).spawn();
    let ended = || {
        let status = site.json("coordinator status");
        let count = |state: &str| status["tasks"][state].as_u64().unwrap_or(0);
        usize::try_from(count("completed") + count("input-required") + count("failed")).unwrap()
    };
    patiently(|| ended() >= tasks / 5);
    let before = resident_kib(&served);
    submitting.finish().expect(0);
    patiently(|| ended() == tasks);
    let after = resident_kib(&served);
    served.terminate().expect(0);

    let all = site.json("coordinator tasks");
    let records: BTreeMap<&str, &Value> =
        all.as_array().unwrap().iter().map(|record| (record["id"].as_str().unwrap(), record)).collect();
    assert_eq!(records.len(), tasks);
    let mut harmed = 0;
    for task in 0..tasks {
        let record = records[format!("t{task}").as_str()];
        match told(task).1 {
            None => assert_eq!(record["state"], "completed", "{record}"),
            Some(class) => {
                harmed += 1;
                assert_eq!(
                    (&record["reason"], &record["error"]["class"]),
                    (&json!("not-retryable"), &json!(class))
                );
            }
        }
        if (&record["attempt"], &record["lease_losses"]) != (&json!(1), &json!(0)) {
            let id = record["id"].as_str().unwrap();
            let swarm = record["owner"].as_str().unwrap();
            for change in site.raw().history(&format!("/tasks/{id}/")) {
                eprintln!("{} {} {}", change.revision, change.key, change.value);
            }
            for change in site.raw().history(&format!("/swarms/{swarm}/session")) {
                eprintln!("{} {} {}", change.revision, change.key, change.value);
            }
            for line in said.rest() {
                if line.contains("WARN") || line.contains(&format!("{swarm}:")) {
                    eprintln!("{line}");
                }
            }
            panic!("{record}");
        }
    }
    assert_eq!(harmed, tasks / 10);
    assert!(completions(&site).values().all(|times| *times == 1));
    let on_record: u64 = names.iter().map(|swarm| recorded(&site, swarm)).sum();
    assert_eq!(on_record, tasks as u64);
    let grown = after.saturating_sub(before);
    eprintln!("{tasks} tasks: {before} KiB resident after a fifth of them, {after} KiB at the end");
    assert!(grown < 64 << 10, "{before} KiB became {after} KiB");
}

/// Waits for what takes longer the more tasks there are.
fn patiently(seen: impl Fn() -> bool) {
    while !seen() {
        thread::sleep(std::time::Duration::from_millis(250));
    }
}
