//! Help for a blocked task: who is asked, with what, and what is set aside for it.
//!
//! One transaction asks all helpers, each by a task of its own that is paid for in advance, or calls a human. It
//! compares the blocked task's record as read: of a leader and a person who ask at once one asks, and whoever dies
//! before it has asked for nothing.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::finish::{limited, record_of};
use super::submit::{Extras, Plan};
use super::{Authority, Coordinator, CoordinatorError, TRIES};
use crate::coordinator::backlog::{MAX_CAPABILITIES, MAX_TITLE, NewTask};
use crate::coordinator::task::{Blocker, Prepaid, Reason, State, TaskRecord};
use crate::failpoint::mortal;
use crate::governor::service::{Allotting, Governor, authorise};
use crate::governor::{
    Considered, DEFAULT_HOURS, Escalation, EscalationKind, EscalationState, Pick, Picks, Policy, Refusal,
    TaskBudget, Work,
};
use crate::id::{Capability, ClaimId, SwarmId, TaskId, unique};
use crate::money::Money;
use crate::store::{
    Entry, Key, Precondition, Query, Scope, StoreError, Transaction, Versioned, yield_to_rivals,
};

/// How help is looked for.
#[derive(Debug, Clone, Default)]
pub struct HelpWish {
    /// What a helper must be able to do; else what the blocked swarm has said.
    pub needs: Vec<Capability>,
    /// The question, in words; else as the blocked swarm has put it.
    pub description: Option<String>,
    /// Also when it was looked for before, and nothing came of that.
    pub again: bool,
    /// Only say what would be done.
    pub dry_run: bool,
}

/// What a request for help came to.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum HelpOutcome {
    /// These swarms are asked; or would be, when nothing was to be done.
    Asked {
        /// They.
        helpers: Vec<Helper>,
        /// The needs for which nobody was left.
        uncovered: Vec<Capability>,
        /// Everybody who offers one of the needs.
        considered: Vec<Considered>,
    },
    /// Nobody qualifies.
    Escalated {
        /// The call for a human; none when nothing was to be done.
        escalation: Option<String>,
        /// The needs for which there is nobody.
        uncovered: Vec<Capability>,
        /// Everybody who offers one of the needs.
        considered: Vec<Considered>,
    },
    /// Help was asked for before, and may still come.
    UnderWay {
        /// The tasks that are the help.
        helpers: Vec<Pending>,
    },
    /// The task is not blocked.
    NotBlocked {
        /// Where it stands.
        state: State,
        /// More precisely.
        reason: Option<Reason>,
    },
}

/// A swarm that is asked for help.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Helper {
    /// Who.
    pub swarm: SwarmId,
    /// For what.
    pub need: Capability,
    /// What its help may cost, which is set aside of its budget; in micro-dollars.
    pub amount: Money,
    /// The task that asks it; none when nothing was to be done.
    pub task: Option<TaskId>,
}

/// Help that may still come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Pending {
    /// The task that is the help.
    pub task: TaskId,
    /// Who is asked, as far as its record can be read.
    pub swarm: Option<SwarmId>,
}

impl fmt::Display for HelpOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked { helpers, .. } => {
                let swarms: Vec<_> = helpers.iter().map(|helper| helper.swarm.as_str()).collect();
                write!(f, "{} asked", swarms.join(", "))
            }
            Self::Escalated { escalation, .. } => {
                write!(f, "nobody qualifies: {}", escalation.as_deref().unwrap_or("a human is needed"))
            }
            Self::UnderWay { helpers } => write!(f, "{} helpers were asked before", helpers.len()),
            Self::NotBlocked { .. } => f.write_str("it is not blocked"),
        }
    }
}

