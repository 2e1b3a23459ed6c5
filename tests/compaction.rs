//! The engine's history does not grow for ever: what is old goes, unless somebody still needs it, and nobody who comes
//! back late is harmed.

use std::time::Duration;

use infrafabric::clock::stopwatch;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::command::Ifctl;
use crate::support::line::Line;
use crate::support::patience::eventually;
use crate::support::raw::Raw;
use crate::support::servers::{Backend, Server};
use crate::support::site::Site;

const RETENTION: Duration = Duration::from_secs(1);
const SHORT: [&str; 2] = ["--auto-compaction-retention", "1s"];

/// Writes until the history from `revision` is gone; the oldest that is left.
fn let_go(raw: &Raw, revision: i64) -> i64 {
    eventually("the history is let go", || {
        raw.put("/busy", "");
        raw.watchable(revision).err()
    })
}

#[test]
fn a_watch_from_before_the_retention_is_told_that_it_is_too_late() {
    let server = Server::start_with(&SHORT);
    let raw = Raw::connect(&server);
    raw.put("/kept", "as it is");
    let before = raw.revision();
    assert_eq!(raw.watchable(before), Ok(()));
    let oldest = let_go(&raw, before);
    assert!(oldest > before, "{oldest} {before}");
    assert_eq!(raw.watchable(oldest), Ok(()), "it can go on from there");
    assert_eq!(raw.get("/kept").as_deref(), Some("as it is"));
}

#[test]
fn a_consumer_holds_back_the_history_that_it_needs_until_it_goes() {
    let server = Server::start_with(&SHORT);
    let raw = Raw::connect(&server);
    let needed = raw.revision();
    raw.put("/coordinator/consumers/slow", &needed.to_string());
    raw.put("/coordinator/consumers/garbled", "all of it");
    // What comes before goes, and no more.
    assert_eq!(let_go(&raw, needed - 1), needed);
    let watch = stopwatch();
    eventually("several retentions have passed", || {
        raw.put("/busy", "");
        assert_eq!(raw.watchable(needed), Ok(()));
        (watch.elapsed() > 3 * RETENTION).then_some(())
    });

    raw.delete("/coordinator/consumers/slow");
    assert!(let_go(&raw, needed) > needed);
}

#[test]
fn nothing_is_let_go_when_that_is_turned_off() {
    let server = Server::start_with(&["--auto-compaction-retention", "0"]);
    let raw = Raw::connect(&server);
    raw.put("/busy", "");
    assert_eq!(raw.watchable(1), Ok(()));
    raw.compact(raw.revision());
    assert!(raw.watchable(1).is_err(), "whoever wants to can still do it by hand");
}

fn sessions(site: &Site) -> Vec<String> {
    let swarms = site.json("coordinator swarms");
    let of = |swarm: &Value| swarm["sessions"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    swarms.as_array().unwrap().iter().flat_map(of).collect()
}

#[test]
fn workers_that_were_cut_off_while_history_went_find_what_was_pushed_meanwhile() {
    let site = Site::around(Server::start_with(&SHORT));
    let line = Line::to(site.server.endpoint());
    let beyond = |command: &str| site.ifctl(command).env("IF_ENDPOINTS", line.endpoint());
    let mut listener = beyond("coordinator listen --swarm ears").spawn();
    let pushes = listener.stdout_lines();
    assert_eq!(pushes.next_json()["type"], "connected");
    let mut workers = Vec::new();
    for work in ["--swarm hands --", "--swarm grabbers --pull --"] {
        let command = format!("coordinator work {work}");
        let mut worker = beyond(&command).args(["sh", "-c", "cat > /dev/null; echo done"]).spawn();
        let said = worker.stderr_lines();
        said.next_with("connected as");
        workers.push((worker, said));
    }
    let connected = sessions(&site);
    assert_eq!(connected.len(), 3);

    line.cut();
    for swarm in ["ears", "hands", "grabbers"] {
        site.run(&format!("coordinator submit for-{swarm} --direct-to {swarm}")).expect(0);
    }
    eventually("both are pushed", || {
        (["for-ears", "for-hands"].iter().all(|task| site.state(task).starts_with("working"))).then_some(())
    });
    let raw = site.raw();
    let_go(&raw, raw.revision());
    line.mend();

    assert_eq!(pushes.next_json()["task"]["id"], "for-ears");
    workers[0].1.next_with("for-hands completed");
    workers[1].1.next_with("for-grabbers completed");
    assert_eq!(sessions(&site), connected, "nobody had to connect anew");
    site.run("coordinator submit later --direct-to hands").expect(0);
    workers[0].1.next_with("later completed");
    listener.terminate().expect(0);
    for (worker, _) in workers {
        worker.terminate().expect(0);
    }
}

#[test]
fn a_dispatcher_that_was_cut_off_while_history_went_hands_out_what_was_submitted_meanwhile() {
    let server = Server::start(Backend::Etcd34);
    let line = Line::to(server.endpoint());
    let home = TempDir::new().unwrap();
    let beside = ["coordinator", "start", "--backend", "etcd", "--host", &line.endpoint()];
    let mut coordinator = Ifctl::new(home.path()).args(beside).spawn();
    let reports = coordinator.stderr_lines();
    assert_eq!(coordinator.stdout_lines().next_json()["role"], "leader");
    let direct = |command: &str| Ifctl::new(home.path()).endpoints(&server).args(command.split_whitespace());
    let mut worker = direct("coordinator work --swarm s1 -- cat").spawn();
    let said = worker.stderr_lines();
    said.next_with("connected as");
    direct("coordinator submit first").run().expect(0);
    said.next_with("first completed");

    let raw = Raw::connect(&server);
    line.cut();
    direct("coordinator submit T").run().expect(0);
    // What it needs next must be gone, not only what it has seen.
    raw.put("/busy", "");
    raw.compact(raw.revision());
    line.mend();
    reports.next_with("reading everything anew");
    said.next_with("T completed");
    worker.terminate().expect(0);
    coordinator.terminate().expect(0);
}

#[test]
fn an_etcd_is_left_to_compact_by_itself() {
    let home = TempDir::new().unwrap();
    let start = "coordinator start --backend etcd --auto-compaction-retention 1h";
    let refused = Ifctl::new(home.path()).args(start.split_whitespace()).run().expect(2);
    assert!(
        refused.stderr.contains("hint: start the etcd with its own --auto-compaction-retention"),
        "{refused:?}"
    );
}
