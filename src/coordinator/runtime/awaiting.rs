//! Waiting for the end of tasks: the store tells, nobody asks again and again.

use std::collections::BTreeMap;

use super::worker::insist;
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::coordinator::task::{Fate, TaskRecord};
use crate::id::TaskId;
use crate::store::{Batch, Entry, Key, MAX_BATCH, Prefix, Query, StoreError, Watch};

/// Tasks that somebody waits for, as far as they are known.
#[derive(Debug)]
pub struct Awaited {
    coordinator: Coordinator,
    tasks: Vec<TaskId>,
    records: BTreeMap<TaskId, TaskRecord>,
}

impl Awaited {
    /// Reads the tasks for the first time.
    ///
    /// # Errors
    /// [`CoordinatorError::NoTask`] names the first that does not exist.
    pub async fn read(
        coordinator: &Coordinator,
        tasks: Vec<TaskId>,
    ) -> Result<(Self, i64), CoordinatorError> {
        let mut awaited = Self { coordinator: coordinator.clone(), tasks, records: BTreeMap::new() };
        let revision = awaited.look().await?;
        Ok((awaited, revision))
    }

    /// Those that may still be completed without anybody's decision.
    pub fn open(&self) -> impl Iterator<Item = &TaskRecord> {
        self.records.values().filter(|record| record.fate() == Fate::Open)
    }

    /// All of them, by name.
    #[must_use]
    pub fn records(&self) -> Vec<&TaskRecord> {
        self.records.values().collect()
    }

    /// Waits until all have ended; what was read at `revision` is known. Outlasts a store that is away.
    ///
    /// # Errors
    /// [`CoordinatorError::NoTask`] when one is deleted meanwhile.
    pub async fn end(&mut self, revision: i64) -> Result<(), CoordinatorError> {
        let mut revision = revision;
        loop {
            let mut watch = self.watch(revision + 1);
            while self.open().next().is_some() {
                match watch.next().await {
                    Ok(batch) => self.note(&batch)?,
                    // The history went while the connection was away: look at everything anew.
                    Err(StoreError::Compacted { .. }) => break,
                    Err(error) => return Err(error.into()),
                }
            }
            if self.open().next().is_none() {
                return Ok(());
            }
            revision = self.look_again().await?;
        }
    }

    fn watch(&self, from: i64) -> Watch {
        let store = self.coordinator.store();
        match self.tasks.as_slice() {
            [task] => store.watch_key(&Key::Record(task.clone()), from),
            _ => store.watch(&Prefix::Tasks, from),
        }
    }

    /// The revision from which on changes are not known yet.
    async fn look(&mut self) -> Result<i64, CoordinatorError> {
        let mut oldest = i64::MAX;
        for tasks in self.tasks.chunks(MAX_BATCH) {
            let queries = tasks.iter().map(|task| Query::One(Key::Record(task.clone()))).collect();
            let read = self.coordinator.store().read(queries).await?;
            oldest = oldest.min(read.revision);
            for (index, task) in tasks.iter().enumerate() {
                let missing = || CoordinatorError::NoTask { task: task.clone() };
                let record = read.one(index).map(Entry::json).ok_or_else(missing)??;
                self.records.insert(task.clone(), record);
            }
        }
        Ok(oldest)
    }

    async fn look_again(&mut self) -> Result<i64, CoordinatorError> {
        let (coordinator, tasks) = (&self.coordinator, &self.tasks);
        let (fresh, revision) = insist(|| Self::read(coordinator, tasks.clone())).await?;
        self.records = fresh.records;
        Ok(revision)
    }

    fn note(&mut self, batch: &Batch) -> Result<(), CoordinatorError> {
        for event in &batch.events {
            let Some(Key::Record(task)) = Key::parse(&event.entry.key) else { continue };
            if !self.records.contains_key(&task) {
                continue;
            }
            if event.deleted {
                return Err(CoordinatorError::NoTask { task });
            }
            self.records.insert(task, event.entry.json()?);
        }
        Ok(())
    }
}
