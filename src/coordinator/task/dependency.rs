//! Tasks that wait for others: what they learn of them, and what it makes of them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Reason, State, TaskRecord};
use crate::clock::Timestamp;
use crate::id::TaskId;
use crate::money::Money;

/// What becomes of a task when one that it waits for fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnDependencyFailure {
    /// It waits until somebody decides.
    #[default]
    Block,
    /// It is called off too.
    Cancel,
    /// It is done all the same.
    Run,
}

impl OnDependencyFailure {
    /// Their names.
    pub const NAMES: [&'static str; 3] = ["block", "cancel", "run"];
}

impl FromStr for OnDependencyFailure {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "block" => Ok(Self::Block),
            "cancel" => Ok(Self::Cancel),
            "run" => Ok(Self::Run),
            _ => Err(format!("`{text}` is not one of {}", Self::NAMES.join(", "))),
        }
    }
}

impl fmt::Display for OnDependencyFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Block => "block",
            Self::Cancel => "cancel",
            Self::Run => "run",
        })
    }
}

/// What those who wait for a task have to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It may still be completed by itself.
    Open,
    /// It is completed.
    Met,
    /// It will not be completed, or not unless somebody decides so.
    Failed,
}

impl TaskRecord {
    /// What those who wait for it have to know.
    #[must_use]
    pub fn fate(&self) -> Fate {
        match self.state {
            State::Completed => Fate::Met,
            State::Failed | State::Canceled | State::Rejected => Fate::Failed,
            State::InputRequired if self.is_given_up() => Fate::Failed,
            State::Submitted | State::Working | State::InputRequired | State::AuthRequired => Fate::Open,
        }
    }

    /// Whether it waits for `dependency`.
    #[must_use]
    pub fn awaits(&self, dependency: &TaskId) -> bool {
        !self.state.is_terminal() && self.unmet.contains(dependency)
    }

    /// Whether it does not know yet how it stands with `dependency`.
    #[must_use]
    pub fn is_to_be_told(&self, dependency: &TaskId, fate: Fate) -> bool {
        let knows_of_failure = self.failed_dependencies.contains(dependency);
        let news = match fate {
            Fate::Met => true,
            Fate::Failed => !knows_of_failure,
            Fate::Open => knows_of_failure,
        };
        news && self.awaits(dependency)
    }

    /// It learns how it stands with `dependency`.
    #[must_use]
    pub fn told(&self, dependency: &TaskId, fate: Fate, by: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        next.failed_dependencies.remove(dependency);
        let op = match fate {
            Fate::Met => "dependency-met",
            Fate::Failed => "dependency-failed",
            Fate::Open => "dependency-retried",
        };
        match (fate, self.on_dependency_failure) {
            (Fate::Failed, OnDependencyFailure::Cancel) => {
                let why = format!("it waits for {dependency}, which failed or was canceled");
                return next.canceled(Some(why), Money::ZERO, by, now);
            }
            (Fate::Failed, OnDependencyFailure::Block) => {
                next.failed_dependencies.insert(dependency.clone());
            }
            (Fate::Met, _) | (Fate::Failed, OnDependencyFailure::Run) => {
                next.unmet.remove(dependency);
            }
            (Fate::Open, _) => {}
        }
        next.resumed(now).written(by, op, now)
    }

    /// Goes on as far as its dependencies and the clock allow.
    pub(super) fn resumed(mut self, now: Timestamp) -> Self {
        (self.state, self.reason) = if !self.failed_dependencies.is_empty() {
            (State::InputRequired, Some(Reason::DependencyFailed))
        } else if !self.unmet.is_empty() {
            (State::Submitted, Some(Reason::Waiting))
        } else if self.not_before.is_some_and(|moment| moment > now) {
            (State::Submitted, Some(Reason::Scheduled))
        } else {
            return self.ready(now);
        };
        self
    }
}
