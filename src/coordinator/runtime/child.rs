//! One executable at work on one task: what it is told, how it is stopped, how it is read.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdout, Command};

use super::parent::Parent;
use super::program::Program;
use crate::coordinator::backlog::MAX_PAYLOAD;
use crate::coordinator::task::{TaskError, TaskRecord};
use crate::coordinator::token::Token;
use crate::id::TaskId;
use crate::money::Money;
use crate::store::Certificates;

/// How long the output of an ended child is waited for, when something else holds it open.
const DRAIN: Duration = Duration::from_secs(1);

/// The exit status that says "try again later": `EX_TEMPFAIL` of sysexits.h.
const TEMPORARY_FAILURE: i32 = 75;

/// Everything a child is told.
#[derive(Debug)]
pub struct Order<'a> {
    /// What is run.
    pub program: &'a Program,
    /// The task.
    pub record: &'a TaskRecord,
    /// Proof of being its holder.
    pub token: Token,
    /// Where the store is.
    pub endpoints: &'a str,
    /// What it takes to speak to it.
    pub certificates: &'a Certificates,
    /// Who it is to the store; its password stands in the environment of this process.
    pub user: Option<&'a str>,
    /// Put before every key.
    pub namespace: &'a str,
    /// What the submitter handed over.
    pub payload: Option<String>,
    /// What helpers answered.
    pub help: Vec<(TaskId, String)>,
    /// How long it may use to end itself after it was told to stop.
    pub grace: Duration,
}

/// How a child ended.
#[derive(Debug)]
pub enum Ending {
    /// It did its work.
    Done {
        /// Its standard output.
        result: Vec<u8>,
        /// What it says it cost.
        cost: Option<Money>,
    },
    /// It did not.
    Failed {
        /// Why.
        error: TaskError,
        /// What it says it cost.
        cost: Option<Money>,
    },
}

/// A child at work. Dropping it kills it, with everything it started; a worker that is killed takes along the child
/// alone, and on Linux only.
#[derive(Debug)]
pub struct Running {
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
        order: &Order<'_>,
        parent: &Parent,
    ) -> std::io::Result<(Self, impl Future<Output = ()> + use<>)> {
        let directory = tempfile::Builder::new().prefix("if-task-").tempdir()?;
        let cost_file = directory.path().join("cost");
        let record = order.record;
        let mut command = Command::new(order.program.name());
        command
            .args(order.program.arguments())
            .env("IF_TASK_ID", record.id.as_str())
            .env("IF_TASK_TOKEN", order.token.to_string())
            .env("IF_TASK_ATTEMPT", record.attempt.to_string())
            .env("IF_TASK_ESTIMATED_HOURS", record.estimated_hours.to_string())
            .env("IF_TASK_RESERVED", record.reserved.to_string())
            .env("IF_TASK_COST_FILE", &cost_file)
            .env("IF_ENDPOINTS", order.endpoints)
            .envs(order.certificates.environment())
            .env("IF_NAMESPACE", order.namespace)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .process_group(0)
            .kill_on_drop(true);
        if let Some(swarm) = &record.owner {
            command.env("IF_SWARM", swarm.as_str());
        }
        match order.user {
            Some(user) => drop(command.env("IF_USER", user)),
            // A user without the password, or another user's, is of no use.
            None => drop(command.env_remove("IF_USER").env_remove("IF_PASSWORD")),
        }
        let mut child = parent.spawn(command)?;
        let stdout = child.stdout.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let mut stdin = child.stdin.take().ok_or(std::io::ErrorKind::BrokenPipe)?;
        let input = input(order).to_string();
        // A child that does not read what it is told is free not to.
        let feed = async move {
            let _ = stdin.write_all(input.as_bytes()).await;
            let _ = stdin.shutdown().await;
        };
        let group = child.id().and_then(|id| i32::try_from(id).ok()).map(Pid::from_raw);
        let grace = order.grace;
        Ok((Self { child, group, stdout, cost_file, grace, _directory: directory }, feed))
    }

    /// Waits for the end and reads what the child leaves behind. What it started goes with it.
    ///
    /// # Errors
    /// When the system cannot say how it ended.
    pub async fn finish(&mut self) -> std::io::Result<Ending> {
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
    pub async fn stop(&mut self) {
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

/// The task as JSON, as the child reads it on standard input. A payload that is JSON stands in it as JSON.
fn input(order: &Order<'_>) -> serde_json::Value {
    let parsed = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| json!(text));
    let help: serde_json::Map<_, _> =
        order.help.iter().map(|(task, result)| (task.to_string(), parsed(result))).collect();
    json!({
        "id": order.record.id,
        "title": order.record.title,
        "attempt": order.record.attempt,
        "required_capabilities": order.record.required_capabilities,
        "estimated_hours": order.record.estimated_hours,
        "payload": order.payload.as_deref().map(parsed),
        "help": help,
    })
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
