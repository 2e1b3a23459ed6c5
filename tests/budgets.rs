//! Money: what is spent and set aside never passes the cap, at no revision; spent up means stopped.

use serde_json::Value;

use crate::support::command::{Finished, Running};
use crate::support::raw::Raw;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    claims_at_once_never_pass_the_cap,
    spending_exactly_the_cap_opens_the_breaker_and_calls_one_human,
    a_policy_without_enforcement_books_and_never_refuses,
);

/// Fails if there was a revision at which a budget had more spent and reserved than its cap.
pub(crate) fn assert_never_above_cap(raw: &Raw) {
    for change in raw.history("/governor/budgets/") {
        let budget = change.json();
        let amount = |name: &str| budget[name].as_i64().unwrap();
        assert!(amount("spent") + amount("reserved") <= amount("cap"), "{change:?}");
        assert!(amount("spent") >= 0 && amount("reserved") >= 0, "{change:?}");
    }
}

/// What humans were called for because a breaker opened.
pub(crate) fn breaker_calls(site: &Site) -> Vec<Value> {
    let calls = site.escalations().into_iter();
    calls.filter(|call| call["kind"] == "circuit_breaker").collect()
}

fn claims_at_once_never_pass_the_cap(backend: Backend) {
    let site = Site::start(backend);
    site.run("governor register s1 --capabilities a:b --cost-per-hour 2.0 --budget 11.0").expect(0);
    let tasks: Vec<_> = (1..=20).map(|i| format!(r#"{{"id":"t{i}"}}"#)).collect();
    site.ifctl("coordinator submit --file -").stdin(tasks.join("\n")).run().expect(0);
    let racers: Vec<Running> =
        (1..=20).map(|i| site.ifctl(&format!("coordinator claim t{i} --swarm s1")).spawn()).collect();
    let ended: Vec<Finished> = racers.into_iter().map(Running::finish).collect();

    // Five times 2 dollars fit into 11.
    let (won, refused): (Vec<_>, Vec<_>) = (1..).zip(ended).partition(|(_, finished)| finished.code == 0);
    assert_eq!(won.len(), 5, "{refused:?}");
    for (_, finished) in refused {
        let finished = finished.expect(6);
        assert!(finished.stderr.contains("1.00 dollars left, 2.00 are needed"), "{}", finished.stderr);
    }
    assert_eq!(site.budget("s1"), (0, 10_000_000, 11_000_000));
    for (i, finished) in won {
        let token = finished.stdout.trim();
        site.run(&format!("coordinator complete t{i} --token {token} --cost 0.5")).expect(0);
    }
    assert_eq!(site.budget("s1"), (2_500_000, 0, 11_000_000));
    assert_never_above_cap(&site.raw());
}

fn spending_exactly_the_cap_opens_the_breaker_and_calls_one_human(backend: Backend) {
    let site = Site::start(backend);
    site.run("governor register runaway --capabilities a:b --cost-per-hour 2.0 --budget 4.0").expect(0);
    for task in ["t1", "t2", "t3"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
    }
    let tokens = ["t1", "t2"].map(|task| (task, site.claim(task, "runaway")));
    for (task, token) in tokens {
        assert_eq!(site.raw().get("/swarms/runaway/status").as_deref(), Some("active"));
        site.run(&format!("coordinator complete {task} --token {token}")).expect(0);
    }

    assert_eq!(site.budget("runaway"), (4_000_000, 0, 4_000_000));
    assert_eq!(site.raw().get("/swarms/runaway/status").as_deref(), Some("circuit_breaker_tripped"));
    let budgets = site.json("governor budgets");
    let line = budgets.as_array().unwrap().iter().find(|line| line["scope"] == "swarm/runaway").unwrap();
    assert_eq!((&line["breaker"], &line["reason"]), (&"open".into(), &"budget_exhausted".into()));
    let calls = breaker_calls(&site);
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!((&calls[0]["kind"], &calls[0]["swarm"]), (&"circuit_breaker".into(), &"runaway".into()));

    let refused = site.run("coordinator claim t3 --swarm runaway").expect(6);
    assert!(refused.stderr.contains("circuit breaker of runaway is open"), "{}", refused.stderr);
    let explained = site.run("governor find-help --required a:b --explain").expect(3);
    assert!(explained.stdout.contains("runaway"), "{}", explained.stdout);
    site.claim("t3", "another");
    assert_eq!(breaker_calls(&site).len(), 1);
    assert_never_above_cap(&site.raw());
}

fn a_policy_without_enforcement_books_and_never_refuses(backend: Backend) {
    let policy = "resource_policy:\n  enable_budget_enforcement: false\n";
    let site = Site::start_under(backend, policy);
    site.run("governor register s1 --capabilities a:b --cost-per-hour 2.0 --budget 3.0").expect(0);
    for task in ["t1", "t2", "t3"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
        let won = site.run(&format!("coordinator claim {task} --swarm s1")).expect(0);
        let token = won.stdout.trim();
        site.run(&format!("coordinator complete {task} --token {token}")).expect(0);
        if task != "t1" {
            assert!(won.stderr.contains("budgets are not enforced"), "{}", won.stderr);
        }
    }
    assert_eq!(site.budget("s1"), (6_000_000, 0, 3_000_000));
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("active"));
}
