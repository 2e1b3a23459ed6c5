//! Serving: a worker for each of many swarms, whose tasks run in the sandbox of this host.
//!
//! The coordinator's worker takes tasks, keeps them alive and reports them; here is decided whom this host serves, and
//! what a guest's end means for its task. A swarm is served as long as it has a contract and its module is on this host;
//! one that cannot be served keeps none of the others from it.

mod confined;
mod floor;
mod room;
mod threads;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use self::confined::{Confined, Observe, insist};
use self::floor::Floor;
use self::room::Room;
use self::threads::GuestThreads;
use super::credential::Narrowing;
use super::{Chassis, ChassisError, Guest, Job, Observer, SandboxError};
use crate::clock::Clock;
use crate::coordinator::service::Coordinator;
use crate::coordinator::{Report, Terms, WorkError, WorkOrder, Worker};
use crate::id::SwarmId;

/// Whom this host is to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// Every swarm whose code is on this host, also those that are loaded later.
    Everybody,
    /// These, and nobody else.
    Only(BTreeSet<SwarmId>),
}

impl Wanted {
    fn wants(&self, swarm: &SwarmId) -> bool {
        match self {
            Self::Everybody => true,
            Self::Only(swarms) => swarms.contains(swarm),
        }
    }
}

/// How this host serves.
#[derive(Debug, Clone)]
pub struct ServingOrder {
    /// Whom.
    pub wanted: Wanted,
    /// How many tasks of one swarm run at a time.
    pub slots: u32,
    /// How long it may be silent before its tasks go to others.
    pub ttl: Duration,
    /// How long running tasks may go on after it was told to stop.
    pub grace: Duration,
    /// How much memory the contracts of all running tasks together may allow, in MiB; others wait.
    pub max_memory_mb: Option<u32>,
    /// How much less than their contracts allow tasks may do outside.
    pub narrowing: Narrowing,
}

/// What is reported while a host serves.
#[derive(Debug)]
pub enum ServingReport {
    /// There is nobody to be served yet.
    Idle,
    /// What the worker of a swarm does.
    Work(SwarmId, Report),
    /// A swarm cannot be served, or not any more; it will be as soon as it can.
    NotServed(SwarmId, WorkError<ChassisError>),
}

/// Serves swarms in the sandbox of this host.
#[derive(Clone)]
pub struct Serving {
    chassis: Chassis,
    coordinator: Coordinator,
    clock: Clock,
    order: ServingOrder,
    threads: Arc<GuestThreads>,
    room: Room,
    observe: Observe,
}

impl Serving {
    /// Gets ready to serve; `observe` makes who looks on while a task runs.
    ///
    /// # Errors
    /// [`ChassisError::Sandbox`] when the system has no threads for guests.
    pub fn new(
        chassis: Chassis,
        coordinator: Coordinator,
        clock: Clock,
        order: ServingOrder,
        observe: impl Fn(&SwarmId, &Job) -> Observer + Send + Sync + 'static,
    ) -> Result<Self, ChassisError> {
        let threads = GuestThreads::start().map_err(|error| SandboxError::Engine(Box::new(error)))?;
        let (threads, room) = (Arc::new(threads), Room::of(order.max_memory_mb));
        Ok(Self { chassis, coordinator, clock, order, threads, room, observe: Arc::new(observe) })
    }

    /// Serves until told to stop; then lets running tasks end within the grace, and gives back those that do not.
    ///
    /// # Errors
    /// When a swarm that is asked for by its name cannot be served from the beginning, or the store refuses to tell who
    /// has a contract; waits as long as the store is unreachable.
    pub async fn run(
        &self,
        stop: impl Future<Output = ()>,
        report: impl Fn(ServingReport) + Clone + Send + 'static,
    ) -> Result<(), WorkError<ChassisError>> {
        let mut floor = Floor::new(self, report);
        let ended = tokio::select! {
            ended = self.fill(&mut floor) => ended,
            () = stop => Ok(()),
        };
        floor.clear().await;
        self.chassis.give_shares_back().await;
        ended
    }

    async fn fill<F>(&self, floor: &mut Floor<'_, F>) -> Result<(), WorkError<ChassisError>>
    where
        F: Fn(ServingReport) + Clone + Send + 'static,
    {
        if let Wanted::Only(swarms) = &self.order.wanted {
            for swarm in swarms {
                floor.expect(self.prepare(swarm).await?);
            }
        }
        Err(floor.follow().await)
    }

    async fn prepare(&self, swarm: &SwarmId) -> Result<Guest, WorkError<ChassisError>> {
        let guest = insist(|| self.chassis.prepare(swarm)).await.map_err(WorkError::Runner)?;
        self.room.fits(&guest.loaded().contract).map_err(WorkError::Runner)?;
        Ok(guest)
    }

    /// Serves one swarm until told to stop.
    async fn serve(
        self,
        swarm: SwarmId,
        ready: Option<Guest>,
        stop: impl Future<Output = ()>,
        report: impl Fn(ServingReport) + Clone + Send + 'static,
    ) -> Result<(), WorkError<ChassisError>> {
        let mut stop = std::pin::pin!(stop);
        let guest = if let Some(guest) = ready {
            guest
        } else {
            // Before anything is connected: no task is to find out.
            tokio::select! {
                guest = self.prepare(&swarm) => guest?,
                () = &mut stop => return Ok(()),
            }
        };
        let terms =
            Terms { swarm: swarm.clone(), slots: self.order.slots, assignable: true, ttl: self.order.ttl };
        let order = WorkOrder { terms, pull: false, once: false, grace: self.order.grace };
        let narrowing = self.order.narrowing;
        let runner = Confined::new(self.chassis, guest, self.threads, self.room, self.observe, narrowing);
        let worker = Worker::new(self.coordinator, self.clock, order, runner);
        worker.run(stop, move |told| report(ServingReport::Work(swarm.clone(), told))).await
    }
}
