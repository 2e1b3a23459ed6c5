//! Telling what swarms are worth: what was graded, beside what the governor makes of it.

use std::collections::BTreeSet;

use super::{Chassis, ChassisError};
use crate::chassis::{GradeBook, ReputationReport};
use crate::governor::service::{ACCOUNT_QUERIES, Governor};
use crate::id::SwarmId;
use crate::store::{Entry, Key, Prefix, Query, Snapshot};

/// What is read of each swarm besides its account.
const QUERIES: usize = 2;
/// How many swarms are read at once: etcd takes 128 operations in one transaction.
const AT_ONCE: usize = 128 / (QUERIES + ACCOUNT_QUERIES);

impl Chassis {
    /// What a swarm is worth to the governor, and how that comes about.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`] when it has no contract and was never graded; [`ChassisError::Store`].
    pub async fn reputation(&self, swarm: &SwarmId) -> Result<ReputationReport, ChassisError> {
        let snapshot = self.store.read(queries(swarm)).await?;
        if snapshot.one(0).is_none() && snapshot.one(1).is_none() {
            return Err(ChassisError::NotLoaded { swarm: swarm.clone() });
        }
        report(swarm, &snapshot, 0)
    }

    /// The same of every swarm that has a contract or was graded, by name; without those that nobody can read.
    ///
    /// # Errors
    /// [`ChassisError::Store`].
    pub async fn reputations(&self) -> Result<Vec<ReputationReport>, ChassisError> {
        let swarms: Vec<SwarmId> = self.measured_swarms().await?.into_iter().collect();
        let mut reports = Vec::with_capacity(swarms.len());
        for swarms in swarms.chunks(AT_ONCE) {
            let snapshot = self.store.read(swarms.iter().flat_map(queries).collect()).await?;
            for (index, swarm) in swarms.iter().enumerate() {
                match report(swarm, &snapshot, index * (QUERIES + ACCOUNT_QUERIES)) {
                    Ok(report) => reports.push(report),
                    Err(error) => tracing::error!(%swarm, %error, "left out"),
                }
            }
        }
        Ok(reports)
    }

    async fn measured_swarms(&self) -> Result<BTreeSet<SwarmId>, ChassisError> {
        let (contracts, _) = self.store.keys(&Prefix::Contracts).await?;
        let (reputations, _) = self.store.keys(&Prefix::Reputations).await?;
        let swarm = |key| match key {
            Key::Contract(swarm) | Key::Reputation(swarm) => Some(swarm),
            _ => None,
        };
        Ok(contracts.into_iter().chain(reputations).filter_map(swarm).collect())
    }
}

fn queries(swarm: &SwarmId) -> Vec<Query> {
    let keys: [Key; QUERIES] = [Key::Contract(swarm.clone()), Key::Reputation(swarm.clone())];
    keys.map(Query::One).into_iter().chain(Governor::account_queries(swarm)).collect()
}

/// The report on a swarm in a snapshot in which the answers to [`queries`] start at `first`.
fn report(swarm: &SwarmId, snapshot: &Snapshot, first: usize) -> Result<ReputationReport, ChassisError> {
    let book: Option<GradeBook> = snapshot.one(first + 1).map(Entry::json).transpose()?;
    let account = Governor::account_from(swarm, snapshot, first + QUERIES)?;
    Ok(ReputationReport::new(swarm.clone(), account.reputation(), book.as_ref()))
}
