//! Reservations and trials: what a claim holds of its swarm while it lasts.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ClaimId, SwarmId, TaskId};
use crate::money::Money;

/// Money set aside for one claim; created once, deleted by the settlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reservation {
    /// Whose money.
    pub swarm: SwarmId,
    /// For which task.
    pub task: TaskId,
    /// For which claim.
    pub claim: ClaimId,
    /// How much.
    pub amount: Money,
    /// Since when.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

/// The one trial that a swarm's breaker lets through; its key lives as long as the claim's lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Probe {
    /// Which task.
    pub task: TaskId,
    /// Which claim.
    pub claim: ClaimId,
    /// Since when.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

/// The one call that a provider's breaker lets through as a trial; its key lives as long as its caller's lease.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderProbe {
    /// Which call; unknown where the trial was begun otherwise than by asking for admission.
    #[serde(default)]
    pub call: Option<ClaimId>,
    /// Since when.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}
