//! Others that run guests, each in a process of its own: asked on standard input for so many tasks, they answer with the
//! median in nanoseconds.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use super::{Contender, Kind};
use crate::support::guests;

/// Fetches wasmtime-py beside the tools of the guests.
const WASMTIME_PY: &str = "python3 -m venv target/guests/tools\n\
    target/guests/tools/bin/pip install --quiet --disable-pip-version-check wasmtime==50.0.1";
/// Builds the peer, and with it a wasmtime of another version: minutes, the first time.
const EXTISM: &str = "cargo build --quiet --release --locked --target-dir target/peers/extism \
    --manifest-path benches/peers/extism/Cargo.toml";

/// A peer at work. Dropping it ends it.
pub(super) struct Peer {
    process: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Peer {
    pub(super) fn wasmtime_py(kind: Kind, guest: &str) -> Self {
        let kind = match kind {
            Kind::Core => "core",
            Kind::Component => "component",
            Kind::Wasi => "wasi",
        };
        guests::prepared(WASMTIME_PY);
        Self::start(&format!(
            "exec target/guests/tools/bin/python benches/peers/wasmtime-py.py {kind} {guest}"
        ))
    }

    /// It has an interface of its own, for core modules: its guest is the text beside its source.
    pub(super) fn extism() -> Self {
        guests::prepared(EXTISM);
        Self::start("exec target/peers/extism/release/peer-extism")
    }

    fn start(script: &str) -> Self {
        let mut process = guests::shell(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let questions = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { process, questions, answers }
    }
}

impl Contender for Peer {
    fn p50(&mut self, tasks: usize) -> f64 {
        writeln!(self.questions, "{tasks}").unwrap();
        let mut nanoseconds = String::new();
        self.answers.read_line(&mut nanoseconds).unwrap();
        nanoseconds.trim().parse::<f64>().expect("the peer says why not") / 1000.0
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
