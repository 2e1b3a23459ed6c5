//! The worker: turns any executable into a member of a swarm.
//!
//! Tasks come pushed by the dispatcher, or are claimed in a race with everybody else. Each runs in a process of
//! its own. The one signal to stop is that the hold is gone, whatever the cause.

use std::collections::VecDeque;
use std::io;
use std::time::Duration;

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

use super::backoff::Backoff;
use super::child::{Ending, Order, Running};
use super::parent::Parent;
use super::program::{Program, ProgramError};
use super::session::{Connected, Received, Terms, legible, written};
use crate::clock::Clock;
use crate::coordinator::service::{Claim, ClaimOutcome, Coordinator, CoordinatorError, Failing};
use crate::coordinator::task::{TaskError, TaskRecord};
use crate::coordinator::token::Token;
use crate::id::{ClaimId, TaskId, UNCLAIMED};
use crate::money::Money;
use crate::printable::printable;
use crate::store::{Batch, Entry, Key, Precondition, Prefix, StoreError, Transaction, Watch};

/// How long a worker waits before it asks an unreachable store again.
const PAUSE: Duration = Duration::from_millis(500);

/// How long a worker that ends tries to report what has ended before it.
const LAST_WORDS: Duration = Duration::from_secs(5);

/// How often a worker that claims for itself asks again for what it was refused, for a budget may have grown.
const ASK_AGAIN: Duration = Duration::from_secs(5);

/// What a worker does with tasks.
#[derive(Debug, Clone)]
pub struct WorkOrder {
    /// How it is connected.
    pub terms: Terms,
    /// What it runs for each.
    pub program: Program,
    /// Who its programs are to the store, if the password for that stands in the environment.
    pub user: Option<String>,
    /// Claim for itself instead of being assigned.
    pub pull: bool,
    /// End after the first task.
    pub once: bool,
    /// How long a program may use to end itself after it was told to stop.
    pub grace: Duration,
}

