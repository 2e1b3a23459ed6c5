//! A session at a shell: commands run one after the other, and what they printed, made comparable.

use std::io::Write;
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::support::bare::Bare;
use crate::support::masks::{masked_numbers, shape_of};
use crate::support::servers::{Backend, fetched};

/// Which etcdctl.
#[derive(Debug, Clone, Copy)]
pub(super) enum Version {
    V34,
    V35,
}

impl Version {
    fn program(self) -> &'static str {
        match self {
            Self::V34 => "etcd-3.4/etcdctl",
            Self::V35 => "etcd-3.5/etcdctl",
        }
    }
}

/// The commands of one store.
pub(super) struct Session {
    version: Version,
    store: Bare,
    /// The lease that was granted last, as etcdctl writes it.
    lease: String,
    transcript: Vec<String>,
}

/// Plays `script` on the engine and on etcd 3.5 at the same time; fails where they differ.
#[track_caller]
pub(super) fn compare(version: Version, script: impl Fn(&mut Session) + Sync) {
    let play = |backend| {
        let store = Bare::start(backend);
        let mut session = Session { version, store, lease: "7".to_owned(), transcript: Vec::new() };
        script(&mut session);
        session.transcript
    };
    let (engine, etcd) = thread::scope(|scope| {
        let engine = scope.spawn(|| play(Backend::Engine));
        let etcd = scope.spawn(|| play(Backend::Etcd35));
        (engine.join().unwrap(), etcd.join().unwrap())
    });
    let differences: Vec<String> = (engine.iter().zip(&etcd))
        .filter(|(engine, etcd)| engine != etcd)
        .map(|(engine, etcd)| format!("=== engine\n{engine}\n=== etcd\n{etcd}"))
        .collect();
    assert!(
        differences.is_empty(),
        "{} of {} differ:\n{}",
        differences.len(),
        etcd.len(),
        differences.join("\n")
    );
    assert_eq!(engine.len(), etcd.len());
}

impl Session {
    /// A command that is ready to run.
    pub(super) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(fetched(self.version.program()));
        command.env_clear().env("ETCDCTL_API", "3").args(["--endpoints", self.store.endpoint()]).args(args);
        command
    }

    fn note(&mut self, call: &str, printed: &str) {
        self.transcript.push(format!("$ etcdctl {call}\n{printed}"));
    }

    /// Notes what a command printed, without what the server has chosen for itself.
    pub(super) fn note_masked(&mut self, call: &str, printed: &str) {
        let printed = masked_numbers(printed, self.store.endpoint());
        self.note(call, &printed);
    }

    /// Runs the words of `line`; `{lease}` stands for the lease that was granted last.
    pub(super) fn say(&mut self, line: &str) {
        let spoken = line.replace("{lease}", &self.lease);
        let args: Vec<&str> = spoken.split(' ').collect();
        let printed = self.finish(&args, None);
        self.note_masked(line, &printed);
    }

    pub(super) fn run(&mut self, args: &[&str]) {
        let printed = self.finish(args, None);
        self.note_masked(&args.join(" "), &printed);
    }

    /// Runs the words of `line` with `stdin` as their input.
    pub(super) fn run_with(&mut self, line: &str, stdin: &str) {
        let args: Vec<&str> = line.split(' ').collect();
        let printed = self.finish(&args, Some(stdin));
        self.note_masked(&format!("{line} <<< {stdin:?}"), &printed);
    }

    /// Runs a command that prints JSON about the server itself: only its fields and their types are compared.
    pub(super) fn shape(&mut self, line: &str) {
        self.shape_without(line, "");
    }

    /// As [`Session::shape`], but for the fields of one name.
    pub(super) fn shape_without(&mut self, line: &str, field: &str) {
        let args: Vec<&str> = line.split(' ').collect();
        let printed = self.finish(&args, None);
        let json = printed.lines().find_map(|line| serde_json::from_str::<Value>(line).ok());
        let shape = json.map_or(printed, |json| shape_of(&json, field).to_string());
        self.note(line, &shape);
    }

    fn finish(&mut self, args: &[&str], stdin: Option<&str>) -> String {
        let mut command = self.command(args);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut pipe = child.stdin.take().unwrap();
        // It may end without reading everything.
        let _ = pipe.write_all(stdin.unwrap_or_default().as_bytes());
        drop(pipe);
        let output = child.wait_with_output().unwrap();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        self.remember_lease(&stdout);
        // Before its error etcdctl logs times and addresses of its own.
        let stderr = String::from_utf8_lossy(&output.stderr);
        let errors: String = stderr.lines().filter(|line| !line.starts_with('{')).collect();
        format!("{stdout}{errors}\nstatus: {}", output.status)
    }

    fn remember_lease(&mut self, stdout: &str) {
        if let Some((id, _)) = stdout.strip_prefix("lease ").and_then(|rest| rest.split_once(" granted with"))
        {
            id.clone_into(&mut self.lease);
        }
    }
}
