//! Whoever asks for the next task gets the best one that is ready, and nobody else gets it.

use crate::support::command::{Finished, Ifctl};
use crate::support::patience::eventually;
use crate::support::servers::{Backend, Server};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    the_next_task_is_the_one_with_the_highest_priority_and_is_held_as_if_claimed_by_name,
    who_waits_gets_the_task_that_comes,
    several_who_ask_get_one_each_and_the_last_one_nothing,
    who_does_not_wait_gets_the_best_task_that_is_ready_or_nothing,
    a_next_task_without_a_sign_of_life_is_returned,
    the_trial_of_a_breaker_goes_with_the_task_to_whoever_asked,
);

fn claimed(finished: &Finished) -> (String, String) {
    let task = finished.stderr.trim().strip_prefix("claimed ").unwrap();
    (task.to_owned(), finished.stdout.trim().to_owned())
}

fn sessions(site: &Site) -> Vec<(String, String)> {
    site.raw().list("/swarms/").into_iter().filter(|(key, _)| key.contains("/session/")).collect()
}

fn the_next_task_is_the_one_with_the_highest_priority_and_is_held_as_if_claimed_by_name(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit low --priority 1").expect(0);
    site.run("coordinator submit high --priority 9").expect(0);
    site.run("coordinator submit foreign --priority 9 --direct-to s2").expect(0);
    let won = site.run("coordinator claim --next --swarm s1 --wait 60s --ttl 60s").expect(0);
    let (task, token) = claimed(&won);
    assert_eq!(task, "high");
    let shown = site.show("high");
    assert_eq!((&shown["token"], &shown["record"]["owner"]), (&token.clone().into(), &"s1".into()));
    assert!(shown["hold"].get("session").is_none(), "{shown}");
    assert!(!shown["record"]["received_at"].is_null());
    assert!(sessions(&site).is_empty(), "who has its task is not connected any more");
    assert_eq!(site.state("low"), "submitted/ready");

    let lost = site.run("coordinator claim high --swarm s2").expect(4);
    assert!(lost.stderr.contains("claimed by s1"), "{}", lost.stderr);
    site.run(&format!("coordinator heartbeat high --token {token}")).expect(0);
    site.run(&format!("coordinator complete high --token {token}")).expect(0);

    let json = site.json("coordinator claim --next --swarm s1 --wait 60s");
    assert_eq!((&json["task"]["id"], &json["token"]), (&"low".into(), &site.show("low")["token"]));
}

fn who_waits_gets_the_task_that_comes(backend: Backend) {
    let site = Site::start(backend);
    let waiting = site.ifctl("coordinator claim --next --swarm s1 --wait 60s").spawn();
    eventually("it waits", || (sessions(&site).len() == 1).then_some(()));
    site.run("coordinator submit T").expect(0);
    let (task, token) = claimed(&waiting.finish().expect(0));
    assert_eq!(task, "T");
    site.run(&format!("coordinator complete T --token {token}")).expect(0);

    // Who is told to stop leaves nothing behind.
    let waiting = site.ifctl("coordinator claim --next --swarm s1 --wait 60s").spawn();
    eventually("it waits", || (sessions(&site).len() == 1).then_some(()));
    assert_eq!(waiting.terminate().expect(8).stderr, "error: interrupted\n");
    assert!(sessions(&site).is_empty());
}

fn who_does_not_wait_gets_the_best_task_that_is_ready_or_nothing(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit low --priority 1").expect(0);
    site.run("coordinator submit high --priority 9").expect(0);
    site.run("coordinator submit foreign --priority 9 --direct-to s2").expect(0);
    site.run("coordinator submit skilled --priority 9 --capabilities integration:sip").expect(0);
    site.run("coordinator submit waiting --priority 9 --depends-on low").expect(0);
    for task in ["high", "low"] {
        let (claimed, token) = claimed(&site.run("coordinator claim --next --swarm s1 --wait 0").expect(0));
        assert_eq!(claimed, task);
        assert_eq!(site.show(task)["token"], token);
    }
    let nothing = site.run("coordinator claim --next --swarm s1 --wait 0s").expect(3);
    assert!(nothing.stderr.starts_with("error: no task for s1 now\n"), "{}", nothing.stderr);
    assert!(sessions(&site).is_empty());
}

fn several_who_ask_get_one_each_and_the_last_one_nothing(backend: Backend) {
    let site = Site::start(backend);
    for task in ["a", "b", "c"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let asking: Vec<_> = (1..=3)
        .map(|number| site.ifctl(&format!("coordinator claim --next --swarm s{number} --wait 60s")).spawn())
        .collect();
    let mut tasks: Vec<_> = asking.into_iter().map(|asked| claimed(&asked.finish().expect(0)).0).collect();
    tasks.sort();
    assert_eq!(tasks, ["a", "b", "c"]);
    let late = site.run("coordinator claim --next --swarm s4 --wait 200ms").expect(3);
    assert_eq!(
        late.stderr,
        "error: no task for s4 within 0.2 s\nhint: ifctl coordinator tasks --state submitted; ifctl governor budgets\n"
    );
    assert!(sessions(&site).is_empty());
}

fn a_next_task_without_a_sign_of_life_is_returned(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let (_, token) = claimed(&site.run("coordinator claim --next --swarm s1 --wait 60s --ttl 2s").expect(0));
    eventually("it is ready again", || (site.state("T") == "submitted/ready").then_some(()));
    assert_eq!(site.record("T")["lease_losses"], 1);
    site.run(&format!("coordinator complete T --token {token}")).expect(5);
}

fn the_trial_of_a_breaker_goes_with_the_task_to_whoever_asked(backend: Backend) {
    let policy = "resource_policy: {circuit_breaker_failure_threshold: 1, circuit_breaker_open_seconds: 1}";
    let site = Site::start_under(backend, policy);
    site.run("governor register s1 --capabilities a:b --cost-per-hour 1.0").expect(0);
    site.run("coordinator submit bad").expect(0);
    let token = site.claim("bad", "s1");
    site.run(&format!("coordinator fail bad --token {token} --message broken")).expect(0);
    site.run("coordinator submit trial").expect(0);
    let (_, token) = claimed(&site.run("coordinator claim --next --swarm s1 --wait 60s").expect(0));
    assert!(sessions(&site).is_empty());
    let trial = site.raw().json("/governor/probes/swarm/s1").expect("the session took no trial with it");
    assert_eq!(trial["task"], "trial");
    site.run(&format!("coordinator complete trial --token {token}")).expect(0);
    assert_eq!(site.raw().get("/governor/probes/swarm/s1"), None);
    assert_eq!(site.raw().json("/governor/breakers/swarm/s1").unwrap()["state"], "closed");
}

#[test]
fn without_a_coordinator_nobody_hands_out_tasks_and_that_is_said_at_once() {
    let server = Server::start(Backend::Etcd34);
    let home = tempfile::tempdir().unwrap();
    let run = |line: &str| Ifctl::new(home.path()).endpoints(&server).args(line.split_whitespace()).run();
    run("coordinator submit T").expect(0);
    let refused = run("coordinator claim --next --swarm s1 --wait 60s").expect(7);
    assert_eq!(
        refused.stderr,
        "error: no coordinator leads, so nobody hands out tasks\nhint: ifctl coordinator start, or claim a task by its name\n"
    );
    run("coordinator claim T --swarm s1").expect(0);
}
