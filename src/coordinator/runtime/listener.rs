//! Listening: every push to one swarm as an event, for agents that stay connected and do the work themselves.
//!
//! Outlasts a store that is away, and a session that is lost: then the listener connects anew. Every push is delivered
//! once; what was acknowledged and not delivered belongs to a session that has ended, and is pushed again.

use std::collections::HashSet;

use serde::Serialize;

use super::mailbox::{self, Reader, letter};
use super::session::{Connected, Received, Terms, legible, written};
use super::watching::forgotten;
use super::worker::insist;
use crate::clock::{Clock, Timestamp};
use crate::coordinator::hold::{Assignment, Hold};
use crate::coordinator::mail::{Letter, Mail};
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::coordinator::task::TaskRecord;
use crate::coordinator::token::Token;
use crate::store::{Batch, Entry, Key, Prefix, Query};

/// One push.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Push {
    /// The connection stands.
    Connected {
        /// The worker's name.
        session: String,
    },
    /// The connection was lost for good, and with it every task that was assigned since it stood.
    Disconnected {
        /// The worker's name.
        session: String,
    },
    /// A task to work on; it is held from now on, as long as the listener lives.
    Assignment {
        /// The revision that brought it.
        revision: i64,
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
        /// The revision that brought it.
        revision: i64,
        /// The message.
        mail: Mail,
    },
}

impl From<&Letter> for Push {
    fn from(letter: &Letter) -> Self {
        Self::Mail { revision: letter.revision, mail: letter.mail.clone() }
    }
}

/// Why listening ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nobody takes what is delivered.
    Unheard,
    /// It was told to stop.
    Stopped,
}

/// Delivers pushes until told to stop, or until `deliver` says that nobody takes them; what is held then is returned.
/// Begins with what was pushed to the swarm from revision `since` on: messages, also those that were read, and
/// assignments that are still held.
///
/// # Errors
/// When the store cannot be reached at first or refuses, [`CoordinatorError::Forgotten`] when the history from `since`
/// on is gone, and what `deliver` fails with.
pub async fn listen<E: From<CoordinatorError>>(
    coordinator: &Coordinator,
    clock: &Clock,
    terms: &Terms,
    since: Option<i64>,
    stop: impl Future<Output = ()>,
    mut deliver: impl FnMut(&Push) -> Result<bool, E>,
) -> Result<Ended, E> {
    if let Some(since) = since {
        let remembered = coordinator.store().remembers(since).await;
        remembered.map_err(|error| forgotten("listen", since, error))?;
    }
    let connect = || async { Ok(Connected::open_patiently(coordinator, clock, terms).await?) };
    let mut stop = std::pin::pin!(stop);
    let mut since = since;
    let mut connected = connect().await?;
    loop {
        let mut listener = Listener { coordinator, connected: &connected, repeated: HashSet::new() };
        let ended = tokio::select! {
            ended = listener.listen(since.take(), &mut deliver) => ended,
            () = connected.lost() => Ok(None),
            () = &mut stop => Ok(Some(Ended::Stopped)),
        };
        let session = connected.id.to_string();
        connected.close().await;
        if let Some(ended) = ended? {
            return Ok(ended);
        }
        tracing::warn!(session, "the session was lost: connecting anew");
        if !deliver(&Push::Disconnected { session })? {
            return Ok(Ended::Unheard);
        }
        connected = tokio::select! {
            connected = insist(connect) => connected?,
            () = &mut stop => return Ok(Ended::Stopped),
        };
    }
}

/// A listener with one session.
struct Listener<'a> {
    coordinator: &'a Coordinator,
    connected: &'a Connected,
    /// Messages that were delivered when history was told, and still lie in the mailbox.
    repeated: HashSet<String>,
}

type Interrupted<E> = mailbox::Interrupted<E>;

