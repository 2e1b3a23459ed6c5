//! The record of a swarm: every task that ran, whoever else records at the same time.
//!
//! Tasks of one process that end while a write is under way go into the next one together, so that many tasks cost few
//! writes. Performance, reputation and the marks of what was graded change in one transaction.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;

use super::{Chassis, ChassisError};
use crate::chassis::ledger::{Ended, Ledger, Mark};
use crate::chassis::{Contract, Performance, Sample, SandboxError};
use crate::id::{SwarmId, TaskId, unique};
use crate::store::{Commit, Entry, Key, Precondition, Query, Snapshot, StoreError, Transaction};

/// How often a record is written anew when others were faster.
const ATTEMPTS: u32 = 100;
/// How often a store that does not answer is asked again.
const OUTAGES: u32 = 3;
/// How many tasks one write takes: each may compare and put a mark, and etcd takes 128 operations in one transaction.
const MOST_AT_ONCE: usize = 100;
/// Where the marks begin in what is read of a record.
const FIRST_MARK: usize = 2;
/// How long the history may take to say which write came first.
const HINDSIGHT: Duration = Duration::from_secs(5);

/// What waits to be recorded, by swarm. A swarm that is in here has somebody who writes for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<HashMap<SwarmId, Vec<Waiting>>>>);

#[derive(Debug)]
struct Waiting {
    ended: Ended,
    recorded: oneshot::Sender<Result<(), Arc<ChassisError>>>,
}

impl Recorder {
    fn queues(&self) -> MutexGuard<'_, HashMap<SwarmId, Vec<Waiting>>> {
        // A queue is whole between any two statements: whoever died has left it so.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a task wait; true when nobody writes for the swarm yet.
    fn push(&self, swarm: &SwarmId, waiting: Waiting) -> bool {
        let mut queues = self.queues();
        let is_idle = !queues.contains_key(swarm);
        queues.entry(swarm.clone()).or_default().push(waiting);
        is_idle
    }

    /// What to write next; when there is none, nobody writes for the swarm any more.
    fn pop(&self, swarm: &SwarmId) -> Option<Vec<Waiting>> {
        let mut queues = self.queues();
        let waiting = queues.get_mut(swarm)?;
        if waiting.is_empty() {
            queues.remove(swarm);
            return None;
        }
        Some(waiting.drain(..waiting.len().min(MOST_AT_ONCE)).collect())
    }
}

impl Chassis {
    /// Adds a task that ran under `contract` to its swarm's record, whoever else adds to it at the same time. Goes on when
    /// the future is dropped.
    pub(super) async fn record(&self, contract: &Contract, sample: Sample) -> Result<(), Arc<ChassisError>> {
        let swarm = contract.swarm_id().clone();
        let (slos, contract_version) = (contract.slos().clone(), contract.version().to_owned());
        let (recorded, outcome) = oneshot::channel();
        let ended = Ended { sample, slos, contract_version };
        if self.recorder.push(&swarm, Waiting { ended, recorded }) {
            let (chassis, swarm) = (self.clone(), swarm.clone());
            tokio::spawn(async move { chassis.write_all(&swarm).await });
        }
        outcome.await.unwrap_or_else(|_| Err(Arc::new(ChassisError::Contended { swarm })))
    }

    /// Writes until nothing waits.
    async fn write_all(&self, swarm: &SwarmId) {
        while let Some(waiting) = self.recorder.pop(swarm) {
            let (ended, recorded): (Vec<_>, Vec<_>) =
                waiting.into_iter().map(|waiting| (waiting.ended, waiting.recorded)).unzip();
            let (chassis, owner) = (self.clone(), swarm.clone());
            // In a task of its own: should it die, the next ones are written all the same.
            let written = tokio::spawn(async move { chassis.write(&owner, &ended).await });
            let died = |error| Err(SandboxError::Host(Box::new(error)).into());
            let outcome = written.await.unwrap_or_else(died).map_err(Arc::new);
            for recorded in recorded {
                // Whoever waited may have gone.
                let _ = recorded.send(outcome.clone());
            }
        }
    }

    /// Writes tasks into the record, once: when an answer is lost, the history tells whether the write was made.
    async fn write(&self, swarm: &SwarmId, ended: &[Ended]) -> Result<(), ChassisError> {
        let record = Record::of(swarm, ended);
        let write = unique(self.clock.now());
        let mut outages = 0;
        let mut doubt: Option<Doubt> = None;
        let mut snapshot = None;
        for attempt in 1..=ATTEMPTS {
            let asked = match snapshot.take() {
                Some(snapshot) => Ok(snapshot),
                None => self.store.read(record.queries()).await,
            };
            let answer = match asked {
                Ok(snapshot) => {
                    let revision = Record::revision(&snapshot);
                    if let Some(settled) = doubt.take_if(|doubt| doubt.replaced != revision)
                        && self.was_first(swarm, &settled, &write).await?
                    {
                        return Ok(());
                    }
                    let transaction = record.transaction(&snapshot, ended, &write, &self.by)?;
                    let committed = self.commit(transaction).await;
                    if committed.is_err() {
                        doubt.get_or_insert(Doubt { replaced: revision, seen: snapshot.revision });
                    }
                    committed
                }
                Err(error) => Err(error),
            };
            match answer {
                Ok(Commit::Done { .. }) => return Ok(()),
                Ok(Commit::Refused(present)) => snapshot = Some(present),
                Err(error) if error.is_retryable() && outages < OUTAGES => outages += 1,
                Err(error) => return Err(error.into()),
            }
            pause(attempt, outages).await;
        }
        Err(ChassisError::Contended { swarm: swarm.clone() })
    }

