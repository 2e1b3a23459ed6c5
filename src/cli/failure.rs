//! Failures: what went wrong, why, and what to type next; the only place where an error becomes an exit code.

use std::fmt::{self, Display};

use super::Exit;
use crate::config::ConfigError;
use crate::coordinator::runtime::start::{OpenError, StartError};
use crate::coordinator::service::{ClaimOutcome, CoordinatorError};
use crate::governor::service::GovernorError;
use crate::governor::{PolicyError, Refusal};
use crate::id::{Capability, SwarmId, TaskId};
use crate::store::StoreError;

/// An error on its way to the user.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    error: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    /// An error that ends the program with `exit`.
    pub fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    /// A failure that is a sentence of its own.
    pub fn message(exit: Exit, message: impl Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Self::new(exit, anyhow::Error::msg(message))
    }

    /// A fault of the program or its machine.
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Internal, error)
    }

    /// Invalid input.
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// Says what to type next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Puts what was attempted before the error.
    #[must_use]
    pub fn context(mut self, context: impl Display + Send + Sync + 'static) -> Self {
        self.error = self.error.context(context);
        self
    }

    /// Writes the failure to standard error and gives its exit code.
    #[must_use]
    pub fn report(self) -> Exit {
        eprintln!("error: {}", self.error);
        for cause in self.error.chain().skip(1) {
            eprintln!("cause: {cause}");
        }
        if let Some(hint) = self.hint {
            eprintln!("hint: {hint}");
        }
        self.exit
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let (exit, hint) = match &error {
            StoreError::Endpoint { .. } => (Exit::Usage, Some("ifctl --endpoints 127.0.0.1:2379 …")),
            StoreError::Unavailable { .. } => {
                (Exit::Unavailable, Some("ifctl coordinator start, or name another with --endpoints"))
            }
            StoreError::TimedOut { .. } => {
                (Exit::TimedOut, Some("ifctl coordinator health, or wait longer with --command-timeout"))
            }
            StoreError::Full { .. } => {
                (Exit::Unavailable, Some("make room on the store's disk; writing goes on by itself then"))
            }
            StoreError::LeaseLost => (Exit::StaleToken, Some("claim the task again")),
            StoreError::Compacted { .. } => (Exit::Unavailable, Some("try again")),
            StoreError::Malformed { .. } => {
                (Exit::Internal, Some("somebody else wrote this key: mend or delete it"))
            }
            StoreError::Rejected(_) => (Exit::Refused, None),
        };
        let failure = Self::new(exit, error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = match &error {
            ConfigError::NoHome => "set IF_HOME to a directory of your own".to_owned(),
            ConfigError::Unreadable { path, .. } | ConfigError::Invalid { path, .. } => {
                format!("known keys of {}: endpoints, namespace, command_timeout_seconds", path.display())
            }
        };
        Self::usage(error).hint(hint)
    }
}

