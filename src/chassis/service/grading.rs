//! Whose tasks count for a reputation, when somebody runs code by hand.

use super::{Chassis, ChassisError, Job};
use crate::coordinator::{State, TaskRecord};
use crate::id::{SwarmId, TaskId};
use crate::store::Key;

impl Chassis {
    /// What the coordinator knows of a task that somebody runs by hand as `swarm`. A name alone proves nothing: the swarm must
    /// be at work on that task, and neither it nor whoever runs its code may have submitted it. Else the task is only a name.
    ///
    /// # Errors
    /// [`ChassisError::Store`].
    pub async fn job(&self, swarm: &SwarmId, task: Option<TaskId>) -> Result<Job, ChassisError> {
        let name = Job { task: task.clone(), ..Job::default() };
        let Some(task) = task else { return Ok(name) };
        let Some(entry) = self.store.get(&Key::Record(task)).await? else { return Ok(name) };
        match entry.json::<TaskRecord>() {
            Ok(record) if self.vouches(&record, swarm) => {
                Ok(Job { attempt: Some(record.attempt), submitted_by: Some(record.created_by), ..name })
            }
            Ok(_) => Ok(name),
            Err(error) => {
                tracing::warn!(%error, "the task counts for no reputation");
                Ok(name)
            }
        }
    }

    fn vouches(&self, record: &TaskRecord, swarm: &SwarmId) -> bool {
        record.state == State::Working && record.owner.as_ref() == Some(swarm) && record.created_by != self.by
    }
}
