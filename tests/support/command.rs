//! The real `ifctl`, run as a user would, and what came of it.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;

use super::masks::masked;
use super::patience::PATIENCE;
use super::servers::Server;

/// `ifctl` with `home` as its home and nothing else of this process's environment but the search path.
pub(super) fn ifctl(home: &Path) -> Command {
    let path = std::env::vars_os().find_map(|(name, value)| (name == "PATH").then_some(value));
    let mut command = Command::new(env!("CARGO_BIN_EXE_ifctl"));
    command
        .env_clear()
        .env("PATH", path.unwrap_or_default())
        .env("IF_HOME", home)
        .env("HOME", home)
        .env("USER", "tester")
        .env("COLUMNS", "100")
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// A call of `ifctl` in the making. It runs at the top of the repository.
pub(crate) struct Ifctl {
    home: PathBuf,
    command: Command,
    stdin: Input,
    stdout: Option<Stdio>,
}

/// Where a call's standard input comes from.
enum Input {
    Nothing,
    Text(Vec<u8>),
    File(PathBuf),
    Open,
}

impl Ifctl {
    pub(crate) fn new(home: impl AsRef<Path>) -> Self {
        let home = home.as_ref().to_owned();
        Self { command: ifctl(&home), home, stdin: Input::Nothing, stdout: None }
    }

    /// Where the store is.
    pub(crate) fn endpoints(self, server: &Server) -> Self {
        self.env("IF_ENDPOINTS", server.endpoint())
    }

    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.command.args(args);
        self
    }

    /// An option and a file for it.
    pub(crate) fn arg_pair(self, option: &str, file: impl AsRef<OsStr>) -> Self {
        self.args([OsStr::new(option), file.as_ref()])
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn current_dir(mut self, directory: impl AsRef<Path>) -> Self {
        self.command.current_dir(directory);
        self
    }

    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Input::Text(text.into());
        self
    }

    /// Reads a file, as after `<` in a shell.
    pub(crate) fn stdin_file(mut self, path: impl AsRef<Path>) -> Self {
        self.stdin = Input::File(path.as_ref().to_owned());
        self
    }

    /// Writes its standard output there, and not into what comes of the call.
    pub(crate) fn stdout(mut self, to: impl Into<Stdio>) -> Self {
        self.stdout = Some(to.into());
        self
    }

    /// Keeps standard input open, for [`Running::take_stdin`] to write to.
    pub(crate) fn open_stdin(mut self) -> Self {
        self.stdin = Input::Open;
        self
    }

    /// Runs to the end.
    pub(crate) fn run(self) -> Finished {
        self.spawn().finish()
    }

    /// Starts and goes on, for what is to run at the same time.
    pub(crate) fn spawn(mut self) -> Running {
        let stdin = match &self.stdin {
            Input::Nothing => Stdio::null(),
            Input::Text(_) | Input::Open => Stdio::piped(),
            Input::File(path) => File::open(path).unwrap().into(),
        };
        let stdout = self.stdout.take().unwrap_or_else(Stdio::piped);
        self.command.stdin(stdin).stdout(stdout).stderr(Stdio::piped());
        let mut child = self.command.spawn().unwrap();
        if let Input::Text(text) = self.stdin {
            let mut pipe = child.stdin.take().unwrap();
            // It may end without reading everything.
            thread::spawn(move || pipe.write_all(&text));
        }
        let args = self.command.get_args().map(OsStr::to_owned).collect();
        Running { child: Some(child), args, home: self.home }
    }
}

/// An `ifctl` at work. Dropping it kills it.
pub(crate) struct Running {
    child: Option<Child>,
    args: Vec<OsString>,
    home: PathBuf,
}

