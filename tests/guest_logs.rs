//! What guests log is kept where they ran: whole lines, whoever logs at the same time, and never more than so much.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::command::{Ifctl, Running};
use crate::support::servers::Backend;
use crate::support::site::Site;

/// How much of a swarm's log is kept: four segments, each of which every writer may pass by a line.
const BOUND: u64 = 4 * ((4 << 20) + 8 * (10 << 10));

/// Logs its input so many times and answers `1`.
fn echoing(times: u32) -> String {
    format!(
        r#"(module
          (import "env" "log" (func $log (param i32 i32)))
          (memory (export "memory") 2)
          (data (i32.const 0) "1")
          (func (export "alloc") (param i32) (result i32) (i32.const 1024))
          (func (export "execute_task") (param $p i32) (param $n i32) (result i64)
            (local $left i32)
            (local.set $left (i32.const {times}))
            (loop $again
              (call $log (local.get $p) (local.get $n))
              (local.set $left (i32.sub (local.get $left) (i32.const 1)))
              (br_if $again (local.get $left)))
            (i64.const 1)))"#
    )
}

/// A site with a swarm `talker` whose guest logs its input so many times.
fn talking(times: u32) -> Site {
    let site = Site::start(Backend::Engine);
    let contract = "swarm_id: talker\nversion: 1.0.0\ncapabilities: [a:b]\n";
    let file = |name: &str, text: &str| {
        let path = site.home.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let (module, terms) = (file("given.wat", &echoing(times)), file("given.yaml", contract));
    site.ifctl("chassis load talker --replace")
        .arg_pair("--wasm", module)
        .arg_pair("--contract", terms)
        .run()
        .expect(0);
    site
}

/// A task under way that logs this text.
fn say(site: &Site, task: &str, text: &str) -> Running {
    let task = if task.is_empty() { String::new() } else { format!("--task-id {task}") };
    site.ifctl(&format!("chassis exec talker {task}")).stdin(json!(text).to_string()).spawn()
}

fn logs(site: &Site, options: &str) -> Vec<Value> {
    let told = site.run(&format!("chassis logs talker -o json {options}")).expect(0);
    told.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn directory(site: &Site) -> PathBuf {
    site.home.path().join("chassis/logs/talker")
}

/// The sizes of the files of the log.
fn sizes(site: &Site) -> Vec<u64> {
    fs::read_dir(directory(site)).unwrap().map(|file| file.unwrap().metadata().unwrap().len()).collect()
}

#[test]
fn a_log_tells_when_in_which_task_and_what() {
    let site = talking(1);
    for (task, text) in [("T1", "one"), ("", "two"), ("T2", "three\u{1b}")] {
        say(&site, task, text).finish().expect(0);
    }
    assert_snapshot!(site.run("chassis logs talker").snapshot(), @r#"
    $ ifctl chassis logs talker
    status: 0
    --- stdout
    TIME T1 "one"
    TIME - "two"
    TIME T2 "three\u001b"
    --- stderr
    "#);
    let told = logs(&site, "");
    let tasks: Vec<&Value> = told.iter().map(|line| &line["task"]).collect();
    assert_eq!(tasks, ["T1".into(), Value::Null, "T2".into()].iter().collect::<Vec<_>>());
    let pids: BTreeSet<u64> = told.iter().map(|line| line["pid"].as_u64().unwrap()).collect();
    assert_eq!(pids.len(), 3, "{told:?}");

    assert_eq!(logs(&site, "--task T2"), told[2..]);
    assert_eq!(logs(&site, "-n 2"), told[1..]);
    assert_eq!(logs(&site, &format!("--since {}", told[1]["at"].as_str().unwrap())), told[1..]);
    assert_eq!(logs(&site, "--since 1h"), told);
    assert!(logs(&site, "--since 9999-01-01T00:00:00Z").is_empty());
    let wrong = site.run("chassis logs talker --since soon").expect(2);
    assert!(wrong.stderr.contains("10m for ten minutes ago"), "{}", wrong.stderr);

    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let file = fs::read_dir(directory(&site)).unwrap().next().unwrap().unwrap().path();
    assert_eq!((mode(&file), mode(&directory(&site))), (0o600, 0o700));
}

#[test]
fn lines_of_processes_that_log_at_once_are_all_whole() {
    const TIMES: u32 = 200;
    let site = talking(TIMES);
    let text = |task: usize| format!("{task} {}", "x".repeat(3000));
    let tasks: Vec<Running> = (0..8).map(|task| say(&site, &format!("T{task}"), &text(task))).collect();
    for task in tasks {
        task.finish().expect(0);
    }
    let mut counts = BTreeMap::new();
    for line in logs(&site, "") {
        let task = line["task"].as_str().unwrap().to_owned();
        let number: usize = task[1..].parse().unwrap();
        assert_eq!(line["line"], json!(text(number)).to_string(), "{task}");
        *counts.entry(task).or_insert(0) += 1;
    }
    assert_eq!(counts, (0..8).map(|task| (format!("T{task}"), TIMES)).collect());
}

#[test]
fn a_log_is_bounded_and_whoever_follows_sees_every_line_across_its_files() {
    const TIMES: usize = 120;
    const TASKS: usize = 20;
    let site = talking(u32::try_from(TIMES).unwrap());
    let mut follower = site.ifctl("chassis logs talker --follow -o json").spawn();
    let lines = follower.stdout_lines();
    // The longest that a guest may log: together more than is kept.
    let text = "x".repeat(8000);
    for task in 0..TASKS {
        say(&site, &format!("T{task}"), &text).finish().expect(0);
        for _ in 0..TIMES {
            assert_eq!(lines.next_json()["task"], format!("T{task}"));
        }
        let sizes = sizes(&site);
        assert!(sizes.len() <= 4 && sizes.iter().sum::<u64>() <= BOUND, "{sizes:?}");
    }
    kill(Pid::from_raw(i32::try_from(follower.pid()).unwrap()), Signal::SIGINT).unwrap();
    follower.finish().expect(0);

    let kept = logs(&site, "");
    assert!(kept.len() < TASKS * TIMES, "the oldest are gone");
    assert!(kept.len() > TASKS * TIMES / 2, "{} are kept", kept.len());
    assert_eq!(logs(&site, &format!("--task T{}", TASKS - 1)).len(), TIMES);
    site.run("chassis logs talker --task T0").expect(3);
}

#[test]
fn whoever_asks_for_nothing_is_told_where_to_look() {
    let site = talking(1);
    assert_snapshot!(site.run("chassis logs nobody").snapshot(), @"
    $ ifctl chassis logs nobody
    status: 3
    --- stdout
    --- stderr
    error: no contract is loaded for nobody
    hint: ifctl chassis load nobody --wasm FILE --contract FILE
    ");
    say(&site, "T1", "here").finish().expect(0);
    assert_snapshot!(site.run("chassis logs talker --task T9").snapshot(), @"
    $ ifctl chassis logs talker --task T9
    status: 3
    --- stdout
    --- stderr
    error: talker has logged nothing in task T9 on this host
    hint: logs stay on the host that ran the task: ifctl chassis logs talker there, or wait here with --follow
    ");
    let elsewhere = TempDir::new().unwrap();
    let call = Ifctl::new(elsewhere.path()).endpoints(&site.server).args(["chassis", "logs", "talker"]);
    assert_snapshot!(call.run().snapshot(), @"
    $ ifctl chassis logs talker
    status: 3
    --- stdout
    --- stderr
    error: talker has logged nothing on this host
    hint: logs stay on the host that ran the task: ifctl chassis logs talker there, or wait here with --follow
    ");
    for path in ["..", "../../coordinator", ".hidden"] {
        site.run(&format!("chassis logs {path}")).expect(2);
    }
}

#[test]
fn a_disk_that_takes_no_log_costs_one_warning_and_not_the_task() {
    let site = talking(50);
    fs::write(site.home.path().join("chassis/logs"), "a file where a directory should be").unwrap();
    let finished = say(&site, "T1", "lost").finish().expect(0);
    assert_eq!(finished.stdout, "1\n");
    assert_eq!(finished.stderr.matches("talker: \"lost\"").count(), 50);
    assert_eq!(finished.stderr.matches("what guests log is not kept").count(), 1, "{}", finished.stderr);
}
