//! One executable at work on one task: what it is told, how it is stopped, how it is read.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdout, Command};

use super::programs::Programs;
use super::runner::{Assigned, Ending};
use crate::coordinator::backlog::MAX_PAYLOAD;
use crate::coordinator::task::TaskError;
use crate::money::Money;

/// How long the output of an ended child is waited for, when something else holds it open.
const DRAIN: Duration = Duration::from_secs(1);

/// The exit status that says "try again later": `EX_TEMPFAIL` of sysexits.h.
const TEMPORARY_FAILURE: i32 = 75;

/// A child at work. Dropping it kills it, with everything it started; a worker that is killed takes along the child
/// alone, and on Linux only.
#[derive(Debug)]
pub(super) struct Running {
    child: Child,
    group: Option<Pid>,
    stdout: ChildStdout,
    cost_file: PathBuf,
    grace: Duration,
    _directory: tempfile::TempDir,
}

impl Running {
    /// Starts the executable.
    ///
    /// # Errors
    /// When the system cannot.
    pub(super) fn start(
        programs: &Programs,
        task: &Assigned,
    ) -> std::io::Result<(Self, impl Future<Output = ()> + use<>)> {
        let directory = tempfile::Builder::new().prefix("if-task-").tempdir()?;
        let cost_file = directory.path().join("cost");
        let record = &task.record;
        let mut command = Command::new(programs.program.name());
        command
            .args(programs.program.arguments())
            .env("IF_TASK_ID", record.id.as_str())
            .env("IF_TASK_TOKEN", task.token.to_string())
            .env("IF_TASK_ATTEMPT", record.attempt.to_string())
            .env("IF_TASK_ESTIMATED_HOURS", record.estimated_hours.to_string())
            .env("IF_TASK_RESERVED", record.reserved.to_string())
            .env("IF_TASK_COST_FILE", &cost_file)
            .env("IF_ENDPOINTS", &programs.endpoints)
            .envs(programs.certificates.environment())
            .env("IF_NAMESPACE", &programs.namespace)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        if let Some(swarm) = &record.owner {
            command.env("IF_SWARM", swarm.as_str());
        }
        match &programs.user {
            Some(user) => drop(command.env("IF_USER", user)),
            // A user without the password, or another user's, is of no use.
            None => drop(command.env_remove("IF_USER").env_remove("IF_PASSWORD")),
        }
        let mut child = programs.parent.spawn(command)?;
        let stdout = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let mut stdin = child.stdin.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let input = task.input().to_string();
        // A child that does not read what it is told is free not to.
        let feed = async move {
            let _ = stdin.write_all(input.as_bytes()).await;
            let _ = stdin.shutdown().await;
        };
        let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        let grace = task.grace;
        Ok((Self { child, group, stdout, cost_file, grace, _directory: directory }, feed))
    }

    /// Waits for the end and reads what the child leaves behind. What it started goes with it.
    ///
    /// # Errors
    /// When the system cannot say how it ended.
    pub(super) async fn finish(&mut self) -> std::io::Result<Ending> {
        let limit = MAX_PAYLOAD as u64 + 1;
        let mut result = Vec::new();
        let mut pipe = (&mut self.stdout).take(limit);
        let mut reading = Box::pin(pipe.read_to_end(&mut result));
        let status = tokio::select! {
            read = &mut reading => {
                read?;
                None
            }
            status = self.child.wait() => {
                // Whoever else holds the pipe open may have a moment, not for ever.
                let _ = tokio::time::timeout(DRAIN, &mut reading).await;
                Some(status?)
            }
        };
        drop(reading);
        if result.len() > MAX_PAYLOAD {
            self.stop().await;
            let message = format!("it wrote more than {MAX_PAYLOAD} bytes to standard output");
            let error = TaskError { class: "result".to_owned(), message, retryable: false };
            return Ok(Ending::Failed { error, cost: self.cost() });
        }
        let status = match status {
            Some(status) => status,
            None => self.child.wait().await?,
        };
        self.sweep();
        Ok(match (failure(status), self.reported_cost()) {
            (Some(error), cost) => Ending::Failed { error, cost: cost.unwrap_or_default() },
            (None, Ok(cost)) => Ending::Done { result, cost },
            (None, Err(error)) => Ending::Failed { error, cost: None },
        })
    }

    /// Tells the child and what it started to stop, and makes them after a grace.
    pub(super) async fn stop(&mut self) {
        self.signal(Signal::SIGTERM);
        if tokio::time::timeout(self.grace, self.child.wait()).await.is_err() {
            self.signal(Signal::SIGKILL);
            let _ = self.child.wait().await;
        }
        self.sweep();
    }

    /// Kills what the child left running, once: afterwards the number may belong to others.
    fn sweep(&mut self) {
        self.signal(Signal::SIGKILL);
        self.group = None;
    }

    /// Signals the whole group, which outlives its leader; it may be gone already.
    fn signal(&self, signal: Signal) {
        if let Some(group) = self.group {
            let _ = killpg(group, signal);
        }
    }

    pub(super) fn cost(&self) -> Option<Money> {
        self.reported_cost().unwrap_or_default()
    }

    fn reported_cost(&self) -> Result<Option<Money>, TaskError> {
        let Ok(text) = fs::read_to_string(&self.cost_file) else { return Ok(None) };
        text.trim().parse().map(Some).map_err(|error: crate::money::MoneyError| TaskError {
            class: "cost".to_owned(),
            message: format!("it reported a cost that is none: {error}"),
            retryable: false,
        })
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.signal(Signal::SIGKILL);
    }
}

fn failure(status: ExitStatus) -> Option<TaskError> {
    let (class, message, retryable) = match (status.code(), status.signal()) {
        (Some(0), _) => return None,
        (Some(code), _) => ("exit", format!("it ended with exit status {code}"), code == TEMPORARY_FAILURE),
        (None, Some(signal)) => ("signal", format!("it was ended by signal {signal}"), true),
        (None, None) => ("exit", "it ended in an unknown way".to_owned(), true),
    };
    Some(TaskError { class: class.to_owned(), message, retryable })
}
