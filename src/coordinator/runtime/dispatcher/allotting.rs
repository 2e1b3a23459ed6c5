//! Drawing on the overall budget for swarms that are to be given work.

use std::time::Duration;

use super::Dispatcher;
use crate::clock::Timestamp;
use crate::coordinator::runtime::planner::Choice;
use crate::coordinator::runtime::view::View;
use crate::coordinator::service::CoordinatorError;
use crate::governor::service::Allotting;
use crate::money::Money;

/// How long nobody draws what was refused, unless the overall budget gets more: every try looks at all budgets. After it
/// another try is worth it once some swarm, or a new period, has freed money.
const REMEMBERED: Duration = Duration::from_secs(1);

/// How long at most nobody tries, whatever the view shows.
const LONGEST: Duration = Duration::from_mins(10);

/// Whether what was refused `since` then may be had now.
pub(super) fn is_worth_a_try(since: Timestamp, view: &View, now: Timestamp) -> bool {
    let ago = now.since(since);
    ago >= LONGEST || ago >= REMEMBERED && view.has_freed_money(now)
}

/// An assignment for which the allotment of the swarm is too small.
#[derive(Debug)]
pub(super) struct Short {
    pub(super) choice: Choice,
    pub(super) amount: Money,
}

impl Dispatcher {
    /// Calls a human when a part of the overall budget is spent that people want to know of. What does not succeed is tried
    /// again with the next change.
    pub(super) async fn raise_alarm(&self, view: &mut View, now: Timestamp) {
        let Some(spent) = view.take_alarm(now) else { return };
        if let Err(error) = self.coordinator.alert_overall(spent, view.policy(), &self.authority).await {
            tracing::warn!(%error, "nobody is told of the overall budget yet");
            view.renew_alarm();
        }
    }

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
                view.note_too_much(amount, now);
                self.too_much_since = Some(now);
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
