//! A connected worker: a lease, an entry that says so, and its inbox.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::clock::{Clock, Timestamp};
use crate::coordinator::hold::{Assignment, GOODBYE, Hold, Presence, Session};
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::coordinator::task::TaskRecord;
use crate::coordinator::token::Token;
use crate::id::{SessionId, SwarmId};
use crate::store::{
    Batch, Commit, Entry, KeptLease, Key, Lease, Precondition, Prefix, Query, Scope, Snapshot, Store,
    StoreError, Transaction, Versioned, Watch,
};

/// How a worker wants to be connected.
#[derive(Debug, Clone)]
pub struct Terms {
    /// The swarm.
    pub swarm: SwarmId,
    /// How many tasks it works on at a time.
    pub slots: u32,
    /// Whether the dispatcher may assign to it.
    pub assignable: bool,
    /// How long it may be silent.
    pub ttl: Duration,
}

/// A worker while it is connected.
#[derive(Debug)]
pub struct Connected {
    /// The swarm.
    pub swarm: SwarmId,
    /// Its name among the swarm's workers.
    pub id: SessionId,
    /// The revision that connected it.
    pub revision: i64,
    entry: Session,
    lease: KeptLease,
    store: Store,
    clock: Clock,
}

/// A task that was pushed and taken up.
#[derive(Debug, Clone)]
pub struct Received {
    /// The record as it was when it was taken up.
    pub record: TaskRecord,
    /// Proof of being the holder.
    pub token: Token,
}

impl Connected {
    /// Connects a worker.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn open(coordinator: &Coordinator, clock: &Clock, terms: &Terms) -> Result<Self, StoreError> {
        Self::connect(coordinator, clock, terms, Store::keep).await
    }

    /// Connects a worker that leaves it to its tokens to tell what it holds: while the store is away, its connection
    /// counts as standing.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn open_patiently(
        coordinator: &Coordinator,
        clock: &Clock,
        terms: &Terms,
    ) -> Result<Self, StoreError> {
        Self::connect(coordinator, clock, terms, Store::keep_patiently).await
    }

    async fn connect(
        coordinator: &Coordinator,
        clock: &Clock,
        terms: &Terms,
        keep: impl FnOnce(&Store, Lease) -> KeptLease,
    ) -> Result<Self, StoreError> {
        let store = coordinator.store().clone();
        let lease = store.grant(terms.ttl).await?;
        let id = SessionId::of_lease(lease.id);
        let session = Session {
            host: host_name(),
            pid: std::process::id(),
            slots: terms.slots,
            assignable: terms.assignable,
            since: clock.now(),
            by: terms.swarm.to_string(),
            op: "connect".to_owned(),
        };
        let key = Key::Session(terms.swarm.clone(), id.clone());
        let presence = Presence { since: session.since, by: session.by.clone(), op: session.op.clone() };
        let entry = Transaction::new()
            .put_json_leased(&key, &session, lease.id)
            .put_json(&Key::Presence(terms.swarm.clone(), id.clone()), &presence);
        // Nothing is compared: it is done.
        let revision = match store.commit(entry).await? {
            Commit::Done { revision } => revision,
            Commit::Refused(read) => read.revision,
        };
        let swarm = terms.swarm.clone();
        Ok(Self {
            swarm,
            id,
            revision,
            entry: session,
            lease: keep(&store, lease),
            store,
            clock: clock.clone(),
        })
    }

    /// The lease that all its holds hang on.
    #[must_use]
    pub fn lease(&self) -> i64 {
        self.lease.id()
    }

    /// Waits until the connection is lost for good: its holds are gone.
    pub async fn lost(&self) {
        self.lease.lost().await;
    }

    /// What lies in the inbox now, and the watch that tells what comes.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn inbox(&self) -> Result<(Vec<Entry>, Watch), StoreError> {
        let prefix = Prefix::Inbox(self.swarm.clone(), self.id.clone());
        let (waiting, revision) = self.store.range(&prefix).await?;
        Ok((waiting, self.store.watch(&prefix, revision + 1)))
    }

    /// Takes a pushed task up: deletes it from the inbox and notes the moment. `None` when it was taken back.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn acknowledge(
        &self,
        assignment: &Versioned<Assignment>,
        at: Timestamp,
    ) -> Result<Option<Received>, CoordinatorError> {
        let task = &assignment.value.task;
        let token = Token { epoch: assignment.value.epoch, revision: assignment.create_revision };
        let record_key = Key::Record(task.clone());
        let inbox = Key::Inbox(self.swarm.clone(), self.id.clone(), assignment.value.claim_id.clone());
        let hold = Key::Hold(task.clone());
        let mut known = as_assigned(assignment);
        if known.is_none() {
            let keys = vec![Query::One(record_key.clone()), Query::One(hold.clone())];
            known = as_held(&self.store.read(keys).await?, token)?;
        }
        while let Some((record, revision)) = known {
            let next = record.received(self.swarm.as_str(), at);
            let transaction = Transaction::new()
                .when(Precondition::created_at(&inbox, token.revision))
                .when(Precondition::created_at(&hold, token.revision))
                .when(Precondition::unchanged(&record_key, revision))
                .put_json(&record_key, &next)
                .delete(&inbox)
                .otherwise(Query::One(record_key.clone()))
                .otherwise(Query::One(hold.clone()))
                .otherwise(Query::One(inbox.clone()));
            match self.store.commit(transaction).await? {
                Commit::Done { .. } => return Ok(Some(Received { record: next, token })),
                Commit::Refused(after) if after.one(2).is_none() => {
                    // Taking back deletes entry and hold together: a hold alone is our own acknowledgement,
                    // of which the answer was lost.
                    let ours = after.one(1).is_some_and(|held| held.create_revision == token.revision);
                    let record = after.one(0).filter(|_| ours).map(Entry::json).transpose()?;
                    return Ok(record.map(|record| Received { record, token }));
                }
                Commit::Refused(after) => known = as_held(&after, token)?,
            }
        }
        Ok(None)
    }

    /// Takes no more assignments; what it holds stays held, and it stays connected.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn withdraw(&self) -> Result<(), StoreError> {
        let key = Key::Session(self.swarm.clone(), self.id.clone());
        let withdrawn = Session { assignable: false, op: "withdraw".to_owned(), ..self.entry.clone() };
        let transaction = Transaction::new()
            .when(Precondition::created_at(&key, self.revision))
            .put_json_leased(&key, &withdrawn, self.lease.id());
        self.store.commit(transaction).await.map(drop)
    }

    /// Leaves with a task: its hold is one by hand from now on, which lasts for `ttl` without a sign of life. The token
    /// stays the same.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the task is not held any more.
    pub async fn leave_with(self, received: &Received, ttl: Duration) -> Result<(), CoordinatorError> {
        let task = &received.record.id;
        let (hold, probe) = (Key::Hold(task.clone()), Key::Probe(Scope::Swarm(self.swarm.clone())));
        let lease = self.store.grant(ttl).await?;
        let read = self.store.read(vec![Query::One(hold.clone()), Query::One(probe.clone())]).await?;
        let held: Option<Hold> = read.one(0).map(Entry::json).transpose()?;
        let by_hand = held.map(|held| Hold { session: None, ..held });
        let mut transaction = Transaction::new()
            .when(Precondition::created_at(&hold, received.token.revision))
            .delete(&Key::Presence(self.swarm.clone(), self.id.clone()))
            .delete(&Key::Session(self.swarm.clone(), self.id.clone()));
        if let Some(by_hand) = &by_hand {
            transaction = transaction.put_json_leased(&hold, by_hand, lease.id);
        }
        // The trial of a breaker goes where its task goes.
        if let Some(trial) = read.one(1).filter(|trial| trial.lease == self.lease()) {
            transaction = transaction.when(Precondition::unchanged(&probe, trial.mod_revision)).put_leased(
                &probe,
                trial.value.clone(),
                lease.id,
            );
        }
        let left = self.store.commit(transaction).await?.is_done();
        let lease = if left { self.lease() } else { lease.id };
        if let Err(error) = self.store.revoke(lease).await {
            tracing::debug!(%error, "a lease without keys is left to run out");
        }
        if left {
            return Ok(());
        }
        Err(CoordinatorError::Stale { task: task.clone(), token: received.token, holder: None })
    }

    /// Says goodbye, so that nobody worries and nothing more is assigned to it.
    pub async fn say_goodbye(&self) {
        let key = Key::Session(self.swarm.clone(), self.id.clone());
        let goodbye = Session { assignable: false, op: GOODBYE.to_owned(), ..self.entry.clone() };
        let transaction = Transaction::new()
            .when(Precondition::created_at(&key, self.revision))
            .put_json_leased(&key, &goodbye, self.lease.id())
            .delete(&Key::Presence(self.swarm.clone(), self.id.clone()));
        if let Err(error) = self.store.commit(transaction).await {
            tracing::debug!(%error, "it leaves without a word");
        }
    }

    /// Leaves; what it still holds is returned at once.
    pub async fn close(self) {
        self.say_goodbye().await;
        if let Err(error) = self.store.revoke(self.lease.id()).await {
            tracing::warn!(%error, "the session is left to run out");
        }
    }

    /// The time of day.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }
}

