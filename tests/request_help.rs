//! Help can be asked for by hand: the same that happens by itself when a task blocks, once, with reasons.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::support::command::Running;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_dry_run_says_who_would_be_asked_and_the_request_asks_them_once,
    the_question_can_be_put_otherwise,
    whoever_is_not_asked_is_shown_with_the_reason,
    when_nobody_qualifies_one_human_is_called_until_somebody_does,
    help_that_has_failed_can_be_asked_for_again,
    of_many_who_ask_at_once_one_asks,
    no_more_are_asked_than_one_transaction_holds,
    what_is_not_blocked_needs_no_help,
);

/// The leader looks for no help, so that the verb does.
const OFF: &str = "help-off=return";

/// A task that `session-3-h323` has blocked, with a leader that does nothing about it.
fn blocked(backend: Backend, needs: &str) -> Site {
    let mut site = Site::start(backend);
    site.restart_leader(OFF);
    block(&site, needs);
    site
}

fn block(site: &Site, needs: &str) {
    site.run("coordinator submit call").expect(0);
    let token = site.claim("call", "session-3-h323");
    let block = format!("coordinator block call --token {token} --needs {needs} --description how?");
    site.run(&block).expect(0);
}

/// The tasks that help `call`.
fn help(site: &Site) -> Vec<Value> {
    let tasks = site.json("coordinator tasks");
    let help = tasks.as_array().unwrap().iter().filter(|task| task["helps"] == "call");
    help.cloned().collect()
}

fn reservations(site: &Site) -> usize {
    site.raw().list("/governor/reservations/").len()
}

