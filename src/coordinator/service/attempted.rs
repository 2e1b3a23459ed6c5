//! An attempt as its holder sees it: read by its token, and what each way of ending it writes.

use std::time::Duration;

use super::finish::{Blocking, Failing};
use super::situation::{Epoch, Situation};
use super::{Coordinator, CoordinatorError};
use crate::clock::Timestamp;
use crate::coordinator::alarm;
use crate::coordinator::hold::Hold;
use crate::coordinator::mail::Mail;
use crate::coordinator::task::{RetryRule, TaskRecord};
use crate::coordinator::token::Token;
use crate::governor::service::{ACCOUNT_QUERIES, Governor, Settling};
use crate::governor::{Account, Dated, Outcome, Policy, Reservation, TaskBudget};
use crate::id::{SwarmId, TaskId, unique};
use crate::money::Money;
use crate::store::{Key, Precondition, Query, Transaction, Versioned};

/// An attempt as its holder sees it: everything that ending it compares.
pub(super) struct Attempted {
    pub(super) record: Versioned<TaskRecord>,
    pub(super) hold: Versioned<Hold>,
    pub(super) account: Account,
    pub(super) reservation: Option<Dated<Reservation>>,
    /// The budgets of tasks in which it is set aside as well.
    pub(super) task_budgets: Vec<TaskBudget>,
    pub(super) policy: Policy,
    epoch: Epoch,
}

impl Coordinator {
    /// The attempt that `token` proves; the inner error is the record of the same attempt completed before.
    pub(super) async fn attempted(
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
                let mut queries = Governor::account_queries(&hold.value.swarm);
                queries.push(Query::One(Key::Reservation(task.clone(), hold.value.claim_id.clone())));
                let accounts = self.store.read(queries).await?;
                let account = Governor::account_from(&hold.value.swarm, &accounts, 0)?;
                let reservation = Governor::reservation_from(accounts.one(ACCOUNT_QUERIES));
                let task_budgets = self.task_budgets_of(reservation.as_ref()).await?;
                let policy = Governor::policy_from(snapshot.one(Situation::WIDTH))?;
                let epoch = situation.epoch;
                Ok(Ok(Attempted { record, hold, account, reservation, task_budgets, policy, epoch }))
            }
            _ if record.value.completed_token == Some(token) => Ok(Err(Box::new(record.value))),
            _ => Err(CoordinatorError::Stale { task: task.clone(), token, holder }),
        }
    }
}

impl Attempted {
    /// The holder is still the last one, its lease lives, and nobody wrote the record meanwhile.
    pub(super) fn guard(&self, task: &TaskId) -> Transaction {
        Transaction::new()
            .when(Precondition::created_at(&Key::Hold(task.clone()), self.hold.create_revision))
            .when(Precondition::unchanged(&Key::Record(task.clone()), self.record.mod_revision))
            .when(self.epoch.unchanged())
    }

    pub(super) fn complete(
        &self,
        token: Token,
        result: &[u8],
        cost: Option<Money>,
        now: Timestamp,
    ) -> (TaskRecord, Transaction) {
        let record = &self.record.value;
        let next = record.completed(token, self.total(cost), self.by(), now);
        let settled = self.settle(Outcome::Completed, cost, now);
        (next, settled.put(&Key::Result(record.id.clone()), result))
    }

    pub(super) fn fail(&self, failing: &Failing, jitter: f64, now: Timestamp) -> (TaskRecord, Transaction) {
        let record = &self.record.value;
        let coordination = &self.policy.coordination;
        let retry = RetryRule {
            base: Duration::from_secs(coordination.retry_base_seconds),
            cap: Duration::from_secs(coordination.retry_cap_seconds),
            jitter,
        };
        let next = record.failed(failing.error.clone(), self.total(failing.cost), &retry, self.by(), now);
        let settled = self.settle(Outcome::Failed, failing.cost, now);
        let transaction = match alarm::given_up(&next, self.hold.create_revision, self.by(), now) {
            Some(call) => settled.and(Governor::escalate(&call)),
            None => settled,
        };
        (next, transaction)
    }

    pub(super) fn release(&self, cost: Money, now: Timestamp) -> (TaskRecord, Transaction) {
        let next = self.record.value.released(self.total(Some(cost)), self.by(), now);
        (next, self.settle(Outcome::Released, Some(cost), now))
    }

    pub(super) fn block(&self, blocking: &Blocking, now: Timestamp) -> (TaskRecord, Transaction) {
        let record = &self.record.value;
        let (needs, description) = (blocking.needs.clone(), blocking.description.clone());
        let cost = self.total(Some(blocking.cost));
        let next = record.blocked(needs, description, cost, self.by(), now);
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

    pub(super) fn by(&self) -> &str {
        self.hold.value.swarm.as_str()
    }

    /// What the attempt has cost in all, when its holder reports this.
    fn total(&self, reported: Option<Money>) -> Money {
        Reservation::total(self.reservation.as_ref(), reported, self.record.value.reserved)
    }

    /// What it has cost beyond what is still set aside or was charged.
    pub(super) fn excess(&self, reported: Option<Money>) -> Money {
        let charged = self.reservation.as_ref().map_or(Money::ZERO, |reservation| reservation.value.charged);
        self.total(reported).minus(charged.max(self.record.value.reserved))
    }

    fn settle(&self, outcome: Outcome, cost: Option<Money>, now: Timestamp) -> Transaction {
        let record = &self.record.value;
        let settling = Settling {
            task: &record.id,
            claim: &self.hold.value.claim_id,
            reserved: record.reserved,
            reservation: self.reservation.as_ref(),
            task_budgets: &self.task_budgets,
            cost,
            outcome,
            by: self.hold.value.swarm.as_str(),
        };
        Governor::settle(&self.account, &settling, &self.policy, now)
    }
}
