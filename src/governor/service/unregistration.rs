//! Unregistering a swarm: what it says of itself goes, what it has spent and earned stays.

use std::collections::BTreeSet;

use serde::Serialize;

use super::registration::ATTEMPTS;
use super::{Governor, GovernorError};
use crate::governor::budget::Budget;
use crate::governor::profile::TRIPPED;
use crate::governor::reservation::Reservation;
use crate::id::{Capability, SwarmId, TaskId};
use crate::store::{Entry, Key, Precondition, Prefix, Query, Scope, StoreError, Transaction};

const OP: &str = "governor.unregister";

/// Offers that one transaction takes back, beside what else it writes.
const OFFERS_AT_ONCE: usize = 100;

/// A swarm that is registered no more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unregistered {
    /// Who.
    pub swarm: SwarmId,
    /// What it offered.
    pub capabilities: BTreeSet<Capability>,
    /// The money that stays booked.
    pub budget: Option<Budget>,
    /// The tasks that it has all the same.
    pub tasks: BTreeSet<TaskId>,
    /// How many workers of it are connected all the same.
    pub sessions: usize,
    /// Whether the policy in force declares it, so that the next leader registers it again.
    pub declared: bool,
}

/// A swarm that may go.
struct Departure {
    /// That all of it is as it was read.
    as_read: Transaction,
    budget: Option<Budget>,
    tasks: BTreeSet<TaskId>,
    sessions: usize,
}

impl Governor {
    /// Takes back a swarm's profile, capabilities and offers. Budget, reputation and breaker stay, so that registering again
    /// washes nothing. Reads all offers and all reservations.
    ///
    /// # Errors
    /// [`GovernorError::UnknownSwarm`]; [`GovernorError::Busy`] while it has tasks or connected workers, unless by `force`;
    /// [`GovernorError::Conflict`] when others keep writing the same keys; [`GovernorError::Store`].
    pub async fn unregister(
        &self,
        swarm: &SwarmId,
        force: bool,
        by: &str,
    ) -> Result<Unregistered, GovernorError> {
        let declared = self.policy().await?.capability_registry.contains_key(swarm);
        for _ in 0..ATTEMPTS {
            let Departure { as_read, budget, tasks, sessions } = self.departure(swarm, force).await?;
            let capabilities = self.offers_of(swarm).await?;
            if self.take_back(swarm, &capabilities, budget.as_ref(), &as_read, by).await? {
                let swarm = swarm.clone();
                return Ok(Unregistered { swarm, capabilities, budget, tasks, sessions, declared });
            }
        }
        Err(GovernorError::Conflict { swarm: swarm.clone(), attempts: ATTEMPTS })
    }

    /// Looks whether the swarm may go. Its keys are read before its tasks: a claim that comes after changes the budget, a
    /// worker the sessions.
    async fn departure(&self, swarm: &SwarmId, force: bool) -> Result<Departure, GovernorError> {
        let keys = [
            Key::Profile(swarm.clone()),
            Key::Capabilities(swarm.clone()),
            Key::Budget(Scope::Swarm(swarm.clone())),
        ];
        let workers = Prefix::Sessions(swarm.clone());
        let status = Key::SwarmStatus(swarm.clone());
        let rest = [Query::Family(workers.clone()), Query::One(status.clone())];
        let snapshot =
            self.store.read(keys.clone().map(Query::One).into_iter().chain(rest).collect()).await?;
        if snapshot.one(0).is_none() && snapshot.one(1).is_none() {
            return Err(GovernorError::UnknownSwarm { swarm: swarm.clone() });
        }
        let reserved = self.reservations_of(swarm).await?;
        let tasks: BTreeSet<TaskId> = reserved.into_iter().map(|reserved| reserved.task).collect();
        let sessions = snapshot.all(3).len();
        let mut as_read = Transaction::new();
        for (index, key) in keys.iter().enumerate() {
            let revision = snapshot.one(index).map_or(0, |entry| entry.mod_revision);
            as_read = as_read.when(Precondition::unchanged(key, revision));
        }
        if !force {
            if sessions > 0 || !tasks.is_empty() {
                return Err(GovernorError::Busy { swarm: swarm.clone(), tasks, sessions });
            }
            as_read = as_read.when(Precondition::no_newcomer(&workers, snapshot.revision));
        }
        // The word of a breaker stays with the breaker.
        if snapshot.one(4).is_some_and(|entry| entry.text() != TRIPPED) {
            as_read = as_read.delete(&status);
        }
        let budget = snapshot.one(2).and_then(|entry| entry.json().ok());
        Ok(Departure { as_read, budget, tasks, sessions })
    }

    /// Deletes what the swarm said of itself; false when something has changed meanwhile. More offers than registering writes
    /// are strays of plain clients: they go before.
    async fn take_back(
        &self,
        swarm: &SwarmId,
        capabilities: &BTreeSet<Capability>,
        budget: Option<&Budget>,
        as_read: &Transaction,
        by: &str,
    ) -> Result<bool, GovernorError> {
        let offers: Vec<Key> =
            capabilities.iter().map(|capability| Key::Offer(capability.clone(), swarm.clone())).collect();
        let (strays, offers) = offers.split_at(offers.len().saturating_sub(OFFERS_AT_ONCE));
        let without = |offers: &[Key]| offers.iter().fold(as_read.clone(), Transaction::delete);
        for strays in strays.chunks(OFFERS_AT_ONCE) {
            if !self.store.commit(without(strays)).await?.is_done() {
                return Ok(false);
            }
        }
        let mut transaction =
            without(offers).delete(&Key::Profile(swarm.clone())).delete(&Key::Capabilities(swarm.clone()));
        if let Some(budget) = budget {
            // Written as it was: a claim that was decided before and comes after is decided anew.
            let same = budget.clone().signed(by, OP);
            transaction = transaction.put_json(&Key::Budget(Scope::Swarm(swarm.clone())), &same);
        }
        Ok(self.store.commit(transaction).await?.is_done())
    }

    /// What is set aside for a swarm's tasks: those it holds, and help it was asked for. Reads all reservations.
    pub(super) async fn reservations_of(&self, swarm: &SwarmId) -> Result<Vec<Reservation>, StoreError> {
        let (entries, _) = self.store.range(&Prefix::Reservations).await?;
        let legible = entries.iter().filter_map(|entry: &Entry| entry.json::<Reservation>().ok());
        Ok(legible.filter(|reservation| reservation.swarm == *swarm).collect())
    }

    /// What the index says a swarm offers. Reads all offers.
    async fn offers_of(&self, swarm: &SwarmId) -> Result<BTreeSet<Capability>, StoreError> {
        let (offers, _) = self.store.keys(&Prefix::Offers).await?;
        let capability = |key| match key {
            Key::Offer(capability, offering) if offering == *swarm => Some(capability),
            _ => None,
        };
        Ok(offers.into_iter().filter_map(capability).collect())
    }
}
