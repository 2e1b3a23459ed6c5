//! Help is for one swarm and one question: nobody else gets it, and when the question is answered otherwise it is
//! called off, unless somebody has begun.

use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    help_is_pushed_to_whom_it_is_directed,
    help_that_is_not_needed_any_more_is_called_off_and_its_money_is_free,
    help_that_was_begun_is_not_called_off,
    a_swarm_whose_account_nobody_can_read_keeps_no_other_from_helping,
    help_that_fails_after_other_help_has_answered_calls_nobody,
    help_that_nobody_takes_up_is_called_off_in_time_and_a_human_is_called,
    help_for_a_task_that_nobody_can_read_is_kept_until_it_can_be_read_again,
);

/// The swarm of the default policy that can do what is needed.
const HELPER: &str = "session-4-sip";
/// What it has before and after, in micro-dollars: spent, reserved, cap.
const UNTOUCHED: (i64, i64, i64) = (0, 0, 60_000_000);

/// A task that is blocked, and the help that was asked for.
fn blocked(site: &Site) -> String {
    site.run("coordinator submit call --direct-to session-3-h323").expect(0);
    let token = site.claim("call", "session-3-h323");
    let block = format!("coordinator block call --token {token} --needs integration:sip --description how?");
    site.run(&block).expect(0);
    eventually("help is asked for", || {
        let pending = site.record("call")["blocker"]["pending"].take();
        pending.as_array()?.first()?.as_str().map(str::to_owned)
    })
}

fn help_is_pushed_to_whom_it_is_directed(backend: Backend) {
    let site = Site::start(backend);
    let mut listeners: Vec<_> = ["session-7-ifbus", HELPER]
        .map(|swarm| site.ifctl(&format!("coordinator listen --swarm {swarm}")).spawn())
        .into();
    let [others, helpers] = [0, 1].map(|at: usize| listeners[at].stdout_lines());
    for pushes in [&others, &helpers] {
        assert_eq!(pushes.next_json()["type"], "connected");
    }
    let help = blocked(&site);
    let push = helpers.next_json();
    assert_eq!((&push["type"], &push["task"]["id"]), (&"assignment".into(), &help.as_str().into()));
    assert_eq!(push["task"]["helps"], "call");
    // The other one was there all the time, and gets what is for everybody.
    site.run("coordinator submit anybody --direct-to session-7-ifbus").expect(0);
    assert_eq!(others.next_json()["task"]["id"], "anybody");
    for listener in listeners {
        listener.terminate().expect(0);
    }
}

fn help_that_is_not_needed_any_more_is_called_off_and_its_money_is_free(backend: Backend) {
    let site = Site::start(backend);
    let help = blocked(&site);
    assert_eq!(site.budget(HELPER), (0, 10_000_000, 60_000_000));
    site.run("coordinator unblock call").expect(0);
    assert_eq!(site.state("call"), "submitted/ready");
    eventually("the leader calls it off", || (site.state(&help) == "canceled").then_some(()));
    assert_eq!(site.budget(HELPER), UNTOUCHED);
    site.run(&format!("coordinator claim {help} --swarm {HELPER}")).expect(4);
    site.claim("call", "session-3-h323");
}

fn help_that_was_begun_is_not_called_off(backend: Backend) {
    let site = Site::start(backend);
    let help = blocked(&site);
    let token = site.claim(&help, HELPER);
    site.run("coordinator unblock call").expect(0);
    assert_eq!(site.state(&help), "working");
    site.run(&format!("coordinator complete {help} --token {token} --result 5061 --cost 1")).expect(0);
    assert_eq!(site.budget(HELPER), (1_000_000, 0, 60_000_000));
    // What it found out is there for whoever goes on.
    let record = site.record("call");
    assert_eq!(record["helped_by"], serde_json::json!([help]));
    assert_eq!(site.state("call"), "submitted/ready");
}

fn a_swarm_whose_account_nobody_can_read_keeps_no_other_from_helping(backend: Backend) {
    let site = Site::start(backend);
    site.raw().put("/capabilities/integration:sip/bad", "");
    site.raw().put("/governor/budgets/swarm/bad", "garbage");
    let found = site.run("governor find-help --required integration:sip").expect(0);
    assert!(found.stdout.contains(HELPER), "{}", found.stdout);
    let help = blocked(&site);
    assert_eq!(site.record(&help)["directed_to"], HELPER);
}

fn help_that_fails_after_other_help_has_answered_calls_nobody(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit call --direct-to session-3-h323").expect(0);
    let token = site.claim("call", "session-3-h323");
    let needs = "integration:sip,integration:http";
    site.run(&format!("coordinator block call --token {token} --needs {needs} --description how?")).expect(0);
    let help = eventually("two are asked for help", || {
        let pending = site.record("call")["blocker"]["pending"].take();
        let names: Vec<String> = serde_json::from_value(pending).ok()?;
        (names.len() == 2).then_some(names)
    });
    let swarm = site.record(&help[0])["directed_to"].as_str().unwrap().to_owned();
    let token = site.claim(&help[0], &swarm);
    site.run(&format!("coordinator complete {} --token {token} --result 5061 --cost 1", help[0])).expect(0);
    assert_eq!(site.state("call"), "input-required/blocked");
    site.run(&format!("coordinator cancel {}", help[1])).expect(0);
    assert_eq!(site.state("call"), "submitted/ready");
    assert!(site.escalations().is_empty(), "{:?}", site.escalations());
}

fn help_that_nobody_takes_up_is_called_off_in_time_and_a_human_is_called(backend: Backend) {
    let policy = "coordination: {help_within_seconds: 1}\ncapability_registry:\n  \
        session-4-sip: {capabilities: [integration:sip], cost_per_hour: 2, budget: 60}\n";
    let site = Site::start_under(backend, policy);
    let help = blocked(&site);
    eventually("it is called off", || (site.state(&help) == "canceled").then_some(()));
    assert_eq!(site.record(&help)["cancel_reason"], "nobody has taken it up in time");
    assert_eq!(site.budget(HELPER), UNTOUCHED);
    assert!(site.raw().list("/governor/reservations/").is_empty());
    assert_eq!(site.state("call"), "input-required/blocked");
    let calls = site.escalations();
    assert_eq!((calls.len(), &calls[0]["kind"], &calls[0]["task"]), (1, &"no_help".into(), &"call".into()));
}

fn help_for_a_task_that_nobody_can_read_is_kept_until_it_can_be_read_again(backend: Backend) {
    let site = Site::start(backend);
    let help = blocked(&site);
    let record = site.raw().get("/tasks/call/record").unwrap();
    site.raw().put("/tasks/call/record", "garbage");
    // The leader goes through its duties once more, and this is one of them.
    site.run("coordinator submit later --not-before 500ms").expect(0);
    eventually("its time has come", || (site.state("later") == "submitted/ready").then_some(()));
    assert_eq!(site.state(&help), "submitted/ready");
    let said = if backend == Backend::Engine { site.server.said() } else { site.coordinator.said() };
    assert!(!said.contains("left alone"), "{said}");
    site.raw().put("/tasks/call/record", &record);
    site.run("coordinator unblock call").expect(0);
    eventually("the leader calls it off", || (site.state(&help) == "canceled").then_some(()));
    assert_eq!(site.budget(HELPER), UNTOUCHED);
}
