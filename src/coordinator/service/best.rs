//! Claiming the best task that is ready, for who asks once and does not wait to be assigned one.

use std::time::Duration;

use super::claim::{Claim, ClaimOutcome, Ground, assess};
use super::situation::{Epoch, Owner, Situation};
use super::{Coordinator, CoordinatorError};
use crate::coordinator::assignment::Rank;
use crate::coordinator::task::TaskRecord;
use crate::coordinator::token::Token;
use crate::id::{ClaimId, SwarmId, UNCLAIMED};
use crate::store::Versioned;

impl Coordinator {
    /// Claims the first of the ready tasks that the swarm may have, in the order in which they are handed out; nothing
    /// when there is none at this moment.
    ///
    /// # Errors
    /// When the store does not answer: then one may be held by `lease`.
    pub async fn claim_best(
        &self,
        swarm: &SwarmId,
        lease: i64,
    ) -> Result<Option<(Token, Box<TaskRecord>)>, CoordinatorError> {
        let (policy, account, now) =
            (self.governor.policy().await?, self.governor.account(swarm).await?, self.now());
        let claim = |record: &TaskRecord| Claim {
            task: record.id.clone(),
            swarm: swarm.clone(),
            claim_id: ClaimId::fresh(now),
            lease,
            session: None,
            pushed: false,
        };
        // What is certain to be refused costs no round trip.
        let is_open = |record: &TaskRecord| {
            let (claim, situation) = (claim(record), free(record));
            assess(&situation, &account, &claim, Ground::Free, &policy, now).is_ok()
        };
        let mut open: Vec<_> = self.tasks().await?.into_iter().filter(is_open).collect();
        let step = Duration::from_secs(policy.coordination.priority_step_seconds);
        open.sort_by_cached_key(|record| Rank::of(record, step));
        for record in &open {
            if let ClaimOutcome::Won { token, record } = self.claim(&claim(record)).await? {
                return Ok(Some((token, record)));
            }
        }
        Ok(None)
    }
}

/// A task as it stands when nobody holds it.
fn free(record: &TaskRecord) -> Situation {
    let owner = Owner { name: UNCLAIMED.to_owned(), mod_revision: 0 };
    let record = Versioned { value: record.clone(), create_revision: 0, mod_revision: 0, lease: 0 };
    Situation {
        task: record.value.id.clone(),
        record: Some(record),
        owner: Some(owner),
        hold: None,
        epoch: Epoch::default(),
        budgets: Vec::new(),
    }
}
