//! Listening: every push to one swarm as an event, for agents that stay connected and do the work themselves.

use serde::Serialize;

use super::session::{Connected, Received, Terms, legible, written};
use super::worker::insist;
use crate::clock::{Clock, Timestamp};
use crate::coordinator::hold::Mail;
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::coordinator::task::TaskRecord;
use crate::coordinator::token::Token;
use crate::store::{Entry, Key, Prefix, StoreError, Transaction};

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

/// Why listening ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nobody takes what is delivered.
    Unheard,
    /// It was told to stop.
    Stopped,
    /// The session is gone, and what it held with it.
    Disconnected,
}

/// Delivers pushes until told to stop, until the session is lost, or until `deliver` says that nobody takes them.
/// What is held then is returned.
///
/// # Errors
/// When the store refuses, and what `deliver` fails with.
pub async fn listen<E: From<CoordinatorError>>(
    coordinator: &Coordinator,
    clock: &Clock,
    terms: &Terms,
    stop: impl Future<Output = ()>,
    mut deliver: impl FnMut(&Push) -> Result<bool, E>,
) -> Result<Ended, E> {
    let connected = Connected::open(coordinator, clock, terms).await.map_err(CoordinatorError::from)?;
    let hello = Push::Connected { session: connected.id.to_string() };
    let listener = Listener { coordinator, connected: &connected };
    let ended = tokio::select! {
        ended = async {
            if !deliver(&hello)? {
                return Ok(Ended::Unheard);
            }
            loop {
                match listener.follow(&mut deliver).await {
                    Err(Interrupted::Compacted) => {}
                    Err(Interrupted::Failed(error)) => return Err(error),
                    Ok(()) => return Ok(Ended::Unheard),
                }
            }
        } => ended,
        () = connected.lost() => Ok(Ended::Disconnected),
        () = stop => Ok(Ended::Stopped),
    };
    connected.close().await;
    ended
}

struct Listener<'a> {
    coordinator: &'a Coordinator,
    connected: &'a Connected,
}

/// What ends a look at inbox and mail.
enum Interrupted<E> {
    /// The history was compacted while the connection was away: look anew.
    Compacted,
    /// Something else.
    Failed(E),
}

impl<E: From<CoordinatorError>> From<StoreError> for Interrupted<E> {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Compacted { .. } => Self::Compacted,
            error => Self::Failed(CoordinatorError::Store(error).into()),
        }
    }
}

impl Listener<'_> {
    /// Delivers until nobody takes it.
    async fn follow<E: From<CoordinatorError>>(
        &self,
        deliver: &mut impl FnMut(&Push) -> Result<bool, E>,
    ) -> Result<(), Interrupted<E>> {
        let store = self.coordinator.store();
        let mail = Prefix::Mail(self.connected.swarm.clone());
        let (mut letters, revision) = store.range(&mail).await?;
        let mut mailbox = store.watch(&mail, revision + 1);
        let (mut waiting, mut inbox) = self.connected.inbox().await?;
        loop {
            for entry in std::mem::take(&mut waiting) {
                if !self.hand_over(&entry, deliver).await.map_err(Interrupted::Failed)? {
                    return Ok(());
                }
            }
            for letter in std::mem::take(&mut letters) {
                if !self.hand_out(&letter, deliver).await? {
                    return Ok(());
                }
            }
            tokio::select! {
                batch = inbox.next() => waiting = written(&batch?),
                batch = mailbox.next() => letters = written(&batch?),
            }
        }
    }

    async fn hand_over<E: From<CoordinatorError>>(
        &self,
        entry: &Entry,
        deliver: &mut impl FnMut(&Push) -> Result<bool, E>,
    ) -> Result<bool, E> {
        let Some(assignment) = legible(entry) else { return Ok(true) };
        let at = self.connected.now();
        let received = insist(|| self.connected.acknowledge(&assignment, at)).await?;
        let Some(Received { record, token }) = received else { return Ok(true) };
        let (payload, _) = insist(|| self.coordinator.input(&record)).await?;
        let payload = payload.as_ref().map(Entry::text);
        deliver(&Push::Assignment { token, task: Box::new(record), payload, at })
    }

    /// Delivers a letter and deletes it; one that nobody can read is deleted unread.
    async fn hand_out<E: From<CoordinatorError>>(
        &self,
        letter: &Entry,
        deliver: &mut impl FnMut(&Push) -> Result<bool, E>,
    ) -> Result<bool, Interrupted<E>> {
        let taken = match legible::<Mail>(letter) {
            Some(mail) => deliver(&Push::Mail { mail: mail.value }).map_err(Interrupted::Failed)?,
            None => true,
        };
        if let Some(key) = Key::parse(&letter.key).filter(|_| taken) {
            self.coordinator.store().commit(Transaction::new().delete(&key)).await?;
        }
        Ok(taken)
    }
}