impl From<CoordinatorError> for Failure {
    fn from(error: CoordinatorError) -> Self {
        match error {
            CoordinatorError::Store(error) => error.into(),
            CoordinatorError::Governor(error) => error.into(),
            CoordinatorError::Refused(refusal) => refusal.into(),
            CoordinatorError::Backlog(_)
            | CoordinatorError::TooLarge { .. }
            | CoordinatorError::TooManyDependencies { .. } => Self::usage(error),
            CoordinatorError::NoTask { .. } => {
                Self::new(Exit::NothingFound, error).hint("ifctl coordinator tasks")
            }
            CoordinatorError::NoDependency { ref dependency, .. } => {
                let hint = format!("submit {dependency} first");
                Self::new(Exit::NothingFound, error).hint(hint)
            }
            CoordinatorError::Exists { ref task } => {
                let hint = format!("ifctl coordinator show {task}, or choose another name");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::WrongState { ref task, .. } => {
                let hint = format!("ifctl coordinator show {task}");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::Stale { ref task, .. } => {
                let hint = format!("stop working on it; ifctl coordinator show {task}");
                Self::new(Exit::StaleToken, error).hint(hint)
            }
            CoordinatorError::Contended { .. } => Self::new(Exit::Unavailable, error).hint("try again"),
        }
    }
}

impl From<GovernorError> for Failure {
    fn from(error: GovernorError) -> Self {
        match error {
            GovernorError::Store(error) => error.into(),
            GovernorError::Refused(refusal) => refusal.into(),
            GovernorError::BudgetTooSmall { .. } => {
                Self::new(Exit::Refused, error).hint("ifctl governor budgets")
            }
            GovernorError::TooManyCapabilities { .. } => Self::usage(error),
            GovernorError::Conflict { .. } => Self::new(Exit::Unavailable, error).hint("try again"),
        }
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let hint = match &refusal {
            Refusal::Capability { swarm, .. } => {
                format!("ifctl governor find-help --required …, or register {swarm} with what it lacks")
            }
            Refusal::BreakerOpen { .. }
            | Refusal::ProbeUnderWay { .. }
            | Refusal::Budget { .. }
            | Refusal::TooExpensive { .. } => "ifctl governor budgets".to_owned(),
        };
        Self::new(Exit::Refused, refusal).hint(hint)
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        Self::usage(error).hint("policies/default.yaml lists every key with its meaning")
    }
}

impl From<StartError> for Failure {
    fn from(error: StartError) -> Self {
        match error {
            StartError::Coordinator(error) => error.into(),
            StartError::Listen { .. } => Self::new(Exit::Conflict, error).hint(
                "ifctl coordinator status tells whether a coordinator runs there; --listen 127.0.0.1:0 takes any free port",
            ),
            StartError::Exposed { .. } => {
                Self::new(Exit::Refused, error).hint("listen on 127.0.0.1, or use --backend etcd with an etcd that asks")
            }
            StartError::Directory { .. } => Self::usage(error).hint("name another with --data-dir or IF_HOME"),
            StartError::Open(error) => error.into(),
            StartError::Serve(_) | StartError::Stopped => Self::internal(error),
        }
    }
}

impl Failure {
    /// A claim that was not won.
    pub(super) fn from_claim(task: &TaskId, swarm: &SwarmId, outcome: ClaimOutcome) -> Self {
        let show = format!("ifctl coordinator show {task}");
        match outcome {
            ClaimOutcome::Won { .. } => Self::message(Exit::Internal, format!("{swarm} has won {task}")),
            ClaimOutcome::Lost { holder } => {
                Self::message(Exit::Conflict, format!("task {task} is claimed by {holder}")).hint(show)
            }
            ClaimOutcome::NotReady { state, reason, unmet } => {
                let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
                let unmet: Vec<_> = unmet.iter().map(TaskId::as_str).collect();
                let waits = if unmet.is_empty() {
                    String::new()
                } else {
                    format!(", waiting for {}", unmet.join(", "))
                };
                Self::message(Exit::Conflict, format!("task {task} is {state}{reason}{waits}")).hint(show)
            }
            ClaimOutcome::Directed { to } => {
                Self::message(Exit::Refused, format!("task {task} is meant for {to}, not for {swarm}"))
                    .hint(show)
            }
            ClaimOutcome::Refused(refusal) => refusal.into(),
            ClaimOutcome::Missing => Self::message(Exit::NothingFound, format!("there is no task {task}"))
                .hint("ifctl coordinator tasks"),
        }
    }

    /// Nobody can do what is needed at that price; `considered` says whether somebody offers a part of it.
    pub(super) fn nobody_qualifies(required: &[Capability], considered: bool) -> Self {
        let needs: Vec<_> = required.iter().map(Capability::as_str).collect();
        let needs = if needs.is_empty() { "anything".to_owned() } else { needs.join(", ") };
        let hint = if considered {
            "the table says what spoke against each; ifctl governor register adds a swarm"
        } else {
            "nobody offers any of it; ifctl governor register adds a swarm"
        };
        Self::message(Exit::NothingFound, format!("nobody qualifies for {needs}")).hint(hint)
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Locked { .. } => Self::new(Exit::Conflict, error)
                .hint("ifctl coordinator status finds the one that runs; --data-dir takes another directory"),
            OpenError::Corrupt { .. } => Self::new(Exit::Refused, error)
                .hint("restore a snapshot, or move the engine's directory away to start empty"),
            OpenError::Format { .. } => {
                Self::new(Exit::Refused, error).hint("start the version that wrote it")
            }
            OpenError::Storage { .. } | OpenError::Thread(_) => Self::internal(error),
        }
    }
}
