//! The worker: turns any executable into a member of a swarm.
//!
//! Tasks come pushed by the dispatcher, or are claimed in a race with everybody else. Each runs in a process of
//! its own. The one signal to stop is that the hold is gone, whatever the cause.

use std::ffi::OsString;
use std::time::Duration;

use tokio::task::JoinSet;

use super::child::{Ending, Order, Running};
use super::session::{Connected, Received, Terms, arrivals};
use crate::clock::Clock;
use crate::coordinator::hold::Assignment;
use crate::coordinator::service::{Claim, ClaimOutcome, Coordinator, CoordinatorError, Failing};
use crate::coordinator::task::{TaskError, TaskRecord};
use crate::coordinator::token::Token;
use crate::id::{ClaimId, TaskId, UNCLAIMED};
use crate::money::Money;
use crate::store::{Batch, Entry, Key, Prefix, StoreError, Versioned, Watch};

/// How long a worker waits before it asks an unreachable store again.
const PAUSE: Duration = Duration::from_millis(500);

/// How often a worker that claims for itself asks again for what it was refused, for a budget may have grown.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// What a worker does with tasks.
#[derive(Debug, Clone)]
pub struct WorkOrder {
    /// How it is connected.
    pub terms: Terms,
    /// The program and its arguments.
    pub command: Vec<OsString>,
    /// Claim for itself instead of being assigned.
    pub pull: bool,
    /// End after the first task.
    pub once: bool,
}

/// What a worker reports while it works.
#[derive(Debug, Clone)]
pub enum Report {
    /// It is connected.
    Connected {
        /// Its name.
        session: String,
    },
    /// It began.
    Began {
        /// The task.
        task: TaskId,
        /// Its token.
        token: Token,
    },
    /// It ended.
    Ended {
        /// The task.
        task: TaskId,
        /// How, in words.
        how: String,
    },
}

/// A worker.
#[derive(Debug, Clone)]
pub struct Worker {
    coordinator: Coordinator,
    clock: Clock,
    order: WorkOrder,
    endpoints: String,
    namespace: String,
}

impl Worker {
    /// A worker that carries out `order`.
    #[must_use]
    pub fn new(coordinator: Coordinator, clock: Clock, order: WorkOrder, namespace: &str) -> Self {
        let endpoints = coordinator.store().endpoints().to_owned();
        Self { coordinator, clock, order, endpoints, namespace: namespace.to_owned() }
    }

    /// Works until told to stop, or until the first task has ended. Connects anew when the connection is lost.
    ///
    /// # Errors
    /// When the store refuses; waits as long as it is unreachable.
    pub async fn run(
        &self,
        stop: impl Future<Output = ()>,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<(), CoordinatorError> {
        let mut stop = std::pin::pin!(stop);
        loop {
            tokio::select! {
                () = &mut stop => return Ok(()),
                ended = self.stint(report.clone()) => match ended {
                    Ok(true) => return Ok(()),
                    Ok(false) => tracing::warn!("the session was lost: connecting anew"),
                    Err(error) if error.is_retryable() => tracing::warn!(%error, "connecting anew"),
                    Err(error) => return Err(error),
                },
            }
            tokio::time::sleep(PAUSE.mul_f64(rand::random_range(0.5..1.5))).await;
        }
    }

    /// One connection's work; true when there is nothing more to do.
    async fn stint(&self, report: impl Fn(Report) + Clone + Send + 'static) -> Result<bool, CoordinatorError> {
        let connected = Connected::open(&self.coordinator, &self.clock, &self.order.terms).await?;
        report(Report::Connected { session: connected.id.to_string() });
        let mut stint = Stint { worker: self, connected: &connected, running: JoinSet::new(), report };
        let ended = tokio::select! {
            ended = stint.work() => ended,
            () = connected.lost() => Ok(false),
        };
        // Dropping the set kills what still runs: its holds are gone, or go with the session.
        drop(stint);
        connected.close().await;
        ended
    }
}

/// A worker between connecting and losing the connection.
struct Stint<'a, R> {
    worker: &'a Worker,
    connected: &'a Connected,
    running: JoinSet<()>,
    report: R,
}

impl<R: Fn(Report) + Clone + Send + 'static> Stint<'_, R> {
    async fn work(&mut self) -> Result<bool, CoordinatorError> {
        if self.worker.order.pull { self.pull().await } else { self.be_pushed().await }
    }

    async fn be_pushed(&mut self) -> Result<bool, CoordinatorError> {
        let (waiting, mut watch) = self.connected.inbox().await?;
        for assignment in waiting {
            self.take_up(&assignment).await?;
        }
        loop {
            tokio::select! {
                batch = watch.next() => for assignment in arrivals(&batch?)? {
                    self.take_up(&assignment).await?;
                },
                Some(_) = self.running.join_next() => if self.worker.order.once {
                    return Ok(true);
                },
            }
        }
    }

    async fn take_up(&mut self, assignment: &Versioned<Assignment>) -> Result<(), CoordinatorError> {
        let at = self.connected.now();
        let received = insist(async || self.connected.acknowledge(assignment, at).await).await?;
        if let Some(Received { record, token }) = received {
            self.begin(record, token);
        }
        Ok(())
    }

    async fn pull(&mut self) -> Result<bool, CoordinatorError> {
        loop {
            let store = self.worker.coordinator.store();
            let is_owner = |key: &Key| matches!(key, Key::Owner(_));
            let (owners, revision) = store.range_where(&Prefix::Tasks, is_owner).await?;
            let mut watch = store.watch(&Prefix::Tasks, revision + 1);
            let mut free: Vec<TaskId> = owners.iter().filter_map(unclaimed).collect();
            match tokio::time::timeout(ASK_AGAIN, self.race(&mut free, &mut watch)).await {
                Err(_) | Ok(Err(CoordinatorError::Store(StoreError::Compacted { .. }))) => {}
                Ok(ended) => return ended,
            }
        }
    }

