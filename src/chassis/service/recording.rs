//! The record of a swarm: every task that ran, whoever else records at the same time.

use super::{Chassis, ChassisError};
use crate::chassis::{Performance, Sample};
use crate::id::SwarmId;
use crate::store::{Commit, Entry, Key, Precondition, Query, Transaction, Versioned, yield_to_rivals};

/// How often a record is written anew when others were faster.
const ATTEMPTS: u32 = 100;

impl Chassis {
    /// Adds a task to the swarm's record, whoever else adds to it at the same time.
    pub(super) async fn record(&self, swarm: &SwarmId, sample: &Sample) -> Result<(), ChassisError> {
        let key = Key::Metrics(swarm.clone());
        let mut entry = self.store.get(&key).await?;
        for attempt in 0..ATTEMPTS {
            let read: Option<Versioned<Performance>> = entry.as_ref().map(Entry::versioned).transpose()?;
            let precondition = Precondition::as_read(&key, read.as_ref());
            let mut performance = read.map(|read| read.value).unwrap_or_default();
            performance.record(sample.clone(), &self.by);
            let write = Transaction::new()
                .when(precondition)
                .put_json(&key, &performance)
                .otherwise(Query::One(key.clone()));
            match self.store.commit(write).await? {
                Commit::Done { .. } => return Ok(()),
                Commit::Refused(snapshot) => entry = snapshot.one(0).cloned(),
            }
            yield_to_rivals(attempt).await;
        }
        Err(ChassisError::Contended { swarm: swarm.clone() })
    }
}
