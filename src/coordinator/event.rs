//! Events: what a change in the store means, in a word and the names that belong to it.
//!
//! Pure: callers read the store. A record says by what operation it was written; where that is not known here, its
//! states say what has happened.

use std::fmt;

use serde::Serialize;

use super::task::{State, TaskRecord};
use super::token::Token;
use crate::clock::Timestamp;
use crate::id::{SessionId, SwarmId, TaskId, UNCLAIMED};

/// What has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A task is there.
    Submitted,
    /// What it waited for is done: anybody qualified may claim it.
    Ready,
    /// One of the tasks it waits for is done.
    DependencyMet,
    /// One of the tasks it waits for has failed or was canceled.
    DependencyFailed,
    /// One that had failed is tried again.
    DependencyRetried,
    /// Somebody has claimed it.
    Claimed,
    /// It was pushed to a worker.
    Assigned,
    /// The worker has taken it up.
    Received,
    /// The worker did not take it up, and it was taken back.
    Recalled,
    /// Its worker has said how far it is.
    Progressed,
    /// Nothing was heard of its progress for too long.
    Stalled,
    /// Its worker cannot go on without help.
    Blocked,
    /// The governor has looked for help.
    HelpRequested,
    /// One piece of help is there.
    Helped,
    /// Help will not come.
    HelpFailed,
    /// It can go on.
    Unblocked,
    /// It is done.
    Completed,
    /// The attempt has failed; its state tells whether there will be another.
    Failed,
    /// It is to be tried again.
    Retried,
    /// It was called off.
    Canceled,
    /// Its worker gave it back.
    Released,
    /// Its worker has vanished.
    Returned,
    /// Something else about the task.
    Changed,
    /// Its record was deleted.
    Removed,
    /// A worker has connected.
    Joined,
    /// A worker is not connected any more.
    Left,
    /// A swarm was registered.
    Registered,
    /// A swarm's status is another one.
    Status,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.serialize(f)
    }
}

/// One event of a task or a swarm.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Event {
    /// The revision that brought it about.
    pub revision: i64,
    /// What has happened.
    pub event: Kind,
    /// To which task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// Whose it is or was, or the swarm that it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swarm: Option<SwarmId>,
    /// Its worker.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The token of the attempt, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// State and reason of the task afterwards, or the status of the swarm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The number of the attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempt: Option<u32>,
    /// More, in words: a question, an error, a note.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
}

/// A value before and after a change; what has vanished from the history is not known any more.
#[derive(Debug)]
pub struct Values<'a, T: ?Sized> {
    /// What was there.
    pub before: Option<&'a T>,
    /// What is there now.
    pub after: Option<&'a T>,
}

impl<T: ?Sized> Clone for Values<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: ?Sized> Copy for Values<'_, T> {}

impl Event {
    fn new(revision: i64, event: Kind) -> Self {
        Self {
            revision,
            event,
            task: None,
            swarm: None,
            session: None,
            token: None,
            state: None,
            attempt: None,
            detail: None,
            at: None,
            by: None,
        }
    }

    /// What it means that a task's record was written; `token` is that of the attempt, where it is known.
    #[must_use]
    pub fn of_record(
        task: &TaskId,
        record: Values<'_, TaskRecord>,
        token: Option<Token>,
        revision: i64,
    ) -> Self {
        let Some(after) = record.after else {
            let swarm = record.before.and_then(|before| before.owner.clone());
            return Self { task: Some(task.clone()), swarm, ..Self::new(revision, Kind::Removed) };
        };
        let kind = kind(record.before, after);
        let (swarm, attempt) = match kind {
            Kind::Submitted => (after.directed_to.clone(), None),
            _ => (after.owner.clone(), Some(after.attempt)),
        };
        Self {
            task: Some(task.clone()),
            swarm,
            token: token.or(after.completed_token),
            state: Some(after.standing()),
            attempt,
            detail: detail(kind, after),
            at: Some(after.updated_at),
            by: Some(after.by.clone()),
            ..Self::new(revision, kind)
        }
    }

