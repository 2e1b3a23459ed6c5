//! Drawing on the overall budget before something is committed.

use super::{Authority, Coordinator, CoordinatorError};
use crate::governor::service::{Allotting, Wish};
use crate::governor::{Account, Policy};
use crate::id::SwarmId;
use crate::money::Money;
use crate::store::Transaction;

impl Coordinator {
    /// Sees to it that the allotment of a swarm has `amount` more.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn allot(
        &self,
        account: &Account,
        amount: Money,
        policy: &Policy,
        authority: &Authority,
    ) -> Result<Allotting, CoordinatorError> {
        self.allot_besides(account, amount, &[], policy, authority).await
    }

    /// The same, when other swarms are about to commit something in the same transaction.
    pub(super) async fn allot_besides(
        &self,
        account: &Account,
        amount: Money,
        kept: &[(SwarmId, Money)],
        policy: &Policy,
        authority: &Authority,
    ) -> Result<Allotting, CoordinatorError> {
        let (by, fence) = (authority.by(), authority.fence(Transaction::new()));
        let wish = Wish { amount, incurred: false, kept, by, fence };
        Ok(self.governor.allot(account, wish, policy).await?)
    }

    /// Calls a human because so much of the overall budget is spent, if they want to know.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn alert_overall(
        &self,
        spent: Money,
        policy: &Policy,
        authority: &Authority,
    ) -> Result<bool, CoordinatorError> {
        let (by, fence) = (authority.by(), authority.fence(Transaction::new()));
        Ok(self.governor.alert_overall(spent, policy, by, fence).await?)
    }

    /// The same as [`Coordinator::allot`] for money that is gone already, which nobody refuses: whether there was something to draw.
    pub(super) async fn allot_what_is_gone(
        &self,
        account: &Account,
        amount: Money,
        policy: &Policy,
        by: &str,
    ) -> Result<bool, CoordinatorError> {
        let wish = Wish { amount, incurred: true, kept: &[], by, fence: Transaction::new() };
        Ok(matches!(self.governor.allot(account, wish, policy).await?, Allotting::Drawn { .. }))
    }
}
