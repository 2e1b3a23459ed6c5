//! Ending or interrupting an attempt: complete, fail, release, block, heartbeat. All need the token.

use super::attempted::Attempted;
use super::dependents::effects_of;
use super::{Coordinator, CoordinatorError, TRIES};
use crate::coordinator::backlog::{MAX_CAPABILITIES, MAX_PAYLOAD, MAX_TEXT};
use crate::coordinator::hold::Hold;
use crate::coordinator::task::{State, TaskError, TaskRecord};
use crate::coordinator::token::Token;
use crate::id::{Capability, TaskId, UNCLAIMED};
use crate::money::Money;
use crate::store::{Entry, Key, Transaction, Versioned, yield_to_rivals};

/// What became of a wish to end an attempt.
#[derive(Debug, Clone)]
pub enum Finished {
    /// It is written.
    Done(Box<TaskRecord>),
    /// The same had been accepted before.
    Already(Box<TaskRecord>),
}

impl Finished {
    /// The record as it stands.
    #[must_use]
    pub fn record(&self) -> &TaskRecord {
        match self {
            Self::Done(record) | Self::Already(record) => record,
        }
    }
}

/// Why an attempt failed and what it cost.
#[derive(Debug, Clone)]
pub struct Failing {
    /// What happened.
    pub error: TaskError,
    /// What it cost; by default what was set aside.
    pub cost: Option<Money>,
}

/// Why an attempt cannot go on.
#[derive(Debug, Clone)]
pub struct Blocking {
    /// What a helper must be able to do.
    pub needs: Vec<Capability>,
    /// The question, in words.
    pub description: String,
    /// What it has cost so far; by default nothing.
    pub cost: Money,
}

/// How an attempt ends.
#[derive(Debug)]
enum End {
    Complete { result: Vec<u8>, cost: Option<Money> },
    Fail { failing: Failing, jitter: f64 },
    Release { cost: Money },
    Block(Blocking),
}

impl End {
    fn cost(&self) -> Option<Money> {
        match self {
            Self::Complete { cost, .. } => *cost,
            Self::Fail { failing, .. } => failing.cost,
            Self::Release { cost } => Some(*cost),
            Self::Block(blocking) => Some(blocking.cost),
        }
    }
}

