//! Charges: money that is spent while work goes on, or beside it.
//!
//! Pure: callers supply `now`. What a claim is charged comes out of what was set aside for it; whatever goes beyond that
//! must be left, unless it is gone already.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::account::{Account, Dated};
use super::alert::alert;
use super::authorisation::Refusal;
use super::breaker::{Admission, Breaker, TripReason};
use super::budget::{Budget, Shortage};
use super::escalation::{Escalation, EscalationKind};
use super::policy::Policy;
use super::reservation::Reservation;
use super::settlement::{Correction, Settlement, after_booking, status_after};
use super::task_budget::{TaskBudget, TaskBudgetChange};
use crate::clock::Timestamp;
use crate::coordinator::Token;
use crate::id::{ChargeId, SwarmId, TaskId};
use crate::money::Money;

/// The longest text about an operation, in bytes.
const LONGEST: usize = 1000;

const OP: &str = "governor.charge";

/// What money is spent on, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Operation(String);

/// Why a text says nothing about an operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// Nothing was said.
    #[error("it is empty")]
    Empty,
    /// More than anybody reads.
    #[error("it has {0} bytes, at most {LONGEST} are allowed")]
    TooLong(usize),
}

impl TryFrom<String> for Operation {
    type Error = OperationError;

    fn try_from(text: String) -> Result<Self, OperationError> {
        match text.len() {
            _ if text.trim().is_empty() => Err(OperationError::Empty),
            length if length > LONGEST => Err(OperationError::TooLong(length)),
            _ => Ok(Self(text)),
        }
    }
}

impl FromStr for Operation {
    type Err = OperationError;

    fn from_str(text: &str) -> Result<Self, OperationError> {
        text.to_owned().try_into()
    }
}

impl From<Operation> for String {
    fn from(operation: Operation) -> Self {
        operation.0
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// How far the money is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// It is asked for, and may be refused.
    Asked,
    /// It is gone, and is booked in full.
    Incurred,
    /// It is all that a claim has cost that has ended: what was booked for that is corrected.
    Total,
}

/// A wish to charge a swarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charging {
    /// Its name.
    pub id: ChargeId,
    /// Whom.
    pub swarm: SwarmId,
    /// For what.
    pub operation: Operation,
    /// How much.
    pub cost: Money,
    /// On account of which task.
    pub task: Option<TaskId>,
    /// How far the money is.
    pub urgency: Urgency,
}

/// A charge as it was booked; created once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// Its name.
    pub id: ChargeId,
    /// Who was charged.
    pub swarm: SwarmId,
    /// For what.
    pub operation: Operation,
    /// How much.
    pub cost: Money,
    /// On account of which task.
    pub task: Option<TaskId>,
    /// Whether the money was gone already.
    pub incurred: bool,
    /// For a late report, what was booked before for the claim: `cost` took its place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Money>,
    /// What the budget had left afterwards.
    pub left: Money,
    /// When.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

impl Charge {
    /// Whether this is what is wished for, booked before.
    #[must_use]
    pub fn fulfils(&self, charging: &Charging) -> bool {
        let urgency = match (self.corrects, self.incurred) {
            (Some(_), _) => Urgency::Total,
            (None, true) => Urgency::Incurred,
            (None, false) => Urgency::Asked,
        };
        self.swarm == charging.swarm
            && self.operation == charging.operation
            && self.cost == charging.cost
            && self.task == charging.task
            && urgency == charging.urgency
    }
}

