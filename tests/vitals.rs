//! What the store says of itself: figures where there are some, and whether it can be written.

use etcd_client::AlarmAction;
use serde_json::Value;

use crate::support::patience::eventually;
use crate::support::servers::{Backend, Coordinator};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    a_store_without_space_is_unhealthy_and_says_why,
    what_status_says_of_tasks_and_pushes_was_measured,
);

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
    // The leader may have to begin anew.
    eventually("it is well again", || (health().code == 0).then_some(()));
}

/// The problems that `health` names; it must name some.
fn problems(site: &Site) -> Option<String> {
    let health = site.ifctl("coordinator health -o json").run();
    (health.code == 10).then(|| health.json()["problems"].to_string())
}

fn what_status_says_of_tasks_and_pushes_was_measured(backend: Backend) {
    let site = Site::start_under(backend, "health:\n  overdue_after_seconds: 1\n");
    let status = || site.json("coordinator status");
    assert_eq!(status()["pace"], Value::Null, "nothing was pushed");
    let mut worker = site.ifctl("coordinator work --swarm s1 -- true").spawn();
    let said = worker.stderr_lines();
    said.next_with("connected as");
    for task in ["a", "b", "c"] {
        site.run(&format!("coordinator submit {task}")).expect(0);
        said.next_with(&format!("{task} completed"));
    }
    site.run("coordinator submit skilled --capabilities integration:sip").expect(0);
    site.run("coordinator submit later --depends-on skilled").expect(0);
    let pace = eventually("all pushes are counted", || {
        Some(status()["pace"].take()).filter(|pace| pace["delivered"]["count"] == 3)
    });
    for figures in ["waited", "delivered", "committed"] {
        let figure = |name: &str| pace[figures][name].as_u64().unwrap();
        assert!(0 < figure("p50_micros") && figure("p50_micros") <= figure("p99_micros"), "{pace}");
        assert!((1..=3).contains(&figure("count")), "{pace}");
    }
    let status = status();
    let kind = if backend == Backend::Engine { "engine" } else { "etcd" };
    assert_eq!((&status["leader"]["backend"], &status["sessions"]), (&kind.into(), &1.into()));
    let queues = serde_json::json!({"completed": 3, "submitted/ready": 1, "submitted/waiting": 1});
    assert_eq!((&status["queues"], &status["stalled"]), (&queues, &0.into()));
    let oldest = |status: &Value| {
        let age = status["oldest_ready"]["age_seconds"].as_u64().unwrap();
        (status["oldest_ready"]["task"].as_str() == Some("skilled")).then_some(age)
    };
    assert!(oldest(&status).is_some(), "{status}");
    let table = site.run("coordinator status").expect(0).stdout;
    for part in ["3 in the last 5 min", "pushed until received", "tasks submitted/waiting", "skilled, for"] {
        assert!(table.contains(part), "no {part} in:\n{table}");
    }
    let yaml = site.run("coordinator status -o yaml").expect(0).stdout;
    assert!(yaml.contains("delivered:\n    count: 3"), "{yaml}");

    // A task that nobody can do is late for want of a worker: the coordinator is well.
    let aged = || oldest(&site.json("coordinator status")).filter(|age| *age >= 3);
    eventually("it has waited for long", aged);
    site.run("coordinator health").expect(0);
    worker.terminate().expect(0);
}

#[test]
fn a_task_that_waits_although_somebody_qualified_is_free_is_a_fault_and_so_is_no_leader() {
    let mut site = Site::start_under(Backend::Etcd34, "health:\n  overdue_after_seconds: 1\n");
    let mut worker = site.ifctl("coordinator work --swarm s1 -- true").spawn();
    let said = worker.stderr_lines();
    said.next_with("connected as");
    site.coordinator.kill();
    site.run("coordinator submit T").expect(0);
    let both = eventually("both faults are named", || {
        problems(&site).filter(|said| said.contains("no coordinator leads") && said.contains("task T has"))
    });
    assert!(both.contains("although s1 is free and qualified"), "{both}");
    site.coordinator = Coordinator::start(&site.server);
    said.next_with("T completed");
    site.run("coordinator health").expect(0);
    worker.terminate().expect(0);
}
