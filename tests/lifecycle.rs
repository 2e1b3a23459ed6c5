//! What may become of a task: waiting, ready, held, failed and tried again, blocked and helped, done.

use serde_json::Value;

use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_task_waits_for_what_it_depends_on,
    a_retryable_failure_is_tried_again_and_any_other_is_left_to_people,
    a_released_task_is_ready_and_no_attempt_is_counted,
    help_for_a_blocked_task_goes_to_the_qualified_swarm_and_unblocks_it,
    a_blocked_task_that_nobody_can_help_calls_a_human_and_is_unblocked_by_hand,
    a_claim_without_a_sign_of_life_is_returned,
    every_answer_is_to_be_had_as_table_json_and_yaml,
);

fn becomes(site: &Site, task: &str, state: &str) {
    eventually(&format!("{task} is {state}"), || (site.state(task) == state).then_some(()));
}

fn a_task_waits_for_what_it_depends_on(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit a").expect(0);
    site.run("coordinator submit b").expect(0);
    site.run("coordinator submit c --depends-on a,b").expect(0);
    assert_eq!(site.state("c"), "submitted/waiting");
    assert_eq!(site.raw().get("/tasks/c/owner"), None);
    let early = site.run("coordinator claim c --swarm s1").expect(4);
    assert!(early.stderr.contains("waiting for a, b"), "{}", early.stderr);

    let token = site.claim("a", "s1");
    site.run(&format!("coordinator complete a --token {token}")).expect(0);
    for ending in ["fail --message late", "release", "block --needs integration:sip --description how?"] {
        let (verb, rest) = ending.split_once(' ').unwrap_or((ending, ""));
        site.run(&format!("coordinator {verb} a --token {token} {rest}")).expect(5);
    }
    assert_eq!(site.state("c"), "submitted/waiting");
    assert_eq!(site.record("c")["unmet"], serde_json::json!(["b"]));
    let token = site.claim("b", "s1");
    site.run(&format!("coordinator complete b --token {token}")).expect(0);
    // The completion itself makes its dependents ready; nobody has to wait for a leader.
    assert_eq!(site.state("c"), "submitted/ready");
    site.claim("c", "s2");
}

fn a_retryable_failure_is_tried_again_and_any_other_is_left_to_people(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit again --max-attempts 2").expect(0);
    let token = site.claim("again", "s1");
    let fail = |task: &str, token: &str, more: &str| {
        site.run(&format!("coordinator fail {task} --token {token} --message broken {more}")).expect(0);
    };
    fail("again", &token, "--retryable");
    let record = site.record("again");
    assert_eq!(record["error"]["message"], "broken");
    becomes(&site, "again", "submitted/ready");
    let token = site.claim("again", "s2");
    assert_eq!(site.record("again")["attempt"], 2);
    fail("again", &token, "--retryable");
    assert_eq!(site.state("again"), "input-required/retries-exhausted");
    let calls = site.escalations();
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!((&calls[0]["kind"], &calls[0]["task"]), (&"retries_exhausted".into(), &"again".into()));

    site.run("coordinator submit once").expect(0);
    let token = site.claim("once", "s1");
    fail("once", &token, "");
    assert_eq!(site.state("once"), "input-required/not-retryable");
    site.run("coordinator claim once --swarm s2").expect(4);
    site.run(&format!("coordinator complete once --token {token}")).expect(5);
}

fn a_released_task_is_ready_and_no_attempt_is_counted(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let first = site.claim("T", "s1");
    site.run(&format!("coordinator release T --token {first}")).expect(0);
    assert_eq!(site.state("T"), "submitted/ready");
    assert_eq!(site.record("T")["attempt"], 0);
    let second = site.claim("T", "s2");
    let revision = |token: &str| token.split_once('.').unwrap().1.parse::<i64>().unwrap();
    assert!(revision(&second) > revision(&first), "{first} {second}");
    for verb in ["complete", "release", "heartbeat"] {
        site.run(&format!("coordinator {verb} T --token {first}")).expect(5);
    }
    site.run(&format!("coordinator heartbeat T --token {second} --note half")).expect(0);
    assert_eq!(site.record("T")["progress"]["note"], "half");
}