impl Coordinator {
    /// Looks for help for a blocked task: submits a task for each helper, paid for in advance, or calls a human.
    /// Nothing happens while help may still come; when a human was called, or all help has failed, it looks anew.
    ///
    /// # Errors
    /// When the store does not answer, or what is wished for is too much for one question.
    pub async fn request_help(
        &self,
        task: &TaskId,
        wish: &HelpWish,
        authority: &Authority,
    ) -> Result<HelpOutcome, CoordinatorError> {
        limited(task, "description", wish.description.as_deref().unwrap_or_default())?;
        if wish.needs.len() > MAX_CAPABILITIES {
            let (count, limit) = (wish.needs.len(), MAX_CAPABILITIES);
            return Err(CoordinatorError::TooManyNeeds { task: task.clone(), count, limit });
        }
        for attempt in 0..TRIES {
            let record = record_of(task, self.store.get(&Key::Record(task.clone())).await?.as_ref())?;
            if let Some(outcome) = self.try_to_help(record, wish, authority).await? {
                return Ok(outcome);
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// What comes of the request as the record was read; nothing when something has changed since.
    async fn try_to_help(
        &self,
        mut record: Versioned<TaskRecord>,
        wish: &HelpWish,
        authority: &Authority,
    ) -> Result<Option<HelpOutcome>, CoordinatorError> {
        fail::fail_point!("help-off", |_| {
            Ok(Some(HelpOutcome::NotBlocked { state: record.value.state, reason: record.value.reason }))
        });
        mortal!("help-read");
        let Some((blocker, blocked)) = stuck(&record.value) else {
            let (state, reason) = (record.value.state, record.value.reason);
            return Ok(Some(HelpOutcome::NotBlocked { state, reason }));
        };
        if !blocker.pending.is_empty() || blocker.requested && !wish.again {
            return Ok(Some(HelpOutcome::UnderWay { helpers: self.pending(blocker).await? }));
        }
        let (blocked, called) = (blocked.clone(), self.unanswered_call(blocker).await?);
        record.value = record.value.asking(&wish.needs, wish.description.as_deref());
        let needs = record.value.blocker.as_ref().map_or(&[][..], |blocker| &blocker.needs);
        let picks = self.governor.pick_help(needs, &blocked).await?;
        mortal!("help-picked");
        if wish.dry_run {
            return Ok(Some(would_be(picks)));
        }
        let prepared = match called {
            Some(_) if picks.helpers.is_empty() => return Ok(Some(escalated(called, picks))),
            _ if picks.helpers.is_empty() => {
                let why = format!("nobody qualifies: {}", picks.reasons());
                Ok(self.calling(&record, &blocked, picks, &why, authority))
            }
            _ => self.asking(&record, picks, authority).await,
        };
        let (transaction, outcome) = match prepared {
            // What was picked has changed since, or a name was taken: pick anew.
            Err(CoordinatorError::Refused(_) | CoordinatorError::Exists { .. }) => return Ok(None),
            prepared => prepared?,
        };
        let key = Key::Record(record.value.id.clone());
        let transaction = transaction.when(Precondition::unchanged(&key, record.mod_revision));
        mortal!("help-prepared");
        let done = self.store.commit(authority.fence(transaction)).await?.is_done();
        mortal!("help-committed");
        Ok(done.then_some(outcome))
    }

    /// The help that is waited for, and who gives it.
    async fn pending(&self, blocker: &Blocker) -> Result<Vec<Pending>, StoreError> {
        /// As many as one transaction reads.
        const SHOWN: usize = 100;
        if blocker.pending.is_empty() {
            return Ok(Vec::new());
        }
        let tasks: Vec<&TaskId> = blocker.pending.iter().take(SHOWN).collect();
        let queries = tasks.iter().map(|&task| Query::One(Key::Record(task.clone()))).collect();
        let snapshot = self.store.read(queries).await?;
        let asked = |entry: &Entry| entry.json::<TaskRecord>().ok()?.directed_to;
        let pending = tasks
            .into_iter()
            .enumerate()
            .map(|(index, task)| Pending { task: task.clone(), swarm: snapshot.one(index).and_then(asked) });
        Ok(pending.collect())
    }

    /// The call for a human that this question has made already, unless it is settled. One that cannot be read is not.
    async fn unanswered_call(&self, blocker: &Blocker) -> Result<Option<String>, StoreError> {
        let Some(escalation) = &blocker.escalation else { return Ok(None) };
        let Some(entry) = self.store.get(&Key::Escalation(escalation.clone())).await? else {
            return Ok(None);
        };
        let settled = entry.json::<Escalation>().is_ok_and(|call| call.state == EscalationState::Resolved);
        Ok((!settled).then(|| escalation.clone()))
    }

    /// The transaction that asks everybody who was picked.
    async fn asking(
        &self,
        record: &Versioned<TaskRecord>,
        picks: Picks,
        authority: &Authority,
    ) -> Result<(Transaction, HelpOutcome), CoordinatorError> {
        let (task, now) = (&record.value, self.now());
        let policy = self.governor.policy().await?;
        let budgets = self.budgets_around(&task.id).await?;
        let tasks: Vec<TaskId> = budgets.iter().map(|budget| budget.task.clone()).collect();
        let (mut transaction, mut together) = (Transaction::new(), Money::ZERO);
        let (mut helpers, mut kept) = (Vec::new(), Vec::new());
        for (index, pick) in picks.helpers.iter().enumerate() {
            let new = self.help_task(task, pick, index + 1).await?;
            let asking = self.asking_one(task, &new, (pick, &kept), &tasks, &policy, authority).await;
            let (amount, asking) = match asking {
                // As with the budgets of tasks below.
                Err(CoordinatorError::Refused(refusal @ Refusal::Overall { .. })) => {
                    let blocked = task.owner.clone().unwrap_or_else(SwarmId::orchestrator);
                    return Ok(self.calling(record, &blocked, picks, &refusal.to_string(), authority));
                }
                asking => asking?,
            };
            together = together.plus(amount);
            kept.push((pick.swarm.clone(), amount));
            transaction = transaction.and(asking);
            mortal!("help-helper");
            helpers.push(Helper { task: Some(new.id), ..helper(pick) });
        }
        if policy.resources.enable_budget_enforcement
            && let Some(refusal) = budgets.iter().find_map(|budget| budget.refusal(together, now))
        {
            // Help that cannot be paid is no help: people decide.
            let blocked = task.owner.clone().unwrap_or_else(SwarmId::orchestrator);
            return Ok(self.calling(record, &blocked, picks, &refusal.to_string(), authority));
        }
        transaction = transaction.and(Governor::book_task_budgets(&budgets, together, authority.by(), now));
        let names: BTreeSet<TaskId> = helpers.iter().filter_map(|helper| helper.task.clone()).collect();
        let next = task.awaiting_help(names, authority.by(), now);
        let transaction = transaction.put_json(&Key::Record(task.id.clone()), &next);
        let (uncovered, considered) = (picks.uncovered, picks.considered);
        Ok((transaction, HelpOutcome::Asked { helpers, uncovered, considered }))
    }

    /// The fragment that submits the task for one helper and sets the money for it aside, and how much that is. `tasks`
    /// are those whose budgets it is paid from besides the helper's, `kept` is what other helpers get.
    async fn asking_one(
        &self,
        task: &TaskRecord,
        new: &NewTask,
        (pick, kept): (&Pick, &[(SwarmId, Money)]),
        tasks: &[TaskId],
        policy: &Policy,
        authority: &Authority,
    ) -> Result<(Money, Transaction), CoordinatorError> {
        let (now, by) = (self.now(), authority.by());
        let mut account = self.governor.account(&pick.swarm).await?;
        let work = Work {
            task: &new.id,
            required: &new.required_capabilities,
            hours: DEFAULT_HOURS,
            max_cost: Some(pick.amount),
        };
        let authorisation = authorise(&account, &work, policy, now)?;
        let authorisation = if tasks.is_empty() { authorisation } else { authorisation.in_full() };
        let (claim_id, amount) = (ClaimId::fresh(now), authorisation.amount);
        match self.allot_besides(&account, amount, kept, policy, authority).await? {
            Allotting::Covered => {}
            Allotting::Drawn { .. } => account = self.governor.account(&pick.swarm).await?,
            Allotting::Refused(refusal) => return Err(refusal.into()),
        }
        let (swarm, task_budgets) = (pick.swarm.clone(), tasks.to_vec());
        let prepaid = Prepaid { swarm, claim_id: claim_id.clone(), amount, task_budgets };
        let extras = Extras { helps: Some(task.id.clone()), prepaid: Some(prepaid) };
        let max_attempts = policy.coordination.max_attempts;
        let Plan::New(_, submission) = self.submission(new, max_attempts, &extras, authority).await? else {
            return Err(CoordinatorError::Exists { task: new.id.clone() });
        };
        let booking = Governor::prepay(&account, authorisation, &new.id, &claim_id, tasks, by, now);
        Ok((amount, submission.and(booking)))
    }

    /// The budgets that help for a task is paid from besides the helper's: its own, and those of the tasks that it helps.
    async fn budgets_around(&self, task: &TaskId) -> Result<Vec<TaskBudget>, CoordinatorError> {
        let situation = self.situation(task).await?;
        let own = self.store.get(&Key::Budget(Scope::Task(task.clone()))).await?;
        self.budgets_for(&situation, own.as_ref()).await
    }

    /// The transaction that calls a human; `why` there is no help.
    fn calling(
        &self,
        record: &Versioned<TaskRecord>,
        blocked: &SwarmId,
        picks: Picks,
        why: &str,
        authority: &Authority,
    ) -> (Transaction, HelpOutcome) {
        let task = &record.value;
        let question = task.blocker.as_ref().map_or("", |blocker| blocker.description.as_str());
        let id = &task.id;
        let escalation = Escalation::triggered(
            EscalationKind::NoHelp,
            &format!("{id}.{}", record.mod_revision),
            format!("{id} is blocked and gets no help ({why}): {question}"),
            format!(
                "answer the question, then: ifctl coordinator unblock {id}; or register who can help, then: \
                 ifctl governor request-help {id}"
            ),
            authority.by(),
            self.now(),
        )
        .about_swarm(blocked)
        .about_task(id);
        let next = task.awaiting_a_human(&escalation.id, authority.by(), self.now());
        let transaction =
            Transaction::new().put_json(&Key::Record(id.clone()), &next).and(Governor::escalate(&escalation));
        (transaction, escalated(Some(escalation.id), picks))
    }

    /// Whether a task may have this name: a plain client may have made its owner key alone.
    async fn is_free(&self, task: &TaskId) -> Result<bool, StoreError> {
        let keys = [Key::Record(task.clone()), Key::Owner(task.clone())];
        let snapshot = self.store.read(keys.map(Query::One).into()).await?;
        Ok(snapshot.one(0).is_none() && snapshot.one(1).is_none())
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
            Some(id) if self.is_free(&id).await? => Some(id),
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

/// What a task is blocked by, and whose work is.
fn stuck(record: &TaskRecord) -> Option<(&Blocker, &SwarmId)> {
    let blocker = record.blocker.as_ref().filter(|_| record.reason == Some(Reason::Blocked));
    blocker.zip(record.owner.as_ref())
}

fn helper(pick: &Pick) -> Helper {
    Helper { swarm: pick.swarm.clone(), need: pick.capability.clone(), amount: pick.amount, task: None }
}

fn escalated(escalation: Option<String>, picks: Picks) -> HelpOutcome {
    HelpOutcome::Escalated { escalation, uncovered: picks.uncovered, considered: picks.considered }
}

/// What would be done about `picks`.
fn would_be(picks: Picks) -> HelpOutcome {
    if picks.helpers.is_empty() {
        return escalated(None, picks);
    }
    HelpOutcome::Asked {
        helpers: picks.helpers.iter().map(helper).collect(),
        uncovered: picks.uncovered,
        considered: picks.considered,
    }
}
