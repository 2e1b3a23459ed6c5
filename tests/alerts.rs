//! Alerts: a human is told that a budget is half spent, and more, each once, before it is spent.

use crate::support::command::Running;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    every_threshold_calls_once_and_the_last_dollar_calls_by_the_breaker,
    many_that_spend_at_once_call_once,
    whoever_wants_no_alerts_gets_none,
);

/// What people were called for about budgets, by id.
fn alerts(site: &Site) -> Vec<String> {
    let calls = site.escalations().into_iter().filter(|call| call["kind"] == "budget_alert");
    calls.map(|call| call["id"].as_str().unwrap().to_owned()).collect()
}

fn start(backend: Backend, policy: &str) -> Site {
    let site = Site::start_under(backend, policy);
    site.run("governor register s1 --capabilities a:b --cost-per-hour 2.0 --budget 10.0").expect(0);
    site
}

fn every_threshold_calls_once_and_the_last_dollar_calls_by_the_breaker(backend: Backend) {
    let site = start(backend, "capability_registry: {}\n");
    let mut told = Vec::new();
    for (cost, percent) in
        [("4.9", None), ("0.1", Some(50)), ("0.1", None), ("3.1", Some(75)), ("0.8", Some(90))]
    {
        site.run(&format!("governor charge s1 --operation call --cost {cost}")).expect(0);
        told.extend(percent.map(|percent| format!("budget-alert.swarm.s1.ever.{percent}")));
        told.sort();
        assert_eq!(alerts(&site), told, "{cost}");
    }
    let call = &site.escalations()[0];
    assert_eq!((&call["swarm"], &call["state"]), (&"s1".into(), &"triggered".into()));
    site.run("governor charge s1 --operation call --cost 1.0").expect(0);
    assert_eq!(site.budget("s1"), (10_000_000, 0, 10_000_000));
    assert_eq!(alerts(&site), told);
    assert_eq!(site.escalations().len(), 4, "the breaker calls by itself");
}

fn many_that_spend_at_once_call_once(backend: Backend) {
    let site = start(backend, "capability_registry: {}\n");
    let racers: Vec<Running> =
        (0..20).map(|_| site.ifctl("governor charge s1 --operation call --cost 0.3").spawn()).collect();
    for racer in racers {
        racer.finish().expect(0);
    }
    let written = site.raw().history("/governor/escalations/");
    assert_eq!(written.len(), 1, "{written:?}");
    assert_eq!(alerts(&site), ["budget-alert.swarm.s1.ever.50"]);
}

fn whoever_wants_no_alerts_gets_none(backend: Backend) {
    let policy = "capability_registry: {}\nresource_policy:\n  enable_budget_enforcement: false\n";
    let site = start(backend, &format!("{policy}  budget_alerts: []\n"));
    site.run("governor charge s1 --operation call --cost 20").expect(0);
    assert_eq!(alerts(&site), [] as [&str; 0]);
    drop(site);
    // Where no breaker opens, somebody is told all the same that everything is spent.
    let site = start(backend, policy);
    site.run("governor charge s1 --operation call --cost 20").expect(0);
    assert_eq!(alerts(&site), ["budget-alert.swarm.s1.ever.100"]);
}
