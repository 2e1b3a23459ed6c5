//! What the store says of itself: figures where there are some, and whether it can be written.

use etcd_client::AlarmAction;
use serde_json::Value;

use crate::support::patience::eventually;
use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(a_store_without_space_is_unhealthy_and_says_why);

#[test]
fn the_engine_publishes_figures_and_rewrites_them_when_there_is_news() {
    let site = Site::start(Backend::Engine);
    let vitals = || site.json("coordinator status")["vitals"].take();
    let first = eventually("they are published", || Some(vitals()).filter(|vitals| !vitals.is_null()));
    for figure in ["keys", "leases", "disk_bytes", "history_bytes", "commit_p50_micros"] {
        assert!(first[figure].as_u64().unwrap() > 0, "{figure} of {first}");
    }
    assert!(first["resident_bytes"].as_u64().unwrap() > first["history_bytes"].as_u64().unwrap(), "{first}");
    assert!(first["commit_p99_micros"].as_u64() >= first["commit_p50_micros"].as_u64(), "{first}");
    assert!(first["age_seconds"].as_u64().unwrap() < 60, "{first}");
    let table = site.run("coordinator status").expect(0).stdout;
    assert!(table.contains("engine, as of") && table.contains("commit, 99th percentile"), "{table}");

    for task in 0..20 {
        site.run(&format!("coordinator submit task-{task}")).expect(0);
    }
    let keys = |vitals: &Value| vitals["keys"].as_u64().unwrap();
    let news =
        eventually("they are rewritten", || Some(vitals()).filter(|news| keys(news) >= keys(&first) + 40));
    assert!(news["revision"].as_i64() > first["revision"].as_i64(), "{news}");
    assert!(news["watchers"].as_u64().unwrap() > 0, "the leader watches: {news}");
}

#[test]
fn of_an_etcd_nothing_is_told_that_it_does_not_tell() {
    let site = Site::start(Backend::Etcd34);
    let status = site.json("coordinator status");
    assert_eq!((&status["vitals"], &status["errors"]), (&Value::Null, &Value::Array(Vec::new())));
    let (size, used) = (status["db_size"].as_i64().unwrap(), status["db_size_in_use"].as_i64().unwrap());
    assert!(0 < used && used <= size, "{status}");
    let table = site.run("coordinator status").expect(0).stdout;
    assert!(table.contains("in use") && !table.contains("as of"), "{table}");
}

fn a_store_without_space_is_unhealthy_and_says_why(backend: Backend) {
    let site = Site::start(backend);
    let health = || site.ifctl("coordinator health -o json").run();
    eventually("a coordinator leads", || (health().code == 0).then_some(()));
    let raw = site.raw();
    raw.alarm(AlarmAction::Activate);
    let unhealthy = health().expect(10).json();
    let problems = unhealthy["problems"].as_array().unwrap();
    assert!(
        problems.iter().any(|problem| problem.as_str().unwrap().contains("no space left")),
        "{unhealthy}"
    );
    assert!(site.run("coordinator status").expect(0).stdout.contains("alarm:NOSPACE"));
    raw.alarm(AlarmAction::Deactivate);
    health().expect(0);
}
