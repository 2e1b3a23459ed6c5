//! The floor: one worker for each swarm that this host serves now, as contracts come, change and go.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval};

use super::confined::insist;
use super::{Serving, ServingReport, Wanted};
use crate::chassis::{ChassisError, Digest, Guest, LoadedContract, SandboxError};
use crate::coordinator::WorkError;
use crate::id::SwarmId;
use crate::store::{Entry, Key, Prefix, StoreError, Watch};

/// How often it is tried again to serve who could not be served.
const LOOK_AGAIN: Duration = Duration::from_secs(5);

type Error = WorkError<ChassisError>;

/// Whom a worker served, and how that ended.
type Ended = (SwarmId, Result<(), Error>);

/// Who is served, and who is to be.
pub(super) struct Floor<'a, F> {
    serving: &'a Serving,
    report: F,
    /// The modules of all contracts; some have only a container.
    contracts: BTreeMap<SwarmId, Option<Digest>>,
    /// Guests that are ready before their worker is.
    ready: BTreeMap<SwarmId, Guest>,
    /// Who is being served.
    at_work: BTreeMap<SwarmId, AtWork>,
    /// All workers, also those that are only bringing their tasks to an end.
    workers: JoinSet<Ended>,
    /// What was last complained of about whom.
    complaints: BTreeMap<SwarmId, String>,
}

/// A worker; dropping this tells it to stop.
struct AtWork {
    id: Id,
    _stop: oneshot::Sender<()>,
}

impl<'a, F: Fn(ServingReport) + Clone + Send + 'static> Floor<'a, F> {
    pub(super) fn new(serving: &'a Serving, report: F) -> Self {
        Self {
            serving,
            report,
            contracts: BTreeMap::new(),
            ready: BTreeMap::new(),
            at_work: BTreeMap::new(),
            workers: JoinSet::new(),
            complaints: BTreeMap::new(),
        }
    }

    /// Has a guest ready for the worker that will begin.
    pub(super) fn expect(&mut self, guest: Guest) {
        self.ready.insert(guest.loaded().contract.swarm_id().clone(), guest);
    }

    /// Follows the contracts for as long as the store tells them; why it tells them no more.
    pub(super) async fn follow(&mut self) -> Error {
        let store = self.serving.coordinator.store();
        loop {
            let (entries, revision) =
                match insist(|| async { Ok(store.range(&Prefix::Contracts).await?) }).await {
                    Ok(read) => read,
                    Err(error) => return WorkError::Runner(error),
                };
            self.contracts.clear();
            for entry in &entries {
                self.note(entry, false);
            }
            self.look();
            if self.workers.is_empty() {
                (self.report)(ServingReport::Idle);
            }
            let mut watch = store.watch(&Prefix::Contracts, revision + 1).without_previous();
            match self.keep_up(&mut watch).await {
                StoreError::Compacted { .. } => {}
                error => return error.into(),
            }
        }
    }

    /// Keeps up with what changes, until the watch ends; why.
    async fn keep_up(&mut self, watch: &mut Watch) -> StoreError {
        let mut again = interval(LOOK_AGAIN);
        again.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                batch = watch.next() => match batch {
                    Ok(batch) => batch.events.iter().for_each(|event| self.note(&event.entry, event.deleted)),
                    Err(error) => return error,
                },
                Some(ended) = self.workers.join_next_with_id() => {
                    self.note_end(ended);
                    continue;
                }
                _ = again.tick() => {}
            }
            self.look();
        }
    }

    /// Tells all to stop, and waits until they have.
    pub(super) async fn clear(mut self) {
        self.at_work.clear();
        while let Some(ended) = self.workers.join_next_with_id().await {
            self.note_end(ended);
        }
    }

    fn note(&mut self, entry: &Entry, deleted: bool) {
        let Some(Key::Contract(swarm)) = Key::parse(&entry.key) else { return };
        self.contracts.remove(&swarm);
        self.complaints.remove(&swarm);
        if deleted {
            return;
        }
        match entry.json::<LoadedContract>() {
            Ok(loaded) => drop(self.contracts.insert(swarm, loaded.digest().cloned())),
            Err(error) => tracing::warn!(%error, "a contract is passed over"),
        }
    }

    /// Lets go of who cannot be served any more, and begins with who can.
    fn look(&mut self) {
        for (swarm, error) in self.obstructed(self.at_work.keys()) {
            self.at_work.remove(&swarm);
            self.complaints.remove(&swarm);
            self.complain(swarm, WorkError::Runner(error));
        }
        if let Wanted::Only(swarms) = &self.serving.order.wanted {
            for (swarm, error) in self.obstructed(swarms.iter()) {
                self.complain(swarm, WorkError::Runner(error));
            }
        }
        for swarm in self.served_by_nobody() {
            self.begin(swarm);
        }
    }

    fn served_by_nobody(&self) -> Vec<SwarmId> {
        let wanted = self.contracts.keys().filter(|swarm| self.serving.order.wanted.wants(swarm));
        let idle = wanted.filter(|swarm| !self.at_work.contains_key(*swarm));
        idle.filter(|swarm| self.obstacle(swarm).is_none()).cloned().collect()
    }

    /// Who of these cannot be served, and why.
    fn obstructed<'s>(&self, swarms: impl Iterator<Item = &'s SwarmId>) -> Vec<(SwarmId, ChassisError)> {
        swarms.filter_map(|swarm| Some((swarm.clone(), self.obstacle(swarm)?))).collect()
    }

    /// Why a swarm cannot be served, as far as can be told without compiling anything.
    fn obstacle(&self, swarm: &SwarmId) -> Option<ChassisError> {
        match self.contracts.get(swarm) {
            Some(Some(module)) => self.serving.chassis.locate(swarm, module).err(),
            Some(None) => Some(ChassisError::ContainerOnly { swarm: swarm.clone() }),
            None => Some(ChassisError::NotLoaded { swarm: swarm.clone() }),
        }
    }

    fn begin(&mut self, swarm: SwarmId) {
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async move {
            // It is never sent anything: the sender goes, and that is it.
            let _ = stopped.await;
        };
        let ready = self.ready.remove(&swarm);
        let serve = self.serving.clone().serve(swarm.clone(), ready, stopped, self.report.clone());
        let served = swarm.clone();
        let worker = self.workers.spawn(async move { (served, serve.await) });
        self.at_work.insert(swarm, AtWork { id: worker.id(), _stop: stop });
    }

    fn note_end(&mut self, ended: Result<(Id, Ended), JoinError>) {
        let (id, error) = match ended {
            Ok((id, (swarm, Err(error)))) => (id, Some((swarm, error))),
            Ok((id, (_, Ok(())))) => (id, None),
            Err(panic) => (panic.id(), self.panicked(panic)),
        };
        self.at_work.retain(|_, worker| worker.id != id);
        if let Some((swarm, error)) = error {
            self.complain(swarm, error);
        }
    }

    fn panicked(&self, panic: JoinError) -> Option<(SwarmId, Error)> {
        let (swarm, _) = self.at_work.iter().find(|(_, worker)| worker.id == panic.id())?;
        Some((swarm.clone(), WorkError::Runner(SandboxError::Host(Box::new(panic)).into())))
    }

    /// Reports why a swarm is not served, once for each reason.
    fn complain(&mut self, swarm: SwarmId, error: Error) {
        let said = error.to_string();
        if self.complaints.get(&swarm) != Some(&said) {
            self.complaints.insert(swarm.clone(), said);
            (self.report)(ServingReport::NotServed(swarm, error));
        }
    }
}
