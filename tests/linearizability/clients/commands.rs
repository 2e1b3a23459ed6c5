//! A person at a shell: one `ifctl` after the other, some of which are killed or frozen in the middle.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use infrafabric::coordinator::Token;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::{Memory, Move};
use crate::linearizability::operation::{Answer, Call};
use crate::linearizability::recorder::{Recorder, TTL, end_of_lease};
use crate::support::command::{Finished, Ifctl};
use crate::support::patience::eventually;

/// A command is over within this, mostly.
const COMMAND: Duration = Duration::from_millis(80);

pub(in crate::linearizability) struct Commands {
    name: String,
    endpoint: String,
    home: PathBuf,
    memory: Memory,
    recorder: Recorder,
}

impl Commands {
    pub(in crate::linearizability) fn new(
        number: usize,
        endpoint: &str,
        home: &Path,
        tasks: &[String],
        recorder: &Recorder,
    ) -> Self {
        Self {
            name: format!("shell-{number}"),
            endpoint: endpoint.to_owned(),
            home: home.to_owned(),
            memory: Memory::new(tasks),
            recorder: recorder.clone(),
        }
    }

    pub(in crate::linearizability) fn run(mut self) {
        while !self.recorder.is_over() {
            match self.memory.next() {
                Move::Claim(task) => self.claim(&task),
                Move::Complete(task, token) => self.end("complete", &task, token, Call::Complete(token)),
                Move::Release(task, token) => self.end("release", &task, token, Call::Release(token)),
            }
        }
    }

    fn claim(&mut self, task: &str) {
        let claim = self.recorder.next_claim();
        let invoked = self.recorder.now();
        let ttl = TTL.as_secs();
        let finished = self.run_command(&format!("claim {task} --swarm {} --ttl {ttl}s", self.name));
        let answer = match finished.code {
            0 => Answer::Won(finished.stdout.trim().parse().unwrap()),
            4 => lost(&finished, task),
            // Its lease ended while it was frozen, before it could be used.
            5 => Answer::Unknown,
            _ => unanswered(finished),
        };
        if let Answer::Won(token) = answer {
            self.memory.held = Some((task.to_owned(), token));
            self.recorder.note_lapse(task, &self.name, end_of_lease(invoked), claim);
        } else if answer == Answer::Unknown {
            // A claim that gets no answer ends its lease itself.
            self.recorder.note_lapse(task, &self.name, invoked, claim);
        }
        self.note(task, invoked, Call::Claim(claim), answer);
    }

    fn end(&self, verb: &str, task: &str, token: Token, call: Call) {
        let invoked = self.recorder.now();
        let finished = self.run_command(&format!("{verb} {task} --token {token}"));
        let answer = match finished.code {
            0 => Answer::Accepted,
            5 => Answer::Stale,
            _ => unanswered(finished),
        };
        self.note(task, invoked, call, answer);
    }

    fn note(&self, task: &str, invoked: u64, call: Call, answer: Answer) {
        let unknown = answer == Answer::Unknown;
        self.recorder.note(task, &self.name, invoked, call, answer);
        if unknown {
            // Knocking at a door that nobody opens shows nothing.
            eventually("the server is there", || TcpStream::connect(&self.endpoint).ok());
        }
    }

    /// Runs it; now and then it is killed or frozen for a while.
    fn run_command(&self, line: &str) -> Finished {
        let running = Ifctl::new(&self.home)
            .env("IF_ENDPOINTS", &self.endpoint)
            .env("IF_COMMAND_TIMEOUT", "2s")
            .args(["coordinator"])
            .args(line.split_whitespace())
            .spawn();
        let fault = rand::random_range(0..10);
        if fault < 2 {
            thread::sleep(COMMAND.mul_f64(rand::random()));
        }
        match fault {
            0 => return running.kill(),
            1 => {
                // It is not waited for yet, so that the number is still its own.
                let pid = Pid::from_raw(i32::try_from(running.pid()).unwrap());
                kill(pid, Signal::SIGSTOP).unwrap();
                thread::sleep((TTL + TTL / 4).mul_f64(rand::random()));
                kill(pid, Signal::SIGCONT).unwrap();
            }
            _ => {}
        }
        running.finish()
    }
}

fn lost(finished: &Finished, task: &str) -> Answer {
    let said = finished.stderr.lines().next().unwrap_or_default();
    match said.strip_prefix(&format!("error: task {task} is claimed by ")) {
        Some(holder) => Answer::Lost(holder.to_owned()),
        None => Answer::Over,
    }
}

/// Nobody answered, not in time, or it was killed; anything else is a fault.
fn unanswered(finished: Finished) -> Answer {
    if ![7, 8, 128 + Signal::SIGKILL as i32].contains(&finished.code) {
        finished.expect(0);
    }
    Answer::Unknown
}
