//! What a wish to charge comes to, and everything that changes with it.

use super::{Charge, Charging, Urgency};
use crate::clock::Timestamp;
use crate::coordinator::Token;
use crate::governor::account::{Account, Dated};
use crate::governor::alert::alert;
use crate::governor::authorisation::Refusal;
use crate::governor::breaker::{Admission, Breaker, TripReason};
use crate::governor::budget::{Budget, Shortage};
use crate::governor::escalation::{Escalation, EscalationKind};
use crate::governor::policy::Policy;
use crate::governor::reservation::Reservation;
use crate::governor::settlement::{Correction, Settlement, after_booking, status_after};
use crate::governor::task_budget::{TaskBudget, TaskBudgetChange};
use crate::money::Money;
use crate::printable::printable;

const OP: &str = "governor.charge";

/// What a wish to charge comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::governor) enum Decision {
    /// Neither the swarm nor its task has a budget: there is nothing to book it in.
    NoBudget,
    /// It is booked.
    Booked(Box<Booking>),
    /// It is not, and the breaker may open.
    Refused {
        /// Why.
        refusal: Refusal,
        /// What changes all the same, if the breaker was not open.
        change: Option<Box<Change>>,
    },
}

/// A charge that is booked, and everything that changes with it; all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::governor) struct Booking {
    /// The record of it.
    pub charge: Charge,
    /// What changes.
    pub change: Change,
    /// The budgets of tasks after it.
    pub task_budgets: Vec<TaskBudgetChange>,
    /// What would have refused it if the policy enforced budgets; to be warned about.
    pub waived: Option<Refusal>,
}

/// What becomes of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::governor) struct Change {
    /// The budget after it, if the swarm has one.
    pub budget: Option<Budget>,
    /// The breaker after it, if it changed.
    pub breaker: Option<Breaker>,
    /// The swarm's new status, if the breaker opened or closed.
    pub status: Option<&'static str>,
    /// The calls for a human.
    pub calls: Vec<Escalation>,
}

