//! Several coordinators beside one etcd: one leads, the others take over, and who led before writes nothing.

use std::collections::BTreeMap;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use crate::support::command::{Lines, Running};
use crate::support::patience::eventually;
use crate::support::raw::Change;
use crate::support::servers::{Backend, Coordinator};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(a_leader_whose_key_was_taken_away_leads_anew);

/// Nothing is taken back here, however slow the machine is.
const PATIENT: &str = "coordination:\n  acknowledge_within_seconds: 600\n";

fn worker(site: &Site, swarm: &str) -> (Running, Lines) {
    let line = format!("coordinator work --swarm {swarm} --slots 2 -- true");
    let mut running = site.ifctl(&line).spawn();
    let said = running.stderr_lines();
    said.next_with("connected as");
    (running, said)
}

fn submit(site: &Site, prefix: &str, count: usize) {
    let tasks: Vec<String> = (0..count).map(|number| format!("{{\"id\":\"{prefix}-{number}\"}}")).collect();
    site.ifctl("coordinator submit --file -").stdin(tasks.join("\n")).run().expect(0);
}

fn completed(site: &Site) -> u64 {
    site.json("coordinator status")["tasks"]["completed"].as_u64().unwrap_or(0)
}

fn leader(site: &Site) -> Option<u32> {
    let pid = site.json("coordinator status")["leader"]["pid"].as_u64()?;
    Some(u32::try_from(pid).unwrap())
}

fn signal(pid: u32, signal: Signal) {
    kill(Pid::from_raw(i32::try_from(pid).unwrap()), signal).unwrap();
}

/// Every value that a coordinator signed was written while it led.
fn assert_only_leaders_wrote(history: &[Change]) {
    let mut leader = None;
    let mut written = 0;
    for change in history.iter().filter(|change| !change.deleted) {
        let Ok(value) = serde_json::from_str::<Value>(&change.value) else { continue };
        if change.key == "/coordinator/leader" {
            leader = value["id"].as_str().map(str::to_owned);
        } else if let Some(by) = value["by"].as_str().filter(|by| by.starts_with("coordinator-")) {
            let is_about_tasks = change.key.starts_with("/tasks/") || change.key.contains("/inbox/");
            if is_about_tasks || change.key == "/governor/policy" || change.key.ends_with("/profile") {
                assert_eq!(Some(by), leader.as_deref(), "{} at {}", change.key, change.revision);
                written += 1;
            }
        }
    }
    assert!(written > 0, "leaders have written something");
}

/// How often an operation wrote the record of each task.
fn times(history: &[Change], op: &str) -> BTreeMap<String, usize> {
    let mut times = BTreeMap::new();
    for change in history.iter().filter(|change| change.key.ends_with("/record")) {
        if change.json()["op"] == op {
            *times.entry(change.key.clone()).or_default() += 1;
        }
    }
    times
}

fn assert_each_once(history: &[Change], op: &str, tasks: usize) {
    let times = times(history, op);
    assert_eq!(times.len(), tasks, "{op}: {times:?}");
    assert!(times.values().all(|times| *times == 1), "{op}: {times:?}");
}

#[test]
fn killing_the_leader_moves_leadership_and_no_push_is_lost_or_doubled() {
    let mut site = Site::start_under(Backend::Etcd34, PATIENT);
    let second = Coordinator::start(&site.server);
    let workers = [worker(&site, "s1"), worker(&site, "s2")];
    assert_eq!(leader(&site), site.coordinator.pid());
    submit(&site, "before", 60);
    eventually("the work is under way", || (completed(&site) >= 10).then_some(()));
    site.coordinator.kill();
    submit(&site, "after", 20);
    eventually("the other one leads", || (leader(&site) == second.pid()).then_some(()));
    eventually("everything is done", || (completed(&site) == 80).then_some(()));

    let history = site.raw().history("/");
    for op in ["assign", "acknowledge", "complete"] {
        assert_each_once(&history, op, 80);
    }
    assert_only_leaders_wrote(&history);
    for (worker, _) in workers {
        worker.terminate().expect(0);
    }
}

#[test]
fn a_leader_that_slept_while_another_led_writes_nothing_when_it_wakes() {
    let site = Site::start_under(Backend::Etcd34, PATIENT);
    let second = Coordinator::start(&site.server);
    let (first_pid, second_pid) = (site.coordinator.pid().unwrap(), second.pid().unwrap());
    let (worker, said) = worker(&site, "s1");
    submit(&site, "a", 1);
    said.next_with("a-0 completed");
    for round in 0..3 {
        signal(first_pid, Signal::SIGSTOP);
        eventually("the other one leads", || (leader(&site) == Some(second_pid)).then_some(()));
        // Work for a worker that is free, and nobody awake who may hand it out.
        signal(second_pid, Signal::SIGSTOP);
        submit(&site, &format!("b{round}"), 5);
        signal(first_pid, Signal::SIGCONT);
        let noticed = || site.coordinator.said().matches("leadership was lost").count() > round;
        eventually("the first one has noticed", || noticed().then_some(()));
        signal(second_pid, Signal::SIGCONT);
        let done = 1 + 5 * (u64::try_from(round).unwrap() + 1);
        eventually("the work is done", || (completed(&site) == done).then_some(()));
        // The first one is to lead in the next round.
        signal(second_pid, Signal::SIGSTOP);
        eventually("the first one leads", || (leader(&site) == Some(first_pid)).then_some(()));
        signal(second_pid, Signal::SIGCONT);
    }
    let history = site.raw().history("/");
    assert_only_leaders_wrote(&history);
    assert_each_once(&history, "complete", 16);
    worker.terminate().expect(0);
}

#[test]
fn a_leader_whose_key_another_has_writes_nothing_although_it_has_not_noticed() {
    let site = Site::start_under(Backend::Etcd34, PATIENT);
    let second = Coordinator::start(&site.server);
    let workers = [worker(&site, "s1"), worker(&site, "s2")];
    assert_eq!(leader(&site), site.coordinator.pid());
    site.raw().delete("/coordinator/leader");
    eventually("the other one leads", || (leader(&site) == second.pid()).then_some(()));
    submit(&site, "t", 60);
    eventually("everything is done", || (completed(&site) == 60).then_some(()));
    let history = site.raw().history("/");
    assert_only_leaders_wrote(&history);
    assert_each_once(&history, "complete", 60);
    for (worker, _) in workers {
        worker.terminate().expect(0);
    }
}

fn a_leader_whose_key_was_taken_away_leads_anew(backend: Backend) {
    let site = Site::start(backend);
    let raw = site.raw();
    let before = raw.created("/coordinator/leader").expect("it leads as soon as it is ready");
    // Its lease goes on.
    raw.delete("/coordinator/leader");
    eventually("it leads anew", || raw.created("/coordinator/leader").filter(|created| *created > before));
    site.run("coordinator submit T").expect(0);
    site.run("coordinator claim --next --swarm s1 --wait 60s").expect(0);
}
