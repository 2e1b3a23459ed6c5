//! What people decide about a task that does not go on by itself.

use super::dependents::effects_of;
use super::finish::{record_of, wrong_state};
use super::{Authority, Coordinator, CoordinatorError, TRIES};
use crate::clock::Timestamp;
use crate::coordinator::task::TaskRecord;
use crate::id::TaskId;
use crate::store::{Key, yield_to_rivals};

/// A decision: when it may be made, what it makes of a task, and what it is called.
struct Decision {
    allowed: fn(&TaskRecord) -> bool,
    made: fn(&TaskRecord, &str, Timestamp) -> TaskRecord,
    wish: &'static str,
}

impl Coordinator {
    /// Lets a task go on that is blocked, or waits for one that failed, because somebody says that it can. Help
    /// that nobody has begun is then called off by the leader.
    ///
    /// # Errors
    /// [`CoordinatorError::WrongState`] when it is not blocked.
    pub async fn unblock(
        &self,
        task: &TaskId,
        authority: &Authority,
    ) -> Result<TaskRecord, CoordinatorError> {
        let unblock =
            Decision { allowed: TaskRecord::is_blocked, made: TaskRecord::unblocked, wish: "unblocked" };
        self.decide(task, &unblock, authority).await
    }

    /// Has a task tried again that was given up, as often as in the beginning. What waits for it waits on.
    ///
    /// # Errors
    /// [`CoordinatorError::WrongState`] when it was not given up.
    pub async fn retry(&self, task: &TaskId, authority: &Authority) -> Result<TaskRecord, CoordinatorError> {
        let retry = Decision { allowed: TaskRecord::is_given_up, made: TaskRecord::retried, wish: "retried" };
        self.decide(task, &retry, authority).await
    }

    async fn decide(
        &self,
        task: &TaskId,
        decision: &Decision,
        authority: &Authority,
    ) -> Result<TaskRecord, CoordinatorError> {
        for attempt in 0..TRIES {
            let record = record_of(task, self.store.get(&Key::Record(task.clone())).await?.as_ref())?;
            if !(decision.allowed)(&record.value) {
                return Err(wrong_state(&record.value, decision.wish));
            }
            let now = self.now();
            let next = (decision.made)(&record.value, authority.by(), now);
            let effects = effects_of(&self.store, &record.value, &next, now).await?;
            if self.replace(&record, &next, effects, authority).await? {
                return Ok(next);
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }
}
