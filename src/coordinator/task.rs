//! Tasks: their record, their states and every change they may undergo.
//!
//! Pure: callers supply `now` and chance. A terminal state never changes.

use std::collections::BTreeSet;
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Token;
use crate::clock::Timestamp;
use crate::id::{Capability, ClaimId, SwarmId, TaskId};
use crate::money::{Money, dollars};

/// A task's state, in the words of the `Agent2Agent` protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Not begun, or to be begun again.
    Submitted,
    /// Somebody works on it.
    Working,
    /// It cannot go on without help.
    InputRequired,
    /// It cannot go on without a credential.
    AuthRequired,
    /// Done; terminal.
    Completed,
    /// Given up; terminal.
    Failed,
    /// Called off; terminal.
    Canceled,
    /// Never taken on; terminal.
    Rejected,
}

impl State {
    /// Whether nothing can follow.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Canceled | Self::Rejected)
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Submitted => "submitted",
            Self::Working => "working",
            Self::InputRequired => "input-required",
            Self::AuthRequired => "auth-required",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Canceled => "canceled",
            Self::Rejected => "rejected",
        })
    }
}

/// What refines a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Anybody qualified may claim it.
    Ready,
    /// It waits for other tasks.
    Waiting,
    /// It failed and will be tried again later.
    Backoff,
    /// Its worker asked for help.
    Blocked,
    /// It failed too often.
    RetriesExhausted,
    /// It failed in a way that trying again does not mend.
    NotRetryable,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Ready => "ready",
            Self::Waiting => "waiting",
            Self::Backoff => "backoff",
            Self::Blocked => "blocked",
            Self::RetriesExhausted => "retries-exhausted",
            Self::NotRetryable => "not-retryable",
        })
    }
}

/// The last sign of life of whoever works on a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// When.
    pub at: Timestamp,
    /// What was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

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
}

/// Why an attempt failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskError {
    /// A short word for the kind, such as `exit` or `timeout`.
    pub class: String,
    /// What happened, in words.
    pub message: String,
    /// Whether trying again may help.
    pub retryable: bool,
}

/// Money set aside for a swarm's next claim of this task, before the claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepaid {
    /// For whom.
    pub swarm: SwarmId,
    /// The claim that will use it up.
    pub claim_id: ClaimId,
    /// How much, in micro-dollars.
    pub amount: Money,
}

/// Everything the store keeps of a task but its payload and result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskRecord {
    /// Its name.
    pub id: TaskId,
    /// What it is, in a line.
    pub title: String,
    /// What a swarm must be able to do.
    pub required_capabilities: Vec<Capability>,
    /// 0 to 9; 9 goes first.
    pub priority: u8,
    /// The tasks it was submitted to wait for.
    pub depends_on: BTreeSet<TaskId>,
    /// Those of them that are not completed yet.
    pub unmet: BTreeSet<TaskId>,
    /// Not to be tried before this moment.
    pub not_before: Option<Timestamp>,
    /// The most one attempt may cost, in dollars.
    #[serde(with = "dollars::option")]
    pub max_cost: Option<Money>,
    /// How long it should take, in hours.
    pub estimated_hours: f64,
    /// How many attempts there were.
    pub attempt: u32,
    /// How many attempts there may be.
    pub max_attempts: u32,
    /// How often a holder vanished.
    pub lease_losses: u32,
    /// Who works on it, or was the last to.
    pub owner: Option<SwarmId>,
    /// Where it stands.
    pub state: State,
    /// More precisely.
    pub reason: Option<Reason>,
    /// The holder's last sign of life.
    pub progress: Option<Progress>,
    /// What it is blocked by.
    pub blocker: Option<Blocker>,
    /// Only this swarm may work on it.
    pub directed_to: Option<SwarmId>,
    /// This swarm knows it already, and goes first.
    pub preferred: Option<SwarmId>,
    /// The blocked task it helps.
    pub helps: Option<TaskId>,
    /// The help it was given.
    pub helped_by: BTreeSet<TaskId>,
    /// The present or last attempt.
    pub claim_id: Option<ClaimId>,
    /// Money set aside before the claim.
    pub prepaid: Option<Prepaid>,
    /// What the present attempt has set aside, in micro-dollars.
    pub reserved: Money,
    /// What all attempts have cost, in micro-dollars.
    pub spent: Money,
    /// Why the last attempt failed.
    pub error: Option<TaskError>,
    /// When it was submitted.
    pub created_at: Timestamp,
    /// By whom.
    pub created_by: String,
    /// When it last became ready.
    pub ready_at: Option<Timestamp>,
    /// When the last assignment was pushed.
    pub assigned_at: Option<Timestamp>,
    /// When its worker received it.
    pub received_at: Option<Timestamp>,
    /// When it reached a terminal state.
    pub ended_at: Option<Timestamp>,
    /// The token of the accepted completion.
    pub completed_token: Option<Token>,
    /// The submitter's own key; submitting the same again changes nothing.
    pub idempotency_key: Option<String>,
    /// When this record was written.
    pub updated_at: Timestamp,
    /// Who wrote it.
    pub by: String,
    /// By what operation.
    pub op: String,
}

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

