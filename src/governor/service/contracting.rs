//! Contracts of swarms as the governor sees them: what they offer is offered while they are in force.
//!
//! A fragment of the transaction that puts a contract in force or takes it back, so that no crash comes between.

use std::collections::BTreeSet;

use serde::Serialize;

use super::registration::{Change, Known, Registered, Registration, registered};
use super::{Governor, GovernorError};
use crate::governor::profile::Profile;
use crate::id::{Capability, SwarmId};
use crate::money::{self, Money};
use crate::store::Transaction;

/// A swarm as its contract makes it known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contracted {
    /// What the contract changes of what is known.
    pub change: Change,
    /// All that the swarm offers then.
    pub capabilities: BTreeSet<Capability>,
    /// Those of them that go with the contract; the others were registered by hand.
    pub by_contract: BTreeSet<Capability>,
    /// What it offered before and does not offer any more.
    pub withdrawn: BTreeSet<Capability>,
    /// What an hour of it costs, in dollars.
    #[serde(with = "money::dollars")]
    pub cost_per_hour: Money,
    /// What it may spend, in dollars.
    #[serde(with = "money::dollars")]
    pub budget: Money,
}

impl Governor {
    /// Offers what a contract says, beside what was registered by hand. What a person set (cost, budget, model), reputation
    /// and breaker stay; a swarm that nobody knows costs nothing and gets the budget of newcomers. Nothing is written before
    /// the transaction is committed; it fails when what was read has changed.
    ///
    /// # Errors
    /// [`GovernorError::TooManyCapabilities`], [`GovernorError::Store`].
    pub async fn contract(
        &self,
        swarm: &SwarmId,
        capabilities: &BTreeSet<Capability>,
        by: &str,
        op: &str,
    ) -> Result<(Contracted, Transaction), GovernorError> {
        let known = self.known(swarm).await?;
        self.known_under(known, swarm, capabilities.clone(), by, op).await
    }

    /// Takes back what is offered by contract alone; nothing for a swarm that is not registered. As [`Governor::contract`].
    ///
    /// # Errors
    /// [`GovernorError::Store`].
    pub async fn end_contract(
        &self,
        swarm: &SwarmId,
        by: &str,
        op: &str,
    ) -> Result<Option<(Contracted, Transaction)>, GovernorError> {
        let known = self.known(swarm).await?;
        if known.profile().is_none() {
            return Ok(None);
        }
        self.known_under(known, swarm, BTreeSet::new(), by, op).await.map(Some)
    }

    async fn known_under(
        &self,
        known: Known,
        swarm: &SwarmId,
        contracted: BTreeSet<Capability>,
        by: &str,
        op: &str,
    ) -> Result<(Contracted, Transaction), GovernorError> {
        let policy = self.policy().await?;
        let registration = Registration {
            swarm: swarm.clone(),
            capabilities: known.profile().map(Profile::by_hand).unwrap_or_default(),
            cost_per_hour: known.profile().map_or(Money::ZERO, |profile| profile.cost_per_hour),
            budget: None,
            period: None,
            model: None,
            by: by.to_owned(),
        };
        let before = known.profile().map(|profile| profile.capabilities.clone()).unwrap_or_default();
        let known = known.contracted(contracted);
        let mut registered = registered(&known, &registration, &policy, self.clock.now())?;
        if registered.change == Change::Unchanged {
            return Ok((Contracted::new(&registered, &before), Transaction::new()));
        }
        op.clone_into(&mut registered.profile.op);
        Ok((Contracted::new(&registered, &before), known.replaced_by(&registered)))
    }
}

impl Contracted {
    fn new(registered: &Registered, before: &BTreeSet<Capability>) -> Self {
        let profile = &registered.profile;
        Self {
            change: registered.change,
            capabilities: profile.capabilities.clone(),
            by_contract: profile.contracted.clone(),
            withdrawn: before - &profile.capabilities,
            cost_per_hour: profile.cost_per_hour,
            budget: registered.budget.cap,
        }
    }
}
