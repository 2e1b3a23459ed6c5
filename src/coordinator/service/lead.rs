//! What only the leader does: hand out, take back, retry, set free, look for help. Every transaction here
//! compares the leader's key, so that a leader who was paused and wakes up writes nothing.

use std::collections::BTreeSet;

use super::dependents::freed;
use super::finish::{record_of, standing, wrong_state};
use super::situation::{Owner, Situation};
use super::submit::{Extras, Plan};
use super::{Authority, Coordinator, CoordinatorError, TRIES, yield_to_rival};
use crate::coordinator::backlog::NewTask;
use crate::coordinator::hold::{Assignment, Hold};
use crate::coordinator::task::{Attempt, Prepaid, Reason, State, TaskRecord};
use crate::governor::service::{Governor, Pick, Picks, Settling};
use crate::governor::{Account, Escalation, Outcome, Work, authorise};
use crate::id::{ClaimId, SessionId, SwarmId, TaskId};
use crate::money::Money;
use crate::store::{Key, Precondition, Query, Scope, Transaction, Versioned};

/// What a request for help came to.
#[derive(Debug, Clone)]
pub enum HelpOutcome {
    /// These tasks were submitted.
    Asked(Vec<TaskId>),
    /// Nobody qualifies: a human was called.
    Escalated,
    /// The task is not blocked any more.
    NotBlocked,
}

