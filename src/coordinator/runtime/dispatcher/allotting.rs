//! Drawing on the overall budget for swarms that are to be given work.

use std::time::Duration;

use super::Dispatcher;
use crate::clock::Timestamp;
use crate::coordinator::runtime::planner::Choice;
use crate::coordinator::runtime::view::View;
use crate::coordinator::service::CoordinatorError;
use crate::governor::service::Allotting;
use crate::money::Money;

/// How long nobody draws what was refused, unless the overall budget gets more: every try looks at all budgets.
const REMEMBERED: Duration = Duration::from_secs(1);

/// An assignment for which the allotment of the swarm is too small.
#[derive(Debug)]
pub(super) struct Short {
    pub(super) choice: Choice,
    pub(super) amount: Money,
}

impl Dispatcher {
    /// Draws what the assignment needs: it is made in the step after. What cannot be had goes to whoever costs less, or waits.
    /// Gives the revision that drew.
    pub(super) async fn allot(
        &mut self,
        view: &mut View,
        Short { choice, amount }: Short,
        now: Timestamp,
    ) -> Result<i64, CoordinatorError> {
        let (task, (swarm, _)) = (&choice.task, &choice.worker);
        let account = view.account(swarm).into_owned();
        if view.is_too_much(&account, amount, now) {
            return Ok(0);
        }
        match self.coordinator.allot(&account, amount, view.policy(), &self.authority).await {
            Ok(Allotting::Covered) => Ok(0),
            Ok(Allotting::Drawn { revision }) => Ok(revision),
            Ok(Allotting::Refused(refusal)) => {
                tracing::warn!(%task, %swarm, %refusal, "it is not given this task");
                view.note_too_much(amount);
                self.too_much_until = Some(now.after(REMEMBERED));
                Ok(0)
            }
            Err(error) if error.is_retryable() => Err(error),
            Err(error) => {
                tracing::error!(%task, %error, "the task is left alone for a while");
                self.leave_out(task, now);
                Ok(0)
            }
        }
    }
}
