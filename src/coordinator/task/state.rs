//! Where a task stands: states as the `Agent2Agent` protocol names them, and what refines them.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A task's state, in the words of the `Agent2Agent` protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not begun, or to be begun again.
    Submitted,
    /// Somebody works on it.
    Working,
    /// It cannot go on without help, or a human has to decide what becomes of it.
    InputRequired,
    /// It cannot go on without a credential.
    AuthRequired,
    /// Done; terminal.
    Completed,
    /// Given up; terminal.
    Failed,
    /// Called off; terminal.
    Canceled,
    /// Never taken on; terminal.
    Rejected,
}

impl State {
    /// Whether nothing can follow.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Canceled | Self::Rejected)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Submitted => "submitted",
            Self::Working => "working",
            Self::InputRequired => "input-required",
            Self::AuthRequired => "auth-required",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Rejected => "rejected",
        })
    }
}

/// What refines a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Anybody qualified may claim it.
    Ready,
    /// It waits for other tasks.
    Waiting,
    /// It is not to be begun before a certain moment.
    Scheduled,
    /// It failed and will be tried again later.
    Backoff,
    /// Its worker lives and does not get on.
    Stalled,
    /// Its worker asked for help.
    Blocked,
    /// What it waits for has failed.
    DependencyFailed,
    /// It failed too often.
    RetriesExhausted,
    /// It failed in a way that trying again does not mend.
    NotRetryable,
    /// Too many of its workers vanished.
    LeasesLost,
    /// It was not done in time.
    Deadline,
}

impl Reason {
    /// Whether it was tried in vain: a human may have it tried again.
    #[must_use]
    pub fn is_given_up(self) -> bool {
        matches!(self, Self::RetriesExhausted | Self::NotRetryable | Self::LeasesLost)
    }

    /// Whether it waits for something that may never come: a human may let it go on without.
    #[must_use]
    pub fn is_blocked(self) -> bool {
        matches!(self, Self::Blocked | Self::DependencyFailed)
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Scheduled => "scheduled",
            Self::Backoff => "backoff",
            Self::Stalled => "stalled",
            Self::Blocked => "blocked",
            Self::DependencyFailed => "dependency-failed",
            Self::RetriesExhausted => "retries-exhausted",
            Self::NotRetryable => "not-retryable",
            Self::LeasesLost => "leases-lost",
            Self::Deadline => "deadline",
        })
    }
}
