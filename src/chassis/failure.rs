//! Failures of guests: what stopped a task, and how it is counted.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a failure is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// The guest gave up or did what no program may.
    Trap,
    /// Memory ran out.
    Memory,
    /// Time ran out.
    Timeout,
    /// The stack ran out.
    Stack,
    /// The answer was none.
    Result,
    /// The guest said itself that it has no answer.
    Failed,
    /// Too much was logged.
    Log,
    /// Too much was asked of the host.
    Hostcall,
    /// Whoever submitted the task gave it less time than the contract does: no fault of the swarm, and not on its record.
    Deadline,
}

impl FailureClass {
    /// Its word in metrics.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Trap => "trap",
            Self::Memory => "memory",
            Self::Timeout => "timeout",
            Self::Stack => "stack",
            Self::Result => "result",
            Self::Failed => "failed",
            Self::Log => "log",
            Self::Hostcall => "hostcall",
            Self::Deadline => "deadline",
        }
    }
}

impl fmt::Display for FailureClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why a guest gave no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuestFailure {
    /// The guest gave up or did what no program may.
    #[error("the guest trapped: {what}")]
    Trap {
        /// What it did, in which function, and who had called that.
        what: String,
    },
    /// Memory was refused and the guest could not go on.
    #[error("the guest needs more than its {} MiB of memory", limit >> 20)]
    OutOfMemory {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The guest did not end in time.
    #[error("the guest did not end within {} ms", after.as_millis())]
    TimedOut {
        /// The limit that passed.
        after: Duration,
    },
    /// The task's own deadline, or the end of the credential that it was given, came before the guest ended.
    #[error("the guest had no more than {} ms, by the task's deadline or credential, and did not end", after.as_millis())]
    CutShort {
        /// What it had, less than the contract allows.
        after: Duration,
    },
    /// The guest called deeper than its stack.
    #[error("the guest's stack overflowed")]
    StackOverflow,
    /// The guest broke the interface: room, answer or form of the answer.
    #[error("the guest's answer is unusable: {why}")]
    BadResult {
        /// What is wrong with it.
        why: String,
    },
    /// The guest says itself that it has no answer.
    #[error("the guest failed: {message}")]
    Failed {
        /// Its words, safe to show, of one or more lines.
        message: String,
    },
    /// The guest logged more than it may.
    #[error("the guest logs more than its {limit} bytes")]
    LogFull {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The guest asked for more than the host gives to one task.
    #[error("the guest asks too much of the host: {what}")]
    Hostcall {
        /// What, and its limit.
        what: String,
    },
}

impl GuestFailure {
    /// How it is counted.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Trap { .. } => FailureClass::Trap,
            Self::OutOfMemory { .. } => FailureClass::Memory,
            Self::TimedOut { .. } => FailureClass::Timeout,
            Self::StackOverflow => FailureClass::Stack,
            Self::BadResult { .. } => FailureClass::Result,
            Self::Failed { .. } => FailureClass::Failed,
            Self::LogFull { .. } => FailureClass::Log,
            Self::Hostcall { .. } => FailureClass::Hostcall,
            Self::CutShort { .. } => FailureClass::Deadline,
        }
    }

    /// Whether a limit stopped a guest that might have gone on.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match self {
            Self::OutOfMemory { .. }
            | Self::TimedOut { .. }
            | Self::CutShort { .. }
            | Self::LogFull { .. }
            | Self::Hostcall { .. } => true,
            Self::Trap { .. } | Self::StackOverflow | Self::BadResult { .. } | Self::Failed { .. } => false,
        }
    }
}
