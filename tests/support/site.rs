//! A place where `ifctl` is at work: a store, its coordinator, and somebody at a shell.

use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;

use super::command::{Finished, Ifctl};
use super::raw::Raw;
use super::servers::{Backend, Coordinator, Server, write_policy};

/// A store and its coordinator, with a home for the commands that are typed there.
pub(crate) struct Site {
    pub(crate) coordinator: Coordinator,
    pub(crate) server: Server,
    pub(crate) home: TempDir,
}

impl Site {
    /// Starts store and coordinator under the default policy.
    pub(crate) fn start(backend: Backend) -> Self {
        Self::around(Server::start(backend))
    }

    /// Starts store and coordinator under a policy of one's own.
    pub(crate) fn start_under(backend: Backend, policy: &str) -> Self {
        Self::around(Server::start_under(backend, policy))
    }

    /// The place around a store that runs.
    pub(crate) fn around(server: Server) -> Self {
        Self { coordinator: Coordinator::start(&server), server, home: TempDir::new().unwrap() }
    }

    /// Ends whoever leads with SIGKILL, if it still runs, and starts a leader with these failpoints, in the syntax of the
    /// crate `fail`. The engine is its leader's process.
    pub(crate) fn restart_leader(&mut self, failpoints: &str) {
        if self.server.backend() == Backend::Engine {
            self.server.restart_with(failpoints);
        } else {
            self.coordinator.kill();
            self.coordinator = Coordinator::start_with(&self.server, failpoints);
        }
    }

    /// Whether whoever leads has died.
    pub(crate) fn has_lost_its_leader(&mut self) -> bool {
        if self.server.backend() == Backend::Engine {
            self.server.has_ended()
        } else {
            self.coordinator.has_ended()
        }
    }

    /// Gives the commands that are typed here a policy file.
    pub(crate) fn write_policy(&self, policy: &str) {
        write_policy(self.home.path(), policy);
    }

    /// A call in the making: the words of `line`, to which more arguments can be added.
    pub(crate) fn ifctl(&self, line: &str) -> Ifctl {
        Ifctl::new(self.home.path()).endpoints(&self.server).args(line.split_whitespace())
    }

    /// Runs the words of `line` to the end.
    pub(crate) fn run(&self, line: &str) -> Finished {
        self.ifctl(line).run()
    }

    /// The answer of a call that succeeds, as JSON.
    #[track_caller]
    pub(crate) fn json(&self, line: &str) -> Value {
        self.ifctl(line).args(["-o", "json"]).run().expect(0).json()
    }

    /// What `show` says of a task.
    #[track_caller]
    pub(crate) fn show(&self, task: &str) -> Value {
        self.json(&format!("coordinator show {task}"))
    }

    /// A task's record.
    #[track_caller]
    pub(crate) fn record(&self, task: &str) -> Value {
        self.show(task)["record"].take()
    }

    /// State and reason of a task, as tables write it.
    #[track_caller]
    pub(crate) fn state(&self, task: &str) -> String {
        let record = self.record(task);
        let state = record["state"].as_str().unwrap();
        match record["reason"].as_str() {
            Some(reason) => format!("{state}/{reason}"),
            None => state.to_owned(),
        }
    }

    /// Claims a task that is to be had; its token.
    #[track_caller]
    pub(crate) fn claim(&self, task: &str, swarm: &str) -> String {
        let won = self.run(&format!("coordinator claim {task} --swarm {swarm}")).expect(0);
        won.stdout.trim().to_owned()
    }

    /// A swarm's budget, in micro-dollars: spent, reserved, cap.
    #[track_caller]
    pub(crate) fn budget(&self, swarm: &str) -> (i64, i64, i64) {
        let budget = self.raw().json(&format!("/governor/budgets/swarm/{swarm}")).unwrap();
        let amount = |name: &str| budget[name].as_i64().unwrap();
        (amount("spent"), amount("reserved"), amount("cap"))
    }

    /// The calls for a human, as they are stored.
    pub(crate) fn escalations(&self) -> Vec<Value> {
        let found = self.raw().list("/governor/escalations/");
        found.iter().map(|(_, text)| serde_json::from_str(text).unwrap()).collect()
    }

    /// Where the leading coordinator has its policy.
    pub(crate) fn policy_file(&self) -> PathBuf {
        self.coordinator.policy_file().unwrap_or_else(|| self.server.policy_file())
    }

    /// A plain etcd client.
    pub(crate) fn raw(&self) -> Raw {
        Raw::connect(&self.server)
    }
}

/// Runs each of the claims, a function of a [`Backend`], on the embedded engine and on etcd. Both must
/// meet the same snapshots.
macro_rules! on_engine_and_etcd {
    ($($claim:ident),+ $(,)?) => {
        $(mod $claim {
            use crate::support::servers::Backend;

            #[test]
            fn on_the_engine() {
                insta::allow_duplicates! { super::$claim(Backend::Engine) }
            }

            #[test]
            fn on_etcd() {
                insta::allow_duplicates! { super::$claim(Backend::Etcd34) }
            }
        })+
    };
}

pub(crate) use on_engine_and_etcd;
