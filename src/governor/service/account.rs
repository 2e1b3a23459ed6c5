//! Reading accounts.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use super::Governor;
use crate::governor::account::{Account, Dated};
use crate::governor::profile::Reputation;
use crate::id::SwarmId;
use crate::store::{Entry, Key, Query, Scope, Snapshot, StoreError};

/// How many queries an account takes.
pub const ACCOUNT_QUERIES: usize = 6;

/// etcd takes 128 operations in one transaction.
const ACCOUNTS_PER_READ: usize = 128 / ACCOUNT_QUERIES;

impl Governor {
    /// What to read for an account: [`ACCOUNT_QUERIES`] queries, namely profile, budget, breaker, reputation,
    /// the trial under way and the overall budget.
    #[must_use]
    pub fn account_queries(swarm: &SwarmId) -> Vec<Query> {
        let scope = || Scope::Swarm(swarm.clone());
        let keys: [Key; ACCOUNT_QUERIES] = [
            Key::Profile(swarm.clone()),
            Key::Budget(scope()),
            Key::Breaker(scope()),
            Key::Reputation(swarm.clone()),
            Key::Probe(scope()),
            Key::Budget(Scope::Overall),
        ];
        keys.map(Query::One).into()
    }

    /// The account in a snapshot in which the answers to [`Governor::account_queries`] start at `first`.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] names the key of a budget, breaker or trial that is not what it should be.
    pub fn account_from(swarm: &SwarmId, snapshot: &Snapshot, first: usize) -> Result<Account, StoreError> {
        let entry = |index| snapshot.one(first + index);
        // The swarm itself writes the profile: what it writes must not keep its tasks from being ended.
        let profile = entry(0).map(dated).transpose();
        let reputation = entry(3).map(Entry::json::<Reputation>).transpose();
        let is_garbled = profile.is_err() || reputation.is_err();
        if let Some(error) = profile.as_ref().err().or(reputation.as_ref().err()) {
            tracing::debug!(%swarm, %error, "it gets no work");
        }
        let (profile, reputation) = (profile.unwrap_or_default(), reputation.unwrap_or_default());
        Ok(Account {
            swarm: swarm.clone(),
            profile,
            is_garbled,
            budget: entry(1).map(dated).transpose()?,
            breaker: entry(2).map(dated).transpose()?,
            reputation: reputation.map(|reputation| reputation.score),
            probe: entry(4).map(dated).transpose()?,
            draws: entry(5).is_some(),
        })
    }

    /// The account of one swarm.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer or holds something malformed.
    pub async fn account(&self, swarm: &SwarmId) -> Result<Account, StoreError> {
        let snapshot = self.store.read(Self::account_queries(swarm)).await?;
        Self::account_from(swarm, &snapshot, 0)
    }

    /// The accounts of many swarms; each is of one revision, all together need not be.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer or holds something malformed.
    pub async fn accounts(&self, swarms: &BTreeSet<SwarmId>) -> Result<Vec<Account>, StoreError> {
        let swarms: Vec<&SwarmId> = swarms.iter().collect();
        let mut accounts = Vec::with_capacity(swarms.len());
        for chunk in swarms.chunks(ACCOUNTS_PER_READ) {
            let queries = chunk.iter().flat_map(|swarm| Self::account_queries(swarm)).collect();
            let snapshot = self.store.read(queries).await?;
            for (index, swarm) in chunk.iter().enumerate() {
                accounts.push(Self::account_from(swarm, &snapshot, index * ACCOUNT_QUERIES)?);
            }
        }
        Ok(accounts)
    }

    /// The accounts of many swarms without those that nobody can read: they get no work, and stand in nobody's way.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn legible_accounts(&self, swarms: &BTreeSet<SwarmId>) -> Result<Vec<Account>, StoreError> {
        match self.accounts(swarms).await {
            Err(StoreError::Malformed { .. }) => {}
            accounts => return accounts,
        }
        let mut accounts = Vec::new();
        for swarm in swarms {
            match self.account(swarm).await {
                Err(error @ StoreError::Malformed { .. }) => tracing::error!(%swarm, %error, "left out"),
                account => accounts.push(account?),
            }
        }
        Ok(accounts)
    }
}

pub(super) fn dated<T: DeserializeOwned>(entry: &Entry) -> Result<Dated<T>, StoreError> {
    Ok(Dated { value: entry.json()?, revision: entry.mod_revision })
}
