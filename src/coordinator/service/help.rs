//! Help for a blocked task: who is asked, with what, and what is set aside for it.

use std::collections::BTreeSet;

use super::finish::record_of;
use super::submit::{Extras, Plan};
use super::{Authority, Coordinator, CoordinatorError, TRIES, yield_to_rival};
use crate::coordinator::backlog::{MAX_TITLE, NewTask};
use crate::coordinator::task::{Prepaid, Reason, TaskRecord};
use crate::governor::service::{Governor, authorise};
use crate::governor::{DEFAULT_HOURS, Escalation, EscalationKind, Pick, Picks, Work};
use crate::id::{ClaimId, SwarmId, TaskId, unique};
use crate::money::Money;
use crate::store::{Key, Precondition, Scope, Transaction, Versioned};

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
        let situation = self.situation(&task.id).await?;
        let own = self.store.get(&Key::Budget(Scope::Task(task.id.clone()))).await?;
        let budgets = self.budgets_for(&situation, own.as_ref()).await?;
        let tasks: Vec<TaskId> = budgets.iter().map(|budget| budget.task.clone()).collect();
        let (mut transaction, mut together) = (Transaction::new(), Money::ZERO);
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
            let (swarm, task_budgets) = (pick.swarm.clone(), tasks.clone());
            let prepaid = Prepaid { swarm, claim_id: claim_id.clone(), amount, task_budgets };
            let extras = Extras { helps: Some(task.id.clone()), prepaid: Some(prepaid) };
            let max_attempts = policy.coordination.max_attempts;
            if let Plan::New(_, submission) = self.submission(&new, max_attempts, &extras, authority).await? {
                let by = authority.by();
                let booking = Governor::prepay(&account, authorisation, &new.id, &claim_id, &tasks, by, now);
                together = together.plus(amount);
                transaction = transaction.and(submission).and(booking);
                helpers.insert(new.id.clone());
            }
        }
        if policy.resources.enable_budget_enforcement
            && budgets.iter().any(|budget| budget.refusal(together, now).is_some())
        {
            // Help that cannot be paid is no help: people decide.
            let blocked = task.owner.clone().unwrap_or_else(SwarmId::orchestrator);
            return Ok(self.calling(record, &blocked, authority));
        }
        transaction = transaction.and(Governor::book_task_budgets(&budgets, together, authority.by(), now));
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
