//! Ending a task from outside, without a token: it is called off, or past its deadline. Whoever works on it loses
//! its hold with the same transaction, and so stops.

use std::time::Duration;

use super::dependents::effects_of;
use super::finish::{limited, standing, wrong_state};
use super::lead::unreported;
use super::situation::Situation;
use super::{Authority, Coordinator, CoordinatorError, Finished, TRIES};
use crate::coordinator::alarm;
use crate::coordinator::task::{State, TaskRecord};
use crate::governor::service::{Governor, Settling};
use crate::governor::{Dated, Outcome, Reservation};
use crate::id::TaskId;
use crate::money::Money;
use crate::store::{Entry, Key, Precondition, Transaction, Versioned, yield_to_rivals};

/// Why a task is called off, and what its present attempt has cost.
#[derive(Debug, Clone)]
pub struct Canceling {
    /// In words.
    pub why: Option<String>,
    /// What it has cost so far; nothing while nobody holds the task.
    pub cost: Money,
}

/// An end that comes from outside.
struct End {
    next: TaskRecord,
    outcome: Outcome,
    /// What the present attempt has cost; by default what was set aside.
    cost: Option<Money>,
    /// What is set aside for that attempt, and was charged to it.
    reservation: Option<Dated<Reservation>>,
    also: Transaction,
}

