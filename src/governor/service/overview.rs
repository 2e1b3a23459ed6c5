//! What people want to see: budgets, swarms.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Governor, GovernorError};
use crate::clock::Timestamp;
use crate::governor::breaker::{Breaker, BreakerState, TripReason};
use crate::governor::budget::Budget;
use crate::governor::overall::Overall;
use crate::governor::period::PeriodId;
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
    /// What was spent in the last sixty minutes.
    pub burn_per_hour: Money,
    /// What of the overall budget was handed out to it, of that itself to swarms; none while there is no such budget.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allotted: Option<Money>,
    /// How long what is left lasts at this burn, in seconds; none while nothing is spent.
    pub exhausted_in_seconds: Option<u64>,
    /// The period that `spent` counts for; none when it never begins anew.
    pub period: Option<PeriodId>,
    /// The breaker of the same scope.
    pub breaker: BreakerState,
    /// Why that opened, when it is not closed.
    pub reason: Option<TripReason>,
}

/// One budget, or one that nobody can read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum BudgetEntry {
    /// It can be read.
    Legible(BudgetLine),
    /// It cannot.
    Illegible {
        /// Whose.
        scope: Scope,
        /// Its key.
        illegible: String,
    },
}

impl BudgetEntry {
    /// Whose it is.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        match self {
            Self::Legible(line) => &line.scope,
            Self::Illegible { scope, .. } => scope,
        }
    }

    fn legible(self) -> Option<BudgetLine> {
        match self {
            Self::Legible(line) => Some(line),
            Self::Illegible { .. } => None,
        }
    }
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
    /// All budgets, by scope, and after them those that nobody can read.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn budgets(&self) -> Result<Vec<BudgetEntry>, GovernorError> {
        let (budgets, mut illegible) = self.by_scope::<Budget>(&Prefix::Budgets).await?;
        let overall = self.store.get(&Key::Budget(Scope::Overall)).await?;
        let overall = overall.and_then(|entry| {
            let read = entry.json::<Overall>();
            if read.is_err() {
                illegible.push(BudgetEntry::Illegible { scope: Scope::Overall, illegible: entry.key });
            }
            read.ok()
        });
        let (breakers, _) = self.by_scope::<Breaker>(&Prefix::Breakers).await?;
        let now = self.clock.now();
        let shared = overall.as_ref().map(|overall| overall_line(overall, &budgets, now));
        let line = |(scope, stored): (Scope, Budget)| {
            let budget = stored.at(now);
            let reopened = |breaker: &Breaker| stored.is_over(now) && breaker.is_out_of_budget();
            let is_open = |breaker: &Breaker| breaker.state != BreakerState::Closed && !reopened(breaker);
            let breaker = breakers.get(&scope).filter(|breaker| is_open(breaker));
            BudgetLine {
                scope,
                cap: budget.cap,
                spent: budget.spent,
                reserved: budget.reserved,
                left: budget.left(),
                burn_per_hour: budget.burn.per_hour(now),
                allotted: budget.allotment.filter(|_| overall.is_some()).map(|allotment| allotment.amount),
                exhausted_in_seconds: budget.lasts(now).map(|duration| duration.as_secs()),
                period: budget.period,
                breaker: breaker.map_or(BreakerState::Closed, |breaker| breaker.state),
                reason: breaker.and_then(|breaker| breaker.reason),
            }
        };
        let legible = shared.into_iter().chain(budgets.into_iter().map(line)).map(BudgetEntry::Legible);
        Ok(legible.chain(illegible).collect())
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
        let budgets = self.budgets().await?.into_iter().filter_map(BudgetEntry::legible);
        let mut budgets: BTreeMap<Scope, _> = budgets.map(|line| (line.scope.clone(), line)).collect();
        let line = |(swarm, profile): (SwarmId, Profile)| SwarmLine {
            status: words.remove(&swarm),
            budget: budgets.remove(&Scope::Swarm(swarm.clone())),
            swarm,
            profile,
        };
        Ok(profiles.into_iter().map(line).collect())
    }

    /// The values of a family, and those that nobody can read.
    async fn by_scope<T: DeserializeOwned>(
        &self,
        prefix: &Prefix,
    ) -> Result<(BTreeMap<Scope, T>, Vec<BudgetEntry>), StoreError> {
        let (entries, _) = self.store.range(prefix).await?;
        let (mut values, mut illegible) = (BTreeMap::new(), Vec::new());
        for entry in entries {
            if let Some(Key::Budget(scope) | Key::Breaker(scope)) = Key::parse(&entry.key)
                && scope != Scope::Overall
            {
                match entry.json() {
                    Ok(value) => drop(values.insert(scope, value)),
                    Err(_) => illegible.push(BudgetEntry::Illegible { scope, illegible: entry.key }),
                }
            }
        }
        Ok((values, illegible))
    }
}

/// The overall budget: what its swarms have spent and set aside of it, together.
fn overall_line(overall: &Overall, budgets: &BTreeMap<Scope, Budget>, now: Timestamp) -> BudgetLine {
    let swarms = || budgets.iter().filter(|(scope, _)| matches!(scope, Scope::Swarm(_)));
    let sum =
        |of: &dyn Fn(&Budget) -> Money| swarms().fold(Money::ZERO, |sum, (_, budget)| sum.plus(of(budget)));
    let spent = sum(&|budget| budget.allotment.unwrap_or_default().at(now).spent);
    let reserved = sum(&|budget| budget.reserved);
    let burn = sum(&|budget| budget.burn.per_hour(now));
    let left = overall.cap.minus(spent).minus(reserved);
    let seconds = |left: Money| u64::try_from(i128::from(left.micros()) * 3600 / i128::from(burn.micros()));
    BudgetLine {
        scope: Scope::Overall,
        cap: overall.cap,
        spent,
        reserved,
        left,
        burn_per_hour: burn,
        allotted: Some(overall.cap.minus(overall.unallotted)),
        exhausted_in_seconds: (burn > Money::ZERO).then(|| seconds(left).unwrap_or(u64::MAX)),
        period: overall.period.map(|period| period.at(now)),
        breaker: BreakerState::Closed,
        reason: None,
    }
}
