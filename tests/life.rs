//! What people and time make of a task: called off, tried again, stalled, too early, too late.

use std::fs;
use std::time::Duration;

use infrafabric::clock::Clock;
use infrafabric::coordinator::runtime::session::{Connected, Terms, legible, written};
use infrafabric::coordinator::service::Coordinator;
use infrafabric::store::Store;
use serde_json::{Value, json};

use crate::support::connected::connection_to;
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_canceled_task_stops_even_a_child_that_will_not_hear_of_it,
    an_assignment_that_was_not_taken_up_is_canceled_with_its_task,
    a_task_that_is_completed_and_canceled_at_once_ends_in_one_way,
    a_task_is_canceled_wherever_it_stands_and_only_until_it_has_ended,
    what_was_given_up_is_tried_again_as_often_as_in_the_beginning,
    too_many_vanished_holders_call_a_human,
    a_holder_that_does_not_get_on_keeps_its_task_and_calls_a_human,
    a_task_past_its_deadline_has_failed_and_its_holder_is_stopped,
    a_task_is_not_begun_before_its_time,
    texts_about_a_task_have_a_limit,
    the_same_key_gives_the_same_answer,
);

fn becomes(site: &Site, task: &str, state: &str) {
    eventually(&format!("{task} is {state}"), || (site.state(task) == state).then_some(()));
}

fn fail(site: &Site, task: &str, token: &str, more: &str) {
    site.run(&format!("coordinator fail {task} --token {token} --message broken {more}")).expect(0);
}

/// The calls for a human of one kind.
fn calls(site: &Site, kind: &str) -> Vec<Value> {
    site.escalations().into_iter().filter(|call| call["kind"] == kind).collect()
}

fn a_canceled_task_stops_even_a_child_that_will_not_hear_of_it(backend: Backend) {
    let site = Site::start(backend);
    site.run("governor register s1 --capabilities a:b --cost-per-hour 2.0").expect(0);
    let deaf = r#"trap 'echo told > "$IF_HOME/told"' TERM; echo $$ > "$IF_HOME/pid.new"
        mv "$IF_HOME/pid.new" "$IF_HOME/pid"
        while kill -0 $PPID 2>/dev/null; do sleep 0.1; done"#;
    let mut worker = site.ifctl("coordinator work --swarm s1 --").args(["sh", "-c", deaf]).spawn();
    let said = worker.stderr_lines();
    site.run("coordinator submit T --capabilities a:b").expect(0);
    let file = |name: &str| fs::read_to_string(site.home.path().join(name)).ok();
    let child = eventually("the child runs", || file("pid"));
    let token = site.show("T")["token"].as_str().unwrap().to_owned();
    assert_eq!(site.budget("s1"), (0, 2_000_000, 10_000_000));

    let cancel = site.ifctl("coordinator cancel T --cost 0.5 --reason").args(["no longer needed"]);
    assert_eq!(cancel.run().expect(0).stdout, "T canceled\n");
    said.next_with("T stopped: the hold is gone");
    worker.terminate().expect(0);
    assert_eq!(file("told").as_deref(), Some("told\n"), "it was asked first");
    let status = fs::read_to_string(format!("/proc/{}/stat", child.trim()));
    assert!(status.is_err(), "and then made to: {status:?}");

    let task = site.show("T");
    assert_eq!(task["record"]["cancel_reason"], "no longer needed");
    assert_eq!((&task["hold"], &task["settlements"][0]["outcome"]), (&Value::Null, &"canceled".into()));
    assert_eq!(site.budget("s1"), (500_000, 0, 10_000_000));
    assert!(site.raw().list("/governor/reservations/").is_empty());
    site.run(&format!("coordinator complete T --token {token}")).expect(5);
}

