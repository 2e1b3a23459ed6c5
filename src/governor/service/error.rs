//! Why the governor could not do what it was asked.

use super::rails::RailError;
use crate::governor::authorisation::Refusal;
use crate::id::SwarmId;
use crate::money::Money;
use crate::store::StoreError;

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
    /// Others kept writing the same keys.
    #[error("{swarm} was changed by others {attempts} times in a row")]
    Conflict {
        /// Who was to be written.
        swarm: SwarmId,
        /// How often it was tried.
        attempts: u32,
    },
}

impl GovernorError {
    /// Whether the same call may go through later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Conflict { .. } | Self::Rail(RailError::Busy { .. }) => true,
            Self::Refused(_)
            | Self::Rail(_)
            | Self::BudgetTooSmall { .. }
            | Self::TooManyCapabilities { .. } => false,
        }
    }
}
