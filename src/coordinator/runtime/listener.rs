//! Listening: every push to one swarm as an event, for agents that stay connected and do the work themselves.

use serde::Serialize;

use super::session::{Connected, Received, Terms, arrivals};
use crate::clock::{Clock, Timestamp};
use crate::coordinator::hold::{Assignment, Mail};
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::coordinator::task::TaskRecord;
use crate::coordinator::token::Token;
use crate::store::{Batch, Entry, Key, Prefix, Transaction, Versioned};

/// One push.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Push {
    /// The connection stands.
    Connected {
        /// The worker's name.
        session: String,
    },
    /// A task to work on; it is held from now on, as long as the listener lives.
    Assignment {
        /// Proof of being the holder.
        token: Token,
        /// The task.
        task: Box<TaskRecord>,
        /// What the submitter handed over.
        payload: Option<String>,
        /// When it was received.
        at: Timestamp,
    },
    /// A message; it is deleted once it was delivered.
    Mail {
        /// The message.
        mail: Mail,
    },
}

/// Delivers pushes until the connection is lost or `deliver` fails.
///
/// # Errors
/// When the store refuses or does not answer.
pub async fn listen<E: From<CoordinatorError>>(
    coordinator: &Coordinator,
    clock: &Clock,
    terms: &Terms,
    mut deliver: impl FnMut(&Push) -> Result<(), E>,
) -> Result<(), E> {
    let connected = Connected::open(coordinator, clock, terms).await.map_err(CoordinatorError::from)?;
    deliver(&Push::Connected { session: connected.id.to_string() })?;
    let listener = Listener { coordinator, connected: &connected };
    let ended = tokio::select! {
        ended = listener.follow(&mut deliver) => ended,
        () = connected.lost() => Ok(()),
    };
    connected.close().await;
    ended
}

struct Listener<'a> {
    coordinator: &'a Coordinator,
    connected: &'a Connected,
}

impl Listener<'_> {
    async fn follow<E: From<CoordinatorError>>(
        &self,
        deliver: &mut impl FnMut(&Push) -> Result<(), E>,
    ) -> Result<(), E> {
        let store = self.coordinator.store();
        let mail = Prefix::Mail(self.connected.swarm.clone());
        let (letters, revision) = store.range(&mail).await.map_err(CoordinatorError::from)?;
        let mut mailbox = store.watch(&mail, revision + 1);
        let (waiting, mut inbox) = self.connected.inbox().await.map_err(CoordinatorError::from)?;
        for assignment in waiting {
            self.hand_over(&assignment, deliver).await?;
        }
        self.hand_out(&letters, deliver).await?;
        loop {
            tokio::select! {
                batch = inbox.next() => {
                    let batch = batch.map_err(CoordinatorError::from)?;
                    for assignment in arrivals(&batch).map_err(CoordinatorError::from)? {
                        self.hand_over(&assignment, deliver).await?;
                    }
                }
                batch = mailbox.next() => {
                    let letters = written(&batch.map_err(CoordinatorError::from)?);
                    self.hand_out(&letters, deliver).await?;
                }
            }
        }
    }

    async fn hand_over<E: From<CoordinatorError>>(
        &self,
        assignment: &Versioned<Assignment>,
        deliver: &mut impl FnMut(&Push) -> Result<(), E>,
    ) -> Result<(), E> {
        let at = self.connected.now();
        let Some(Received { record, token }) = self.connected.acknowledge(assignment, at).await? else {
            return Ok(());
        };
        let (payload, _) = self.coordinator.input(&record).await?;
        let payload = payload.as_ref().map(Entry::text);
        deliver(&Push::Assignment { token, task: Box::new(record), payload, at })
    }

    async fn hand_out<E: From<CoordinatorError>>(
        &self,
        letters: &[Entry],
        deliver: &mut impl FnMut(&Push) -> Result<(), E>,
    ) -> Result<(), E> {
        for letter in letters {
            let mail: Mail = letter.json().map_err(CoordinatorError::from)?;
            deliver(&Push::Mail { mail })?;
            let Some(key) = Key::parse(&letter.key) else { continue };
            let read = Transaction::new().delete(&key);
            self.coordinator.store().commit(read).await.map_err(CoordinatorError::from)?;
        }
        Ok(())
    }
}

fn written(batch: &Batch) -> Vec<Entry> {
    batch.events.iter().filter(|event| !event.deleted).map(|event| event.entry.clone()).collect()
}