/// Why a worker ends although nobody told it to.
#[derive(Debug, thiserror::Error)]
pub enum WorkError {
    /// The coordinator did not do its part.
    #[error(transparent)]
    Coordinator(#[from] CoordinatorError),
    /// Its program cannot be run.
    #[error(transparent)]
    Program(#[from] ProgramError),
    /// Its program could be run before, and now cannot be started. That is no task's fault.
    #[error("the program {name} cannot be started any more")]
    Unstartable {
        /// The program.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// The system has no thread for it.
    #[error("the thread that starts programs cannot be started")]
    Thread(#[source] io::Error),
}

impl From<StoreError> for WorkError {
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
pub struct Worker {
    coordinator: Coordinator,
    clock: Clock,
    order: WorkOrder,
    endpoints: String,
    namespace: String,
    parent: Parent,
}

impl Worker {
    /// A worker that carries out `order`.
    ///
    /// # Errors
    /// [`WorkError::Thread`] when the system has no thread for it.
    pub fn new(
        coordinator: Coordinator,
        clock: Clock,
        order: WorkOrder,
        namespace: &str,
    ) -> Result<Self, WorkError> {
        let endpoints = coordinator.store().endpoints().to_owned();
        let parent = Parent::start().map_err(WorkError::Thread)?;
        Ok(Self { coordinator, clock, order, endpoints, namespace: namespace.to_owned(), parent })
    }

    /// Works until told to stop, or until the first task has ended. Connects anew when the connection is lost.
    ///
    /// # Errors
    /// When the store refuses, or the program cannot be started; waits as long as the store is unreachable.
    pub async fn run(
        &self,
        stop: impl Future<Output = ()>,
        report: impl Fn(Report) + Clone + Send + 'static,
    ) -> Result<(), WorkError> {
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
    ) -> Result<Ended, WorkError> {
        let connected = Connected::open(&self.coordinator, &self.clock, &self.order.terms).await?;
        report(Report::Connected { session: connected.id.to_string() });
        let (halt, _) = watch::channel(false);
        let (unstartable, mut first_unstartable) = mpsc::channel(1);
        let running = JoinSet::new();
        let mut stint = Stint { worker: self, connected: &connected, running, halt, unstartable, report };
        let ended = tokio::select! {
            ended = stint.work() => ended.map(|()| Ended::Over).map_err(WorkError::from),
            () = connected.lost() => Ok(Ended::Disconnected),
            Some(source) = first_unstartable.recv() => {
                let name = printable(&self.order.program.name().to_string_lossy());
                Err(WorkError::Unstartable { name, source })
            }
            () = stop => Ok(Ended::Over),
        };
        if matches!(ended, Ok(Ended::Over) | Err(WorkError::Unstartable { .. })) {
            // What it gives back now is not for itself.
            connected.say_goodbye().await;
        }
        stint.halt().await;
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

/// A worker between connecting and losing the connection.
struct Stint<'a, R> {
    worker: &'a Worker,
    connected: &'a Connected,
    running: JoinSet<()>,
    halt: watch::Sender<bool>,
    /// Tells that a program could not be started.
    unstartable: mpsc::Sender<io::Error>,
    report: R,
}

impl<R: Fn(Report) + Clone + Send + 'static> Stint<'_, R> {
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
    async fn halt(&mut self) {
        self.halt.send_replace(true);
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
            }
        }
    }

    async fn take_up(&mut self, entry: &Entry) -> Result<(), CoordinatorError> {
        let Some(assignment) = legible(entry) else { return Ok(()) };
        if self.worker.order.once && !self.running.is_empty() {
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
        let (mut halt, unstartable) = (self.halt.subscribe(), self.unstartable.clone());
        report(Report::Began { task: record.id.clone(), token });
        self.running.spawn(async move {
            let task = record.id.clone();
            let halted = async move {
                let _ = halt.wait_for(|halt| *halt).await;
            };
            let how = match worker.carry_out(&record, token, halted, &unstartable).await {
                Ok(how) => how,
                Err(error) => worker.give_up(&task, token, &error).await,
            };
            report(Report::Ended { task, how });
        });
    }
}

/// Why a program is stopped.
enum Stopped {
    HoldLost,
    WorkerEnds,
}

impl Worker {
    /// Runs the executable for one task and reports what came of it; how it ended, in words.
    async fn carry_out(
        &self,
        record: &TaskRecord,
        token: Token,
        halted: impl Future<Output = ()>,
        unstartable: &mpsc::Sender<io::Error>,
    ) -> Result<String, CoordinatorError> {
        let (payload, help) = insist(|| self.coordinator.input(record)).await?;
        let order = Order {
            program: &self.order.program,
            record,
            token,
            endpoints: &self.endpoints,
            certificates: self.coordinator.store().certificates(),
            user: self.order.user.as_deref(),
            namespace: &self.namespace,
            payload: payload.as_ref().map(Entry::text),
            help,
            grace: self.order.grace,
        };
        let (mut running, feed) = match Running::start(&order, &self.parent) {
            Ok(started) => started,
            Err(error) => {
                // One that cannot be started is enough to know that none can.
                let _ = unstartable.try_send(error);
                // Given back before the worker has left, it would come again.
                halted.await;
                return Ok(self.hand_back(&record.id, token, "not started", None).await);
            }
        };
        let fed = tokio::spawn(feed);
        let ended = tokio::select! {
            ended = running.finish() => Ok(ended),
            () = self.hold_lost(&record.id, token) => Err(Stopped::HoldLost),
            () = halted => Err(Stopped::WorkerEnds),
        };
        fed.abort();
        match ended {
            Ok(ending) => self.settle(&record.id, token, ending).await,
            Err(Stopped::HoldLost) => {
                running.stop().await;
                Ok("stopped: the hold is gone".to_owned())
            }
            Err(Stopped::WorkerEnds) => {
                running.stop().await;
                Ok(self.hand_back(&record.id, token, "stopped", running.cost()).await)
            }
        }
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

    async fn settle(
        &self,
        task: &TaskId,
        token: Token,
        ending: std::io::Result<Ending>,
    ) -> Result<String, CoordinatorError> {
        let (error, cost) = match ending {
            Ok(Ending::Done { result, cost }) => {
                insist(|| self.coordinator.complete(task, token, result.clone(), cost)).await?;
                return Ok("completed".to_owned());
            }
            Ok(Ending::Failed { error, cost }) => (error, cost),
            Err(error) => {
                let message = format!("how the program ended is not known: {error}");
                (TaskError { class: "exit".to_owned(), message, retryable: true }, Some(Money::ZERO))
            }
        };
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

/// Tries again as long as the store is unreachable; whoever waits ends it by losing the session.
pub(super) async fn insist<T, F>(operation: impl Fn() -> F) -> Result<T, CoordinatorError>
where
    F: Future<Output = Result<T, CoordinatorError>>,
{
    let mut backoff = Backoff::new();
    loop {
        match operation().await {
            Err(error) if error.is_retryable() => {
                tracing::warn!(%error, "trying again");
                backoff.wait().await;
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

fn note_free(free: &mut VecDeque<TaskId>, batch: &Batch) {
    for event in &batch.events {
        if let Some(task) = unclaimed(&event.entry) {
            free.retain(|known| *known != task);
            free.push_back(task);
        }
    }
}
