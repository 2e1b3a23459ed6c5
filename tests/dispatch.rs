//! Who gets a task, who does not, and what becomes of one that nobody takes up.

use std::time::Duration;

use crate::support::command::{Ifctl, Lines, Running};
use crate::support::connected::Crowd;
use crate::support::patience::eventually;
use crate::support::servers::{Backend, Coordinator};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    an_assignment_that_is_not_taken_up_goes_to_another_and_its_worker_stays_usable,
    a_swarm_that_vanishes_is_suspect_then_dead_and_one_human_is_called,
    a_swarm_that_dies_while_its_breaker_is_open_calls_a_human_all_the_same,
    a_swarm_that_fails_again_and_again_gets_no_work_while_others_do,
    many_workers_that_die_at_once_give_back_everything_they_held,
);

const LONG: Duration = Duration::from_mins(1);

/// Who is lost is soon dead.
const IMPATIENT: &str = "health:\n  check_seconds: 1\n  silent_after_seconds: 1\n  unhealthy_after_seconds: 2\n  \
    dead_after_seconds: 3\n";

/// How short a lease can be: etcd's floor.
const SHORT: Duration = Duration::from_secs(2);

/// The operations that wrote a task's record, with who was its owner.
fn story(site: &Site, task: &str) -> Vec<String> {
    let history = site.raw().history(&format!("/tasks/{task}/record"));
    let told = history.iter().filter(|change| !change.deleted).map(|change| {
        let record = change.json();
        let owner = record["owner"].as_str().map(|owner| format!(" {owner}")).unwrap_or_default();
        format!("{}{owner}", record["op"].as_str().unwrap())
    });
    told.collect()
}

/// The words that a swarm's status has had.
fn statuses(site: &Site, swarm: &str) -> Vec<String> {
    let history = site.raw().history(&format!("/swarms/{swarm}/status"));
    history.into_iter().map(|change| change.value).collect()
}

fn worker(site: &Site, swarm: &str, script: &str) -> (Running, Lines) {
    let line = format!("coordinator work --swarm {swarm} --");
    let call: Ifctl = site.ifctl(&line).args(["sh", "-c", script]);
    let mut running = call.spawn();
    let said = running.stderr_lines();
    said.next_with("connected as");
    (running, said)
}

fn an_assignment_that_is_not_taken_up_goes_to_another_and_its_worker_stays_usable(backend: Backend) {
    let site = Site::start_under(backend, "coordination:\n  acknowledge_within_seconds: 1\n");
    let mut crowd = Crowd::beside(&site.server);
    let mute = crowd.connect("mute", LONG);
    site.run("coordinator submit T").expect(0);
    crowd.wait_for_a_push(mute);
    let (other, said) = worker(&site, "other", "true");
    said.next_with("T completed");

    let story = story(&site, "T");
    let recalled = story.iter().position(|op| op == "recall mute").expect("it was taken back");
    assert_eq!(story[..=recalled], ["submit", "assign mute", "recall mute"]);
    assert_eq!(story.last().unwrap(), "complete other", "{story:?}");
    let record = site.record("T");
    assert_eq!((&record["attempt"], &record["lease_losses"]), (&1.into(), &0.into()));

    site.run("coordinator submit U --direct-to mute").expect(0);
    let received = crowd.take_up(mute);
    assert_eq!(received.record.id.as_str(), "U");
    crowd.complete(&received);
    assert_eq!(site.state("U"), "completed");
    other.terminate().expect(0);
}

fn a_swarm_that_vanishes_is_suspect_then_dead_and_one_human_is_called(backend: Backend) {
    let site = Site::start_under(backend, IMPATIENT);
    let (polite, _) = worker(&site, "polite", "true");
    let mut crowd = Crowd::beside(&site.server);
    crowd.connect("lost", SHORT);
    polite.terminate().expect(0);
    drop(crowd);

    let status = |swarm: &str| site.raw().get(&format!("/swarms/{swarm}/status"));
    eventually("it is dead", || (status("lost").as_deref() == Some("dead")).then_some(()));
    let rank = |word: &String| ["suspect", "unhealthy", "dead"].iter().position(|known| known == word);
    let ranks: Vec<_> = statuses(&site, "lost").iter().map(rank).collect();
    assert!(ranks.is_sorted_by(|a, b| a.is_some() && a < b), "each worse than the one before: {ranks:?}");
    assert_eq!(status("polite"), None, "who leaves of its own will is not missed");
    assert!(site.run("coordinator swarms").expect(0).stdout.contains("dead"));
    let escalations = site.escalations();
    let called: Vec<_> = escalations.iter().map(|call| (&call["kind"], &call["swarm"])).collect();
    assert_eq!(called, [(&"swarm_dead".into(), &"lost".into())]);

    let mut crowd = Crowd::beside(&site.server);
    let back = crowd.connect("lost", LONG);
    eventually("it is active again", || (status("lost").as_deref() == Some("active")).then_some(()));
    site.run("coordinator submit T").expect(0);
    crowd.complete(&crowd.take_up(back));
    assert_eq!(site.escalations().len(), 1);
}