impl Coordinator {
    /// Calls a task off, whoever works on it. Doing it again is harmless.
    ///
    /// # Errors
    /// [`CoordinatorError::WrongState`] when it has ended otherwise, [`CoordinatorError::NotHeld`] for a cost while nobody
    /// holds it.
    pub async fn cancel(
        &self,
        task: &TaskId,
        canceling: &Canceling,
        authority: &Authority,
    ) -> Result<Finished, CoordinatorError> {
        limited(task, "reason", canceling.why.as_deref().unwrap_or_default())?;
        for attempt in 0..TRIES {
            let situation = self.situation(task).await?;
            let Some(record) = &situation.record else {
                return Err(CoordinatorError::NoTask { task: task.clone() });
            };
            match record.value.state {
                State::Canceled => return Ok(Finished::Already(Box::new(record.value.clone()))),
                state if state.is_terminal() => return Err(wrong_state(&record.value, "canceled")),
                state if state != State::Working && canceling.cost > Money::ZERO => {
                    return Err(CoordinatorError::NotHeld { task: task.clone(), cost: canceling.cost });
                }
                _ => {}
            }
            let why = canceling.why.clone();
            let cost = Some(canceling.cost);
            let reservation = self.reservation(&record.value).await?;
            let total = Reservation::total(reservation.as_ref(), cost, record.value.reserved);
            let next = record.value.canceled(why, total, authority.by(), self.now());
            let also = Transaction::new();
            let end = End { next, outcome: Outcome::Canceled, cost, reservation, also };
            if self.stop(&situation, record, &end, authority).await? {
                return Ok(Finished::Done(Box::new(end.next)));
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// Ends a task that was not done by its deadline, and calls a human.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn expire(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let situation = self.situation(task).await?;
        let (now, by) = (self.now(), authority.by());
        let Some(record) = situation.record.as_ref().filter(|record| record.value.is_overdue(now)) else {
            return Ok(false);
        };
        let cost = unreported(&record.value);
        let reservation = self.reservation(&record.value).await?;
        let total = Reservation::total(reservation.as_ref(), cost, record.value.reserved);
        let next = record.value.expired(total, by, now);
        let also = Governor::escalate(&alarm::overdue(&next, record.mod_revision, by, now));
        let end = End { next, outcome: Outcome::Expired, cost, reservation, also };
        self.stop(&situation, record, &end, authority).await
    }

    /// Calls off help that the task it was asked for does not wait for any more, or that nobody has taken up for as
    /// long as the policy allows: what was set aside for it is free again. While nobody can read what became of that
    /// task, its help may be needed still.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn call_off(&self, helper: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let situation = self.situation(helper).await?;
        let Some(record) = &situation.record else { return Ok(false) };
        let Some(helped) = &record.value.helps else { return Ok(false) };
        let key = Key::Record(helped.clone());
        let entry = self.store.get(&key).await?;
        let task = entry.as_ref().map(Entry::versioned::<TaskRecord>).transpose();
        let patience = Duration::from_secs(self.governor.policy().await?.coordination.help_within_seconds);
        let useless = |task: &Option<Versioned<TaskRecord>>| {
            record.value.is_useless_help(task.as_ref().map(|task| &task.value))
        };
        let why = if task.as_ref().is_ok_and(useless) {
            format!("{helped} needs no help any more")
        } else if record.value.is_neglected_help(patience, self.now()) {
            "nobody has taken it up in time".to_owned()
        } else {
            return Ok(false);
        };
        let cost = unreported(&record.value);
        let reservation = self.reservation(&record.value).await?;
        let total = Reservation::total(reservation.as_ref(), cost, record.value.reserved);
        let next = record.value.canceled(Some(why), total, authority.by(), self.now());
        let unchanged = Precondition::unchanged(&key, entry.as_ref().map_or(0, |entry| entry.mod_revision));
        let also = Transaction::new().when(unchanged);
        let end = End { next, outcome: Outcome::Canceled, cost, reservation, also };
        self.stop(&situation, record, &end, authority).await
    }

    /// Writes the end, if nothing has changed since: hold and inbox go, what was set aside is settled, and others
    /// learn what it means for them.
    async fn stop(
        &self,
        situation: &Situation,
        record: &Versioned<TaskRecord>,
        end: &End,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let task = &record.value.id;
        let hold_key = Key::Hold(task.clone());
        let held = situation.hold.as_ref().map_or(0, |hold| hold.create_revision);
        let owner = situation.owner.as_ref().map_or(0, |owner| owner.mod_revision);
        let mut transaction = Transaction::new()
            .when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision))
            .when(Precondition::unchanged(&Key::Owner(task.clone()), owner))
            .when(Precondition::created_at(&hold_key, held))
            .delete(&hold_key)
            .and(end.also.clone())
            .and(self.released_money(record, end, authority).await?)
            .and(effects_of(&self.store, &record.value, &end.next, self.now()).await?)
            .and(standing(&end.next));
        if let Some(hold) = situation.hold.as_ref().map(|hold| &hold.value)
            && let Some(session) = &hold.session
        {
            let inbox = Key::Inbox(hold.swarm.clone(), session.clone(), hold.claim_id.clone());
            transaction = transaction.delete(&inbox);
        }
        let done = self.store.commit(authority.fence(transaction)).await?.is_done();
        if let Some(hold) = situation.hold.as_ref().filter(|_| done) {
            self.free_lease(hold).await;
        }
        Ok(done)
    }

    /// What becomes of the money that is set aside: for the present attempt, or in advance for one that never came.
    async fn released_money(
        &self,
        record: &Versioned<TaskRecord>,
        end: &End,
        authority: &Authority,
    ) -> Result<Transaction, CoordinatorError> {
        let task = &record.value;
        if let Some(swarm) = task.owner.as_ref().filter(|_| task.state == State::Working) {
            let reservation = end.reservation.as_ref();
            return self.settlement(swarm, record, reservation, end.outcome, end.cost, authority).await;
        }
        let Some(prepaid) = &task.prepaid else { return Ok(Transaction::new()) };
        let account = self.governor.account(&prepaid.swarm).await?;
        let policy = self.governor.policy().await?;
        let settling = Settling {
            task: &task.id,
            claim: &prepaid.claim_id,
            reserved: prepaid.amount,
            reservation: None,
            task_budgets: &self.governor.task_budgets(&prepaid.task_budgets).await?,
            cost: Some(Money::ZERO),
            outcome: end.outcome,
            by: authority.by(),
        };
        Ok(Governor::settle(&account, &settling, &policy, self.now()))
    }
}
