//! Amendments: a charge was the most that something could cost, and it is known now what it has cost.

use super::booking::{Booking, book, changed};
use super::{Charge, Charging};
use crate::clock::Timestamp;
use crate::governor::account::Account;
use crate::governor::budget::Budget;
use crate::governor::policy::Policy;
use crate::governor::reservation::Reservation;
use crate::governor::task_budget::TaskBudget;
use crate::money::Money;

/// What becomes of it when `booked` has cost `charging.cost` in truth, and of `reservation`, what is set aside for the claim
/// that was charged. The difference is booked, in full; what was too much is free again, and set aside again where it came
/// from that. Of a period that is over nothing comes back.
pub(in crate::governor) fn amend(
    account: &Account,
    reservation: Option<&Reservation>,
    task_budgets: &[TaskBudget],
    booked: &Charge,
    charging: &Charging,
    policy: &Policy,
    now: Timestamp,
) -> (Booking, Option<Reservation>) {
    let budget = account.budget.as_ref().map(|budget| budget.value.at(now));
    let more = charging.cost.minus(booked.cost);
    let back = match budget.as_ref().and_then(|budget| budget.period) {
        Some(id) if id.period().at(booked.at) != id => Money::ZERO,
        Some(_) | None => booked.cost.minus(charging.cost),
    };
    let amended = reservation.map(|reservation| Reservation {
        charged: reservation.charged.plus(more).minus(back),
        by: charging.swarm.to_string(),
        ..reservation.clone()
    });
    let remaining =
        |reservation: Option<&Reservation>| reservation.map_or(Money::ZERO, Reservation::remaining);
    let (before, after) = (remaining(reservation), remaining(amended.as_ref()));
    let correct = |budget: &Budget| {
        let corrected = budget.correct(booked.cost, booked.cost.plus(more).minus(back), now);
        Budget { reserved: corrected.reserved.minus(before).plus(after), ..corrected }
    };
    let task_budgets = changed(task_budgets, correct, charging, policy, now);
    let budget = budget.as_ref().map(correct);
    (book(account, budget, task_budgets, charging, Some(booked.cost), policy, now), amended)
}
