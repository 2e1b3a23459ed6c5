//! What a swarm uses is seen from anywhere while it uses it, and the most that it used is never forgotten.

use std::fs;

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::command::Running;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    what_a_task_uses_is_seen_elsewhere_while_it_runs_and_vanishes_with_its_process,
    a_task_that_ends_leaves_its_peaks_and_nothing_else,
    what_several_processes_use_is_summed,
    whoever_watches_is_told_of_every_change,
    what_nobody_can_read_hides_nothing_else,
    a_store_that_goes_away_costs_a_warning_and_not_the_task,
);

/// Takes 8 MiB and never ends by itself.
const HOG: &str = r#"(module
  (memory (export "memory") 1)
  (func (export "alloc") (param i32) (result i32) (i32.const 1024))
  (func (export "execute_task") (param i32 i32) (result i64)
    (drop (memory.grow (i32.const 127)))
    (loop $forever (br $forever))
    unreachable))"#;
const HOG_BYTES: u64 = 8 << 20;

/// Puts code under a contract that gives it 16 MiB, a tenth of a core and some seconds.
#[track_caller]
fn load(site: &Site, swarm: &str, wasm: &str, seconds: u32) {
    let directory = site.home.path();
    let limits = format!("{{max_memory_mb: 16, max_cpu_percent: 10, max_execution_time_seconds: {seconds}}}");
    let contract =
        format!("swarm_id: {swarm}\nversion: 1.0.0\ncapabilities: [a:b]\nresource_requirements: {limits}\n");
    let (module, terms) = (directory.join("given.wat"), directory.join("given.yaml"));
    fs::write(&module, wasm).unwrap();
    fs::write(&terms, contract).unwrap();
    site.ifctl(&format!("chassis load {swarm} --replace"))
        .arg_pair("--wasm", module)
        .arg_pair("--contract", terms)
        .run()
        .expect(0);
}

/// A task under way.
fn start(site: &Site, swarm: &str) -> Running {
    site.ifctl(&format!("chassis exec {swarm}")).stdin("{}").spawn()
}

fn resources(site: &Site, swarm: &str) -> Value {
    site.json(&format!("chassis resources {swarm}"))
}

/// What is used now: memory, tasks, processes.
fn current(report: &Value) -> (u64, u64, usize) {
    let number = |name: &str| report[name]["current"].as_u64().unwrap();
    (number("memory_bytes"), number("instances"), report["processes"].as_array().unwrap().len())
}

fn live(site: &Site, swarm: &str) -> Vec<(String, String)> {
    site.raw().list(&format!("/chassis/metrics/{swarm}/live/"))
}

fn peaks(site: &Site, swarm: &str) -> Option<Value> {
    site.raw().json(&format!("/chassis/metrics/{swarm}/peaks"))
}

fn what_a_task_uses_is_seen_elsewhere_while_it_runs_and_vanishes_with_its_process(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "hog", HOG, 600);
    let never = resources(&site, "hog");
    assert_eq!(current(&never), (0, 0, 0));
    assert_eq!(never["memory_bytes"], json!({"limit": 16 << 20, "current": 0, "peak": null}));
    assert_snapshot!(site.run("chassis resources hog").snapshot(), @"
    $ ifctl chassis resources hog
    status: 0
    --- stdout
     SWARM  RESOURCE                     LIMIT  CURRENT  PEAK
     hog    memory             16.0 MiB a task  0.0 MiB     -
            CPU share                   10.0 %    0.0 %     -
            calls per second                10        0     -
            instances                        -        0     -
            time              600.000 s a task  0.000 s     -
    --- stderr
    ");

    let task = start(&site, "hog");
    let busy = eventually("its use is seen", || {
        let report = resources(&site, "hog");
        let works = report["cpu_percent"]["current"].as_f64().unwrap() > 0.0;
        (current(&report) == (HOG_BYTES, 1, 1) && works).then_some(report)
    });
    assert_eq!(busy["memory_bytes"]["peak"], HOG_BYTES);
    assert_eq!(busy["processes"][0]["pid"], task.pid());
    assert!(busy["time_ms"]["current"].as_u64() > Some(0), "{busy}");
    assert!(busy["cpu_percent"]["peak"].as_f64() >= busy["cpu_percent"]["current"].as_f64(), "{busy}");
    eventually("what it took is on record", || {
        peaks(&site, "hog")?["memory_bytes"].as_u64().filter(|bytes| *bytes == HOG_BYTES)
    });

    task.kill();
    eventually("what it used is gone with it", || live(&site, "hog").is_empty().then_some(()));
    let after = resources(&site, "hog");
    assert_eq!(current(&after), (0, 0, 0));
    assert_eq!((&after["memory_bytes"]["peak"], &after["instances"]["peak"]), (&json!(HOG_BYTES), &json!(1)));
}

