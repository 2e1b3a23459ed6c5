//! Reservations and trials: what a claim holds of its swarm while it lasts.

use serde::{Deserialize, Serialize};

use super::account::Dated;
use crate::clock::Timestamp;
use crate::coordinator::Token;
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
    /// The tasks in whose budgets it is set aside as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub task_budgets: Vec<TaskId>,
    /// What the claim was charged already; above the amount it is spent all the same.
    #[serde(default)]
    pub charged: Money,
    /// The token of the claim, once this was written again; before, [`Dated::token`] finds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// The store's epoch when the claim was made; none while it is only paid for in advance.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// Since when.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

impl Reservation {
    /// What of the amount is still set aside.
    #[must_use]
    pub fn remaining(&self) -> Money {
        self.amount.minus(self.charged)
    }

    /// What a claim has cost in all: what was reported, else what was set aside, never less than it was charged already.
    #[must_use]
    pub fn total(reservation: Option<&Dated<Self>>, reported: Option<Money>, set_aside: Money) -> Money {
        let charged = reservation.map_or(Money::ZERO, |reservation| reservation.value.charged);
        reported.unwrap_or(set_aside).max(charged)
    }
}

impl Dated<Reservation> {
    /// The token of the claim: the revision that made it also wrote this, until a charge does. None while the money is
    /// only set aside in advance, and for what an older version wrote.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        self.value.token.or(self.value.epoch.map(|epoch| Token { epoch, revision: self.revision }))
    }
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

/// The one call that a provider's breaker lets through as a trial; its key lives as long as the lease it was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderProbe {
    /// Which call.
    pub call: ClaimId,
    /// Since when.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}
