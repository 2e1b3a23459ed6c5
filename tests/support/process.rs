//! Child processes that never outlive their test.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// How long a server may take until it is ready.
pub(super) const STARTING: Duration = Duration::from_secs(20);

/// A running server whose standard error goes to a file. Dropping it kills it.
pub(crate) struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    pub(super) fn spawn(command: &mut Command, log: &Path) -> Self {
        let errors = File::options().create(true).append(true).open(log).unwrap();
        let child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
        Self { child, log: log.to_owned() }
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it has ended by itself.
    pub(super) fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Ends it with SIGKILL and waits until it is gone.
    pub(super) fn kill(&mut self) {
        // An error means that it was gone before.
        let _ = self.child.kill();
        self.child.wait().unwrap();
    }

    /// The first line it prints; what follows is read and dropped, so that it never waits for a reader.
    pub(super) fn first_line(&mut self) -> String {
        let stdout = self.child.stdout.take().expect("the first line is read once");
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // Only the first one has a taker.
                let _ = sender.send(line);
            }
        });
        receiver.recv_timeout(STARTING).unwrap_or_else(|_| {
            panic!("it ended, or printed nothing for {STARTING:?}; it said:\n{}", self.said())
        })
    }

    /// What it wrote to standard error so far.
    pub(super) fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}
