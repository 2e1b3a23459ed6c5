//! Taking in one changed key: what the view keeps of it, and what that changes in its indices.

use std::collections::{BTreeMap, HashMap};
use std::hash::Hash;

use super::View;
use crate::coordinator::hold::{Hold, Session};
use crate::coordinator::service::{Epoch, Owner};
use crate::coordinator::task::TaskRecord;
use crate::governor::service::Governor;
use crate::governor::{Account, TaskBudget};
use crate::id::{SessionId, SwarmId, TaskId};
use crate::money::Money;
use crate::store::{Entry, Key, Scope, StoreError, Versioned};

impl View {
    /// A value that nobody can read is as good as none: it is reported, and the rest goes on. A swarm with
    /// such an account is not trusted with work, and a task with such a hold is held. Of the policy, the last that
    /// could be read stays.
    pub(super) fn note(&mut self, entry: &Entry, deleted: bool) {
        let Some(key) = Key::parse(&entry.key) else { return };
        if let Some(swarm) = account_of(&key) {
            self.news.swarm(swarm);
        }
        self.set_legible(&key, true);
        let written = (!deleted).then_some(entry);
        if let Err(error) = self.set(key.clone(), written) {
            tracing::warn!(%error, "a value is left out of the view");
            self.set_legible(&key, false);
            if key != Key::Policy {
                // Without a value nothing can fail.
                let _ = self.set(key, None);
            }
        }
    }

    fn set_legible(&mut self, key: &Key, legible: bool) {
        match key {
            Key::Record(task) if legible => drop(self.illegible_records.remove(task)),
            Key::Record(task) => drop(self.illegible_records.insert(task.clone())),
            Key::Hold(task) if legible => drop(self.illegible_holds.remove(task)),
            Key::Hold(task) => drop(self.illegible_holds.insert(task.clone())),
            Key::Policy => self.policy_is_illegible = !legible,
            key => {
                if let Some(swarm) = account_of(key) {
                    self.set_account_legible(swarm, &key.to_string(), legible);
                }
            }
        }
    }

    fn set_account_legible(&mut self, swarm: &SwarmId, key: &str, legible: bool) {
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
                Some(_) => self.owed.waits(task, dependent),
                None => self.owed.waits_no_more(task, dependent),
            },
            Key::Session(swarm, session) => {
                let set = self.set_session(&swarm, session.clone(), entry);
                let worker = (swarm, session);
                let is_connected = self.worker(&worker).is_some();
                self.attendance.set_connected(&worker, is_connected);
                set?;
            }
            Key::Presence(swarm, session) => {
                let worker = (swarm, session);
                let is_connected = self.worker(&worker).is_some();
                self.attendance.set_noted(&worker, entry.is_some(), is_connected);
            }
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
                account.draws = self.purse.is_there();
                let before = idle(account);
                Governor::note(account, &key, entry)?;
                if matches!(key, Key::Budget(_)) {
                    self.purse.note(before, idle(account));
                }
            }
            Key::Budget(Scope::Overall) => {
                let has_more = self.purse.set(entry.map(Governor::overall_from));
                for account in self.accounts.values_mut() {
                    account.draws = entry.is_some();
                }
                if has_more {
                    self.forget_too_much();
                }
            }
            Key::Budget(Scope::Task(task)) => match Governor::task_budget_from(&task, entry) {
                Ok(Some(budget)) => drop(self.budgets.insert(task, budget)),
                Ok(None) => drop(self.budgets.remove(&task)),
                Err(error) => {
                    tracing::warn!(%error, "it counts as spent up");
                    self.budgets.insert(task.clone(), TaskBudget::spent_up(task));
                }
            },
            Key::SwarmStatus(swarm) => match entry {
                Some(entry) => drop(self.statuses.insert(swarm, entry.text())),
                None => drop(self.statuses.remove(&swarm)),
            },
            Key::Escalation(id) => match entry.map(Governor::call_from).transpose()? {
                Some((id, call)) if call.value.is_open() => drop(self.calls.insert(id, call.value)),
                Some(_) | None => drop(self.calls.remove(&id)),
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
        if let Some(record) = record {
            self.news.received(self.records.get(task).map(|before| &before.value), &record.value);
            self.records.insert(task.clone(), record);
        } else {
            self.records.remove(task);
        }
        self.touched(task);
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
        swarm: &SwarmId,
        session: SessionId,
        entry: Option<&Entry>,
    ) -> Result<(), StoreError> {
        let written: Option<Versioned<Session>> = entry.map(Entry::versioned).transpose()?;
        self.news.worker(swarm, &session);
        let of_swarm = self.sessions.entry(swarm.clone()).or_default();
        if let Some(written) = written {
            if of_swarm.insert(session, written).is_none() {
                self.news.came(swarm);
            }
            return Ok(());
        }
        if let Some(before) = of_swarm.remove(&session) {
            self.news.went(swarm, before.value.has_said_goodbye());
        }
        if of_swarm.is_empty() {
            self.sessions.remove(swarm);
        }
        Ok(())
    }

    /// Brings up to date what depends on a task's keys.
    fn touched(&mut self, task: &TaskId) {
        let (record, owner) = (self.records.get(task), self.owners.get(task));
        self.owed.note(task, record.map(|record| &record.value), owner, self.is_held(task));
        self.news.task(task);
    }
}

/// What of the allotment of a swarm is not committed.
fn idle(account: &Account) -> Money {
    account.budget.as_ref().map_or(Money::ZERO, |budget| budget.value.idle())
}

fn decrease<K: Eq + Hash>(counts: &mut HashMap<K, u32>, key: &K) {
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
