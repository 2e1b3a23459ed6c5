//! Leadership: of all coordinators on one store, one leads; the others stand by.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::store::{Commit, Entry, KeptLease, Key, Precondition, Query, Store, StoreError, Transaction};

/// How long a leader that died without a word keeps others waiting.
pub const TTL: Duration = Duration::from_secs(5);

/// Who leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leader {
    /// A name that no other process has.
    pub id: String,
    /// The machine.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// What holds the data: `engine` or `etcd`.
    #[serde(default)]
    pub backend: String,
    /// Since when.
    pub since: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// By what operation.
    pub op: String,
}

/// Leadership as long as it lasts.
#[derive(Debug)]
pub struct Leadership {
    /// The revision that created the leader's key: everything the leader writes compares it.
    pub create_revision: i64,
    lease: KeptLease,
    store: Store,
}

impl Leadership {
    /// Waits for leadership: takes the key when nobody has it, else waits until it is free.
    ///
    /// # Errors
    /// When the store refuses; waits as long as it is unreachable.
    pub async fn win(store: &Store, leader: &Leader) -> Result<Self, StoreError> {
        let lease = store.grant(TTL).await?;
        let kept = store.keep(lease);
        loop {
            let transaction = Transaction::new()
                .when(Precondition::absent(&Key::Leader))
                .put_json_leased(&Key::Leader, leader, lease.id)
                .otherwise(Query::One(Key::Leader));
            match store.commit(transaction).await? {
                Commit::Done { revision } => {
                    return Ok(Self { create_revision: revision, lease: kept, store: store.clone() });
                }
                Commit::Refused(snapshot) => {
                    tokio::select! {
                        freed = until_deleted(store, snapshot.revision + 1) => freed?,
                        () = kept.lost() => return Err(StoreError::LeaseLost),
                    }
                }
            }
        }
    }

    /// The lease that leadership lasts as long as.
    #[must_use]
    pub fn lease(&self) -> i64 {
        self.lease.id()
    }

    /// Waits until somebody else may lead: the lease has ended, or the key was taken away while it lives.
    pub async fn lost(&self) {
        tokio::select! {
            () = self.lease.lost() => {}
            () = self.deposed() => {}
        }
    }

    /// Waits until the key is another one or none. Who cannot look trusts the lease.
    async fn deposed(&self) {
        let mut revision = self.create_revision;
        loop {
            let looked = match until_deleted(&self.store, revision + 1).await {
                Ok(()) => self.store.read(vec![Query::One(Key::Leader)]).await,
                Err(error) => Err(error),
            };
            match looked {
                Ok(read) if read.one(0).is_some_and(|key| key.create_revision == self.create_revision) => {
                    // The history was compacted while the connection was away.
                    revision = read.revision;
                }
                Ok(_) => return,
                Err(error) => {
                    tracing::warn!(%error, "the leader's key cannot be watched");
                    tokio::time::sleep(TTL).await;
                }
            }
        }
    }

    /// Steps down, so that nobody has to wait for the lease to end.
    pub async fn resign(self) {
        if let Err(error) = self.store.revoke(self.lease.id()).await {
            tracing::warn!(%error, "leadership is left to run out");
        }
    }
}

/// Frees the leader's key of a process that is known to be dead: the engine's file has one owner, so whoever
/// led before is gone.
///
/// # Errors
/// When the store does not answer.
pub async fn bury_predecessor(store: &Store) -> Result<(), StoreError> {
    match store.get(&Key::Leader).await? {
        Some(Entry { lease, .. }) if lease != 0 => store.revoke(lease).await,
        _ => Ok(()),
    }
}

async fn until_deleted(store: &Store, from_revision: i64) -> Result<(), StoreError> {
    let mut watch = store.watch_key(&Key::Leader, from_revision);
    loop {
        match watch.next().await {
            Ok(batch) if batch.events.iter().any(|event| event.deleted) => return Ok(()),
            Ok(_) => {}
            Err(StoreError::Compacted { .. }) => return Ok(()),
            Err(error) => return Err(error),
        }
    }
}
