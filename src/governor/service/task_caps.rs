//! Setting the budgets of tasks, and taking in what claims that were there before have set aside.
//!
//! A claim says in whose budgets it is booked when it is made. So whoever gives a task a budget also writes that into the
//! claims that are under way, of the task and of the help for it, and writes all their records anew: a claim or a call for
//! help that was decided before and comes after is decided anew.

use std::collections::BTreeSet;

use super::account::dated;
use super::caps::{BudgetResult, Budgeted, Budgeting, OP, budgeted};
use super::{Governor, GovernorError, TRIES};
use crate::coordinator::TaskRecord;
use crate::governor::account::Dated;
use crate::governor::reservation::Reservation;
use crate::id::TaskId;
use crate::money::Money;
use crate::store::{
    Entry, Key, Precondition, Prefix, Query, Scope, StoreError, Transaction, yield_to_rivals,
};

/// etcd takes 128 operations in one transaction: a budget, and twice as many as this.
const MOST: usize = 60;

/// A task, the help that is under way for it, and what they have set aside.
#[derive(Default)]
struct Family {
    records: Vec<(TaskId, Option<Entry>)>,
    claims: Vec<Dated<Reservation>>,
}

impl Family {
    /// The claims that the budget of `task` does not know of.
    fn joining(&self, task: &TaskId) -> impl Iterator<Item = &Dated<Reservation>> {
        self.claims.iter().filter(move |claim| !claim.value.task_budgets.contains(task))
    }

    /// What joins the budget; everything, where it begins anew.
    fn set_aside(&self, task: &TaskId, is_anew: bool) -> Money {
        let joins = |claim: &&Dated<Reservation>| is_anew || !claim.value.task_budgets.contains(task);
        let joining = self.claims.iter().filter(joins);
        joining.fold(Money::ZERO, |sum, claim| sum.plus(claim.value.remaining()))
    }

    /// Lets them know of the budget of `task`, if all of them are as they were read.
    fn joined(&self, task: &TaskId, by: &str) -> Transaction {
        let records = self.records.iter().fold(Transaction::new(), |transaction, (member, entry)| {
            let key = Key::Record(member.clone());
            let revision = entry.as_ref().map_or(0, |entry| entry.mod_revision);
            let transaction = transaction.when(Precondition::unchanged(&key, revision));
            // One that nobody can read keeps nobody else from it, and nobody can claim it.
            match entry.as_ref().and_then(|entry| entry.json::<TaskRecord>().ok()) {
                Some(record) => transaction.put_json(&key, &joined_record(record, task, by)),
                None => transaction,
            }
        });
        self.joining(task).fold(records, |transaction, claim| {
            let key = Key::Reservation(claim.value.task.clone(), claim.value.claim.clone());
            let unchanged = Precondition::unchanged(&key, claim.revision);
            transaction.when(unchanged).put_json(&key, &joined_claim(claim, task, by))
        })
    }
}

fn joined_record(mut record: TaskRecord, task: &TaskId, by: &str) -> TaskRecord {
    if let Some(prepaid) = record.prepaid.as_mut().filter(|prepaid| !prepaid.task_budgets.contains(task)) {
        prepaid.task_budgets.push(task.clone());
    }
    TaskRecord { by: by.to_owned(), op: OP.to_owned(), ..record }
}

fn joined_claim(claim: &Dated<Reservation>, task: &TaskId, by: &str) -> Reservation {
    let mut joined = Reservation {
        // Its revision is another one from now on.
        token: claim.token(),
        by: by.to_owned(),
        op: OP.to_owned(),
        ..claim.value.clone()
    };
    joined.task_budgets.push(task.clone());
    joined
}

impl Governor {
    /// Sets what may be spent on a task and on the help for it, and takes in what is set aside for them already.
    pub(super) async fn set_task_budget(
        &self,
        task: &TaskId,
        cap: Money,
        budgeting: &Budgeting,
    ) -> Result<Budgeted, GovernorError> {
        let scope = Scope::Task(task.clone());
        let key = Key::Budget(scope.clone());
        for attempt in 0..TRIES {
            let family = self.family(task).await?;
            let entry = self.store.get(&key).await?;
            let stored = match Self::task_budget_from(task, entry.as_ref()) {
                Ok(stored) => stored.map(|stored| stored.budget),
                // It begins anew, with what all claims have set aside in it.
                Err(StoreError::Malformed { .. }) => None,
                Err(error) => return Err(error.into()),
            };
            let is_replaced = stored.is_none() && entry.is_some();
            let before = stored.as_ref().map(|stored| &stored.value);
            let (joining, now) = (family.set_aside(task, is_replaced), self.clock.now());
            let (mut budgeted, budget) = budgeted(scope.clone(), before, joining, Some(cap), budgeting, now);
            if is_replaced && budgeted.result == BudgetResult::Created {
                budgeted.result = BudgetResult::Replaced;
            }
            // Claims may join that have nothing set aside.
            let joins = budgeted.result == BudgetResult::Unchanged && family.joining(task).next().is_some();
            if budgeting.dry_run || budget.is_none() && !joins {
                return Ok(budgeted);
            }
            let revision = entry.as_ref().map_or(0, |entry| entry.mod_revision);
            let unchanged = Precondition::unchanged(&key, revision);
            let joined = family.joined(task, &budgeting.by).when(unchanged);
            let transaction = match budget {
                Some(budget) => joined.put_json(&key, &budget),
                None => joined,
            };
            if self.store.commit(transaction).await?.is_done() {
                return Ok(budgeted);
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::TaskConflict { task: task.clone(), attempts: TRIES })
    }

    async fn family(&self, task: &TaskId) -> Result<Family, GovernorError> {
        let mut family = Family::default();
        let (mut seen, mut waiting) = (BTreeSet::from([task.clone()]), vec![task.clone()]);
        while let Some(member) = waiting.pop() {
            let queries = [
                Query::One(Key::Record(member.clone())),
                Query::Family(Prefix::ReservationsOf(member.clone())),
            ];
            let snapshot = self.store.read(queries.into()).await?;
            let entry = snapshot.one(0).cloned();
            let record = entry.as_ref().and_then(|entry| entry.json::<TaskRecord>().ok());
            let pending = record.and_then(|record| record.blocker).map(|blocker| blocker.pending);
            waiting
                .extend(pending.unwrap_or_default().into_iter().filter(|helper| seen.insert(helper.clone())));
            family.records.push((member, entry));
            family.claims.extend(snapshot.all(1).iter().filter_map(legible));
            if seen.len() + family.claims.len() > MOST {
                return Err(GovernorError::TooMuchHelp { task: task.clone() });
            }
        }
        Ok(family)
    }
}

/// What is set aside for a claim; where nobody can read it, its record counts, and no budget of a task.
fn legible(entry: &Entry) -> Option<Dated<Reservation>> {
    let read: Result<Dated<Reservation>, StoreError> = dated(entry);
    read.inspect_err(|error| tracing::error!(%error, "left out")).ok()
}
