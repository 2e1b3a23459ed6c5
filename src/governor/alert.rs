//! Alerts: calls for a human before a budget is spent.
//!
//! Pure: callers supply `now`. The budget remembers of what people were told, so that nobody is told twice.

use super::breaker::Breaker;
use super::budget::Budget;
use super::escalation::{Escalation, EscalationKind};
use super::overall::Overall;
use super::period::PeriodId;
use super::policy::Policy;
use crate::clock::Timestamp;
use crate::id::{SwarmId, TaskId};
use crate::money::Money;

/// The budget of `swarm` that remembers of what people were told, and the call, if a part of it is reached that they
/// want to know of. The breaker's own call is enough when it opens for want of money, and says more than that all is spent.
pub(super) fn alert(
    swarm: &SwarmId,
    budget: Budget,
    (before, after): (&Breaker, &Breaker),
    policy: &Policy,
    by: &str,
    now: Timestamp,
) -> (Budget, Option<Escalation>) {
    let (budget, reached) = budget.alert(&policy.resources.budget_alerts);
    let opens = after.is_out_of_budget() && !before.is_out_of_budget();
    let call = reached.filter(|percent| !(opens || *percent == 100 && after.is_out_of_budget()));
    let call = call.map(|percent| {
        let whose = (swarm.as_str(), format!("swarm.{swarm}"));
        call_for(whose, &budget, percent, by, now).about_swarm(swarm)
    });
    (budget, call)
}

/// The same for the budget of a task, which has no breaker.
pub(super) fn of_task(
    task: &TaskId,
    budget: Budget,
    policy: &Policy,
    by: &str,
    now: Timestamp,
) -> (Budget, Option<Escalation>) {
    let (budget, reached) = budget.alert(&policy.resources.budget_alerts);
    let call = reached.map(|percent| {
        let whose = (&*format!("task/{task}"), format!("task.{task}"));
        call_for(whose, &budget, percent, by, now).about_task(task)
    });
    (budget, call)
}

/// The call for the overall budget, of which so much is spent; it has no breaker either.
pub(super) fn of_overall(
    overall: &Overall,
    spent: Money,
    percent: u8,
    by: &str,
    now: Timestamp,
) -> Escalation {
    let period = overall.period.map(|period| period.at(now));
    let whose = ("overall", "overall".to_owned());
    call(whose, (spent, overall.cap), period, percent, by, now)
}

fn call_for(whose: (&str, String), budget: &Budget, percent: u8, by: &str, now: Timestamp) -> Escalation {
    call(whose, (budget.spent, budget.cap), budget.period, percent, by, now)
}

fn call(
    (name, cause): (&str, String),
    (spent, cap): (Money, Money),
    period: Option<PeriodId>,
    percent: u8,
    by: &str,
    now: Timestamp,
) -> Escalation {
    let period = period.map_or_else(|| "ever".to_owned(), |period| period.to_string().replace('/', "-"));
    let issue = format!("{name} has spent {percent} % of its budget: {spent} of {cap}");
    let action = format!("look at it: ifctl governor budgets {name}; give it more, or let it run out");
    Escalation::triggered(
        EscalationKind::BudgetAlert,
        &format!("{cause}.{period}.{percent}"),
        issue,
        action,
        by,
        now,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::governor::breaker::TripReason;

    #[test]
    fn a_breaker_that_opens_for_want_of_money_calls_alone() {
        let now = Timestamp::from_micros(0);
        let swarm = "s1".parse().unwrap();
        let closed = Breaker::closed(now);
        let open = closed.tripped(TripReason::BudgetExhausted, now);
        let alert = |dollars, before: &Breaker, after: &Breaker| {
            let spent = Money::from_dollars(dollars);
            let budget = Budget::with_cap(Money::from_dollars(10)).settle(Money::ZERO, spent, now);
            let (budget, call) = super::alert(&swarm, budget, (before, after), &Policy::default(), "s1", now);
            (budget.alerted, call.map(|call| call.id))
        };
        let id = |percent| Some(format!("budget-alert.swarm.s1.ever.{percent}"));
        assert_eq!(alert(8, &closed, &closed), (75, id(75)));
        assert_eq!(alert(10, &closed, &open), (100, None));
        assert_eq!(alert(10, &open, &open), (100, None));
        assert_eq!(alert(8, &open, &open), (75, id(75)));
        assert_eq!(
            alert(10, &closed, &closed),
            (100, id(100)),
            "nothing opens where budgets are not enforced"
        );
    }
}
