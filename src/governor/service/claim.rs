//! The money of claims: set aside with the claim, settled with its end.

use crate::clock::Timestamp;
use crate::governor::account::Account;
use crate::governor::authorisation::Authorisation;
use crate::governor::breaker::{Breaker, BreakerState, TripReason};
use crate::governor::budget::Budget;
use crate::governor::escalation::{Escalation, EscalationKind};
use crate::governor::policy::Policy;
use crate::governor::reservation::{Probe, Reservation};
use crate::governor::settlement::{Outcome, Settlement};
use crate::id::{ClaimId, TaskId};
use crate::money::Money;
use crate::store::{Key, Precondition, Scope, Transaction};

use super::Governor;

/// The status of a swarm whose breaker is open, as the original design writes it.
pub(super) const TRIPPED: &str = "circuit_breaker_tripped";

/// The status of a swarm that works.
pub(super) const ACTIVE: &str = "active";

const RESERVE: &str = "governor.reserve";
const SETTLE: &str = "governor.settle";

/// A claim that ends.
#[derive(Debug, Clone, Copy)]
pub struct Settling<'a> {
    /// Of which task.
    pub task: &'a TaskId,
    /// Which claim.
    pub claim: &'a ClaimId,
    /// What was set aside for it: the amount of its [`Authorisation`].
    pub reserved: Money,
    /// What it cost; none when nobody has said, then what was set aside is booked.
    pub cost: Option<Money>,
    /// How it ended.
    pub outcome: Outcome,
    /// Who ends it.
    pub by: &'a str,
}

impl Governor {
    /// The fragment of a claim's transaction that sets its cost aside. It compares budget and breaker as read;
    /// for a trial it also takes the trial's key, which lives as long as `lease`.
    pub fn reserve(
        account: &Account,
        authorisation: &Authorisation,
        task: &TaskId,
        claim: &ClaimId,
        lease: i64,
        by: &str,
        now: Timestamp,
    ) -> Transaction {
        for waived in &authorisation.waived {
            tracing::warn!(%task, "budgets are not enforced: {waived}");
        }
        let reservation = Reservation {
            swarm: account.swarm.clone(),
            task: task.clone(),
            claim: claim.clone(),
            amount: authorisation.amount,
            at: now,
            by: by.to_owned(),
            op: RESERVE.to_owned(),
        };
        let mut transaction =
            as_read(account).put_json(&Key::Reservation(task.clone(), claim.clone()), &reservation);
        if let Some(budget) = &account.budget {
            let booked = budget.value.book(authorisation.amount).signed(by, RESERVE);
            transaction = transaction.put_json(&Key::Budget(scope(account)), &booked);
        }
        if authorisation.probe {
            transaction = transaction.and(probe(account, task, claim, lease, by, now));
        }
        transaction
    }

    /// The fragment that ends a claim: books what it cost, once, and lets the breaker know. It compares that
    /// nobody has settled the claim, and budget and breaker as read. When the money is spent, or failures
    /// reach the policy's threshold, the breaker opens and a human is called, in the same transaction.
    pub fn settle(account: &Account, claim: &Settling<'_>, policy: &Policy, now: Timestamp) -> Transaction {
        let cost = claim.cost.unwrap_or(claim.reserved);
        let settlement = Settlement {
            swarm: account.swarm.clone(),
            task: claim.task.clone(),
            claim: claim.claim.clone(),
            reserved: claim.reserved,
            cost,
            outcome: claim.outcome,
            at: now,
            by: claim.by.to_owned(),
            op: SETTLE.to_owned(),
        };
        let key = Key::Settlement(claim.task.clone(), claim.claim.clone());
        let mut transaction = as_read(account)
            .when(Precondition::absent(&key))
            .put_json(&key, &settlement)
            .delete(&Key::Reservation(claim.task.clone(), claim.claim.clone()));
        let budget = account
            .budget
            .as_ref()
            .map(|budget| budget.value.settle(claim.reserved, cost).signed(claim.by, SETTLE));
        if let Some(budget) = &budget {
            transaction = transaction.put_json(&Key::Budget(scope(account)), budget);
        }
        if is_probe(account, claim) {
            transaction = transaction.delete(&Key::Probe(scope(account)));
        }
        let before = account.breaker.as_ref().map(|breaker| breaker.value.clone());
        let before = before.unwrap_or_else(|| Breaker::closed(now));
        let after = after_work(&before, account, claim, policy, now);
        let after = after_booking(after, budget.as_ref(), cost, policy, now);
        transaction.and(breaker_changes(account, &before, after, budget.as_ref(), claim, now))
    }

    /// The fragment that calls a human; fails if this cause has called already.
    pub fn escalate(escalation: &Escalation) -> Transaction {
        let key = Key::Escalation(escalation.id.clone());
        Transaction::new().when(Precondition::absent(&key)).put_json(&key, escalation)
    }
}

