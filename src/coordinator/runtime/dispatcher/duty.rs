//! What the leader owes to tasks besides handing them out: seen in the view, carried out by a service.
//!
//! Decides nothing itself: a rule says what is due, and the service looks again before it writes.

use std::time::Duration;

use crate::clock::Timestamp;
use crate::coordinator::runtime::view::View;
use crate::coordinator::service::{Authority, Coordinator, CoordinatorError, HelpWish};
use crate::coordinator::task::{Fate, TaskRecord};
use crate::id::TaskId;

/// How many duties of one kind a step performs at most, so that none keeps tasks from being handed out.
const AT_ONCE: usize = 50;

/// Something the leader owes to a task.
#[derive(Debug)]
pub(super) enum Duty {
    Reap(TaskId),
    Expire(TaskId),
    Promote(TaskId),
    Tell(TaskId, TaskId),
    Adopt(TaskId),
    Help(TaskId),
    CallOff(TaskId),
    Stall(TaskId),
}

/// What is due besides handing out, a bounded number of each kind, without the tasks that are left alone.
pub(super) fn due(view: &View, now: Timestamp, left_alone: impl Fn(&TaskId) -> bool) -> Vec<Duty> {
    let may = |task: &&TaskId| !left_alone(task);
    let is_news = |pair: &&(TaskId, TaskId)| !left_alone(&pair.1) && is_owed_news(view, pair);
    let tell = |(task, dependent): &(TaskId, TaskId)| Duty::Tell(task.clone(), dependent.clone());
    // Those that are left alone are passed over first: they must not stand in the way of the others.
    view.orphans()
        .filter(may)
        .cloned()
        .map(Duty::Reap)
        .take(AT_ONCE)
        .chain(view.dependents().filter(is_news).map(tell).take(AT_ONCE))
        .chain(view.raw_claims().filter(may).cloned().map(Duty::Adopt).take(AT_ONCE))
        .chain(view.unanswered().filter(may).cloned().map(Duty::Help).take(AT_ONCE))
        .chain(timely(view, now, &left_alone).take(AT_ONCE))
        .collect()
}

/// What time, or the task it helps, has brought about for a task: at most one duty for each.
fn timely(view: &View, now: Timestamp, left_alone: impl Fn(&TaskId) -> bool) -> impl Iterator<Item = Duty> {
    let coordination = &view.policy().coordination;
    let patience = Duration::from_secs(coordination.stall_after_seconds);
    let help_within = Duration::from_secs(coordination.help_within_seconds);
    let open = view.records().filter(|task| !task.state.is_terminal());
    open.filter_map(move |task| {
        let is_useless =
            |helped: &TaskId| view.is_record_legible(helped) && task.is_useless_help(view.record(helped));
        let duty = if task.is_overdue(now) {
            Duty::Expire
        } else if task.is_due(now) {
            Duty::Promote
        } else if task.helps.as_ref().is_some_and(is_useless) || task.is_neglected_help(help_within, now) {
            Duty::CallOff
        } else if task.is_stalling(patience, now) && view.is_held(&task.id) {
            Duty::Stall
        } else {
            return None;
        };
        (!left_alone(&task.id)).then(|| duty(task.id.clone()))
    })
}

/// Whether the index has something to tell or to forget: the transaction that decides about a task tells only the
/// first of its dependents.
fn is_owed_news(view: &View, (task, dependent): &(TaskId, TaskId)) -> bool {
    let Some(fate) = view.record(task).map(TaskRecord::fate) else { return false };
    match view.record(dependent) {
        Some(record) => !record.awaits(task) || record.is_to_be_told(task, fate),
        None => fate != Fate::Open,
    }
}

impl Duty {
    /// The task it is about.
    pub(super) fn task(&self) -> &TaskId {
        match self {
            Self::Reap(task)
            | Self::Expire(task)
            | Self::Promote(task)
            | Self::Tell(_, task)
            | Self::Adopt(task)
            | Self::Help(task)
            | Self::CallOff(task)
            | Self::Stall(task) => task,
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
                    tracing::info!(%task, "its holder vanished: the task was taken back");
                }
            }
            Self::Expire(task) => {
                if coordinator.expire(&task, authority).await? {
                    tracing::info!(%task, "it was not done in time");
                }
            }
            Self::Stall(task) => {
                if coordinator.stall(&task, authority).await? {
                    tracing::warn!(%task, "its worker lives and does not get on: a human is called");
                }
            }
            Self::Promote(task) => drop(coordinator.promote(&task, authority).await?),
            Self::Tell(task, dependent) => drop(coordinator.tell(&task, &dependent, authority).await?),
            Self::CallOff(task) => drop(coordinator.call_off(&task, authority).await?),
            Self::Adopt(task) => drop(coordinator.adopt(&task, authority).await?),
            Self::Help(task) => {
                let outcome = coordinator.request_help(&task, &HelpWish::default(), authority).await?;
                tracing::info!(%task, "help was looked for: {outcome}");
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coordinator::runtime::view::tests::Scene;
    use crate::coordinator::task::State;
    use crate::store::Key;

    #[test]
    fn tasks_that_are_left_alone_do_not_stand_in_the_way_of_others() {
        let mut scene = Scene::default();
        let now = Timestamp::from_micros(0);
        for number in 0..=AT_ONCE {
            let task: TaskId = format!("t{number:03}").parse().unwrap();
            let record = TaskRecord::new(task.clone(), "tester", now);
            let orphan = TaskRecord { state: State::Working, reason: None, ..record };
            scene.put(&Key::Record(task), &orphan);
        }
        let last: TaskId = format!("t{AT_ONCE:03}").parse().unwrap();
        let duties = due(&scene.view, now, |task| *task != last);
        assert!(matches!(&duties[..], [Duty::Reap(task)] if *task == last), "{duties:?}");
    }
}
