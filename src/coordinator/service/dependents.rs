//! What a completion sets free: the tasks that waited for it, and the task it helps.

use super::CoordinatorError;
use super::finish::standing;
use crate::clock::Timestamp;
use crate::coordinator::task::TaskRecord;
use crate::id::TaskId;
use crate::store::{Entry, Key, Precondition, Prefix, Query, Store, Transaction, Versioned};

/// How many dependents the completing transaction frees itself; the leader frees the rest.
const AT_ONCE: usize = 20;

/// What the completion of `record` means for other tasks: changes that belong into its transaction.
pub(super) async fn effects_of(
    store: &Store,
    record: &TaskRecord,
    by: &str,
    now: Timestamp,
) -> Result<Transaction, CoordinatorError> {
    let prefix = Prefix::Dependents(record.id.clone());
    let snapshot = store.read(vec![Query::Family(prefix.clone())]).await?;
    let dependents: Vec<TaskId> = dependents_in(&record.id, snapshot.all(0)).take(AT_ONCE).collect();
    let mut queries: Vec<_> = dependents.iter().map(|id| Query::One(Key::Record(id.clone()))).collect();
    queries.extend(record.helps.iter().map(|id| Query::One(Key::Record(id.clone()))));
    let mut transaction = Transaction::new().when(Precondition::no_newcomer(&prefix, snapshot.revision));
    if queries.is_empty() {
        return Ok(transaction);
    }
    let records = store.read(queries).await?;
    for (index, dependent) in dependents.iter().enumerate() {
        transaction = transaction.and(freed(&record.id, dependent, records.one(index), by, now)?);
    }
    if let Some(entry) = record.helps.as_ref().and_then(|_| records.one(dependents.len())) {
        transaction = transaction.and(helped(entry, &record.id, by, now)?);
    }
    Ok(transaction)
}

fn dependents_in<'a>(task: &'a TaskId, entries: &'a [Entry]) -> impl Iterator<Item = TaskId> + 'a {
    entries.iter().filter_map(|entry| match Key::parse(&entry.key) {
        Some(Key::Dependent { dependent, .. }) if dependent != *task => Some(dependent),
        _ => None,
    })
}

/// `dependent` waits no more for `task`.
pub(super) fn freed(
    task: &TaskId,
    dependent: &TaskId,
    entry: Option<&Entry>,
    by: &str,
    now: Timestamp,
) -> Result<Transaction, CoordinatorError> {
    let index = Key::Dependent { task: task.clone(), dependent: dependent.clone() };
    let transaction = Transaction::new().delete(&index);
    let Some(entry) = entry else {
        return Ok(transaction);
    };
    let record: Versioned<TaskRecord> = entry.versioned()?;
    if !record.value.unmet.contains(task) {
        return Ok(transaction);
    }
    let next = record.value.met(task, by, now);
    Ok(transaction.and(changed(&record, &next)))
}

/// What the end of a help task means for the task that was to be helped.
fn helped(entry: &Entry, helper: &TaskId, by: &str, now: Timestamp) -> Result<Transaction, CoordinatorError> {
    let record: Versioned<TaskRecord> = entry.versioned()?;
    if record.value.state.is_terminal() {
        return Ok(Transaction::new());
    }
    let next = record.value.helped(helper, by, now);
    Ok(changed(&record, &next))
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