fn scope(account: &Account) -> Scope {
    Scope::Swarm(account.swarm.clone())
}

fn as_read(account: &Account) -> Transaction {
    Transaction::new()
        .when(Precondition::as_read(&Key::Budget(scope(account)), account.budget.as_ref()))
        .when(Precondition::as_read(&Key::Breaker(scope(account)), account.breaker.as_ref()))
}

/// The breaker becomes half-open, and the claim is its one trial.
fn probe(
    account: &Account,
    task: &TaskId,
    claim: &ClaimId,
    lease: i64,
    by: &str,
    now: Timestamp,
) -> Transaction {
    let Some(breaker) = &account.breaker else { return Transaction::new() };
    let key = Key::Probe(scope(account));
    let op = RESERVE.to_owned();
    let probe = Probe { task: task.clone(), claim: claim.clone(), at: now, by: by.to_owned(), op };
    let half_open = breaker.value.probing(now).signed(by, RESERVE);
    Transaction::new()
        .when(Precondition::absent(&key))
        .put_json_leased(&key, &probe, lease)
        .put_json(&Key::Breaker(scope(account)), &half_open)
}

fn is_probe(account: &Account, claim: &Settling<'_>) -> bool {
    account.probe.as_ref().is_some_and(|probe| probe.value.claim == *claim.claim)
}

/// What the outcome of the work does to the breaker. While a trial is under way only the trial counts: work
/// that began before the breaker opened proves nothing about the swarm of today.
fn after_work(
    breaker: &Breaker,
    account: &Account,
    claim: &Settling<'_>,
    policy: &Policy,
    now: Timestamp,
) -> Breaker {
    if breaker.state == BreakerState::HalfOpen && !is_probe(account, claim) {
        return breaker.clone();
    }
    let resources = &policy.resources;
    match claim.outcome {
        Outcome::Completed => breaker.after_success(now),
        Outcome::Failed => breaker.after_failure(
            resources.circuit_breaker_failure_threshold,
            resources.circuit_breaker_open_seconds,
            now,
            rand::random(),
        ),
        Outcome::Released | Outcome::Blocked | Outcome::Lost | Outcome::Recalled => breaker.clone(),
    }
}

/// What the money does to the breaker: it opens when the last of it was spent just now.
fn after_booking(
    breaker: Breaker,
    budget: Option<&Budget>,
    cost: Money,
    policy: &Policy,
    now: Timestamp,
) -> Breaker {
    let exhausted = budget.is_some_and(Budget::is_exhausted) && cost > Money::ZERO;
    match exhausted && !breaker.is_out_of_budget() {
        true if policy.resources.enable_budget_enforcement => {
            breaker.tripped(TripReason::BudgetExhausted, now)
        }
        _ => breaker,
    }
}

/// Writes the breaker if it changed, the swarm's status with it, and calls a human when it opened anew.
fn breaker_changes(
    account: &Account,
    before: &Breaker,
    after: Breaker,
    budget: Option<&Budget>,
    claim: &Settling<'_>,
    now: Timestamp,
) -> Transaction {
    if *before == after {
        return Transaction::new();
    }
    let status = Key::SwarmStatus(account.swarm.clone());
    let mut transaction = match (before.state, after.state) {
        (BreakerState::Closed, BreakerState::Closed) => Transaction::new(),
        (_, BreakerState::Closed) => Transaction::new().put(&status, ACTIVE),
        (_, BreakerState::Open | BreakerState::HalfOpen) => Transaction::new().put(&status, TRIPPED),
    };
    if after.trips > before.trips {
        let escalation = call_for_human(account, &after, budget, claim, now);
        // Not only when absent: the compare on the breaker makes its count of trips unique, and a record that
        // stood in the way would keep the claim from ever being settled.
        transaction = transaction.put_json(&Key::Escalation(escalation.id.clone()), &escalation);
    }
    transaction.put_json(&Key::Breaker(scope(account)), &after.signed(claim.by, SETTLE))
}

fn call_for_human(
    account: &Account,
    breaker: &Breaker,
    budget: Option<&Budget>,
    claim: &Settling<'_>,
    now: Timestamp,
) -> Escalation {
    let swarm = &account.swarm;
    let (issue, action) = match (breaker.reason, budget) {
        (Some(TripReason::BudgetExhausted), Some(budget)) => (
            format!(
                "{swarm} has spent {} of {} dollars: its circuit breaker opened",
                budget.spent, budget.cap
            ),
            "review what was spent, then give it a new budget and reset its circuit breaker",
        ),
        _ => (
            format!("{swarm} failed {} times in a row: its circuit breaker opened", breaker.failures),
            "look at its failed tasks; it is tried again by itself",
        ),
    };
    let cause = format!("{swarm}.{}", breaker.trips);
    Escalation::triggered(EscalationKind::CircuitBreaker, &cause, issue, action, claim.by, now)
        .about_swarm(swarm)
        .about_task(claim.task)
}
