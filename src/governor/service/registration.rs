//! Registering swarms: who they are, what they can do, what they may spend.

use std::collections::BTreeSet;

use serde::Serialize;

use super::caps::DefaultBudget;
use super::{Governor, GovernorError};
use crate::clock::Timestamp;
use crate::governor::account::Dated;
use crate::governor::breaker::{Breaker, BreakerState};
use crate::governor::budget::Budget;
use crate::governor::period::Renewal;
use crate::governor::policy::Policy;
use crate::governor::profile::{ACTIVE, HEALTH, NEUTRAL_REPUTATION, Profile, TRIPPED};
use crate::id::{Capability, SwarmId};
use crate::money::Money;
use crate::store::{Entry, Key, Precondition, Query, Scope, Snapshot, StoreError, Transaction, Versioned};

/// Registering replaces at most as many offers as it writes, and etcd takes 128 writes in one transaction.
const MAX_CAPABILITIES: usize = 60;

/// How often a registration that others outran is tried again.
pub(super) const ATTEMPTS: u32 = 10;

const OP: &str = "governor.register";

/// A swarm as it wants to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Registration {
    /// Who.
    pub swarm: SwarmId,
    /// What it can do.
    pub capabilities: BTreeSet<Capability>,
    /// What an hour of it costs.
    pub cost_per_hour: Money,
    /// What it may spend; none keeps the budget it has, or gives that of newcomers.
    pub budget: Option<Money>,
    /// How often its budget begins anew; none keeps what was said before.
    pub period: Option<Renewal>,
    /// The model behind it; none keeps what was said before.
    pub model: Option<String>,
    /// Who registers it.
    pub by: String,
}

/// What a registration did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// The swarm is new.
    Created,
    /// The swarm was known and is different now.
    Updated,
    /// Nothing was written.
    Unchanged,
}

impl std::fmt::Display for Change {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
        })
    }
}

/// A swarm as it is known now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Registered {
    /// Who.
    pub swarm: SwarmId,
    /// What the registration did.
    pub change: Change,
    /// What is known of it.
    pub profile: Profile,
    /// Its money.
    pub budget: Budget,
    /// Its breaker, if the new period of its budget closes it.
    #[serde(skip)]
    reopened: Option<Breaker>,
    /// Its status word.
    pub status: String,
}

/// What is in the store of a swarm that registers.
pub(super) struct Known {
    profile: Option<Versioned<Profile>>,
    /// The revision of the profile, also of one that nobody can read.
    profile_revision: i64,
    budget: Option<Versioned<Budget>>,
    breaker: Option<Versioned<Breaker>>,
    capabilities: Option<Entry>,
    status: Option<String>,
    newcomers: Dated<DefaultBudget>,
    /// What the swarm's contract offers.
    contracted: BTreeSet<Capability>,
}

impl Governor {
    /// Registers a swarm, or changes what is known of it. What it has spent, its reputation and its breaker
    /// stay as they are, and so does what its contract offers.
    ///
    /// # Errors
    /// [`GovernorError::BudgetTooSmall`] when the new budget is below what is gone or promised already,
    /// [`GovernorError::Reserved`], [`GovernorError::TooManyCapabilities`], [`GovernorError::Conflict`] when others keep writing the same
    /// keys, [`GovernorError::Store`].
    pub async fn register(&self, registration: Registration) -> Result<Registered, GovernorError> {
        let policy = self.policy().await?;
        self.register_under(&policy, registration).await
    }

    async fn register_under(
        &self,
        policy: &Policy,
        registration: Registration,
    ) -> Result<Registered, GovernorError> {
        registration.check()?;
        for _ in 0..ATTEMPTS {
            let known = self.known(&registration.swarm).await?;
            let registered = registered(&known, &registration, policy, self.clock.now())?;
            if registered.change == Change::Unchanged
                || self.store.commit(known.replaced_by(&registered)).await?.is_done()
            {
                return Ok(registered);
            }
        }
        Err(GovernorError::Conflict { swarm: registration.swarm, attempts: ATTEMPTS })
    }

