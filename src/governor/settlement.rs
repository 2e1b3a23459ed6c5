//! Settlements: how a claim ended, what it cost, and what that does to budget and breaker.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::account::{Account, Dated};
use super::alert::alert;
use super::breaker::{Breaker, BreakerState, TripReason};
use super::budget::Budget;
use super::escalation::{Escalation, EscalationKind};
use super::policy::Policy;
use super::profile::{ACTIVE, TRIPPED};
use super::reservation::Reservation;
use super::task_budget::{TaskBudget, TaskBudgetChange};
use crate::clock::Timestamp;
use crate::coordinator::Token;
use crate::id::{ChargeId, ClaimId, SwarmId, TaskId};
use crate::money::Money;

/// How a claim ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The work is done.
    Completed,
    /// The work failed; counts towards the breaker.
    Failed,
    /// The swarm gave it back.
    Released,
    /// The swarm needs help.
    Blocked,
    /// The swarm was not heard of any more.
    Lost,
    /// It was taken back before the swarm took it up.
    Recalled,
    /// The work was called off.
    Canceled,
    /// The work was not done in time.
    Expired,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Released => "released",
            Self::Blocked => "blocked",
            Self::Lost => "lost",
            Self::Recalled => "recalled",
            Self::Canceled => "canceled",
            Self::Expired => "expired",
        })
    }
}

/// The end of one claim's reservation; created exactly once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// Whose money.
    pub swarm: SwarmId,
    /// For which task.
    pub task: TaskId,
    /// For which claim.
    pub claim: ClaimId,
    /// What had been set aside.
    pub reserved: Money,
    /// What was booked.
    pub cost: Money,
    /// What of it was booked by the end, the rest having been charged before; none where an older version wrote this, then
    /// all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Money>,
    /// How the claim ended.
    pub outcome: Outcome,
    /// The tasks in whose budgets it was booked as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub task_budgets: Vec<TaskId>,
    /// The claim's token, by which its holder proves a late report; none when it was not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Token>,
    /// The last late report, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Correction>,
    /// When.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

/// A late report of what a claim had cost, booked by difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// What was booked before.
    pub from: Money,
    /// The charge that says so.
    pub charge: ChargeId,
    /// When.
    pub at: Timestamp,
}

const OP: &str = "governor.settle";

/// A claim that ends.
#[derive(Debug, Clone, Copy)]
pub struct Settling<'a> {
    /// Of which task.
    pub task: &'a TaskId,
    /// Which claim.
    pub claim: &'a ClaimId,
    /// What was set aside for it: the amount of its [`Authorisation`](super::Authorisation).
    pub reserved: Money,
    /// What is set aside for it and was charged to it, as read.
    pub reservation: Option<&'a Dated<Reservation>>,
    /// The budgets of tasks in which it is set aside as well, as read.
    pub task_budgets: &'a [TaskBudget],
    /// What it cost in all; none when nobody has said, then what was set aside is booked. What was charged to it is
    /// booked at least.
    pub cost: Option<Money>,
    /// How it ended.
    pub outcome: Outcome,
    /// Who ends it.
    pub by: &'a str,
}

/// Everything that changes when a claim ends; all or nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Settled {
    /// The record of it.
    pub settlement: Settlement,
    /// The budget after it, if the swarm has one.
    pub budget: Option<Budget>,
    /// The budgets of tasks after it.
    pub task_budgets: Vec<TaskBudgetChange>,
    /// The breaker after it, if it changed.
    pub breaker: Option<Breaker>,
    /// The swarm's new status, if the breaker opened or closed.
    pub status: Option<&'static str>,
    /// The call for a human, if the breaker tripped.
    pub escalation: Option<Escalation>,
    /// The call for a human, if so much is spent that people want to know.
    pub alert: Option<Escalation>,
    /// Whether the claim was the breaker's trial.
    pub ends_probe: bool,
}

