//! One attempt at a task: claimed, received, getting on or not, and how it ends.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Reason, RetryRule, State, TaskError, TaskRecord};
use crate::clock::{Span, Timestamp};
use crate::coordinator::Token;
use crate::id::{ClaimId, SwarmId};
use crate::money::Money;

/// A claim that is about to succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// Its name.
    pub claim_id: ClaimId,
    /// What it sets aside.
    pub reserved: Money,
    /// Whether the dispatcher chose the swarm, which has not received the task yet.
    pub pushed: bool,
}

/// What the holder has said of how far it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// When.
    pub at: Timestamp,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// In hundredths of the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<u8>,
}

impl TaskRecord {
    /// `swarm` works on it now; has received it already when it claimed for itself.
    #[must_use]
    pub fn claimed(&self, swarm: &SwarmId, attempt: &Attempt, by: &str, now: Timestamp) -> Self {
        let pushed = attempt.pushed;
        let mut next = self.clone();
        next.state = State::Working;
        next.reason = None;
        next.owner = Some(swarm.clone());
        next.attempt = next.attempt.saturating_add(1);
        next.claim_id = Some(attempt.claim_id.clone());
        next.reserved = attempt.reserved;
        next.prepaid = None;
        next.progress = None;
        next.assigned_at = pushed.then_some(now);
        next.received_at = (!pushed).then_some(now);
        next.written(by, if pushed { "assign" } else { "claim" }, now)
    }

    /// The worker has taken up what was pushed.
    #[must_use]
    pub fn received(&self, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.received_at = Some(now);
        next.written(by, "acknowledge", now)
    }

    /// The holder gets on. What it does not say anew stays as it said it before.
    #[must_use]
    pub fn progressed(&self, note: String, percent: Option<u8>, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        let before = next.progress.take().and_then(|progress| progress.percent);
        next.progress = Some(Progress { at: now, note: Some(note), percent: percent.or(before) });
        next.reason = None;
        next.written(by, "progress", now)
    }

    /// Whether its holder has not got on for as long as the task, or else the policy, allows; a policy of zero
    /// allows any time. What was not received cannot stall, and what is known to have stalled is not found again.
    #[must_use]
    pub fn is_stalling(&self, policy: Duration, now: Timestamp) -> bool {
        let Some(received) = self.received_at else { return false };
        let since = self.progress.as_ref().map_or(received, |progress| progress.at.max(received));
        let patience = self.stall_after.map_or(policy, |Span(duration)| duration);
        self.state == State::Working
            && self.reason.is_none()
            && !patience.is_zero()
            && now.since(since) >= patience
    }

    /// The holder lives and does not get on. It keeps the task: it may only be slow to speak.
    #[must_use]
    pub fn stalled(&self, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.reason = Some(Reason::Stalled);
        next.written(by, "stall", now)
    }

    /// The work is done and accepted.
    #[must_use]
    pub fn completed(&self, token: Token, cost: Money, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost).ended(State::Completed, None, now);
        next.error = None;
        next.completed_token = Some(token);
        next.written(by, "complete", now)
    }

    /// The attempt failed: tried again later, or given over to people.
    #[must_use]
    pub fn failed(&self, error: TaskError, cost: Money, retry: &RetryRule, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost);
        next.state = State::InputRequired;
        next.reason = Some(Reason::RetriesExhausted);
        if !error.retryable {
            next.reason = Some(Reason::NotRetryable);
        } else if next.attempt < next.max_attempts {
            next.state = State::Submitted;
            next.reason = Some(Reason::Backoff);
            next.not_before = Some(now.after(retry.pause(next.attempt)));
        }
        next.error = Some(error);
        next.written(by, "fail", now)
    }

    /// The holder gave it back unfinished: that was no attempt.
    #[must_use]
    pub fn released(&self, cost: Money, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost).ready(now);
        next.attempt = next.attempt.saturating_sub(1);
        next.written(by, "release", now)
    }

    /// The push was not taken up in time: that was no attempt.
    #[must_use]
    pub fn recalled(&self, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().ready(now);
        next.attempt = next.attempt.saturating_sub(1);
        next.written(by, "recall", now)
    }

    /// The holder vanished: somebody else may try, unless too many have vanished already.
    #[must_use]
    pub fn returned(&self, cost: Money, max_losses: u32, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost).ready(now);
        next.lease_losses = next.lease_losses.saturating_add(1);
        if next.lease_losses >= max_losses {
            next.state = State::InputRequired;
            next.reason = Some(Reason::LeasesLost);
        }
        next.written(by, "reap", now)
    }
}
