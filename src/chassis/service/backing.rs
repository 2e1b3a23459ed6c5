//! The way out for a task: what its contract allows, at the cost of its swarm.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use super::calls::CallBooks;
use super::providers::{Passed, Providers};
use super::{Chassis, ChassisError, Job, Presented, Secrets};
use crate::chassis::calls::CallTally;
use crate::chassis::credential::{Grant, Handle};
use crate::chassis::egress::{Method, Secret, SecretName, Target};
use crate::chassis::runtime::Terms;
use crate::chassis::runtime::broker::{
    Backed, Backing, Broker, Ended, Gate, Pass, Passage, Price, Receipt, Resolve, SystemResolver,
};
use crate::chassis::{Contract, Limits};
use crate::clock::Clock;
use crate::coordinator::Token;
use crate::coordinator::service::Coordinator;
use crate::governor::service::Charged;
use crate::governor::{CallReport, Charging, RateFile, Rates, Urgency};
use crate::id::{ChargeId, ProviderId, RateName, SwarmId, TaskId};
use crate::money::Money;

/// How much longer than a call its trial may last: until somebody was told how it ended.
const AFTERWARDS: Duration = Duration::from_secs(5);

/// The money of a swarm, and the secrets of this host.
struct HostBacking {
    coordinator: Coordinator,
    clock: Clock,
    swarm: SwarmId,
    /// The claim that the money was set aside for.
    claim: Option<(TaskId, Token)>,
    secrets: Secrets,
    credential: Presented,
    providers: Providers,
    books: CallBooks,
    rates: RateFile,
}

impl HostBacking {
    async fn charge(&self, price: Price, operation: &str) -> Result<Receipt, String> {
        let (cost, urgency) = match price {
            Price::Fixed(cost) => (cost, Urgency::Asked),
            Price::AtMost(cost) => (cost, Urgency::AtMost),
        };
        let charging = Charging {
            id: ChargeId::fresh(self.clock.now()),
            swarm: self.swarm.clone(),
            operation: operation.parse().map_err(said)?,
            cost,
            task: self.claim.as_ref().map(|(task, _)| task.clone()),
            token: self.claim.as_ref().map(|(_, token)| *token),
            urgency,
        };
        let charged = match &self.claim {
            Some((task, token)) => self.coordinator.charge(task, *token, &charging).await.map_err(said)?,
            None => self.coordinator.governor().charge(&charging).await.map_err(said)?,
        };
        match charged {
            Charged::Booked(_) => Ok(Receipt(Some(Box::new(charging)))),
            // Who has no budget has no cap.
            Charged::NoBudget => Ok(Receipt::default()),
            Charged::Refused(refusal) => Err(refusal.to_string()),
        }
    }

    async fn amend(&self, charging: &Charging, cost: Money) {
        let amended = match &self.claim {
            Some((task, token)) => {
                self.coordinator.amend_charge(task, *token, charging, cost).await.map_err(said)
            }
            None => self.coordinator.governor().amend_charge(charging, cost).await.map_err(said),
        };
        if let Err(error) = amended {
            let (swarm, booked) = (&self.swarm, charging.cost);
            tracing::warn!(%swarm, %booked, %cost, error, "what a call has cost stays booked as the most that it could");
        }
    }
}

/// A call that may be made, and what is to be told of it.
struct HostPassage<'a> {
    backing: &'a HostBacking,
    provider: &'a ProviderId,
    passed: Passed,
}

impl Passage for HostPassage<'_> {
    fn ended<'a>(self: Box<Self>, ended: Ended) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>>
    where
        Self: 'a,
    {
        Box::pin(async move {
            let Self { backing, provider, passed } = *self;
            let HostBacking { clock, swarm, providers, books, .. } = backing;
            let Ended { failure, wait, bytes_out, bytes_in, took, cost } = ended;
            let bytes = (bytes_out, bytes_in);
            books.add(swarm, provider, CallTally::of_one(failure.is_some(), bytes, took, cost, clock.now()));
            let (provider, swarm) = (provider.clone(), swarm.clone());
            providers.ended(&passed, CallReport { provider, swarm, successes: 0, failure, wait }).await;
        })
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

    fn admit<'a>(
        &'a self,
        provider: &'a ProviderId,
        patience: Duration,
    ) -> Backed<'a, Box<dyn Passage + 'a>> {
        Box::pin(async move {
            let passed = self.providers.admit(provider, &self.swarm, patience + AFTERWARDS).await?;
            Ok(Box::new(HostPassage { backing: self, provider, passed }) as Box<dyn Passage>)
        })
    }

    fn rates(&self, name: &RateName) -> Result<Arc<Rates>, String> {
        let table = self.rates.table().map_err(said)?;
        table.get(name).ok_or_else(|| format!("{} has none of that name", self.rates.path().display()))
    }

    fn pay<'a>(&'a self, price: Price, operation: &'a str) -> Backed<'a, Receipt> {
        Box::pin(self.charge(price, operation))
    }

    fn settle<'a>(
        &'a self,
        receipt: &'a Receipt,
        cost: Money,
    ) -> Pin<Box<dyn Future<Output = ()> + Send + 'a>> {
        Box::pin(async move {
            if let Receipt(Some(charging)) = receipt
                && charging.cost != cost
            {
                self.amend(charging, cost).await;
            }
        })
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
        if !contract.egress().is_empty() {
            self.providers.follow().await?;
        }
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
            providers: self.providers.clone(),
            books: self.books.clone(),
            rates: self.rates.clone(),
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
