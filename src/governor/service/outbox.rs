//! What the leader needs to bring calls to people: everything that is open, what happens to it, and a place to note
//! what became of it.

use std::collections::BTreeMap;

use tokio::sync::mpsc::Receiver;

use super::escalations::{read_call, read_delivery};
use super::{Governor, GovernorError};
use crate::clock::Timestamp;
use crate::governor::delivery::Delivery;
use crate::governor::escalation::Escalation;
use crate::governor::policy::Policy;
use crate::id::ChannelName;
use crate::store::{Batch, Commit, Key, Precondition, Prefix, StoreError, Transaction, Versioned};

/// Every call that is open, and how far each channel has taken it.
#[derive(Debug, Default)]
pub struct Outbox {
    /// The open calls, by id.
    pub calls: BTreeMap<String, Versioned<Escalation>>,
    /// How far they have been taken; also those that are not open any more.
    pub deliveries: BTreeMap<(String, ChannelName), Versioned<Delivery>>,
    /// The policy in force.
    pub policy: Policy,
    /// What happens is to be heard from here on.
    pub next_revision: i64,
}

/// What became of noting a delivery.
#[derive(Debug)]
pub enum Noted {
    /// It is written.
    Done(Versioned<Delivery>),
    /// Somebody else has written there, or removed the call.
    Stale,
    /// Another coordinator leads.
    Deposed,
}

impl Outbox {
    /// Takes in what happened to calls.
    pub fn apply(&mut self, batch: &Batch) {
        for event in &batch.events {
            let call = if event.deleted { None } else { read_call(&event.entry) };
            match call.filter(|(_, call)| call.value.is_open()) {
                Some((id, call)) => drop(self.calls.insert(id, call)),
                None => {
                    if let Some(Key::Escalation(id)) = Key::parse(&event.entry.key) {
                        self.calls.remove(&id);
                    }
                }
            }
        }
    }

    /// Takes in another policy; one that nobody can read changes nothing.
    pub fn apply_policy(&mut self, batch: &Batch) {
        let Some(event) = batch.events.last() else { return };
        match Governor::policy_from((!event.deleted).then_some(&event.entry)) {
            Ok(policy) => self.policy = policy,
            Err(error) => tracing::warn!(%error, "the last policy that could be read stays in force"),
        }
    }
}

impl Governor {
    /// Reads everything of an outbox.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn outbox(&self) -> Result<Outbox, GovernorError> {
        let (calls, revision) = self.store.range(&Prefix::Escalations).await?;
        let (deliveries, _) = self.store.range(&Prefix::Deliveries).await?;
        let calls = calls.iter().filter_map(read_call).filter(|(_, call)| call.value.is_open());
        let deliveries = deliveries.iter().filter_map(read_delivery);
        Ok(Outbox {
            calls: calls.collect(),
            deliveries: deliveries.map(|(id, channel, read)| ((id, channel), read)).collect(),
            policy: self.policy().await?,
            next_revision: revision + 1,
        })
    }

    /// What happens to calls, and to the policy, from a revision on.
    #[must_use]
    pub fn follow_calls(&self, from: i64) -> [Receiver<Result<Batch, StoreError>>; 2] {
        [self.store.watch(&Prefix::Escalations, from), self.store.watch_key(&Key::Policy, from)]
            .map(|watch| watch.without_previous().into_channel())
    }

    /// Notes how far a channel has taken a call, if it is still there and nobody else has noted anything since;
    /// `leader` is the revision that created the leader's key.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn note_delivery(
        &self,
        call: &Versioned<Escalation>,
        channel: &ChannelName,
        read: Option<&Versioned<Delivery>>,
        next: &Delivery,
        leader: i64,
    ) -> Result<Noted, GovernorError> {
        let id = &call.value.id;
        let key = Key::Delivery(id.clone(), channel.clone());
        let transaction = Transaction::new()
            .when(Precondition::created_at(&Key::Leader, leader))
            .when(Precondition::created_at(&Key::Escalation(id.clone()), call.create_revision))
            .when(Precondition::as_read(&key, read))
            .put_json(&key, next);
        match self.store.commit(transaction).await? {
            Commit::Done { revision } => Ok(Noted::Done(Versioned {
                value: next.clone(),
                create_revision: read.map_or(revision, |read| read.create_revision),
                mod_revision: revision,
                lease: 0,
            })),
            Commit::Refused(_) => self.why_refused(&key, next, leader).await,
        }
    }

    /// Why a delivery could not be noted. What was written and whose answer was lost counts as noted.
    async fn why_refused(&self, key: &Key, next: &Delivery, leader: i64) -> Result<Noted, GovernorError> {
        let present = self.store.get(&Key::Leader).await?;
        if present.is_none_or(|present| present.create_revision != leader) {
            return Ok(Noted::Deposed);
        }
        let written = self.store.get(key).await?;
        let written = written.and_then(|entry| entry.versioned::<Delivery>().ok());
        Ok(written.filter(|written| written.value == *next).map_or(Noted::Stale, Noted::Done))
    }

    /// What time it is for whoever delivers.
    #[must_use]
    pub fn time(&self) -> Timestamp {
        self.clock.now()
    }
}
