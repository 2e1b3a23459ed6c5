//! The end of a task from outside, and what people can make of one that was given up.

use super::{Reason, State, TaskError, TaskRecord};
use crate::clock::Timestamp;
use crate::money::Money;

impl TaskRecord {
    /// Whether it was tried in vain, so that a human has to decide: again, or not at all.
    #[must_use]
    pub fn is_given_up(&self) -> bool {
        self.state == State::InputRequired && self.reason.is_some_and(Reason::is_given_up)
    }

    /// A human wants it tried again, as often as in the beginning.
    #[must_use]
    pub fn retried(&self, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().ready(now);
        next.attempt = 0;
        next.lease_losses = 0;
        next.written(by, "retry", now)
    }

    /// Nobody needs it any more; `cost` is what the present attempt has cost.
    #[must_use]
    pub fn canceled(&self, why: Option<String>, cost: Money, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost).ended(State::Canceled, None, now);
        next.cancel_reason = why;
        next.written(by, "cancel", now)
    }

    /// Whether it should have been done by now.
    #[must_use]
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        !self.state.is_terminal() && self.deadline.is_some_and(|moment| moment <= now)
    }

    /// It was not done in time; `cost` is what the present attempt has cost.
    #[must_use]
    pub fn expired(&self, cost: Money, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost).ended(State::Failed, Some(Reason::Deadline), now);
        let deadline = self.deadline.unwrap_or(now);
        let message = format!("it was not done by {deadline}");
        next.error = Some(TaskError { class: "deadline".to_owned(), message, retryable: false });
        next.written(by, "expire", now)
    }
}
