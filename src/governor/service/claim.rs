//! The money of claims: set aside with the claim, settled with its end.

use super::Governor;
use super::account::dated;
use crate::clock::Timestamp;
use crate::governor::account::{Account, Dated};
use crate::governor::authorisation::Authorisation;
use crate::governor::budget::Budget;
use crate::governor::escalation::Escalation;
use crate::governor::policy::Policy;
use crate::governor::profile::ACTIVE;
use crate::governor::reservation::{Probe, Reservation};
use crate::governor::settlement::{Settled, Settling, settle};
use crate::governor::task_budget::{TaskBudget, TaskBudgetChange};
use crate::id::{ClaimId, TaskId};
use crate::money::Money;
use crate::store::{Entry, Key, Precondition, Query, Scope, StoreError, Transaction};

const OP: &str = "governor.reserve";

/// A claim that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Claiming<'a> {
    /// Of which task.
    pub task: &'a TaskId,
    /// Which claim.
    pub claim: &'a ClaimId,
    /// The lease it lives by.
    pub lease: i64,
    /// The budgets of tasks in which it is set aside as well, as read; or for what was paid for in advance, the tasks.
    pub task_budgets: TaskBudgets<'a>,
    /// The store's epoch, which with the revision of the claim makes its token; none when it is only paid for in advance.
    pub epoch: Option<u64>,
    /// Who makes it.
    pub by: &'a str,
}

/// The budgets of tasks that a claim is paid from as well.
#[derive(Debug, Clone, Copy)]
pub enum TaskBudgets<'a> {
    /// To be set aside in now, as read.
    Read(&'a [TaskBudget]),
    /// Set aside in before, or by others.
    Booked(&'a [TaskId]),
}

impl TaskBudgets<'_> {
    fn names(self) -> Vec<TaskId> {
        match self {
            Self::Read(budgets) => budgets.iter().map(|budget| budget.task.clone()).collect(),
            Self::Booked(tasks) => tasks.to_vec(),
        }
    }
}

impl Governor {
    /// The fragment of a claim's transaction that sets its cost aside. It compares budget and breaker as read;
    /// for a trial it also takes the trial's key, which lives as long as `lease`.
    pub fn reserve(
        account: &Account,
        authorisation: &Authorisation,
        claiming: &Claiming<'_>,
        now: Timestamp,
    ) -> Transaction {
        for waived in &authorisation.waived {
            tracing::warn!(task = %claiming.task, "budgets are not enforced: {waived}");
        }
        let mut admitted = Self::admit(account, authorisation, authorisation.amount, claiming, now);
        if let TaskBudgets::Read(budgets) = claiming.task_budgets {
            admitted = admitted.and(Self::book_task_budgets(budgets, authorisation.amount, claiming.by, now));
        }
        match &account.budget {
            Some(budget) => {
                let booked = budget.value.at(now).book(authorisation.amount).signed(claiming.by, OP);
                admitted.and(replaced(account, &booked, now))
            }
            None => admitted,
        }
    }

    /// The fragment of a claim's transaction for which `amount` was set aside before: what [`Governor::reserve`] does,
    /// without the budget.
    pub fn admit(
        account: &Account,
        authorisation: &Authorisation,
        amount: Money,
        claiming: &Claiming<'_>,
        now: Timestamp,
    ) -> Transaction {
        let Claiming { task, claim, epoch, by, task_budgets, .. } = *claiming;
        let reservation = Reservation {
            swarm: account.swarm.clone(),
            task: task.clone(),
            claim: claim.clone(),
            amount,
            task_budgets: task_budgets.names(),
            charged: Money::ZERO,
            token: None,
            epoch,
            at: now,
            by: by.to_owned(),
            op: OP.to_owned(),
        };
        let transaction =
            as_read(account).put_json(&Key::Reservation(task.clone(), claim.clone()), &reservation);
        if authorisation.probe { transaction.and(probe(account, claiming, now)) } else { transaction }
    }

    /// The fragment that sets `amount` aside in the budgets of tasks, if they are as read.
    pub fn book_task_budgets(budgets: &[TaskBudget], amount: Money, by: &str, now: Timestamp) -> Transaction {
        budgets.iter().fold(Transaction::new(), |transaction, TaskBudget { task, budget }| {
            let key = Key::Budget(Scope::Task(task.clone()));
            let booked = budget.value.at(now).book(amount).signed(by, OP);
            transaction.when(Precondition::unchanged(&key, budget.revision)).put_json(&key, &booked)
        })
    }

    /// The budget of a task, from its key.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] when nobody can read it.
    pub fn task_budget_from(task: &TaskId, entry: Option<&Entry>) -> Result<Option<TaskBudget>, StoreError> {
        let budget = entry.map(dated).transpose()?;
        Ok(budget.map(|budget| TaskBudget { task: task.clone(), budget }))
    }

