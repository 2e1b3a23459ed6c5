//! Starting a coordinator: one line when it is ready, an end when it is told to, and never two on the same data.

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::command::{Ifctl, Lines, Running};
use crate::support::patience::eventually;
use crate::support::secure::Certificates;
use crate::support::servers::{Backend, Server};

fn start(home: &Path, more: &[&str]) -> (Running, Lines, Value) {
    let mut running = Ifctl::new(home).args(["coordinator", "start"]).args(more).spawn();
    let lines = running.stdout_lines();
    let ready = lines.next_json();
    (running, lines, ready)
}

fn ifctl(home: &Path, endpoint: &str, line: &str) -> Ifctl {
    Ifctl::new(home).env("IF_ENDPOINTS", endpoint).args(line.split_whitespace())
}

#[test]
fn it_says_in_one_line_where_it_listens_and_ends_when_told_to() {
    let home = TempDir::new().unwrap();
    let (running, _, ready) = start(home.path(), &["--listen", "127.0.0.1:0"]);
    assert_eq!((&ready["ready"], &ready["backend"]), (&true.into(), &"engine".into()));
    assert_eq!((&ready["role"], &ready["pid"]), (&"leader".into(), &running.pid().into()));
    assert!(ready["revision"].as_i64().unwrap() > 0, "{ready}");
    let endpoint = ready["endpoints"][0].as_str().unwrap();
    assert!(endpoint.starts_with("127.0.0.1:") && !endpoint.ends_with(":0"), "{ready}");

    ifctl(home.path(), endpoint, "coordinator health").run().expect(0);
    let ended = running.terminate().expect(0);
    assert!(ended.stderr.contains("anybody who can connect is trusted"), "{}", ended.stderr);
    ifctl(home.path(), endpoint, "coordinator health").run().expect(7);
}

#[test]
fn tasks_outlive_a_restart() {
    let home = TempDir::new().unwrap();
    let (running, _, ready) = start(home.path(), &["--listen", "127.0.0.1:0"]);
    let endpoint = ready["endpoints"][0].as_str().unwrap();
    ifctl(home.path(), endpoint, "coordinator submit T --title kept").run().expect(0);
    let token = ifctl(home.path(), endpoint, "coordinator claim T --swarm s1").run().expect(0).stdout;
    running.terminate().expect(0);

    let (running, _, again) = start(home.path(), &["--listen", endpoint]);
    assert!(again["revision"].as_i64() > ready["revision"].as_i64(), "{ready} {again}");
    let complete = format!("coordinator complete T --token {}", token.trim());
    ifctl(home.path(), endpoint, &complete).run().expect(0);
    let shown = ifctl(home.path(), endpoint, "coordinator show T -o json").run().expect(0).json();
    assert_eq!((&shown["record"]["title"], &shown["record"]["owner"]), (&"kept".into(), &"s1".into()));
    running.terminate().expect(0);
}

#[test]
fn a_second_one_on_the_same_data_gives_up_and_harms_nothing() {
    let home = TempDir::new().unwrap();
    let (running, _, ready) = start(home.path(), &["--listen", "127.0.0.1:0"]);
    let endpoint = ready["endpoints"][0].as_str().unwrap();
    let second = Ifctl::new(home.path()).args(["coordinator", "start", "--listen", "127.0.0.1:0"]).run();
    assert_ne!(second.code, 0, "{second:?}");
    assert_eq!(second.stdout, "");
    assert!(second.stderr.contains("error: "), "{}", second.stderr);
    ifctl(home.path(), endpoint, "coordinator submit T").run().expect(0);
    running.terminate().expect(0);
}

#[test]
fn listening_for_strangers_is_refused() {
    let home = TempDir::new().unwrap();
    for address in ["0.0.0.0:0", "[::]:0"] {
        let refused =
            Ifctl::new(home.path()).args(["coordinator", "start", "--listen", address]).run().expect(6);
        assert!(refused.stderr.contains("nothing asks who connects"), "{}", refused.stderr);
        assert_eq!(refused.stdout, "");
    }
}

#[test]
fn a_store_of_an_older_version_is_not_passed_over_in_silence() {
    let home = TempDir::new().unwrap();
    let relic = home.path().join("coordinator/engine.redb");
    fs::create_dir(home.path().join("coordinator")).unwrap();
    fs::write(&relic, "what was there").unwrap();
    let listen = ["--listen", "127.0.0.1:0"];
    let refused = Ifctl::new(home.path()).args(["coordinator", "start"]).args(listen).run().expect(6);
    let said = format!("error: {} is from an older version", relic.display());
    assert!(refused.stderr.starts_with(&said), "{}", refused.stderr);
    assert!(refused.stderr.contains("hint: move the file away"), "{}", refused.stderr);
    assert_eq!(
        fs::read_dir(home.path().join("coordinator")).unwrap().count(),
        1,
        "nothing was begun beside it"
    );

    fs::remove_file(&relic).unwrap();
    let (running, ..) = start(home.path(), &listen);
    running.terminate().expect(0);
}

#[test]
fn of_two_coordinators_beside_one_etcd_one_leads_and_the_other_takes_over() {
    let server = Server::start(Backend::Etcd34);
    let home = TempDir::new().unwrap();
    let beside = ["--backend", "etcd", "--host", server.endpoint()];
    let (first, _, ready) = start(home.path(), &beside);
    assert_eq!((&ready["backend"], &ready["role"]), (&"etcd".into(), &"leader".into()));
    let (second, _, ready) = start(home.path(), &beside);
    assert_eq!(ready["role"], "standby");

    let leader = || {
        let status = ifctl(home.path(), server.endpoint(), "coordinator status -o json").run().expect(0);
        status.json()["leader"]["pid"].as_u64()
    };
    assert_eq!(leader(), Some(first.pid().into()));
    first.terminate().expect(0);
    eventually("the other one leads", || (leader() == Some(second.pid().into())).then_some(()));
    second.terminate().expect(0);
    ifctl(home.path(), server.endpoint(), "coordinator health").run().expect(10);
}

#[test]
fn tls_alone_does_not_ask_strangers_who_they_are() {
    let home = TempDir::new().unwrap();
    let files = Certificates::new();
    let start = ["coordinator", "start", "--listen", "0.0.0.0:0"];
    let call = Ifctl::new(home.path()).args(start).arg_pair("--cert-file", &files.server.certificate);
    let refused = call.arg_pair("--key-file", &files.server.key).run().expect(6);
    assert!(refused.stderr.contains("TLS alone does not ask who connects"), "{}", refused.stderr);
}

#[test]
fn options_for_the_engines_door_are_refused_beside_an_etcd() {
    let home = TempDir::new().unwrap();
    let beside = ["coordinator", "start", "--backend", "etcd", "--host", "127.0.0.1:1"];
    for (more, says) in [
        (vec!["--insecure-listen"], "--insecure-listen is for the engine"),
        (vec!["--cert-file", "c", "--key-file", "k"], "--cert-file is for the engine"),
    ] {
        let refused = Ifctl::new(home.path()).args(beside).args(more).run().expect(2);
        assert!(refused.stderr.contains(says), "{}", refused.stderr);
    }
}