impl Coordinator {
    /// Reports the work as done, with what it produced and what it cost, by default what was set aside. At most
    /// one completion of a task is ever accepted; repeating it is harmless.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn complete(
        &self,
        task: &TaskId,
        token: Token,
        result: Vec<u8>,
        cost: Option<Money>,
    ) -> Result<Finished, CoordinatorError> {
        if result.len() > MAX_PAYLOAD {
            let (task, size) = (task.clone(), result.len());
            return Err(CoordinatorError::TooLarge { task, what: "result", size, limit: MAX_PAYLOAD });
        }
        self.end(task, token, &End::Complete { result, cost }).await
    }

    /// Reports that the attempt failed.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn fail(
        &self,
        task: &TaskId,
        token: Token,
        failing: Failing,
    ) -> Result<Finished, CoordinatorError> {
        limited(task, "failure message", &failing.error.message)?;
        limited(task, "failure class", &failing.error.class)?;
        self.end(task, token, &End::Fail { failing, jitter: rand::random() }).await
    }

    /// Gives the task back unfinished; `cost` is what it has cost so far.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn release(
        &self,
        task: &TaskId,
        token: Token,
        cost: Money,
    ) -> Result<Finished, CoordinatorError> {
        self.end(task, token, &End::Release { cost }).await
    }

    /// Says that the attempt cannot go on without help: frees the worker, tells `orchestrator`, and lets the
    /// governor look for help.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn block(
        &self,
        task: &TaskId,
        token: Token,
        blocking: Blocking,
    ) -> Result<Finished, CoordinatorError> {
        limited(task, "description", &blocking.description)?;
        if blocking.needs.len() > MAX_CAPABILITIES {
            let (count, limit) = (blocking.needs.len(), MAX_CAPABILITIES);
            return Err(CoordinatorError::TooManyNeeds { task: task.clone(), count, limit });
        }
        self.end(task, token, &End::Block(blocking)).await
    }

    /// Gives a sign of life, which renews a lease of its own; with a note it is one of progress too.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn heartbeat(
        &self,
        task: &TaskId,
        token: Token,
        note: Option<String>,
    ) -> Result<TaskRecord, CoordinatorError> {
        if let Some(note) = note {
            return self.progress(task, token, note, None).await;
        }
        let attempted = self.going_on(task, token).await?;
        self.keep_alive(&attempted).await?;
        Ok(attempted.record.value)
    }

    /// Says how far the work is, in words and hundredths. It counts as a sign of life, and ends a stall.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn progress(
        &self,
        task: &TaskId,
        token: Token,
        note: String,
        percent: Option<u8>,
    ) -> Result<TaskRecord, CoordinatorError> {
        limited(task, "note", &note)?;
        for attempt in 0..TRIES {
            let attempted = self.going_on(task, token).await?;
            self.keep_alive(&attempted).await?;
            let next = attempted.record.value.progressed(note.clone(), percent, attempted.by(), self.now());
            let transaction = attempted.guard(task).put_json(&Key::Record(task.clone()), &next);
            if self.store.commit(transaction).await?.is_done() {
                return Ok(next);
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// An attempt that has been completed cannot be gone on with: its token has had its day like any other.
    async fn going_on(&self, task: &TaskId, token: Token) -> Result<Attempted, CoordinatorError> {
        let over = |_| CoordinatorError::Stale { task: task.clone(), token, holder: None };
        self.attempted(task, token).await?.map_err(over)
    }

    /// A claim by hand has a lease of its own; that of a session is kept by its worker.
    async fn keep_alive(&self, attempted: &Attempted) -> Result<(), CoordinatorError> {
        if attempted.hold.value.session.is_none() {
            self.store.renew(attempted.hold.lease).await?;
        }
        Ok(())
    }

    /// Ends an attempt: reads it, decides on the next record, commits, and starts over when somebody else
    /// wrote in between.
    async fn end(&self, task: &TaskId, token: Token, end: &End) -> Result<Finished, CoordinatorError> {
        for attempt in 0..TRIES {
            let attempted = match self.attempted(task, token).await? {
                Ok(attempted) => attempted,
                Err(record) if matches!(end, End::Complete { .. }) => return Ok(Finished::Already(record)),
                Err(_) => return Err(CoordinatorError::Stale { task: task.clone(), token, holder: None }),
            };
            let (excess, by) = (attempted.excess(end.cost()), attempted.by());
            if self.allot_what_is_gone(&attempted.account, excess, &attempted.policy, by).await? {
                continue;
            }
            let now = self.now();
            let (next, consequences) = match end {
                End::Complete { result, cost } => attempted.complete(token, result, *cost, now),
                End::Fail { failing, jitter } => attempted.fail(failing, *jitter, now),
                End::Release { cost } => attempted.release(*cost, now),
                End::Block(blocking) => attempted.block(blocking, now),
            };
            let effects = effects_of(&self.store, &attempted.record.value, &next, now).await?;
            let hold = Key::Hold(task.clone());
            let transaction =
                attempted.guard(task).and(consequences).and(effects).and(standing(&next)).delete(&hold);
            if self.store.commit(transaction).await?.is_done() {
                self.free_lease(&attempted.hold).await;
                return Ok(Finished::Done(Box::new(next)));
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// A claim by hand has a lease of its own; the hold is gone, so it may go too. It would anyway, in time.
    pub(super) async fn free_lease(&self, hold: &Versioned<Hold>) {
        if hold.value.session.is_none()
            && let Err(error) = self.store.revoke(hold.lease).await
        {
            tracing::debug!(%error, "a lease without keys is left to run out");
        }
    }
}

/// The record with the owner key that belongs to it: `unclaimed` while ready, absent while it is not, else
/// the last owner.
pub(super) fn standing(record: &TaskRecord) -> Transaction {
    let transaction = Transaction::new().put_json(&Key::Record(record.id.clone()), record);
    let owner = Key::Owner(record.id.clone());
    match (&record.owner, record.state) {
        _ if record.is_ready() => transaction.put(&owner, UNCLAIMED),
        (Some(swarm), state) if state.is_terminal() || state == State::Working => {
            transaction.put(&owner, swarm.as_str())
        }
        _ => transaction.delete(&owner),
    }
}

/// Refuses a text about a task that is longer than any text should be.
pub(super) fn limited(task: &TaskId, what: &'static str, text: &str) -> Result<(), CoordinatorError> {
    if text.len() <= MAX_TEXT {
        return Ok(());
    }
    Err(CoordinatorError::TooLarge { task: task.clone(), what, size: text.len(), limit: MAX_TEXT })
}

pub(super) fn wrong_state(record: &TaskRecord, wish: &'static str) -> CoordinatorError {
    CoordinatorError::WrongState { task: record.id.clone(), state: record.state, reason: record.reason, wish }
}

/// Reads a record or says that there is none.
pub(super) fn record_of(
    task: &TaskId,
    entry: Option<&Entry>,
) -> Result<Versioned<TaskRecord>, CoordinatorError> {
    let entry = entry.ok_or_else(|| CoordinatorError::NoTask { task: task.clone() })?;
    Ok(entry.versioned()?)
}
