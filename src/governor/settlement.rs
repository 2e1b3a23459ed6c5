//! Settlements: how a claim ended and what it cost.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ClaimId, SwarmId, TaskId};
use crate::money::Money;

/// How a claim ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The work is done.
    Completed,
    /// The work failed; counts towards the breaker.
    Failed,
    /// The swarm gave it back.
    Released,
    /// The swarm needs help.
    Blocked,
    /// The swarm was not heard of any more.
    Lost,
    /// It was taken back before the swarm took it up.
    Recalled,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Released => "released",
            Self::Blocked => "blocked",
            Self::Lost => "lost",
            Self::Recalled => "recalled",
        })
    }
}

/// The end of one claim's reservation; created exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Whose money.
    pub swarm: SwarmId,
    /// For which task.
    pub task: TaskId,
    /// For which claim.
    pub claim: ClaimId,
    /// What had been set aside.
    pub reserved: Money,
    /// What was booked.
    pub cost: Money,
    /// How the claim ended.
    pub outcome: Outcome,
    /// When.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}
