//! One write of the record of a swarm: everything in one transaction, once.
//!
//! Performance, reputation and the marks of what was graded are compared and change together. Whoever was faster is read
//! and added to. A write whose answer is lost may still be made: nothing is written that could count it twice.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{Chassis, ChassisError};
use crate::chassis::Performance;
use crate::chassis::ledger::{Ended, Ledger, Mark};
use crate::id::{SwarmId, TaskId, unique};
use crate::store::{Commit, Entry, Key, Precondition, Query, Snapshot, StoreError, Transaction};

/// How often a record is written anew when others were faster.
const ATTEMPTS: u32 = 100;
/// How often a store that does not answer is asked again.
const OUTAGES: u32 = 3;
/// Where the marks begin in what is read of a record.
const FIRST_MARK: usize = 2;
/// How long the history may take to say which write came first.
const HINDSIGHT: Duration = Duration::from_secs(5);

/// A write under way.
pub(super) struct Writing<'a> {
    chassis: &'a Chassis,
    swarm: &'a SwarmId,
    ended: &'a [Ended],
    record: Record,
    /// What it is called in the record.
    name: String,
    /// What was read last, if nothing was tried since.
    seen: Option<Snapshot>,
    doubt: Option<Doubt>,
}

/// That the answer to a write was lost.
#[derive(Debug, Clone, Copy)]
struct Doubt {
    /// The revision of the record that it was to replace; 0 for none.
    replaced: i64,
    /// The revision of the store at which that was read.
    seen: i64,
}

impl<'a> Writing<'a> {
    pub(super) fn new(chassis: &'a Chassis, swarm: &'a SwarmId, ended: &'a [Ended]) -> Self {
        let record = Record::of(swarm, ended);
        let name = unique(chassis.clock.now());
        Self { chassis, swarm, ended, record, name, seen: None, doubt: None }
    }

    /// Tries until it is made, or until the store has not answered too often.
    pub(super) async fn write(mut self) -> Result<(), ChassisError> {
        let mut outages = 0;
        for attempt in 1..=ATTEMPTS {
            match self.attempt().await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) if error.is_retryable() && outages < OUTAGES => outages += 1,
                Err(error) => return Err(error.into()),
            }
            pause(attempt, outages).await;
        }
        Err(ChassisError::Contended { swarm: self.swarm.clone() })
    }

    /// Tries once; false when others were faster.
    async fn attempt(&mut self) -> Result<bool, StoreError> {
        let snapshot = match self.seen.take() {
            Some(snapshot) => snapshot,
            None => self.chassis.store.read(self.record.queries()).await?,
        };
        let replaced = Record::revision(&snapshot);
        if self.was_made(replaced).await? {
            return Ok(true);
        }
        let transaction = self.record.transaction(&snapshot, self.ended, &self.name, &self.chassis.by)?;
        let doubt = self.doubt;
        self.doubt = doubt.or(Some(Doubt { replaced, seen: snapshot.revision }));
        let commit = self.commit(transaction).await?;
        // That is an answer; but an attempt before it may have been made since.
        self.doubt = doubt;
        match commit {
            Commit::Done { .. } => Ok(true),
            Commit::Refused(present) => {
                self.seen = Some(present);
                Ok(false)
            }
        }
    }

    async fn commit(&self, transaction: Transaction) -> Result<Commit, StoreError> {
        fail::fail_point!("record-unsent", |_| Err(self.unanswered()));
        let committed = self.chassis.store.commit(transaction).await;
        fail::fail_point!("record-answer-lost", |_| Err(self.unanswered()));
        committed
    }

    /// Whether a write without an answer was made, once the record is at another revision: the first to replace what was
    /// read is known, and no other that compares with that can follow.
    async fn was_made(&mut self, revision: i64) -> Result<bool, StoreError> {
        let Some(doubt) = self.doubt.filter(|doubt| doubt.replaced != revision) else { return Ok(false) };
        let mut changes = self.chassis.store.watch_key(&self.record.performance, doubt.seen + 1);
        let changed = tokio::time::timeout(HINDSIGHT, changes.next()).await;
        let changed = changed.map_err(|_| self.unanswered())??;
        self.doubt = None;
        let first = changed.events.first().filter(|event| !event.deleted);
        let first: Option<Performance> = first.map(|event| event.entry.json()).transpose()?;
        Ok(first.is_some_and(|first| first.write == self.name))
    }

    fn unanswered(&self) -> StoreError {
        StoreError::TimedOut { endpoints: self.chassis.store.endpoints().to_owned(), limit: HINDSIGHT }
    }
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