    /// What it means that an owner key was written alone, as raw clients do.
    #[must_use]
    pub fn of_owner(task: &TaskId, owner: Values<'_, str>, revision: i64) -> Option<Self> {
        let kind = match (owner.before, owner.after?) {
            (None, UNCLAIMED) => Kind::Submitted,
            (_, UNCLAIMED) => Kind::Returned,
            _ => Kind::Claimed,
        };
        let swarm = if kind == Kind::Claimed { owner.after } else { owner.before };
        let swarm = swarm.and_then(|name| name.parse().ok());
        Some(Self { task: Some(task.clone()), swarm, ..Self::new(revision, kind) })
    }

    /// What it means that a worker's entry came or went; nothing when it was only written anew.
    #[must_use]
    pub fn of_session<T>(
        swarm: &SwarmId,
        session: &SessionId,
        entry: Values<'_, T>,
        revision: i64,
    ) -> Option<Self> {
        let kind = match (entry.before, entry.after) {
            (None, Some(_)) => Kind::Joined,
            (_, None) => Kind::Left,
            (Some(_), Some(_)) => return None,
        };
        let session = Some(session.clone());
        Some(Self { swarm: Some(swarm.clone()), session, ..Self::new(revision, kind) })
    }

    /// What it means that a swarm's profile was written; nothing when it had one.
    #[must_use]
    pub fn of_profile<T>(swarm: &SwarmId, profile: Values<'_, T>, revision: i64) -> Option<Self> {
        let is_new = profile.before.is_none() && profile.after.is_some();
        is_new.then(|| Self { swarm: Some(swarm.clone()), ..Self::new(revision, Kind::Registered) })
    }

    /// What it means that a swarm's status was written; nothing when it is the same.
    #[must_use]
    pub fn of_status(swarm: &SwarmId, status: Values<'_, str>, revision: i64) -> Option<Self> {
        if status.before == status.after {
            return None;
        }
        let state = status.after.map(str::to_owned);
        let detail = status.before.map(|before| format!("was {before}"));
        Some(Self { swarm: Some(swarm.clone()), state, detail, ..Self::new(revision, Kind::Status) })
    }
}

/// The operation of the record says it; an operation that is not known here is told by what it led to.
fn kind(before: Option<&TaskRecord>, after: &TaskRecord) -> Kind {
    match after.op.as_str() {
        "submit" => Kind::Submitted,
        "claim" => Kind::Claimed,
        "assign" => Kind::Assigned,
        "acknowledge" => Kind::Received,
        "recall" => Kind::Recalled,
        "heartbeat" | "progress" => Kind::Progressed,
        "stall" => Kind::Stalled,
        "block" => Kind::Blocked,
        "request-help" => Kind::HelpRequested,
        "help" | "help-failed" if after.is_ready() && !was_ready(before) => Kind::Unblocked,
        "help" => Kind::Helped,
        "help-failed" => Kind::HelpFailed,
        "unblock" => Kind::Unblocked,
        "complete" => Kind::Completed,
        "fail" | "expire" => Kind::Failed,
        "retry" => Kind::Retried,
        "cancel" => Kind::Canceled,
        "release" => Kind::Released,
        "reap" => Kind::Returned,
        "dependency-met" if after.is_ready() && !was_ready(before) => Kind::Ready,
        "dependency-met" => Kind::DependencyMet,
        "dependency-failed" => Kind::DependencyFailed,
        "dependency-retried" => Kind::DependencyRetried,
        "due" => Kind::Ready,
        _ => outcome(before, after),
    }
}

fn outcome(before: Option<&TaskRecord>, after: &TaskRecord) -> Kind {
    match after.state {
        State::Canceled => Kind::Canceled,
        State::Failed | State::Rejected => Kind::Failed,
        State::Completed => Kind::Completed,
        State::Submitted if after.is_ready() && !was_ready(before) => Kind::Ready,
        State::Submitted | State::Working | State::InputRequired | State::AuthRequired => Kind::Changed,
    }
}

fn was_ready(before: Option<&TaskRecord>) -> bool {
    before.is_some_and(TaskRecord::is_ready)
}

fn detail(kind: Kind, record: &TaskRecord) -> Option<String> {
    match kind {
        Kind::Submitted => Some(record.title.clone()).filter(|title| !title.is_empty()),
        Kind::Progressed => record.progress.as_ref()?.note.clone(),
        Kind::Blocked | Kind::Stalled => Some(record.blocker.as_ref()?.description.clone()),
        Kind::Failed => Some(record.error.as_ref()?.message.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