    pub(super) async fn known(&self, swarm: &SwarmId) -> Result<Known, StoreError> {
        let scope = || Scope::Swarm(swarm.clone());
        let keys = [
            Key::Profile(swarm.clone()),
            Key::Budget(scope()),
            Key::Breaker(scope()),
            Key::Capabilities(swarm.clone()),
            Key::SwarmStatus(swarm.clone()),
            Key::DefaultBudget,
        ];
        let snapshot: Snapshot = self.store.read(keys.map(Query::One).into()).await?;
        // One that nobody can read is written anew.
        let profile: Option<Versioned<Profile>> = snapshot.one(0).and_then(|entry| entry.versioned().ok());
        Ok(Known {
            contracted: profile.as_ref().map(|profile| profile.value.contracted.clone()).unwrap_or_default(),
            profile,
            profile_revision: snapshot.one(0).map_or(0, |entry| entry.mod_revision),
            budget: snapshot.one(1).map(Entry::versioned).transpose()?,
            breaker: snapshot.one(2).map(Entry::versioned).transpose()?,
            capabilities: snapshot.one(3).cloned(),
            status: snapshot.one(4).map(Entry::text),
            newcomers: Self::default_budget_from(snapshot.one(5))?,
        })
    }
}

impl Registration {
    /// Whether one transaction can write it.
    pub(super) fn check(&self) -> Result<(), GovernorError> {
        if self.swarm.is_overall() {
            return Err(GovernorError::Reserved { swarm: self.swarm.clone() });
        }
        check(&self.swarm, &self.capabilities)
    }
}

/// Whether one transaction can write what a swarm offers.
fn check(swarm: &SwarmId, capabilities: &BTreeSet<Capability>) -> Result<(), GovernorError> {
    let (count, limit) = (capabilities.len(), MAX_CAPABILITIES);
    if count > limit {
        return Err(GovernorError::TooManyCapabilities { swarm: swarm.clone(), count, limit });
    }
    Ok(())
}

impl Known {
    /// What is known of the swarm, if it is registered.
    pub(super) fn profile(&self) -> Option<&Profile> {
        self.profile.as_ref().map(|profile| &profile.value)
    }

    /// The same under a contract that offers this.
    pub(super) fn contracted(self, contracted: BTreeSet<Capability>) -> Self {
        Self { contracted, ..self }
    }

    /// Whether it is new to money.
    pub(super) fn has_no_budget(&self) -> bool {
        self.budget.is_none()
    }

    /// Writes what `registered` says, if nothing of what was read has changed.
    pub(super) fn replaced_by(&self, registered: &Registered) -> Transaction {
        let swarm = &registered.swarm;
        let scope = || Scope::Swarm(swarm.clone());
        let profile = Key::Profile(swarm.clone());
        let budget = Key::Budget(scope());
        let mut transaction = Transaction::new()
            .when(Precondition::unchanged(&profile, self.profile_revision))
            .when(Precondition::as_read(&budget, self.budget.as_ref()))
            .when(Precondition::as_read(&Key::Breaker(scope()), self.breaker.as_ref()))
            .put_json(&profile, &registered.profile)
            .put_json(&Key::Capabilities(swarm.clone()), &registered.profile.capabilities)
            .put(&Key::SwarmStatus(swarm.clone()), registered.status.as_str());
        if self.budget.is_none() {
            transaction = transaction.when(self.newcomers.unchanged());
        }
        if self.budget.as_ref().is_none_or(|known| known.value != registered.budget) {
            transaction = transaction.put_json(&budget, &registered.budget);
        }
        if let Some(breaker) = &registered.reopened {
            transaction = transaction.put_json(&Key::Breaker(scope()), breaker);
        }
        let none = BTreeSet::new();
        let old = self.profile.as_ref().map_or(&none, |profile| &profile.value.capabilities);
        // Every offer of today is written, not the new ones only: a profile written by a plain client has none.
        for capability in &registered.profile.capabilities {
            transaction = transaction.put(&Key::Offer(capability.clone(), swarm.clone()), "");
        }
        for capability in old.difference(&registered.profile.capabilities).take(MAX_CAPABILITIES) {
            transaction = transaction.delete(&Key::Offer(capability.clone(), swarm.clone()));
        }
        transaction
    }