/// What is to become of a task that failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryRule {
    /// The pause after the first failure.
    pub base: Duration,
    /// The longest pause.
    pub cap: Duration,
    /// A number from 0 to 1 that spreads the retries.
    pub jitter: f64,
}

impl RetryRule {
    /// The pause before the next attempt: chance × min(cap, base × 2^(attempt − 1)), "full jitter".
    #[must_use]
    pub fn pause(&self, attempt: u32) -> Duration {
        let doubled =
            self.base.saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
        doubled.min(self.cap).mul_f64(self.jitter.clamp(0.0, 1.0))
    }
}

impl TaskRecord {
    /// A task of defaults: ready, for anybody.
    #[must_use]
    pub fn new(id: TaskId, by: &str, now: Timestamp) -> Self {
        Self {
            title: String::new(),
            required_capabilities: Vec::new(),
            priority: 5,
            depends_on: BTreeSet::new(),
            unmet: BTreeSet::new(),
            not_before: None,
            max_cost: None,
            estimated_hours: 1.0,
            attempt: 0,
            max_attempts: 5,
            lease_losses: 0,
            owner: None,
            state: State::Submitted,
            reason: Some(Reason::Ready),
            progress: None,
            blocker: None,
            directed_to: None,
            preferred: None,
            helps: None,
            helped_by: BTreeSet::new(),
            claim_id: None,
            prepaid: None,
            reserved: Money::ZERO,
            spent: Money::ZERO,
            error: None,
            created_at: now,
            created_by: by.to_owned(),
            ready_at: Some(now),
            assigned_at: None,
            received_at: None,
            ended_at: None,
            completed_token: None,
            idempotency_key: None,
            updated_at: now,
            by: by.to_owned(),
            op: "submit".to_owned(),
            id,
        }
    }

