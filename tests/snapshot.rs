//! A snapshot brings back what was there, and no token of before passes for one of now.

use std::fs;
use std::path::Path;
use std::process::Command;

use etcd_client::AlarmAction;
use infrafabric::coordinator::Token;
use serde_json::Value;
use tempfile::TempDir;

use crate::support::command::{Finished, Ifctl};
use crate::support::patience::eventually;
use crate::support::servers::{Backend, Server, fetched};
use crate::support::site::{Site, on_engine_and_etcd};

on_engine_and_etcd!(a_snapshot_is_saved_whole_and_replaces_no_file_unasked);

fn restore(file: &Path, data: &Path) -> Finished {
    let home = TempDir::new().unwrap();
    let call = Ifctl::new(home.path()).args(["coordinator", "restore", "-o", "json", "--data-dir"]);
    call.args([data, file]).run()
}

fn token(text: &str) -> Token {
    text.parse().unwrap()
}

fn tasks(site: &Site) -> Vec<String> {
    let tasks = site.json("coordinator tasks");
    tasks.as_array().unwrap().iter().map(|task| task["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_restored_store_has_the_tasks_of_then_and_refuses_the_tokens_of_before() {
    let site = Site::start(Backend::Engine);
    site.run("coordinator submit held --title Held").expect(0);
    site.run("coordinator submit free").expect(0);
    let before = site.claim("held", "s1");
    let file = site.home.path().join("saved");
    let saved = site.ifctl("coordinator snapshot -o json").args([&file]).run().expect(0).json();
    assert_eq!((&saved["format"], saved["bytes"].as_u64()), (&"engine".into(), Some(size(&file))));
    site.run("coordinator submit afterwards").expect(0);
    let later = site.claim("free", "s2");
    site.run(&format!("coordinator complete held --token {before}")).expect(0);

    let elsewhere = TempDir::new().unwrap();
    let data = elsewhere.path().join("data");
    let restored = restore(&file, &data).expect(0).json();
    assert_eq!((&restored["epoch"], &restored["directory"]), (&1.into(), &data.to_str().unwrap().into()));
    assert!(restored["revision"].as_i64() > Some(1) && restored["keys"].as_i64() > Some(4), "{restored}");
    assert_eq!(restored["next"], format!("ifctl coordinator start --data-dir {}", data.display()));

    let second = Site::around(Server::start_over(elsewhere));
    assert_eq!(tasks(&second), ["free", "held"]);
    let held = second.show("held");
    assert_eq!((&held["record"]["title"], &held["hold"]["swarm"]), (&"Held".into(), &"s1".into()));
    assert_eq!(second.json("coordinator status")["epoch"], 1);
    let stale = second.run(&format!("coordinator complete held --token {before}")).expect(5);
    assert!(stale.stderr.contains(&format!("token {before} of task held is stale")), "{}", stale.stderr);
    assert!(token(&second.claim("free", "s3")) > token(&later));

    // Its holder does not come back.
    second.raw().delete("/tasks/held/hold");
    eventually("it is ready again", || (second.state("held") == "submitted/ready").then_some(()));
    let now = second.claim("held", "s3");
    assert!(token(&now) > token(&before));
    second.run(&format!("coordinator complete held --token {now}")).expect(0);
}

#[test]
fn what_etcdctl_saves_from_the_engine_is_restored_as_well() {
    let site = Site::start(Backend::Engine);
    site.run("coordinator submit T").expect(0);
    let elsewhere = TempDir::new().unwrap();
    let file = elsewhere.path().join("saved");
    let etcdctl = Command::new(fetched("etcd-3.5/etcdctl"))
        .args(["--endpoints", site.server.endpoint(), "snapshot", "save"])
        .arg(&file)
        .output()
        .unwrap();
    assert!(etcdctl.status.success(), "{}", String::from_utf8_lossy(&etcdctl.stderr));

    let data = elsewhere.path().join("data");
    assert_eq!(restore(&file, &data).expect(0).json()["epoch"], 1);
    // A second generation goes on counting.
    let second = Site::around(Server::start_over(elsewhere));
    assert_eq!(tasks(&second), ["T"]);
    let file = second.home.path().join("saved");
    second.ifctl("coordinator snapshot").args([&file]).run().expect(0);
    assert_eq!(restore(&file, &second.home.path().join("data")).expect(0).json()["epoch"], 2);
}

#[test]
fn an_alarm_tells_of_the_disk_that_was_left_and_is_not_restored() {
    let site = Site::start(Backend::Engine);
    site.run("coordinator submit T").expect(0);
    site.raw().alarm(AlarmAction::Activate);
    let elsewhere = TempDir::new().unwrap();
    let file = elsewhere.path().join("saved");
    site.ifctl("coordinator snapshot").args([&file]).run().expect(0);
    restore(&file, &elsewhere.path().join("data")).expect(0);

    let restored = Site::around(Server::start_over(elsewhere));
    restored.run("coordinator health").expect(0);
    restored.claim("T", "s1");
}

#[test]
fn a_store_that_asks_who_somebody_is_does_so_when_it_is_restored() {
    let site = Site::start(Backend::Engine);
    site.run("coordinator submit T").expect(0);
    site.raw().turn_auth_on("secret");
    let elsewhere = TempDir::new().unwrap();
    let (file, data) = (elsewhere.path().join("saved"), elsewhere.path().join("data"));
    let root = |call: Ifctl| call.env("IF_USER", "root").env("IF_PASSWORD", "secret");
    site.ifctl("coordinator snapshot").args([&file]).run().expect(6);
    assert!(!file.exists());
    root(site.ifctl("coordinator snapshot")).args([&file]).run().expect(0);
    assert_eq!(restore(&file, &data).expect(0).json()["epoch"], 1);

    let start = Ifctl::new(elsewhere.path()).args(["coordinator", "start", "--listen", "127.0.0.1:0"]);
    let mut coordinator = root(start.args(["--data-dir"]).args([&data])).spawn();
    let ready = coordinator.stdout_lines().next_json();
    let ask = |line: &str| {
        let call = Ifctl::new(elsewhere.path()).args(line.split_whitespace());
        call.env("IF_ENDPOINTS", ready["endpoints"][0].as_str().unwrap())
    };
    ask("coordinator show T").run().expect(6);
    root(ask("coordinator show T")).run().expect(0);
    coordinator.terminate().expect(0);
}

/// How many files are in a directory; none when it is not there.
fn files_in(directory: &Path) -> usize {
    fs::read_dir(directory).map_or(0, Iterator::count)
}

#[test]
fn a_restore_that_is_killed_leaves_no_store_with_the_old_epoch() {
    let site = Site::start(Backend::Engine);
    let raw = site.raw();
    let large = "x".repeat(100 << 10);
    (0..200).for_each(|number| raw.put(&format!("/large/{number}"), &large));
    let file = site.home.path().join("saved");
    site.ifctl("coordinator snapshot").args([&file]).run().expect(0);

    // It is killed as soon as so many files are where the store is put together, or the store is in its place.
    for files in [1, 2, 3, usize::MAX] {
        let elsewhere = TempDir::new().unwrap();
        let data = elsewhere.path().join("data");
        let (beside, place) = (data.join("engine.restoring"), data.join("engine"));
        let call = site.ifctl("coordinator restore --data-dir").args([&data, &file]).spawn();
        while files_in(&beside) < files && !place.exists() {
            std::hint::spin_loop();
        }
        call.kill();
        if !place.exists() {
            restore(&file, &data).expect(0);
        }
        assert!(!beside.exists(), "nothing is left of the one that was killed");
        let restored = Site::around(Server::start_over(elsewhere));
        let epoch = restored.raw().get("/coordinator/epoch");
        assert_eq!(epoch.as_deref(), Some("1"), "killed at {files} files");
        assert_eq!(restored.raw().get("/large/199"), Some(large.clone()));
    }
}

fn size(file: &Path) -> u64 {
    fs::metadata(file).unwrap().len()
}

fn a_snapshot_is_saved_whole_and_replaces_no_file_unasked(backend: Backend) {
    let site = Site::start(backend);
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("saved");
    let save = |more: &[&str]| site.ifctl("coordinator snapshot -o json").args([&file]).args(more).run();
    fs::write(&file, "something else").unwrap();
    let refused = save(&[]).expect(4);
    assert!(refused.stderr.contains("exists already") && refused.stderr.contains("--force"), "{refused:?}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "something else");

    let saved = save(&["--force"]).expect(0).json();
    assert_eq!(saved["bytes"].as_u64(), Some(size(&file)));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1, "no partial file is left");
    let restored = restore(&file, &directory.path().join("data"));
    if backend == Backend::Engine {
        assert_eq!((&saved["format"], restored.code), (&"engine".into(), 0));
        return;
    }
    assert_eq!(saved["format"], "etcd");
    assert!(saved["next"].as_str().unwrap().starts_with("etcdutl snapshot restore "), "{saved}");
    let refused = restored.expect(2);
    assert!(refused.stderr.contains("is a snapshot of etcd"), "{}", refused.stderr);
    let etcd_restored = Command::new(fetched("etcd-3.4/etcdctl"))
        .args(["snapshot", "restore"])
        .arg(&file)
        .arg("--data-dir")
        .arg(directory.path().join("etcd"))
        .env("ETCDCTL_API", "3")
        .output()
        .unwrap();
    assert!(etcd_restored.status.success(), "{}", String::from_utf8_lossy(&etcd_restored.stderr));
}

#[test]
fn an_unreachable_store_leaves_no_file() {
    let directory = TempDir::new().unwrap();
    let save = ["coordinator", "snapshot", "saved", "--endpoints", "127.0.0.1:1"];
    Ifctl::new(directory.path()).args(save).current_dir(directory.path()).run().expect(7);
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[test]
fn what_cannot_be_restored_says_why() {
    let site = Site::start(Backend::Engine);
    let directory = TempDir::new().unwrap();
    let at = |name: &str| directory.path().join(name);
    site.ifctl("coordinator snapshot").args([at("good")]).run().expect(0);
    let good = fs::read(at("good")).unwrap();
    fs::write(at("text"), "not at all a snapshot").unwrap();
    fs::write(at("short"), &good[..good.len() - 100]).unwrap();
    let mut damaged = good.clone();
    damaged[good.len() / 2] ^= 1;
    fs::write(at("damaged"), damaged).unwrap();
    fs::create_dir_all(at("occupied/engine")).unwrap();
    fs::write(at("occupied/engine/something"), "").unwrap();

    for (file, data, code, says, hint) in [
        ("nowhere", at("data"), 2, "cannot read the snapshot", "name a readable snapshot"),
        ("text", at("data"), 2, "is no snapshot", "ifctl coordinator snapshot FILE"),
        ("short", at("data"), 2, "is damaged", "copy it again"),
        ("damaged", at("data"), 2, "its SHA-256 does not match", "copy it again"),
        ("good", at("occupied"), 4, "holds a store already", "--data-dir"),
        ("good", site.server.data(), 4, "is in use by another process", "ifctl coordinator status"),
        ("good", at("text"), 2, "cannot use the directory", "--data-dir"),
    ] {
        let refused = restore(&at(file), &data).expect(code);
        assert_eq!(refused.stdout, "");
        assert!(refused.stderr.contains(says), "{file}: {}", refused.stderr);
        assert!(refused.stderr.contains(hint), "{}", refused.stderr);
    }
    assert!(!at("data/engine").exists(), "nothing was begun");
    let found: Value = restore(&at("good"), &at("data")).expect(0).json();
    assert_eq!(found["epoch"], 1);
    site.run("coordinator submit T").expect(0);
}
