//! The way out for a task: what its contract allows, at the cost of its swarm.

use std::sync::Arc;

use super::{Chassis, ChassisError, Job, Presented, Secrets};
use crate::chassis::credential::{Grant, Handle};
use crate::chassis::egress::{Method, Secret, SecretName, Target};
use crate::chassis::runtime::Terms;
use crate::chassis::runtime::broker::{Backed, Backing, Broker, Gate, Pass, Resolve, SystemResolver};
use crate::chassis::{Contract, Limits};
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
    credential: Presented,
}

impl HostBacking {
    async fn charge(&self, cost: Money, operation: &str) -> Result<(), String> {
        let charging = Charging {
            id: ChargeId::fresh(self.clock.now()),
            swarm: self.swarm.clone(),
            operation: operation.parse().map_err(said)?,
            cost,
            task: self.claim.as_ref().map(|(task, _)| task.clone()),
            token: self.claim.as_ref().map(|(_, token)| *token),
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

/// An error and what caused it, in one line.
fn said(error: impl std::error::Error) -> String {
    let (mut text, mut cause) = (error.to_string(), error.source());
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

impl Backing for HostBacking {
    fn permit(&self, method: Method, target: &Target) -> Result<(), String> {
        let credential = self.credential.current().map_err(said)?;
        credential.admits(method, target, self.clock.now()).map_err(said)
    }

    fn pay<'a>(&'a self, cost: Money, operation: &'a str) -> Backed<'a, ()> {
        Box::pin(self.charge(cost, operation))
    }

    fn secret<'a>(&'a self, name: &'a SecretName) -> Backed<'a, Secret> {
        Box::pin(async move {
            self.credential.current().and_then(|credential| credential.covers(name)).map_err(said)?;
            self.secrets.get(name).await.map_err(said)
        })
    }
}

/// What a task may do, and with what.
pub(super) struct Permit {
    pub(super) terms: Terms,
    /// What it is let out by; none when nothing leaves.
    pub(super) handle: Option<Handle>,
    /// The lease of what it was issued for itself: it ends with the task.
    pub(super) lease: Option<i64>,
}

impl Chassis {
    /// The terms of a task under `contract`: its limits, and the way out if the contract allows one. What it shows no
    /// credential for is issued one, with which it may do all that its contract allows, for as long as it may last, unless it is
    /// narrowed.
    pub(super) async fn permit(
        &self,
        contract: &Contract,
        limits: Limits,
        job: &Job,
    ) -> Result<Permit, ChassisError> {
        let (swarm, task) = (contract.swarm_id(), job.task.as_ref());
        let (handle, lease) = match &job.credential {
            Some(handle) => (handle.clone(), None),
            None if contract.egress().is_empty() && job.narrowing.is_none() => {
                return Ok(Permit { terms: (&limits).into(), handle: None, lease: None });
            }
            None => {
                let grant = Grant::of_task(swarm, task, limits.execution_time).narrowed(&job.narrowing);
                let issued = self.issue(grant).await?;
                (issued.handle, Some(issued.lease))
            }
        };
        let presented = self.present(&handle, swarm, task).await?;
        let left = presented.expires_at.since(self.clock.now());
        let limits = Limits { execution_time: limits.execution_time.min(left), ..limits };
        let terms = self.let_out(contract, limits, job, presented)?;
        Ok(Permit { terms, handle: Some(handle), lease })
    }

    fn let_out(
        &self,
        contract: &Contract,
        limits: Limits,
        job: &Job,
        credential: Presented,
    ) -> Result<Terms, ChassisError> {
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
            credential,
        };
        let gate = Gate { broker: self.broker()?, pass, backing: Box::new(backing) };
        Ok(Terms { limits, egress: Arc::new(gate) })
    }

    /// The broker of this process, which is made when it is needed: reading the authorities of the system takes time.
    fn broker(&self) -> Result<Arc<Broker>, ChassisError> {
        if let Some(broker) = self.broker.get() {
            return Ok(Arc::clone(broker));
        }
        let resolver: Arc<dyn Resolve> = Arc::new(SystemResolver);
        let made = Arc::new(Broker::new(&resolver)?.counted_by(Arc::new(self.shares.clone())));
        Ok(Arc::clone(self.broker.get_or_init(|| made)))
    }
}