    /// The budgets of these tasks, as far as they are there and can be read.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn task_budgets(&self, tasks: &[TaskId]) -> Result<Vec<TaskBudget>, StoreError> {
        if tasks.is_empty() {
            return Ok(Vec::new());
        }
        let key = |task: &TaskId| Query::One(Key::Budget(Scope::Task(task.clone())));
        let snapshot = self.store.read(tasks.iter().map(key).collect()).await?;
        let mut budgets = Vec::new();
        for (index, task) in tasks.iter().enumerate() {
            match Self::task_budget_from(task, snapshot.one(index)) {
                Ok(budget) => budgets.extend(budget),
                Err(error) => tracing::error!(%task, %error, "left out"),
            }
        }
        Ok(budgets)
    }

    /// What is set aside for a claim, as it was read. A reservation that nobody can read is as good as none: what the
    /// task's record says of it counts.
    #[must_use]
    pub fn reservation_from(entry: Option<&Entry>) -> Option<Dated<Reservation>> {
        let legible = |error: StoreError| tracing::warn!(%error, "the record of the task counts");
        entry.and_then(|entry| dated(entry).map_err(legible).ok())
    }

    /// What is set aside for a claim.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn reservation(
        &self,
        task: &TaskId,
        claim: &ClaimId,
    ) -> Result<Option<Dated<Reservation>>, StoreError> {
        let entry = self.store.get(&Key::Reservation(task.clone(), claim.clone())).await?;
        Ok(Self::reservation_from(entry.as_ref()))
    }

    /// The fragment that ends a claim: books what it cost, once, and lets the breaker know. It compares that
    /// nobody has settled the claim, and budget and breaker as read. When the money is spent, or failures
    /// reach the policy's threshold, the breaker opens and a human is called, in the same transaction.
    pub fn settle(account: &Account, claim: &Settling<'_>, policy: &Policy, now: Timestamp) -> Transaction {
        let settled = settle(account, claim, policy, now, rand::random());
        let as_read = match claim.reservation {
            Some(reservation) => {
                let key = Key::Reservation(claim.task.clone(), claim.claim.clone());
                as_read(account).when(Precondition::unchanged(&key, reservation.revision))
            }
            None => as_read(account),
        };
        write(as_read, settled, claim)
    }

    /// The fragment that calls a human; fails if this cause has called already.
    pub fn escalate(escalation: &Escalation) -> Transaction {
        let key = Key::Escalation(escalation.id.clone());
        Transaction::new().when(Precondition::absent(&key)).put_json(&key, escalation)
    }
}

pub(super) fn scope(account: &Account) -> Scope {
    Scope::Swarm(account.swarm.clone())
}

pub(super) fn as_read(account: &Account) -> Transaction {
    let unchanged = |key: Key, revision: Option<i64>| Precondition::unchanged(&key, revision.unwrap_or(0));
    let budget = account.budget.as_ref().map(|budget| budget.revision);
    let breaker = account.breaker.as_ref().map(|breaker| breaker.revision);
    Transaction::new()
        .when(unchanged(Key::Budget(scope(account)), budget))
        .when(unchanged(Key::Breaker(scope(account)), breaker))
}

/// Writes what becomes of the budgets of tasks, if they are as read.
pub(super) fn change_task_budgets(transaction: Transaction, changes: &[TaskBudgetChange]) -> Transaction {
    changes.iter().fold(transaction, |transaction, change| {
        let key = Key::Budget(Scope::Task(change.task.clone()));
        let unchanged = Precondition::unchanged(&key, change.revision);
        let transaction = transaction.when(unchanged).put_json(&key, &change.budget);
        match &change.alert {
            Some(call) => transaction.put_json(&Key::Escalation(call.id.clone()), call),
            None => transaction,
        }
    })
}

/// Another budget in the place of what was read. The first that is written in a period also closes the breaker that the
/// old one had opened.
pub(super) fn replaced(account: &Account, budget: &Budget, now: Timestamp) -> Transaction {
    let transaction = Transaction::new().put_json(&Key::Budget(scope(account)), budget);
    match account.reopened(now) {
        Some(breaker) => transaction
            .put_json(&Key::Breaker(scope(account)), &breaker.signed(&budget.by, &budget.op))
            .put(&Key::SwarmStatus(account.swarm.clone()), ACTIVE),
        None => transaction,
    }
}

/// The breaker becomes half-open, and the claim is its one trial.
fn probe(account: &Account, claiming: &Claiming<'_>, now: Timestamp) -> Transaction {
    let Some(breaker) = &account.breaker else { return Transaction::new() };
    let Claiming { task, claim, lease, by, .. } = *claiming;
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
    transaction = change_task_budgets(transaction, &settled.task_budgets);
    if settled.ends_probe {
        transaction = transaction.delete(&Key::Probe(scope()));
    }
    if let Some(breaker) = settled.breaker {
        transaction = transaction.put_json(&Key::Breaker(scope()), &breaker);
    }
    if let Some(status) = settled.status {
        transaction = transaction.put(&Key::SwarmStatus(swarm.clone()), status);
    }
    for escalation in settled.escalation.into_iter().chain(settled.alert) {
        // Not only when absent: the compares on breaker and budget make its cause unique, and a record that stood
        // in the way would keep the claim from ever being settled.
        transaction = transaction.put_json(&Key::Escalation(escalation.id.clone()), &escalation);
    }
    transaction
}
