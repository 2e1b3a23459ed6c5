//! The stage: a home of its own, a coordinator and workers as real processes, ended when the curtain falls.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Deserialize;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

/// How long a process may take to say that it is ready, or to end.
const PATIENCE: Duration = Duration::from_secs(15);

/// Why the stage cannot be set.
#[derive(Debug, thiserror::Error)]
pub enum StageError {
    /// A file or process could not be made.
    #[error("cannot {what}")]
    System {
        /// What was attempted.
        what: String,
        /// What the system said.
        source: io::Error,
    },
    /// The coordinator ended or said something else than that it is ready.
    #[error("the coordinator did not become ready; its messages are in {}", log.display())]
    NotReady {
        /// Where its messages are.
        log: PathBuf,
    },
    /// A command failed.
    #[error("`ifctl {command}` failed: {message}")]
    Command {
        /// The command.
        command: String,
        /// Its standard error.
        message: String,
    },
}

fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> StageError {
    let what = what.into();
    move |source| StageError::System { what, source }
}

/// The first line of `coordinator start`.
#[derive(Debug, Deserialize)]
struct ReadyLine {
    endpoints: Vec<String>,
}

/// Processes over one home.
#[derive(Debug)]
pub(super) struct Stage {
    home: Option<tempfile::TempDir>,
    program: PathBuf,
    endpoint: String,
    coordinator: Option<Child>,
    workers: Vec<Child>,
}

impl Stage {
    /// Makes a home and starts a coordinator with the embedded engine in it.
    pub(super) async fn set() -> Result<Self, StageError> {
        let home =
            tempfile::Builder::new().prefix("if-demo-").tempdir().map_err(system("make a directory"))?;
        let program = std::env::current_exe().map_err(system("find this program"))?;
        let mut stage = Self {
            home: Some(home),
            program,
            endpoint: String::new(),
            coordinator: None,
            workers: Vec::new(),
        };
        let log = stage.home().join("coordinator.log");
        let mut command = stage.command(&["coordinator", "start", "--listen", "127.0.0.1:0"]);
        command.stdout(Stdio::piped()).stderr(stage.log("coordinator")?);
        let mut child = command.spawn().map_err(system("start a coordinator"))?;
        let stdout = child.stdout.take();
        stage.coordinator = Some(child);
        stage.endpoint = match stdout {
            Some(stdout) => {
                let address = first_line(BufReader::new(stdout)).await.ok_or(StageError::NotReady { log })?;
                // With a scheme, so that certificates in the environment do not count.
                format!("http://{address}")
            }
            None => return Err(StageError::NotReady { log }),
        };
        Ok(stage)
    }

    /// The directory that holds everything.
    pub(super) fn home(&self) -> &Path {
        self.home.as_ref().map_or(Path::new("."), tempfile::TempDir::path)
    }

    /// Where the coordinator listens.
    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Writes a file into the home; a script may be run.
    pub(super) fn prop(&self, name: &str, content: &str) -> Result<PathBuf, StageError> {
        let path = self.home().join(name);
        fs::write(&path, content).map_err(system(format!("write {}", path.display())))?;
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
        fs::set_permissions(&path, mode).map_err(system(format!("write {}", path.display())))?;
        Ok(path)
    }

    /// Starts a worker process.
    pub(super) fn employ(&mut self, swarm: &str, pull: bool, agent: &Path) -> Result<(), StageError> {
        let slots = if pull { "1" } else { "3" };
        let mut arguments =
            vec!["coordinator", "work", "--swarm", swarm, "--slots", slots, "--session-ttl", "3s"];
        if pull {
            arguments.push("--pull");
        }
        let agent = agent.to_string_lossy();
        arguments.extend(["--", "sh", &agent]);
        let mut command = self.command(&arguments);
        let name = format!("{swarm}-{}", if pull { "pull" } else { "push" });
        command.stdout(Stdio::null()).stderr(self.log(&name)?);
        self.workers.push(command.spawn().map_err(system("start a worker"))?);
        Ok(())
    }

    /// Runs one command to its end.
    pub(super) async fn run(&self, arguments: &[&str]) -> Result<(), StageError> {
        let output = self.command(arguments).output().await.map_err(system("run a command"))?;
        if output.status.success() {
            return Ok(());
        }
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Err(StageError::Command { command: arguments.join(" "), message })
    }

    /// Runs one command with this on its standard input; its exit code, and what it said.
    pub(super) async fn ask(
        &self,
        arguments: &[&str],
        input: &str,
    ) -> Result<(i32, String, String), StageError> {
        let mut command = self.command(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(system("run a command"))?;
        if let Some(mut stdin) = child.stdin.take() {
            // Whoever does not read is told by what it says.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
        let output = child.wait_with_output().await.map_err(system("run a command"))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ok((output.status.code().unwrap_or(-1), text(&output.stdout), text(&output.stderr)))
    }

    /// Ends all workers and waits for them.
    pub(super) async fn dismiss_workers(&mut self) {
        end(&mut self.workers).await;
    }

    /// Ends everything; gives the home if it is to be kept.
    pub(super) async fn clear(mut self, keep: bool) -> Option<PathBuf> {
        end(&mut self.workers).await;
        let mut coordinator: Vec<_> = self.coordinator.take().into_iter().collect();
        end(&mut coordinator).await;
        self.home.take().filter(|_| keep).map(tempfile::TempDir::keep)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .args(arguments)
            .env("IF_HOME", self.home())
            .env("IF_ENDPOINTS", &self.endpoint)
            .env("IFCTL", &self.program)
            .env_remove("IF_NAMESPACE")
            .env_remove("IF_SWARM")
            .env_remove("IF_OUTPUT")
            .stdin(Stdio::null())
            .kill_on_drop(true);
        if self.endpoint.is_empty() {
            command.env_remove("IF_ENDPOINTS");
        }
        command
    }

    fn log(&self, name: &str) -> Result<File, StageError> {
        let path = self.home().join(format!("{name}.log"));
        File::create(&path).map_err(system(format!("write {}", path.display())))
    }
}

async fn first_line(reader: impl tokio::io::AsyncBufRead + Unpin) -> Option<String> {
    let line = timeout(PATIENCE, reader.lines().next_line()).await.ok()?.ok()??;
    serde_json::from_str::<ReadyLine>(&line).ok()?.endpoints.into_iter().next()
}

/// Tells processes to end, and makes those end that do not.
async fn end(children: &mut Vec<Child>) {
    for child in children.iter() {
        signal(child, Signal::SIGTERM);
    }
    for child in children.iter_mut() {
        if timeout(PATIENCE, child.wait()).await.is_err() {
            signal(child, Signal::SIGKILL);
        }
    }
    children.clear();
}

fn signal(child: &Child, signal: Signal) {
    if let Some(id) = child.id().and_then(|id| i32::try_from(id).ok()) {
        // It may have ended by itself.
        let _ = kill(Pid::from_raw(id), signal);
    }
}

/// Kills a process by its id, as a crash would.
pub(super) fn crash(pid: u32) -> bool {
    i32::try_from(pid).is_ok_and(|pid| kill(Pid::from_raw(pid), Signal::SIGKILL).is_ok())
}
