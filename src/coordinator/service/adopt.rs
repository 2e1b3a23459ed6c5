//! Claims that a plain etcd client made by writing the owner key: adopted by the leader, or undone.

use std::time::Duration;

use super::claim::{Claim, ClaimOutcome, Ground, assess, prepare};
use super::situation::{Owner, Situation};
use super::{Authority, Coordinator, CoordinatorError};
use crate::governor::service::{Allotting, GovernorError};
use crate::governor::{Escalation, EscalationKind};
use crate::id::{ClaimId, SwarmId, TaskId, UNCLAIMED};
use crate::store::{Key, Precondition, Scope, StoreError, Transaction};

impl Coordinator {
    /// Gives a raw client's claim, which has an owner and no hold, a hold and a reservation, as if it had been
    /// made here. Where the rules forbid it, the task goes back and a human is told.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn adopt(&self, task: &TaskId, authority: &Authority) -> Result<bool, CoordinatorError> {
        let mut situation = self.situation(task).await?;
        let own = self.store.get(&Key::Budget(Scope::Task(task.clone()))).await?;
        situation.budgets = self.budgets_for(&situation, own.as_ref()).await?;
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
        fail::fail_point!("adopt-assessed");
        let account = match self.allot(&account, admissible.amount(), &policy, authority).await? {
            Allotting::Covered => account,
            Allotting::Drawn { .. } => self.governor.account(&claim.swarm).await?,
            Allotting::Refused(refusal) => {
                return self.undo_raw_claim(&situation, owner, &refusal.to_string(), authority).await;
            }
        };
        let lease = self.store.grant(Duration::from_secs(policy.coordination.raw_claim_ttl_seconds)).await?;
        claim.lease = lease.id;
        let prepared = prepare(&situation, &account, &claim, &admissible, authority, now);
        let adopted = match self.store.commit(prepared.transaction).await {
            Ok(commit) => Ok(commit.is_done()),
            // Whether it was committed is unknown; the hold tells.
            Err(error) if error.is_retryable() => {
                let hold = self.store.get(&Key::Hold(task.clone())).await?;
                if hold.is_some_and(|hold| hold.lease == lease.id) { Ok(true) } else { Err(error) }
            }
            Err(error) => Err(error),
        };
        if !matches!(adopted, Ok(true)) {
            self.store.revoke(lease.id).await?;
        }
        Ok(adopted?)
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
        let mut transaction = Transaction::new()
            .when(Precondition::unchanged(&Key::Owner(task.clone()), owner.mod_revision))
            .when(Precondition::as_read(&Key::Record(task.clone()), situation.record.as_ref()))
            .when(Precondition::absent(&Key::Hold(task.clone())))
            .put(&Key::Owner(task.clone()), UNCLAIMED);
        let called = match self.governor.escalation(&escalation.id).await {
            Ok(called) => called.value.is_open(),
            // What nobody can read is no call.
            Err(GovernorError::NoEscalation { .. } | GovernorError::Store(StoreError::Malformed { .. })) => {
                false
            }
            Err(error) => return Err(error.into()),
        };
        // Who has answered it has answered it, however often the client tries.
        if !called {
            transaction = transaction.put_json(&Key::Escalation(escalation.id.clone()), &escalation);
        }
        Ok(self.store.commit(authority.fence(transaction)).await?.is_done())
    }
}
