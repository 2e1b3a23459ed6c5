//! What the end of a task means for others: the tasks that wait for it, and the task it helps.

use super::CoordinatorError;
use super::finish::standing;
use crate::clock::Timestamp;
use crate::coordinator::alarm;
use crate::coordinator::task::{Fate, TaskRecord};
use crate::governor::service::Governor;
use crate::id::TaskId;
use crate::store::{Entry, Key, Precondition, Prefix, Query, Store, StoreError, Transaction, Versioned};

/// How many dependents the transaction that ends a task tells itself; the leader tells the rest.
const AT_ONCE: usize = 20;

/// How much that transaction writes for them, in bytes: etcd refuses requests above 1.5 MiB, and the result may take
/// 1 MiB of them.
const BYTES_AT_ONCE: usize = 256 * 1024;

/// What it means for other tasks that `before` becomes `next`: changes that belong into its transaction. Nothing
/// as long as they can expect of it what they could expect before.
pub(super) async fn effects_of(
    store: &Store,
    before: &TaskRecord,
    next: &TaskRecord,
    now: Timestamp,
) -> Result<Transaction, CoordinatorError> {
    if before.fate() == next.fate() {
        return Ok(Transaction::new());
    }
    let prefix = Prefix::Dependents(next.id.clone());
    let snapshot = store.read(vec![Query::Family(prefix.clone())]).await?;
    let dependents: Vec<TaskId> = dependents_in(&next.id, snapshot.all(0)).take(AT_ONCE).collect();
    let mut queries: Vec<_> = dependents.iter().map(|id| Query::One(Key::Record(id.clone()))).collect();
    queries.extend(next.helps.iter().map(|id| Query::One(Key::Record(id.clone()))));
    let mut transaction = Transaction::new().when(Precondition::no_newcomer(&prefix, snapshot.revision));
    if queries.is_empty() {
        return Ok(transaction);
    }
    let records = store.read(queries).await?;
    let news = dependents.iter().enumerate().map(|(index, dependent)| {
        legible_or_nothing(told(next, dependent, records.one(index), &next.by, now))
    });
    transaction = transaction.and(as_much_as_fits(news));
    if let Some(entry) = next.helps.as_ref().and_then(|_| records.one(dependents.len())) {
        transaction = transaction.and(legible_or_nothing(helped(entry, next, now)));
    }
    Ok(transaction)
}

fn as_much_as_fits(news: impl Iterator<Item = Transaction>) -> Transaction {
    let mut bytes = 0;
    let fits = |change: &Transaction| {
        bytes += change.bytes_written();
        bytes <= BYTES_AT_ONCE
    };
    news.take_while(fits).fold(Transaction::new(), Transaction::and)
}

/// A record that nobody can read keeps no other task from ending. It stays in the index, to be told once it is mended.
fn legible_or_nothing(change: Result<Transaction, StoreError>) -> Transaction {
    change.unwrap_or_else(|error| {
        tracing::warn!(%error, "it is not told");
        Transaction::new()
    })
}

fn dependents_in<'a>(task: &'a TaskId, entries: &'a [Entry]) -> impl Iterator<Item = TaskId> + 'a {
    entries.iter().filter_map(|entry| match Key::parse(&entry.key) {
        Some(Key::Dependent { dependent, .. }) if dependent != *task => Some(dependent),
        _ => None,
    })
}

/// `dependent` learns how it stands with `task`. Its entry in the index goes when it waits no more.
///
/// # Errors
/// [`StoreError::Malformed`] when nobody can read its record.
pub(super) fn told(
    task: &TaskRecord,
    dependent: &TaskId,
    entry: Option<&Entry>,
    by: &str,
    now: Timestamp,
) -> Result<Transaction, StoreError> {
    let index = Key::Dependent { task: task.id.clone(), dependent: dependent.clone() };
    let key = Key::Record(dependent.clone());
    let Some(entry) = entry else {
        return Ok(Transaction::new().when(Precondition::absent(&key)).delete(&index));
    };
    let record: Versioned<TaskRecord> = entry.versioned()?;
    let fate = task.fate();
    let (after, transaction) = if record.value.is_to_be_told(&task.id, fate) {
        let next = record.value.told(&task.id, fate, by, now);
        let transaction = changed(&record, &next);
        (next, transaction)
    } else {
        let unchanged = Precondition::unchanged(&key, record.mod_revision);
        (record.value, Transaction::new().when(unchanged))
    };
    Ok(if after.awaits(&task.id) { transaction } else { transaction.delete(&index) })
}

/// What the end of `helper` means for the task that was to be helped. When help will not come, a human is
/// called, unless other help has answered already.
fn helped(entry: &Entry, helper: &TaskRecord, now: Timestamp) -> Result<Transaction, StoreError> {
    let record: Versioned<TaskRecord> = entry.versioned()?;
    let by = helper.by.as_str();
    Ok(match helper.fate() {
        Fate::Met if !record.value.state.is_terminal() => {
            changed(&record, &record.value.helped(&helper.id, by, now))
        }
        Fate::Failed if record.value.awaits_help(&helper.id) => {
            let next = record.value.helped_in_vain(&helper.id, by, now);
            let transaction = changed(&record, &next);
            let call = alarm::helped_in_vain(&next, record.mod_revision, &helper.id, by, now);
            if next.is_ready() { transaction } else { transaction.and(Governor::escalate(&call)) }
        }
        Fate::Open if record.value.may_await_again(helper) => {
            changed(&record, &record.value.awaiting_again(&helper.id, by, now))
        }
        Fate::Met | Fate::Failed | Fate::Open => Transaction::new(),
    })
}

/// Writes the next record of a task that somebody else may be working on: its owner key is touched only when
/// this change makes it ready.
pub(super) fn changed(record: &Versioned<TaskRecord>, next: &TaskRecord) -> Transaction {
    let key = Key::Record(next.id.clone());
    let transaction = Transaction::new().when(Precondition::unchanged(&key, record.mod_revision));
    if next.is_ready() && !record.value.is_ready() {
        transaction.and(standing(next))
    } else {
        transaction.put_json(&key, next)
    }
}
