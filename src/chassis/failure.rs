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
        /// What it did, and in which function.
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
    /// The guest called deeper than its stack.
    #[error("the guest's stack overflowed")]
    StackOverflow,
    /// The guest broke the interface: room, answer or form of the answer.
    #[error("the guest's answer is unusable: {why}")]
    BadResult {
        /// What is wrong with it.
        why: String,
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
        }
    }

    /// Whether a limit of the contract stopped a guest that might have gone on.
    #[must_use]
    pub fn is_limit(&self) -> bool {
        match self {
            Self::OutOfMemory { .. } | Self::TimedOut { .. } => true,
            Self::Trap { .. } | Self::StackOverflow | Self::BadResult { .. } => false,
        }
    }
}
