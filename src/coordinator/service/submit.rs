//! Submitting tasks.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Authority, Coordinator, CoordinatorError, TRIES};
use crate::coordinator::backlog::NewTask;
use crate::coordinator::task::{Fate, Prepaid, TaskRecord};
use crate::id::{TaskId, UNCLAIMED};
use crate::store::{Entry, Key, Precondition, Query, Transaction, Versioned, yield_to_rivals};

/// The most dependencies that one transaction can compare and index.
const MAX_DEPENDENCIES: usize = 50;

/// A task that is in the store now.
#[derive(Debug, Clone, Serialize)]
pub struct Submitted {
    /// Its record.
    pub task: TaskRecord,
    /// Whether this call made it; otherwise the same had been submitted before.
    pub created: bool,
}

/// What a task is submitted with beyond its description.
#[derive(Debug, Clone, Default)]
pub(super) struct Extras {
    /// The blocked task it helps.
    pub(super) helps: Option<TaskId>,
    /// Money set aside for its first claim.
    pub(super) prepaid: Option<Prepaid>,
}

impl Coordinator {
    /// Submits a task. The same idempotency key again gives the first answer again.
    ///
    /// # Errors
    /// [`CoordinatorError::Exists`] for a name that is taken, [`CoordinatorError::NoDependency`] for a
    /// dependency that does not exist.
    pub async fn submit(&self, task: &NewTask, authority: &Authority) -> Result<Submitted, CoordinatorError> {
        task.check()?;
        let max_attempts = self.governor.policy().await?.coordination.max_attempts;
        for attempt in 0..TRIES {
            let (record, transaction) =
                match self.submission(task, max_attempts, &Extras::default(), authority).await? {
                    Plan::Known(record) => return Ok(Submitted { task: *record, created: false }),
                    Plan::New(record, transaction) => (*record, transaction),
                };
            if self.store.commit(authority.fence(transaction)).await?.is_done() {
                return Ok(Submitted { task: record, created: true });
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.id.clone() })
    }

    pub(super) async fn submission(
        &self,
        task: &NewTask,
        max_attempts: u32,
        extras: &Extras,
        authority: &Authority,
    ) -> Result<Plan, CoordinatorError> {
        if task.depends_on.len() > MAX_DEPENDENCIES {
            return Err(CoordinatorError::TooManyDependencies {
                task: task.id.clone(),
                count: task.depends_on.len(),
                limit: MAX_DEPENDENCIES,
            });
        }
        let mut queries =
            vec![Query::One(Key::Record(task.id.clone())), Query::One(Key::Owner(task.id.clone()))];
        queries.extend(task.depends_on.iter().map(|id| Query::One(Key::Record(id.clone()))));
        let snapshot = self.store.read(queries).await?;
        if let Some(entry) = snapshot.one(0) {
            let known: TaskRecord = entry.json()?;
            return match &task.idempotency_key {
                Some(key) if known.idempotency_key.as_ref() == Some(key) => Ok(Plan::Known(Box::new(known))),
                _ => Err(CoordinatorError::Exists { task: task.id.clone() }),
            };
        }
        if snapshot.one(1).is_some() {
            return Err(CoordinatorError::Exists { task: task.id.clone() });
        }
        let parents: Vec<_> = (0..task.depends_on.len()).map(|index| snapshot.one(index + 2)).collect();
        self.proposed(task, &parents, max_attempts, extras, authority)
    }

    /// What it takes to submit a task that is not there yet; `parents` are the records that it depends on.
    pub(super) fn proposed(
        &self,
        task: &NewTask,
        parents: &[Option<&Entry>],
        max_attempts: u32,
        extras: &Extras,
        authority: &Authority,
    ) -> Result<Plan, CoordinatorError> {
        let now = self.now();
        task.check_deadline(now)?;
        let record_key = Key::Record(task.id.clone());
        let mut transaction = Transaction::new()
            .when(Precondition::absent(&record_key))
            .when(Precondition::absent(&Key::Owner(task.id.clone())));
        let (mut unmet, mut failed) = (BTreeSet::new(), Vec::new());
        for (dependency, entry) in task.depends_on.iter().zip(parents) {
            let Some(entry) = entry else {
                let (task, dependency) = (task.id.clone(), dependency.clone());
                return Err(CoordinatorError::NoDependency { task, dependency });
            };
            let parent: Versioned<TaskRecord> = entry.versioned()?;
            match parent.value.fate() {
                Fate::Met => continue,
                Fate::Failed => failed.push(dependency),
                Fate::Open => {}
            }
            let index_key = Key::Dependent { task: dependency.clone(), dependent: task.id.clone() };
            transaction = transaction
                .when(Precondition::unchanged(&Key::Record(dependency.clone()), entry.mod_revision))
                .put(&index_key, "");
            unmet.insert(dependency.clone());
        }
        let mut record = task.record(unmet, max_attempts, authority.by(), now);
        for dependency in failed {
            if record.is_to_be_told(dependency, Fate::Failed) {
                record = record.told(dependency, Fate::Failed, authority.by(), now);
            }
        }
        "submit".clone_into(&mut record.op);
        record.helps.clone_from(&extras.helps);
        record.prepaid.clone_from(&extras.prepaid);
        if record.is_ready() {
            transaction = transaction.put(&Key::Owner(task.id.clone()), UNCLAIMED);
        }
        if let Some(payload) = &task.payload {
            transaction = transaction.put(&Key::Payload(task.id.clone()), payload.as_bytes());
        }
        let transaction = transaction.put_json(&record_key, &record);
        Ok(Plan::New(Box::new(record), transaction))
    }

    /// A task's payload and the results of the help it was given, oldest name first.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn input(
        &self,
        task: &TaskRecord,
    ) -> Result<(Option<Entry>, Vec<(TaskId, String)>), CoordinatorError> {
        let mut queries = vec![Query::One(Key::Payload(task.id.clone()))];
        queries.extend(task.helped_by.iter().map(|helper| Query::One(Key::Result(helper.clone()))));
        let snapshot = self.store.read(queries).await?;
        let results = task.helped_by.iter().enumerate();
        let help = results
            .filter_map(|(index, helper)| Some((helper.clone(), snapshot.one(index + 1)?.text())))
            .collect();
        Ok((snapshot.one(0).cloned(), help))
    }
}

/// What a submission comes to.
pub(super) enum Plan {
    /// It was made before.
    Known(Box<TaskRecord>),
    /// It is to be made.
    New(Box<TaskRecord>, Transaction),
}