fn an_assignment_that_was_not_taken_up_is_canceled_with_its_task(backend: Backend) {
    let site = Site::start(backend);
    site.run("governor register s1 --capabilities a:b --cost-per-hour 2.0").expect(0);
    let connection = connection_to(site.server.endpoint());
    let terms =
        Terms { swarm: "s1".parse().unwrap(), slots: 1, assignable: true, ttl: Duration::from_secs(30) };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (connected, mut inbox) = runtime.block_on(async {
        let coordinator = Coordinator::new(Store::connect(&connection).await.unwrap(), Clock::System);
        let connected = Connected::open(&coordinator, &Clock::System, &terms).await.unwrap();
        let (_, inbox) = connected.inbox().await.unwrap();
        (connected, inbox)
    });
    site.run("coordinator submit T --capabilities a:b").expect(0);
    let pushed = written(&runtime.block_on(inbox.next()).unwrap()).remove(0);
    site.run("coordinator cancel T").expect(0);
    assert!(site.raw().list("/swarms/s1/inbox/").is_empty());
    let assignment = legible(&pushed).unwrap();
    let received = runtime.block_on(connected.acknowledge(&assignment, Clock::System.now())).unwrap();
    assert!(received.is_none(), "what was called off is not taken up: {received:?}");
    runtime.block_on(connected.close());
    assert_eq!(site.state("T"), "canceled");
    assert_eq!(site.budget("s1"), (0, 0, 10_000_000));
}

fn a_task_that_is_completed_and_canceled_at_once_ends_in_one_way(backend: Backend) {
    let site = Site::start(backend);
    let raw = site.raw();
    for round in 1..=10 {
        let task = format!("T{round}");
        site.run(&format!("coordinator submit {task}")).expect(0);
        let token = site.claim(&task, "s1");
        let complete = site.ifctl(&format!("coordinator complete {task} --token {token}")).spawn();
        let cancel = site.ifctl(&format!("coordinator cancel {task}")).spawn();
        let codes = (complete.finish().code, cancel.finish().code);
        let state = site.state(&task);
        assert!(
            [((0, 4), "completed"), ((5, 0), "canceled")].contains(&(codes, state.as_str())),
            "{codes:?} {state}"
        );
        let ends = raw.history(&format!("/tasks/{task}/record"));
        let ends = ends.iter().filter(|change| !change.json()["ended_at"].is_null());
        assert_eq!(ends.count(), 1, "{task}");
    }
}

