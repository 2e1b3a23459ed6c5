//! Drawing on the overall budget before something is committed.

use super::{Authority, Coordinator, CoordinatorError};
use crate::governor::service::{Allotting, Wish};
use crate::governor::{Account, Policy};
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
        let wish = Wish { amount, incurred: false, by: authority.by(), fence: Transaction::new() };
        let wish = Wish { fence: authority.fence(wish.fence), ..wish };
        Ok(self.governor.allot(account, wish, policy).await?)
    }

    /// The same for money that is gone already, which nobody refuses: whether there was something to draw.
    pub(super) async fn allot_what_is_gone(
        &self,
        account: &Account,
        amount: Money,
        policy: &Policy,
        by: &str,
    ) -> Result<bool, CoordinatorError> {
        let wish = Wish { amount, incurred: true, by, fence: Transaction::new() };
        Ok(matches!(self.governor.allot(account, wish, policy).await?, Allotting::Drawn { .. }))
    }
}
