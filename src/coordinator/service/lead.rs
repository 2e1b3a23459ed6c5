//! What only the leader does: hand out, take back, retry, set free, look for help. Every transaction here
//! compares the leader's key, so that a leader who was paused and wakes up writes nothing.

use std::collections::BTreeSet;
use std::time::Duration;

use super::claim::{Claim, ClaimOutcome, Ground, assess, prepare};
use super::dependents::freed;
use super::finish::{record_of, standing, wrong_state};
use super::situation::{Owner, Situation};
use super::submit::{Extras, Plan};
use super::{Authority, Coordinator, CoordinatorError, TRIES, yield_to_rival};
use crate::coordinator::backlog::{MAX_TITLE, NewTask};
use crate::coordinator::hold::Assignment;
use crate::coordinator::task::{Prepaid, Reason, State, TaskRecord};
use crate::governor::service::{Governor, Settling, authorise};
use crate::governor::{DEFAULT_HOURS, Escalation, EscalationKind, Outcome, Pick, Picks, Work};
use crate::id::{ClaimId, SessionId, SwarmId, TaskId, UNCLAIMED, unique};
use crate::money::Money;
use crate::store::{Key, Precondition, Query, Transaction, Versioned};

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
    /// Returns a task whose holder vanished. Work that nobody had received costs nothing and counts as no
    /// attempt; other work costs what was set aside. Nothing happens when the task has a holder again.
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
        let (next, outcome, cost) = match record.value.received_at {
            Some(_) => (record.value.returned(record.value.reserved, by, now), Outcome::Lost, None),
            None => (record.value.recalled(by, now), Outcome::Recalled, Some(Money::ZERO)),
        };
        let owner = situation.owner.as_ref().map_or(0, |owner| owner.mod_revision);
        let transaction = Transaction::new()
            .when(Precondition::absent(&Key::Hold(task.clone())))
            .when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision))
            .when(Precondition::unchanged(&Key::Owner(task.clone()), owner))
            .and(self.settlement(&swarm, record, outcome, cost, authority).await?)
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

    /// Makes a blocked task ready again, because somebody says that it can go on. Help that nobody has begun
    /// is called off, and what was set aside for it is free again.
    ///
    /// # Errors
    /// [`CoordinatorError::WrongState`] when it is not blocked.
    pub async fn unblock(
        &self,
        task: &TaskId,
        authority: &Authority,
    ) -> Result<TaskRecord, CoordinatorError> {
        for attempt in 0..TRIES {
            let record = record_of(task, self.store.get(&Key::Record(task.clone())).await?.as_ref())?;
            if record.value.reason != Some(Reason::Blocked) {
                return Err(wrong_state(&record.value, "unblocked"));
            }
            let next = record.value.unblocked(authority.by(), self.now());
            if self.replace(&record, &next, authority).await? {
                for helper in record.value.blocker.iter().flat_map(|blocker| &blocker.pending) {
                    self.call_off(helper, authority).await?;
                }
                return Ok(next);
            }
            yield_to_rival(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// Cancels a help task that nobody has begun.
    async fn call_off(&self, helper: &TaskId, authority: &Authority) -> Result<(), CoordinatorError> {
        for attempt in 0..TRIES {
            let record = record_of(helper, self.store.get(&Key::Record(helper.clone())).await?.as_ref())?;
            let Some(prepaid) = record.value.prepaid.clone().filter(|_| record.value.is_ready()) else {
                return Ok(());
            };
            let account = self.governor.account(&prepaid.swarm).await?;
            let policy = self.governor.policy().await?;
            let settling = Settling {
                task: helper,
                claim: &prepaid.claim_id,
                reserved: prepaid.amount,
                cost: Some(Money::ZERO),
                outcome: Outcome::Released,
                by: authority.by(),
            };
            let next = record.value.canceled(authority.by(), self.now());
            let transaction = Transaction::new()
                .when(Precondition::unchanged(&Key::Record(helper.clone()), record.mod_revision))
                .when(Precondition::value(&Key::Owner(helper.clone()), UNCLAIMED))
                .and(Governor::settle(&account, &settling, &policy, self.now()))
                .and(standing(&next));
            if self.store.commit(authority.fence(transaction)).await?.is_done() {
                return Ok(());
            }
            yield_to_rival(attempt).await;
        }
        Err(CoordinatorError::Contended { task: helper.clone() })
    }

    /// Gives a raw client's claim, which has an owner and no hold, a hold and a reservation, as if it had been
    /// made here. Where the rules forbid it, the task goes back and a human is told.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn adopt(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let situation = self.situation(task).await?;
        let (None, Some(owner)) = (&situation.hold, &situation.owner) else { return Ok(false) };
        if owner.name == UNCLAIMED || situation.record.as_ref().is_some_and(|record| !record.value.is_ready())
        {
            return Ok(false);
        }
        let Ok(swarm) = owner.name.parse::<SwarmId>() else {
            let why = format!("`{}` is no name of a swarm", owner.name.escape_debug());
            return self.undo_raw_claim(&situation, owner, &why, authority).await;
        };
        let (policy, now) = (self.governor.policy().await?, self.now());
        let account = self.governor.account(&swarm).await?;
        let mut claim = Claim {
            task: task.clone(),
            swarm,
            claim_id: ClaimId::fresh(now),
            lease: 0,
            session: None,
            pushed: false,
        };
        let ground = Ground::Written(owner.mod_revision);
        let admissible = match assess(&situation, &account, &claim, ground, &policy, now) {
            Ok(admissible) => admissible,
            Err(ClaimOutcome::Refused(refusal)) => {
                return self.undo_raw_claim(&situation, owner, &refusal.to_string(), authority).await;
            }
            Err(ClaimOutcome::Directed { to }) => {
                let why = format!("it is meant for {to}");
                return self.undo_raw_claim(&situation, owner, &why, authority).await;
            }
            Err(_) => return Ok(false),
        };
        let lease = self.store.grant(Duration::from_secs(policy.coordination.raw_claim_ttl_seconds)).await?;
        claim.lease = lease.id;
        let prepared = prepare(&situation, &account, &claim, &admissible, authority, now);
        let adopted = self.store.commit(prepared.transaction).await?.is_done();
        if !adopted {
            self.store.revoke(lease.id).await?;
        }
        Ok(adopted)
    }

    async fn undo_raw_claim(
        &self,
        situation: &Situation,
        owner: &Owner,
        why: &str,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let (task, now) = (&situation.task, self.now());
        let issue = format!("a claim of {task} that was written past ifctl was undone: {why}");
        let action = "let the swarm claim with ifctl, or change its budget, breaker or capabilities";
        // One call for each task: a raw client that tries for ever makes one record, not thousands.
        let kind = EscalationKind::ClaimRefused;
        let mut escalation =
            Escalation::triggered(kind, task.as_str(), issue, action, authority.by(), now).about_task(task);
        if let Ok(swarm) = owner.name.parse() {
            escalation = escalation.about_swarm(&swarm);
        }
        let transaction = Transaction::new()
            .when(Precondition::unchanged(&Key::Owner(task.clone()), owner.mod_revision))
            .when(Precondition::as_read(&Key::Record(task.clone()), situation.record.as_ref()))
            .when(Precondition::absent(&Key::Hold(task.clone())))
            .put(&Key::Owner(task.clone()), UNCLAIMED)
            .put_json(&Key::Escalation(escalation.id.clone()), &escalation);
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
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
                Picks::Helpers { picks, .. } => match self.asking(&record, &picks, authority).await {
                    // What was picked has changed since: pick anew.
                    Err(CoordinatorError::Refused(_)) => continue,
                    asked => asked?,
                },
                Picks::Nobody { .. } => self.calling(&record, &blocked, authority),
            };
            let transaction =
                transaction.when(Precondition::unchanged(&Key::Record(task.clone()), record.mod_revision));
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
        let policy = self.governor.policy().await?;
        let mut transaction = Transaction::new();
        let mut helpers = BTreeSet::new();
        for (index, pick) in picks.iter().enumerate() {
            let claim_id = ClaimId::fresh(now);
            let new = self.help_task(task, pick, index + 1).await?;
            let account = self.governor.account(&pick.swarm).await?;
            let work = Work {
                task: &new.id,
                required: &new.required_capabilities,
                hours: DEFAULT_HOURS,
                max_cost: Some(pick.amount),
            };
            let authorisation = authorise(&account, &work, &policy, now)?;
            let amount = authorisation.amount;
            let prepaid = Prepaid { swarm: pick.swarm.clone(), claim_id: claim_id.clone(), amount };
            let extras = Extras { helps: Some(task.id.clone()), prepaid: Some(prepaid) };
            let max_attempts = policy.coordination.max_attempts;
            if let Plan::New(_, submission) = self.submission(&new, max_attempts, &extras, authority).await? {
                let booking =
                    Governor::prepay(&account, authorisation, &new.id, &claim_id, authority.by(), now);
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
        let escalation = Escalation::triggered(
            EscalationKind::NoHelp,
            &format!("{}.{}", task.id, record.mod_revision),
            format!("{} is blocked and nobody qualifies to help: {question}", task.id),
            format!("answer the question, then: ifctl coordinator unblock {}", task.id),
            authority.by(),
            self.now(),
        )
        .about_swarm(blocked)
        .about_task(&task.id);
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
        let account = self.governor.account(swarm).await?;
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

    /// The task that asks one swarm for help, under a name that is free.
    async fn help_task(
        &self,
        task: &TaskRecord,
        pick: &Pick,
        number: usize,
    ) -> Result<NewTask, CoordinatorError> {
        let spoken = format!("help-{}-{}-{number}", task.id, task.attempt).parse().ok();
        let free = match spoken {
            Some(id) if self.store.get(&Key::Record(TaskId::clone(&id))).await?.is_none() => Some(id),
            _ => format!("help-{}", unique(self.now())).parse().ok(),
        };
        let id: TaskId = free.ok_or_else(|| CoordinatorError::NoTask { task: task.id.clone() })?;
        let question = task.blocker.as_ref().map_or("", |blocker| blocker.description.as_str());
        let payload = serde_json::json!({
            "helps": task.id,
            "title": task.title,
            "needs": pick.capability,
            "question": question,
        });
        Ok(NewTask {
            title: format!("Help {}: {question}", task.id).chars().take(MAX_TITLE).collect(),
            required_capabilities: vec![pick.capability.clone()],
            priority: 9,
            max_cost: Some(pick.amount),
            payload: Some(payload.to_string()),
            directed_to: Some(pick.swarm.clone()),
            ..NewTask::named(id)
        })
    }
}
