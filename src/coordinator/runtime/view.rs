//! What the leader sees: the store's keys as the watch tells them, parsed once.
//!
//! Applies changes in order and answers questions; decides nothing and writes nothing. Every answer comes from an
//! index that a change keeps up to date: what a step costs depends on what changed, not on what there is.

mod duties;
mod news;
#[cfg(test)]
pub(super) mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::duties::Owed;
use self::news::News;
pub use self::news::{Change, Receipt, Sign};
use crate::coordinator::hold::{Assignment, Hold, Session};
use crate::coordinator::service::{Epoch, Owner, Situation};
use crate::coordinator::task::TaskRecord;
use crate::governor::service::Governor;
use crate::governor::{Account, Policy};
use crate::id::{ClaimId, SessionId, SwarmId, TaskId, UNCLAIMED};
use crate::store::{Batch, Entry, Key, Prefix, Scope, Store, StoreError, Versioned};

/// A worker's name.
pub type Worker = (SwarmId, SessionId);

/// The store as the leader sees it.
#[derive(Debug, Default)]
pub struct View {
    /// The revision it shows.
    pub revision: i64,
    records: BTreeMap<TaskId, Versioned<TaskRecord>>,
    owners: HashMap<TaskId, Owner>,
    holds: HashMap<TaskId, Versioned<Hold>>,
    sessions: BTreeMap<SwarmId, BTreeMap<SessionId, Versioned<Session>>>,
    inboxes: BTreeMap<(Worker, ClaimId), Versioned<Assignment>>,
    accounts: BTreeMap<SwarmId, Account>,
    statuses: HashMap<SwarmId, String>,
    /// Keys of accounts that cannot be read: their swarms get no work.
    illegible: BTreeMap<SwarmId, BTreeSet<String>>,
    policy: Policy,
    epoch: Epoch,
    /// How many tasks each worker holds, and each swarm.
    used: HashMap<SessionId, u32>,
    holding: HashMap<SwarmId, u32>,
    owed: Owed,
    news: News,
}