fn a_dry_run_says_who_would_be_asked_and_the_request_asks_them_once(backend: Backend) {
    let site = blocked(backend, "integration:sip,integration:ndi,magic:wands");
    let tried = site.json("governor request-help call --dry-run");
    assert_eq!((&tried["outcome"], &tried["uncovered"]), (&"asked".into(), &json!(["magic:wands"])));
    assert_eq!(tried["helpers"][0]["task"], Value::Null);
    assert_eq!((help(&site).len(), reservations(&site)), (0, 0), "nothing is done");
    assert_eq!(site.record("call")["blocker"]["requested"], false);

    assert_snapshot!(site.run("governor request-help call").snapshot(), @"
    $ ifctl governor request-help call
    status: 0
    --- stdout
     NEED             SWARM            AMOUNT  TASK
     integration:sip  session-4-sip  3.333333  help-call-1-1
     integration:ndi  session-1-ndi  3.333333  help-call-1-2
     magic:wands      nobody                -  -
    --- stderr
    ");
    assert_eq!(site.budget("session-1-ndi"), (0, 3_333_333, 60_000_000));
    assert_snapshot!(site.run("governor request-help call --needs magic:wands").snapshot(), @"
    $ ifctl governor request-help call --needs magic:wands
    status: 4
    --- stdout
     TASK           SWARM
     help-call-1-1  session-4-sip
     help-call-1-2  session-1-ndi
    --- stderr
    help for call was asked for before
    error: help for call is under way: its question stays as it was
    hint: wait until that help has ended, or cancel it: ifctl coordinator show call names it
    ");
    site.run("governor request-help call --dry-run").expect(0);
    assert_eq!((help(&site).len(), reservations(&site)), (2, 2));
    let needs = &site.record("call")["blocker"]["needs"];
    assert_eq!(*needs, json!(["integration:sip", "integration:ndi", "magic:wands"]));
}

fn the_question_can_be_put_otherwise(backend: Backend) {
    let site = blocked(backend, "magic:wands");
    let words = ["--description", "which port?"];
    site.ifctl("governor request-help call --needs integration:ndi").args(words).run().expect(0);
    let blocker = &site.record("call")["blocker"];
    assert_eq!(
        (&blocker["needs"], &blocker["description"]),
        (&json!(["integration:ndi"]), &"which port?".into())
    );
    let help = &help(&site)[0];
    assert_eq!(
        (&help["directed_to"], &help["title"]),
        (&"session-1-ndi".into(), &"Help call: which port?".into())
    );
    let payload = site.show(help["id"].as_str().unwrap())["payload"].as_str().unwrap().to_owned();
    assert!(payload.contains("which port?"), "{payload}");
    let long = "x".repeat(5000);
    site.ifctl("governor request-help call --description").args([&long]).run().expect(2);
}

fn whoever_is_not_asked_is_shown_with_the_reason(backend: Backend) {
    let site = blocked(backend, "integration:http,security:audit,integration:sip");
    site.run("governor register dear --capabilities integration:sip --cost-per-hour 40").expect(0);
    assert_snapshot!(site.run("governor request-help call --dry-run --explain").snapshot(), @"
    $ ifctl governor request-help call --dry-run --explain
    status: 0
    --- stdout
     NEED              SWARM               AMOUNT  TASK
     integration:http  session-2-webrtc  3.333333  -
     security:audit    session-4-sip     3.333333  -
     integration:sip   session-7-ifbus   3.333333  -

     NEED              SWARM             REPUTATION  $/HOUR  SCORE  CHOICE
     integration:http  session-2-webrtc        50 %    2.00  0.250  is asked
     integration:http  session-7-ifbus         50 %    3.00  0.167  ranks below session-2-webrtc
     security:audit    session-3-h323          50 %    2.00  0.250  needs the help itself
     security:audit    session-4-sip           50 %    2.00  0.250  is asked
     security:audit    session-6-talent        50 %    2.00  0.250  ranks below session-4-sip
     integration:sip   session-4-sip           50 %    2.00  0.250  is asked for security:audit already
     integration:sip   session-7-ifbus         50 %    3.00  0.167  is asked
     integration:sip   dear                    50 %   40.00  0.013  dear would cost 40.00 dollars, at most 3.333333 are allowed
    --- stderr
    ");
}

fn when_nobody_qualifies_one_human_is_called_until_somebody_does(backend: Backend) {
    let site = blocked(backend, "magic:wands");
    let tried = site.run("governor request-help call --dry-run").expect(3);
    assert!(tried.stderr.contains("nobody qualifies to help call with magic:wands"), "{}", tried.stderr);
    assert!(site.escalations().is_empty());

    let called = site.run("governor request-help call").expect(3);
    let escalation = called.stdout.trim();
    assert!(called.stderr.contains(&format!("escalation {escalation} calls a human")), "{}", called.stderr);
    let calls = site.escalations();
    assert_eq!((calls.len(), &calls[0]["id"]), (1, &escalation.into()));
    assert!(calls[0]["issue"].as_str().unwrap().contains("nobody offers magic:wands"), "{calls:?}");
    // Again is the same call, until it is settled.
    assert_eq!(site.run("governor request-help call").expect(3).stdout, called.stdout);
    assert_eq!(site.escalations().len(), 1);
    let mut settled = calls[0].clone();
    settled["state"] = "resolved".into();
    site.raw().put(&format!("/governor/escalations/{escalation}"), &settled.to_string());
    assert_ne!(site.run("governor request-help call").expect(3).stdout, called.stdout);
    assert_eq!(site.escalations().len(), 2);

    site.run("governor register merlin --capabilities magic:wands --cost-per-hour 1").expect(0);
    let asked = site.json("governor request-help call");
    assert_eq!((&asked["outcome"], &asked["helpers"][0]["swarm"]), (&"asked".into(), &"merlin".into()));
    assert_eq!(site.escalations().len(), 2);
}

fn help_that_has_failed_can_be_asked_for_again(backend: Backend) {
    let site = blocked(backend, "integration:ndi");
    let first = site.json("governor request-help call")["helpers"][0]["task"].as_str().unwrap().to_owned();
    site.run(&format!("coordinator cancel {first}")).expect(0);
    assert_eq!(site.budget("session-1-ndi"), (0, 0, 60_000_000));
    let second = site.json("governor request-help call")["helpers"][0]["task"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    let token = site.claim(&second, "session-1-ndi");
    site.run(&format!("coordinator complete {second} --token {token} --result 5061 --cost 1")).expect(0);
    assert_eq!(site.state("call"), "submitted/ready");
}

fn of_many_who_ask_at_once_one_asks(backend: Backend) {
    let site = Site::start(backend);
    // The leader is one of them.
    block(&site, "integration:sip,integration:ndi");
    let asking: Vec<Running> = (0..6).map(|_| site.ifctl("governor request-help call").spawn()).collect();
    for asked in asking {
        asked.finish().expect(0);
    }
    assert_eq!((help(&site).len(), reservations(&site)), (2, 2));
    assert_eq!(site.record("call")["blocker"]["pending"].as_array().unwrap().len(), 2);
    assert!(site.escalations().is_empty());
}

fn no_more_are_asked_than_one_transaction_holds(backend: Backend) {
    let numbers = 10..30;
    let swarm = |n| format!("  s{n}: {{capabilities: [\"skill:{n}\"], cost_per_hour: 0.25}}\n");
    let swarms: String = numbers.clone().map(swarm).collect();
    let policy = format!("resource_policy: {{max_swarms_per_task: 1000}}\ncapability_registry:\n{swarms}");
    let site = Site::start_under(backend, &policy);
    let needs: Vec<_> = numbers.map(|n| format!("skill:{n}")).collect();
    block(&site, &needs.join(","));
    // Whoever looks for it first, the leader or this.
    site.run("governor request-help call").expect(0);
    assert_eq!((help(&site).len(), reservations(&site)), (16, 16));
    assert_eq!(site.record("call")["blocker"]["pending"].as_array().unwrap().len(), 16);
}

fn what_is_not_blocked_needs_no_help(backend: Backend) {
    let site = Site::start(backend);
    site.run("coordinator submit call").expect(0);
    assert_snapshot!(site.run("governor request-help call").snapshot(), @"
    $ ifctl governor request-help call
    status: 4
    --- stdout
    --- stderr
    error: task call is submitted (ready), so it needs no help
    hint: ifctl coordinator show call; whoever holds it says what it needs with ifctl coordinator block call
    ");
    assert_snapshot!(site.run("governor request-help other").snapshot(), @"
    $ ifctl governor request-help other
    status: 3
    --- stdout
    --- stderr
    error: there is no task other
    hint: ifctl coordinator tasks
    ");
}