/// What a wish to charge comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    /// The swarm has no budget: there is nothing to book it in.
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
pub(super) struct Booking {
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
pub(super) struct Change {
    /// The budget after it.
    pub budget: Budget,
    /// The breaker after it, if it changed.
    pub breaker: Option<Breaker>,
    /// The swarm's new status, if the breaker opened or closed.
    pub status: Option<&'static str>,
    /// The calls for a human.
    pub calls: Vec<Escalation>,
}

/// Decides on a charge; `reservation` is what is set aside for the claim that is charged, also in `task_budgets`.
pub(super) fn charge(
    account: &Account,
    reservation: Option<&Reservation>,
    task_budgets: &[TaskBudget],
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Decision {
    let current = &*account.at(now);
    let Some(budget) = current.budget.as_ref().map(|budget| &budget.value) else {
        return Decision::NoBudget;
    };
    let drawn = reservation.map_or(Money::ZERO, Reservation::remaining).min(charging.cost);
    let beyond = charging.cost.minus(drawn);
    let refusal = match charging.urgency {
        Urgency::Asked => objection(current, budget, task_budgets, beyond, now),
        Urgency::Incurred | Urgency::Total => None,
    };
    match refusal {
        Some(refusal) if policy.resources.enable_budget_enforcement || !refusal.is_about_budget() => {
            let out_of_money = matches!(refusal, Refusal::Budget { .. });
            let change = out_of_money.then(|| Box::new(overdrawn(account, budget, charging, policy, now)));
            Decision::Refused { refusal, change }
        }
        waived => {
            let settle = |budget: &Budget| budget.settle(drawn, charging.cost, now);
            let task_budgets = changed(task_budgets, settle, charging, policy, now);
            let booking = book(account, settle(budget), charging, None, policy, now);
            Decision::Booked(Box::new(Booking { task_budgets, waived, ..booking }))
        }
    }
}

/// What speaks against money that is asked for `beyond` what is set aside for it already: what is left, and the breaker, when
/// the budget or a person has opened it, even where nothing more is asked for: no further call is to be made.
fn objection(
    account: &Account,
    budget: &Budget,
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
    match budget.reserve(beyond) {
        Err(Shortage { left, needed }) => Some(Refusal::Budget { swarm, left, needed }),
        Ok(_) => task_budgets.iter().find_map(|budget| budget.refusal(beyond, now)),
    }
}

fn changed(
    task_budgets: &[TaskBudget],
    to: impl Fn(&Budget) -> Budget,
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Vec<TaskBudgetChange> {
    let signature = (charging.swarm.as_str(), OP);
    task_budgets.iter().map(|budget| budget.changed(&to, policy, signature, now)).collect()
}

/// A claim that has ended has cost `charging.cost` in all: the difference to what was booked for it is booked, in full.
/// What was spent too much in a period that is over does not come back; where there are periods, that is all but what the
/// end of the claim has booked.
pub(super) fn correct(
    account: &Account,
    settlement: &Settlement,
    task_budgets: &[TaskBudget],
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Option<(Booking, Settlement)> {
    let budget = account.budget.as_ref()?.value.at(now);
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
    let booking = book(account, correct(&budget), charging, Some(from), policy, now);
    let booking = Booking { task_budgets, ..booking };
    let corrected = Some(Correction { from, charge: charging.id.clone(), at: now });
    let due = Some(due.plus(cost.minus(from)).minus(from.minus(cost)));
    Some((booking, Settlement { cost, due, corrected, ..settlement.clone() }))
}

fn book(
    account: &Account,
    budget: Budget,
    charging: &Charging,
    corrects: Option<Money>,
    policy: &Policy,
    now: Timestamp,
) -> Booking {
    let added = charging.cost.minus(corrects.unwrap_or(Money::ZERO));
    let after = after_booking(breaker(&account.at(now), now), Some(&budget), added, policy, now);
    let charge = Charge {
        id: charging.id.clone(),
        swarm: charging.swarm.clone(),
        operation: charging.operation.clone(),
        cost: charging.cost,
        task: charging.task.clone(),
        incurred: charging.urgency != Urgency::Asked,
        corrects,
        left: budget.left(),
        at: now,
        by: charging.swarm.to_string(),
        op: OP.to_owned(),
    };
    let issue = format!("{} has spent {} of {} dollars", charging.swarm, budget.spent, budget.cap);
    let change = change(account, budget, after, &issue, charging, policy, now);
    Booking { charge, change, task_budgets: Vec::new(), waived: None }
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
    let issue = format!("{swarm} asked for {cost} dollars for {operation}, {left} of {cap} were left");
    let after = breaker(&account.at(now), now).tripped(TripReason::BudgetExhausted, now);
    change(account, budget.clone(), after, &issue, charging, policy, now)
}

fn breaker(account: &Account, now: Timestamp) -> Breaker {
    account.breaker.as_ref().map_or_else(|| Breaker::closed(now), |breaker| breaker.value.clone())
}

/// What the account becomes with this budget and this breaker; `issue` says why it opened, if it did.
fn change(
    account: &Account,
    budget: Budget,
    after: Breaker,
    issue: &str,
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> Change {
    let by = charging.swarm.as_str();
    let (stored, before) = (breaker(account, now), breaker(&account.at(now), now));
    let (budget, alert) = alert(&charging.swarm, budget, (&before, &after), policy, by, now);
    let call = (after.trips > before.trips).then(|| call(&after, issue, charging, now));
    Change {
        budget: budget.signed(by, OP),
        status: status_after(stored.state, after.state),
        breaker: (after != stored).then(|| after.signed(by, OP)),
        calls: call.into_iter().chain(alert).collect(),
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
    pub(super) fn charged(&self, charge: &Charge, token: Token) -> Reservation {
        Reservation {
            charged: self.value.charged.plus(charge.cost),
            token: Some(token),
            by: charge.by.clone(),
            op: OP.to_owned(),
            ..self.value.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::governor::breaker::BreakerState;
    use crate::governor::period::Period;

    fn now() -> Timestamp {
        Timestamp::from_micros(0)
    }

    fn dated<T>(value: T) -> Dated<T> {
        Dated { value, revision: 7 }
    }

    fn money(micros: i64) -> Money {
        micros.try_into().unwrap()
    }

    /// A swarm that may spend 10, has spent 1 and reserved 4.
    fn account() -> Account {
        let budget = Budget { spent: money(1), ..Budget::with_cap(money(10)) };
        Account { budget: Some(dated(budget.book(money(4)))), ..Account::unregistered("s1".parse().unwrap()) }
    }

    fn charging(cost: i64, urgency: Urgency) -> Charging {
        Charging {
            id: "x1".parse().unwrap(),
            swarm: "s1".parse().unwrap(),
            operation: "a call".parse().unwrap(),
            cost: money(cost),
            task: None,
            urgency,
        }
    }

    fn settlement(cost: i64, due: i64, at: Timestamp) -> Settlement {
        Settlement {
            swarm: "s1".parse().unwrap(),
            task: "t1".parse().unwrap(),
            claim: "c1".parse().unwrap(),
            reserved: money(1),
            cost: money(cost),
            due: Some(money(due)),
            outcome: super::super::settlement::Outcome::Lost,
            task_budgets: Vec::new(),
            token: None,
            corrected: None,
            at,
            by: String::new(),
            op: String::new(),
        }
    }

    fn reservation(charged: i64) -> Reservation {
        Reservation {
            swarm: "s1".parse().unwrap(),
            task: "t1".parse().unwrap(),
            claim: "c1".parse().unwrap(),
            amount: money(4),
            task_budgets: Vec::new(),
            charged: money(charged),
            token: None,
            epoch: Some(0),
            at: now(),
            by: String::new(),
            op: String::new(),
        }
    }

    fn booked(decision: Decision) -> Booking {
        match decision {
            Decision::Booked(booking) => *booking,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_claim_is_charged_from_what_is_set_aside_and_then_from_what_is_left() {
        for (charged, cost, spent, reserved) in [(0, 3, 4, 1), (3, 3, 4, 3), (0, 9, 10, 0), (9, 5, 6, 4)] {
            let reservation = reservation(charged);
            let decision = charge(
                &account(),
                Some(&reservation),
                &[],
                &charging(cost, Urgency::Asked),
                &Policy::default(),
                now(),
            );
            let budget = booked(decision).change.budget;
            assert_eq!((budget.spent, budget.reserved), (money(spent), money(reserved)), "{charged} {cost}");
        }
    }

    #[test]
    fn what_is_asked_for_and_not_left_is_not_booked_and_opens_the_breaker() {
        for (cost, refused) in [(5, false), (6, true)] {
            let wish = charging(cost, Urgency::Asked);
            let decision = charge(&account(), None, &[], &wish, &Policy::default(), now());
            match decision {
                Decision::Booked(booking) => assert!(!refused && booking.change.budget.left() == Money::ZERO),
                Decision::Refused { refusal: Refusal::Budget { left, needed, .. }, change: Some(change) } => {
                    assert!(refused && change.breaker.unwrap().is_out_of_budget());
                    assert_eq!((left, needed), (money(5), money(6)));
                    assert_eq!((change.status, change.calls.len()), (Some("circuit_breaker_tripped"), 1));
                }
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn what_is_gone_is_booked_in_full_and_opens_the_breaker_when_nothing_is_left() {
        for (cost, opens) in [(8, false), (9, true), (25, true)] {
            let wish = charging(cost, Urgency::Incurred);
            let booking = booked(charge(&account(), None, &[], &wish, &Policy::default(), now()));
            assert_eq!(booking.change.budget.spent, money(1 + cost));
            assert_eq!(booking.change.breaker.is_some(), opens, "{cost}");
            assert!(booking.charge.incurred);
        }
    }

    #[test]
    fn a_breaker_that_a_budget_or_a_person_opened_refuses_and_opens_no_further() {
        for (reason, refuses) in [
            (TripReason::BudgetExhausted, true),
            (TripReason::Manual, true),
            (TripReason::ConsecutiveFailures, false),
        ] {
            let mut account = account();
            account.breaker = Some(dated(Breaker::closed(now()).tripped(reason, now())));
            let decide = |urgency| {
                charge(&account, Some(&reservation(0)), &[], &charging(1, urgency), &Policy::default(), now())
            };
            let refused = matches!(
                decide(Urgency::Asked),
                Decision::Refused { refusal: Refusal::BreakerOpen { .. }, change: None }
            );
            assert_eq!(refused, refuses, "{reason}");
            assert!(matches!(decide(Urgency::Incurred), Decision::Booked(_)));
        }
    }

    #[test]
    fn a_budget_that_is_not_enforced_is_booked_and_warned_about() {
        let mut policy = Policy::default();
        policy.resources.enable_budget_enforcement = false;
        let booking = booked(charge(&account(), None, &[], &charging(25, Urgency::Asked), &policy, now()));
        assert_eq!((booking.change.budget.spent, booking.change.breaker), (money(26), None));
        assert!(booking.waived.is_some());
    }

    #[test]
    fn whoever_has_no_budget_is_not_charged() {
        let stranger = Account::unregistered("s1".parse().unwrap());
        let decision = charge(&stranger, None, &[], &charging(1, Urgency::Asked), &Policy::default(), now());
        assert_eq!(decision, Decision::NoBudget);
    }

    #[test]
    fn a_late_report_books_the_difference_in_either_direction() {
        let settlement = settlement(1, 1, now());
        for (total, spent, opens) in [(0, 0, false), (1, 1, false), (3, 3, false), (12, 12, true)] {
            let wish = charging(total, Urgency::Total);
            let (booking, corrected) =
                correct(&account(), &settlement, &[], &wish, &Policy::default(), now()).unwrap();
            assert_eq!(booking.change.budget.spent, money(spent));
            assert_eq!(booking.change.breaker.is_some(), opens, "{total}");
            assert_eq!((corrected.cost, corrected.corrected.unwrap().from), (money(total), money(1)));
            assert!(booking.charge.fulfils(&wish));
        }
    }

    #[test]
    fn a_late_report_gives_back_to_a_period_only_what_was_booked_in_it() {
        let now = now();
        let mut account = account();
        let period = Some(Period::Day.at(now));
        account.budget = Some(dated(Budget { spent: money(9), period, ..account.budget.unwrap().value }));
        // Of the 8 that it has cost, 5 were charged the day before.
        let settled = settlement(8, 3, now);
        let wish = charging(1, Urgency::Total);
        let (booking, corrected) = correct(&account, &settled, &[], &wish, &Policy::default(), now).unwrap();
        assert_eq!((booking.change.budget.spent, corrected.due), (money(6), Some(Money::ZERO)));
        account.budget = Some(dated(booking.change.budget));
        let wish = charging(4, Urgency::Total);
        let (booking, _) = correct(&account, &corrected, &[], &wish, &Policy::default(), now).unwrap();
        assert_eq!(booking.change.budget.spent, money(9));
    }

    #[test]
    fn the_first_charge_of_a_period_finds_a_new_budget_and_a_closed_breaker() {
        let later = now().after(Duration::from_hours(24));
        let mut account = account();
        let budget =
            Budget { spent: money(6), period: Some(Period::Day.at(now())), ..account.budget.unwrap().value };
        account.budget = Some(dated(budget));
        account.breaker = Some(dated(Breaker::closed(now()).tripped(TripReason::BudgetExhausted, now())));
        let wish = charging(3, Urgency::Asked);
        assert!(matches!(
            charge(&account, None, &[], &wish, &Policy::default(), now()),
            Decision::Refused { change: None, .. }
        ));
        let change = booked(charge(&account, None, &[], &wish, &Policy::default(), later)).change;
        assert_eq!((change.budget.spent, change.budget.reserved), (money(3), money(4)));
        assert_eq!((change.breaker.unwrap().state, change.status), (BreakerState::Closed, Some("active")));
        // What opens it at once opens it for the new period.
        let wish = charging(9, Urgency::Asked);
        let decision = charge(&account, None, &[], &wish, &Policy::default(), later);
        let Decision::Refused { change: Some(change), .. } = decision else { panic!("{decision:?}") };
        assert_eq!((change.budget.spent, change.status), (Money::ZERO, None));
        assert_eq!(change.breaker.unwrap().trips, 2);
    }

    #[test]
    fn an_operation_is_described_and_not_at_any_length() {
        for text in ["", "  ", &"x".repeat(1001)] {
            assert!(text.parse::<Operation>().is_err(), "{text:?}");
        }
        assert!("x".repeat(1000).parse::<Operation>().is_ok());
    }
}