    async fn commit(&self, transaction: Transaction) -> Result<Commit, StoreError> {
        fail::fail_point!("record-unsent", |_| Err(self.unanswered()));
        let committed = self.store.commit(transaction).await;
        fail::fail_point!("record-answer-lost", |_| Err(self.unanswered()));
        committed
    }

    fn unanswered(&self) -> StoreError {
        StoreError::TimedOut { endpoints: self.store.endpoints().to_owned(), limit: HINDSIGHT }
    }

    /// Whether `write` was the one that replaced what was read.
    async fn was_first(&self, swarm: &SwarmId, doubt: &Doubt, write: &str) -> Result<bool, StoreError> {
        let mut changes = self.store.watch_key(&Key::Metrics(swarm.clone()), doubt.seen + 1);
        let first =
            tokio::time::timeout(HINDSIGHT, changes.next()).await.map_err(|_| self.unanswered())??;
        let Some(first) = first.events.first().filter(|event| !event.deleted) else { return Ok(false) };
        Ok(first.entry.json::<Performance>()?.write == write)
    }
}

/// A write whose answer was lost.
#[derive(Debug, Clone, Copy)]
struct Doubt {
    /// The revision of the record that it was to replace; 0 for none.
    replaced: i64,
    /// The revision of the store at which that was read.
    seen: i64,
}

async fn pause(attempt: u32, outages: u32) {
    let jitter = rand::random_range(0..u64::from(attempt.min(20)) * 1000);
    tokio::time::sleep(Duration::from_micros(jitter) + Duration::from_millis(100) * outages).await;
}

/// Where the record is, as far as some tasks touch it.
#[derive(Debug)]
struct Record {
    performance: Key,
    book: Key,
    marks: Vec<(TaskId, Key)>,
}

impl Record {
    fn of(swarm: &SwarmId, ended: &[Ended]) -> Self {
        let tasks: BTreeSet<&TaskId> = ended.iter().filter_map(Ended::graded_task).collect();
        let mark = |task: &TaskId| (task.clone(), Key::Grade(swarm.clone(), task.clone()));
        Self {
            performance: Key::Metrics(swarm.clone()),
            book: Key::Reputation(swarm.clone()),
            marks: tasks.into_iter().map(mark).collect(),
        }
    }

    /// The performance, then the reputation if anything may be graded, then the marks.
    fn queries(&self) -> Vec<Query> {
        let book = (!self.marks.is_empty()).then_some(&self.book);
        let keys =
            std::iter::once(&self.performance).chain(book).chain(self.marks.iter().map(|(_, key)| key));
        keys.map(|key| Query::One(key.clone())).collect()
    }

    /// The revision of the performance in what [`Record::queries`] gave.
    fn revision(snapshot: &Snapshot) -> i64 {
        snapshot.one(0).map_or(0, |entry| entry.mod_revision)
    }

    /// Adds the tasks to what was read, unless it has changed since.
    fn transaction(
        &self,
        snapshot: &Snapshot,
        ended: &[Ended],
        write: &str,
        by: &str,
    ) -> Result<Transaction, StoreError> {
        let mut ledger = self.ledger(snapshot)?;
        let graded: BTreeSet<&TaskId> =
            ended.iter().filter(|ended| ledger.record(ended, by)).filter_map(Ended::graded_task).collect();
        write.clone_into(&mut ledger.performance.write);
        let unless_changed = |transaction: Transaction, index: usize, key: &Key| {
            let revision = snapshot.one(index).map_or(0, |entry| entry.mod_revision);
            transaction.when(Precondition::unchanged(key, revision))
        };
        let mut transaction = unless_changed(Transaction::new(), 0, &self.performance);
        transaction = transaction.put_json(&self.performance, &ledger.performance);
        if !graded.is_empty() {
            transaction = unless_changed(transaction, 1, &self.book).put_json(&self.book, &ledger.book);
        }
        for (index, (task, key)) in self.marks.iter().enumerate() {
            if let Some(mark) = ledger.marks.get(task).filter(|_| graded.contains(task)) {
                transaction = unless_changed(transaction, index + FIRST_MARK, key).put_json(key, mark);
            }
        }
        Ok(self.queries().into_iter().fold(transaction, Transaction::otherwise))
    }

    /// What was read. Where nobody can read what was graded before, nothing more is graded; the performance goes on.
    fn ledger(&self, snapshot: &Snapshot) -> Result<Ledger, StoreError> {
        let performance = snapshot.one(0).map(Entry::json).transpose()?.unwrap_or_default();
        let mut ledger = Ledger { performance, ..Ledger::default() };
        if self.marks.is_empty() {
            return Ok(ledger);
        }
        let book = snapshot.one(1).map(Entry::json).transpose();
        let is_legible = book.is_ok();
        ledger.book = legible(book).unwrap_or_default();
        for (index, (task, _)) in self.marks.iter().enumerate() {
            let mark = snapshot.one(index + FIRST_MARK).map(|entry| legible(entry.json().map(Some)));
            let mark = mark.map(|mark| mark.unwrap_or_else(Mark::closed));
            let mark = if is_legible { mark } else { Some(Mark::closed()) };
            ledger.marks.extend(mark.map(|mark| (task.clone(), mark)));
        }
        Ok(ledger)
    }
}

fn legible<T>(read: Result<Option<T>, StoreError>) -> Option<T> {
    read.unwrap_or_else(|error| {
        tracing::error!(%error, "what it says is not graded");
        None
    })
}
