//! When a task fails or is called off, those who wait for it, and those who were to help it, learn of it.

use serde_json::Value;

use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_failure_blocks_cancels_or_frees_its_dependents_as_each_of_them_says,
    the_leader_tells_the_dependents_that_are_too_many_for_one_transaction,
    a_task_that_waits_for_a_failed_one_can_go_on_without_it,
    unclaimed_help_is_called_off_when_the_blocked_task_goes_on,
    help_is_called_off_when_the_blocked_task_is_canceled_even_while_it_is_given,
    canceled_help_is_help_in_vain,
    help_that_failed_and_is_tried_again_unblocks_after_all,
);

fn becomes(site: &Site, task: &str, state: &str) {
    eventually(&format!("{task} is {state}"), || (site.state(task) == state).then_some(()));
}

fn give_up(site: &Site, task: &str) {
    let token = site.claim(task, "s1");
    site.run(&format!("coordinator fail {task} --token {token} --message broken")).expect(0);
}

fn a_failure_blocks_cancels_or_frees_its_dependents_as_each_of_them_says(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit a").expect(0);
    site.run("coordinator submit blocked --depends-on a").expect(0);
    for policy in ["cancel", "run"] {
        site.run(&format!("coordinator submit {policy} --depends-on a --on-dependency-failure {policy}"))
            .expect(0);
    }
    site.run("coordinator submit next --depends-on cancel --on-dependency-failure cancel").expect(0);
    site.run("coordinator submit patient --depends-on blocked").expect(0);
    give_up(&site, "a");
    // The failure itself tells them; nobody has to wait for a leader.
    assert_eq!(site.state("blocked"), "input-required/dependency-failed");
    assert_eq!(site.record("blocked")["failed_dependencies"], serde_json::json!(["a"]));
    assert_eq!(site.state("cancel"), "canceled");
    assert_eq!(site.state("run"), "submitted/ready");
    let early = site.run("coordinator claim blocked --swarm s1").expect(4);
    assert!(early.stderr.contains("input-required (dependency-failed), waiting for a"), "{}", early.stderr);
    becomes(&site, "next", "canceled");
    assert_eq!(site.state("patient"), "submitted/waiting");

    site.run("coordinator retry a").expect(0);
    assert_eq!(site.state("blocked"), "submitted/waiting");
    site.run(&format!("coordinator complete a --token {}", site.claim("a", "s2"))).expect(0);
    assert_eq!(site.state("blocked"), "submitted/ready");
    assert_eq!((site.state("cancel").as_str(), site.state("run").as_str()), ("canceled", "submitted/ready"));
    eventually("only what still waits is in the index", || {
        let index = site.raw().list("/dependents/");
        (index.len() == 1 && index[0].0 == "/dependents/blocked/patient").then_some(())
    });
}

