//! What the leader sees: the store's keys as the watch tells them, parsed once.
//!
//! Applies changes in order and answers questions; decides nothing and writes nothing.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::coordinator::hold::{Assignment, Hold, Session};
use crate::coordinator::service::{Epoch, Owner, Situation};
use crate::coordinator::task::{Reason, State, TaskRecord};
use crate::governor::service::Governor;
use crate::governor::{Account, Policy};
use crate::id::{ClaimId, SessionId, SwarmId, TaskId, UNCLAIMED};
use crate::store::{Batch, Entry, Key, Prefix, Scope, Store, StoreError, Versioned};

/// A worker's name.
pub type Worker = (SwarmId, SessionId);

/// The store as the leader sees it.
#[derive(Debug)]
pub struct View {
    /// The revision it shows.
    pub revision: i64,
    records: BTreeMap<TaskId, Versioned<TaskRecord>>,
    owners: HashMap<TaskId, Owner>,
    holds: HashMap<TaskId, Versioned<Hold>>,
    sessions: BTreeMap<Worker, Versioned<Session>>,
    inboxes: BTreeMap<(Worker, ClaimId), Versioned<Assignment>>,
    accounts: BTreeMap<SwarmId, Account>,
    dependents: BTreeSet<(TaskId, TaskId)>,
    /// Keys of accounts that cannot be read: their swarms get no work.
    illegible: BTreeSet<(SwarmId, String)>,
    policy: Policy,
    epoch: Epoch,
}