fn help_for_a_blocked_task_goes_to_the_qualified_swarm_and_unblocks_it(backend: Backend) {
    let site = Site::start(backend);
    let mut orchestrator = site.ifctl("coordinator listen --swarm orchestrator").spawn();
    let pushes = orchestrator.stdout_lines();
    assert_eq!(pushes.next_json()["type"], "connected");

    site.run("coordinator submit call --direct-to session-3-h323").expect(0);
    let token = site.claim("call", "session-3-h323");
    site.ifctl(&format!("coordinator block call --token {token} --needs integration:sip"))
        .args(["--description", "which port?"])
        .run()
        .expect(0);
    assert_eq!(site.raw().get("/tasks/call/hold"), None);

    let push = pushes.next_json();
    assert_eq!((&push["type"], &push["mail"]["kind"]), (&"mail".into(), &"blocker_detected".into()));
    assert_eq!((&push["mail"]["task"], &push["mail"]["text"]), (&"call".into(), &"which port?".into()));
    assert_eq!(push["mail"]["swarm"], "session-3-h323");
    eventually("mail is deleted once it was read", || {
        site.raw().list("/swarms/orchestrator/mail/").is_empty().then_some(())
    });
    orchestrator.terminate().expect(0);

    let help = eventually("help is asked for", || {
        let pending = site.record("call")["blocker"]["pending"].take();
        pending.as_array()?.first()?.as_str().map(str::to_owned)
    });
    let asked = site.show(&help);
    assert_eq!(asked["record"]["directed_to"], "session-4-sip");
    assert_eq!(asked["record"]["helps"], "call");
    let question: Value = serde_json::from_str(asked["payload"].as_str().unwrap()).unwrap();
    assert_eq!((&question["question"], &question["helps"]), (&"which port?".into(), &"call".into()));
    assert_eq!(site.budget("session-4-sip"), (0, 10_000_000, 60_000_000));
    assert_eq!(site.state("call"), "input-required/blocked");

    site.run(&format!("coordinator claim {help} --swarm session-7-ifbus")).expect(6);
    let token = site.claim(&help, "session-4-sip");
    assert_eq!(site.budget("session-4-sip"), (0, 10_000_000, 60_000_000));
    site.run(&format!("coordinator complete {help} --token {token} --result 5061 --cost 1.5")).expect(0);
    assert_eq!(site.budget("session-4-sip"), (1_500_000, 0, 60_000_000));
    becomes(&site, "call", "submitted/ready");
    let record = site.record("call");
    assert_eq!(record["preferred"], "session-3-h323");
    assert_eq!(record["helped_by"], serde_json::json!([help]));
}

fn a_blocked_task_that_nobody_can_help_calls_a_human_and_is_unblocked_by_hand(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    site.run("coordinator unblock T").expect(4);
    let token = site.claim("T", "s1");
    site.run(&format!("coordinator block T --token {token} --needs magic:wands --description how?"))
        .expect(0);
    let call = eventually("a human is called", || site.escalations().into_iter().next());
    assert_eq!((&call["kind"], &call["task"]), (&"no_help".into(), &"T".into()));
    assert!(call["action_required"].as_str().unwrap().contains("ifctl coordinator unblock T"), "{call}");
    assert_eq!(site.state("T"), "input-required/blocked");
    site.run("coordinator claim T --swarm s2").expect(4);
    site.run("coordinator unblock T").expect(0);
    assert_eq!(site.state("T"), "submitted/ready");
    site.claim("T", "s1");
}

fn a_claim_without_a_sign_of_life_is_returned(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit T").expect(0);
    let won = site.run("coordinator claim T --swarm s1 --ttl 2s").expect(0);
    becomes(&site, "T", "submitted/ready");
    let record = site.record("T");
    assert_eq!((&record["lease_losses"], &record["attempt"]), (&1.into(), &1.into()));
    let late = site.run(&format!("coordinator complete T --token {}", won.stdout.trim())).expect(5);
    assert!(late.stderr.contains("nobody holds the task now"), "{}", late.stderr);
    site.claim("T", "s2");
}

fn every_answer_is_to_be_had_as_table_json_and_yaml(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit --file examples/backlog/phase-0.yaml").expect(0);
    site.claim("P0.1.1", "session-2-webrtc");
    site.run("chassis load session-4-sip --contract examples/contracts/session-4-sip.yaml").expect(0);
    for (line, part) in [
        ("coordinator status", "tasks working"),
        ("coordinator health", "healthy: revision"),
        ("coordinator swarms", "session-6-talent"),
        ("coordinator tasks", "working"),
        ("coordinator tasks --state working", "P0.1.1"),
        ("coordinator show P0.1.1", "session-2-webrtc"),
        ("governor budgets", "swarm/session-1-ndi"),
        ("governor find-help --required integration:sip", "session-4-sip"),
        ("chassis performance session-4-sip", "session-4-sip"),
    ] {
        let answered = |format: &str| site.ifctl(line).args(["-o", format]).run().expect(0);
        let table = answered("table").stdout;
        assert!(table.contains(part), "`{line}` does not show {part}:\n{table}");
        // The leader writes meanwhile: two answers are of two instants.
        eventually(&format!("`{line}` says the same as JSON and as YAML"), || {
            let mut json = answered("json").json();
            let mut yaml: Value = serde_yaml::from_str(&answered("yaml").stdout).unwrap();
            for answer in [&mut json, &mut yaml] {
                // How long the store took is another time each time.
                if let Some(health) = answer.as_object_mut() {
                    health.remove("round_trip_us");
                }
            }
            (json == yaml).then_some(())
        });
    }
}