/// The record that an assignment brings, and its revision: one transaction wrote both. Not of an entry that somebody
/// has touched since.
fn as_assigned(assignment: &Versioned<Assignment>) -> Option<(TaskRecord, i64)> {
    let record = assignment.value.record.as_deref().cloned()?;
    (assignment.mod_revision == assignment.create_revision).then_some((record, assignment.create_revision))
}

/// The record and its revision, if the hold read after it is still that of the token.
fn as_held(read: &Snapshot, token: Token) -> Result<Option<(TaskRecord, i64)>, StoreError> {
    let (Some(record), Some(holding)) = (read.one(0), read.one(1)) else { return Ok(None) };
    if holding.create_revision != token.revision {
        return Ok(None);
    }
    let record: Versioned<TaskRecord> = record.versioned()?;
    Ok(Some((record.value, record.mod_revision)))
}

/// What a batch of changes has written, without what it deleted.
#[must_use]
pub fn written(batch: &Batch) -> Vec<Entry> {
    batch.events.iter().filter(|event| !event.deleted).map(|event| event.entry.clone()).collect()
}

/// An entry as what it should be; one that nobody can read is reported and passed over.
#[must_use]
pub fn legible<T: DeserializeOwned>(entry: &Entry) -> Option<Versioned<T>> {
    entry.versioned().inspect_err(|error| tracing::warn!(%error, "an entry is passed over")).ok()
}

/// The name of this machine.
#[must_use]
pub fn host_name() -> String {
    nix::unistd::gethostname()
        .map_or_else(|_| "localhost".to_owned(), |name| name.to_string_lossy().into_owned())
}
