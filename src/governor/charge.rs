//! Charges: money that is spent while work goes on, or beside it.
//!
//! Pure: callers supply `now`. What a claim is charged comes out of what was set aside for it; whatever goes beyond that
//! must be left, unless it is gone already.

mod amendment;
mod booking;
mod operation;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub(super) use amendment::amend;
pub(super) use booking::{Booking, Change, Decision, charge, correct};
pub use operation::{Operation, OperationError};

use crate::clock::Timestamp;
use crate::coordinator::Token;
use crate::id::{ChargeId, SwarmId, TaskId};
use crate::money::Money;

/// How far the money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// It is asked for, and may be refused.
    Asked,
    /// The same; it will not be more, and what it was in truth is told later.
    AtMost,
    /// It is gone, and is booked in full.
    Incurred,
    /// It is all that a claim has cost that has ended: what was booked for that is corrected.
    Total,
}

/// A wish to charge a swarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charging {
    /// Its name.
    pub id: ChargeId,
    /// Whom.
    pub swarm: SwarmId,
    /// For what.
    pub operation: Operation,
    /// How much.
    pub cost: Money,
    /// On account of which task.
    pub task: Option<TaskId>,
    /// The token of the claim that pays for it.
    pub token: Option<Token>,
    /// How far the money is.
    pub urgency: Urgency,
}

/// A charge as it was booked; created once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Its name.
    pub id: ChargeId,
    /// Who was charged.
    pub swarm: SwarmId,
    /// For what.
    pub operation: Operation,
    /// How much.
    pub cost: Money,
    /// On account of which task.
    pub task: Option<TaskId>,
    /// The token of the claim that paid for it; none where an older version wrote this for a task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// Whether the money was gone already.
    pub incurred: bool,
    /// Whether it is the most that it may come to, until somebody tells what it was.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub at_most: bool,
    /// For a late report, what was booked before for the claim: `cost` took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Money>,
    /// What the budget had left afterwards; of a swarm without one, those of its task.
    pub left: Money,
    /// When.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

impl Charge {
    /// Whether this is what is wished for, booked before.
    #[must_use]
    pub fn fulfils(&self, charging: &Charging) -> bool {
        let urgency = match (self.corrects, self.incurred, self.at_most) {
            (.., true) => Urgency::AtMost,
            (Some(_), ..) => Urgency::Total,
            (None, true, _) => Urgency::Incurred,
            (None, false, _) => Urgency::Asked,
        };
        self.swarm == charging.swarm
            && self.operation == charging.operation
            && self.cost == charging.cost
            && self.task == charging.task
            && self.token.is_none_or(|token| charging.token == Some(token))
            && urgency == charging.urgency
    }
}
