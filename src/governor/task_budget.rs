//! Budgets of tasks: what may be spent on one task and on the help for it, by whichever swarm.
//!
//! Pure: callers supply `now`. They have no breaker: what does not fit is refused, and others go on.

use super::account::Dated;
use super::alert;
use super::authorisation::Refusal;
use super::budget::Budget;
use super::escalation::Escalation;
use super::policy::Policy;
use crate::clock::Timestamp;
use crate::id::TaskId;
use crate::money::Money;

/// The budget of one task, as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskBudget {
    /// Which task.
    pub task: TaskId,
    /// Its money.
    pub budget: Dated<Budget>,
}

/// What becomes of the budget of a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TaskBudgetChange {
    /// Which task.
    pub task: TaskId,
    /// The revision that was read.
    pub revision: i64,
    /// The budget after it.
    pub budget: Budget,
    /// The call for a human, if so much is spent that people want to know.
    pub alert: Option<Escalation>,
}

impl TaskBudget {
    /// The budget of a task that has nothing left.
    #[must_use]
    pub fn spent_up(task: TaskId) -> Self {
        Self { task, budget: Dated { value: Budget::with_cap(Money::ZERO), revision: 0 } }
    }

    /// Why `amount` cannot be had, if it cannot.
    #[must_use]
    pub fn refusal(&self, amount: Money, now: Timestamp) -> Option<Refusal> {
        let shortage = self.budget.value.at(now).reserve(amount).err()?;
        Some(Refusal::TaskBudget { task: self.task.clone(), left: shortage.left, needed: shortage.needed })
    }

    /// The change to what `to` makes of it.
    pub(super) fn changed(
        &self,
        to: impl FnOnce(&Budget) -> Budget,
        policy: &Policy,
        (by, op): (&str, &str),
        now: Timestamp,
    ) -> TaskBudgetChange {
        let TaskBudgetChange { task, revision, budget, .. } = self.quietly_changed(to, (by, op), now);
        let (budget, alert) = alert::of_task(&task, budget, policy, by, now);
        TaskBudgetChange { task, revision, budget, alert }
    }

    /// The same without a word to anybody.
    pub(super) fn quietly_changed(
        &self,
        to: impl FnOnce(&Budget) -> Budget,
        (by, op): (&str, &str),
        now: Timestamp,
    ) -> TaskBudgetChange {
        let budget = to(&self.budget.value.at(now)).signed(by, op);
        TaskBudgetChange { task: self.task.clone(), revision: self.budget.revision, budget, alert: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_refused_and_whoever_is_told_knows_which_task_it_is() {
        let now = Timestamp::from_micros(0);
        let budget = Budget::with_cap(Money::from_dollars(5)).book(Money::from_dollars(2));
        let budget = TaskBudget { task: "T".parse().unwrap(), budget: Dated { value: budget, revision: 3 } };
        assert_eq!(budget.refusal(Money::from_dollars(3), now), None);
        let refusal = budget.refusal(Money::from_dollars(4), now).unwrap();
        assert_eq!(refusal.to_string(), "the budget of task T has 3.00 dollars left, 4.00 are needed");
        let spent = Money::from_dollars(5);
        let change =
            budget.changed(|budget| budget.settle(spent, spent, now), &Policy::default(), ("a", "b"), now);
        assert_eq!((change.revision, change.budget.spent), (3, spent));
        assert_eq!(change.alert.unwrap().id, "budget-alert.task.T.ever.100");
    }
}
