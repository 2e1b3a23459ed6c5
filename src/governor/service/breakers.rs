//! Breakers as people want to see them.

use std::collections::BTreeMap;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Governor, GovernorError};
use crate::clock::Timestamp;
use crate::governor::breaker::{Breaker, BreakerState, TripReason};
use crate::governor::budget::Budget;
use crate::governor::decision::Decision;
use crate::id::TaskId;
use crate::money::Money;
use crate::store::{Entry, Key, Prefix, Query, Scope, Snapshot, StoreError};

/// One breaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BreakerLine {
    /// Whose.
    pub scope: Scope,
    /// Whether work passes.
    pub state: BreakerState,
    /// Why it opened, when it is not closed.
    pub reason: Option<TripReason>,
    /// Since when; none for one that never opened.
    pub since: Option<Timestamp>,
    /// When a trial is due; none when only a person closes it, or one is under way.
    pub trial_due: Option<Timestamp>,
    /// The trial under way.
    pub trial: Option<TrialLine>,
    /// Failures in a row.
    pub failures: u32,
    /// How many trials have failed since it opened.
    pub failed_trials: u32,
    /// How often it has opened, ever.
    pub trips: u32,
    /// Who opened it by hand, and why.
    pub opened_by: Option<Decision>,
    /// Who had it closed last, and why.
    pub approval: Option<Decision>,
    /// The money of the same scope.
    pub budget: Option<Funds>,
    /// Its key, when nobody can read it: then it lets no work pass.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub illegible: Option<String>,
    /// The revision that wrote it; 0 when it was never written.
    #[serde(skip)]
    pub revision: i64,
}

/// A trial under way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrialLine {
    /// The task that is the trial of a swarm; none for a provider's.
    #[serde(default)]
    pub task: Option<TaskId>,
    /// Since when.
    pub at: Timestamp,
    /// Whose trial it is.
    pub by: String,
}

/// Money at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Funds {
    /// What may be spent.
    pub cap: Money,
    /// What was spent.
    pub spent: Money,
    /// What is set aside.
    pub reserved: Money,
}

impl BreakerLine {
    fn new(
        scope: Scope,
        breaker: Option<(Breaker, i64)>,
        trial: Option<TrialLine>,
        budget: Option<Budget>,
        now: Timestamp,
    ) -> Self {
        // A period that is over has ended for everybody, before the leader has written that down.
        let is_over = budget.as_ref().is_some_and(|budget| budget.is_over(now));
        let renewed = |breaker: Breaker| breaker.renewed(now).filter(|_| is_over).unwrap_or(breaker);
        let breaker = breaker.map(|(breaker, revision)| (renewed(breaker), revision));
        let budget = budget.map(|budget| budget.at(now));
        let budget =
            budget.map(|budget| Funds { cap: budget.cap, spent: budget.spent, reserved: budget.reserved });
        let (breaker, revision) = breaker.unzip();
        let since = breaker.as_ref().map(|breaker| breaker.since);
        let breaker = breaker.unwrap_or_else(|| Breaker::closed(Timestamp::from_micros(0)));
        let is_closed = breaker.state == BreakerState::Closed;
        let trial = trial.filter(|_| breaker.state == BreakerState::HalfOpen);
        Self {
            scope,
            state: breaker.state,
            reason: breaker.reason.filter(|_| !is_closed),
            since,
            trial_due: breaker.open_until.filter(|_| trial.is_none()),
            trial,
            failures: breaker.failures,
            failed_trials: breaker.failed_probes,
            trips: breaker.trips,
            opened_by: breaker.decision.filter(|_| !is_closed),
            approval: breaker.approval,
            budget,
            illegible: None,
            revision: revision.unwrap_or(0),
        }
    }

    /// A breaker that nobody can read.
    fn illegible(scope: Scope, entry: &Entry, now: Timestamp) -> Self {
        let open = Breaker { state: BreakerState::Open, ..Breaker::closed(now) };
        let line = Self::new(scope, Some((open, entry.mod_revision)), None, None, now);
        Self { since: None, illegible: Some(entry.key.clone()), ..line }
    }
}

impl Governor {
    /// The breakers that have ever opened, by scope, and after them those that nobody can read.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn breakers(&self) -> Result<Vec<BreakerLine>, GovernorError> {
        let (breakers, illegible) = self.by_scope_with_revision::<Breaker>(&Prefix::Breakers).await?;
        let (mut trials, _) = self.by_scope_with_revision::<TrialLine>(&Prefix::Probes).await?;
        let (mut budgets, _) = self.by_scope_with_revision::<Budget>(&Prefix::Budgets).await?;
        let opened = breakers
            .into_iter()
            .filter(|(_, (breaker, _))| breaker.trips > 0 || breaker.state != BreakerState::Closed);
        let now = self.clock.now();
        let line = |(scope, breaker): (Scope, (Breaker, i64))| {
            let trial = trials.remove(&scope).map(|(trial, _)| trial);
            let budget = budgets.remove(&scope).map(|(budget, _)| budget);
            BreakerLine::new(scope, Some(breaker), trial, budget, now)
        };
        let illegible =
            illegible.into_iter().map(|(scope, entry)| BreakerLine::illegible(scope, &entry, now));
        Ok(opened.map(line).chain(illegible).collect())
    }

    /// One breaker; closed when it was never written.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn breaker(&self, scope: &Scope) -> Result<BreakerLine, GovernorError> {
        let keys = [Key::Breaker(scope.clone()), Key::Probe(scope.clone()), Key::Budget(scope.clone())];
        let snapshot: Snapshot = self.store.read(keys.map(Query::One).into()).await?;
        let (now, scope) = (self.clock.now(), scope.clone());
        let breaker = match snapshot.one(0).map(|entry| (entry, entry.json::<Breaker>())) {
            Some((entry, Err(_))) => return Ok(BreakerLine::illegible(scope, entry, now)),
            Some((entry, Ok(breaker))) => Some((breaker, entry.mod_revision)),
            None => None,
        };
        let trial = snapshot.one(1).and_then(|entry| entry.json().ok());
        let budget = snapshot.one(2).filter(|_| scope != Scope::Overall).and_then(|entry| entry.json().ok());
        Ok(BreakerLine::new(scope, breaker, trial, budget, now))
    }

    /// The values of a family by scope, with their revisions; and what nobody can read.
    async fn by_scope_with_revision<T: DeserializeOwned>(
        &self,
        prefix: &Prefix,
    ) -> Result<(BTreeMap<Scope, (T, i64)>, Vec<(Scope, Entry)>), StoreError> {
        let (entries, _) = self.store.range(prefix).await?;
        let (mut values, mut illegible) = (BTreeMap::new(), Vec::new());
        for entry in entries {
            let Some(Key::Budget(scope) | Key::Breaker(scope) | Key::Probe(scope)) = Key::parse(&entry.key)
            else {
                continue;
            };
            if scope == Scope::Overall {
                // Its budget is of another kind, and it has no breaker.
                continue;
            }
            match entry.json() {
                Ok(value) => drop(values.insert(scope, (value, entry.mod_revision))),
                Err(_) => illegible.push((scope, entry)),
            }
        }
        Ok((values, illegible))
    }
}
