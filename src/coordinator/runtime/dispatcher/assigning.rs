//! Handing tasks out as planned, and taking back what nobody took up.

use std::collections::HashSet;
use std::time::Duration;

use super::allotting::Short;
use super::{Dispatcher, LEFT_ALONE};
use crate::clock::{Timestamp, stopwatch};
use crate::coordinator::hold::Assignment;
use crate::coordinator::runtime::planner::Choice;
use crate::coordinator::runtime::view::View;
use crate::coordinator::service::{Claim, ClaimOutcome, CoordinatorError, Ground, assess, prepare};
use crate::governor::Refusal;
use crate::id::{ClaimId, SessionId, TaskId};
use crate::money::Money;
use crate::store::{Commit, Key, MAX_BATCH, Precondition, Snapshot, StoreError, Transaction, batches};

/// An assignment to be committed.
#[derive(Debug)]
struct Push {
    task: TaskId,
    session: SessionId,
    /// The record's revision.
    revision: i64,
    /// The tasks whose budgets it writes.
    budgets: Vec<TaskId>,
    transaction: Transaction,
}

/// Why a task is not handed out as planned.
#[derive(Debug)]
enum Held {
    /// The rules refuse it.
    Refused(Refusal),
    /// The swarm has to draw so much on the overall budget before.
    Short(Money),
}

impl Dispatcher {
    /// Hands out as many tasks as one batch takes, and none under a policy that nobody can read: it could not be
    /// finished. Gives the revision that did.
    pub(super) async fn assign(&mut self, view: &mut View, now: Timestamp) -> Result<i64, CoordinatorError> {
        if !view.is_policy_legible() {
            return Ok(0);
        }
        let choices = self.planner.plan(view, now, MAX_BATCH);
        let (pushes, short) = self.pushes(view, choices, now);
        let mut settled = 0;
        for batch in batches(pushes, |push| push.transaction.bytes_written()) {
            settled = settled.max(self.hand_out(batch, now).await?);
        }
        for short in short {
            settled = settled.max(self.allot(view, short, now).await?);
        }
        Ok(settled)
    }

    /// What is to be committed for these choices. A budget can be written only once in a batch: of several tasks that are
    /// paid from one, the others wait for the next. What the budget of a task refuses is left alone for a while.
    /// Those whose swarms have to draw on the overall budget before are told too.
    fn pushes(&mut self, view: &View, choices: Vec<Choice>, now: Timestamp) -> (Vec<Push>, Vec<Short>) {
        let (mut pushes, mut short, mut written) = (Vec::new(), Vec::new(), HashSet::new());
        for choice in choices {
            let task = choice.task.clone();
            match self.push(view, choice.clone(), now) {
                Ok(Some(push)) if push.budgets.iter().any(|task| written.contains(task)) => {}
                Ok(Some(push)) => {
                    written.extend(push.budgets.iter().cloned());
                    pushes.push(push);
                }
                Ok(None) => {}
                Err(Held::Short(amount)) => short.push(Short { choice, amount }),
                Err(Held::Refused(refusal)) => {
                    tracing::warn!(%task, %refusal, "the task is left alone for a while");
                    self.leave_out(&task, now);
                }
            }
        }
        (pushes, short)
    }

    async fn hand_out(&mut self, pushes: Vec<Push>, now: Timestamp) -> Result<i64, CoordinatorError> {
        let transactions = pushes.iter().map(|push| push.transaction.clone()).collect();
        let watch = stopwatch();
        let commits = match self.store.commit_each(transactions).await {
            Ok(commits) => commits,
            Err(error) if error.is_retryable() => return Err(error.into()),
            Err(_) => self.one_by_one(&pushes, now).await?,
        };
        self.measured.committed(watch.elapsed(), now);
        let mut settled = 0;
        for (push, commit) in pushes.into_iter().zip(commits) {
            match commit {
                Commit::Done { revision } => settled = settled.max(revision),
                Commit::Refused(_) => self.refused(&push, now),
            }
        }
        Ok(settled)
    }

    /// Mostly somebody was faster; if not, another worker is tried first, and in the end another task.
    fn refused(&mut self, push: &Push, now: Timestamp) {
        self.planner.pass_over(&push.task, &push.session);
        if self.refusals.note(&push.task, push.revision, now) {
            tracing::error!(task = %push.task, "it is refused again and again: it is left alone for a while");
            self.refusals.forget(&push.task);
            self.leave_out(&push.task, now);
        }
    }

