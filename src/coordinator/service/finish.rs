//! Ending or interrupting an attempt: complete, fail, release, block, heartbeat. All need the token.

use std::time::Duration;

use super::dependents::{changed, effects_of};
use super::situation::{Epoch, Situation};
use super::{Coordinator, CoordinatorError, TRIES, yield_to_rival};
use crate::clock::Timestamp;
use crate::coordinator::backlog::MAX_PAYLOAD;
use crate::coordinator::hold::Hold;
use crate::coordinator::mail::Mail;
use crate::coordinator::task::{Reason, RetryRule, State, TaskError, TaskRecord};
use crate::coordinator::token::Token;
use crate::governor::service::{Governor, Settling};
use crate::governor::{Account, Escalation, EscalationKind, Outcome, Policy};
use crate::id::{Capability, SwarmId, TaskId, UNCLAIMED, unique};
use crate::money::Money;
use crate::store::{Entry, Key, Precondition, Query, Transaction, Versioned};

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

/// An attempt as its holder sees it: everything that ending it compares.
pub(super) struct Attempted {
    pub(super) record: Versioned<TaskRecord>,
    pub(super) hold: Versioned<Hold>,
    pub(super) account: Account,
    pub(super) policy: Policy,
    epoch: Epoch,
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
        self.end(task, token, &End::Block(blocking)).await
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

    /// Ends an attempt: reads it, decides on the next record, commits, and starts over when somebody else
    /// wrote in between.
    async fn end(&self, task: &TaskId, token: Token, end: &End) -> Result<Finished, CoordinatorError> {
        for attempt in 0..TRIES {
            let attempted = match self.attempted(task, token).await? {
                Ok(attempted) => attempted,
                Err(record) => return Ok(Finished::Already(record)),
            };
            let (next, consequences) = match end {
                End::Complete { result, cost } => {
                    let by = attempted.hold.value.swarm.as_str();
                    let effects = effects_of(&self.store, &attempted.record.value, by, self.now()).await?;
                    attempted.complete(token, result, *cost, effects, self.now())
                }
                End::Fail { failing, jitter } => {
                    let (next, transaction) = attempted.fail(failing, *jitter, self.now());
                    let disappointed = self.disappointed(&next).await?;
                    (next, transaction.and(disappointed))
                }
                End::Release { cost } => attempted.release(*cost, self.now()),
                End::Block(blocking) => attempted.block(blocking, self.now()),
            };
            let hold = Key::Hold(task.clone());
            let transaction = attempted.guard(task).and(consequences).and(standing(&next)).delete(&hold);
            if self.store.commit(transaction).await?.is_done() {
                self.free_lease(&attempted.hold).await;
                return Ok(Finished::Done(Box::new(next)));
            }
            yield_to_rival(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// When help has failed for good, the task that waits for it learns of it, and so does a human.
    async fn disappointed(&self, helper: &TaskRecord) -> Result<Transaction, CoordinatorError> {
        let over = helper.state == State::Failed || helper.reason == Some(Reason::RetriesExhausted);
        let Some(task) = helper.helps.as_ref().filter(|_| over) else { return Ok(Transaction::new()) };
        let Some(entry) = self.store.get(&Key::Record(task.clone())).await? else {
            return Ok(Transaction::new());
        };
        let record: Versioned<TaskRecord> = entry.versioned()?;
        if record.value.reason != Some(Reason::Blocked) {
            return Ok(Transaction::new());
        }
        let (by, now) = (helper.by.as_str(), self.now());
        let next = record.value.helped_in_vain(&helper.id, by, now);
        let issue = format!("{task} is blocked, and its help {} has failed", helper.id);
        let action = format!("answer the question, then: ifctl coordinator unblock {task}");
        let escalation =
            Escalation::triggered(EscalationKind::NoHelp, helper.id.as_str(), issue, action, by, now);
        Ok(changed(&record, &next).and(Governor::escalate(&escalation.about_task(task))))
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
                Ok(Ok(Attempted { record, hold, account, policy, epoch }))
            }
            _ if record.value.completed_token == Some(token) => Ok(Err(Box::new(record.value))),
            _ => Err(CoordinatorError::Stale { task: task.clone(), token, holder }),
        }
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

    fn complete(
        &self,
        token: Token,
        result: &[u8],
        cost: Option<Money>,
        effects: Transaction,
        now: Timestamp,
    ) -> (TaskRecord, Transaction) {
        let record = &self.record.value;
        let next = record.completed(token, cost.unwrap_or(record.reserved), self.by(), now);
        let transaction = self
            .settle(Outcome::Completed, cost, now)
            .and(effects)
            .put(&Key::Result(record.id.clone()), result);
        (next, transaction)
    }

    fn fail(&self, failing: &Failing, jitter: f64, now: Timestamp) -> (TaskRecord, Transaction) {
        let record = &self.record.value;
        let coordination = &self.policy.coordination;
        let retry = RetryRule {
            base: Duration::from_secs(coordination.retry_base_seconds),
            cap: Duration::from_secs(coordination.retry_cap_seconds),
            jitter,
        };
        let spent = failing.cost.unwrap_or(record.reserved);
        let next = record.failed(failing.error.clone(), spent, &retry, self.by(), now);
        let mut transaction = self.settle(Outcome::Failed, failing.cost, now);
        if next.reason == Some(Reason::RetriesExhausted) {
            transaction = transaction.and(Governor::escalate(&self.exhausted(&next, failing, now)));
        }
        (next, transaction)
    }

    fn exhausted(&self, next: &TaskRecord, failing: &Failing, now: Timestamp) -> Escalation {
        let task = &next.id;
        Escalation::triggered(
            EscalationKind::RetriesExhausted,
            &format!("{task}.{}", self.hold.create_revision),
            format!("{task} failed {} times, at last: {}", next.attempt, failing.error.message),
            format!("look at it: ifctl coordinator show {task}"),
            self.by(),
            now,
        )
        .about_swarm(&self.hold.value.swarm)
        .about_task(task)
    }

    fn release(&self, cost: Money, now: Timestamp) -> (TaskRecord, Transaction) {
        let next = self.record.value.released(cost, self.by(), now);
        (next, self.settle(Outcome::Released, Some(cost), now))
    }

    fn block(&self, blocking: &Blocking, now: Timestamp) -> (TaskRecord, Transaction) {
        let record = &self.record.value;
        let (needs, description) = (blocking.needs.clone(), blocking.description.clone());
        let next = record.blocked(needs, description, blocking.cost, self.by(), now);
        let mail = Mail {
            kind: "blocker_detected".to_owned(),
            swarm: Some(self.hold.value.swarm.clone()),
            task: Some(record.id.clone()),
            subject: String::new(),
            text: blocking.description.clone(),
            at: now,
            by: self.by().to_owned(),
            op: "block".to_owned(),
        };
        let letter = Key::Mail(SwarmId::orchestrator(), unique(now));
        (next, self.settle(Outcome::Blocked, Some(blocking.cost), now).put_json(&letter, &mail))
    }

    fn by(&self) -> &str {
        self.hold.value.swarm.as_str()
    }

    fn settle(&self, outcome: Outcome, cost: Option<Money>, now: Timestamp) -> Transaction {
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
pub(super) fn record_of(
    task: &TaskId,
    entry: Option<&Entry>,
) -> Result<Versioned<TaskRecord>, CoordinatorError> {
    let entry = entry.ok_or_else(|| CoordinatorError::NoTask { task: task.clone() })?;
    Ok(entry.versioned()?)
}