impl Coordinator {
    /// Returns a task whose holder vanished. Nothing happens when it has a holder again.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn reap(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let situation = self.situation(task).await?;
        let (Some(record), None, Some(owner)) = (&situation.record, &situation.hold, &situation.owner) else {
            return Ok(false);
        };
        let Some(swarm) = record.value.owner.clone().filter(|swarm| swarm.as_str() == owner.name) else {
            return Ok(false);
        };
        if record.value.state != State::Working {
            return Ok(false);
        }
        let next = record.value.returned(record.value.reserved, authority.by(), self.now());
        let transaction = unheld(task, record, owner)
            .and(self.settlement(&swarm, record, Outcome::Lost, None, authority).await?)
            .and(standing(&next));
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
        let transaction = Transaction::new()
            .when(Precondition::created_at(&inbox, assignment.create_revision))
            .when(Precondition::created_at(&Key::Hold(task.clone()), hold.create_revision))
            .when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision))
            .delete(&inbox)
            .delete(&Key::Hold(task.clone()))
            .and(self.settlement(swarm, record, Outcome::Recalled, Some(Money::ZERO), authority).await?)
            .and(standing(&next));
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }

    /// Makes a task ready whose pause is over.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn promote(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let situation = self.situation(task).await?;
        let Some(record) = &situation.record else { return Ok(false) };
        if !record.value.is_due(self.now()) {
            return Ok(false);
        }
        let next = record.value.due(authority.by(), self.now());
        self.replace(record, &next, authority).await
    }

    /// Frees a dependent that the completing transaction left to the leader.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn free(
        &self,
        task: &TaskId,
        dependent: &TaskId,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let snapshot = self.store.read(vec![Query::One(Key::Record(dependent.clone()))]).await?;
        let transaction = freed(task, dependent, snapshot.one(0), authority.by(), self.now())?;
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }

    /// Makes a blocked task ready again, because somebody says that it can go on.
    ///
    /// # Errors
    /// [`CoordinatorError::WrongState`] when it is not blocked.
    pub async fn unblock(&self, task: &TaskId, authority: &Authority) -> Result<TaskRecord, CoordinatorError> {
        for attempt in 0..TRIES {
            let record = record_of(task, self.store.get(&Key::Record(task.clone())).await?.as_ref())?;
            if record.value.reason != Some(Reason::Blocked) {
                return Err(wrong_state(&record.value, "unblocked"));
            }
            let next = record.value.unblocked(authority.by(), self.now());
            if self.replace(&record, &next, authority).await? {
                return Ok(next);
            }
            yield_to_rival(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// Gives a raw client's claim, which has an owner and no hold, a hold and a reservation; where budget or
    /// breaker forbid it, the task goes back and a human is told.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn adopt(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let situation = self.situation(task).await?;
        let (None, Some(owner)) = (&situation.hold, &situation.owner) else { return Ok(false) };
        let Ok(swarm) = owner.name.parse::<SwarmId>() else { return Ok(false) };
        let now = self.now();
        let record = situation.record.as_ref().map_or_else(
            || TaskRecord::new(task.clone(), owner.name.as_str(), now),
            |record| record.value.clone(),
        );
        if !record.is_ready() {
            return Ok(false);
        }
        let policy = self.governor.policy().await?;
        let account = self.account(&swarm).await?;
        let work = Work {
            task,
            required: &record.required_capabilities,
            hours: record.estimated_hours,
            max_cost: record.max_cost,
        };
        let base = authority
            .fence(Transaction::new())
            .when(Precondition::unchanged(&Key::Owner(task.clone()), owner.mod_revision))
            .when(Precondition::as_read(&Key::Record(task.clone()), situation.record.as_ref()))
            .when(Precondition::absent(&Key::Hold(task.clone())));
        let authorisation = match authorise(&account, &work, &policy, now) {
            Ok(authorisation) => authorisation,
            Err(refusal) => {
                let issue = format!("a raw claim of {task} by {swarm} was undone: {refusal}");
                let escalation = Escalation::raised("raw_claim_refused", &swarm, Some(task), &issue, authority.by(), now);
                let transaction = base.and(standing(&record)).and(Governor::escalate(&escalation));
                return Ok(self.store.commit(transaction).await?.is_done());
            }
        };
        let lease = self.store.grant(policy.raw_claim_ttl()).await?;
        let claim_id = ClaimId::fresh(now);
        let attempt =
            Attempt { claim_id: claim_id.clone(), reserved: authorisation.amount, pushed: false };
        let next = record.claimed(&swarm, &attempt, authority.by(), now);
        let hold = Hold {
            swarm: swarm.clone(),
            session: None,
            claim_id: claim_id.clone(),
            by: authority.by().to_owned(),
            op: "adopt".to_owned(),
        };
        let booking =
            Governor::reserve(&account, &authorisation, task, &claim_id, lease.id, authority.by(), now);
        let transaction = base
            .put_json_leased(&Key::Hold(task.clone()), &hold, lease.id)
            .put_json(&Key::Record(task.clone()), &next)
            .and(booking);
        let adopted = self.store.commit(transaction).await?.is_done();
        if !adopted {
            self.store.revoke(lease.id).await?;
        }
        Ok(adopted)
    }

    /// Looks for help for a blocked task: submits a task for each helper, paid for in advance, or calls a human.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn request_help(
        &self,
        task: &TaskId,
        authority: &Authority,
    ) -> Result<HelpOutcome, CoordinatorError> {
        for attempt in 0..TRIES {
            let record = record_of(task, self.store.get(&Key::Record(task.clone())).await?.as_ref())?;
            let (Some(Reason::Blocked), Some(blocker)) = (record.value.reason, &record.value.blocker) else {
                return Ok(HelpOutcome::NotBlocked);
            };
            if blocker.requested {
                return Ok(HelpOutcome::NotBlocked);
            }
            let Some(blocked) = record.value.owner.clone() else { return Ok(HelpOutcome::NotBlocked) };
            let (transaction, outcome) = match self.governor.pick_help(&blocker.needs, &blocked).await? {
                Picks::Chosen(picks) => self.asking(&record, &picks, authority).await?,
                Picks::Nobody { .. } => self.calling(&record, &blocked, authority),
            };
            let transaction = transaction
                .when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision));
            if self.store.commit(authority.fence(transaction)).await?.is_done() {
                return Ok(outcome);
            }
            yield_to_rival(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    async fn asking(
        &self,
        record: &Versioned<TaskRecord>,
        picks: &[Pick],
        authority: &Authority,
    ) -> Result<(Transaction, HelpOutcome), CoordinatorError> {
        let task = &record.value;
        let now = self.now();
        let max_attempts = self.governor.policy().await?.max_attempts();
        let mut transaction = Transaction::new();
        let mut helpers = BTreeSet::new();
        for (index, pick) in picks.iter().enumerate() {
            let claim_id = ClaimId::fresh(now);
            let new = help_task(task, pick, index + 1)?;
            let prepaid =
                Prepaid { swarm: pick.swarm.clone(), claim_id: claim_id.clone(), amount: pick.amount };
            let extras = Extras { helps: Some(task.id.clone()), prepaid: Some(prepaid) };
            if let Plan::New(_, submission) = self.submission(&new, max_attempts, &extras, authority).await? {
                let account = self.account(&pick.swarm).await?;
                let booking =
                    Governor::prepay(&account, pick.amount, &new.id, &claim_id, authority.by(), now);
                transaction = transaction.and(submission).and(booking);
                helpers.insert(new.id.clone());
            }
        }
        let next = task.awaiting_help(helpers.clone(), authority.by(), now);
        let transaction = transaction.put_json(&Key::Record(task.id.clone()), &next);
        Ok((transaction, HelpOutcome::Asked(helpers.into_iter().collect())))
    }

    fn calling(
        &self,
        record: &Versioned<TaskRecord>,
        blocked: &SwarmId,
        authority: &Authority,
    ) -> (Transaction, HelpOutcome) {
        let task = &record.value;
        let question = task.blocker.as_ref().map_or("", |blocker| blocker.description.as_str());
        let issue = format!("{} is blocked and nobody qualifies to help: {question}", task.id);
        let escalation = Escalation::raised(
            "no_qualified_help",
            blocked,
            Some(&task.id),
            &issue,
            authority.by(),
            self.now(),
        );
        let next = task.awaiting_help(BTreeSet::new(), authority.by(), self.now());
        let transaction = Transaction::new()
            .put_json(&Key::Record(task.id.clone()), &next)
            .and(Governor::escalate(&escalation));
        (transaction, HelpOutcome::Escalated)
    }

    async fn situation(&self, task: &TaskId) -> Result<Situation, CoordinatorError> {
        let snapshot = self.store.read(Situation::queries(task)).await?;
        Ok(Situation::from_snapshot(task, &snapshot)?)
    }

    pub(super) async fn account(&self, swarm: &SwarmId) -> Result<Account, CoordinatorError> {
        let snapshot = self.store.read(Governor::account_queries(swarm)).await?;
        Ok(Governor::account_from(swarm, &snapshot, 0)?)
    }

    async fn settlement(
        &self,
        swarm: &SwarmId,
        record: &Versioned<TaskRecord>,
        outcome: Outcome,
        cost: Option<Money>,
        authority: &Authority,
    ) -> Result<Transaction, CoordinatorError> {
        let record = &record.value;
        let Some(claim) = &record.claim_id else { return Ok(Transaction::new()) };
        let account = self.account(swarm).await?;
        let policy = self.governor.policy().await?;
        let (task, reserved, by) = (&record.id, record.reserved, authority.by());
        let settling = Settling { task, claim, reserved, cost, outcome, by };
        Ok(Governor::settle(&account, &settling, &policy, self.now()))
    }

    async fn replace(
        &self,
        record: &Versioned<TaskRecord>,
        next: &TaskRecord,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let unchanged = Precondition::unchanged(&Key::Record(next.id.clone()), record.mod_revision);
        let transaction = Transaction::new().when(unchanged).and(standing(next));
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }
}

fn unheld(task: &TaskId, record: &Versioned<TaskRecord>, owner: &Owner) -> Transaction {
    Transaction::new()
        .when(Precondition::absent(&Key::Hold(task.clone())))
        .when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision))
        .when(Precondition::unchanged(&Key::Owner(task.clone()), owner.mod_revision))
}

/// The task that asks one swarm for help.
fn help_task(task: &TaskRecord, pick: &Pick, number: usize) -> Result<NewTask, CoordinatorError> {
    let name = format!("help-{}-{}-{number}", task.id, task.attempt);
    let id = name.parse().or_else(|_| format!("help-{}-{number}", crate::id::unique(task.updated_at)).parse());
    let id: TaskId = id.map_err(|_| CoordinatorError::NoTask { task: task.id.clone() })?;
    let question = task.blocker.as_ref().map_or("", |blocker| blocker.description.as_str());
    let payload = serde_json::json!({
        "helps": task.id,
        "title": task.title,
        "needs": pick.capability,
        "question": question,
    });
    Ok(NewTask {
        title: format!("Help {}: {question}", task.id),
        required_capabilities: vec![pick.capability.clone()],
        priority: 9,
        payload: Some(payload.to_string()),
        directed_to: Some(pick.swarm.clone()),
        ..NewTask::named(id)
    })
}

/// The scope of a swarm's money.
#[must_use]
pub fn scope_of(swarm: &SwarmId) -> Scope {
    Scope::Swarm(swarm.clone())
}