impl Listener<'_> {
    /// Delivers until nobody takes it; nothing when the session is over.
    async fn listen<E: From<CoordinatorError>>(
        &mut self,
        since: Option<i64>,
        deliver: &mut impl FnMut(&Push) -> Result<bool, E>,
    ) -> Result<Option<Ended>, E> {
        let past = match since {
            Some(since) => self.past(since).await?,
            None => Vec::new(),
        };
        let hello = Push::Connected { session: self.connected.id.to_string() };
        for push in std::iter::once(hello).chain(past) {
            if !deliver(&push)? {
                return Ok(Some(Ended::Unheard));
            }
        }
        loop {
            match self.follow(deliver).await {
                Err(Interrupted::Compacted) => {}
                Err(Interrupted::LeaseLost) => return Ok(None),
                Err(Interrupted::Failed(error)) => return Err(error),
                Ok(()) => return Ok(Some(Ended::Unheard)),
            }
        }
    }

    /// Delivers until nobody takes it.
    async fn follow<E: From<CoordinatorError>>(
        &self,
        deliver: &mut impl FnMut(&Push) -> Result<bool, E>,
    ) -> Result<(), Interrupted<E>> {
        let swarm = &self.connected.swarm;
        let reader = Reader::patient(self.coordinator, swarm, self.connected.lease());
        let (mut letters, revision) = insist(|| self.coordinator.mailbox(swarm)).await?;
        let mut mailbox = self.coordinator.store().watch(&Prefix::Mail(swarm.clone()), revision + 1);
        let (mut waiting, mut inbox) = insist(|| async { Ok(self.connected.inbox().await?) }).await?;
        loop {
            for entry in std::mem::take(&mut waiting) {
                if !self.hand_over(&entry, deliver).await? {
                    return Ok(());
                }
            }
            let is_new = |letter: &Letter| !self.repeated.contains(&letter.id);
            let hand_out = |letter: &Letter| {
                if is_new(letter) { deliver(&letter.into()).map_err(Interrupted::Failed) } else { Ok(true) }
            };
            if !reader.hand_out(&std::mem::take(&mut letters), hand_out).await? {
                return Ok(());
            }
            tokio::select! {
                batch = inbox.next() => waiting = written(&batch?),
                batch = mailbox.next() => letters = reader.news(&batch?).await?,
            }
        }
    }

    async fn hand_over<E: From<CoordinatorError>>(
        &self,
        entry: &Entry,
        deliver: &mut impl FnMut(&Push) -> Result<bool, E>,
    ) -> Result<bool, Interrupted<E>> {
        let Some(assignment) = legible(entry) else { return Ok(true) };
        let at = self.connected.now();
        let received = insist(|| self.connected.acknowledge(&assignment, at)).await?;
        let Some(received) = received else { return Ok(true) };
        let push = self.assignment(received, at).await?;
        deliver(&push).map_err(Interrupted::Failed)
    }

    async fn assignment(&self, received: Received, at: Timestamp) -> Result<Push, CoordinatorError> {
        let Received { record, token } = received;
        let (payload, _) = insist(|| self.coordinator.input(&record)).await?;
        let payload = payload.as_ref().map(Entry::text);
        Ok(Push::Assignment { revision: token.revision, token, task: Box::new(record), payload, at })
    }

    /// What was pushed to the swarm from revision `since` on, before this session.
    async fn past(&mut self, since: i64) -> Result<Vec<Push>, CoordinatorError> {
        let until = self.connected.revision;
        let prefix = Prefix::Swarm(self.connected.swarm.clone());
        let mut history = self.coordinator.store().watch(&prefix, since.clamp(1, until));
        let mut pushes = Vec::new();
        loop {
            // The session's own entry ends it.
            let batch = history.next().await.map_err(|error| forgotten("listen", since, error))?;
            self.retell(&batch, &mut pushes).await?;
            if batch.revision >= until {
                return Ok(pushes);
            }
        }
    }

    async fn retell(&mut self, batch: &Batch, pushes: &mut Vec<Push>) -> Result<(), CoordinatorError> {
        for entry in written(batch).iter().filter(|entry| entry.mod_revision < self.connected.revision) {
            match Key::parse(&entry.key) {
                Some(Key::Mail(_, id)) => {
                    pushes.extend(letter(entry).as_ref().map(Push::from));
                    self.repeated.insert(id);
                }
                Some(Key::Inbox(..)) => pushes.extend(self.still_held(entry).await?),
                _ => {}
            }
        }
        Ok(())
    }

    /// An assignment of before, when its worker has it still.
    async fn still_held(&self, entry: &Entry) -> Result<Option<Push>, CoordinatorError> {
        let Some(assignment) = legible::<Assignment>(entry) else { return Ok(None) };
        let Assignment { task, epoch, .. } = assignment.value;
        let token = Token { epoch, revision: assignment.create_revision };
        let queries = || vec![Query::One(Key::Record(task.clone())), Query::One(Key::Hold(task.clone()))];
        let read = insist(|| async { Ok(self.coordinator.store().read(queries()).await?) }).await?;
        let hold = read.one(1).map(Entry::versioned::<Hold>).transpose()?;
        let held = hold.is_some_and(|hold| hold.create_revision == token.revision);
        let (true, Some(record)) = (held, read.one(0)) else { return Ok(None) };
        let record: TaskRecord = record.json()?;
        let at = record.received_at.unwrap_or(assignment.value.at);
        self.assignment(Received { record, token }, at).await.map(Some)
    }
}
