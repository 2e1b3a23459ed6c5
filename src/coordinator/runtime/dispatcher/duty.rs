//! What the leader owes to tasks besides handing them out: seen in the view, carried out by a service.
//!
//! Decides nothing itself: a rule says what is due, and the service looks again before it writes.

use crate::clock::Timestamp;
use crate::coordinator::runtime::view::View;
use crate::coordinator::service::{Authority, Coordinator, CoordinatorError};
use crate::coordinator::task::TaskRecord;
use crate::id::TaskId;

/// How many duties of one kind a step performs at most, so that none keeps tasks from being handed out.
const AT_ONCE: usize = 50;

/// Something the leader owes to a task.
#[derive(Debug)]
pub(super) enum Duty {
    Reap(TaskId),
    Promote(TaskId),
    Free(TaskId, TaskId),
    Adopt(TaskId),
    Help(TaskId),
}

/// What is due besides handing out, a bounded number of each kind, without the tasks that are left alone.
pub(super) fn due(view: &View, now: Timestamp, left_alone: impl Fn(&TaskId) -> bool) -> Vec<Duty> {
    let is_due = |record: &&TaskRecord| record.is_due(now);
    let unblocked = |(task, dependent): &(TaskId, TaskId)| Duty::Free(task.clone(), dependent.clone());
    let promote = |record: &TaskRecord| Duty::Promote(record.id.clone());
    view.orphans()
        .cloned()
        .map(Duty::Reap)
        .take(AT_ONCE)
        .chain(view.backing_off().filter(is_due).map(promote).take(AT_ONCE))
        .chain(view.left_over().map(unblocked).take(AT_ONCE))
        .chain(view.raw_claims().cloned().map(Duty::Adopt).take(AT_ONCE))
        .chain(view.unanswered().cloned().map(Duty::Help).take(AT_ONCE))
        .filter(|duty| !left_alone(duty.task()))
        .collect()
}

impl Duty {
    /// The task it is about.
    pub(super) fn task(&self) -> &TaskId {
        match self {
            Self::Reap(task)
            | Self::Promote(task)
            | Self::Free(_, task)
            | Self::Adopt(task)
            | Self::Help(task) => task,
        }
    }

    /// Does it.
    ///
    /// # Errors
    /// When the store does not answer, or the task cannot be helped.
    pub(super) async fn perform(
        self,
        coordinator: &Coordinator,
        authority: &Authority,
    ) -> Result<(), CoordinatorError> {
        match self {
            Self::Reap(task) => {
                if coordinator.reap(&task, authority).await? {
                    tracing::info!(%task, "its holder vanished: the task is ready again");
                }
            }
            Self::Promote(task) => drop(coordinator.promote(&task, authority).await?),
            Self::Free(task, dependent) => drop(coordinator.free(&task, &dependent, authority).await?),
            Self::Adopt(task) => drop(coordinator.adopt(&task, authority).await?),
            Self::Help(task) => {
                let outcome = coordinator.request_help(&task, authority).await?;
                tracing::info!(%task, ?outcome, "help was asked for");
            }
        }
        Ok(())
    }
}
