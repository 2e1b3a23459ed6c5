//! The policy in force, as every process reads it.

use super::{Governor, GovernorError};
use crate::clock::Timestamp;
use crate::governor::escalation::{Escalation, EscalationKind, EscalationState};
use crate::governor::policy::{InForce, LeadersPolicy, Policy};
use crate::store::{Entry, Key, Precondition, Prefix, Query, StoreError, Transaction};

const OP: &str = "governor.policy";

/// What is wrong with a policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadPolicy {
    /// The file.
    pub file: String,
    /// Tells this content from others, so that one calls once.
    pub cause: String,
    /// What is wrong, with its place.
    pub problem: String,
}

impl BadPolicy {
    fn call(&self, by: &str, now: Timestamp) -> Escalation {
        let Self { file, cause, problem } = self;
        let issue = format!("the policy file is not followed, what was in force stays: {problem}");
        let action = format!("mend {file}: ifctl governor policy validate {file}");
        Escalation::triggered(EscalationKind::BadPolicy, cause, issue, action, by, now)
    }
}

impl Governor {
    /// The policy in force: what was published, else the default.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer or holds a malformed policy.
    pub async fn policy(&self) -> Result<Policy, GovernorError> {
        Ok(Self::policy_from(self.store.get(&Key::Policy).await?.as_ref())?)
    }

    /// The policy in force, from its key.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when it is none.
    pub fn policy_from(entry: Option<&Entry>) -> Result<Policy, StoreError> {
        match entry {
            Some(entry) => Ok(entry.json::<InForce>()?.policy),
            None => Ok(Policy::default()),
        }
    }

    /// The policy in force with its origin; none before a coordinator has led or somebody has applied one.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer or holds a malformed policy.
    pub async fn policy_in_force(&self) -> Result<Option<InForce>, GovernorError> {
        Ok(self.store.get(&Key::Policy).await?.as_ref().map(Entry::json).transpose()?)
    }

    /// Puts the leader's own policy in force if it takes the place of what is; what it put there.
    ///
    /// # Errors
    /// [`GovernorError::NotLeading`], [`GovernorError::Store`] when the store does not answer.
    pub async fn lead_with(
        &self,
        mine: &LeadersPolicy,
        leader: i64,
        by: &str,
    ) -> Result<Option<InForce>, GovernorError> {
        let next =
            |before: Option<&InForce>| mine.replaces(before).then(|| mine.in_force(by, self.clock.now()));
        self.put_in_force(Some(leader), next).await
    }

    /// Puts a policy in force until the leading coordinator's file changes or another one is applied; whether it differs
    /// from the one before.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn apply_policy(&self, policy: &Policy, file: &str, by: &str) -> Result<bool, GovernorError> {
        let next = |before: Option<&InForce>| match before {
            Some(before) if before.policy == *policy => None,
            before => Some(InForce::applied(policy, file, before, by, self.clock.now())),
        };
        Ok(self.put_in_force(None, next).await?.is_some())
    }

    /// Writes what `next` makes of what is in force. Of two that write at once, the last wins. What is there may be of
    /// another version and unreadable; then it counts as nothing.
    async fn put_in_force(
        &self,
        leader: Option<i64>,
        next: impl Fn(Option<&InForce>) -> Option<InForce>,
    ) -> Result<Option<InForce>, GovernorError> {
        loop {
            let (entry, fence) = self.read_to_write(&Key::Policy, leader).await?;
            let before = entry.as_ref().and_then(|entry| entry.json::<InForce>().ok());
            let Some(next) = next(before.as_ref()) else { return Ok(None) };
            let transaction = fence.put_json(&Key::Policy, &next);
            if self.store.commit(transaction).await?.is_done() {
                return Ok(Some(next));
            }
        }
    }

    /// Calls a human about a policy file, once for each content; whether it did.
    ///
    /// # Errors
    /// [`GovernorError::NotLeading`], [`GovernorError::Store`] when the store does not answer.
    pub async fn call_about_policy(
        &self,
        bad: &BadPolicy,
        leader: i64,
        by: &str,
    ) -> Result<bool, GovernorError> {
        let call = bad.call(by, self.clock.now());
        let key = Key::Escalation(call.id.clone());
        loop {
            let (entry, fence) = self.read_to_write(&key, Some(leader)).await?;
            if entry.as_ref().is_some_and(is_open) {
                return Ok(false);
            }
            if self.store.commit(fence.put_json(&key, &call)).await?.is_done() {
                return Ok(true);
            }
        }
    }

    /// Settles every call about the policy file, which is a good one now.
    ///
    /// # Errors
    /// [`GovernorError::NotLeading`], [`GovernorError::Store`] when the store does not answer.
    pub async fn settle_policy_calls(&self, leader: i64, by: &str) -> Result<(), GovernorError> {
        let ours = format!("{}.", EscalationKind::BadPolicy);
        let is_ours = |key: &Key| matches!(key, Key::Escalation(id) if id.starts_with(&ours));
        let (entries, _) = self.store.range_where(&Prefix::Escalations, is_ours).await?;
        for entry in entries.iter().filter(|entry| is_open(entry)) {
            let Some(key) = Key::parse(&entry.key) else { continue };
            self.settle_call(&key, leader, by).await?;
        }
        Ok(())
    }

    async fn settle_call(&self, key: &Key, leader: i64, by: &str) -> Result<(), GovernorError> {
        loop {
            let (entry, fence) = self.read_to_write(key, Some(leader)).await?;
            let Some(entry) = entry.filter(is_open) else { return Ok(()) };
            let (by, op) = (by.to_owned(), OP.to_owned());
            let settled = Escalation { state: EscalationState::Resolved, by, op, ..entry.json()? };
            if self.store.commit(fence.put_json(key, &settled)).await?.is_done() {
                return Ok(());
            }
        }
    }

    /// A key as it is, and the compares of a transaction that changes it: it is still so, and whoever leads still leads.
    async fn read_to_write(
        &self,
        key: &Key,
        leader: Option<i64>,
    ) -> Result<(Option<Entry>, Transaction), GovernorError> {
        let queries = [key.clone(), Key::Leader].map(Query::One).into();
        let snapshot = self.store.read(queries).await?;
        let entry = snapshot.one(0).cloned();
        let revision = entry.as_ref().map_or(0, |entry| entry.mod_revision);
        let unchanged = Transaction::new().when(Precondition::unchanged(key, revision));
        let Some(leader) = leader else { return Ok((entry, unchanged)) };
        if snapshot.one(1).is_none_or(|entry| entry.create_revision != leader) {
            return Err(GovernorError::NotLeading);
        }
        Ok((entry, unchanged.when(Precondition::created_at(&Key::Leader, leader))))
    }
}

/// Whether a call still waits for somebody; one that nobody can read does not.
fn is_open(entry: &Entry) -> bool {
    entry.json::<Escalation>().is_ok_and(|call| call.state != EscalationState::Resolved)
}
