//! The way out for a task: what its contract allows, at the cost of its swarm.

use std::sync::Arc;

use super::{Chassis, ChassisError, Guest, Job, Secrets};
use crate::chassis::Limits;
use crate::chassis::egress::{Secret, SecretName};
use crate::chassis::runtime::Terms;
use crate::chassis::runtime::broker::{Backed, Backing, Broker, Gate, Pass, SystemResolver};
use crate::clock::Clock;
use crate::coordinator::Token;
use crate::coordinator::service::Coordinator;
use crate::governor::service::Charged;
use crate::governor::{Charging, Urgency};
use crate::id::{ChargeId, SwarmId, TaskId};
use crate::money::Money;

/// The money of a swarm, and the secrets of this host.
struct HostBacking {
    coordinator: Coordinator,
    clock: Clock,
    swarm: SwarmId,
    /// The claim that the money was set aside for.
    claim: Option<(TaskId, Token)>,
    secrets: Secrets,
}

impl HostBacking {
    async fn charge(&self, cost: Money, operation: &str) -> Result<(), String> {
        let charging = Charging {
            id: ChargeId::fresh(self.clock.now()),
            swarm: self.swarm.clone(),
            operation: operation.parse().map_err(said)?,
            cost,
            task: self.claim.as_ref().map(|(task, _)| task.clone()),
            urgency: Urgency::Asked,
        };
        let charged = match &self.claim {
            Some((task, token)) => self.coordinator.charge(task, *token, &charging).await.map_err(said)?,
            None => self.coordinator.governor().charge(&charging).await.map_err(said)?,
        };
        match charged {
            // Who has no budget has no cap.
            Charged::Booked(_) | Charged::NoBudget => Ok(()),
            Charged::Refused(refusal) => Err(refusal.to_string()),
        }
    }
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Backing for HostBacking {
    fn pay<'a>(&'a self, cost: Money, operation: &'a str) -> Backed<'a, ()> {
        Box::pin(self.charge(cost, operation))
    }

    fn secret<'a>(&'a self, name: &'a SecretName) -> Backed<'a, Secret> {
        Box::pin(async move { self.secrets.get(name).await.map_err(said) })
    }
}

impl Chassis {
    /// The terms of a task of `guest`: its limits, and the way out if its contract allows one.
    pub(super) fn terms(&self, guest: &Guest, limits: &Limits, job: &Job) -> Result<Terms, ChassisError> {
        let contract = &guest.loaded().contract;
        if contract.egress().is_empty() {
            return Ok(limits.into());
        }
        let pass = Pass {
            swarm: contract.swarm_id().clone(),
            rules: Arc::new(contract.egress().clone()),
            secrets: Arc::new(contract.secrets().clone()),
            calls_per_second: contract.resource_requirements().max_api_calls_per_second.get(),
        };
        let backing = HostBacking {
            coordinator: Coordinator::new(self.store.clone(), self.clock.clone()),
            clock: self.clock.clone(),
            swarm: contract.swarm_id().clone(),
            claim: job.task.clone().zip(job.token),
            secrets: self.secrets.clone(),
        };
        let gate = Gate { broker: self.broker()?, pass, backing: Box::new(backing) };
        Ok(Terms { limits: limits.clone(), egress: Arc::new(gate) })
    }

    /// The broker of this process, which is made when it is needed: reading the authorities of the system takes time.
    fn broker(&self) -> Result<Arc<Broker>, ChassisError> {
        if let Some(broker) = self.broker.get() {
            return Ok(Arc::clone(broker));
        }
        let made = Arc::new(Broker::new(Arc::new(SystemResolver))?);
        Ok(Arc::clone(self.broker.get_or_init(|| made)))
    }
}
