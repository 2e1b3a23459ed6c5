//! What only the leader does about time and holders: take back, retry, tell dependents, find what stalls. Every
//! transaction here compares the leader's key, so that a leader who was paused and wakes up writes nothing.

use std::time::Duration;

use super::dependents::{effects_of, told};
use super::finish::{record_of, standing};
use super::situation::Situation;
use super::{Authority, Coordinator, CoordinatorError};
use crate::coordinator::alarm;
use crate::coordinator::hold::Assignment;
use crate::coordinator::task::{State, TaskRecord};
use crate::governor::service::{Governor, Settling};
use crate::governor::{Dated, Outcome, Reservation, TaskBudget};
use crate::id::{SessionId, SwarmId, TaskId};
use crate::money::Money;
use crate::store::{Key, Precondition, Query, Transaction, Versioned};

impl Coordinator {
    /// Returns a task whose holder vanished, or calls a human when too many have. Work that nobody had received
    /// costs nothing and counts as no attempt; other work costs what was set aside. Nothing happens when the task
    /// has a holder again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn reap(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let situation = self.situation(task).await?;
        let (Some(record), None) = (&situation.record, &situation.hold) else { return Ok(false) };
        let Some(swarm) = record.value.owner.clone().filter(|_| record.value.state == State::Working) else {
            return Ok(false);
        };
        let (now, by) = (self.now(), authority.by());
        let reservation = self.reservation(&record.value).await?;
        let cost = unreported(&record.value);
        let (next, outcome) = match record.value.received_at {
            Some(_) => {
                let most = self.governor.policy().await?.coordination.max_lease_losses;
                let total = Reservation::total(reservation.as_ref(), cost, record.value.reserved);
                (record.value.returned(total, most, by, now), Outcome::Lost)
            }
            None => (record.value.recalled(by, now), Outcome::Recalled),
        };
        let owner = situation.owner.as_ref().map_or(0, |owner| owner.mod_revision);
        let mut transaction = Transaction::new()
            .when(Precondition::absent(&Key::Hold(task.clone())))
            .when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision))
            .when(Precondition::unchanged(&Key::Owner(task.clone()), owner))
            .and(self.settlement(&swarm, record, reservation.as_ref(), outcome, cost, authority).await?)
            .and(effects_of(&self.store, &record.value, &next, now).await?)
            .and(standing(&next));
        if let Some(call) = alarm::given_up(&next, record.mod_revision, by, now) {
            transaction = transaction.and(Governor::escalate(&call));
        }
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }

    /// Takes back an assignment that its worker has not taken up.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn recall(
        &self,
        swarm: &SwarmId,
        session: &SessionId,
        assignment: &Versioned<Assignment>,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let task = &assignment.value.task;
        let situation = self.situation(task).await?;
        let (Some(record), Some(hold)) = (&situation.record, &situation.hold) else { return Ok(false) };
        if hold.create_revision != assignment.create_revision {
            return Ok(false);
        }
        let next = record.value.recalled(authority.by(), self.now());
        let inbox = Key::Inbox(swarm.clone(), session.clone(), assignment.value.claim_id.clone());
        let reservation = self.reservation(&record.value).await?;
        let (outcome, cost) = (Outcome::Recalled, Some(Money::ZERO));
        let transaction = Transaction::new()
            .when(Precondition::created_at(&inbox, assignment.create_revision))
            .when(Precondition::created_at(&Key::Hold(task.clone()), hold.create_revision))
            .when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision))
            .delete(&inbox)
            .delete(&Key::Hold(task.clone()))
            .and(self.settlement(swarm, record, reservation.as_ref(), outcome, cost, authority).await?)
            .and(standing(&next));
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }

    /// Makes a task ready whose moment has come.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn promote(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let record = record_of(task, self.store.get(&Key::Record(task.clone())).await?.as_ref())?;
        if !record.value.is_due(self.now()) {
            return Ok(false);
        }
        let next = record.value.due(authority.by(), self.now());
        self.replace(&record, &next, Transaction::new(), authority).await
    }

    /// Calls a human because the holder of a task lives and does not get on. It keeps the task.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn stall(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let situation = self.situation(task).await?;
        let (Some(record), Some(hold)) = (&situation.record, &situation.hold) else { return Ok(false) };
        let (now, by) = (self.now(), authority.by());
        let patience = Duration::from_secs(self.governor.policy().await?.coordination.stall_after_seconds);
        if !record.value.is_stalling(patience, now) {
            return Ok(false);
        }
        let next = record.value.stalled(by, now);
        let transaction = Transaction::new()
            .when(Precondition::created_at(&Key::Hold(task.clone()), hold.create_revision))
            .when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision))
            .put_json(&Key::Record(task.clone()), &next)
            .and(Governor::escalate(&alarm::stalled(&next, record.mod_revision, by, now)));
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }

    /// Tells a dependent how it stands with a task, where the transaction that decided it has left that to the
    /// leader; and removes from the index what waits no more.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tell(
        &self,
        task: &TaskId,
        dependent: &TaskId,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let (task_key, dependent_key) = (Key::Record(task.clone()), Key::Record(dependent.clone()));
        let snapshot = self.store.read(vec![Query::One(task_key.clone()), Query::One(dependent_key)]).await?;
        let record = record_of(task, snapshot.one(0))?;
        let told = told(&record.value, dependent, snapshot.one(1), authority.by(), self.now())?;
        let transaction = told.when(Precondition::unchanged(&task_key, record.mod_revision));
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }

    pub(super) async fn situation(&self, task: &TaskId) -> Result<Situation, CoordinatorError> {
        let snapshot = self.store.read(Situation::queries(task)).await?;
        Ok(Situation::from_snapshot(task, &snapshot)?)
    }

    /// What is set aside for the present attempt, and was charged to it.
    pub(super) async fn reservation(
        &self,
        record: &TaskRecord,
    ) -> Result<Option<Dated<Reservation>>, CoordinatorError> {
        match &record.claim_id {
            Some(claim) => Ok(self.governor.reservation(&record.id, claim).await?),
            None => Ok(None),
        }
    }

    /// The budgets of tasks in which something is set aside for a claim.
    pub(super) async fn task_budgets_of(
        &self,
        reservation: Option<&Dated<Reservation>>,
    ) -> Result<Vec<TaskBudget>, CoordinatorError> {
        let tasks = reservation.map_or(&[][..], |reservation| &reservation.value.task_budgets);
        Ok(self.governor.task_budgets(tasks).await?)
    }

    pub(super) async fn settlement(
        &self,
        swarm: &SwarmId,
        record: &Versioned<TaskRecord>,
        reservation: Option<&Dated<Reservation>>,
        outcome: Outcome,
        cost: Option<Money>,
        authority: &Authority,
    ) -> Result<Transaction, CoordinatorError> {
        let record = &record.value;
        let Some(claim) = &record.claim_id else { return Ok(Transaction::new()) };
        let account = self.governor.account(swarm).await?;
        let policy = self.governor.policy().await?;
        let (task, reserved, by) = (&record.id, record.reserved, authority.by());
        let task_budgets = &*self.task_budgets_of(reservation).await?;
        let settling = Settling { task, claim, reserved, reservation, task_budgets, cost, outcome, by };
        Ok(Governor::settle(&account, &settling, &policy, self.now()))
    }

    /// Writes the next record of a task that nobody holds, and what else belongs to it.
    pub(super) async fn replace(
        &self,
        record: &Versioned<TaskRecord>,
        next: &TaskRecord,
        effects: Transaction,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let unchanged = Precondition::unchanged(&Key::Record(next.id.clone()), record.mod_revision);
        let transaction = Transaction::new().when(unchanged).and(effects).and(standing(next));
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }
}

/// What an attempt has cost whose worker has not said so: nothing when it had not even received the task; else
/// what was set aside.
pub(super) fn unreported(record: &TaskRecord) -> Option<Money> {
    record.received_at.is_none().then_some(Money::ZERO)
}
