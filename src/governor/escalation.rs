//! Escalations: calls for a human, and what became of them: triggered, acknowledged, resolved.
//!
//! Pure. Each is named after its cause, so that one cause calls once; what brings it to people is
//! [`delivery`](super::delivery).

use std::fmt;
use std::str::FromStr;

use serde::de::IntoDeserializer;
use serde::de::value::Error as Mismatch;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{SwarmId, TaskId};

/// What a human is called for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EscalationKind {
    /// The policy file of the leading coordinator is none, or is gone.
    BadPolicy,
    /// A budget is spent to a part that people wanted to know of.
    BudgetAlert,
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

/// What becomes of a call that somebody answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// It reads so now.
    Changed(Box<Escalation>),
    /// It had come so far before.
    Already,
    /// It is resolved, and stays so.
    Settled,
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
    /// Who looks after it; nobody yet, or it was written before that was noted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<Answer>,
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
            acknowledged: None,
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

    /// Names the task concerned.
    #[must_use]
    pub fn about_task(self, task: &TaskId) -> Self {
        Self { task: Some(task.clone()), ..self }
    }

    /// Whether somebody has still to do something about it.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != EscalationState::Resolved
    }

    /// What calls of one kind about the same thing have in common, for whoever receives them.
    #[must_use]
    pub fn dedup(&self) -> String {
        let about = self.task.as_ref().map(TaskId::as_str).or(self.swarm.as_ref().map(SwarmId::as_str));
        format!("{}.{}", self.kind, about.unwrap_or(&self.id))
    }

    /// Somebody looks after it. The first who says so does.
    #[must_use]
    pub fn acknowledge(&self, answer: Answer) -> Answered {
        match self.state {
            EscalationState::Triggered => {
                let by = answer.by.clone();
                Answered::Changed(Box::new(Self {
                    state: EscalationState::Acknowledged,
                    acknowledged: Some(answer),
                    by,
                    op: "governor.acknowledge".to_owned(),
                    ..self.clone()
                }))
            }
            EscalationState::Acknowledged => Answered::Already,
            EscalationState::Resolved => Answered::Settled,
        }
    }

    /// It is settled, whether anybody had looked after it or not.
    #[must_use]
    pub fn resolve(&self, answer: Answer) -> Answered {
        if !self.is_open() {
            return Answered::Already;
        }
        let by = answer.by.clone();
        Answered::Changed(Box::new(Self {
            state: EscalationState::Resolved,
            resolved: Some(answer),
            by,
            op: "governor.resolve".to_owned(),
            ..self.clone()
        }))
    }
}

impl EscalationKind {
    /// The kind of the call that has this id.
    #[must_use]
    pub fn of_id(id: &str) -> Option<Self> {
        id.split_once('.')?.0.parse().ok()
    }
}

/// The text is no kind of escalation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no kind of escalation")]
pub struct KindError(String);

/// As [`Display`](fmt::Display) writes it.
impl FromStr for EscalationKind {
    type Err = KindError;

    fn from_str(text: &str) -> Result<Self, KindError> {
        let stored = text.replace('-', "_");
        let read: Result<Self, Mismatch> = Self::deserialize(stored.as_str().into_deserializer());
        read.ok().filter(|kind| kind.to_string() == text).ok_or_else(|| KindError(text.to_owned()))
    }
}

impl fmt::Display for EscalationKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BadPolicy => "bad-policy",
            Self::BudgetAlert => "budget-alert",
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

#[cfg(test)]
mod tests {
    use super::*;

    fn call() -> Escalation {
        let at = Timestamp::from_micros(0);
        Escalation::triggered(EscalationKind::NoHelp, "t.7", "stuck", "help it", "leader", at)
    }

    fn answer(by: &str) -> Answer {
        Answer { by: by.to_owned(), at: Timestamp::from_micros(1), note: Some("on it".to_owned()) }
    }

    fn changed(answered: Answered) -> Escalation {
        match answered {
            Answered::Changed(call) => *call,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_call_goes_from_triggered_by_way_of_acknowledged_to_resolved_and_never_back() {
        let triggered = call();
        let acknowledged = changed(triggered.acknowledge(answer("ann")));
        assert_eq!(acknowledged.state, EscalationState::Acknowledged);
        assert_eq!(acknowledged.acknowledge(answer("ben")), Answered::Already);
        let resolved = changed(acknowledged.resolve(answer("ben")));
        assert_eq!(resolved.acknowledged, Some(answer("ann")));
        assert_eq!((resolved.resolved.clone(), resolved.by.as_str()), (Some(answer("ben")), "ben"));
        assert_eq!(resolved.resolve(answer("cid")), Answered::Already);
        assert_eq!(resolved.acknowledge(answer("cid")), Answered::Settled);
        assert!(!resolved.is_open() && acknowledged.is_open() && triggered.is_open());
        assert!(!changed(triggered.resolve(answer("ann"))).is_open(), "without a word before");
    }

    #[test]
    fn a_call_of_before_answers_were_noted_is_read() {
        let old = r#"{"id":"stalled.t.7","kind":"stalled","swarm":null,"task":"t","issue":"i","action_required":"a",
            "state":"triggered","triggered_at":"2026-01-01T00:00:00Z","by":"s1","op":"governor.escalate"}"#;
        let read: Escalation = serde_json::from_str(old).unwrap();
        assert_eq!((read.acknowledged.clone(), read.resolved.clone()), (None, None));
        assert_eq!(read.dedup(), "stalled.t");
    }

    #[test]
    fn calls_of_one_kind_about_one_thing_can_be_told_to_be_that() {
        assert_eq!(call().dedup(), "no-help.no-help.t.7");
        let (swarm, task) = ("s1".parse().unwrap(), "t".parse().unwrap());
        assert_eq!(call().about_swarm(&swarm).dedup(), "no-help.s1");
        assert_eq!(call().about_swarm(&swarm).about_task(&task).dedup(), "no-help.t");
    }

    #[test]
    fn a_kind_is_read_as_it_is_written() {
        for kind in [EscalationKind::NoHelp, EscalationKind::SwarmDead, EscalationKind::Deadline] {
            assert_eq!(kind.to_string().parse(), Ok(kind));
        }
        for text in ["no_help", "nohelp", ""] {
            assert!(text.parse::<EscalationKind>().is_err(), "{text}");
        }
        assert_eq!(EscalationKind::of_id(&call().id), Some(EscalationKind::NoHelp));
        assert_eq!(EscalationKind::of_id("e1"), None);
    }
}
