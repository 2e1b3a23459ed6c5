//! However many tasks wait for one, its completion sets all of them free, each once.

use std::collections::BTreeMap;

use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(all_who_wait_for_a_task_are_set_free_once);

/// More than one transaction sets free.
const DEPENDENTS: usize = 45;

fn all_who_wait_for_a_task_are_set_free_once(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit first").expect(0);
    let lines: Vec<String> = (0..DEPENDENTS)
        .map(|i| format!("{{\"id\": \"next-{i:02}\", \"depends_on\": [\"first\"]}}"))
        .collect();
    site.ifctl("coordinator submit --file -").stdin(lines.join("\n")).run().expect(0);
    let in_state = |state: &str| {
        let tasks = site.json("coordinator tasks");
        tasks.as_array().unwrap().iter().filter(|task| task["reason"] == state).count()
    };
    assert_eq!(in_state("waiting"), DEPENDENTS);

    let token = site.claim("first", "s1");
    site.run(&format!("coordinator complete first --token {token}")).expect(0);
    eventually("all are ready", || (in_state("ready") == DEPENDENTS).then_some(()));
    let mut met: BTreeMap<String, usize> = BTreeMap::new();
    for change in site.raw().history("/tasks/next-") {
        if change.key.ends_with("/record") && change.json()["op"] == "dependency-met" {
            *met.entry(change.key).or_default() += 1;
        }
    }
    assert_eq!(met.len(), DEPENDENTS);
    assert!(met.values().all(|times| *times == 1), "{met:?}");
    eventually("nobody waits any more", || site.raw().list("/dependents/").is_empty().then_some(()));
}