/// Decides on a charge; `reservation` is what is set aside for the claim that is charged, also in `task_budgets`.
pub(in crate::governor) fn charge(
    account: &Account,
    reservation: Option<&Reservation>,
    task_budgets: &[TaskBudget],
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Decision {
    let current = &*account.at(now);
    let budget = current.budget.as_ref().map(|budget| &budget.value);
    if budget.is_none() && task_budgets.is_empty() {
        return Decision::NoBudget;
    }
    let drawn = reservation.map_or(Money::ZERO, Reservation::remaining).min(charging.cost);
    let beyond = charging.cost.minus(drawn);
    let refusal = match charging.urgency {
        Urgency::Asked | Urgency::AtMost => objection(current, budget, task_budgets, beyond, now),
        Urgency::Incurred | Urgency::Total => None,
    };
    match refusal {
        Some(refusal) if policy.resources.enable_budget_enforcement || !refusal.is_about_budget() => {
            let overdrawn_one = budget.filter(|_| matches!(refusal, Refusal::Budget { .. }));
            let change =
                overdrawn_one.map(|budget| Box::new(overdrawn(account, budget, charging, policy, now)));
            Decision::Refused { refusal, change }
        }
        waived => {
            let settle = |budget: &Budget| budget.settle(drawn, charging.cost, now);
            let task_budgets = changed(task_budgets, settle, charging, policy, now);
            let booking = book(account, budget.map(settle), task_budgets, charging, None, policy, now);
            Decision::Booked(Box::new(Booking { waived, ..booking }))
        }
    }
}

/// What speaks against money that is asked for `beyond` what is set aside for it already: what is left, and the breaker, when
/// the budget or a person has opened it, even where nothing more is asked for: no further call is to be made.
fn objection(
    account: &Account,
    budget: Option<&Budget>,
    task_budgets: &[TaskBudget],
    beyond: Money,
    now: Timestamp,
) -> Option<Refusal> {
    let swarm = account.swarm.clone();
    if let Admission::Refused { reason: reason @ (TripReason::BudgetExhausted | TripReason::Manual), until } =
        account.admission(now)
    {
        return Some(Refusal::BreakerOpen { swarm, reason, until });
    }
    match budget.and_then(|budget| budget.reserve(beyond).err()) {
        Some(Shortage { left, needed }) => Some(Refusal::Budget { swarm, left, needed }),
        None => task_budgets.iter().find_map(|budget| budget.refusal(beyond, now)),
    }
}

/// People are told of what is spent, not of the most that it may come to.
pub(super) fn changed(
    task_budgets: &[TaskBudget],
    to: impl Fn(&Budget) -> Budget,
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Vec<TaskBudgetChange> {
    let signature = (charging.swarm.as_str(), OP);
    let change = |budget: &TaskBudget| match charging.urgency {
        Urgency::AtMost => budget.quietly_changed(&to, signature, now),
        Urgency::Asked | Urgency::Incurred | Urgency::Total => budget.changed(&to, policy, signature, now),
    };
    task_budgets.iter().map(change).collect()
}

/// A claim that has ended has cost `charging.cost` in all: the difference to what was booked for it is booked, in full.
/// What was spent too much in a period that is over does not come back; where there are periods, that is all but what the
/// end of the claim has booked.
pub(in crate::governor) fn correct(
    account: &Account,
    settlement: &Settlement,
    task_budgets: &[TaskBudget],
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Option<(Booking, Settlement)> {
    if account.budget.is_none() && task_budgets.is_empty() {
        return None;
    }
    let budget = account.budget.as_ref().map(|budget| budget.value.at(now));
    let (from, cost) = (settlement.cost, charging.cost);
    let due = settlement.due.unwrap_or(from);
    let correct = |budget: &Budget| {
        let too_much = from.minus(cost);
        let back = match budget.period {
            None => too_much,
            Some(id) if id.period().at(settlement.at) == id => too_much.min(due),
            Some(_) => Money::ZERO,
        };
        budget.correct(if cost > from { from } else { cost.plus(back) }, cost, now)
    };
    let task_budgets = changed(task_budgets, correct, charging, policy, now);
    let budget = budget.as_ref().map(correct);
    let booking = book(account, budget, task_budgets, charging, Some(from), policy, now);
    let corrected = Some(Correction { from, charge: charging.id.clone(), at: now });
    let due = Some(due.plus(cost.minus(from)).minus(from.minus(cost)));
    Some((booking, Settlement { cost, due, corrected, ..settlement.clone() }))
}

/// The most that something may come to opens no breaker, for it may be less; the next one that asks is refused.
pub(super) fn book(
    account: &Account,
    budget: Option<Budget>,
    task_budgets: Vec<TaskBudgetChange>,
    charging: &Charging,
    corrects: Option<Money>,
    policy: &Policy,
    now: Timestamp,
) -> Booking {
    let at_most = charging.urgency == Urgency::AtMost;
    let added = if at_most { Money::ZERO } else { charging.cost.minus(corrects.unwrap_or(Money::ZERO)) };
    let after = after_booking(breaker(&account.at(now), now), budget.as_ref(), added, policy, now);
    let of_tasks = task_budgets.iter().map(|change| change.budget.left()).min().unwrap_or(Money::ZERO);
    let charge = Charge {
        id: charging.id.clone(),
        swarm: charging.swarm.clone(),
        operation: charging.operation.clone(),
        cost: charging.cost,
        task: charging.task.clone(),
        token: charging.token,
        incurred: matches!(charging.urgency, Urgency::Incurred | Urgency::Total),
        at_most,
        corrects,
        left: budget.as_ref().map_or(of_tasks, Budget::left),
        at: now,
        by: charging.swarm.to_string(),
        op: OP.to_owned(),
    };
    let issue = budget.as_ref().map_or_else(String::new, |budget| {
        format!("{} has spent {} of {} dollars", charging.swarm, budget.spent, budget.cap)
    });
    let change = change(account, budget, after, &issue, charging, policy, now);
    Booking { charge, change, task_budgets, waived: None }
}

/// More was asked for than is left: the breaker opens, although nothing is booked.
fn overdrawn(
    account: &Account,
    budget: &Budget,
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Change {
    let Charging { swarm, cost, operation, .. } = charging;
    let (left, cap) = (budget.left(), budget.cap);
    let what = printable(&operation.to_string());
    let issue = format!("{swarm} asked for {cost} dollars for {what}, {left} of {cap} were left");
    let after = breaker(&account.at(now), now).tripped(TripReason::BudgetExhausted, now);
    change(account, Some(budget.clone()), after, &issue, charging, policy, now)
}

fn breaker(account: &Account, now: Timestamp) -> Breaker {
    account.breaker.as_ref().map_or_else(|| Breaker::closed(now), |breaker| breaker.value.clone())
}

/// What the account becomes with this budget and this breaker; `issue` says why it opened, if it did.
fn change(
    account: &Account,
    budget: Option<Budget>,
    after: Breaker,
    issue: &str,
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Change {
    let by = charging.swarm.as_str();
    let (stored, before) = (breaker(account, now), breaker(&account.at(now), now));
    let tell = |budget: Budget| match charging.urgency {
        Urgency::AtMost => (budget, None),
        Urgency::Asked | Urgency::Incurred | Urgency::Total => {
            alert(&charging.swarm, budget, (&before, &after), policy, by, now)
        }
    };
    let (budget, alert) = budget.map(tell).unzip();
    let call = (after.trips > before.trips).then(|| call(&after, issue, charging, now));
    Change {
        budget: budget.map(|budget| budget.signed(by, OP)),
        status: status_after(stored.state, after.state),
        breaker: (after != stored).then(|| after.signed(by, OP)),
        calls: call.into_iter().chain(alert.flatten()).collect(),
    }
}

fn call(breaker: &Breaker, issue: &str, charging: &Charging, now: Timestamp) -> Escalation {
    let swarm = &charging.swarm;
    let call = Escalation::triggered(
        EscalationKind::CircuitBreaker,
        &format!("{swarm}.{}", breaker.trips),
        format!("{issue}: its circuit breaker opened"),
        "review what was spent, then give it a new budget and reset its circuit breaker",
        swarm.as_str(),
        now,
    );
    let call = call.about_swarm(swarm);
    match &charging.task {
        Some(task) => call.about_task(task),
        None => call,
    }
}

impl Dated<Reservation> {
    /// What is left of it when the claim whose token this is was charged.
    pub(in crate::governor) fn charged(&self, charge: &Charge, token: Token) -> Reservation {
        Reservation {
            charged: self.value.charged.plus(charge.cost),
            token: Some(token),
            by: charge.by.clone(),
            op: OP.to_owned(),
            ..self.value.clone()
        }
    }
}
