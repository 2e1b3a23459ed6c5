//! What a leader needs who follows the store by watching.

use crate::governor::account::Account;
use crate::governor::authorisation::Authorisation;
use crate::governor::policy::Policy;
use crate::governor::profile::Reputation;
use crate::governor::ranking::{Score, suitability};
use crate::id::{Capability, ClaimId, TaskId};
use crate::store::{Entry, Key, StoreError, Transaction};

use super::Governor;
use super::account::dated;
use super::claim::{Claiming, TaskBudgets};
use crate::clock::Timestamp;

impl Governor {
    /// Takes one changed key into an account; other keys than an account's change nothing.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when the value is not what it should be.
    pub fn note(account: &mut Account, key: &Key, entry: Option<&Entry>) -> Result<(), StoreError> {
        match key {
            Key::Profile(_) => account.profile = entry.map(dated).transpose()?,
            Key::Budget(_) => account.budget = entry.map(dated).transpose()?,
            Key::Breaker(_) => account.breaker = entry.map(dated).transpose()?,
            Key::Probe(_) => account.probe = entry.map(dated).transpose()?,
            Key::Reputation(_) => {
                account.reputation =
                    entry.map(Entry::json::<Reputation>).transpose()?.map(|known| known.score);
            }
            _ => {}
        }
        Ok(())
    }

    /// How well a swarm suits work: the share of the needed capabilities it has, and its score.
    #[must_use]
    pub fn suitability(account: &Account, required: &[Capability], policy: &Policy) -> (f64, Score) {
        suitability(account, required, policy)
    }

    /// The fragment that sets money aside for a claim that will be made later, as `claim`; not in the budgets of `tasks`,
    /// which several such claims share. If it is to be the
    /// trial of a breaker, it becomes that when it is made.
    pub fn prepay(
        account: &Account,
        authorisation: Authorisation,
        task: &TaskId,
        claim: &ClaimId,
        tasks: &[TaskId],
        by: &str,
        now: Timestamp,
    ) -> Transaction {
        let authorisation = Authorisation { probe: false, ..authorisation };
        let task_budgets = TaskBudgets::Booked(tasks);
        let claiming = Claiming { task, claim, lease: 0, task_budgets, epoch: None, by };
        Self::reserve(account, &authorisation, &claiming, now)
    }
}
