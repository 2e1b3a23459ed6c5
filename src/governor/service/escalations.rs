//! Calls for a human: who looks after them, and how far the channels have taken them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Governor, GovernorError};
use crate::governor::decision::Remark;
use crate::governor::delivery::Delivery;
use crate::governor::escalation::{Answer, Answered, Escalation, EscalationKind};
use crate::id::ChannelName;
use crate::store::{Entry, Key, Precondition, Prefix, StoreError, Transaction, Versioned};

/// One call, and how far each channel has taken it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Called {
    /// The call.
    #[serde(flatten)]
    pub escalation: Escalation,
    /// How far the channels have come, by name.
    pub deliveries: BTreeMap<ChannelName, Delivery>,
}

impl Governor {
    /// All calls for a human, oldest first. What cannot be read is reported and passed over.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn escalations(&self) -> Result<Vec<Escalation>, GovernorError> {
        let (entries, _) = self.store.range(&Prefix::Escalations).await?;
        let mut escalations: Vec<_> =
            entries.iter().filter_map(read_call).map(|(_, call)| call.value).collect();
        escalations.sort_by_key(|escalation| escalation.triggered_at);
        Ok(escalations)
    }

    /// All calls for a human, oldest first, with how far the channels have taken them.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn calls(&self) -> Result<Vec<Called>, GovernorError> {
        let (entries, _) = self.store.range(&Prefix::Deliveries).await?;
        let mut deliveries: BTreeMap<String, BTreeMap<ChannelName, Delivery>> = BTreeMap::new();
        for (id, channel, delivery) in entries.iter().filter_map(read_delivery) {
            deliveries.entry(id).or_default().insert(channel, delivery.value);
        }
        let with_deliveries = |escalation: Escalation| {
            let deliveries = deliveries.remove(&escalation.id).unwrap_or_default();
            Called { escalation, deliveries }
        };
        Ok(self.escalations().await?.into_iter().map(with_deliveries).collect())
    }

    /// One call, with how far the channels have taken it.
    ///
    /// # Errors
    /// [`GovernorError::NoEscalation`] when there is none of this id.
    pub async fn call(&self, id: &str) -> Result<Called, GovernorError> {
        let escalation = self.escalation(id).await?.value;
        let (entries, _) = self.store.range(&Prefix::DeliveriesOf(id.to_owned())).await?;
        let deliveries = entries.iter().filter_map(read_delivery);
        let deliveries = deliveries.map(|(_, channel, delivery)| (channel, delivery.value)).collect();
        Ok(Called { escalation, deliveries })
    }

    /// Somebody looks after a call: it is not repeated any more. Doing it again is harmless.
    ///
    /// # Errors
    /// [`GovernorError::NoEscalation`] when there is none of this id, [`GovernorError::Settled`] when it is resolved.
    pub async fn acknowledge(
        &self,
        id: &str,
        note: Option<&Remark>,
        by: &str,
    ) -> Result<Escalation, GovernorError> {
        self.answer(id, note, by, Escalation::acknowledge).await
    }

    /// A call is settled, also one that nobody can read: whoever settles it is written in its place. Doing it again is
    /// harmless.
    ///
    /// # Errors
    /// [`GovernorError::NoEscalation`] when there is none of this id, [`GovernorError::Store`] when not even the id of one
    /// that nobody can read says what it was about.
    pub async fn resolve(
        &self,
        id: &str,
        note: Option<&Remark>,
        by: &str,
    ) -> Result<Escalation, GovernorError> {
        let resolved = self.answer(id, note, by, Escalation::resolve).await;
        match resolved {
            Err(GovernorError::Store(StoreError::Malformed { key, source })) => {
                let Some(kind) = EscalationKind::of_id(id) else {
                    return Err(StoreError::Malformed { key, source }.into());
                };
                self.resolve_illegible(id, kind, note, by).await
            }
            resolved => resolved,
        }
    }

    async fn resolve_illegible(
        &self,
        id: &str,
        kind: EscalationKind,
        note: Option<&Remark>,
        by: &str,
    ) -> Result<Escalation, GovernorError> {
        let (key, now) = (Key::Escalation(id.to_owned()), self.clock.now());
        let entry = self.store.get(&key).await?;
        let revision = entry.map_or(0, |entry| entry.mod_revision);
        let lost = Escalation::triggered(kind, "", "nobody could read it", "nothing", by, now);
        let answer = Answer { by: by.to_owned(), at: now, note: note.map(Remark::to_string) };
        let Answered::Changed(settled) = (Escalation { id: id.to_owned(), ..lost }).resolve(answer) else {
            return Err(GovernorError::Settled { id: id.to_owned() });
        };
        let unchanged = Precondition::unchanged(&key, revision);
        let transaction = Transaction::new().when(unchanged).put_json(&key, &*settled);
        if self.store.commit(transaction).await?.is_done() {
            return Ok(*settled);
        }
        // Somebody else has written it meanwhile.
        self.answer(id, note, by, Escalation::resolve).await
    }

    async fn answer(
        &self,
        id: &str,
        note: Option<&Remark>,
        by: &str,
        rule: fn(&Escalation, Answer) -> Answered,
    ) -> Result<Escalation, GovernorError> {
        loop {
            let call = self.escalation(id).await?;
            let note = note.map(Remark::to_string);
            let answer = Answer { by: by.to_owned(), at: self.clock.now(), note };
            let next = match rule(&call.value, answer) {
                Answered::Changed(next) => *next,
                Answered::Already => return Ok(call.value),
                Answered::Settled => return Err(GovernorError::Settled { id: id.to_owned() }),
            };
            if self.store.commit(Self::replace_call(id, &call, &next)).await?.is_done() {
                return Ok(next);
            }
        }
    }

    /// The fragment that writes what became of a call, if nobody has written it since.
    pub fn replace_call(id: &str, read: &Versioned<Escalation>, next: &Escalation) -> Transaction {
        let key = Key::Escalation(id.to_owned());
        Transaction::new().when(Precondition::unchanged(&key, read.mod_revision)).put_json(&key, next)
    }

    /// One call as it was written.
    ///
    /// # Errors
    /// [`GovernorError::NoEscalation`] when there is none of this id.
    pub async fn escalation(&self, id: &str) -> Result<Versioned<Escalation>, GovernorError> {
        let entry = self.store.get(&Key::Escalation(id.to_owned())).await?;
        let entry = entry.ok_or_else(|| GovernorError::NoEscalation { id: id.to_owned() })?;
        Ok(Self::call_from(&entry)?.1)
    }

    /// A call and its id, from its key: what the value says of the id does not count.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when it is none.
    pub fn call_from(entry: &Entry) -> Result<(String, Versioned<Escalation>), StoreError> {
        let mut call: Versioned<Escalation> = entry.versioned()?;
        if let Some(Key::Escalation(id)) = Key::parse(&entry.key) {
            call.value.id = id;
        }
        Ok((call.value.id.clone(), call))
    }
}

/// A call and its id; nothing when nobody can read it.
pub(super) fn read_call(entry: &Entry) -> Option<(String, Versioned<Escalation>)> {
    let read = Governor::call_from(entry);
    read.inspect_err(|error| tracing::warn!(%error, "a call for a human is passed over")).ok()
}

/// A delivery, and what and by which way; one that nobody can read counts as none.
pub(super) fn read_delivery(entry: &Entry) -> Option<(String, ChannelName, Versioned<Delivery>)> {
    let Some(Key::Delivery(id, channel)) = Key::parse(&entry.key) else { return None };
    Some((id, channel, legible(entry)))
}

/// The value of an entry, or its default when nobody can read it: the next write mends it.
fn legible<T: DeserializeOwned + Default>(entry: &Entry) -> Versioned<T> {
    entry.versioned().unwrap_or_else(|error| {
        tracing::warn!(%error, "a value is taken for none");
        Versioned {
            value: T::default(),
            create_revision: entry.create_revision,
            mod_revision: entry.mod_revision,
            lease: entry.lease,
        }
    })
}