impl Running {
    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().expect("it has not been waited for").id()
    }

    /// Its standard input, if it was left open.
    pub(crate) fn take_stdin(&mut self) -> ChildStdin {
        let child = self.child.as_mut().expect("it has not been waited for");
        child.stdin.take().expect("it is open, and taken once")
    }

    /// Waits until it ends.
    pub(crate) fn finish(mut self) -> Finished {
        let child = self.child.take().expect("it is waited for once");
        let output = child.wait_with_output().unwrap();
        Finished::new(&self, output)
    }

    /// What it writes to standard output, line by line from now on; it is not in what [`Running::finish`] gives.
    pub(crate) fn stdout_lines(&mut self) -> Lines {
        let child = self.child.as_mut().expect("it has not been waited for");
        Lines::of(child.stdout.take().expect("it is read once"))
    }

    /// What it writes to standard error, line by line from now on; it is not in what [`Running::finish`] gives.
    pub(crate) fn stderr_lines(&mut self) -> Lines {
        let child = self.child.as_mut().expect("it has not been waited for");
        Lines::of(child.stderr.take().expect("it is read once"))
    }

    /// Asks it to end, with SIGTERM, and waits until it does.
    pub(crate) fn terminate(self) -> Finished {
        let pid = Pid::from_raw(i32::try_from(self.pid()).unwrap());
        kill(pid, Signal::SIGTERM).unwrap();
        self.finish()
    }

    /// Ends it with SIGKILL.
    pub(crate) fn kill(mut self) -> Finished {
        // An error means that it was gone before.
        let _ = self.child.as_mut().expect("it has not been waited for").kill();
        self.finish()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// The lines of a running process, as they come.
pub(crate) struct Lines {
    receiver: Receiver<String>,
}

impl Lines {
    pub(crate) fn of(source: impl Read + Send + 'static) -> Self {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(source).lines().map_while(Result::ok) {
                // Read to the end even when nobody listens, so that the process never waits for a reader.
                let _ = sender.send(line);
            }
        });
        Self { receiver }
    }

    /// The next line.
    #[track_caller]
    pub(crate) fn next(&self) -> String {
        match self.receiver.recv_timeout(PATIENCE) {
            Ok(line) => line,
            Err(error) => panic!("no further line: {error}"),
        }
    }

    /// All lines up to the last, of a process that has ended.
    pub(crate) fn rest(&self) -> Vec<String> {
        self.receiver.iter().collect()
    }

    /// The next line as JSON.
    #[track_caller]
    pub(crate) fn next_json(&self) -> Value {
        let line = self.next();
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line}"))
    }

    /// The next line that contains `part`; the ones before it are passed over.
    #[track_caller]
    pub(crate) fn next_with(&self, part: &str) -> String {
        let mut passed = Vec::new();
        loop {
            match self.receiver.recv_timeout(PATIENCE) {
                Ok(line) if line.contains(part) => return line,
                Ok(line) => passed.push(line),
                Err(error) => panic!("no line with {part:?}: {error}; there were:\n{}", passed.join("\n")),
            }
        }
    }
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// The exit code; 128 and the signal, as shells say it, when it was killed.
    pub(crate) code: i32,
    call: String,
    home: PathBuf,
}

impl Finished {
    fn new(running: &Running, output: Output) -> Self {
        let status = output.status;
        let args = running.args.iter().map(|arg| format!(" {}", arg.to_string_lossy()));
        Self {
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
            code: status.code().unwrap_or_else(|| 128 + status.signal().unwrap()),
            call: format!("ifctl{}", args.collect::<String>()),
            home: running.home.clone(),
        }
    }

    /// Fails unless it ended with `code`.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.code, code,
            "`{}` ended otherwise\n--- stdout\n{}\n--- stderr\n{}",
            self.call, self.stdout, self.stderr
        );
        self
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("`{}`: {error} in:\n{}", self.call, self.stdout))
    }

    /// All of it as one text for a snapshot: what differs from run to run is masked.
    pub(crate) fn snapshot(&self) -> String {
        let Self { stdout, stderr, code, call, home } = self;
        let text = format!("$ {call}\nstatus: {code}\n--- stdout\n{stdout}--- stderr\n{stderr}");
        masked(&text, home)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_is_reported_whole() {
        let home = tempfile::tempdir().unwrap();
        let finished = Ifctl::new(home.path()).args(["no-such-verb"]).stdin("unread").run().expect(2);
        assert_eq!(finished.stdout, "");
        let snapshot = finished.snapshot();
        assert!(
            snapshot.starts_with("$ ifctl no-such-verb\nstatus: 2\n--- stdout\n--- stderr\n"),
            "{snapshot}"
        );
    }

    #[test]
    fn an_unreachable_store_is_masked_in_the_snapshot() {
        let home = tempfile::tempdir().unwrap();
        let call = Ifctl::new(home.path()).env("IF_ENDPOINTS", "127.0.0.1:1").args(["coordinator", "status"]);
        let finished = call.run().expect(7);
        assert!(!finished.snapshot().contains("127.0.0.1:1"), "{}", finished.snapshot());
    }
}
