//! Periods: a budget begins anew when its period is over, for everybody at once, whether or not a leader has noticed.

use infrafabric::clock::Clock;
use infrafabric::governor::service::Governor;
use infrafabric::store::Store;
use tokio::runtime::Runtime;

use crate::budgets::assert_never_above_cap;
use crate::support::connected::connection_to;
use crate::support::patience::eventually;
use crate::support::servers::{Backend, Coordinator};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    the_first_to_spend_in_a_period_finds_a_new_budget_and_a_closed_breaker,
    the_first_to_claim_in_a_period_finds_them_too,
    the_leader_begins_anew_what_is_over,
    whoever_leads_no_more_begins_nothing_anew,
);

fn register(site: &Site, more: &str) {
    let line = format!("governor register s1 --capabilities a:b --cost-per-hour 2.0 {more}");
    site.run(&line).expect(0);
}

/// As if the period had been another one, long ago.
fn age(site: &Site) {
    let key = "/governor/budgets/swarm/s1";
    let mut budget = site.raw().json(key).unwrap();
    assert!(budget["period"].as_str().unwrap().starts_with("day/"));
    budget["period"] = "day/2020-01-01".into();
    site.raw().put(key, &budget.to_string());
}

fn spend_all(site: &Site) {
    register(site, "--budget 4.0 --period day");
    site.run("governor charge s1 --operation call --cost 2.0").expect(0);
    site.run("governor charge s1 --operation call --cost 2.0").expect(0);
    site.run("governor charge s1 --operation call --cost 2.0").expect(6);
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("circuit_breaker_tripped"));
}

fn the_first_to_spend_in_a_period_finds_a_new_budget_and_a_closed_breaker(backend: Backend) {
    let site = Site::start(backend);
    spend_all(&site);
    age(&site);
    let shown = &site.json("governor budgets s1")[0];
    assert_eq!((&shown["spent"], &shown["breaker"]), (&0.into(), &"closed".into()));
    site.run("governor charge s1 --operation call --cost 3.0").expect(0);
    assert_eq!(site.budget("s1"), (3_000_000, 0, 4_000_000));
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("active"));
    let breaker = site.raw().json("/governor/breakers/swarm/s1").unwrap();
    assert_eq!((&breaker["state"], &breaker["trips"]), (&"closed".into(), &1.into()));
    // Of the new one people are told anew.
    let ids: Vec<_> = site.escalations().iter().map(|call| call["id"].as_str().unwrap().to_owned()).collect();
    let of_today = |percent: u8| {
        let found = ids.iter().filter(|id| id.ends_with(&format!(".{percent}")) && id.contains(".day-"));
        found.count()
    };
    assert_eq!((of_today(50), of_today(75)), (1, 1), "{ids:?}");
    assert_never_above_cap(&site.raw());
}

fn the_first_to_claim_in_a_period_finds_them_too(backend: Backend) {
    let site = Site::start(backend);
    spend_all(&site);
    site.run("coordinator submit t1").expect(0);
    site.run("coordinator claim t1 --swarm s1").expect(6);
    age(&site);
    let token = site.claim("t1", "s1");
    assert_eq!(site.budget("s1"), (0, 2_000_000, 4_000_000));
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("active"));
    // It ends in the next one: what is set aside has carried over, and is spent there.
    age(&site);
    site.run(&format!("coordinator complete t1 --token {token} --cost 1.5")).expect(0);
    assert_eq!(site.budget("s1"), (1_500_000, 0, 4_000_000));
    assert_never_above_cap(&site.raw());
}

fn the_leader_begins_anew_what_is_over(backend: Backend) {
    let mut site = Site::start(backend);
    register(&site, "--budget 4.0 --period day");
    site.run("coordinator submit t1").expect(0);
    site.claim("t1", "s1");
    site.run("governor charge s1 --operation call --cost 2.0").expect(0);
    site.run("governor charge s1 --operation call --cost 0.5").expect(6);
    site.raw().put("/governor/budgets/swarm/s0", "garbage");
    age(&site);
    if backend == Backend::Engine {
        site.server.restart();
    } else {
        site.coordinator.kill();
        site.coordinator = Coordinator::start(&site.server);
    }
    eventually("the leader has renewed it", || {
        let budget = site.raw().json("/governor/budgets/swarm/s1").unwrap();
        (budget["op"] == "governor.renew").then_some(())
    });
    assert_eq!(site.budget("s1"), (0, 2_000_000, 4_000_000));
    assert_eq!(site.raw().get("/swarms/s1/status").as_deref(), Some("active"));
    assert_eq!(site.json("governor budgets s1")[0]["breaker"], "closed");
}

fn whoever_leads_no_more_begins_nothing_anew(backend: Backend) {
    let site = Site::start(backend);
    register(&site, "--budget 4.0 --period day");
    site.run("governor charge s1 --operation call --cost 2.0").expect(0);
    age(&site);
    let runtime = Runtime::new().unwrap();
    let connection = connection_to(site.server.endpoint());
    let store = runtime.block_on(Store::connect(&connection)).unwrap();
    let governor = Governor::new(store, Clock::System);
    let renew = |leader| runtime.block_on(governor.renew_budgets(leader)).unwrap();
    let leader = site.raw().created("/coordinator/leader").unwrap();
    assert_eq!((renew(leader - 1), site.budget("s1").0), (0, 2_000_000));
    assert_eq!((renew(leader), site.budget("s1").0), (1, 0));
    assert_eq!(renew(leader), 0, "once in a period");
}