    /// Whether anybody qualified may claim it.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.state == State::Submitted && self.reason == Some(Reason::Ready)
    }

    /// Whether its time to be tried again has come.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.reason == Some(Reason::Backoff) && self.not_before.is_none_or(|moment| moment <= now)
    }

    fn written(mut self, by: &str, op: &str, now: Timestamp) -> Self {
        by.clone_into(&mut self.by);
        op.clone_into(&mut self.op);
        self.updated_at = now;
        self
    }

    fn ready(mut self, now: Timestamp) -> Self {
        self.state = State::Submitted;
        self.reason = Some(Reason::Ready);
        self.ready_at = Some(now);
        self.not_before = None;
        self.assigned_at = None;
        self.received_at = None;
        self.reserved = Money::ZERO;
        self
    }

    fn settled(mut self, cost: Money) -> Self {
        self.spent = self.spent.plus(cost);
        self.reserved = Money::ZERO;
        self
    }

    /// `swarm` works on it now; has received it already when it claimed for itself.
    #[must_use]
    pub fn claimed(&self, swarm: &SwarmId, attempt: &Attempt, by: &str, now: Timestamp) -> Self {
        let pushed = attempt.pushed;
        let mut next = self.clone();
        next.state = State::Working;
        next.reason = None;
        next.owner = Some(swarm.clone());
        next.attempt += 1;
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

    /// The holder gave a sign of life.
    #[must_use]
    pub fn progressed(&self, note: Option<String>, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.progress = Some(Progress { at: now, note });
        next.written(by, "heartbeat", now)
    }

    /// The work is done and accepted.
    #[must_use]
    pub fn completed(&self, token: Token, cost: Money, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost);
        next.state = State::Completed;
        next.reason = None;
        next.error = None;
        next.ended_at = Some(now);
        next.completed_token = Some(token);
        next.written(by, "complete", now)
    }

    /// The attempt failed: tried again later, or given over to people.
    #[must_use]
    pub fn failed(&self, error: TaskError, cost: Money, retry: &RetryRule, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost);
        let retryable = error.retryable;
        next.error = Some(error);
        if !retryable {
            next.state = State::Failed;
            next.reason = Some(Reason::NotRetryable);
            next.ended_at = Some(now);
        } else if next.attempt >= next.max_attempts {
            next.state = State::InputRequired;
            next.reason = Some(Reason::RetriesExhausted);
        } else {
            next.state = State::Submitted;
            next.reason = Some(Reason::Backoff);
            next.not_before = Some(now.after(retry.pause(next.attempt)));
        }
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

    /// The holder vanished.
    #[must_use]
    pub fn returned(&self, cost: Money, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().settled(cost).ready(now);
        next.lease_losses += 1;
        next.written(by, "reap", now)
    }

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
        next.blocker =
            Some(Blocker { needs, description, at: now, requested: false, pending: BTreeSet::new() });
        next.written(by, "block", now)
    }

    /// Help was asked for; an empty set means that nobody could be found.
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
        let blocker = next.blocker.as_mut();
        // Help for a question of before does not answer the one of now.
        let was_last = blocker.is_some_and(|b| b.pending.remove(helper) && b.pending.is_empty());
        if next.reason == Some(Reason::Blocked) && was_last {
            next.blocker = None;
            next = next.ready(now);
        }
        next.written(by, "help", now)
    }

    /// One piece of help will not come.
    #[must_use]
    pub fn helped_in_vain(&self, helper: &TaskId, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        if let Some(blocker) = &mut next.blocker {
            blocker.pending.remove(helper);
        }
        next.written(by, "help-failed", now)
    }

    /// Nobody needs it any more.
    #[must_use]
    pub fn canceled(&self, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.state = State::Canceled;
        next.reason = None;
        next.prepaid = None;
        next.ended_at = Some(now);
        next.written(by, "cancel", now)
    }

    /// Somebody says that it can go on.
    #[must_use]
    pub fn unblocked(&self, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone().ready(now);
        next.blocker = None;
        next.written(by, "unblock", now)
    }

    /// Its pause is over.
    #[must_use]
    pub fn due(&self, by: &str, now: Timestamp) -> Self {
        self.clone().ready(now).written(by, "retry", now)
    }

    /// `dependency` is completed; ready when it was the last.
    #[must_use]
    pub fn met(&self, dependency: &TaskId, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.unmet.remove(dependency);
        if next.unmet.is_empty() && next.reason == Some(Reason::Waiting) {
            next = next.ready(now);
        }
        next.written(by, "dependency-met", now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swarm() -> SwarmId {
        "s1".parse().unwrap()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn task() -> TaskRecord {
        TaskRecord::new("t".parse().unwrap(), "tester", at(0))
    }

    fn working() -> TaskRecord {
        let claim_id = "c1".parse().unwrap();
        let attempt = Attempt { claim_id, reserved: Money::from_dollars(2), pushed: false };
        task().claimed(&swarm(), &attempt, "s1", at(1))
    }

    fn retry() -> RetryRule {
        RetryRule { base: Duration::from_secs(1), cap: Duration::from_mins(15), jitter: 1.0 }
    }

    fn failure(retryable: bool) -> TaskError {
        TaskError { class: "exit".into(), message: "exit status 1".into(), retryable }
    }

    #[test]
    fn a_claim_counts_an_attempt_and_keeps_the_reservation() {
        let claimed = working();
        assert_eq!((claimed.state, claimed.attempt), (State::Working, 1));
        assert_eq!(claimed.reserved, Money::from_dollars(2));
        assert_eq!(claimed.received_at, Some(at(1)));
    }

    #[test]
    fn completing_is_terminal_and_books_the_cost() {
        let token = Token { epoch: 0, revision: 7 };
        let done = working().completed(token, Money::from_dollars(1), "s1", at(2));
        assert!(done.state.is_terminal());
        assert_eq!((done.spent, done.reserved), (Money::from_dollars(1), Money::ZERO));
        assert_eq!(done.completed_token, Some(token));
    }

    #[test]
    fn a_retryable_failure_backs_off_until_the_attempts_are_used_up() {
        let failed = working().failed(failure(true), Money::ZERO, &retry(), "s1", at(2));
        assert_eq!((failed.reason, failed.not_before), (Some(Reason::Backoff), Some(at(3))));
        assert!(!failed.is_due(at(2)) && failed.is_due(at(3)));
        let mut last = working();
        last.attempt = last.max_attempts;
        let exhausted = last.failed(failure(true), Money::ZERO, &retry(), "s1", at(2));
        assert_eq!(exhausted.reason, Some(Reason::RetriesExhausted));
    }

    #[test]
    fn a_failure_that_retrying_does_not_mend_is_terminal() {
        let failed = working().failed(failure(false), Money::ZERO, &retry(), "s1", at(2));
        assert_eq!(failed.state, State::Failed);
    }

    #[test]
    fn the_pause_doubles_up_to_the_cap_and_chance_only_shortens_it() {
        for (attempt, seconds) in [(1, 1), (2, 2), (5, 16), (11, 900), (400, 900)] {
            assert_eq!(retry().pause(attempt), Duration::from_secs(seconds), "attempt {attempt}");
        }
        assert_eq!(RetryRule { jitter: 0.0, ..retry() }.pause(5), Duration::ZERO);
    }

    #[test]
    fn giving_back_is_no_attempt_and_vanishing_is_a_lost_lease() {
        assert_eq!(working().released(Money::ZERO, "s1", at(2)).attempt, 0);
        let returned = working().returned(Money::from_dollars(2), "reaper", at(2));
        assert_eq!((returned.attempt, returned.lease_losses), (1, 1));
        assert!(returned.is_ready());
    }

    #[test]
    fn a_blocked_task_is_ready_when_the_last_help_is_there() {
        let blocked = working().blocked(vec![], "how?".into(), Money::ZERO, "s1", at(2));
        let (first, second): (TaskId, TaskId) = ("h1".parse().unwrap(), "h2".parse().unwrap());
        let waiting = blocked.awaiting_help([first.clone(), second.clone()].into(), "leader", at(3));
        let half = waiting.helped(&first, "h", at(4));
        assert_eq!(half.reason, Some(Reason::Blocked));
        let whole = half.helped(&second, "h", at(5));
        assert!(whole.is_ready() && whole.blocker.is_none());
        assert_eq!(whole.preferred, Some(swarm()));
        assert_eq!(whole.helped_by.len(), 2);
    }

    #[test]
    fn help_for_an_earlier_question_does_not_answer_the_present_one() {
        let blocked = working().blocked(vec![], "and now?".into(), Money::ZERO, "s1", at(2));
        let late = blocked.helped(&"h0".parse().unwrap(), "h", at(3));
        assert_eq!(late.reason, Some(Reason::Blocked));
    }

    #[test]
    fn a_waiting_task_is_ready_when_the_last_dependency_is_met() {
        let mut waiting = task();
        waiting.reason = Some(Reason::Waiting);
        let (a, b): (TaskId, TaskId) = ("a".parse().unwrap(), "b".parse().unwrap());
        waiting.unmet = [a.clone(), b.clone()].into();
        let half = waiting.met(&a, "s1", at(4));
        assert!(!half.is_ready());
        let whole = half.met(&b, "s1", at(5));
        assert!(whole.is_ready());
        assert_eq!(whole.ready_at, Some(at(5)));
    }
}
