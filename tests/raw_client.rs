//! The original interface: a plain etcd client claims by replacing `unclaimed` in `/tasks/T/owner`, without `ifctl`.

use serde_json::Value;

use crate::support::command::{Finished, Running};
use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_raw_client_and_ifctl_race_for_one_task,
    a_raw_claim_is_adopted_with_a_hold,
    a_raw_claim_over_the_budget_is_undone_and_a_human_is_told,
    a_raw_claim_of_a_swarm_with_an_open_breaker_is_undone,
    a_raw_claim_that_cannot_be_adopted_leaves_no_lease_behind,
);

fn a_raw_client_and_ifctl_race_for_one_task(backend: Backend) {
    let site = Site::start(backend);
    let raw = site.raw();
    for task in ["T1", "T2", "T3"] {
        let owner = format!("/tasks/{task}/owner");
        raw.put(&owner, "unclaimed");
        let racers: Vec<Running> = (1..=10)
            .map(|i| site.ifctl(&format!("coordinator claim {task} --swarm typed-{i}")).spawn())
            .collect();
        let swaps: Vec<bool> =
            (1..=10).map(|i| raw.swap(&owner, "unclaimed", &format!("raw-{i}")).is_ok()).collect();
        let ended: Vec<Finished> = racers.into_iter().map(Running::finish).collect();

        let holder = raw.get(&owner).unwrap();
        let typed = ended.iter().filter(|finished| finished.code == 0).count();
        let swapped = swaps.iter().filter(|won| **won).count();
        assert_eq!(typed + swapped, 1, "{task}: {swaps:?} {ended:?}");
        let claims = raw.history(&owner).into_iter().filter(|change| change.value != "unclaimed");
        assert_eq!(claims.map(|change| change.value).collect::<Vec<_>>(), [holder.as_str()]);
        for lost in ended.into_iter().filter(|finished| finished.code != 0) {
            let lost = lost.expect(4);
            assert!(lost.stderr.contains(&format!("is claimed by {holder}")), "{}", lost.stderr);
        }
    }
}

fn a_raw_claim_is_adopted_with_a_hold(backend: Backend) {
    let site = Site::start(backend);
    let raw = site.raw();
    raw.put("/tasks/without-record/owner", "unclaimed");
    site.run("coordinator submit with-record").expect(0);
    for task in ["without-record", "with-record"] {
        let owner = format!("/tasks/{task}/owner");
        raw.swap(&owner, "unclaimed", "raw-1").unwrap();
        assert_eq!(raw.swap(&owner, "unclaimed", "raw-2"), Err(Some("raw-1".to_owned())));
        let lost = site.run(&format!("coordinator claim {task} --swarm typed")).expect(4);
        assert!(lost.stderr.contains("is claimed by raw-1"), "{}", lost.stderr);

        let hold: Value =
            eventually("the leader adopts the claim", || raw.json(&format!("/tasks/{task}/hold")));
        assert_eq!(hold["swarm"], "raw-1");
        let shown = site.show(task);
        assert_eq!(shown["hold"]["swarm"], "raw-1");
        assert_eq!(shown["record"]["owner"], "raw-1");
        assert_eq!(shown["record"]["state"], "working");
        let listed = site.json("coordinator tasks --owner raw-1 --state working");
        assert!(listed.as_array().unwrap().iter().any(|record| record["id"] == task), "{listed}");

        let token = shown["token"].as_str().unwrap();
        site.run(&format!("coordinator complete {task} --token {token}")).expect(0);
        assert_eq!(raw.get(&owner), Some("raw-1".to_owned()));
    }
}

/// Waits until the owner key says again that anybody may claim, and gives the calls for a human.
fn undone(site: &Site, task: &str) -> Vec<Value> {
    let owner = format!("/tasks/{task}/owner");
    eventually("the claim is undone", || (site.raw().get(&owner)? == "unclaimed").then_some(()));
    let about = |call: &Value| call["task"] == task && call["kind"] == "claim_refused";
    site.escalations().into_iter().filter(about).collect()
}

fn a_raw_claim_over_the_budget_is_undone_and_a_human_is_told(backend: Backend) {
    let site = Site::start(backend);
    site.run("governor register poor --capabilities a:b --cost-per-hour 2.0 --budget 1.0").expect(0);
    site.run("coordinator submit T").expect(0);
    site.raw().swap("/tasks/T/owner", "unclaimed", "poor").unwrap();

    let calls = undone(&site, "T");
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert_eq!((&calls[0]["swarm"], &calls[0]["state"]), (&"poor".into(), &"triggered".into()));
    assert!(calls[0]["issue"].as_str().unwrap().contains("1.00 dollars left, 2.00 are needed"), "{calls:?}");
    assert_eq!(site.raw().get("/tasks/T/hold"), None);
    assert_eq!(site.budget("poor"), (0, 0, 1_000_000));
    site.claim("T", "another");
}

fn a_raw_claim_of_a_swarm_with_an_open_breaker_is_undone(backend: Backend) {
    let site = Site::start(backend);
    site.run("governor register spent --capabilities a:b --cost-per-hour 2.0 --budget 2.0").expect(0);
    site.run("coordinator submit first").expect(0);
    let token = site.claim("first", "spent");
    site.run(&format!("coordinator complete first --token {token}")).expect(0);
    site.run("coordinator submit free --max-cost 0").expect(0);
    site.raw().swap("/tasks/free/owner", "unclaimed", "spent").unwrap();

    let calls = undone(&site, "free");
    assert_eq!(calls.len(), 1, "{calls:?}");
    assert!(calls[0]["issue"].as_str().unwrap().contains("circuit breaker of spent is open"), "{calls:?}");
    assert_eq!(site.budget("spent"), (2_000_000, 0, 2_000_000));
}

fn a_raw_claim_that_cannot_be_adopted_leaves_no_lease_behind(backend: Backend) {
    let site = Site::start(backend);
    let raw = site.raw();
    site.run("coordinator submit large --title short").expect(0);
    // As large as the store takes it, and nothing more with it.
    let record = raw.get("/tasks/large/record").unwrap();
    let title = "x".repeat(1_572_700 + "short".len() - record.len());
    raw.put("/tasks/large/record", &record.replacen("short", &title, 1));
    let before = raw.leases();
    raw.swap("/tasks/large/owner", "unclaimed", "raw-1").unwrap();
    let said = || site.coordinator.said() + &site.server.said();
    eventually("the leader has tried", || {
        said().contains("the task is left alone for a while").then_some(())
    });
    assert_eq!(raw.leases(), before);
    assert_eq!(raw.get("/tasks/large/hold"), None);
}