impl View {
    /// Reads everything of interest at one revision.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        let (entries, revision) = store.range_where(&Prefix::All, is_of_interest).await?;
        let mut view = Self {
            revision,
            records: BTreeMap::new(),
            owners: HashMap::new(),
            holds: HashMap::new(),
            sessions: BTreeMap::new(),
            inboxes: BTreeMap::new(),
            accounts: BTreeMap::new(),
            dependents: BTreeSet::new(),
            illegible: BTreeSet::new(),
            policy: Policy::default(),
            epoch: Epoch::default(),
        };
        for entry in &entries {
            view.note(entry, false);
        }
        Ok(view)
    }

    /// Takes in what changed.
    pub fn apply(&mut self, batch: &Batch) {
        for event in &batch.events {
            self.note(&event.entry, event.deleted);
        }
        self.revision = batch.revision;
    }

    /// A value that nobody can read is as good as none: it is reported, and the rest goes on. A swarm with
    /// such an account is not trusted with work.
    fn note(&mut self, entry: &Entry, deleted: bool) {
        let Some(key) = Key::parse(&entry.key) else { return };
        let illegible = account_of(&key).map(|swarm| (swarm.clone(), entry.key.clone()));
        if let Some(illegible) = &illegible {
            self.illegible.remove(illegible);
        }
        let written = (!deleted).then_some(entry);
        if let Err(error) = self.set(key.clone(), written) {
            tracing::warn!(%error, "a value is left out of the view");
            self.illegible.extend(illegible);
            // Without a value nothing can fail.
            let _ = self.set(key, None);
        }
    }

    fn set(&mut self, key: Key, entry: Option<&Entry>) -> Result<(), StoreError> {
        match key {
            Key::Record(task) => put(&mut self.records, task, entry)?,
            Key::Session(swarm, session) => put(&mut self.sessions, (swarm, session), entry)?,
            Key::Inbox(swarm, session, claim) => put(&mut self.inboxes, ((swarm, session), claim), entry)?,
            Key::Hold(task) => match entry.map(Entry::versioned).transpose()? {
                Some(hold) => drop(self.holds.insert(task, hold)),
                None => drop(self.holds.remove(&task)),
            },
            Key::Owner(task) => match entry.map(Owner::from_entry) {
                Some(owner) => drop(self.owners.insert(task, owner)),
                None => drop(self.owners.remove(&task)),
            },
            Key::Dependent { task, dependent } => match entry {
                Some(_) => drop(self.dependents.insert((task, dependent))),
                None => drop(self.dependents.remove(&(task, dependent))),
            },
            Key::Profile(ref swarm)
            | Key::Budget(Scope::Swarm(ref swarm))
            | Key::Breaker(Scope::Swarm(ref swarm))
            | Key::Probe(Scope::Swarm(ref swarm))
            | Key::Reputation(ref swarm) => {
                let account = self
                    .accounts
                    .entry(swarm.clone())
                    .or_insert_with(|| Account::unregistered(swarm.clone()));
                Governor::note(account, &key, entry)?;
            }
            Key::Policy => self.policy = Governor::policy_from(entry)?,
            Key::Epoch => self.epoch = Epoch::from_entry(entry),
            _ => {}
        }
        Ok(())
    }

    /// The policy in force.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The store's epoch.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// What the governor knows of a swarm.
    #[must_use]
    pub fn account(&self, swarm: &SwarmId) -> Cow<'_, Account> {
        let unknown = || Cow::Owned(Account::unregistered(swarm.clone()));
        self.accounts.get(swarm).map_or_else(unknown, Cow::Borrowed)
    }

    /// The tasks that may be handed out, highest priority first, then the longest ready.
    #[must_use]
    pub fn ready(&self) -> Vec<&TaskRecord> {
        let unclaimed = |task: &TaskId| self.owners.get(task).is_some_and(|owner| owner.name == UNCLAIMED);
        let mut ready: Vec<_> = self
            .records
            .values()
            .map(|record| &record.value)
            .filter(|record| record.is_ready() && unclaimed(&record.id))
            .collect();
        ready.sort_by_key(|record| (std::cmp::Reverse(record.priority), record.ready_at));
        ready
    }

    /// One task's keys.
    #[must_use]
    pub fn situation(&self, task: &TaskId) -> Situation {
        Situation {
            task: task.clone(),
            record: self.records.get(task).cloned(),
            owner: self.owners.get(task).cloned(),
            hold: self.holds.get(task).cloned(),
            epoch: self.epoch,
        }
    }

    /// The workers that may be assigned to: those whose entry hangs on the lease they are named after.
    pub fn workers(&self) -> impl Iterator<Item = (&Worker, &Versioned<Session>)> {
        self.sessions.iter().filter(|((swarm, id), session)| {
            let legible = !self.illegible.iter().any(|(illegible, _)| illegible == swarm);
            session.value.assignable && id.lease() == Some(session.lease) && legible
        })
    }

    /// A worker's entry.
    #[must_use]
    pub fn worker(&self, worker: &Worker) -> Option<&Versioned<Session>> {
        self.sessions.get(worker)
    }

    /// How many tasks each worker holds.
    #[must_use]
    pub fn used(&self) -> HashMap<SessionId, u32> {
        let mut used = HashMap::new();
        for session in self.holds.values().filter_map(|hold| hold.value.session.clone()) {
            *used.entry(session).or_default() += 1;
        }
        used
    }

    /// Tasks that somebody should work on and nobody holds.
    pub fn orphans(&self) -> impl Iterator<Item = &TaskId> {
        self.records
            .iter()
            .filter(|(task, record)| record.value.state == State::Working && !self.holds.contains_key(*task))
            .map(|(task, _)| task)
    }

    /// Tasks whose owner a raw client replaced: owned, without a hold, and not by our own doing.
    pub fn raw_claims(&self) -> impl Iterator<Item = &TaskId> {
        self.owners
            .iter()
            .filter(|(task, owner)| {
                let record = self.records.get(*task);
                owner.name != UNCLAIMED
                    && !self.holds.contains_key(*task)
                    && record.is_none_or(|record| record.value.is_ready())
            })
            .map(|(task, _)| task)
    }

    /// All tasks.
    pub fn records(&self) -> impl Iterator<Item = &TaskRecord> {
        self.records.values().map(|record| &record.value)
    }

    /// One task.
    #[must_use]
    pub fn record(&self, task: &TaskId) -> Option<&TaskRecord> {
        self.records.get(task).map(|record| &record.value)
    }

    /// Whether somebody works on the task.
    #[must_use]
    pub fn is_held(&self, task: &TaskId) -> bool {
        self.holds.contains_key(task)
    }

    /// Blocked tasks that nobody has looked for help for.
    pub fn unanswered(&self) -> impl Iterator<Item = &TaskId> {
        self.records
            .iter()
            .filter(|(_, record)| {
                record.value.reason == Some(Reason::Blocked)
                    && record.value.blocker.as_ref().is_some_and(|blocker| !blocker.requested)
            })
            .map(|(task, _)| task)
    }

    /// Tasks and who waits for them, as the index has it.
    pub fn dependents(&self) -> impl Iterator<Item = &(TaskId, TaskId)> {
        self.dependents.iter()
    }

    /// Assignments that were not taken up yet.
    pub fn pushed(&self) -> impl Iterator<Item = (&Worker, &Versioned<Assignment>)> {
        self.inboxes.iter().map(|((worker, _), assignment)| (worker, assignment))
    }
}

/// The swarm whose account the key belongs to.
fn account_of(key: &Key) -> Option<&SwarmId> {
    match key {
        Key::Profile(swarm)
        | Key::Budget(Scope::Swarm(swarm))
        | Key::Breaker(Scope::Swarm(swarm))
        | Key::Probe(Scope::Swarm(swarm))
        | Key::Reputation(swarm) => Some(swarm),
        _ => None,
    }
}

/// What the view keeps; payloads, results, mail and the like are left where they are.
fn is_of_interest(key: &Key) -> bool {
    matches!(
        key,
        Key::Record(_)
            | Key::Owner(_)
            | Key::Hold(_)
            | Key::Dependent { .. }
            | Key::Session(..)
            | Key::Inbox(..)
            | Key::Profile(_)
            | Key::Budget(_)
            | Key::Breaker(_)
            | Key::Probe(_)
            | Key::Reputation(_)
            | Key::Policy
            | Key::Epoch
    )
}

fn put<K: Ord, T: serde::de::DeserializeOwned>(
    map: &mut BTreeMap<K, Versioned<T>>,
    key: K,
    entry: Option<&Entry>,
) -> Result<(), StoreError> {
    match entry.map(Entry::versioned).transpose()? {
        Some(value) => drop(map.insert(key, value)),
        None => drop(map.remove(&key)),
    }
    Ok(())
}
