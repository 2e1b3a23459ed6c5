//! Tasks that cannot go on without help, and the tasks that are their help.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Reason, State, TaskRecord};
use crate::clock::Timestamp;
use crate::id::{Capability, TaskId};
use crate::money::Money;

/// Why a task cannot go on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blocker {
    /// What a helper must be able to do.
    pub needs: Vec<Capability>,
    /// The question, in words.
    pub description: String,
    /// Since when.
    pub at: Timestamp,
    /// Whether the governor has looked for help.
    pub requested: bool,
    /// Help that is under way.
    pub pending: BTreeSet<TaskId>,
    /// Whether some help is there.
    #[serde(default)]
    pub answered: bool,
    /// The call for a human, when nobody could be found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<String>,
}

impl TaskRecord {
    /// The holder cannot go on without help.
    #[must_use]
    pub fn blocked(
        &self,
        needs: Vec<Capability>,
        description: String,
        cost: Money,
        by: &str,
        now: Timestamp,
    ) -> Self {
        let mut next = self.clone().settled(cost);
        next.state = State::InputRequired;
        next.reason = Some(Reason::Blocked);
        next.preferred.clone_from(&next.owner);
        let pending = BTreeSet::new();
        let (requested, answered, escalation) = (false, false, None);
        next.blocker =
            Some(Blocker { needs, description, at: now, requested, pending, answered, escalation });
        next.written(by, "block", now)
    }

    /// The question is put otherwise: other needs, other words. What is not given stays.
    #[must_use]
    pub fn asking(&self, needs: &[Capability], description: Option<&str>) -> Self {
        let mut next = self.clone();
        if let Some(blocker) = &mut next.blocker {
            if !needs.is_empty() {
                blocker.needs = needs.to_vec();
            }
            if let Some(description) = description {
                description.clone_into(&mut blocker.description);
            }
        }
        next
    }

    /// Nobody could be found to help; `escalation` calls a human.
    #[must_use]
    pub fn awaiting_a_human(&self, escalation: &str, by: &str, now: Timestamp) -> Self {
        let mut next = self.awaiting_help(BTreeSet::new(), by, now);
        if let Some(blocker) = &mut next.blocker {
            blocker.escalation = Some(escalation.to_owned());
        }
        next
    }

    /// Help was asked for.
    #[must_use]
    pub fn awaiting_help(&self, helpers: BTreeSet<TaskId>, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        if let Some(blocker) = &mut next.blocker {
            blocker.requested = true;
            blocker.pending = helpers;
        }
        next.written(by, "request-help", now)
    }

    /// One piece of help is there; ready again when it was the last.
    #[must_use]
    pub fn helped(&self, helper: &TaskId, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.helped_by.insert(helper.clone());
        next.without_help(helper, true, now).written(by, "help", now)
    }

    /// One piece of help will not come; ready again when it was the last and another has come.
    #[must_use]
    pub fn helped_in_vain(&self, helper: &TaskId, by: &str, now: Timestamp) -> Self {
        self.clone().without_help(helper, false, now).written(by, "help-failed", now)
    }

    /// A piece of help is over. In whatever order they end, one answer is enough.
    fn without_help(mut self, helper: &TaskId, answers: bool, now: Timestamp) -> Self {
        let Some(blocker) = &mut self.blocker else { return self };
        // Help for a question of before does not answer the one of now.
        if !blocker.pending.remove(helper) {
            return self;
        }
        blocker.answered |= answers;
        if self.reason == Some(Reason::Blocked) && blocker.answered && blocker.pending.is_empty() {
            self.blocker = None;
            return self.ready(now);
        }
        self
    }

    /// Whether help that had failed, and is tried again, is for the present question.
    #[must_use]
    pub fn may_await_again(&self, helper: &Self) -> bool {
        let asked = self.blocker.as_ref().filter(|_| self.reason == Some(Reason::Blocked));
        asked.is_some_and(|blocker| blocker.requested && blocker.at <= helper.created_at)
    }

    /// That help is waited for again.
    #[must_use]
    pub fn awaiting_again(&self, helper: &TaskId, by: &str, now: Timestamp) -> Self {
        let mut pending = self.blocker.as_ref().map_or_else(BTreeSet::new, |blocker| blocker.pending.clone());
        pending.insert(helper.clone());
        self.awaiting_help(pending, by, now)
    }

    /// Whether it waits for this piece of help.
    #[must_use]
    pub fn awaits_help(&self, helper: &TaskId) -> bool {
        let pending = self.blocker.as_ref().is_some_and(|blocker| blocker.pending.contains(helper));
        self.reason == Some(Reason::Blocked) && pending
    }

    /// Whether it is help that the task it was asked for does not wait for any more. Help that somebody gives just
    /// now is let be as long as that task lives: the answer may still be of use.
    #[must_use]
    pub fn is_useless_help(&self, helped: Option<&Self>) -> bool {
        let over = helped.is_none_or(|task| task.state.is_terminal());
        let unawaited = helped.is_none_or(|task| !task.awaits_help(&self.id));
        self.helps.is_some()
            && !self.state.is_terminal()
            && (over || unawaited && self.state == State::Submitted)
    }

    /// Whether it is help that nobody has taken up for as long as `patience`, zero being for ever: what was set aside
    /// for it would wait for ever too.
    #[must_use]
    pub fn is_neglected_help(&self, patience: Duration, now: Timestamp) -> bool {
        let waiting = self.ready_at.filter(|_| self.helps.is_some() && self.is_ready());
        !patience.is_zero() && waiting.is_some_and(|since| now.since(since) >= patience)
    }

    /// Whether somebody may say that it can go on.
    #[must_use]
    pub fn is_blocked(&self) -> bool {
        self.reason.is_some_and(Reason::is_blocked)
    }

    /// Somebody says that it can go on: without an answer, without the dependencies that failed.
    #[must_use]
    pub fn unblocked(&self, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.blocker = None;
        let failed = std::mem::take(&mut next.failed_dependencies);
        next.unmet.retain(|dependency| !failed.contains(dependency));
        next.resumed(now).written(by, "unblock", now)
    }
}
