//! Killing what serves, in the middle of a load: everything is done, and everything once.

use std::collections::BTreeMap;
use std::fs;

use crate::support::command::{Lines, Running};
use crate::support::patience::eventually;
use crate::support::servers::{Backend, Coordinator};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(a_kill_in_the_middle_of_a_load_loses_no_work_and_repeats_none);

const TASKS: usize = 150;
const KILLS: u64 = 3;

fn worker(site: &Site, swarm: usize) -> (Running, Lines) {
    let line = format!("coordinator work --swarm s{swarm} --slots 3 --session-ttl 40s --");
    let script = r#"echo "$IF_TASK_TOKEN" >> "$IF_HOME/runs/$IF_TASK_ID""#;
    let mut running = site.ifctl(&line).args(["sh", "-c", script]).spawn();
    let said = running.stderr_lines();
    said.next_with("connected as");
    (running, said)
}

fn completed(site: &Site) -> Option<u64> {
    let status = site.ifctl("coordinator status -o json").run();
    (status.code == 0).then(|| status.json()["tasks"]["completed"].as_u64().unwrap_or(0))
}

/// Kills the engine, or etcd and its coordinator, and starts them again on their data.
fn kill_and_restart(site: &mut Site) {
    let beside = site.coordinator.pid().is_some();
    if beside {
        site.coordinator.kill();
    }
    site.server.restart();
    if beside {
        site.coordinator = Coordinator::start(&site.server);
    }
}

fn a_kill_in_the_middle_of_a_load_loses_no_work_and_repeats_none(backend: Backend) {
    // A push that arrives late, because its server was away, is not taken back here.
    let mut site = Site::start_under(backend, "coordination:\n  acknowledge_within_seconds: 600\n");
    fs::create_dir(site.home.path().join("runs")).unwrap();
    let workers: Vec<_> = (0..4).map(|number| worker(&site, number)).collect();
    let tasks: Vec<String> = (0..TASKS).map(|number| format!("{{\"id\":\"t{number}\"}}")).collect();
    site.ifctl("coordinator submit --file -").stdin(tasks.join("\n")).run().expect(0);
    for kill in 0..KILLS {
        let enough = kill * 30 + 10;
        eventually("the load is under way", || completed(&site).filter(|completed| *completed >= enough));
        kill_and_restart(&mut site);
    }
    eventually("everything is done", || completed(&site).filter(|completed| *completed == TASKS as u64));

    let mut completions: BTreeMap<String, usize> = BTreeMap::new();
    for change in site.raw().history("/tasks/").iter().filter(|change| change.key.ends_with("/record")) {
        if change.json()["op"] == "complete" {
            *completions.entry(change.key.clone()).or_default() += 1;
        }
    }
    assert_eq!(completions.len(), TASKS);
    assert!(completions.values().all(|count| *count == 1), "{completions:?}");
    for record in site.json("coordinator tasks").as_array().unwrap() {
        let id = record["id"].as_str().unwrap();
        let runs = fs::read_to_string(site.home.path().join("runs").join(id)).unwrap();
        assert_eq!(runs.lines().count(), 1, "{id} was run with {runs}");
        assert_eq!((&record["lease_losses"], &record["attempt"]), (&0.into(), &1.into()), "{record}");
    }
    for (worker, _) in workers {
        worker.terminate().expect(0);
    }
}
