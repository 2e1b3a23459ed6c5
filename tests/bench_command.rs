//! `coordinator bench` measures any store, says how much it has done, and leaves nothing behind.

use crate::support::patience::eventually;
use crate::support::raw::Raw;
use crate::support::servers::{Backend, Server};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(
    what_it_counts_is_what_it_has_done,
    it_leaves_nothing_behind,
    it_leaves_nothing_behind_when_it_is_interrupted,
    what_one_leaves_that_is_killed_the_next_one_removes,
);

/// Where the keys of the benchmark lie, for a look into the history.
const NAMESPACE: &str = "/measured/";
const BENCH: &str = "coordinator bench --namespace /measured/ --clients 20 --watchers 3";

/// What the store holds besides what a coordinator that runs there writes of itself.
fn keys(raw: &Raw) -> Vec<String> {
    let all = raw.list("").into_iter().map(|(key, _)| key);
    all.filter(|key| !key.starts_with("/coordinator/") && !key.starts_with("/marker/")).collect()
}

fn what_it_counts_is_what_it_has_done(backend: Backend) {
    let site = Site::start(backend);
    let figures = site.json(&format!("{BENCH} --duration 1s"));
    let history = site.raw().history(NAMESPACE);
    let puts = |part: &str, kind: &str| {
        let counted = history.iter().filter(|change| !change.deleted && change.key.ends_with(kind));
        counted.filter(|change| change.key.contains(part)).count()
    };
    let completed = history.iter().filter(|change| {
        change.key.contains("/tasks/push-")
            && change.key.ends_with("/record")
            && !change.deleted
            && change.json()["op"] == "complete"
    });
    let count = |what: &str| usize::try_from(figures[what]["count"].as_u64().unwrap()).unwrap();
    assert_eq!(count("claims"), puts("/tasks/claim-", "/hold"));
    assert_eq!(count("pushes"), completed.count());
    assert!(count("claims") > 20 && count("pushes") > 0, "{figures}");
    for what in ["claims", "pushes"] {
        let figure = |name: &str| figures[what][name].as_f64().unwrap();
        let rate = figure("count") / figure("seconds");
        assert!((figure("per_second") - rate).abs() < 1e-6 * rate, "{figures}");
        assert!(figure("p50_us") > 0.0 && figure("p50_us") <= figure("p99_us"), "{figures}");
    }
    assert_eq!((&figures["clients"], &figures["watchers"]), (&20.into(), &3.into()));
    assert!(figures["fdatasync"]["p50_us"].as_u64().is_some_and(|micros| micros > 0), "{figures}");
}

fn it_leaves_nothing_behind(backend: Backend) {
    let site = Site::start(backend);
    let before = (keys(&site.raw()), leases(&site.server));
    let finished = site.run(&format!("{BENCH} --duration 500ms")).expect(0);
    assert!(finished.stdout.contains("claims by 20 clients"), "{}", finished.stdout);
    assert!(finished.stdout.contains("pushes to 3 workers"), "{}", finished.stdout);
    assert_eq!((keys(&site.raw()), leases(&site.server)), before);
}

fn it_leaves_nothing_behind_when_it_is_interrupted(backend: Backend) {
    let site = Site::start(backend);
    let before = (keys(&site.raw()), leases(&site.server));
    for moment in ["20 clients claim", "3 workers connect", "tasks are pushed"] {
        // Each measurement would outlast the test; to come to the later ones the earlier must not.
        let duration = if moment == "20 clients claim" { "1h" } else { "3s" };
        let mut bench = site.ifctl(&format!("{BENCH} --duration {duration}")).spawn();
        bench.stderr_lines().next_with(moment);
        let interrupted = bench.terminate();
        assert_eq!((interrupted.code, interrupted.stdout.as_str()), (8, ""), "{moment}");
        assert_eq!((keys(&site.raw()), leases(&site.server)), before, "{moment}");
    }
}

fn what_one_leaves_that_is_killed_the_next_one_removes(backend: Backend) {
    let site = Site::start(backend);
    let raw = site.raw();
    // Somebody else's, whatever it is called.
    raw.put("/measured/bench-marks/tasks/T/owner", "unclaimed");
    let before = keys(&raw);
    let begin = || {
        let mut bench =
            site.ifctl("coordinator bench --namespace /measured/ --clients 2 --duration 1h").spawn();
        bench.stderr_lines().next_with("2 clients claim");
        bench
    };
    let killed = begin();
    let marks =
        || raw.list("/measured/bench-").into_iter().filter(|(key, _)| key.ends_with("/benchmark")).count();
    assert_eq!(marks(), 1);
    eventually("it has written something", || (keys(&raw).len() > before.len() + 1).then_some(()));
    killed.kill();
    let another = begin();
    eventually("the mark of the dead one is gone", || (marks() == 1).then_some(()));
    site.run(&format!("{BENCH} --duration 500ms")).expect(0);
    assert_eq!(marks(), 1, "the one that goes on is left alone");
    another.terminate().expect(8);
    assert_eq!(keys(&raw), before);
}

/// How many leases live.
fn leases(server: &Server) -> usize {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = etcd_client::Client::connect([server.endpoint()], None).await.unwrap();
        client.lease_client().leases().await.unwrap().leases().len()
    })
}

#[test]
fn a_store_that_is_not_there_cannot_be_measured() {
    let home = tempfile::TempDir::new().unwrap();
    let call = crate::support::command::Ifctl::new(home.path());
    let finished = call.args("--endpoints 127.0.0.1:1 coordinator bench".split(' ')).run().expect(7);
    assert_eq!(finished.stdout, "");
}
