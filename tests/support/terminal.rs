//! Somebody at a terminal, who is shown what `ifctl` asks and types the answers.

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use nix::pty::openpty;

use super::command;
use super::patience::{PATIENCE, eventually};
use super::servers::Server;

/// An `ifctl` whose standard input and error are a terminal. Dropping it kills it.
pub(crate) struct Terminal {
    child: Child,
    keyboard: File,
    screen: Receiver<String>,
    shown: String,
}

impl Terminal {
    /// Types the words of `line` after `ifctl`, on a terminal that can do nothing but print.
    pub(crate) fn start(home: &Path, server: &Server, line: &str) -> Self {
        Self::start_on("dumb", home, server, line)
    }

    /// The same on a terminal of this kind, in the words of the variable `TERM`.
    pub(crate) fn start_on(kind: &str, home: &Path, server: &Server, line: &str) -> Self {
        let pair = openpty(None, None).unwrap();
        let mut command = command::ifctl(home);
        command.env("TERM", kind).env("IF_ENDPOINTS", server.endpoint()).args(line.split_whitespace());
        command.stdin(pair.slave.try_clone().unwrap()).stderr(pair.slave).stdout(Stdio::piped());
        let child = command.spawn().unwrap();
        let keyboard = File::from(pair.master);
        let screen = read(keyboard.try_clone().unwrap());
        Self { child, keyboard, screen, shown: String::new() }
    }

    /// What is shown of a whole run that reads `input` and has its standard output on the terminal, too.
    pub(crate) fn shown(home: &Path, server: &Server, line: &str, input: &str) -> String {
        let pair = openpty(None, None).unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(input.as_bytes()).unwrap();
        file.rewind().unwrap();
        let mut command = command::ifctl(home);
        command.env("TERM", "dumb").env("IF_ENDPOINTS", server.endpoint()).args(line.split_whitespace());
        command.stdin(file).stdout(pair.slave.try_clone().unwrap()).stderr(pair.slave);
        let mut child = command.spawn().unwrap();
        // The terminal ends with the last who has it open.
        drop(command);
        let screen = read(File::from(pair.master));
        child.wait().unwrap();
        screen.iter().collect()
    }

    /// Waits until this is shown.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) {
        while !self.shown.contains(text) {
            match self.screen.recv_timeout(PATIENCE) {
                Ok(more) => self.shown.push_str(&more),
                Err(error) => panic!("{text:?} is not shown: {error}; there was:\n{}", self.shown),
            }
        }
    }

    /// Types a line.
    pub(crate) fn answer(&mut self, line: &str) {
        writeln!(self.keyboard, "{line}").unwrap();
    }

    /// Waits until it ends: its exit code, its standard output, and all that was shown.
    pub(crate) fn finish(mut self) -> (i32, String, String) {
        let status = eventually("it ends", || self.child.try_wait().unwrap());
        let mut stdout = String::new();
        self.child.stdout.take().expect("it is read once").read_to_string(&mut stdout).unwrap();
        self.shown.extend(self.screen.iter());
        (status.code().unwrap(), stdout, std::mem::take(&mut self.shown))
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Errors mean that it was gone before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What appears on the screen, until nobody has it open any more.
fn read(mut terminal: File) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(length @ 1..) = terminal.read(&mut buffer) {
            if sender.send(String::from_utf8_lossy(&buffer[..length]).into_owned()).is_err() {
                return;
            }
        }
    });
    receiver
}
