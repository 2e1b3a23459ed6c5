//! Why an operation on tasks did not happen.

use crate::coordinator::backlog::BacklogError;
use crate::coordinator::mail::MailError;
use crate::coordinator::task::{Reason, State};
use crate::coordinator::token::Token;
use crate::governor::Refusal;
use crate::governor::service::GovernorError;
use crate::id::{ClaimId, SwarmId, TaskId};
use crate::money::Money;
use crate::store::StoreError;

/// What can go wrong with tasks.
#[derive(Debug, thiserror::Error)]
pub enum CoordinatorError {
    /// The store did not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The governor did not do its part.
    #[error(transparent)]
    Governor(#[from] GovernorError),
    /// The governor said no.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The description of a task is wrong.
    #[error(transparent)]
    Backlog(#[from] BacklogError),
    /// No such task.
    #[error("there is no task {task}")]
    NoTask {
        /// The name that was asked for.
        task: TaskId,
    },
    /// A dependency that does not exist.
    #[error("task {task} depends on {dependency}, which does not exist")]
    NoDependency {
        /// The task.
        task: TaskId,
        /// What it waits for.
        dependency: TaskId,
    },
    /// More dependencies than one transaction can compare.
    #[error("task {task} depends on {count} tasks, {limit} are allowed")]
    TooManyDependencies {
        /// The task.
        task: TaskId,
        /// How many it named.
        count: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// More capabilities than one question may need.
    #[error("task {task} needs {count} capabilities of its helpers, {limit} are allowed")]
    TooManyNeeds {
        /// The task.
        task: TaskId,
        /// How many it named.
        count: usize,
        /// How many are allowed.
        limit: usize,
    },
    /// What a claim has cost in all is said when it ends.
    #[error("the claim of task {task} has not ended")]
    NotEnded {
        /// The task.
        task: TaskId,
    },
    /// What an attempt has cost is booked for whoever holds the task, and nobody does.
    #[error("nobody holds task {task}: {cost} dollars would be booked for nobody")]
    NotHeld {
        /// The task.
        task: TaskId,
        /// What was reported.
        cost: Money,
    },
    /// No settlement of the task bears the token: it is of another task, or older than settlements with tokens.
    #[error("no claim of task {task} that has ended had the token {token}")]
    Unproven {
        /// The task.
        task: TaskId,
        /// The token.
        token: Token,
    },
    /// A name for a claim that was used up.
    #[error("claim {claim} of task {task} has ended")]
    Ended {
        /// The task.
        task: TaskId,
        /// The claim.
        claim: ClaimId,
    },
    /// Submitted before, and not the same.
    #[error("task {task} exists already")]
    Exists {
        /// The task.
        task: TaskId,
    },
    /// The token is not that of the present holder.
    #[error("token {token} of task {task} is stale: {}", held_by(holder.as_deref()))]
    Stale {
        /// The task.
        task: TaskId,
        /// The token that was shown.
        token: Token,
        /// Who holds the task now.
        holder: Option<String>,
    },
    /// The state does not allow it.
    #[error("task {task} is {}, so it cannot be {wish}", described(*state, *reason))]
    WrongState {
        /// The task.
        task: TaskId,
        /// Where it stands.
        state: State,
        /// More precisely.
        reason: Option<Reason>,
        /// What was wished for.
        wish: &'static str,
    },
    /// Larger than the store takes.
    #[error("the {what} of task {task} has {size} bytes, {limit} are allowed")]
    TooLarge {
        /// The task.
        task: TaskId,
        /// What is too large.
        what: &'static str,
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A message that cannot be sent.
    #[error(transparent)]
    Mail(#[from] MailError),
    /// Too much lies in the mailbox unread.
    #[error("the mailbox of {swarm} has {limit} unread messages, which is as many as it takes")]
    MailboxFull {
        /// Whose mailbox.
        swarm: SwarmId,
        /// How many messages it takes.
        limit: usize,
    },
    /// Others wrote to the mailbox too often at the same time.
    #[error("the mailbox of {swarm} changed so often that nothing could be put into it")]
    MailboxBusy {
        /// Whose mailbox.
        swarm: SwarmId,
    },
    /// A stream was to begin before what is left of the history.
    #[error("the history from revision {since} on is gone: {oldest} is the oldest revision that is left")]
    Forgotten {
        /// What was to begin: a verb of the command line.
        stream: &'static str,
        /// Where it was to begin.
        since: i64,
        /// Where it can.
        oldest: i64,
    },
    /// A stream was to begin with what has not come yet.
    #[error("revision {since} is not there yet: {present} is the present one")]
    Unborn {
        /// What was to begin: a verb of the command line.
        stream: &'static str,
        /// Where it was to begin.
        since: i64,
        /// The newest revision.
        present: i64,
    },
    /// The session ended while something was waited for.
    #[error("the session was lost, and with it what it waited for")]
    SessionLost,
    /// Nobody hands out tasks.
    #[error("no coordinator leads, so nobody hands out tasks")]
    NoLeader,
    /// Others were faster too often.
    #[error("task {task} changed so often that nothing could be written")]
    Contended {
        /// The task.
        task: TaskId,
    },
}

impl CoordinatorError {
    /// Whether the same call may go through later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Governor(error) => error.is_retryable(),
            Self::Contended { .. } | Self::NoLeader | Self::SessionLost | Self::MailboxBusy { .. } => true,
            Self::Refused(_)
            | Self::Backlog(_)
            | Self::NoTask { .. }
            | Self::NoDependency { .. }
            | Self::TooManyDependencies { .. }
            | Self::TooManyNeeds { .. }
            | Self::Exists { .. }
            | Self::Ended { .. }
            | Self::NotEnded { .. }
            | Self::NotHeld { .. }
            | Self::Unproven { .. }
            | Self::Stale { .. }
            | Self::WrongState { .. }
            | Self::TooLarge { .. }
            | Self::Mail(_)
            | Self::MailboxFull { .. }
            | Self::Forgotten { .. }
            | Self::Unborn { .. } => false,
        }
    }
}

fn held_by(holder: Option<&str>) -> String {
    holder.map_or_else(
        || "nobody holds the task now".to_owned(),
        |holder| format!("{holder} holds the task now"),
    )
}

/// A state with its reason, as a person would say it.
#[must_use]
pub(super) fn described(state: State, reason: Option<Reason>) -> String {
    reason.map_or_else(|| state.to_string(), |reason| format!("{state} ({reason})"))
}
