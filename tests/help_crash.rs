//! Whoever asks for help may be killed at every step: afterwards the task is helped or a human is called, once, and
//! what is set aside is what the help that there is may cost.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::budgets::assert_never_above_cap;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_leader_that_is_killed_while_it_asks_for_help_leaves_nothing_undone_and_nothing_done_twice,
    a_leader_that_is_killed_while_it_calls_a_human_calls_one,
    a_person_whose_command_is_killed_leaves_nothing_undone_and_nothing_done_twice,
);

/// Every step of a request for help.
const STEPS: [&str; 5] = ["help-read", "help-picked", "help-helper", "help-prepared", "help-committed"];

/// Nobody who costs more than an hour's dollar, so that every budget lasts for all steps.
const POLICY: &str = "
capability_registry:
  asker: {capabilities: [x:y], cost_per_hour: 1, budget: 50}
  ann: {capabilities: [a:a], cost_per_hour: 1, budget: 50}
  bob: {capabilities: [a:a, b:b], cost_per_hour: 1, budget: 50}
";

/// A task that is blocked. Whoever looks for help may die before the command is answered.
fn block(site: &Site, task: &str, needs: &str) {
    site.run(&format!("coordinator submit {task}")).expect(0);
    let token = site.claim(task, "asker");
    site.run(&format!("coordinator block {task} --token {token} --needs {needs} --description how?"));
}

/// The tasks that help another one.
fn help(site: &Site, task: &str) -> Vec<Value> {
    let tasks = site.json("coordinator tasks");
    let help = tasks.as_array().unwrap().iter().filter(|other| other["helps"] == task);
    help.cloned().collect()
}

fn name<'a>(task: &'a Value, key: &str) -> &'a str {
    task[key].as_str().unwrap()
}

/// What is set aside is what the budgets say, and belongs to help that has not ended.
fn assert_nothing_leaks(site: &Site) {
    let mut reserved: BTreeMap<String, i64> = BTreeMap::new();
    for (key, text) in site.raw().list("/governor/reservations/") {
        let reservation: Value = serde_json::from_str(&text).unwrap();
        *reserved.entry(name(&reservation, "swarm").to_owned()).or_default() +=
            reservation["amount"].as_i64().unwrap();
        let task = site.record(name(&reservation, "task"));
        let claim = &reservation["claim"];
        let prepaid = task["prepaid"]["claim_id"] == *claim;
        let worked_on = task["state"] == "working" && task["claim_id"] == *claim;
        assert!(prepaid || worked_on, "nobody uses {key}: {task}");
    }
    for swarm in ["asker", "ann", "bob"] {
        let (_, of_budget, _) = site.budget(swarm);
        assert_eq!(of_budget, reserved.get(swarm).copied().unwrap_or(0), "{swarm}");
    }
    assert_never_above_cap(&site.raw());
}

/// Two are asked, each once; they answer, and the task goes on.
fn assert_helped_once(site: &Site, task: &str) {
    let pending = eventually("help is asked for", || {
        let pending = site.record(task)["blocker"]["pending"].take();
        pending.as_array().filter(|pending| !pending.is_empty()).cloned()
    });
    let help = help(site, task);
    let mut asked: Vec<_> = help.iter().map(|help| name(help, "directed_to")).collect();
    asked.sort_unstable();
    assert_eq!((asked, pending.len()), (vec!["ann", "bob"], 2), "{help:?}");
    assert!(help.iter().all(|help| pending.contains(&help["id"])), "{help:?}");
    assert_eq!(site.raw().list("/governor/reservations/").len(), 2);
    assert_nothing_leaks(site);
    for help in &help {
        let token = site.claim(name(help, "id"), name(help, "directed_to"));
        let complete = format!("coordinator complete {} --token {token} --cost 0.25", name(help, "id"));
        site.run(&complete).expect(0);
    }
    assert_eq!(site.state(task), "submitted/ready");
    assert!(site.raw().list("/governor/reservations/").is_empty());
    assert_nothing_leaks(site);
    // It need not be in the way of the next.
    site.run(&format!("coordinator cancel {task}")).expect(0);
}

fn a_leader_that_is_killed_while_it_asks_for_help_leaves_nothing_undone_and_nothing_done_twice(
    backend: Backend,
) {
    let mut site = Site::start_under(backend, POLICY);
    for step in STEPS {
        site.restart_leader(&format!("{step}=return"));
        block(&site, step, "a:a,b:b");
        eventually("the leader dies", || site.has_lost_its_leader().then_some(()));
        site.restart_leader("");
        assert_helped_once(&site, step);
    }
    assert!(site.escalations().is_empty(), "{:?}", site.escalations());
}

fn a_leader_that_is_killed_while_it_calls_a_human_calls_one(backend: Backend) {
    let mut site = Site::start_under(backend, POLICY);
    for (number, step) in ["help-picked", "help-prepared", "help-committed"].into_iter().enumerate() {
        site.restart_leader(&format!("{step}=return"));
        block(&site, step, "magic:wands");
        eventually("the leader dies", || site.has_lost_its_leader().then_some(()));
        site.restart_leader("");
        eventually("a human is called", || {
            site.record(step)["blocker"]["requested"].as_bool().filter(|requested| *requested)
        });
        let calls = site.escalations();
        assert_eq!(calls.len(), number + 1, "{calls:?}");
        assert_eq!(calls.iter().filter(|call| call["task"] == step).count(), 1, "{calls:?}");
        assert_nothing_leaks(&site);
        assert!(site.raw().list("/governor/reservations/").is_empty());
    }
}

fn a_person_whose_command_is_killed_leaves_nothing_undone_and_nothing_done_twice(backend: Backend) {
    let mut site = Site::start_under(backend, POLICY);
    for step in STEPS {
        // Nobody else looks for help meanwhile.
        site.restart_leader("help-off=return");
        block(&site, step, "a:a,b:b");
        let request = format!("governor request-help {step}");
        let killed = site.ifctl(&request).env("FAILPOINTS", format!("{step}=return")).run().expect(128 + 9);
        assert_eq!(killed.stdout, "");
        assert_nothing_leaks(&site);
        let asked = if step == "help-committed" { 2 } else { 0 };
        assert_eq!(help(&site, step).len(), asked, "{step}");
        // Both the next leader and the person try again.
        site.restart_leader("");
        site.run(&request).expect(0);
        assert_helped_once(&site, step);
    }
}
