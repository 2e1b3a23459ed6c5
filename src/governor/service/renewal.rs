//! Renewing budgets whose period is over.

use super::claim::replaced;
use super::{Governor, GovernorError};
use crate::governor::account::Account;
use crate::governor::budget::Budget;
use crate::store::{Entry, Key, Precondition, Prefix, Scope, StoreError, Transaction};

const OP: &str = "governor.renew";

impl Governor {
    /// Begins every budget anew whose period is over, and closes the breakers that the old ones had opened; how many there
    /// were. Rules count them as new before: this makes it true for whoever reads the store. `leader` is the revision
    /// that created the leader's key.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn renew_budgets(&self, leader: i64) -> Result<usize, GovernorError> {
        let (entries, _) = self.store.range(&Prefix::Budgets).await?;
        let mut renewed = 0;
        for entry in &entries {
            let Some(Key::Budget(scope)) = Key::parse(&entry.key) else { continue };
            if scope == Scope::Overall {
                // It has nothing to renew: each allotment knows which period it is of.
                continue;
            }
            match self.renew(&scope, entry, leader).await {
                // What others were faster with is looked at again the next time.
                Ok(done) => renewed += usize::from(done),
                Err(error @ StoreError::Malformed { .. }) => tracing::error!(%scope, %error, "left out"),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(renewed)
    }

    async fn renew(&self, scope: &Scope, entry: &Entry, leader: i64) -> Result<bool, StoreError> {
        let now = self.clock.now();
        let budget: Budget = entry.json()?;
        if !budget.is_over(now) {
            return Ok(false);
        }
        let next = budget.at(now).signed("governor", OP);
        let key = Key::Budget(scope.clone());
        let transaction = Transaction::new()
            .when(Precondition::created_at(&Key::Leader, leader))
            .when(Precondition::unchanged(&key, entry.mod_revision));
        let transaction = match scope {
            Scope::Swarm(swarm) => {
                let account: Account = self.account(swarm).await?;
                let breaker = account.breaker.as_ref().map_or(0, |breaker| breaker.revision);
                let unchanged = Precondition::unchanged(&Key::Breaker(scope.clone()), breaker);
                transaction.when(unchanged).and(replaced(&account, &next, now))
            }
            Scope::Task(_) | Scope::Provider(_) | Scope::Caller(..) | Scope::Overall => {
                transaction.put_json(&key, &next)
            }
        };
        Ok(self.store.commit(transaction).await?.is_done())
    }
}
