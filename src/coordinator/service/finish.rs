//! Ending or interrupting an attempt: complete, fail, release, block, heartbeat. All need the token.

use super::dependents::Effects;
use super::situation::{Epoch, Situation};
use super::{Authority, Coordinator, CoordinatorError, TRIES, yield_to_rival};
use crate::coordinator::backlog::MAX_PAYLOAD;
use crate::coordinator::hold::{Hold, Mail};
use crate::coordinator::task::{RetryRule, State, TaskError, TaskRecord};
use crate::coordinator::token::Token;
use crate::governor::service::{Governor, Settling};
use crate::governor::{Account, Outcome, Policy};
use crate::id::{Capability, TaskId, UNCLAIMED, unique};
use crate::money::Money;
use crate::store::{Entry, Key, Precondition, Query, Snapshot, Transaction, Versioned};

/// The swarm that hears of every blocker.
const ORCHESTRATOR: &str = "orchestrator";

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

/// An attempt as its holder sees it: everything that ending it compares.
pub(super) struct Attempted {
    pub(super) record: Versioned<TaskRecord>,
    pub(super) hold: Versioned<Hold>,
    pub(super) account: Account,
    pub(super) policy: Policy,
    epoch: Epoch,
    snapshot: Snapshot,
}

impl Coordinator {
    /// Reports the work as done. At most one completion of a task is ever accepted; repeating it is harmless.
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
        self.end(task, token, async |attempted| {
            let (now, by) = (self.now(), attempted.hold.value.swarm.as_str());
            let spent = cost.unwrap_or(attempted.record.value.reserved);
            let next = attempted.record.value.completed(token, spent, by, now);
            let effects = self.effects_of(&attempted.record.value, by).await?;
            let transaction = attempted
                .settle(Outcome::Completed, cost, now)
                .and(effects.transaction())
                .put(&Key::Result(task.clone()), result.clone());
            Ok((next, transaction))
        })
        .await
    }

    /// Reports that the attempt failed.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn fail(
        &self,
        task: &TaskId,
        token: Token,
        failing: &Failing,
    ) -> Result<Finished, CoordinatorError> {
        let jitter = rand::random::<f64>();
        self.end(task, token, async |attempted| {
            let (now, by) = (self.now(), attempted.hold.value.swarm.as_str());
            let spent = failing.cost.unwrap_or(attempted.record.value.reserved);
            let retry = RetryRule {
                base: attempted.policy.retry_base(),
                cap: attempted.policy.retry_cap(),
                jitter,
            };
            let next = attempted.record.value.failed(failing.error.clone(), spent, &retry, by, now);
            Ok((next, attempted.settle(Outcome::Failed, failing.cost, now)))
        })
        .await
    }

    /// Gives the task back unfinished; by default that cost nothing.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn release(
        &self,
        task: &TaskId,
        token: Token,
        cost: Money,
    ) -> Result<Finished, CoordinatorError> {
        self.end(task, token, async |attempted| {
            let (now, by) = (self.now(), attempted.hold.value.swarm.as_str());
            let next = attempted.record.value.released(cost, by, now);
            Ok((next, attempted.settle(Outcome::Released, Some(cost), now)))
        })
        .await
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
        blocking: &Blocking,
    ) -> Result<Finished, CoordinatorError> {
        self.end(task, token, async |attempted| {
            let (now, swarm) = (self.now(), &attempted.hold.value.swarm);
            let (needs, description) = (blocking.needs.clone(), blocking.description.clone());
            let record = &attempted.record.value;
            let next = record.blocked(needs, description, blocking.cost, swarm.as_str(), now);
            let mail = Mail {
                kind: "blocker_detected".to_owned(),
                swarm: swarm.clone(),
                task: task.clone(),
                text: blocking.description.clone(),
                at: now,
                by: swarm.to_string(),
                op: "block".to_owned(),
            };
            let transaction = attempted.settle(Outcome::Blocked, Some(blocking.cost), now);
            let inbox = ORCHESTRATOR.parse().map(|to| Key::Mail(to, unique(now)));
            Ok((next, inbox.map_or(transaction.clone(), |key| transaction.put_json(&key, &mail))))
        })
        .await
    }

    /// Gives a sign of life: renews a lease of its own, and notes the progress.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder.
    pub async fn heartbeat(
        &self,
        task: &TaskId,
        token: Token,
        note: Option<String>,
    ) -> Result<TaskRecord, CoordinatorError> {
        for attempt in 0..TRIES {
            let attempted = match self.attempted(task, token).await? {
                Ok(attempted) => attempted,
                Err(record) => return Err(wrong_state(&record, "continued")),
            };
            if attempted.hold.value.session.is_none() {
                self.store.renew(attempted.hold.lease).await?;
            }
            let by = attempted.hold.value.swarm.as_str();
            let next = attempted.record.value.progressed(note.clone(), by, self.now());
            let transaction = attempted.guard(task).put_json(&Key::Record(task.clone()), &next);
            if self.store.commit(transaction).await?.is_done() {
                return Ok(next);
            }
            yield_to_rival(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// Ends an attempt: reads it, lets `rule` decide on the next record, commits, and starts over when
    /// somebody else wrote in between.
    async fn end(
        &self,
        task: &TaskId,
        token: Token,
        rule: impl AsyncFn(&Attempted) -> Result<(TaskRecord, Transaction), CoordinatorError>,
    ) -> Result<Finished, CoordinatorError> {
        for attempt in 0..TRIES {
            let attempted = match self.attempted(task, token).await? {
                Ok(attempted) => attempted,
                Err(record) => return Ok(Finished::Already(record)),
            };
            let (next, transaction) = rule(&attempted).await?;
            let transaction = attempted.guard(task).and(transaction).and(standing(&next));
            let transaction = transaction.delete(&Key::Hold(task.clone()));
            if self.store.commit(transaction).await?.is_done() {
                self.free_lease(&attempted.hold).await;
                return Ok(Finished::Done(Box::new(next)));
            }
            yield_to_rival(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// A claim by hand has a lease of its own; the hold is gone, so it may go too. It would anyway, in time.
    async fn free_lease(&self, hold: &Versioned<Hold>) {
        if hold.value.session.is_none()
            && let Err(error) = self.store.revoke(hold.lease).await
        {
            tracing::debug!(%error, "a lease without keys is left to run out");
        }
    }

    /// The attempt that `token` proves; the inner error is the record of the same attempt completed before.
    async fn attempted(
        &self,
        task: &TaskId,
        token: Token,
    ) -> Result<Result<Attempted, Box<TaskRecord>>, CoordinatorError> {
        let mut queries = Situation::queries(task);
        queries.push(Query::One(Key::Policy));
        let snapshot = self.store.read(queries).await?;
        let situation = Situation::from_snapshot(task, &snapshot)?;
        let held = situation.token() == Some(token);
        let holder = situation.holder();
        let Some(record) = situation.record else {
            return Err(CoordinatorError::NoTask { task: task.clone() });
        };
        match situation.hold {
            Some(hold) if held => {
                let accounts = self.store.read(Governor::account_queries(&hold.value.swarm)).await?;
                let account = Governor::account_from(&hold.value.swarm, &accounts, 0)?;
                let policy = Governor::policy_from(snapshot.one(Situation::WIDTH))?;
                let epoch = situation.epoch;
                Ok(Ok(Attempted { record, hold, account, policy, epoch, snapshot }))
            }
            _ if record.value.completed_token == Some(token) => Ok(Err(Box::new(record.value))),
            hold => {
                let holder = hold.and(holder);
                Err(CoordinatorError::Stale { task: task.clone(), token, holder })
            }
        }
    }

    async fn effects_of(&self, record: &TaskRecord, by: &str) -> Result<Effects, CoordinatorError> {
        Effects::read(&self.store, record, by, self.now()).await
    }
}

impl Attempted {
    /// The holder is still the last one, its lease lives, and nobody wrote the record meanwhile.
    fn guard(&self, task: &TaskId) -> Transaction {
        Transaction::new()
            .when(Precondition::created_at(&Key::Hold(task.clone()), self.hold.create_revision))
            .when(Precondition::unchanged(&Key::Record(task.clone()), self.record.mod_revision))
            .when(self.epoch.unchanged())
    }

    fn settle(&self, outcome: Outcome, cost: Option<Money>, now: crate::clock::Timestamp) -> Transaction {
        let record = &self.record.value;
        let settling = Settling {
            task: &record.id,
            claim: &self.hold.value.claim_id,
            reserved: record.reserved,
            cost,
            outcome,
            by: self.hold.value.swarm.as_str(),
        };
        Governor::settle(&self.account, &settling, &self.policy, now)
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

pub(super) fn wrong_state(record: &TaskRecord, wish: &'static str) -> CoordinatorError {
    CoordinatorError::WrongState { task: record.id.clone(), state: record.state, reason: record.reason, wish }
}

/// Reads a record or says that there is none.
pub(super) fn record_of(task: &TaskId, entry: Option<&Entry>) -> Result<Versioned<TaskRecord>, CoordinatorError> {
    let entry = entry.ok_or_else(|| CoordinatorError::NoTask { task: task.clone() })?;
    Ok(entry.versioned()?)
}