fn a_task_is_canceled_wherever_it_stands_and_only_until_it_has_ended(backend: Backend) {
    let site = Site::start(backend);
    for task in ["ready", "held", "backoff", "blocked", "failed", "done"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    site.run("coordinator submit waiting --depends-on ready").expect(0);
    site.run("coordinator submit scheduled --not-before 1h").expect(0);
    let stale = site.claim("held", "s1");
    fail(&site, "failed", &site.claim("failed", "s1"), "");
    let block = format!("coordinator block blocked --token {}", site.claim("blocked", "s1"));
    site.run(&format!("{block} --needs magic:wands --description how?")).expect(0);
    site.run(&format!("coordinator complete done --token {}", site.claim("done", "s1"))).expect(0);
    fail(&site, "backoff", &site.claim("backoff", "s1"), "--retryable");

    for task in ["ready", "blocked"] {
        let refused = site.run(&format!("coordinator cancel {task} --cost 3")).expect(4);
        let says = format!("nobody holds task {task}: 3.00 dollars would be booked for nobody");
        assert!(refused.stderr.contains(&says), "{}", refused.stderr);
    }
    for task in ["waiting", "scheduled", "ready", "held", "backoff", "blocked", "failed"] {
        site.run(&format!("coordinator cancel {task}")).expect(0);
        assert_eq!(site.state(task), "canceled", "{task}");
        assert_eq!(site.raw().get(&format!("/tasks/{task}/hold")), None);
        // Doing it again is harmless; nothing else can be done.
        site.run(&format!("coordinator cancel {task}")).expect(0);
        site.run(&format!("coordinator claim {task} --swarm s2")).expect(4);
        site.run(&format!("coordinator retry {task}")).expect(4);
        site.run(&format!("coordinator unblock {task}")).expect(4);
    }
    site.run(&format!("coordinator heartbeat held --token {stale}")).expect(5);
    let late = site.run("coordinator cancel done").expect(4);
    assert!(late.stderr.contains("task done is completed, so it cannot be canceled"), "{}", late.stderr);
    site.run("coordinator cancel nothing").expect(3);
}

fn what_was_given_up_is_tried_again_as_often_as_in_the_beginning(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T --max-attempts 2").expect(0);
    site.run("coordinator retry T").expect(4);
    for round in 1..=2 {
        fail(&site, "T", &site.claim("T", "s1"), "--retryable");
        becomes(&site, "T", "submitted/ready");
        fail(&site, "T", &site.claim("T", "s2"), "--retryable");
        assert_eq!(site.state("T"), "input-required/retries-exhausted");
        assert_eq!(calls(&site, "retries_exhausted").len(), round);
        assert_eq!(site.run("coordinator retry T").expect(0).stdout, "T submitted/ready\n");
    }
    let token = site.claim("T", "s3");
    assert_eq!(site.record("T")["attempt"], 1);
    fail(&site, "T", &token, "");
    assert_eq!(site.state("T"), "input-required/not-retryable");
    let call = calls(&site, "not_retryable").remove(0);
    assert!(call["action_required"].as_str().unwrap().contains("ifctl coordinator retry T"), "{call}");
    assert_eq!((&call["task"], &call["swarm"]), (&"T".into(), &"s3".into()));
    site.run("coordinator retry T").expect(0);
    site.run(&format!("coordinator complete T --token {}", site.claim("T", "s3"))).expect(0);
    site.run("coordinator retry T").expect(4);
}

fn too_many_vanished_holders_call_a_human(backend: Backend) {
    let site = Site::start_under(backend, "coordination:\n  max_lease_losses: 2\n");
    site.run("coordinator submit T").expect(0);
    site.run("coordinator submit after --depends-on T").expect(0);
    for state in ["submitted/ready", "input-required/leases-lost"] {
        site.claim("T", "s1");
        site.raw().delete("/tasks/T/hold");
        becomes(&site, "T", state);
    }
    assert_eq!(site.record("T")["lease_losses"], 2);
    assert_eq!(site.state("after"), "input-required/dependency-failed");
    assert_eq!(calls(&site, "leases_lost").len(), 1);
    site.run("coordinator claim T --swarm s1").expect(4);
    site.run("coordinator retry T").expect(0);
    assert_eq!(
        (site.state("after").as_str(), &site.record("T")["lease_losses"]),
        ("submitted/waiting", &json!(0))
    );
}

fn a_holder_that_does_not_get_on_keeps_its_task_and_calls_a_human(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T --stall-after 1s").expect(0);
    let token = site.claim("T", "s1");
    becomes(&site, "T", "working/stalled");
    assert_eq!(site.show("T")["token"], token.as_str());
    let call = calls(&site, "stalled").remove(0);
    assert_eq!((&call["task"], &call["swarm"]), (&"T".into(), &"s1".into()));

    // To be alive is not to get on.
    site.run(&format!("coordinator heartbeat T --token {token}")).expect(0);
    assert_eq!(site.state("T"), "working/stalled");
    let progress = format!("coordinator progress T --token {token} --note compiled");
    assert_eq!(site.run(&format!("{progress} --percent 40")).expect(0).stdout, "T working\n");
    becomes(&site, "T", "working/stalled");
    assert_eq!(calls(&site, "stalled").len(), 2, "each stall calls once");
    let record = site.json(&progress);
    assert_eq!(
        (&record["progress"]["note"], &record["progress"]["percent"]),
        (&"compiled".into(), &40.into())
    );
    assert_eq!((&record["reason"], &record["lease_losses"]), (&Value::Null, &0.into()));
    site.run(&format!("coordinator progress T --token {token} --note x --percent 101")).expect(2);
    site.run(&format!("coordinator complete T --token {token}")).expect(0);
    for verb in [
        "heartbeat",
        "heartbeat --note x",
        "progress --note x",
        "fail --message x",
        "release",
        "block --needs a:b --description x",
    ] {
        let late = site.run(&format!("coordinator {verb} --token {token} T")).expect(5);
        assert!(late.stderr.contains("is stale: nobody holds the task now"), "{verb}: {}", late.stderr);
    }
    site.run(&format!("coordinator complete T --token {token}")).expect(0);
}

fn a_task_past_its_deadline_has_failed_and_its_holder_is_stopped(backend: Backend) {
    let site = Site::start(backend);
    site.run("governor register s1 --capabilities a:b --cost-per-hour 2.0").expect(0);
    site.run("coordinator submit held --deadline 12s").expect(0);
    let token = site.claim("held", "s1");
    site.run("coordinator submit after --depends-on held --deadline 1s").expect(0);
    becomes(&site, "after", "failed/deadline");
    becomes(&site, "held", "failed/deadline");
    let task = site.show("held");
    assert_eq!((&task["hold"], &task["settlements"][0]["outcome"]), (&Value::Null, &"expired".into()));
    assert_eq!(task["record"]["error"]["class"], "deadline");
    assert_eq!(site.budget("s1"), (2_000_000, 0, 10_000_000));
    site.run(&format!("coordinator complete held --token {token}")).expect(5);
    site.run("coordinator retry held").expect(4);
    assert_eq!(calls(&site, "deadline").len(), 2);

    let past = site.run("coordinator submit late --deadline 2020-01-01T00:00:00Z").expect(2);
    assert!(past.stderr.contains("its deadline 2020-01-01T00:00:00Z leaves no time"), "{}", past.stderr);
    site.run("coordinator submit late --not-before 2h --deadline 1h").expect(2);
    site.run("coordinator submit late --deadline soon").expect(2);
}

fn a_task_is_not_begun_before_its_time(backend: Backend) {
    let site = Site::start(backend);
    let later = site.run("coordinator submit later --not-before 1h").expect(0);
    assert_eq!(later.stdout, "later submitted/scheduled\n");
    let early = site.run("coordinator claim later --swarm s1").expect(4);
    assert!(early.stderr.contains("task later is submitted (scheduled)"), "{}", early.stderr);
    let soon = site.run("coordinator submit soon --not-before 1s").expect(0);
    assert_eq!(soon.stdout, "soon submitted/scheduled\n");
    becomes(&site, "soon", "submitted/ready");
    site.claim("soon", "s1");
}

fn texts_about_a_task_have_a_limit(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let token = site.claim("T", "s1");
    let long = "x".repeat(4097);
    for (call, what) in [
        (format!("cancel T --reason {long}"), "reason"),
        (format!("heartbeat T --token {token} --note {long}"), "note"),
        (format!("progress T --token {token} --note {long}"), "note"),
        (format!("fail T --token {token} --message {long}"), "failure message"),
        (format!("block T --token {token} --needs a:b --description {long}"), "description"),
    ] {
        let refused = site.run(&format!("coordinator {call}")).expect(2);
        let said = format!("error: the {what} of task T has 4097 bytes, 4096 are allowed\n");
        assert_eq!(refused.stderr, said);
    }
    assert_eq!(site.state("T"), "working");
}

fn the_same_key_gives_the_same_answer(backend: Backend) {
    let site = Site::start(backend);
    let submit = "coordinator submit T --title once --idempotency-key k1";
    let first = site.json(submit);
    let again = site.json(submit);
    assert_eq!((&first["created"], &again["created"]), (&true.into(), &false.into()));
    assert_eq!(first["task"], again["task"]);
    site.run("coordinator submit T --idempotency-key k2").expect(4);

    let claim = "coordinator claim T --swarm s1 --idempotency-key c1";
    let token = site.run(claim).expect(0).stdout;
    assert_eq!(site.run(claim).expect(0).stdout, token);
    site.run("coordinator claim T --swarm s2 --idempotency-key c1").expect(4);
    site.run("coordinator claim T --swarm s1 --idempotency-key c2").expect(4);
    assert_eq!(site.record("T")["attempt"], 1);
    assert_eq!(site.raw().history("/tasks/T/hold").len(), 1);

    let complete = format!("coordinator complete T --token {} --result done", token.trim());
    assert_eq!(site.run(&complete).expect(0).stdout, site.run(&complete).expect(0).stdout);
    // A key names one claim: it does not make another one when that has ended.
    site.run("coordinator submit U").expect(0);
    let ended = "coordinator claim U --swarm s1 --idempotency-key c1";
    let token = site.run(ended).expect(0).stdout;
    site.run(&format!("coordinator release U --token {}", token.trim())).expect(0);
    site.run(ended).expect(4);
    site.run("coordinator claim U --swarm s1 --idempotency-key c2").expect(0);
}
