//! What is owed to tasks, kept as sets that each change of a task's keys brings up to date.

use std::collections::{BTreeMap, BTreeSet};

use crate::clock::Timestamp;
use crate::coordinator::service::Owner;
use crate::coordinator::task::{Reason, State, TaskRecord};
use crate::id::{TaskId, UNCLAIMED};
use crate::store::Versioned;

/// Tasks that the leader owes something.
#[derive(Debug, Default)]
pub(super) struct Owed {
    orphans: BTreeSet<TaskId>,
    raw_claims: BTreeSet<TaskId>,
    /// By the moment that they are due.
    backing_off: BTreeSet<(Option<Timestamp>, TaskId)>,
    unanswered: BTreeSet<TaskId>,
    /// Who is written down as waiting for a task, by pairs and by the task.
    dependents: BTreeSet<(TaskId, TaskId)>,
    waiting: BTreeMap<TaskId, BTreeSet<TaskId>>,
    /// Those of them whose task is completed.
    left_over: BTreeSet<(TaskId, TaskId)>,
}

impl Owed {
    /// Forgets what a task was owed under its record of before.
    pub(super) fn forget(&mut self, before: Option<&TaskRecord>) {
        if let Some(before) = before {
            self.backing_off.remove(&(before.not_before, before.id.clone()));
        }
    }

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
        if let Some(record) = record.filter(|record| record.reason == Some(Reason::Backoff)) {
            self.backing_off.insert((record.not_before, task.clone()));
        }
    }

    /// Notes whether those that wait for a task can be freed.
    pub(super) fn note_waiting(&mut self, task: &TaskId, record: Option<&Versioned<TaskRecord>>) {
        for dependent in self.waiting.get(task).into_iter().flatten() {
            let pair = (task.clone(), dependent.clone());
            if is_completed(record) {
                self.left_over.insert(pair);
            } else {
                self.left_over.remove(&pair);
            }
        }
    }

    /// Notes that somebody waits for a task.
    pub(super) fn waits(&mut self, task: TaskId, dependent: TaskId, record: Option<&Versioned<TaskRecord>>) {
        self.waiting.entry(task.clone()).or_default().insert(dependent.clone());
        self.dependents.insert((task.clone(), dependent.clone()));
        if is_completed(record) {
            self.left_over.insert((task, dependent));
        }
    }

    /// Notes that somebody does not wait any more.
    pub(super) fn waits_no_more(&mut self, task: TaskId, dependent: TaskId) {
        if let Some(waiting) = self.waiting.get_mut(&task) {
            waiting.remove(&dependent);
            if waiting.is_empty() {
                self.waiting.remove(&task);
            }
        }
        let pair = (task, dependent);
        self.dependents.remove(&pair);
        self.left_over.remove(&pair);
    }

    pub(super) fn orphans(&self) -> impl Iterator<Item = &TaskId> {
        self.orphans.iter()
    }

    pub(super) fn raw_claims(&self) -> impl Iterator<Item = &TaskId> {
        self.raw_claims.iter()
    }

    pub(super) fn backing_off(&self) -> impl Iterator<Item = &TaskId> {
        self.backing_off.iter().map(|(_, task)| task)
    }

    pub(super) fn unanswered(&self) -> impl Iterator<Item = &TaskId> {
        self.unanswered.iter()
    }

    pub(super) fn dependents(&self) -> impl Iterator<Item = &(TaskId, TaskId)> {
        self.dependents.iter()
    }

    pub(super) fn left_over(&self) -> impl Iterator<Item = &(TaskId, TaskId)> {
        self.left_over.iter()
    }
}

fn is_completed(record: Option<&Versioned<TaskRecord>>) -> bool {
    record.is_some_and(|record| record.value.state == State::Completed)
}

fn set(tasks: &mut BTreeSet<TaskId>, task: &TaskId, belongs: bool) {
    if !belongs {
        tasks.remove(task);
    } else if !tasks.contains(task) {
        tasks.insert(task.clone());
    }
}
