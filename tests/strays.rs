//! What others wrote into the store and nobody can use keeps the leader from nothing else.

use crate::support::command::{Lines, Running};
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_task_that_is_too_large_to_be_handed_out_is_left_alone,
    a_task_with_a_hold_that_nobody_can_read_keeps_no_other_from_being_handed_out,
    a_swarm_that_spoils_its_profile_keeps_no_task_and_may_register_anew,
    nothing_is_handed_out_under_a_policy_that_nobody_can_read,
);

/// What a value may have so that the store takes it, and nothing more with it.
const BARELY_TAKEN: usize = 1_572_700;

fn worker(site: &Site, swarm: &str) -> (Running, Lines) {
    let mut running =
        site.ifctl(&format!("coordinator work --swarm {swarm} --")).args(["sh", "-c", "true"]).spawn();
    let said = running.stderr_lines();
    said.next_with("connected as");
    (running, said)
}

fn a_task_that_is_too_large_to_be_handed_out_is_left_alone(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit large --priority 9 --title short").expect(0);
    let raw = site.raw();
    let record = raw.get("/tasks/large/record").unwrap();
    let title = "x".repeat(BARELY_TAKEN + "short".len() - record.len());
    raw.put("/tasks/large/record", &record.replacen("short", &title, 1));
    site.run("coordinator submit small").expect(0);
    let (worker, said) = worker(&site, "s1");
    said.next_with("small completed");
    assert_eq!(site.state("large"), "submitted/ready");
    worker.terminate().expect(0);
}

fn a_task_with_a_hold_that_nobody_can_read_keeps_no_other_from_being_handed_out(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit bad --priority 9").expect(0);
    site.raw().put("/tasks/bad/hold", "garbage");
    site.run("coordinator submit good").expect(0);
    let (worker, said) = worker(&site, "s1");
    said.next_with("good completed");
    site.raw().delete("/tasks/bad/hold");
    said.next_with("bad completed");
    worker.terminate().expect(0);
}

fn a_swarm_that_spoils_its_profile_keeps_no_task_and_may_register_anew(backend: Backend) {
    let site = Site::start(backend);
    let register = "governor register s1 --capabilities v:v --cost-per-hour 1 --budget 10";
    site.run(register).expect(0);
    for task in ["lost", "late", "ended"] {
        site.run(&format!("coordinator submit {task} --capabilities v:v")).expect(0);
    }
    site.run("coordinator claim lost --swarm s1 --ttl 2s").expect(0);
    let token = site.claim("ended", "s1");
    site.raw().put("/swarms/s1/profile", "[1");
    site.run(&format!("coordinator complete ended --token {token} --cost 0.5")).expect(0);
    eventually("the task is returned", || (site.state("lost") == "submitted/ready").then_some(()));
    let refused = site.run("coordinator claim late --swarm s1").expect(6);
    assert!(refused.stderr.contains("nobody can read the profile"), "{}", refused.stderr);
    assert_eq!(site.budget("s1").1, 0, "nothing is set aside any more");
    site.run(register).expect(0);
    site.claim("late", "s1");
}

fn nothing_is_handed_out_under_a_policy_that_nobody_can_read(backend: Backend) {
    let site = Site::start(backend);
    let raw = site.raw();
    let policy = raw.get("/governor/policy").unwrap();
    site.run("coordinator submit T").expect(0);
    site.run("coordinator submit barrier --direct-to nobody").expect(0);
    raw.put("/governor/policy", "garbage");
    let (worker, said) = worker(&site, "s1");
    // The leader sees this after the worker, and looks for a worker before it brings the pause to its end.
    let barrier = raw.get("/tasks/barrier/record").unwrap();
    raw.put("/tasks/barrier/record", &barrier.replacen("\"ready\"", "\"backoff\"", 1));
    eventually("the leader has looked", || {
        (raw.json("/tasks/barrier/record")?["reason"] == "ready").then_some(())
    });
    let record = raw.json("/tasks/T/record").unwrap();
    // As long as the leader has not mended it.
    if raw.get("/governor/policy").as_deref() == Some("garbage") {
        assert_eq!((&record["state"], &record["op"]), (&"submitted".into(), &"submit".into()), "{record}");
    }
    said.next_with("T completed");
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap()["policy"].take();
    assert_eq!(read(&raw.get("/governor/policy").unwrap()), read(&policy), "the leader's policy is back");
    worker.terminate().expect(0);
}