fn the_leader_tells_the_dependents_that_are_too_many_for_one_transaction(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit a").expect(0);
    let line = |policy: &str, i: usize| {
        format!(r#"{{"id":"{policy}-{i}","depends_on":["a"],"on_dependency_failure":"{policy}"}}"#)
    };
    let lines: Vec<_> =
        (1..=15).flat_map(|i| ["block", "cancel", "run"].map(|policy| line(policy, i))).collect();
    site.ifctl("coordinator submit --file -").stdin(lines.join("\n")).run().expect(0);
    let all_are = |expected: &dyn Fn(&str) -> bool| {
        eventually("all have learned of it", || {
            let tasks = site.json("coordinator tasks");
            let mut others = tasks.as_array().unwrap().iter().filter(|task| task["id"] != "a");
            let is = |task: &Value| {
                let word = |name: &str| task[name].as_str().unwrap_or("-").to_owned();
                expected(&format!("{} {} {}", word("on_dependency_failure"), word("state"), word("reason")))
            };
            others.all(is).then_some(())
        });
    };
    site.run("coordinator cancel a --reason obsolete").expect(0);
    all_are(&|task| {
        ["block input-required dependency-failed", "cancel canceled -", "run submitted ready"].contains(&task)
    });
    // What blocks waits for what is canceled, and stays in the index without keeping the leader busy.
    eventually("the others have left the index", || {
        (site.raw().list("/dependents/a/").len() == 15).then_some(())
    });
}

fn a_task_that_waits_for_a_failed_one_can_go_on_without_it(backend: Backend) {
    let site = Site::start(backend);
    for task in ["a", "b"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    give_up(&site, "a");
    let born = site.run("coordinator submit c --depends-on a,b").expect(0);
    assert_eq!(born.stdout, "c input-required/dependency-failed\n");
    let born = site.run("coordinator submit d --depends-on a --on-dependency-failure cancel").expect(0);
    assert_eq!(born.stdout, "d canceled\n");
    let born = site.run("coordinator submit e --depends-on a --on-dependency-failure run").expect(0);
    assert_eq!(born.stdout, "e submitted/ready\n");

    assert_eq!(site.run("coordinator unblock c").expect(0).stdout, "c submitted/waiting\n");
    site.run(&format!("coordinator complete b --token {}", site.claim("b", "s1"))).expect(0);
    assert_eq!(site.state("c"), "submitted/ready");
    // It waits for `a` no more, so what becomes of that is nothing to it.
    site.run("coordinator cancel a").expect(0);
    site.claim("c", "s1");
}

/// Blocks `call`, for which `session-4-sip` is asked for help; the token of the block and the name of the help.
fn blocked_with_help(site: &Site) -> String {
    site.run("coordinator submit call --direct-to session-3-h323").expect(0);
    let token = site.claim("call", "session-3-h323");
    let block = format!("coordinator block call --token {token} --needs integration:sip --description port?");
    site.run(&block).expect(0);
    let help = eventually("help is asked for", || {
        let pending = site.record("call")["blocker"]["pending"].take();
        pending.as_array()?.first()?.as_str().map(str::to_owned)
    });
    assert_eq!(site.budget("session-4-sip"), (0, 10_000_000, 60_000_000));
    help
}

fn unclaimed_help_is_called_off_when_the_blocked_task_goes_on(backend: Backend) {
    let site = Site::start(backend);
    let help = blocked_with_help(&site);
    site.run("coordinator unblock call").expect(0);
    becomes(&site, &help, "canceled");
    assert_eq!(site.budget("session-4-sip"), (0, 0, 60_000_000));
    assert!(site.raw().list("/governor/reservations/").is_empty());
    assert!(site.escalations().is_empty(), "nobody misses it: {:?}", site.escalations());
    assert_eq!(site.state("call"), "submitted/ready");
}

fn help_is_called_off_when_the_blocked_task_is_canceled_even_while_it_is_given(backend: Backend) {
    let site = Site::start(backend);
    let help = blocked_with_help(&site);
    let token = site.claim(&help, "session-4-sip");
    site.run("coordinator cancel call").expect(0);
    becomes(&site, &help, "canceled");
    site.run(&format!("coordinator heartbeat {help} --token {token}")).expect(5);
    // It had been begun, and nobody has said what it cost.
    assert_eq!(site.budget("session-4-sip"), (10_000_000, 0, 60_000_000));
    assert!(site.raw().list("/governor/reservations/").is_empty());
    assert_eq!(site.state("call"), "canceled");
}

fn canceled_help_is_help_in_vain(backend: Backend) {
    let site = Site::start(backend);
    let help = blocked_with_help(&site);
    site.run(&format!("coordinator cancel {help}")).expect(0);
    assert_eq!(site.budget("session-4-sip"), (0, 0, 60_000_000));
    let call = site.escalations().remove(0);
    assert_eq!((&call["kind"], &call["task"]), (&"no_help".into(), &"call".into()));
    assert_eq!(site.state("call"), "input-required/blocked");
    assert_eq!(site.record("call")["blocker"]["pending"], serde_json::json!([]));
}

fn help_that_failed_and_is_tried_again_unblocks_after_all(backend: Backend) {
    let site = Site::start(backend);
    let help = blocked_with_help(&site);
    let token = site.claim(&help, "session-4-sip");
    site.run(&format!("coordinator fail {help} --token {token} --message wires --cost 1")).expect(0);
    assert_eq!(site.record("call")["blocker"]["pending"], serde_json::json!([]));
    let kinds: Vec<_> = site.escalations().into_iter().map(|mut call| call["kind"].take()).collect();
    assert_eq!(kinds, ["no_help", "not_retryable"]);

    site.run(&format!("coordinator retry {help}")).expect(0);
    assert_eq!(site.record("call")["blocker"]["pending"], serde_json::json!([help]));
    let token = site.claim(&help, "session-4-sip");
    site.run(&format!("coordinator complete {help} --token {token} --result 5061 --cost 1")).expect(0);
    assert_eq!(site.state("call"), "submitted/ready");
    assert_eq!(site.record("call")["helped_by"], serde_json::json!([help]));
}
