//! The books of calls: summed in memory, and added to the store's once a second at most and when a task ends.
//!
//! Money is booked with every call and is not among what a process that dies forgets.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use super::{Chassis, ChassisError};
use crate::chassis::Contract;
use crate::chassis::calls::{CallLine, CallRecord, CallTally};
use crate::clock::Clock;
use crate::id::{ProviderId, SwarmId, unique};
use crate::store::{
    Commit, Entry, Key, Precondition, Prefix, Query, Store, StoreError, Transaction, Versioned,
    yield_to_rivals,
};

/// How long calls are summed before they are written.
const EVERY: Duration = Duration::from_secs(1);
/// How often a write is tried anew when others were faster, or the store was away.
const ATTEMPTS: u32 = 100;

/// What was called in this process and is not in the store yet. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct CallBooks(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    store: Store,
    clock: Clock,
    by: String,
    unwritten: Mutex<Unwritten>,
    /// Who writes; the others find that there is nothing left.
    writing: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Unwritten {
    tallies: BTreeMap<(SwarmId, ProviderId), CallTally>,
    /// Whether somebody writes within a second.
    is_due: bool,
}

impl CallBooks {
    pub(super) fn new(store: Store, clock: Clock, by: String) -> Self {
        let (unwritten, writing) = (Mutex::default(), tokio::sync::Mutex::default());
        Self(Arc::new(Inside { store, clock, by, unwritten, writing }))
    }

    /// Adds a call.
    pub(super) fn add(&self, swarm: &SwarmId, provider: &ProviderId, call: CallTally) {
        let mut unwritten = self.unwritten();
        let tally = unwritten.tallies.entry((swarm.clone(), provider.clone())).or_default();
        *tally = tally.and(call);
        if !std::mem::replace(&mut unwritten.is_due, true) {
            let books = self.clone();
            tokio::spawn(async move {
                tokio::time::sleep(EVERY).await;
                books.unwritten().is_due = false;
                books.write(None).await;
            });
        }
    }

    /// Writes what there is, of one swarm or of all. What the store does not take waits for the next time.
    pub(super) async fn write(&self, swarm: Option<&SwarmId>) {
        let _writing = self.0.writing.lock().await;
        let concerns =
            |(of, _): &(SwarmId, ProviderId), _: &mut CallTally| swarm.is_none_or(|swarm| of == swarm);
        let taken: Vec<_> = self.unwritten().tallies.extract_if(.., concerns).collect();
        for ((swarm, provider), tally) in taken {
            if let Err(error) = self.write_one(&swarm, &provider, tally).await {
                let error = &error as &dyn std::error::Error;
                tracing::warn!(%swarm, %provider, error, "calls are not in the books yet");
                let mut unwritten = self.unwritten();
                let waiting = unwritten.tallies.entry((swarm, provider)).or_default();
                *waiting = waiting.and(tally);
            }
        }
    }

    /// Adds to what the store has, whoever else does the same. Whether a write was made whose answer was lost, its name in
    /// the record tells.
    async fn write_one(
        &self,
        swarm: &SwarmId,
        provider: &ProviderId,
        more: CallTally,
    ) -> Result<(), ChassisError> {
        let Inside { store, clock, by, .. } = &*self.0;
        let key = Key::Calls(swarm.clone(), provider.clone());
        let write = unique(clock.now());
        let mut was_away = false;
        for attempt in 0..ATTEMPTS {
            let entry = match store.get(&key).await {
                Ok(entry) => entry,
                Err(error) if error.is_retryable() && !was_away => {
                    was_away = true;
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            let read: Option<Versioned<CallRecord>> = entry.as_ref().map(Entry::versioned).transpose()?;
            let before = read.as_ref().map(|read| read.value.clone()).unwrap_or_default();
            if before.has(&write) {
                return Ok(());
            }
            let transaction = Transaction::new()
                .when(Precondition::as_read(&key, read.as_ref()))
                .put_json(&key, &before.with(more, &write, by));
            match store.commit(transaction).await {
                Ok(Commit::Done { .. }) => return Ok(()),
                Ok(Commit::Refused(_)) => yield_to_rivals(attempt).await,
                Err(error) if error.is_retryable() && !was_away => was_away = true,
                Err(error) => return Err(error.into()),
            }
        }
        Err(ChassisError::Contended { swarm: swarm.clone() })
    }

    fn unwritten(&self) -> MutexGuard<'_, Unwritten> {
        // Whoever panicked did so between whole changes.
        self.0.unwritten.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Chassis {
    /// Writes what a task under this contract may have called, and waits for who writes it already.
    pub(super) async fn book_calls(&self, contract: &Contract) {
        if !contract.egress().is_empty() {
            self.books.write(Some(contract.swarm_id())).await;
        }
    }

    /// What swarms have called, by swarm and provider; of one swarm or of all. What nobody can read is passed over.
    ///
    /// # Errors
    /// [`ChassisError::Store`].
    pub async fn calls(&self, swarm: Option<&SwarmId>) -> Result<Vec<CallLine>, ChassisError> {
        let entries = self.call_entries(swarm).await?;
        let line = |entry: &Entry| {
            let Some(Key::Calls(swarm, provider)) = Key::parse(&entry.key) else { return None };
            let record = entry.json::<CallRecord>();
            let record =
                record.inspect_err(|error| tracing::warn!(%error, "an entry is passed over")).ok()?;
            Some(CallLine { swarm, provider, tally: record.tally })
        };
        Ok(entries.iter().filter_map(line).collect())
    }

    async fn call_entries(&self, swarm: Option<&SwarmId>) -> Result<Vec<Entry>, StoreError> {
        let Some(swarm) = swarm else {
            let is_call = |key: &Key| matches!(key, Key::Calls(..));
            return Ok(self.store.range_where(&Prefix::Chassis, is_call).await?.0);
        };
        let family = Query::Family(Prefix::CallsOf(swarm.clone()));
        Ok(self.store.read(vec![family]).await?.answers.into_iter().flatten().collect())
    }
}
