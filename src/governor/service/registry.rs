//! The registry of a policy: swarms that are registered as it declares.

use futures::{StreamExt, TryStreamExt, stream};
use serde::Serialize;

use super::registration::{ATTEMPTS, Change, Registered, Registration, registered};
use super::{Governor, GovernorError};
use crate::governor::policy::{Policy, RegistryEntry};
use crate::id::{Capability, SwarmId};
use crate::money::{self, Money};
use crate::store::{Key, Precondition, Transaction};

/// How many swarms are registered at a time.
const SIDE_BY_SIDE: usize = 16;

/// What became, or would become, of one swarm that a policy declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Declared {
    /// Who.
    pub swarm: SwarmId,
    /// What registering it does; nothing when it cannot be registered so.
    pub change: Option<Change>,
    /// What it is declared to be able to do.
    pub capabilities: Vec<Capability>,
    /// What an hour of it is declared to cost, in dollars.
    #[serde(with = "money::dollars")]
    pub cost_per_hour: Money,
    /// What it may spend then, in dollars.
    #[serde(with = "money::dollars::option")]
    pub budget: Option<Money>,
    /// Why it cannot be registered so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// Who registers, and whether it is only asked what would come of it.
#[derive(Debug, Clone, Copy)]
struct Registrar<'a> {
    by: &'a str,
    leader: Option<i64>,
    writes: bool,
}

impl Governor {
    /// Registers what the policy declares, and tells what became of each. A budget is given to newcomers only: what people
    /// have changed since stays changed, and so does what was spent, reputation and breaker. A swarm that cannot be
    /// registered as declared stands in nobody's way. A leader writes only while it leads.
    ///
    /// # Errors
    /// [`GovernorError`] when the store does not answer.
    pub async fn apply_registry(
        &self,
        policy: &Policy,
        by: &str,
        leader: Option<i64>,
    ) -> Result<Vec<Declared>, GovernorError> {
        self.declare(policy, Registrar { by, leader, writes: true }).await
    }

    /// What [`Governor::apply_registry`] would do; nothing is written.
    ///
    /// # Errors
    /// [`GovernorError`] when the store does not answer.
    pub async fn plan_registry(&self, policy: &Policy, by: &str) -> Result<Vec<Declared>, GovernorError> {
        self.declare(policy, Registrar { by, leader: None, writes: false }).await
    }

    async fn declare(
        &self,
        policy: &Policy,
        registrar: Registrar<'_>,
    ) -> Result<Vec<Declared>, GovernorError> {
        let one = |(swarm, entry): (&SwarmId, &RegistryEntry)| {
            let (swarm, entry) = (swarm.clone(), entry.clone());
            async move {
                match self.declare_one(policy, &swarm, &entry, registrar).await {
                    Err(error) if error.is_retryable() => Err(error),
                    outcome => Ok(Declared::new(swarm, &entry, outcome)),
                }
            }
        };
        stream::iter(policy.capability_registry.iter().map(one)).buffered(SIDE_BY_SIDE).try_collect().await
    }

    async fn declare_one(
        &self,
        policy: &Policy,
        swarm: &SwarmId,
        entry: &RegistryEntry,
        registrar: Registrar<'_>,
    ) -> Result<Registered, GovernorError> {
        let mut registration = Registration {
            swarm: swarm.clone(),
            capabilities: entry.capabilities.clone(),
            cost_per_hour: entry.cost_per_hour,
            budget: None,
            period: None,
            model: None,
            by: registrar.by.to_owned(),
        };
        registration.check()?;
        for _ in 0..ATTEMPTS {
            let known = self.known(swarm).await?;
            registration.budget = entry.budget.filter(|_| known.has_no_budget());
            let registered = registered(&known, &registration, policy, self.clock.now())?;
            if !registrar.writes || registered.change == Change::Unchanged {
                return Ok(registered);
            }
            let transaction = known.replaced_by(&registered).and(registrar.fence());
            if self.store.commit(transaction).await?.is_done() {
                return Ok(registered);
            }
        }
        Err(GovernorError::Conflict { swarm: swarm.clone(), attempts: ATTEMPTS })
    }
}

impl Registrar<'_> {
    fn fence(&self) -> Transaction {
        match self.leader {
            Some(leader) => Transaction::new().when(Precondition::created_at(&Key::Leader, leader)),
            None => Transaction::new(),
        }
    }
}

impl Declared {
    fn new(swarm: SwarmId, entry: &RegistryEntry, outcome: Result<Registered, GovernorError>) -> Self {
        let (change, budget, problem) = match outcome {
            Ok(registered) => (Some(registered.change), Some(registered.budget.cap), None),
            Err(error) => (None, None, Some(error.to_string())),
        };
        Self {
            swarm,
            change,
            capabilities: entry.capabilities.iter().cloned().collect(),
            cost_per_hour: entry.cost_per_hour,
            budget,
            problem,
        }
    }
}
