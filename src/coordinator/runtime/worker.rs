//! The worker: turns whatever runs tasks into a member of a swarm.
//!
//! Tasks come pushed by the dispatcher, or are claimed in a race with everybody else. A [`Runner`] carries them out. The
//! one signal that a task is lost is that its hold is gone, whatever the cause.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use futures::FutureExt;
use futures::future::FusedFuture;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::backoff::Backoff;
use super::runner::{Assigned, Ending, Runner, Stop, Stopper, Stops};
use super::session::{Connected, Received, Terms, legible, written};
use crate::clock::Clock;
use crate::coordinator::service::{Claim, ClaimOutcome, Coordinator, CoordinatorError, Failing};
use crate::coordinator::task::{TaskError, TaskRecord};
use crate::coordinator::token::Token;
use crate::id::{ClaimId, TaskId, UNCLAIMED};
use crate::money::Money;
use crate::store::{Batch, Entry, Key, Precondition, Prefix, StoreError, Transaction, Watch};

/// How long a worker waits before it asks an unreachable store again.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a worker that ends tries to report what has ended before it.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// How often a worker that claims for itself asks again for what it was refused, for a budget may have grown.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// How a worker comes by its tasks.
#[derive(Debug, Clone)]
pub struct WorkOrder {
    /// How it is connected.
    pub terms: Terms,
    /// Claim for itself instead of being assigned.
    pub pull: bool,
    /// End after the first task.
    pub once: bool,
    /// How long work may go on after it was told to stop.
    pub grace: Duration,
}

/// Why a worker ends although nobody told it to.
#[derive(Debug, thiserror::Error)]
pub enum WorkError<E> {
    /// The coordinator did not do its part.
    #[error(transparent)]
    Coordinator(#[from] CoordinatorError),
    /// Its runner can run no task any more.
    #[error(transparent)]
    Runner(E),
}

impl<E> From<StoreError> for WorkError<E> {
    fn from(error: StoreError) -> Self {
        Self::Coordinator(error.into())
    }
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
pub struct Worker<R> {
    coordinator: Coordinator,
    clock: Clock,
    order: WorkOrder,
    runner: R,
}

impl<R: Runner> Worker<R> {
    /// A worker that has `runner` carry out what it gets.
    #[must_use]
    pub fn new(coordinator: Coordinator, clock: Clock, order: WorkOrder, runner: R) -> Self {
        Self { coordinator, clock, order, runner }
    }