    /// Claims what is free, as long as there are slots; what was refused is tried again when it comes up again.
    async fn race(&mut self, free: &mut Vec<TaskId>, watch: &mut Watch) -> Result<bool, CoordinatorError> {
        let slots = usize::try_from(self.worker.order.terms.slots).unwrap_or(usize::MAX);
        loop {
            while self.running.len() < slots
                && let Some(task) = free.pop()
            {
                self.claim(task).await?;
            }
            tokio::select! {
                batch = watch.next() => note_free(free, &batch?),
                Some(_) = self.running.join_next() => if self.worker.order.once {
                    return Ok(true);
                },
            }
        }
    }

    async fn claim(&mut self, task: TaskId) -> Result<(), CoordinatorError> {
        let claim = Claim {
            task,
            swarm: self.connected.swarm.clone(),
            claim_id: ClaimId::fresh(self.connected.now()),
            lease: self.connected.lease(),
            session: Some(self.connected.id.clone()),
            pushed: false,
        };
        let claimed = insist(async || self.worker.coordinator.claim(&claim).await).await?;
        if let ClaimOutcome::Won { token, record } = claimed {
            self.begin(*record, token);
        }
        Ok(())
    }

    fn begin(&mut self, record: TaskRecord, token: Token) {
        let (worker, report) = (self.worker.clone(), self.report.clone());
        report(Report::Began { task: record.id.clone(), token });
        self.running.spawn(async move {
            let task = record.id.clone();
            let how = worker.carry_out(record, token).await.unwrap_or_else(|error| format!("lost: {error}"));
            report(Report::Ended { task, how });
        });
    }
}

impl Worker {
    /// Runs the executable for one task and reports what came of it; how it ended, in words.
    async fn carry_out(&self, record: TaskRecord, token: Token) -> Result<String, CoordinatorError> {
        let (payload, help) = insist(async || self.coordinator.input(&record).await).await?;
        let order = Order {
            command: &self.order.command,
            record: &record,
            token,
            endpoints: &self.endpoints,
            namespace: &self.namespace,
            payload: payload.as_ref().map(Entry::text),
            help,
        };
        let ending = match Running::start(&order) {
            Ok((mut running, feed)) => {
                let fed = tokio::spawn(feed);
                let ended = tokio::select! {
                    ended = running.finish() => Some(ended),
                    () = self.hold_lost(&record.id, token) => None,
                };
                fed.abort();
                match ended {
                    Some(ended) => ended,
                    None => {
                        running.stop().await;
                        return Ok("stopped: the hold is gone".to_owned());
                    }
                }
            }
            Err(error) => Err(error),
        };
        self.settle(&record.id, token, ending).await
    }

    async fn settle(
        &self,
        task: &TaskId,
        token: Token,
        ending: std::io::Result<Ending>,
    ) -> Result<String, CoordinatorError> {
        let (error, cost) = match ending {
            Ok(Ending::Done { result, cost }) => {
                insist(async || self.coordinator.complete(task, token, result.clone(), cost).await).await?;
                return Ok("completed".to_owned());
            }
            Ok(Ending::Failed { error, cost }) => (error, cost),
            Err(error) => {
                let message = format!("the command could not be run: {error}");
                (TaskError { class: "spawn".to_owned(), message, retryable: true }, Some(Money::ZERO))
            }
        };
        let how = format!("failed: {}", error.message);
        let failing = Failing { error, cost };
        insist(async || self.coordinator.fail(task, token, &failing).await).await?;
        Ok(how)
    }

    /// Waits until the hold that `token` proves is gone.
    async fn hold_lost(&self, task: &TaskId, token: Token) {
        let key = Key::Hold(task.clone());
        let store = self.coordinator.store();
        let mut from = token.revision + 1;
        loop {
            let mut watch = store.watch_key(&key, from);
            loop {
                match watch.next().await {
                    Ok(batch) if batch.events.iter().any(|event| event.deleted) => return,
                    Ok(_) => {}
                    Err(StoreError::Compacted { oldest }) => {
                        from = oldest;
                        break;
                    }
                    Err(error) => {
                        tracing::warn!(%error, "the hold cannot be watched");
                        tokio::time::sleep(PAUSE).await;
                        break;
                    }
                }
            }
            match store.get(&key).await {
                Ok(Some(entry)) if entry.create_revision == token.revision => {}
                Ok(_) => return,
                Err(error) => tracing::warn!(%error, "the hold cannot be read"),
            }
        }
    }
}

/// Tries again as long as the store is unreachable; whoever waits ends it by losing the session.
async fn insist<T>(
    operation: impl AsyncFn() -> Result<T, CoordinatorError>,
) -> Result<T, CoordinatorError> {
    loop {
        match operation().await {
            Err(error) if error.is_retryable() => {
                tracing::warn!(%error, "trying again");
                tokio::time::sleep(PAUSE.mul_f64(rand::random_range(0.5..1.5))).await;
            }
            ended => return ended,
        }
    }
}

fn unclaimed(entry: &Entry) -> Option<TaskId> {
    match Key::parse(&entry.key) {
        Some(Key::Owner(task)) if entry.value == UNCLAIMED.as_bytes() => Some(task),
        _ => None,
    }
}

fn note_free(free: &mut Vec<TaskId>, batch: &Batch) {
    for event in &batch.events {
        if let Some(task) = unclaimed(&event.entry) {
            free.retain(|known| *known != task);
            free.push(task);
        }
    }
}