impl View {
    /// Reads everything of interest at one revision.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn read(store: &Store) -> Result<Self, StoreError> {
        let (entries, revision) = store.range_where(&Prefix::All, is_of_interest).await?;
        let mut view = Self { revision, ..Self::default() };
        for entry in &entries {
            view.note(entry, false);
        }
        view.news.begin();
        Ok(view)
    }

    /// Takes in what changed.
    pub fn apply(&mut self, batch: &Batch) {
        for event in &batch.events {
            self.note(&event.entry, event.deleted);
        }
        self.news.settle_departures(&self.holding);
        self.revision = batch.revision;
    }

    /// What has changed since this was asked last.
    pub fn take_change(&mut self) -> Change {
        self.news.take_change()
    }

    /// What swarms have shown of themselves since this was asked last.
    pub fn take_signs(&mut self) -> Vec<Sign> {
        self.news.take_signs()
    }

    /// A value that nobody can read is as good as none: it is reported, and the rest goes on. A swarm with
    /// such an account is not trusted with work.
    fn note(&mut self, entry: &Entry, deleted: bool) {
        let Some(key) = Key::parse(&entry.key) else { return };
        let account = account_of(&key).cloned();
        if let Some(swarm) = &account {
            self.news.swarm(swarm);
            self.set_legible(swarm, &entry.key, true);
        }
        let written = (!deleted).then_some(entry);
        if let Err(error) = self.set(key.clone(), written) {
            tracing::warn!(%error, "a value is left out of the view");
            if let Some(swarm) = &account {
                self.set_legible(swarm, &entry.key, false);
            }
            // Without a value nothing can fail.
            let _ = self.set(key, None);
        }
    }

    fn set_legible(&mut self, swarm: &SwarmId, key: &str, legible: bool) {
        if !legible {
            self.illegible.entry(swarm.clone()).or_default().insert(key.to_owned());
        } else if let Some(keys) = self.illegible.get_mut(swarm) {
            keys.remove(key);
            if keys.is_empty() {
                self.illegible.remove(swarm);
            }
        }
    }

    fn set(&mut self, key: Key, entry: Option<&Entry>) -> Result<(), StoreError> {
        match key {
            Key::Record(task) => self.set_record(&task, entry)?,
            Key::Owner(task) => {
                match entry.map(Owner::from_entry) {
                    Some(owner) => drop(self.owners.insert(task.clone(), owner)),
                    None => drop(self.owners.remove(&task)),
                }
                self.touched(&task);
            }
            Key::Hold(task) => self.set_hold(&task, entry)?,
            Key::Dependent { task, dependent } => match entry {
                Some(_) => {
                    let record = self.records.get(&task);
                    self.owed.waits(task, dependent, record);
                }
                None => self.owed.waits_no_more(task, dependent),
            },
            Key::Session(swarm, session) => self.set_session(swarm, session, entry)?,
            Key::Inbox(swarm, session, claim) => put(&mut self.inboxes, ((swarm, session), claim), entry)?,
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
            Key::SwarmStatus(swarm) => match entry {
                Some(entry) => drop(self.statuses.insert(swarm, entry.text())),
                None => drop(self.statuses.remove(&swarm)),
            },
            Key::Settlement(..) => self.news.settled(entry)?,
            Key::Policy => {
                self.policy = Governor::policy_from(entry)?;
                self.news.everything();
            }
            Key::Epoch => self.epoch = Epoch::from_entry(entry),
            _ => {}
        }
        Ok(())
    }

    fn set_record(&mut self, task: &TaskId, entry: Option<&Entry>) -> Result<(), StoreError> {
        let record: Option<Versioned<TaskRecord>> = entry.map(Entry::versioned).transpose()?;
        let before = match record {
            Some(record) => {
                self.news.received(self.records.get(task).map(|before| &before.value), &record.value);
                self.records.insert(task.clone(), record)
            }
            None => self.records.remove(task),
        };
        self.owed.forget(before.as_ref().map(|record| &record.value));
        self.touched(task);
        self.owed.note_waiting(task, self.records.get(task));
        Ok(())
    }

    fn set_hold(&mut self, task: &TaskId, entry: Option<&Entry>) -> Result<(), StoreError> {
        let hold: Option<Versioned<Hold>> = entry.map(Entry::versioned).transpose()?;
        if let Some(hold) = &hold {
            *self.holding.entry(hold.value.swarm.clone()).or_default() += 1;
            if let Some(session) = &hold.value.session {
                self.news.worker(&hold.value.swarm, session);
                *self.used.entry(session.clone()).or_default() += 1;
            }
        }
        let before = match hold {
            Some(hold) => self.holds.insert(task.clone(), hold),
            None => self.holds.remove(task),
        };
        if let Some(hold) = before {
            decrease(&mut self.holding, &hold.value.swarm);
            if let Some(session) = &hold.value.session {
                self.news.worker(&hold.value.swarm, session);
                decrease(&mut self.used, session);
            }
        }
        self.touched(task);
        Ok(())
    }

    fn set_session(
        &mut self,
        swarm: SwarmId,
        session: SessionId,
        entry: Option<&Entry>,
    ) -> Result<(), StoreError> {
        let written: Option<Versioned<Session>> = entry.map(Entry::versioned).transpose()?;
        self.news.worker(&swarm, &session);
        let of_swarm = self.sessions.entry(swarm.clone()).or_default();
        match written {
            Some(written) => {
                if of_swarm.insert(session, written).is_none() {
                    self.news.came(&swarm);
                }
            }
            None => {
                if let Some(before) = of_swarm.remove(&session) {
                    self.news.went(&swarm, before.value.has_said_goodbye());
                }
                if of_swarm.is_empty() {
                    self.sessions.remove(&swarm);
                }
            }
        }
        Ok(())
    }

    /// Brings up to date what depends on a task's keys.
    fn touched(&mut self, task: &TaskId) {
        let (record, owner) = (self.records.get(task), self.owners.get(task));
        self.owed.note(task, record.map(|record| &record.value), owner, self.holds.contains_key(task));
        self.news.task(task);
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

    /// The status word of a swarm, as its key has it.
    #[must_use]
    pub fn status(&self, swarm: &SwarmId) -> Option<&str> {
        self.statuses.get(swarm).map(String::as_str)
    }

    /// All status words.
    pub fn statuses(&self) -> impl Iterator<Item = (&SwarmId, &str)> {
        self.statuses.iter().map(|(swarm, word)| (swarm, word.as_str()))
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

    /// A task that may be handed out; none when it is not ready, or somebody has it.
    #[must_use]
    pub fn ready(&self, task: &TaskId) -> Option<&TaskRecord> {
        let record = &self.records.get(task)?.value;
        let unclaimed = self.owners.get(task).is_some_and(|owner| owner.name == UNCLAIMED);
        (record.is_ready() && unclaimed && !self.holds.contains_key(task)).then_some(record)
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

    /// The swarms that are connected.
    pub fn connected(&self) -> impl Iterator<Item = &SwarmId> {
        self.sessions.keys()
    }

    /// Whether a swarm is connected.
    #[must_use]
    pub fn is_connected(&self, swarm: &SwarmId) -> bool {
        self.sessions.contains_key(swarm)
    }

    /// Whether the account of a swarm can be read.
    #[must_use]
    pub fn is_legible(&self, swarm: &SwarmId) -> bool {
        !self.illegible.contains_key(swarm)
    }

    /// The workers of a swarm that may be assigned to.
    pub fn workers(&self, swarm: &SwarmId) -> impl Iterator<Item = (&SessionId, &Session)> {
        let sessions = self.sessions.get(swarm).into_iter().flat_map(BTreeMap::keys);
        sessions.filter_map(|session| Some((session, self.assignable(swarm, session)?)))
    }

    /// A worker that may be assigned to: its entry hangs on the lease that it is named after, and the account of
    /// its swarm can be read.
    #[must_use]
    pub fn assignable(&self, swarm: &SwarmId, session: &SessionId) -> Option<&Session> {
        let entry = self.sessions.get(swarm)?.get(session)?;
        let genuine = session.lease() == Some(entry.lease) && self.is_legible(swarm);
        (genuine && entry.value.assignable).then_some(&entry.value)
    }

    /// A worker's entry.
    #[must_use]
    pub fn worker(&self, (swarm, session): &Worker) -> Option<&Versioned<Session>> {
        self.sessions.get(swarm)?.get(session)
    }

    /// How many tasks a worker holds.
    #[must_use]
    pub fn used(&self, session: &SessionId) -> u32 {
        self.used.get(session).copied().unwrap_or(0)
    }

    /// Tasks that somebody should work on and nobody holds.
    pub fn orphans(&self) -> impl Iterator<Item = &TaskId> {
        self.owed.orphans()
    }

    /// Tasks whose owner a raw client replaced: owned, without a hold, and not by our own doing.
    pub fn raw_claims(&self) -> impl Iterator<Item = &TaskId> {
        self.owed.raw_claims()
    }

    /// Tasks that wait for their next attempt, the first to be due first.
    pub fn backing_off(&self) -> impl Iterator<Item = &TaskRecord> {
        self.owed.backing_off().filter_map(|task| self.records.get(task)).map(|record| &record.value)
    }

    /// Blocked tasks that nobody has looked for help for.
    pub fn unanswered(&self) -> impl Iterator<Item = &TaskId> {
        self.owed.unanswered()
    }

    /// Dependents of completed tasks that were not freed by the completion itself.
    pub fn left_over(&self) -> impl Iterator<Item = &(TaskId, TaskId)> {
        self.owed.left_over()
    }

    /// Tasks and who waits for them, as the index has it.
    pub fn dependents(&self) -> impl Iterator<Item = &(TaskId, TaskId)> {
        self.owed.dependents()
    }

    /// Assignments that were not taken up yet.
    pub fn pushed(&self) -> impl Iterator<Item = (&Worker, &Versioned<Assignment>)> {
        self.inboxes.iter().map(|((worker, _), assignment)| (worker, assignment))
    }
}

fn decrease<K: Eq + std::hash::Hash>(counts: &mut HashMap<K, u32>, key: &K) {
    match counts.get_mut(key) {
        Some(count) if *count > 1 => *count -= 1,
        _ => drop(counts.remove(key)),
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
            | Key::SwarmStatus(_)
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
