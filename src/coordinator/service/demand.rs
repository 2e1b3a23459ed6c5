//! Demand: which capabilities the tasks need that are not over.

use std::collections::{BTreeMap, BTreeSet};

use super::{Coordinator, CoordinatorError};
use crate::coordinator::task::TaskRecord;
use crate::id::{Capability, TaskId};

impl Coordinator {
    /// Every capability that a task needs which is not over, to be worked on or to be helped with, and these tasks. Reads
    /// the records of all tasks.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn demand(&self) -> Result<BTreeMap<Capability, BTreeSet<TaskId>>, CoordinatorError> {
        Ok(demand(&self.tasks().await?))
    }
}

fn demand(tasks: &[TaskRecord]) -> BTreeMap<Capability, BTreeSet<TaskId>> {
    let mut demand = BTreeMap::<_, BTreeSet<_>>::new();
    for task in tasks.iter().filter(|task| !task.state.is_terminal()) {
        let asked = task.blocker.iter().flat_map(|blocker| &blocker.needs);
        for capability in task.required_capabilities.iter().chain(asked) {
            demand.entry(capability.clone()).or_default().insert(task.id.clone());
        }
    }
    demand
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::coordinator::State;

    #[test]
    fn only_what_is_not_over_needs_anything() {
        let task = |name: &str, needs: &str, state| TaskRecord {
            required_capabilities: vec![needs.parse().unwrap()],
            state,
            ..TaskRecord::new(name.parse().unwrap(), "tester", Timestamp::from_micros(0))
        };
        let tasks = [
            task("a", "x:x", State::Submitted),
            task("b", "x:x", State::InputRequired),
            task("c", "y:y", State::Completed),
            task("d", "y:y", State::Canceled),
        ];
        let demand = demand(&tasks);
        assert_eq!(demand.keys().map(Capability::as_str).collect::<Vec<_>>(), ["x:x"]);
        assert_eq!(demand.values().next().unwrap().len(), 2);
    }
}
