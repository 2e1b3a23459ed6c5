//! Submitting many tasks in few round trips.

use std::collections::{BTreeMap, BTreeSet};

use super::submit::{Extras, Plan, Submitted};
use super::{Authority, Coordinator, CoordinatorError};
use crate::coordinator::backlog::NewTask;
use crate::coordinator::task::TaskRecord;
use crate::id::TaskId;
use crate::store::{Commit, Entry, Key, MAX_BATCH, Query, Transaction};

/// The most dependencies of a task that goes with others: etcd limits what batch and task have together.
const FEW: usize = 20;

/// What became of one task.
type Outcome = Result<Submitted, CoordinatorError>;

impl Coordinator {
    /// Submits several tasks, none of which waits for another of them. Each stands or falls alone; what
    /// became of it is told in the order of the tasks. Those that were submitted before under the same idempotency
    /// key are left as they are.
    ///
    /// # Errors
    /// When the store does not answer: which of them were submitted is unknown, and submitting them again finds out.
    pub async fn submit_each(
        &self,
        tasks: &[NewTask],
        authority: &Authority,
    ) -> Result<Vec<Outcome>, CoordinatorError> {
        let max_attempts = self.governor.policy().await?.coordination.max_attempts;
        let parents = self.parents(tasks).await?;
        let mut transactions = Vec::with_capacity(tasks.len());
        let mut drafts = Vec::with_capacity(tasks.len());
        for task in tasks {
            let draft = self.draft(task, &parents, max_attempts, authority);
            drafts.push(draft.map(|(record, transaction)| {
                transactions.push(transaction);
                record
            }));
        }
        let mut commits = self.store.commit_each(transactions).await?.into_iter();
        let mut outcomes = Vec::with_capacity(tasks.len());
        for (task, draft) in tasks.iter().zip(drafts) {
            let commit = draft.is_some().then(|| commits.next()).flatten();
            outcomes.push(self.settled(task, draft, commit, authority).await);
        }
        Ok(outcomes)
    }

    /// The records that the tasks depend on.
    async fn parents(&self, tasks: &[NewTask]) -> Result<BTreeMap<TaskId, Entry>, CoordinatorError> {
        let wanted: BTreeSet<&TaskId> = tasks.iter().flat_map(|task| &task.depends_on).collect();
        let wanted: Vec<&TaskId> = wanted.into_iter().collect();
        let mut parents = BTreeMap::new();
        for some in wanted.chunks(MAX_BATCH) {
            let queries = some.iter().map(|&id| Query::One(Key::Record(id.clone()))).collect();
            let read = self.store.read(queries).await?;
            let found = |(index, &id): (usize, &&TaskId)| Some((id.clone(), read.one(index)?.clone()));
            parents.extend(some.iter().enumerate().filter_map(found));
        }
        Ok(parents)
    }

    /// What goes into the batch; nothing for a task that must be looked at alone.
    fn draft(
        &self,
        task: &NewTask,
        parents: &BTreeMap<TaskId, Entry>,
        max_attempts: u32,
        authority: &Authority,
    ) -> Option<(TaskRecord, Transaction)> {
        if task.depends_on.len() > FEW || task.check().is_err() {
            return None;
        }
        let parents: Vec<_> = task.depends_on.iter().map(|id| parents.get(id)).collect();
        match self.proposed(task, &parents, max_attempts, &Extras::default(), authority) {
            Ok(Plan::New(record, transaction)) => {
                let known = Query::One(Key::Record(task.id.clone()));
                Some((*record, authority.fence(transaction).otherwise(known)))
            }
            Ok(Plan::Known(_)) | Err(_) => None,
        }
    }

    async fn settled(
        &self,
        task: &NewTask,
        draft: Option<TaskRecord>,
        commit: Option<Commit>,
        authority: &Authority,
    ) -> Outcome {
        match (draft, commit) {
            (Some(record), Some(Commit::Done { .. })) => Ok(Submitted { task: record, created: true }),
            (_, Some(Commit::Refused(after))) => match known(task, after.one(0)) {
                Some(record) => Ok(Submitted { task: record, created: false }),
                None => self.submit(task, authority).await,
            },
            (_, None | Some(Commit::Done { .. })) => self.submit(task, authority).await,
        }
    }
}

fn known(task: &NewTask, entry: Option<&Entry>) -> Option<TaskRecord> {
    let record: TaskRecord = entry?.json().ok()?;
    (task.idempotency_key.is_some() && record.idempotency_key == task.idempotency_key).then_some(record)
}
