//! Calls for a human that nobody has to answer any more: their task goes on, their swarm is back.

use super::{Dispatcher, LEFT_ALONE};
use crate::clock::Timestamp;
use crate::coordinator::alarm::is_over;
use crate::coordinator::runtime::view::View;
use crate::governor::Escalation;

/// How many are ended between two looks at the tasks at most.
const AT_ONCE: usize = 50;

impl Dispatcher {
    /// Resolves what is over. What fails is over in a later round too.
    pub(super) async fn end_calls(&mut self, view: &View, now: Timestamp) {
        let over: Vec<_> = view.calls().filter(|call| self.may_end(view, call)).take(AT_ONCE).collect();
        for call in over {
            let Err(error) = self.coordinator.end_call(&call.id, &self.authority).await else { continue };
            tracing::warn!(call = %call.id, %error, "a call that is over is not resolved");
            if let Some(task) = call.task.as_ref().filter(|_| !error.is_retryable()) {
                // A task that nobody can read must not keep others' calls open.
                self.left_alone.insert(task.clone(), now.after(LEFT_ALONE));
            }
        }
    }

    fn may_end(&self, view: &View, call: &Escalation) -> bool {
        let is_left_alone = call.task.as_ref().is_some_and(|task| self.left_alone.contains_key(task));
        let task = call.task.as_ref().and_then(|task| view.record(task));
        let status = call.swarm.as_ref().and_then(|swarm| view.status(swarm));
        !is_left_alone && is_over(call, task, status)
    }
}
