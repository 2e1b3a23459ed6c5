//! What the leader sees: the store's keys as the watch tells them, parsed once.
//!
//! Applies changes in order and answers questions; decides nothing and writes nothing. Every answer comes from an
//! index that a change keeps up to date: what a step costs depends on what changed, not on what there is.

mod attendance;
mod duties;
mod news;
mod noting;
mod purse;
#[cfg(test)]
pub(super) mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use self::attendance::Attendance;
use self::duties::Owed;
use self::news::News;
pub use self::news::{Change, Receipt, Sign};
use self::purse::Purse;
use crate::clock::Timestamp;
use crate::coordinator::hold::{Assignment, Hold, Session};
use crate::coordinator::service::{DEEPEST, Epoch, Owner, Situation};
use crate::coordinator::task::TaskRecord;
use crate::governor::service::Governor;
use crate::governor::{Account, Escalation, Policy, TaskBudget};
use crate::id::{ClaimId, SessionId, SwarmId, TaskId, UNCLAIMED};
use crate::money::Money;
use crate::store::{Batch, Key, Prefix, Store, StoreError, Versioned};

/// A worker's name.
pub type Worker = (SwarmId, SessionId);

/// The store as the leader sees it.
#[derive(Debug, Default)]
pub struct View {
    /// The revision it shows.
    pub revision: i64,
    records: BTreeMap<TaskId, Versioned<TaskRecord>>,
    /// Tasks whose records cannot be read: nobody knows how they stand.
    illegible_records: HashSet<TaskId>,
    owners: HashMap<TaskId, Owner>,
    holds: HashMap<TaskId, Versioned<Hold>>,
    /// Tasks whose holds cannot be read: somebody has them.
    illegible_holds: HashSet<TaskId>,
    sessions: BTreeMap<SwarmId, BTreeMap<SessionId, Versioned<Session>>>,
    attendance: Attendance,
    inboxes: BTreeMap<(Worker, ClaimId), Versioned<Assignment>>,
    accounts: BTreeMap<SwarmId, Account>,
    /// The budgets of tasks; one that nobody can read has nothing left.
    budgets: HashMap<TaskId, TaskBudget>,
    /// The overall budget, and what there is to know of it.
    purse: Purse,
    statuses: HashMap<SwarmId, String>,
    /// Calls for a human that are open.
    calls: BTreeMap<String, Escalation>,
    /// Keys of accounts that cannot be read: their swarms get no work.
    illegible: BTreeMap<SwarmId, BTreeSet<String>>,
    policy: Policy,
    policy_is_illegible: bool,
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

    /// The policy in force; while it cannot be read, the one before.
    #[must_use]
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Whether the policy can be read: without it no service does anything.
    #[must_use]
    pub fn is_policy_legible(&self) -> bool {
        !self.policy_is_illegible
    }

    /// The store's epoch.
    #[must_use]
    pub fn epoch(&self) -> Epoch {
        self.epoch
    }

    /// The calls for a human that are open.
    pub fn calls(&self) -> impl Iterator<Item = &Escalation> {
        self.calls.values()
    }

    /// What the governor knows of a swarm.
    #[must_use]
    pub fn account(&self, swarm: &SwarmId) -> Cow<'_, Account> {
        let unknown = || Cow::Owned(Account::unregistered(swarm.clone()));
        self.accounts.get(swarm).map_or_else(unknown, Cow::Borrowed)
    }

    /// Notes that the overall budget does not have this.
    pub fn note_too_much(&mut self, amount: Money, now: Timestamp) {
        self.purse.note_too_much(amount, now);
    }

    /// Lets everybody try again who was left out for want of an allotment.
    pub fn forget_too_much(&mut self) {
        if self.purse.forget_too_much() {
            self.news.everything();
        }
    }

    /// Whether money was freed since the overall budget did not have something.
    #[must_use]
    pub fn has_freed_money(&self, now: Timestamp) -> bool {
        self.purse.has_freed_money(now)
    }

    /// Whether a swarm would have to draw for this what the overall budget did not have a moment ago.
    #[must_use]
    pub fn is_too_much(&self, account: &Account, amount: Money, now: Timestamp) -> bool {
        self.purse.is_too_much(amount) && !account.is_covered(amount, now)
    }

    /// What is spent of the overall budget, if anything about it has changed since this was asked last and people want to
    /// know.
    pub fn take_alarm(&mut self, now: Timestamp) -> Option<Money> {
        let overall = self.purse.take_news()?;
        let allotments =
            self.accounts.values().filter_map(|account| account.budget.as_ref()?.value.allotment);
        let spent = allotments.fold(Money::ZERO, |sum, allotment| sum.plus(allotment.at(now).spent));
        Governor::is_alarming(overall, spent, &self.policy, now).then_some(spent)
    }

    /// Asks for the alarm again with the next look.
    pub fn renew_alarm(&mut self) {
        self.purse.renew_news();
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

    /// Whether the record of the task can be read; that of no task need not be.
    #[must_use]
    pub fn is_record_legible(&self, task: &TaskId) -> bool {
        !self.illegible_records.contains(task)
    }

    /// Whether somebody works on the task.
    #[must_use]
    pub fn is_held(&self, task: &TaskId) -> bool {
        self.holds.contains_key(task) || self.illegible_holds.contains(task)
    }

    /// A task that may be handed out; none when it is not ready, or somebody has it.
    #[must_use]
    pub fn ready(&self, task: &TaskId) -> Option<&TaskRecord> {
        let record = &self.records.get(task)?.value;
        let unclaimed = self.owners.get(task).is_some_and(|owner| owner.name == UNCLAIMED);
        (record.is_ready() && unclaimed && !self.is_held(task)).then_some(record)
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
            budgets: self.budgets_for(task),
        }
    }

    /// The budgets that work on a task is paid from besides the swarm's: its own, and those of the tasks it helps.
    fn budgets_for(&self, task: &TaskId) -> Vec<TaskBudget> {
        if self.budgets.is_empty() {
            return Vec::new();
        }
        let helped = |task: &&TaskId| self.record(task).and_then(|record| record.helps.as_ref());
        let tasks = std::iter::successors(Some(task), helped).take(1 + DEEPEST);
        tasks.filter_map(|task| self.budgets.get(task).cloned()).collect()
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

    /// The workers that vanished without a word and are not forgotten yet, by swarm.
    #[must_use]
    pub fn vanished(&self) -> &BTreeMap<SwarmId, BTreeSet<SessionId>> {
        self.attendance.vanished()
    }

    /// Whether a swarm holds a task, connected or not.
    #[must_use]
    pub fn is_holding(&self, swarm: &SwarmId) -> bool {
        self.holding.contains_key(swarm)
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

    /// Blocked tasks that nobody has looked for help for.
    pub fn unanswered(&self) -> impl Iterator<Item = &TaskId> {
        self.owed.unanswered()
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

/// What the view keeps; payloads, results, mail and the like are left where they are.
fn is_of_interest(key: &Key) -> bool {
    matches!(
        key,
        Key::Record(_)
            | Key::Owner(_)
            | Key::Hold(_)
            | Key::Dependent { .. }
            | Key::Session(..)
            | Key::Presence(..)
            | Key::SwarmStatus(_)
            | Key::Inbox(..)
            | Key::Profile(_)
            | Key::Budget(_)
            | Key::Breaker(_)
            | Key::Probe(_)
            | Key::Reputation(_)
            | Key::Escalation(_)
            | Key::Policy
            | Key::Epoch
    )
}
