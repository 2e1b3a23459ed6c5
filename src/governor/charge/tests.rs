use std::time::Duration;

use super::*;
use crate::governor::account::Account;
use crate::governor::authorisation::Refusal;
use crate::governor::breaker::BreakerState;
use crate::governor::breaker::{Breaker, TripReason};
use crate::governor::budget::Budget;
use crate::governor::fixtures::{dated, money, with_budget};
use crate::governor::period::Period;
use crate::governor::policy::Policy;
use crate::governor::reservation::Reservation;
use crate::governor::settlement::Settlement;
use crate::governor::task_budget::TaskBudget;

fn now() -> Timestamp {
    Timestamp::from_micros(0)
}

/// A swarm that may spend 10, has spent 1 and reserved 4.
fn account() -> Account {
    let budget = Budget { spent: money(1), ..Budget::with_cap(money(10)) };
    with_budget(budget.book(money(4)))
}

fn charging(cost: i64, urgency: Urgency) -> Charging {
    Charging {
        id: "x1".parse().unwrap(),
        swarm: "s1".parse().unwrap(),
        operation: "a call".parse().unwrap(),
        cost: money(cost),
        task: None,
        token: None,
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
        outcome: crate::governor::settlement::Outcome::Lost,
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

/// A charge of the most that something could cost, as it was booked at `at`.
fn at_most(cost: i64, at: Timestamp) -> Charge {
    let asked = charging(cost, Urgency::AtMost);
    Charge { at, ..booked(charge(&account(), None, &[], &asked, &Policy::default(), now())).charge }
}

#[test]
fn the_most_that_something_may_cost_must_be_left_and_opens_nothing() {
    for (cost, covered) in [(5, true), (6, false)] {
        let decision =
            charge(&account(), None, &[], &charging(cost, Urgency::AtMost), &Policy::default(), now());
        assert_eq!(matches!(decision, Decision::Booked(_)), covered, "{cost}");
    }
    // All is spent then, but perhaps not in truth.
    let full = with_budget(Budget::with_cap(money(10)));
    let asked = charging(10, Urgency::AtMost);
    let booking = booked(charge(&full, None, &[], &asked, &Policy::default(), now()));
    assert_eq!((booking.change.breaker, booking.change.calls), (None, Vec::new()));
    assert!(booking.charge.at_most && booking.charge.fulfils(&asked));
    let spent = with_budget(booking.change.budget.unwrap());
    assert!(matches!(
        charge(&spent, None, &[], &charging(1, Urgency::AtMost), &Policy::default(), now()),
        Decision::Refused { .. }
    ));
    let truth = Charging { cost: money(10), ..charging(10, Urgency::Total) };
    let (amended, _) = amend(&spent, None, &[], &booking.charge, &truth, &Policy::default(), now());
    assert_eq!(amended.change.budget.unwrap().spent, money(10));
}

#[test]
fn a_charge_is_amended_to_what_it_was_and_what_was_set_aside_is_so_again() {
    let policy = Policy::default();
    // Of a cap of 10 one is spent and 4 are set aside, of which what the claim was charged is gone.
    for (most, truth, charged_before, spent, reserved, charged) in [
        // Beside a claim.
        (5, 2, None, 3, 4, 0),
        (5, 7, None, 8, 4, 0),
        (5, 0, None, 1, 4, 0),
        // Wholly from what was set aside, partly, and not at all.
        (3, 1, Some(0), 2, 3, 1),
        (5, 1, Some(0), 2, 3, 1),
        (5, 5, Some(0), 6, 0, 5),
        (3, 6, Some(0), 7, 0, 6),
        (2, 1, Some(4), 2, 0, 5),
    ] {
        let before = charged_before.map(reservation);
        let account = account();
        let account = match charged_before {
            Some(gone) => with_budget(Budget {
                spent: money(1),
                reserved: money(4 - gone),
                ..Budget::with_cap(money(10))
            }),
            None => account,
        };
        let asked = charging(most, Urgency::AtMost);
        let booking = booked(charge(&account, before.as_ref(), &[], &asked, &policy, now()));
        let after =
            before.clone().map(|before| Reservation { charged: before.charged.plus(money(most)), ..before });
        let account = with_budget(booking.change.budget.unwrap());
        let told = charging(truth, Urgency::Total);
        let (amended, reservation) =
            amend(&account, after.as_ref(), &[], &booking.charge, &told, &policy, now());
        let budget = amended.change.budget.unwrap();
        assert_eq!((budget.spent, budget.reserved), (money(spent), money(reserved)), "{most} {truth}");
        assert_eq!(reservation.map_or(money(0), |one| one.charged), money(charged), "{most} {truth}");
        assert_eq!((amended.charge.cost, amended.charge.at_most), (money(truth), false));
        assert_eq!(amended.charge.corrects, Some(money(most)));
    }
}

#[test]
fn of_a_period_that_is_over_nothing_comes_back() {
    let (then, today) = (now(), now().after(Duration::from_hours(49)));
    let period = Some(Period::Day.at(today));
    let account = with_budget(Budget { spent: money(1), period, ..Budget::with_cap(money(10)) });
    for (truth, at, spent) in [(2, then, 1), (9, then, 5), (2, today, 0)] {
        let told = charging(truth, Urgency::Total);
        let (amended, _) = amend(&account, None, &[], &at_most(5, at), &told, &Policy::default(), today);
        assert_eq!(amended.change.budget.unwrap().spent, money(spent), "{truth} {at}");
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
        let budget = booked(decision).change.budget.unwrap();
        assert_eq!((budget.spent, budget.reserved), (money(spent), money(reserved)), "{charged} {cost}");
    }
}

#[test]
fn what_is_asked_for_and_not_left_is_not_booked_and_opens_the_breaker() {
    for (cost, refused) in [(5, false), (6, true)] {
        let wish = charging(cost, Urgency::Asked);
        let decision = charge(&account(), None, &[], &wish, &Policy::default(), now());
        match decision {
            Decision::Booked(booking) => {
                assert!(!refused && booking.change.budget.unwrap().left() == Money::ZERO);
            }
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
        assert_eq!(booking.change.budget.as_ref().unwrap().spent, money(1 + cost));
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
    assert_eq!((booking.change.budget.as_ref().unwrap().spent, booking.change.breaker), (money(26), None));
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
        assert_eq!(booking.change.budget.as_ref().unwrap().spent, money(spent));
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
    assert_eq!((booking.change.budget.as_ref().unwrap().spent, corrected.due), (money(6), Some(Money::ZERO)));
    account.budget = Some(dated(booking.change.budget.unwrap()));
    let wish = charging(4, Urgency::Total);
    let (booking, _) = correct(&account, &corrected, &[], &wish, &Policy::default(), now).unwrap();
    assert_eq!(booking.change.budget.as_ref().unwrap().spent, money(9));
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
    let budget = change.budget.unwrap();
    assert_eq!((budget.spent, budget.reserved), (money(3), money(4)));
    assert_eq!((change.breaker.unwrap().state, change.status), (BreakerState::Closed, Some("active")));
    // What opens it at once opens it for the new period.
    let wish = charging(9, Urgency::Asked);
    let decision = charge(&account, None, &[], &wish, &Policy::default(), later);
    let Decision::Refused { change: Some(change), .. } = decision else { panic!("{decision:?}") };
    assert_eq!((change.budget.unwrap().spent, change.status), (Money::ZERO, None));
    assert_eq!(change.breaker.unwrap().trips, 2);
}

#[test]
fn a_name_counts_for_one_claim_and_what_an_older_version_booked_for_any_of_its_task() {
    let claim = |token: &str| Charging {
        task: Some("t1".parse().unwrap()),
        token: Some(token.parse().unwrap()),
        ..charging(1, Urgency::Asked)
    };
    let (first, second) = (claim("0.7"), claim("0.9"));
    let charge =
        booked(charge(&account(), Some(&reservation(0)), &[], &first, &Policy::default(), now())).charge;
    assert!(charge.fulfils(&first) && !charge.fulfils(&second));
    let older = Charge { token: None, ..charge };
    assert!(older.fulfils(&first) && older.fulfils(&second));
}

#[test]
fn a_swarm_without_a_budget_is_charged_to_that_of_its_task_and_no_further() {
    let stranger = Account::unregistered("s1".parse().unwrap());
    let task = TaskBudget { task: "t1".parse().unwrap(), budget: dated(Budget::with_cap(money(5))) };
    let decide = |cost, urgency| {
        let wish = charging(cost, urgency);
        charge(&stranger, None, std::slice::from_ref(&task), &wish, &Policy::default(), now())
    };
    let booking = booked(decide(5, Urgency::Asked));
    assert_eq!((booking.task_budgets[0].budget.spent, booking.charge.left), (money(5), Money::ZERO));
    assert_eq!((booking.change.budget, booking.change.breaker), (None, None));
    assert!(matches!(
        decide(6, Urgency::Asked),
        Decision::Refused { refusal: Refusal::TaskBudget { .. }, change: None }
    ));
    assert_eq!(booked(decide(6, Urgency::Incurred)).task_budgets[0].budget.spent, money(6));
    let wish = charging(3, Urgency::Total);
    let settled = settlement(1, 1, now());
    assert!(correct(&stranger, &settled, &[], &wish, &Policy::default(), now()).is_none());
    let (booking, corrected) =
        correct(&stranger, &settled, &[task], &wish, &Policy::default(), now()).unwrap();
    assert_eq!((booking.task_budgets[0].budget.spent, corrected.cost), (money(2), money(3)));
}
