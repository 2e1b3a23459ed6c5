//! The money of claims: set aside with the claim, settled with its end.

use super::Governor;
use crate::clock::Timestamp;
use crate::governor::account::Account;
use crate::governor::authorisation::Authorisation;
use crate::governor::escalation::Escalation;
use crate::governor::policy::Policy;
use crate::governor::reservation::{Probe, Reservation};
use crate::governor::settlement::{Settled, Settling, settle};
use crate::id::{ClaimId, TaskId};
use crate::store::{Key, Precondition, Scope, Transaction};

const OP: &str = "governor.reserve";

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
            op: OP.to_owned(),
        };
        let admitted = Self::admit(account, authorisation, task, claim, lease, by, now);
        let mut transaction = admitted.put_json(&Key::Reservation(task.clone(), claim.clone()), &reservation);
        if let Some(budget) = &account.budget {
            let booked = budget.value.book(authorisation.amount).signed(by, OP);
            transaction = transaction.put_json(&Key::Budget(scope(account)), &booked);
        }
        transaction
    }

    /// The fragment of a claim's transaction whose cost was set aside before: the compares and the trial of
    /// [`Governor::reserve`], without the money.
    pub fn admit(
        account: &Account,
        authorisation: &Authorisation,
        task: &TaskId,
        claim: &ClaimId,
        lease: i64,
        by: &str,
        now: Timestamp,
    ) -> Transaction {
        if authorisation.probe {
            as_read(account).and(probe(account, task, claim, lease, by, now))
        } else {
            as_read(account)
        }
    }

    /// The fragment that ends a claim: books what it cost, once, and lets the breaker know. It compares that
    /// nobody has settled the claim, and budget and breaker as read. When the money is spent, or failures
    /// reach the policy's threshold, the breaker opens and a human is called, in the same transaction.
    pub fn settle(account: &Account, claim: &Settling<'_>, policy: &Policy, now: Timestamp) -> Transaction {
        let settled = settle(account, claim, policy, now, rand::random());
        write(as_read(account), settled, claim)
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
    let unchanged = |key: Key, revision: Option<i64>| Precondition::unchanged(&key, revision.unwrap_or(0));
    let budget = account.budget.as_ref().map(|budget| budget.revision);
    let breaker = account.breaker.as_ref().map(|breaker| breaker.revision);
    Transaction::new()
        .when(unchanged(Key::Budget(scope(account)), budget))
        .when(unchanged(Key::Breaker(scope(account)), breaker))
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
    let op = OP.to_owned();
    let probe = Probe { task: task.clone(), claim: claim.clone(), at: now, by: by.to_owned(), op };
    let half_open = breaker.value.probing(now).signed(by, OP);
    Transaction::new()
        .when(Precondition::absent(&key))
        .put_json_leased(&key, &probe, lease)
        .put_json(&Key::Breaker(scope(account)), &half_open)
}

/// Writes what the rule decided.
fn write(as_read: Transaction, settled: Settled, claim: &Settling<'_>) -> Transaction {
    let swarm = settled.settlement.swarm.clone();
    let scope = || Scope::Swarm(swarm.clone());
    let key = Key::Settlement(claim.task.clone(), claim.claim.clone());
    let mut transaction = as_read
        .when(Precondition::absent(&key))
        .put_json(&key, &settled.settlement)
        .delete(&Key::Reservation(claim.task.clone(), claim.claim.clone()));
    if let Some(budget) = settled.budget {
        transaction = transaction.put_json(&Key::Budget(scope()), &budget);
    }
    if settled.ends_probe {
        transaction = transaction.delete(&Key::Probe(scope()));
    }
    if let Some(breaker) = settled.breaker {
        transaction = transaction.put_json(&Key::Breaker(scope()), &breaker);
    }
    if let Some(status) = settled.status {
        transaction = transaction.put(&Key::SwarmStatus(swarm.clone()), status);
    }
    if let Some(escalation) = settled.escalation {
        // Not only when absent: the compare on the breaker makes its count of trips unique, and a record that
        // stood in the way would keep the claim from ever being settled.
        transaction = transaction.put_json(&Key::Escalation(escalation.id.clone()), &escalation);
    }
    transaction
}
