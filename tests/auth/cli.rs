//! `ifctl` and its coordinator on a store that asks who they are.

use insta::assert_snapshot;
use tempfile::TempDir;

use super::wire::Wire;
use crate::support::command::{Finished, Ifctl, Lines, Running};
use crate::support::patience::eventually;
use crate::support::servers::{Backend, Server};

const SECRET: &str = "secret";

/// A coordinator, what it stands on, and where that is.
struct Site {
    home: TempDir,
    coordinator: Running,
    /// Read on, so that the coordinator never waits for a reader.
    _lines: Lines,
    endpoint: String,
    _etcd: Option<Server>,
}

impl Site {
    /// Starts a coordinator that knows root's password, or none.
    fn start(backend: Backend, credentials: bool) -> Self {
        let home = TempDir::new().unwrap();
        let etcd = (backend != Backend::Engine).then(|| Server::start(backend));
        let mut call = Ifctl::new(home.path()).args(["coordinator", "start"]);
        call = match &etcd {
            Some(etcd) => call.args(["--backend", "etcd", "--host", etcd.endpoint()]),
            None => call.args(["--listen", "127.0.0.1:0"]),
        };
        let mut coordinator = if credentials { knowing(call, "root", SECRET) } else { call }.spawn();
        let lines = coordinator.stdout_lines();
        let endpoint = lines.next_json()["endpoints"][0].as_str().unwrap().to_owned();
        Self { home, coordinator, _lines: lines, endpoint, _etcd: etcd }
    }

    /// A call of somebody who does not say who they are.
    fn unknown(&self, line: &str) -> Ifctl {
        Ifctl::new(self.home.path()).env("IF_ENDPOINTS", &self.endpoint).args(line.split_whitespace())
    }

    fn by(&self, user: &str, line: &str) -> Finished {
        knowing(self.unknown(line), user, SECRET).run()
    }

    /// Adds root, and the user s that may do nothing, and turns auth on.
    fn turn_auth_on(&self) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut wire = Wire::connect(&self.endpoint).await;
            for name in ["root", "s"] {
                wire.user_add(name, SECRET).await;
            }
            wire.user_grant_role("root", "root").await;
            wire.auth_enable().await;
            wire.log_in("root", SECRET).await;
        });
    }
}

fn knowing(call: Ifctl, user: &str, password: &str) -> Ifctl {
    call.env("IF_USER", user).env("IF_PASSWORD", password)
}

fn tasks_go_on_when_auth_is_turned_on(backend: Backend) {
    let site = Site::start(backend, true);
    site.by("root", "coordinator submit before").expect(0);
    site.turn_auth_on();

    site.by("root", "coordinator submit T").expect(0);
    let token = site.by("root", "coordinator claim T --swarm s1").expect(0).stdout;
    site.by("root", &format!("coordinator complete T --token {}", token.trim())).expect(0);
    // The coordinator itself has logged in: it hands out what was there before, and what became free since.
    for task in ["before", "after"] {
        if task == "after" {
            site.by("root", "coordinator submit after").expect(0);
        }
        site.by("root", &format!("coordinator claim {task} --swarm s1 --ttl 2s")).expect(0);
        eventually("the leader takes the task back when its lease ends", || {
            let shown = site.by("root", &format!("coordinator show {task} -o json")).expect(0).json();
            (shown["record"]["reason"] == "ready").then_some(())
        });
    }
    site.by("root", "coordinator health").expect(0);
    site.coordinator.terminate().expect(0);
}

#[test]
fn tasks_go_on_when_auth_is_turned_on_in_the_engine() {
    tasks_go_on_when_auth_is_turned_on(Backend::Engine);
}

#[test]
fn tasks_go_on_when_auth_is_turned_on_in_etcd() {
    tasks_go_on_when_auth_is_turned_on(Backend::Etcd35);
}

#[test]
fn a_worker_goes_on_when_auth_is_turned_on() {
    let site = Site::start(Backend::Engine, true);
    let work = site.unknown("coordinator work --swarm w --").args(["sh", "-c", "echo \"$IF_TASK_ID done\""]);
    let worker = knowing(work, "root", SECRET).spawn();
    let completed = |task: &str| {
        site.by("root", &format!("coordinator submit {task}")).expect(0);
        eventually("the worker completes the task", || {
            let shown = site.by("root", &format!("coordinator show {task} -o json")).expect(0).json();
            (shown["record"]["state"] == "completed").then(|| shown["result"].clone())
        })
    };
    assert_eq!(completed("before"), "before done\n");
    site.turn_auth_on();
    assert_eq!(completed("after"), "after done\n");
    worker.terminate();
    site.coordinator.terminate().expect(0);
}

#[test]
fn who_may_not_is_told_why_and_what_to_type() {
    let site = Site::start(Backend::Engine, true);
    site.turn_auth_on();
    assert_snapshot!(site.unknown("coordinator tasks").run().snapshot(), @"
    $ ifctl coordinator tasks
    status: 6
    --- stdout
    --- stderr
    error: 127.0.0.1:PORT asks who you are
    hint: give --user and --password, or set IF_USER and IF_PASSWORD
    ");
    let wrong = knowing(site.unknown("coordinator tasks"), "root", "wrong").run().expect(6).stderr;
    assert!(wrong.contains("does not accept this user and password"), "{wrong}");
    assert!(wrong.contains("hint: check --user and --password"), "{wrong}");
    let forbidden = site.by("s", "coordinator tasks").expect(6).stderr;
    assert!(forbidden.contains("error: this user may not do that"), "{forbidden}");
    assert!(forbidden.contains("hint: etcdctl user get USER --detail"), "{forbidden}");
    site.coordinator.terminate().expect(0);
}

#[test]
fn a_coordinator_without_a_password_ends_when_auth_is_turned_on_and_cannot_start_again() {
    let mut site = Site::start(Backend::Engine, false);
    let errors = site.coordinator.stderr_lines();
    site.turn_auth_on();
    errors.next_with("asks who you are");
    errors.next_with("hint: give --user and --password, or set IF_USER and IF_PASSWORD");
    let Site { home, coordinator, endpoint, .. } = site;
    coordinator.finish().expect(6);

    let start = || Ifctl::new(home.path()).args(["coordinator", "start", "--listen", &endpoint]);
    let refused = start().run().expect(6);
    assert_eq!(refused.stdout, "", "it does not say that it is ready");
    assert!(refused.stderr.contains("asks who you are"), "{}", refused.stderr);
    let refused = knowing(start(), "root", "wrong").run().expect(6);
    assert!(refused.stderr.contains("does not accept this user and password"), "{}", refused.stderr);
    let mut running = knowing(start(), "root", SECRET).spawn();
    assert_eq!(running.stdout_lines().next_json()["role"], "leader");
    running.terminate().expect(0);
}
