//! Listening: every push to one swarm as an event, for agents that stay connected and do the work themselves.
//!
//! Outlasts a store that is away, and a session that is lost: then the listener connects anew. Every push is delivered
//! once; what was acknowledged and not delivered belongs to a session that has ended, and is pushed again.

use std::collections::HashSet;

use serde::Serialize;

use nix::errno::Errno;
use nix::sys::signal::kill;
use nix::unistd::Pid;

use super::mailbox::{self, Reader, letter};
use super::session::{Connected, Received, Terms, host_name, legible, written};
use super::watching::{born, forgotten};
use super::worker::insist;
use crate::clock::{Clock, Timestamp};
use crate::coordinator::hold::{Assignment, Hold, Session};
use crate::coordinator::mail::{Letter, Mail};
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::coordinator::task::TaskRecord;
use crate::coordinator::token::Token;
use crate::id::SessionId;
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
/// assignments that are still held although the process is gone that had them.
///
/// # Errors
/// When the store cannot be reached at first or refuses, [`CoordinatorError::Forgotten`] when the history from `since`
/// on is gone, [`CoordinatorError::Unborn`] when it is still to come, and what `deliver` fails with.
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
        let present = remembered.map_err(|error| forgotten("listen", since, error))?;
        born("listen", since, present)?;
    }
    let connect = || async { Ok(Connected::open_patiently(coordinator, clock, terms).await?) };
    let mut stop = std::pin::pin!(stop);
    let mut past = Past { since, repeated: HashSet::new() };
    let mut connected = connect().await?;
    loop {
        let mut listener = Listener { coordinator, connected: &connected, past: &mut past };
        let ended = tokio::select! {
            ended = listener.listen(&mut deliver) => ended,
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

/// What is to be told of the past, by whichever session comes to it.
struct Past {
    /// From where on; nothing when it was told, or is not asked for.
    since: Option<i64>,
    /// Messages of which the past tells, and which may still lie in the mailbox.
    repeated: HashSet<String>,
}

/// A listener with one session.
struct Listener<'a> {
    coordinator: &'a Coordinator,
    connected: &'a Connected,
    past: &'a mut Past,
}

type Interrupted<E> = mailbox::Interrupted<E>;

impl Listener<'_> {
    /// Delivers until nobody takes it; nothing when the session is over.
    async fn listen<E: From<CoordinatorError>>(
        &mut self,
        deliver: &mut impl FnMut(&Push) -> Result<bool, E>,
    ) -> Result<Option<Ended>, E> {
        let hello = Push::Connected { session: self.connected.id.to_string() };
        if !deliver(&hello)? {
            return Ok(Some(Ended::Unheard));
        }
        if let Some(since) = self.past.since {
            for push in self.past(since).await? {
                if !deliver(&push)? {
                    return Ok(Some(Ended::Unheard));
                }
            }
            // Not before: the next session tells what this one could not.
            self.past.since = None;
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
            let is_new = |letter: &Letter| !self.past.repeated.contains(&letter.id);
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
                    self.past.repeated.insert(id);
                }
                Some(Key::Inbox(_, session, _)) => pushes.extend(self.still_held(entry, session).await?),
                _ => {}
            }
        }
        Ok(())
    }

    /// An assignment of before that is held still, and by nobody else who could go on with it.
    async fn still_held(&self, entry: &Entry, session: SessionId) -> Result<Option<Push>, CoordinatorError> {
        let Some(assignment) = legible::<Assignment>(entry) else { return Ok(None) };
        let Assignment { task, epoch, .. } = assignment.value;
        let token = Token { epoch, revision: assignment.create_revision };
        let keys = [
            Key::Record(task.clone()),
            Key::Hold(task),
            Key::Session(self.connected.swarm.clone(), session.clone()),
        ];
        let queries = || keys.iter().cloned().map(Query::One).collect();
        let read = insist(|| async { Ok(self.coordinator.store().read(queries()).await?) }).await?;
        let Some(hold) = read.one(1).and_then(legible::<Hold>) else { return Ok(None) };
        // Who asked for the next task, and left with it, has it by hand.
        let is_same = hold.create_revision == token.revision && hold.value.session == Some(session);
        let lives = read.one(2).and_then(legible::<Session>).is_some_and(|had| runs_elsewhere(&had.value));
        let (true, false, Some(record)) = (is_same, lives, read.one(0)) else { return Ok(None) };
        let record: TaskRecord = record.json()?;
        let at = record.received_at.unwrap_or(assignment.value.at);
        self.assignment(Received { record, token }, at).await.map(Some)
    }
}

/// Whether a worker is another process that runs. Of one on another machine nobody here can tell: while its session
/// lives, it counts as running.
fn runs_elsewhere(session: &Session) -> bool {
    if session.host != host_name() {
        return true;
    }
    let is_this = session.pid == std::process::id();
    let process = i32::try_from(session.pid).map(Pid::from_raw);
    !is_this && process.is_ok_and(|process| kill(process, None) != Err(Errno::ESRCH))
}
