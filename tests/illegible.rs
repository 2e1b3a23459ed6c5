//! What nobody can read is listed as such, with its key, and whoever says what is to be there instead is written down.

use serde_json::json;

use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_budget_that_nobody_can_read_is_listed_and_replaced,
    a_breaker_that_nobody_can_read_is_listed_and_reset,
    a_call_that_nobody_can_read_is_resolved,
);

fn start(backend: Backend) -> Site {
    let site = Site::start_under(backend, "capability_registry: {}\n");
    for swarm in ["s1", "s2"] {
        let line = format!("governor register {swarm} --capabilities a:b --cost-per-hour 2 --budget 20");
        site.run(&line).expect(0);
    }
    site
}

fn a_budget_that_nobody_can_read_is_listed_and_replaced(backend: Backend) {
    let site = start(backend);
    site.run("governor set-budgets --overall 10 --task t1=5").expect(0);
    for task in ["t1", "t2"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let token = site.claim("t1", "s1");
    for scope in ["swarm/s1", "task/t1"] {
        site.raw().put(&format!("/governor/budgets/{scope}"), "garbage");
    }
    let listed = site.json("governor budgets s1");
    assert_eq!(listed, json!([{"scope": "swarm/s1", "illegible": "/governor/budgets/swarm/s1"}]));
    let table = site.run("governor budgets").expect(0).stdout;
    assert!(table.contains("nobody can read") && table.contains("swarm/s2"), "{table}");
    let refused = site.run("coordinator claim t2 --swarm s1").expect(1);
    assert!(refused.stderr.contains("set-budgets --per-swarm FILE replaces it"), "{}", refused.stderr);

    let file = site.home.path().join("caps.yaml");
    std::fs::write(&file, "s1: 1\n").unwrap();
    let set =
        |rest: &str| site.ifctl(&format!("governor set-budgets {rest}")).arg_pair("--per-swarm", &file).run();
    let small = set("").expect(6);
    assert!(small.stdout.contains("refused: 2.00 are spent or reserved"), "{}", small.stdout);
    std::fs::write(&file, "s1: 15\n").unwrap();
    set("--dry-run").expect(0);
    assert_eq!(site.raw().get("/governor/budgets/swarm/s1").as_deref(), Some("garbage"));
    let done = set("--task t1=4").expect(0);
    assert_eq!(done.stdout.matches("replaced: nobody could read it").count(), 2, "{}", done.stdout);
    // What it has set aside is known; its part of the overall budget has gone back.
    assert_eq!(site.budget("s1"), (0, 2_000_000, 15_000_000));
    assert_eq!(site.raw().json("/governor/budgets/swarm/s1").unwrap()["by"], "human:tester");
    assert_eq!(site.raw().json("/governor/budgets/overall").unwrap()["unallotted"], 10_000_000);
    site.run(&format!("coordinator complete t1 --token {token} --cost 1.5")).expect(0);
    assert_eq!(site.budget("s1"), (1_500_000, 0, 15_000_000));
    assert_eq!(site.json("governor budgets task/t1")[0]["spent"], 1_500_000);

    for (key, rest) in [("budgets/overall", "--overall 10"), ("default-budget", "--default-budget 13")] {
        site.raw().put(&format!("/governor/{key}"), "garbage");
        let done = site.run(&format!("governor set-budgets {rest}")).expect(0);
        assert!(done.stdout.contains("replaced: nobody could read it"), "{}", done.stdout);
        assert_eq!(site.raw().json(&format!("/governor/{key}")).unwrap()["by"], "human:tester");
    }
    site.claim("t2", "s1");
}

fn a_breaker_that_nobody_can_read_is_listed_and_reset(backend: Backend) {
    let site = start(backend);
    site.run("coordinator submit t1").expect(0);
    site.raw().put("/governor/breakers/swarm/s1", "garbage");
    for line in ["governor circuit-breakers --open", "governor circuit-breakers s1"] {
        let listed = site.json(line)[0].take();
        assert_eq!((&listed["scope"], &listed["state"]), (&json!("swarm/s1"), &json!("open")));
        assert_eq!(listed["illegible"], "/governor/breakers/swarm/s1");
    }
    let table = site.run("governor circuit-breakers").expect(0).stdout;
    assert!(table.contains("nobody can read"), "{table}");
    let refused = site.run("coordinator claim t1 --swarm s1").expect(1);
    assert!(refused.stderr.contains("reset-circuit-breaker swarm/s1 replaces it"), "{}", refused.stderr);
    site.run("governor reset-circuit-breaker s1 --approved-by ann --reason mended").expect(0);
    let breaker = site.raw().json("/governor/breakers/swarm/s1").unwrap();
    assert_eq!((&breaker["state"], &breaker["approval"]["by"]), (&json!("closed"), &json!("ann")));
    let approvals = site.raw().list("/governor/approvals/swarm/s1/");
    assert!(approvals.len() == 1 && approvals[0].1.contains("mended"), "{approvals:?}");
    site.claim("t1", "s1");
}

fn a_call_that_nobody_can_read_is_resolved(backend: Backend) {
    let site = start(backend);
    let key = "/governor/escalations/stalled.t1.7";
    site.raw().put(key, "garbage");
    site.run("governor escalations ack stalled.t1.7").expect(1);
    site.run("governor escalations resolve stalled.t1.7 --note seen").expect(0);
    let call = site.raw().json(key).unwrap();
    assert_eq!((&call["kind"], &call["state"]), (&json!("stalled"), &json!("resolved")));
    assert_eq!(
        (&call["resolved"]["by"], &call["resolved"]["note"]),
        (&json!("human:tester"), &json!("seen"))
    );
    // Nobody knows what this was about.
    site.raw().put("/governor/escalations/e1", "garbage");
    site.run("governor escalations resolve e1").expect(1);
    let long = "x".repeat(1001);
    let wordy = site.ifctl("governor escalations resolve stalled.t1.7 --note").args([&long]).run().expect(2);
    assert!(wordy.stderr.contains("1001 characters"), "{}", wordy.stderr);
}