/// How often a human was called for the death of a swarm.
fn deaths(site: &Site, swarm: &str) -> usize {
    site.escalations().iter().filter(|call| call["kind"] == "swarm_dead" && call["swarm"] == swarm).count()
}

/// The workers of a swarm that are noted as present.
fn present(site: &Site, swarm: &str) -> usize {
    site.raw().list(&format!("/swarms/{swarm}/presence/")).len()
}

/// The engine lets leases live as long as it is away, so there the next leader sees for itself.
#[test]
fn a_swarm_that_vanished_while_nobody_led_is_missed_by_the_next_leader() {
    let mut site = Site::start_under(Backend::Etcd34, IMPATIENT);
    let (polite, _) = worker(&site, "polite", "true");
    let mut crowd = Crowd::beside(&site.server);
    crowd.connect("lost", SHORT);
    assert_eq!((present(&site, "polite"), present(&site, "lost")), (1, 1));
    site.coordinator.kill();
    polite.terminate().expect(0);
    drop(crowd);
    let sessions = || site.raw().list("/swarms/lost/session/");
    eventually("its session is gone", || sessions().is_empty().then_some(()));
    assert_eq!((present(&site, "polite"), present(&site, "lost")), (0, 1));

    site.coordinator = Coordinator::start(&site.server);
    let status = |swarm: &str| site.raw().get(&format!("/swarms/{swarm}/status"));
    eventually("it is dead", || (status("lost").as_deref() == Some("dead")).then_some(()));
    assert_eq!((deaths(&site, "lost"), deaths(&site, "polite")), (1, 0));
    assert_eq!(status("polite"), None);
    eventually("it is forgotten", || (present(&site, "lost") == 0).then_some(()));
}

fn a_swarm_that_dies_while_its_breaker_is_open_calls_a_human_all_the_same(backend: Backend) {
    let breaker =
        "resource_policy: {circuit_breaker_failure_threshold: 1, circuit_breaker_open_seconds: 3600}\n";
    let site = Site::start_under(backend, &format!("{breaker}{IMPATIENT}"));
    site.run("governor register s1 --capabilities a:b --cost-per-hour 1.0").expect(0);
    site.run("coordinator submit T").expect(0);
    let token = site.claim("T", "s1");
    site.run(&format!("coordinator fail T --token {token} --message broken")).expect(0);
    let tripped = || site.raw().get("/swarms/s1/status").as_deref() == Some("circuit_breaker_tripped");
    assert!(tripped());
    for round in 1..=2 {
        let mut crowd = Crowd::beside(&site.server);
        crowd.connect("s1", SHORT);
        drop(crowd);
        eventually("a human is called", || (deaths(&site, "s1") == round).then_some(()));
        eventually("it is forgotten", || (present(&site, "s1") == 0).then_some(()));
        assert!(tripped(), "the word of the breaker stays");
    }
}

fn a_swarm_that_fails_again_and_again_gets_no_work_while_others_do(backend: Backend) {
    let site = Site::start_under(
        backend,
        "resource_policy:\n  circuit_breaker_failure_threshold: 100\n\
         health:\n  check_seconds: 1\n  max_failures: 1\n  failure_window_seconds: 600\n",
    );
    let (clumsy, said) = worker(&site, "clumsy", "exit 3");
    for task in ["T1", "T2"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
        said.next_with(&format!("{task} failed"));
    }
    let status = || site.raw().get("/swarms/clumsy/status");
    eventually("it is unhealthy", || (status().as_deref() == Some("unhealthy")).then_some(()));
    // By its name alone it would go first.
    let (steady, said) = worker(&site, "steady", "true");
    for task in ["T3", "T4"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
        said.next_with(&format!("{task} completed"));
    }
    let called = site.escalations();
    let about_tasks = called.iter().filter(|call| call["kind"] == "not_retryable").count();
    assert_eq!(
        (about_tasks, called.len()),
        (2, 2),
        "nobody is called for a swarm that mends itself: {called:?}"
    );
    clumsy.terminate().expect(0);
    steady.terminate().expect(0);
}

fn many_workers_that_die_at_once_give_back_everything_they_held(backend: Backend) {
    const MANY: usize = 120;
    let site = Site::start_under(backend, "coordination:\n  acknowledge_within_seconds: 600\n");
    let mut crowd = Crowd::beside(&site.server);
    let tasks: Vec<String> = (0..MANY).map(|number| format!("{{\"id\":\"t{number}\"}}")).collect();
    for number in 0..MANY {
        crowd.connect(&format!("s{number}"), Duration::from_secs(20));
    }
    site.ifctl("coordinator submit --file -").stdin(tasks.join("\n")).run().expect(0);
    for number in 0..MANY {
        crowd.take_up(number);
    }
    drop(crowd);

    let status = || site.json("coordinator status");
    eventually("all are returned", || (status()["ready"].as_u64() == Some(MANY as u64)).then_some(()));
    for record in site.json("coordinator tasks").as_array().unwrap() {
        assert_eq!((&record["lease_losses"], &record["op"]), (&1.into(), &"reap".into()), "{record}");
    }
    assert_eq!(status()["sessions"], 0);
}
