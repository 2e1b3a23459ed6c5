//! Why the governor could not do what it was asked.

use std::collections::BTreeSet;

use super::rails::RailError;
use crate::governor::authorisation::Refusal;
use crate::governor::reset::ResetRefusal;
use crate::id::{ChargeId, SwarmId, TaskId};
use crate::money::Money;
use crate::printable::excerpt;
use crate::store::{Scope, StoreError};

/// Why the governor could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum GovernorError {
    /// The store did not answer as asked.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The rules refuse.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// No provider can be named, or its use not be counted.
    #[error(transparent)]
    Rail(#[from] RailError),
    /// The budget would be smaller than what is gone or promised already.
    #[error("a budget of {cap} dollars for {swarm} is below the {committed} that are spent or reserved")]
    BudgetTooSmall {
        /// Whose budget.
        swarm: SwarmId,
        /// The budget asked for.
        cap: Money,
        /// What is spent or reserved.
        committed: Money,
    },
    /// Nothing is known of the swarm.
    #[error("there is no swarm {swarm}")]
    UnknownSwarm {
        /// Who was asked for.
        swarm: SwarmId,
    },
    /// The swarm is at work.
    #[error("{swarm} is at work: {}", work(tasks, *sessions))]
    Busy {
        /// Who.
        swarm: SwarmId,
        /// The tasks it holds or was asked to help with.
        tasks: BTreeSet<TaskId>,
        /// How many of its workers are connected.
        sessions: usize,
    },
    /// A name for a charge that was used for another.
    #[error("{swarm} was charged something else under the name {id}")]
    ChargedOtherwise {
        /// Who.
        swarm: SwarmId,
        /// The name.
        id: ChargeId,
    },
    /// The name means something else.
    #[error("no swarm can be called {swarm}: that is what all swarms together are called")]
    Reserved {
        /// The name.
        swarm: SwarmId,
    },
    /// More capabilities than one transaction can write.
    #[error("{swarm} offers {count} capabilities, at most {limit} are allowed")]
    TooManyCapabilities {
        /// Who.
        swarm: SwarmId,
        /// How many it offers.
        count: usize,
        /// The limit.
        limit: usize,
    },
    /// Nobody was called under this id.
    #[error("there is no escalation {id}")]
    NoEscalation {
        /// The id.
        id: String,
    },
    /// The call is resolved, and stays so.
    #[error("escalation {id} is resolved")]
    Settled {
        /// The id.
        id: String,
    },
    /// Only the leader may do this, and another one leads, or nobody.
    #[error("this coordinator does not lead any more")]
    NotLeading,
    /// The breaker is not reset.
    #[error("{}", not_reset(scope, *refusal))]
    NotReset {
        /// Whose breaker.
        scope: Scope,
        /// Why not.
        refusal: ResetRefusal,
    },
    /// The breaker is not the one that was shown.
    #[error("the circuit breaker of {scope} has changed since it was shown")]
    BreakerChanged {
        /// Whose breaker.
        scope: Scope,
    },
    /// A person has opened the breaker before.
    #[error("the circuit breaker of {scope} was opened before, by {}: {}", excerpt(by), excerpt(reason))]
    OpenByHand {
        /// Whose breaker.
        scope: Scope,
        /// Who opened it.
        by: String,
        /// Why.
        reason: String,
    },
    /// Only swarms have budgets that a reset could raise.
    #[error("{scope} has no budget")]
    NoBudget {
        /// What is no swarm.
        scope: Scope,
    },
    /// Others kept writing the same breaker.
    #[error("the circuit breaker of {scope} was changed by others {attempts} times in a row")]
    BreakerBusy {
        /// Whose breaker.
        scope: Scope,
        /// How often it was tried.
        attempts: u32,
    },
    /// Others kept writing the budget of a task.
    #[error("the budget of task {task} was changed by others {attempts} times in a row")]
    TaskConflict {
        /// Which task.
        task: TaskId,
        /// How often it was tried.
        attempts: u32,
    },
    /// More tasks help than one transaction can write.
    #[error("too many tasks help {task} just now to give it a budget")]
    TooMuchHelp {
        /// Which task.
        task: TaskId,
    },
    /// Others kept drawing on the overall budget.
    #[error("the overall budget was changed by others {attempts} times in a row")]
    OverallConflict {
        /// How often it was tried.
        attempts: u32,
    },
    /// Others kept writing the same keys.
    #[error("{swarm} was changed by others {attempts} times in a row")]
    Conflict {
        /// Who was to be written.
        swarm: SwarmId,
        /// How often it was tried.
        attempts: u32,
    },
}

/// Tasks that are named; of more of them it is said how many they are.
const NAMED: usize = 3;

fn work(tasks: &BTreeSet<TaskId>, sessions: usize) -> String {
    let connected = format!("{sessions} connected");
    let named: Vec<&str> = tasks.iter().take(NAMED).map(TaskId::as_str).collect();
    match tasks.len() {
        0 => connected,
        count if count > NAMED => format!("{}, … ({count} tasks), {connected}", named.join(", ")),
        _ => format!("{}, {connected}", named.join(", ")),
    }
}

fn not_reset(scope: &Scope, refusal: ResetRefusal) -> String {
    match refusal {
        ResetRefusal::Closed => {
            format!("the circuit breaker of {scope} is closed: there is nothing to reset")
        }
        ResetRefusal::Spent { spent, cap } => {
            format!("{scope} has spent {spent} of {cap} dollars: it goes on with a new budget only")
        }
        ResetRefusal::NothingLeft { committed } => {
            format!("{scope} has {committed} dollars spent or reserved: a new budget must be above that")
        }
    }
}

impl GovernorError {
    /// Whether the same call may go through later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Rail(RailError::Busy { .. })
            | Self::Conflict { .. }
            | Self::BreakerBusy { .. }
            | Self::NotLeading
            | Self::OverallConflict { .. }
            | Self::TaskConflict { .. } => true,
            Self::Refused(_)
            | Self::BreakerChanged { .. }
            | Self::BudgetTooSmall { .. }
            | Self::Busy { .. }
            | Self::ChargedOtherwise { .. }
            | Self::NoBudget { .. }
            | Self::Rail(_)
            | Self::NoEscalation { .. }
            | Self::NotReset { .. }
            | Self::OpenByHand { .. }
            | Self::Reserved { .. }
            | Self::Settled { .. }
            | Self::TooManyCapabilities { .. }
            | Self::TooMuchHelp { .. }
            | Self::UnknownSwarm { .. } => false,
        }
    }
}
