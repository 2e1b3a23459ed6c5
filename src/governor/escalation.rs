//! Escalations: calls for a human.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{SwarmId, TaskId};

/// What a human is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscalationKind {
    /// A swarm's breaker opened.
    CircuitBreaker,
    /// A provider's breaker opened.
    ProviderBreaker,
    /// A task is blocked and nobody qualifies to help.
    NoHelp,
    /// A task has failed as often as it may.
    RetriesExhausted,
    /// A task has failed in a way that trying again does not mend.
    NotRetryable,
    /// Too many workers have vanished over a task.
    LeasesLost,
    /// A worker lives and does not get on.
    Stalled,
    /// A task was not done in time.
    Deadline,
    /// A claim that a plain client wrote could not be allowed.
    ClaimRefused,
    /// A swarm was lost without a word and has not come back.
    SwarmDead,
}

/// How far a call has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscalationState {
    /// Nobody has answered.
    Triggered,
    /// Somebody looks after it.
    Acknowledged,
    /// It is settled.
    Resolved,
}

/// What somebody did about a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// What they have to say about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// One call for a human.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// Made from its cause, so that one cause calls once.
    pub id: String,
    /// What it is about.
    pub kind: EscalationKind,
    /// The swarm concerned.
    pub swarm: Option<SwarmId>,
    /// The task concerned.
    pub task: Option<TaskId>,
    /// What happened.
    pub issue: String,
    /// What a human has to do.
    pub action_required: String,
    /// How far it has come.
    pub state: EscalationState,
    /// Since when.
    pub triggered_at: Timestamp,
    /// Who has settled it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved: Option<Answer>,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

impl Escalation {
    /// A new call. `cause` tells this occurrence from others of its kind: a count, a claim.
    #[must_use]
    pub fn triggered(
        kind: EscalationKind,
        cause: &str,
        issue: impl Into<String>,
        action: impl Into<String>,
        by: &str,
        now: Timestamp,
    ) -> Self {
        Self {
            id: format!("{kind}.{cause}"),
            kind,
            swarm: None,
            task: None,
            issue: issue.into(),
            action_required: action.into(),
            state: EscalationState::Triggered,
            triggered_at: now,
            resolved: None,
            by: by.to_owned(),
            op: "governor.escalate".to_owned(),
        }
    }

    /// Names the swarm concerned.
    #[must_use]
    pub fn about_swarm(self, swarm: &SwarmId) -> Self {
        Self { swarm: Some(swarm.clone()), ..self }
    }

    /// It is settled by something else that somebody did, in the operation `op`.
    #[must_use]
    pub fn resolved_by(&self, answer: Answer, op: &str) -> Self {
        let (by, op) = (answer.by.clone(), op.to_owned());
        Self { state: EscalationState::Resolved, resolved: Some(answer), by, op, ..self.clone() }
    }

    /// Names the task concerned.
    #[must_use]
    pub fn about_task(self, task: &TaskId) -> Self {
        Self { task: Some(task.clone()), ..self }
    }
}

impl fmt::Display for EscalationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::CircuitBreaker => "circuit-breaker",
            Self::ProviderBreaker => "provider-breaker",
            Self::NoHelp => "no-help",
            Self::RetriesExhausted => "retries-exhausted",
            Self::NotRetryable => "not-retryable",
            Self::LeasesLost => "leases-lost",
            Self::Stalled => "stalled",
            Self::Deadline => "deadline",
            Self::ClaimRefused => "claim-refused",
            Self::SwarmDead => "swarm-dead",
        })
    }
}

impl fmt::Display for EscalationState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Triggered => "triggered",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        })
    }
}