    /// The status word after a registration: that of the breaker, else what the leader has found about its health.
    fn status(&self, reopens: bool) -> &str {
        match (&self.breaker, self.status.as_deref()) {
            (Some(breaker), _) if breaker.value.state != BreakerState::Closed && !reopens => TRIPPED,
            (_, Some(word)) if HEALTH.contains(&word) => word,
            _ => ACTIVE,
        }
    }

    /// The breaker that the new period of the budget closes.
    fn reopened(&self, now: Timestamp) -> Option<Breaker> {
        let over = self.budget.as_ref().is_some_and(|budget| budget.value.is_over(now));
        self.breaker.as_ref().filter(|_| over)?.value.renewed(now)
    }

    /// Whether the original design's list of capabilities says the same as the profile.
    fn lists(&self, capabilities: &BTreeSet<Capability>) -> bool {
        let listed = self.capabilities.as_ref().and_then(|entry| entry.json::<BTreeSet<Capability>>().ok());
        listed.as_ref() == Some(capabilities)
    }
}

/// What the swarm is after the registration.
pub(super) fn registered(
    known: &Known,
    registration: &Registration,
    policy: &Policy,
    now: Timestamp,
) -> Result<Registered, GovernorError> {
    let (profile, profile_changed) = profile_after(known, registration, now);
    check(&registration.swarm, &profile.capabilities)?;
    let (budget, budget_changed) = budget_after(known, registration, policy, now)?;
    let reopened =
        known.reopened(now).filter(|_| budget_changed).map(|breaker| breaker.signed(&registration.by, OP));
    let status = known.status(reopened.is_some());
    let rest_changed = known.status.as_deref() != Some(status) || !known.lists(&profile.capabilities);
    let change = match (&known.profile, profile_changed || budget_changed || rest_changed) {
        (None, _) => Change::Created,
        (Some(_), true) => Change::Updated,
        (Some(_), false) => Change::Unchanged,
    };
    let (swarm, status) = (registration.swarm.clone(), status.to_owned());
    Ok(Registered { swarm, change, profile, budget, reopened, status })
}

fn profile_after(known: &Known, registration: &Registration, now: Timestamp) -> (Profile, bool) {
    let before = known.profile.as_ref().map(|profile| &profile.value);
    let model = registration.model.clone().or_else(|| before.and_then(|before| before.model.clone()));
    let profile = Profile {
        capabilities: &registration.capabilities | &known.contracted,
        contracted: &known.contracted - &registration.capabilities,
        cost_per_hour: registration.cost_per_hour,
        reputation: before.map_or(NEUTRAL_REPUTATION, |before| before.reputation),
        model,
        by: registration.by.clone(),
        op: OP.to_owned(),
        updated_at: Some(now),
    };
    match before {
        Some(before)
            if before.capabilities == profile.capabilities
                && before.contracted == profile.contracted
                && before.cost_per_hour == profile.cost_per_hour
                && before.model == profile.model =>
        {
            (before.clone(), false)
        }
        _ => (profile, true),
    }
}

fn budget_after(
    known: &Known,
    registration: &Registration,
    policy: &Policy,
    now: Timestamp,
) -> Result<(Budget, bool), GovernorError> {
    let newcomers = &known.newcomers.value;
    let Some(stored) = known.budget.as_ref().map(|budget| &budget.value) else {
        let cap = registration.budget.or(newcomers.cap).unwrap_or(policy.resources.default_budget);
        let renewal = registration.period.or(newcomers.period.map(Renewal::Every));
        let budget = Budget::with_cap(cap).with_renewal(renewal, now);
        return Ok((budget.signed(&registration.by, OP), true));
    };
    let before = stored.at(now);
    let cap = registration.budget.unwrap_or(before.cap);
    if cap != before.cap && cap < before.committed() {
        let (swarm, committed) = (registration.swarm.clone(), before.committed());
        return Err(GovernorError::BudgetTooSmall { swarm, cap, committed });
    }
    let after = before.with_new_cap(cap).with_renewal(registration.period, now);
    if after == before {
        return Ok((stored.clone(), false));
    }
    Ok((after.signed(&registration.by, OP), true))
}
