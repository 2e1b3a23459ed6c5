//! Tasks: their record, and in the files beneath it their states and every change they may undergo.
//!
//! Pure: callers supply `now` and chance. A terminal state never changes.

mod attempt;
mod blocker;
mod dependency;
mod ending;
#[cfg(test)]
mod lives;
mod retry;
mod state;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use attempt::{Attempt, Progress};
pub use blocker::Blocker;
pub use dependency::{Fate, OnDependencyFailure};
pub use retry::RetryRule;
pub use state::{Reason, State};

use super::Token;
use crate::clock::{Span, Timestamp};
use crate::id::{Capability, ClaimId, SwarmId, TaskId};
use crate::money::{Money, dollars};

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
    /// The tasks in whose budgets it is set aside as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub task_budgets: Vec<TaskId>,
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
    /// Those of them that are over without being completed, and keep it waiting.
    #[serde(default)]
    pub failed_dependencies: BTreeSet<TaskId>,
    /// What becomes of it when one of them fails.
    #[serde(default)]
    pub on_dependency_failure: OnDependencyFailure,
    /// Not to be tried before this moment.
    pub not_before: Option<Timestamp>,
    /// To be done before this moment.
    #[serde(default)]
    pub deadline: Option<Timestamp>,
    /// How long its holder may go without progress; else as long as the policy says.
    #[serde(default)]
    pub stall_after: Option<Span>,
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
    /// The last that its present holder has said of how far it is.
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
    /// Why it was called off, in words.
    #[serde(default)]
    pub cancel_reason: Option<String>,
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
            failed_dependencies: BTreeSet::new(),
            on_dependency_failure: OnDependencyFailure::default(),
            not_before: None,
            deadline: None,
            stall_after: None,
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
            cancel_reason: None,
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

    /// Its state with its reason, as people are told.
    #[must_use]
    pub fn standing(&self) -> String {
        match self.reason {
            Some(reason) => format!("{}/{reason}", self.state),
            None => self.state.to_string(),
        }
    }

    /// Whether anybody qualified may claim it.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.state == State::Submitted && self.reason == Some(Reason::Ready)
    }

    /// Whether the moment has come that it waits for.
    #[must_use]
    pub fn is_due(&self, now: Timestamp) -> bool {
        matches!(self.reason, Some(Reason::Backoff | Reason::Scheduled))
            && self.not_before.is_none_or(|moment| moment <= now)
    }

    /// That moment has come.
    #[must_use]
    pub fn due(&self, by: &str, now: Timestamp) -> Self {
        let op = if self.reason == Some(Reason::Scheduled) { "due" } else { "retry" };
        self.clone().ready(now).written(by, op, now)
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

    fn ended(mut self, state: State, reason: Option<Reason>, now: Timestamp) -> Self {
        self.state = state;
        self.reason = reason;
        self.blocker = None;
        self.prepaid = None;
        self.ended_at = Some(now);
        self
    }

    fn settled(mut self, cost: Money) -> Self {
        self.spent = self.spent.plus(cost);
        self.reserved = Money::ZERO;
        self
    }
}