/// Ends a claim: its cost is booked in full, failures count, and the breaker trips when the money is spent or
/// failures reach the threshold. `jitter` is from 0 to 1.
pub(super) fn settle(
    account: &Account,
    claim: &Settling<'_>,
    policy: &Policy,
    now: Timestamp,
    jitter: f64,
) -> Settled {
    let cost = Reservation::total(claim.reservation, claim.cost, claim.reserved);
    let charged = claim.reservation.map_or(Money::ZERO, |reservation| reservation.value.charged);
    let (still_reserved, due) = (claim.reserved.minus(charged), cost.minus(charged));
    let stored = account.breaker.as_ref().map(|breaker| &breaker.value);
    let account = &*account.at(now);
    let ends_probe = account.probe.as_ref().is_some_and(|probe| probe.value.claim == *claim.claim);
    let booked = |before: &Budget| before.settle(still_reserved, due, now).signed(claim.by, OP);
    let budget = account.budget.as_ref().map(|budget| booked(&budget.value));
    let before = account.breaker.as_ref().map(|breaker| breaker.value.clone());
    let before = before.unwrap_or_else(|| Breaker::closed(now));
    let worked = after_work(&before, claim.outcome, ends_probe, policy, now, jitter);
    let after = after_booking(worked, budget.as_ref(), due, policy, now);
    let tripped = after.trips > before.trips;
    let told = budget.map(|budget| alert(&account.swarm, budget, (&before, &after), policy, claim.by, now));
    let (budget, alert) = told.map_or((None, None), |(budget, alert)| (Some(budget), alert));
    Settled {
        settlement: Settlement {
            swarm: account.swarm.clone(),
            task: claim.task.clone(),
            claim: claim.claim.clone(),
            reserved: claim.reserved,
            cost,
            due: Some(due),
            outcome: claim.outcome,
            task_budgets: claim.task_budgets.iter().map(|budget| budget.task.clone()).collect(),
            token: claim.reservation.and_then(Dated::token),
            corrected: None,
            at: now,
            by: claim.by.to_owned(),
            op: OP.to_owned(),
        },
        status: status_after(stored.map_or(BreakerState::Closed, |breaker| breaker.state), after.state),
        alert,
        escalation: tripped.then(|| call(account, &after, budget.as_ref(), claim, now)),
        breaker: (stored.unwrap_or(&before) != &after).then(|| after.signed(claim.by, OP)),
        task_budgets: claim
            .task_budgets
            .iter()
            .map(|task| {
                let settled = |budget: &Budget| budget.settle(still_reserved, due, now);
                task.changed(settled, policy, (claim.by, OP), now)
            })
            .collect(),
        budget,
        ends_probe,
    }
}

/// What the outcome of the work does to the breaker. Only completions and failures say something about the swarm.
fn after_work(
    breaker: &Breaker,
    outcome: Outcome,
    is_probe: bool,
    policy: &Policy,
    now: Timestamp,
    jitter: f64,
) -> Breaker {
    let ended =
        |succeeded| breaker.after_work(succeeded, is_probe, &policy.resources.breaker_limits(), now, jitter);
    match outcome {
        Outcome::Completed => ended(true),
        Outcome::Failed => ended(false),
        Outcome::Released
        | Outcome::Blocked
        | Outcome::Lost
        | Outcome::Recalled
        | Outcome::Canceled
        | Outcome::Expired => breaker.clone(),
    }
}

/// What the money does to the breaker: it trips when the last of it was spent just now. What a person has opened stays
/// a person's: whoever resets it is told of the money.
pub(super) fn after_booking(
    breaker: Breaker,
    budget: Option<&Budget>,
    cost: Money,
    policy: &Policy,
    now: Timestamp,
) -> Breaker {
    let spent_now = budget.is_some_and(Budget::is_exhausted) && cost > Money::ZERO;
    let enforced = policy.resources.enable_budget_enforcement;
    if spent_now && enforced && !breaker.is_out_of_budget() && !breaker.is_open_by_hand() {
        breaker.tripped(TripReason::BudgetExhausted, now)
    } else {
        breaker
    }
}

