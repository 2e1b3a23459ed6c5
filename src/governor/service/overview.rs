//! What people want to see: budgets, swarms.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Governor, GovernorError};
use crate::governor::breaker::{Breaker, BreakerState, TripReason};
use crate::governor::budget::Budget;
use crate::governor::profile::Profile;
use crate::id::SwarmId;
use crate::money::Money;
use crate::store::{Key, Prefix, Scope, StoreError};

/// One budget with its breaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BudgetLine {
    /// Whose.
    pub scope: Scope,
    /// What may be spent.
    pub cap: Money,
    /// What was spent.
    pub spent: Money,
    /// What is set aside.
    pub reserved: Money,
    /// What can still be reserved.
    pub left: Money,
    /// The breaker of the same scope.
    pub breaker: BreakerState,
    /// Why that opened, when it is not closed.
    pub reason: Option<TripReason>,
}

/// One registered swarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SwarmLine {
    /// Who.
    pub swarm: SwarmId,
    /// What it says of itself.
    pub profile: Profile,
    /// Its status word, if it has one.
    pub status: Option<String>,
    /// Its money; no cap without.
    pub budget: Option<BudgetLine>,
}

impl Governor {
    /// All budgets, by scope.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn budgets(&self) -> Result<Vec<BudgetLine>, GovernorError> {
        let budgets: BTreeMap<Scope, Budget> = self.by_scope(&Prefix::Budgets).await?;
        let breakers: BTreeMap<Scope, Breaker> = self.by_scope(&Prefix::Breakers).await?;
        let line = |(scope, budget): (Scope, Budget)| {
            let breaker = breakers.get(&scope).filter(|breaker| breaker.state != BreakerState::Closed);
            BudgetLine {
                scope,
                cap: budget.cap,
                spent: budget.spent,
                reserved: budget.reserved,
                left: budget.left(),
                breaker: breaker.map_or(BreakerState::Closed, |breaker| breaker.state),
                reason: breaker.and_then(|breaker| breaker.reason),
            }
        };
        Ok(budgets.into_iter().map(line).collect())
    }

    /// All registered swarms, by name.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn swarms(&self) -> Result<Vec<SwarmLine>, GovernorError> {
        let (entries, _) = self.store.range(&Prefix::Swarms).await?;
        let mut profiles: BTreeMap<SwarmId, Profile> = BTreeMap::new();
        let mut words: BTreeMap<SwarmId, String> = BTreeMap::new();
        for entry in &entries {
            match Key::parse(&entry.key) {
                Some(Key::Profile(swarm)) => {
                    profiles.insert(swarm, entry.json()?);
                }
                Some(Key::SwarmStatus(swarm)) => {
                    words.insert(swarm, entry.text());
                }
                _ => {}
            }
        }
        let budgets = self.budgets().await?.into_iter();
        let mut budgets: BTreeMap<Scope, _> = budgets.map(|line| (line.scope.clone(), line)).collect();
        let line = |(swarm, profile): (SwarmId, Profile)| SwarmLine {
            status: words.remove(&swarm),
            budget: budgets.remove(&Scope::Swarm(swarm.clone())),
            swarm,
            profile,
        };
        Ok(profiles.into_iter().map(line).collect())
    }

    async fn by_scope<T: DeserializeOwned>(&self, prefix: &Prefix) -> Result<BTreeMap<Scope, T>, StoreError> {
        let (entries, _) = self.store.range(prefix).await?;
        let mut values = BTreeMap::new();
        for entry in &entries {
            if let Some(Key::Budget(scope) | Key::Breaker(scope)) = Key::parse(&entry.key) {
                values.insert(scope, entry.json()?);
            }
        }
        Ok(values)
    }
}