fn a_task_that_ends_leaves_its_peaks_and_nothing_else(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "hog", HOG, 1);
    start(&site, "hog").finish().expect(6);
    assert!(live(&site, "hog").is_empty(), "it takes back what it has told");
    let record = peaks(&site, "hog").unwrap();
    let expected = [("memory_bytes", json!(HOG_BYTES)), ("instances", json!(1)), ("time_ms", json!(1000))];
    for (name, value) in expected {
        assert_eq!(record[name], value, "{record}");
    }
    assert_eq!((&record["by"], &record["op"]), (&json!("human:tester"), &json!("exec")));
    assert!(record["cpu_percent"].as_f64() > Some(0.0), "{record}");

    // What takes less lowers nothing.
    load(&site, "hog", &fs::read_to_string("examples/guests/echo.wat").unwrap(), 5);
    start(&site, "hog").finish().expect(0);
    let after = resources(&site, "hog");
    assert_eq!(
        (&after["memory_bytes"]["peak"], &after["time_ms"]["peak"]),
        (&json!(HOG_BYTES), &json!(1000))
    );
    assert_eq!(after["time_ms"]["limit"], 5000);
    assert_eq!(peaks(&site, "hog").unwrap(), record);

    // A short task counts as well, although nobody was told of it while it ran.
    load(&site, "brief", &fs::read_to_string("examples/guests/echo.wat").unwrap(), 5);
    start(&site, "brief").finish().expect(0);
    assert_eq!(resources(&site, "brief")["memory_bytes"]["peak"], 1 << 16);
}

fn what_several_processes_use_is_summed(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "hog", HOG, 600);
    let tasks = [start(&site, "hog"), start(&site, "hog")];
    let busy = eventually("both are seen", || {
        let report = resources(&site, "hog");
        (current(&report) == (2 * HOG_BYTES, 2, 2)).then_some(report)
    });
    let pids: Vec<u64> =
        busy["processes"].as_array().unwrap().iter().map(|p| p["pid"].as_u64().unwrap()).collect();
    assert!(tasks.iter().all(|task| pids.contains(&u64::from(task.pid()))), "{pids:?}");
    let together = eventually("that they ran at once is on record", || {
        peaks(&site, "hog").filter(|peaks| peaks["instances"] == 2)
    });
    assert_eq!(together["memory_bytes"], 2 * HOG_BYTES);
}

fn whoever_watches_is_told_of_every_change(backend: Backend) {
    let site = Site::start(backend);
    load(&site, "hog", HOG, 600);
    let mut programs = site.ifctl("chassis resources hog --watch").spawn();
    let mut people = site.ifctl("chassis resources --watch -o table").spawn();
    let (reports, picture) = (programs.stdout_lines(), people.stdout_lines());
    assert_eq!(current(&reports.next_json()), (0, 0, 0));
    picture.next_with("LAST MINUTE");
    let task = start(&site, "hog");
    while current(&reports.next_json()) != (HOG_BYTES, 1, 1) {}
    // Half of what it may have, after a time without.
    let line = picture.next_with("▁▅");
    assert!(line.contains("memory") && line.contains("8.0 MiB"), "{line}");
    task.kill();
    while current(&reports.next_json()) != (0, 0, 0) {}
    picture.next_with("▅▁");
    programs.terminate().expect(0);
    people.terminate().expect(0);
}

fn what_nobody_can_read_hides_nothing_else(backend: Backend) {
    let site = Site::start(backend);
    for swarm in ["one", "two"] {
        load(&site, swarm, HOG, 600);
    }
    let raw = site.raw();
    raw.put("/chassis/metrics/one/live/00ff", "garbage");
    raw.put("/chassis/metrics/one/live/00fe", r#"{"memory_bytes":5,"host":"h","pid":1,"by":"x","op":"run"}"#);
    raw.put("/chassis/metrics/gone/peaks", "{}");
    raw.put("/chassis/contracts/broken", "{");
    let reports = site.json("chassis resources");
    let told: Vec<_> = reports.as_array().unwrap().iter().map(|r| (&r["swarm"], current(r))).collect();
    assert_eq!(told, [(&json!("one"), (5, 0, 1)), (&json!("two"), (0, 0, 0))]);
    assert_eq!(site.run("chassis resources broken").code, 1);
    assert_snapshot!(site.run("chassis resources nobody").snapshot(), @"
    $ ifctl chassis resources nobody
    status: 3
    --- stdout
    --- stderr
    error: no contract is loaded for nobody
    hint: ifctl chassis load nobody --wasm FILE --contract FILE
    ");
}

fn a_store_that_goes_away_costs_a_warning_and_not_the_task(backend: Backend) {
    let mut site = Site::start(backend);
    load(&site, "hog", HOG, 8);
    let task = site.ifctl("--command-timeout 1s chassis exec hog").stdin("{}").spawn();
    eventually("it runs", || (!live(&site, "hog").is_empty()).then_some(()));
    site.server.kill();
    let finished = task.finish().expect(6);
    assert!(finished.stderr.contains("the guest did not end within 8000 ms"), "{}", finished.stderr);
    for warning in
        ["the task is missing from the record", "the most that it has used is missing from the record"]
    {
        assert_eq!(finished.stderr.matches(warning).count(), 1, "{}", finished.stderr);
    }
    let told = finished.stderr.matches("cannot be shown elsewhere for now").count();
    assert_eq!(told, 1, "once, not every second: {}", finished.stderr);
}