    /// Works until told to stop, or until the first task has ended. Connects anew when the connection is lost.
    ///
    /// # Errors
    /// When the store refuses, or the runner can go on no more; waits as long as the store is unreachable.
    pub async fn run(
        &self,
        stop: impl Future<Output = ()>,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<(), WorkError<R::Error>> {
        let mut stop = std::pin::pin!(stop);
        let mut backoff = Backoff::new();
        loop {
            match self.stint(stop.as_mut(), report.clone()).await {
                Ok(Ended::Over) => return Ok(()),
                Ok(Ended::Disconnected)
                | Err(WorkError::Coordinator(CoordinatorError::Store(StoreError::LeaseLost))) => {
                    tracing::warn!("the session was lost: connecting anew");
                    backoff = Backoff::new();
                }
                Err(WorkError::Coordinator(error)) if error.is_retryable() => {
                    tracing::warn!(%error, "connecting anew");
                }
                Err(error) => return Err(error),
            }
            tokio::select! {
                () = &mut stop => return Ok(()),
                () = backoff.wait() => {}
            }
        }
    }

    /// One connection's work.
    async fn stint(
        &self,
        stop: impl Future<Output = ()>,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<Ended, WorkError<R::Error>> {
        let connected = Connected::open(&self.coordinator, &self.clock, &self.order.terms).await?;
        report(Report::Connected { session: connected.id.to_string() });
        let (halt, _) = watch::channel(None);
        let (leave, leaving) = watch::channel(false);
        let (unable, mut first_unable) = mpsc::channel(1);
        let running = JoinSet::new();
        let mut stint = Stint { worker: self, connected: &connected, running, halt, leaving, unable, report };
        let (ended, lost) = {
            let mut work = std::pin::pin!(stint.work().fuse());
            let ended = tokio::select! {
                ended = &mut work => ended.map(|()| Ended::Over).map_err(WorkError::from),
                () = connected.lost() => Ok(Ended::Disconnected),
                Some(error) = first_unable.recv() => Err(WorkError::Runner(error)),
                () = stop => Ok(Ended::Over),
            };
            let lost = is_lost(&ended);
            leave.send_replace(true);
            if !lost && !work.is_terminated() {
                // What it is just taking up it takes up first: held by nobody who works on it, it would count as lost.
                let _ = tokio::time::timeout(LAST_WORDS, work).await;
            }
            (ended, lost)
        };
        if lost {
            stint.halt(Stop::Disconnected).await;
        } else {
            // What it gives back now is not for itself.
            connected.say_goodbye().await;
            stint.halt(Stop::WorkerEnds).await;
        }
        connected.close().await;
        ended
    }
}

/// How a connection's work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ended {
    /// There is nothing more to do.
    Over,
    /// The session is gone, and its holds with it.
    Disconnected,
}

/// Whether the session is gone, and its holds with it.
fn is_lost<E>(ended: &Result<Ended, WorkError<E>>) -> bool {
    match ended {
        Ok(Ended::Disconnected)
        | Err(WorkError::Coordinator(CoordinatorError::Store(StoreError::LeaseLost))) => true,
        Ok(Ended::Over) | Err(WorkError::Coordinator(_) | WorkError::Runner(_)) => false,
    }
}

/// A worker between connecting and losing the connection.
struct Stint<'a, R: Runner, F> {
    worker: &'a Worker<R>,
    connected: &'a Connected,
    running: JoinSet<()>,
    halt: watch::Sender<Option<Stop>>,
    /// Whether to take up nothing more.
    leaving: watch::Receiver<bool>,
    /// Tells that the runner can go on no more.
    unable: mpsc::Sender<R::Error>,
    report: F,
}

impl<R: Runner, F: Fn(Report) + Clone + Send + 'static> Stint<'_, R, F> {
    async fn work(&mut self) -> Result<(), CoordinatorError> {
        loop {
            let ended = if self.worker.order.pull { self.pull().await } else { self.be_pushed().await };
            match ended {
                // The history was compacted while the connection was away: look at everything anew.
                Err(CoordinatorError::Store(StoreError::Compacted { .. })) => {}
                ended => return ended,
            }
        }
    }

    /// Stops what still runs, and waits until it has.
    async fn halt(&mut self, stop: Stop) {
        self.halt.send_replace(Some(stop));
        let ended = async { while self.running.join_next().await.is_some() {} };
        if tokio::time::timeout(self.worker.order.grace + LAST_WORDS, ended).await.is_err() {
            // What could not be reported is returned with the lease.
            self.running.shutdown().await;
        }
    }

    async fn be_pushed(&mut self) -> Result<(), CoordinatorError> {
        let (waiting, mut inbox) = insist(|| async { Ok(self.connected.inbox().await?) }).await?;
        for entry in waiting {
            self.take_up(&entry).await?;
        }
        loop {
            tokio::select! {
                batch = inbox.next() => for entry in written(&batch?) {
                    self.take_up(&entry).await?;
                },
                Some(_) = self.running.join_next() => if self.worker.order.once {
                    return Ok(());
                },
                () = left(&mut self.leaving) => return Ok(()),
            }
        }
    }

    async fn take_up(&mut self, entry: &Entry) -> Result<(), CoordinatorError> {
        let Some(assignment) = legible(entry) else { return Ok(()) };
        if *self.leaving.borrow() || self.worker.order.once && !self.running.is_empty() {
            return Ok(());
        }
        let at = self.connected.now();
        let received = insist(|| self.connected.acknowledge(&assignment, at)).await?;
        if let Some(Received { record, token }) = received {
            self.begin(record, token);
            if self.worker.order.once {
                insist(|| async { Ok(self.connected.withdraw().await?) }).await?;
            }
        }
        Ok(())
    }