pub(super) fn status_after(before: BreakerState, after: BreakerState) -> Option<&'static str> {
    match (before == BreakerState::Closed, after == BreakerState::Closed) {
        (true, false) => Some(TRIPPED),
        (false, true) => Some(ACTIVE),
        (true, true) | (false, false) => None,
    }
}

fn call(
    account: &Account,
    breaker: &Breaker,
    budget: Option<&Budget>,
    claim: &Settling<'_>,
    now: Timestamp,
) -> Escalation {
    let swarm = &account.swarm;
    let opened = match (breaker.reason, budget) {
        (Some(TripReason::BudgetExhausted), Some(budget)) => {
            format!("has spent {} of {} dollars", budget.spent, budget.cap)
        }
        (Some(TripReason::FailureRate), _) => {
            let (failed, count) = breaker.recent.tally();
            format!("failed {failed} of its last {count} tasks")
        }
        _ => format!("failed {} times in a row", breaker.failures),
    };
    let issue = format!("{swarm} {opened}: its circuit breaker opened");
    let action = if breaker.is_out_of_budget() {
        format!(
            "review what was spent, then: ifctl governor reset-circuit-breaker {swarm} --new-budget DOLLARS"
        )
    } else {
        "look at its failed tasks; it is tried again by itself".to_owned()
    };
    let cause = format!("{swarm}.{}", breaker.trips);
    Escalation::triggered(EscalationKind::CircuitBreaker, &cause, issue, action, claim.by, now)
        .about_swarm(swarm)
        .about_task(claim.task)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::governor::decision::Decision;
    use crate::governor::fixtures::{dated, money, with_budget};
    use crate::governor::reservation::Probe;

    fn now() -> Timestamp {
        Timestamp::from_micros(0)
    }

    /// A swarm that may spend 10 and has reserved 4.
    fn account() -> Account {
        with_budget(Budget::with_cap(money(10)).book(money(4)))
    }

    fn ends(account: &Account, outcome: Outcome, cost: Option<i64>, policy: &Policy) -> Settled {
        let (task, claim) = ("t1".parse().unwrap(), "c1".parse().unwrap());
        let cost = cost.map(money);
        let (reserved, reservation) = (money(4), None);
        let claim = Settling {
            task: &task,
            claim: &claim,
            reserved,
            reservation,
            task_budgets: &[],
            cost,
            outcome,
            by: "s1",
        };
        settle(account, &claim, policy, now(), 0.5)
    }

    /// Opened by a failure, and on trial.
    fn half_open() -> Breaker {
        let mut limits = Policy::default().resources.breaker_limits();
        limits.failures = 1;
        Breaker::closed(now()).after_failure(&limits, now(), 0.0).probing(now())
    }

    #[test]
    fn what_was_set_aside_is_booked_when_nobody_says_the_cost() {
        for (cost, spent) in [(None, 4), (Some(0), 0), (Some(3), 3), (Some(9), 9)] {
            let settled = ends(&account(), Outcome::Completed, cost, &Policy::default());
            let budget = settled.budget.unwrap();
            assert_eq!((budget.spent, budget.reserved), (money(spent), Money::ZERO));
            assert_eq!(settled.settlement.cost, money(spent));
            assert_eq!((settled.breaker, settled.escalation, settled.status), (None, None, None));
        }
    }

    #[test]
    fn the_last_of_the_money_trips_the_breaker_and_calls_a_human_once() {
        for cost in [10, 11] {
            let mut account = account();
            let settled = ends(&account, Outcome::Completed, Some(cost), &Policy::default());
            let breaker = settled.breaker.unwrap();
            assert!(breaker.is_out_of_budget());
            assert_eq!(settled.status, Some("circuit_breaker_tripped"));
            assert_eq!(settled.escalation.unwrap().id, "circuit-breaker.s1.1");
            account.budget = settled.budget.map(dated);
            account.breaker = Some(dated(breaker));
            let again = ends(&account, Outcome::Completed, Some(1), &Policy::default());
            assert_eq!((again.breaker, again.escalation), (None, None));
        }
    }

    #[test]
    fn the_last_of_the_money_takes_no_breaker_from_the_person_who_opened_it() {
        let decision = Decision { by: "human:tester".to_owned(), reason: "runaway".to_owned(), at: now() };
        let mut account = account();
        account.breaker = Some(dated(Breaker::closed(now()).tripped_by(decision)));
        let settled = ends(&account, Outcome::Completed, Some(10), &Policy::default());
        assert_eq!((settled.breaker, settled.escalation, settled.status), (None, None, None));
    }

    #[test]
    fn whoever_fails_too_much_of_its_work_is_paused_and_a_human_is_told_how_much() {
        let mut account = account();
        let mut policy = Policy::default();
        policy.resources.circuit_breaker_window = 4;
        for outcome in [Outcome::Failed, Outcome::Completed, Outcome::Released] {
            let settled = ends(&account, outcome, Some(0), &policy);
            assert_eq!(settled.escalation, None, "{outcome}");
            account.breaker = settled.breaker.map(dated).or(account.breaker);
        }
        let settled = ends(&account, Outcome::Failed, Some(0), &policy);
        assert_eq!(settled.status, Some("circuit_breaker_tripped"));
        let call = settled.escalation.unwrap();
        assert_eq!(call.issue, "s1 failed 2 of its last 3 tasks: its circuit breaker opened");
    }

    #[test]
    fn a_budget_that_is_not_enforced_is_booked_and_trips_nothing() {
        let mut policy = Policy::default();
        policy.resources.enable_budget_enforcement = false;
        let settled = ends(&account(), Outcome::Completed, Some(25), &policy);
        assert_eq!(settled.budget.unwrap().spent, money(25));
        assert_eq!(settled.breaker, None);
    }

    #[test]
    fn only_failures_count_towards_the_breaker() {
        for (outcome, failures) in [
            (Outcome::Failed, 3),
            (Outcome::Completed, 0),
            (Outcome::Released, 2),
            (Outcome::Blocked, 2),
            (Outcome::Lost, 2),
            (Outcome::Recalled, 2),
        ] {
            let mut account = account();
            account.breaker = Some(dated(Breaker { failures: 2, ..Breaker::closed(now()) }));
            let settled = ends(&account, outcome, Some(0), &Policy::default());
            let after = settled.breaker.map_or(2, |breaker| breaker.failures);
            assert_eq!(after, failures, "{outcome}");
            assert_eq!(settled.escalation.is_some(), outcome == Outcome::Failed, "{outcome}");
        }
    }

    #[test]
    fn only_the_trial_closes_a_half_open_breaker() {
        for (probe, closes) in [("c1", true), ("c2", false)] {
            let mut account = account();
            account.breaker = Some(dated(half_open()));
            account.probe = Some(dated(Probe {
                task: "t1".parse().unwrap(),
                claim: probe.parse().unwrap(),
                at: now(),
                by: String::new(),
                op: String::new(),
            }));
            let settled = ends(&account, Outcome::Completed, Some(0), &Policy::default());
            assert_eq!((settled.ends_probe, settled.status), (closes, closes.then_some("active")));
            assert_eq!(settled.breaker.is_some_and(|breaker| breaker.state == BreakerState::Closed), closes);
        }
    }

    #[test]
    fn a_swarm_without_a_budget_is_settled_without_one() {
        let account = Account::unregistered("s1".parse().unwrap());
        let settled = ends(&account, Outcome::Completed, Some(7), &Policy::default());
        assert_eq!((settled.budget, settled.breaker), (None, None));
    }
}