    /// One worker's lease that ended, or one task that the store does not take, fails a whole batch; alone, each
    /// stands or falls by itself.
    async fn one_by_one(&mut self, pushes: &[Push], now: Timestamp) -> Result<Vec<Commit>, StoreError> {
        let mut commits = Vec::with_capacity(pushes.len());
        for push in pushes {
            match self.store.commit(push.transaction.clone()).await {
                Ok(commit) => commits.push(commit),
                Err(StoreError::LeaseLost) => commits.push(refused()),
                Err(error @ StoreError::Rejected(_)) => {
                    tracing::error!(task = %push.task, %error, "the task is left alone for a while");
                    self.leave_out(&push.task, now);
                    commits.push(refused());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(commits)
    }

    /// Hands a task out no more for a while, unless it changes.
    pub(super) fn leave_out(&mut self, task: &TaskId, now: Timestamp) {
        self.planner.leave_out(task);
        self.left_alone.insert(task.clone(), now.after(LEFT_ALONE));
    }

    /// The claim with its entry in the worker's inbox; nothing when the worker is gone, or its name is no lease.
    ///
    /// # Errors
    /// [`Held::Refused`] with what no other worker would change, [`Held::Short`].
    fn push(
        &self,
        view: &View,
        Choice { task, worker }: Choice,
        now: Timestamp,
    ) -> Result<Option<Push>, Held> {
        let (swarm, session) = worker.clone();
        let Some(lease) = session.lease() else { return Ok(None) };
        let claim = Claim {
            task: task.clone(),
            swarm: swarm.clone(),
            claim_id: ClaimId::fresh(now),
            lease,
            session: Some(session.clone()),
            pushed: true,
        };
        let (situation, account) = (view.situation(&task), view.account(&swarm));
        let revision = situation.record.as_ref().map_or(0, |record| record.mod_revision);
        let admissible = match assess(&situation, &account, &claim, Ground::Free, view.policy(), now) {
            Ok(admissible) => admissible,
            Err(ClaimOutcome::Refused(refusal @ Refusal::TaskBudget { .. })) => {
                return Err(Held::Refused(refusal));
            }
            Err(_) => return Ok(None),
        };
        let amount = admissible.amount();
        if view.policy().resources.enable_budget_enforcement && !account.is_covered(amount, now) {
            return Err(Held::Short(amount));
        }
        let prepared = prepare(&situation, &account, &claim, &admissible, &self.authority, now);
        let Some(connected) = view.worker(&worker) else { return Ok(None) };
        let assignment = Assignment {
            task: task.clone(),
            claim_id: prepared.claim_id.clone(),
            epoch: view.epoch().number,
            record: Some(Box::new(prepared.record)),
            at: now,
            by: self.authority.by().to_owned(),
            op: "assign".to_owned(),
        };
        let inbox = Key::Inbox(swarm.clone(), session.clone(), prepared.claim_id);
        let transaction = prepared
            .transaction
            .when(Precondition::created_at(&Key::Session(swarm, session.clone()), connected.create_revision))
            .put_json_leased(&inbox, &assignment, claim.lease);
        let budgets = situation.budgets.iter().map(|budget| budget.task.clone()).collect();
        Ok(Some(Push { task, session, revision, budgets, transaction }))
    }

    /// Takes back what was not taken up in time: it goes to another worker.
    pub(super) async fn take_back(&mut self, view: &View, now: Timestamp) -> Result<(), CoordinatorError> {
        let patience = Duration::from_secs(view.policy().coordination.acknowledge_within_seconds);
        let present: HashSet<_> =
            view.pushed().map(|(_, assignment)| assignment.value.claim_id.clone()).collect();
        self.seen.retain(|claim, _| present.contains(claim));
        for ((swarm, session), assignment) in view.pushed() {
            let claim = assignment.value.claim_id.clone();
            let since = *self.seen.entry(claim).or_insert(now);
            if now.since(since) < patience {
                continue;
            }
            let task = &assignment.value.task;
            if self.left_alone.contains_key(task) {
                continue;
            }
            let recalled = self.coordinator.recall(swarm, session, assignment, &self.authority).await;
            if let Err(error) = &recalled
                && !error.is_retryable()
            {
                tracing::error!(%task, %error, "the task is left alone for a while");
                self.left_alone.insert(task.clone(), now.after(LEFT_ALONE));
                continue;
            }
            if recalled? {
                tracing::warn!(%task, %swarm, "an assignment was not taken up: it goes to another worker");
                self.planner.pass_over(task, session);
            }
        }
        Ok(())
    }
}

fn refused() -> Commit {
    Commit::Refused(Snapshot { revision: 0, answers: Vec::new() })
}
