//! However many tasks wait for one, its completion sets all of them free, each once.

use std::collections::BTreeMap;

use serde_json::json;

use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    all_who_wait_for_a_task_are_set_free_once,
    a_dependent_that_nobody_can_read_keeps_no_task_from_ending,
    a_large_result_fits_whatever_the_size_of_those_who_wait_for_it,
);

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

fn a_dependent_that_nobody_can_read_keeps_no_task_from_ending(backend: Backend) {
    let site = Site::start(backend);
    for parent in ["done", "dropped"] {
        site.run(&format!("coordinator submit {parent}")).expect(0);
        site.run(&format!("coordinator submit bad-{parent} --depends-on {parent}")).expect(0);
        site.run(&format!("coordinator submit good-{parent} --depends-on {parent}")).expect(0);
        site.raw().put(&format!("/tasks/bad-{parent}/record"), "garbage");
    }
    let token = site.claim("done", "s1");
    site.run(&format!("coordinator complete done --token {token}")).expect(0);
    assert_eq!(site.state("good-done"), "submitted/ready");
    site.run("coordinator cancel dropped").expect(0);
    assert_eq!(site.state("good-dropped"), "input-required/dependency-failed");
    for parent in ["done", "dropped"] {
        // Whoever mends the record finds that it is still to be told.
        assert!(site.raw().get(&format!("/dependents/{parent}/bad-{parent}")).is_some());
        assert_eq!(site.raw().get(&format!("/tasks/bad-{parent}/record")).unwrap(), "garbage");
    }
}

fn a_large_result_fits_whatever_the_size_of_those_who_wait_for_it(backend: Backend) {
    let site = Site::start(backend);
    let long = |name: String| format!("{name:x<128}");
    let parents: Vec<String> = (0..50).map(|number| long(format!("parent{number}"))).collect();
    let mut lines: Vec<String> = parents.iter().map(|parent| json!({ "id": parent }).to_string()).collect();
    let required: Vec<String> = (0..64).map(|number| long(format!("a:{number}"))).collect();
    // As large as a record can be: what is not printable takes six bytes each.
    let text = "\u{1}".repeat(1024);
    let children: Vec<String> = (0..20).map(|number| format!("child{number}")).collect();
    for child in &children {
        let task = json!({"id": child, "title": text, "idempotency_key": format!("{}{child}", &text[..1000]),
            "required_capabilities": required, "depends_on": parents});
        lines.push(task.to_string());
    }
    site.ifctl("coordinator submit --file -").stdin(lines.join("\n")).run().expect(0);
    let result = site.home.path().join("result");
    std::fs::write(&result, vec![b'r'; 1024 * 1024]).unwrap();
    let token = site.claim(&parents[0], "s1");
    site.ifctl(&format!("coordinator complete {} --token {token}", parents[0]))
        .arg_pair("--result-file", &result)
        .run()
        .expect(0);
    eventually("all have been told", || {
        site.raw().list(&format!("/dependents/{}/", parents[0])).is_empty().then_some(())
    });
    for child in &children {
        assert_eq!(site.record(child)["unmet"].as_array().unwrap().len(), 49);
    }
}
