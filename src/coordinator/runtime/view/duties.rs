//! What is owed to tasks, kept as sets that each change of a task's keys brings up to date.

use std::collections::BTreeSet;

use crate::coordinator::service::Owner;
use crate::coordinator::task::{Reason, State, TaskRecord};
use crate::id::{TaskId, UNCLAIMED};

/// Tasks that the leader owes something.
#[derive(Debug, Default)]
pub(super) struct Owed {
    orphans: BTreeSet<TaskId>,
    raw_claims: BTreeSet<TaskId>,
    unanswered: BTreeSet<TaskId>,
    /// Who is written down as waiting for a task.
    dependents: BTreeSet<(TaskId, TaskId)>,
}

impl Owed {
    /// Notes what a task is owed now.
    pub(super) fn note(
        &mut self,
        task: &TaskId,
        record: Option<&TaskRecord>,
        owner: Option<&Owner>,
        held: bool,
    ) {
        let is_raw = owner.is_some_and(|owner| owner.name != UNCLAIMED)
            && !held
            && record.is_none_or(TaskRecord::is_ready);
        set(&mut self.raw_claims, task, is_raw);
        let is_orphan = record.is_some_and(|record| record.state == State::Working) && !held;
        set(&mut self.orphans, task, is_orphan);
        let is_unanswered = record.is_some_and(|record| {
            record.reason == Some(Reason::Blocked)
                && record.blocker.as_ref().is_some_and(|blocker| !blocker.requested)
        });
        set(&mut self.unanswered, task, is_unanswered);
    }

    /// Notes that somebody waits for a task.
    pub(super) fn waits(&mut self, task: TaskId, dependent: TaskId) {
        self.dependents.insert((task, dependent));
    }

    /// Notes that somebody does not wait any more.
    pub(super) fn waits_no_more(&mut self, task: TaskId, dependent: TaskId) {
        self.dependents.remove(&(task, dependent));
    }

    pub(super) fn orphans(&self) -> impl Iterator<Item = &TaskId> {
        self.orphans.iter()
    }

    pub(super) fn raw_claims(&self) -> impl Iterator<Item = &TaskId> {
        self.raw_claims.iter()
    }

    pub(super) fn unanswered(&self) -> impl Iterator<Item = &TaskId> {
        self.unanswered.iter()
    }

    pub(super) fn dependents(&self) -> impl Iterator<Item = &(TaskId, TaskId)> {
        self.dependents.iter()
    }
}

fn set(tasks: &mut BTreeSet<TaskId>, task: &TaskId, belongs: bool) {
    if !belongs {
        tasks.remove(task);
    } else if !tasks.contains(task) {
        tasks.insert(task.clone());
    }
}