    async fn pull(&mut self) -> Result<(), CoordinatorError> {
        loop {
            let store = self.worker.coordinator.store();
            let owners =
                || async { Ok(store.range_where(&Prefix::Tasks, |key| matches!(key, Key::Owner(_))).await?) };
            let (owners, revision) = insist(owners).await?;
            let mut watch = store.watch(&Prefix::Tasks, revision + 1);
            let mut free: VecDeque<TaskId> = owners.iter().filter_map(unclaimed).collect();
            if self.race(&mut free, &mut watch).await? {
                return Ok(());
            }
        }
    }

    /// Claims what is free as long as there are slots, until it is time to ask again for what was refused;
    /// true when there is nothing more to do.
    async fn race(
        &mut self,
        free: &mut VecDeque<TaskId>,
        watch: &mut Watch,
    ) -> Result<bool, CoordinatorError> {
        let slots = usize::try_from(self.worker.order.terms.slots).unwrap_or(usize::MAX);
        let ask_again = tokio::time::sleep(ASK_AGAIN);
        let mut ask_again = std::pin::pin!(ask_again);
        loop {
            while self.running.len() < slots
                && !*self.leaving.borrow()
                && let Some(task) = free.pop_front()
            {
                self.claim(task).await?;
            }
            tokio::select! {
                batch = watch.next() => note_free(free, &batch?),
                Some(_) = self.running.join_next() => if self.worker.order.once {
                    return Ok(true);
                },
                () = &mut ask_again => return Ok(false),
                () = left(&mut self.leaving) => return Ok(true),
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
        match insist(|| self.worker.coordinator.claim(&claim)).await {
            Ok(ClaimOutcome::Won { token, record }) => self.begin(*record, token),
            Ok(_) => {}
            // One task that nobody can read keeps nobody from the others.
            Err(CoordinatorError::Store(error @ StoreError::Malformed { .. })) => {
                tracing::warn!(%error, task = %claim.task, "the task is passed over");
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn begin(&mut self, record: TaskRecord, token: Token) {
        let (worker, report) = (self.worker.clone(), self.report.clone());
        let (halt, unable) = (self.halt.subscribe(), self.unable.clone());
        report(Report::Began { task: record.id.clone(), token });
        self.running.spawn(async move {
            let task = record.id.clone();
            let how = match worker.carry_out(record, token, halt, &unable).await {
                Ok(how) => how,
                Err(error) => worker.give_up(&task, token, &error).await,
            };
            report(Report::Ended { task, how });
        });
    }
}

impl<R: Runner> Worker<R> {
    /// Has one task carried out and reports what came of it; how it ended, in words.
    async fn carry_out(
        &self,
        record: TaskRecord,
        token: Token,
        halt: watch::Receiver<Option<Stop>>,
        unable: &mpsc::Sender<R::Error>,
    ) -> Result<String, CoordinatorError> {
        let task = record.id.clone();
        let (payload, help) = insist(|| self.coordinator.input(&record)).await?;
        let payload = payload.as_ref().map(Entry::text);
        let assigned = Assigned { record, token, payload, help, grace: self.order.grace };
        let (stopper, stops) = Stops::new();
        let ended = tokio::select! {
            ended = self.runner.run(assigned, stops) => ended,
            never = self.pass_on_stops(&task, token, halt.clone(), &stopper) => match never {},
        };
        match (ended, stopper.said()) {
            (Ok(Ending::Done { result, cost }), _) => self.complete(&task, token, result, cost).await,
            (Ok(Ending::Failed { error, cost }), _) => self.fail(&task, token, error, cost).await,
            (Ok(Ending::Stopped { .. }), Some(Stop::HoldLost)) => Ok("stopped: the hold is gone".to_owned()),
            (Ok(Ending::Stopped { cost }), _) => Ok(self.hand_back(&task, token, "stopped", cost).await),
            (Err(error), _) => {
                // One task that it cannot run is enough to know that it can run none.
                let _ = unable.try_send(error);
                // Given back before the worker has left, it would come again.
                halted(halt).await;
                Ok(self.hand_back(&task, token, "not started", None).await)
            }
        }
    }

    /// Tells the runner when the worker ends and when the hold is gone, for as long as it runs.
    async fn pass_on_stops(
        &self,
        task: &TaskId,
        token: Token,
        halt: watch::Receiver<Option<Stop>>,
        stopper: &Stopper,
    ) -> Infallible {
        let halting = async { stopper.tell(halted(halt).await) };
        let losing = async {
            self.hold_lost(task, token).await;
            stopper.tell(Stop::HoldLost);
        };
        tokio::join!(halting, losing);
        std::future::pending().await
    }

    /// Gives back a task that this worker cannot go on with; how it ended, in words.
    async fn hand_back(&self, task: &TaskId, token: Token, what: &str, cost: Option<Money>) -> String {
        match self.coordinator.release(task, token, cost.unwrap_or(Money::ZERO)).await {
            Ok(_) => format!("{what} and given back: the worker ends"),
            // Whatever keeps it from that, the end of the lease returns the task.
            Err(error) => format!("{what}: the worker ends; not given back: {error}"),
        }
    }

    /// What cannot be reported as it was is reported as a failure; what cannot be reported at all is let go, so
    /// that the leader returns it. How it ended, in words.
    async fn give_up(&self, task: &TaskId, token: Token, error: &CoordinatorError) -> String {
        let how = format!("lost: {error}");
        if matches!(error, CoordinatorError::Stale { .. }) {
            return how;
        }
        let reported = TaskError { class: "report".to_owned(), message: how.clone(), retryable: false };
        if self.coordinator.fail(task, token, Failing { error: reported, cost: None }).await.is_err() {
            let hold = Key::Hold(task.clone());
            let held = Precondition::created_at(&hold, token.revision);
            let let_go = Transaction::new().when(held).delete(&hold);
            if let Err(error) = self.coordinator.store().commit(let_go).await {
                tracing::error!(%task, %error, "the task stays held until this worker ends");
            }
        }
        how
    }

    async fn complete(
        &self,
        task: &TaskId,
        token: Token,
        result: Vec<u8>,
        cost: Option<Money>,
    ) -> Result<String, CoordinatorError> {
        insist(|| self.coordinator.complete(task, token, result.clone(), cost)).await?;
        Ok("completed".to_owned())
    }

    async fn fail(
        &self,
        task: &TaskId,
        token: Token,
        error: TaskError,
        cost: Option<Money>,
    ) -> Result<String, CoordinatorError> {
        let how = format!("failed: {}", error.message);
        let failing = Failing { error, cost };
        insist(|| self.coordinator.fail(task, token, failing.clone())).await?;
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

/// Waits until the worker is to take up nothing more.
async fn left(leaving: &mut watch::Receiver<bool>) {
    let _ = leaving.wait_for(|leaving| *leaving).await;
}

/// Waits until the worker halts; why.
async fn halted(mut halt: watch::Receiver<Option<Stop>>) -> Stop {
    let told = halt.wait_for(Option::is_some).await;
    told.map_or(None, |told| *told).unwrap_or(Stop::Disconnected)
}

/// Tries again as long as the store is unreachable; whoever waits ends it by losing the session.
pub(super) async fn insist<T, F>(operation: impl Fn() -> F) -> Result<T, CoordinatorError>
where
    F: Future<Output = Result<T, CoordinatorError>>,
{
    Backoff::retry(operation, CoordinatorError::is_retryable).await
}

fn unclaimed(entry: &Entry) -> Option<TaskId> {
    match Key::parse(&entry.key) {
        Some(Key::Owner(task)) if entry.value == UNCLAIMED.as_bytes() => Some(task),
        _ => None,
    }
}

fn note_free(free: &mut VecDeque<TaskId>, batch: &Batch) {
    for event in &batch.events {
        if let Some(task) = unclaimed(&event.entry) {
            free.retain(|known| *known != task);
            free.push_back(task);
        }
    }
}
