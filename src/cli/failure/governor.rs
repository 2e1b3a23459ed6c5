//! What the governor refuses or cannot do, as an exit code and a hint.

use std::path::Path;

use crate::cli::{Exit, Failure};
use crate::governor::runtime::{PolicyFileError, RateFileError};
use crate::governor::service::{GovernorError, RailError};
use crate::governor::{PolicyError, Refusal, ResetRefusal};
use crate::id::Capability;
use crate::printable::printable;

impl From<GovernorError> for Failure {
    fn from(error: GovernorError) -> Self {
        match error {
            GovernorError::Store(error) => error.into(),
            GovernorError::Refused(refusal) => refusal.into(),
            GovernorError::Rail(error) => error.into(),
            GovernorError::BudgetTooSmall { .. } => {
                Self::new(Exit::Refused, error).hint("ifctl governor budgets")
            }
            GovernorError::ChargedOtherwise { .. } => {
                Self::new(Exit::Conflict, error).hint("choose another --idempotency-key")
            }
            GovernorError::Busy { ref swarm, .. } => {
                let hint = format!(
                    "let it come to an end: ifctl governor show {swarm}; or: ifctl governor unregister {swarm} --force"
                );
                Self::new(Exit::Refused, error).hint(hint)
            }
            GovernorError::Reserved { .. } => Self::usage(error).hint("choose another name"),
            GovernorError::TooManyCapabilities { .. } => Self::usage(error),
            GovernorError::TooMuchHelp { ref task } => {
                let hint = format!("wait until some of it has ended: ifctl coordinator show {task}");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            GovernorError::NoEscalation { .. } => {
                Self::new(Exit::NothingFound, error).hint("ifctl governor escalations list --all")
            }
            GovernorError::Settled { ref id } => {
                let hint = format!("ifctl governor escalations show {id}");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            GovernorError::UnknownSwarm { .. } => {
                Self::new(Exit::NothingFound, error).hint("ifctl coordinator swarms")
            }
            GovernorError::NotReset { ref scope, refusal } => match refusal {
                ResetRefusal::Closed => {
                    Self::new(Exit::NothingFound, error).hint("ifctl governor circuit-breakers")
                }
                ResetRefusal::Spent { .. } | ResetRefusal::NothingLeft { .. } => {
                    let hint = format!("ifctl governor reset-circuit-breaker {scope} --new-budget DOLLARS …");
                    Self::new(Exit::Refused, error).hint(hint)
                }
            },
            GovernorError::BreakerChanged { ref scope } | GovernorError::OpenByHand { ref scope, .. } => {
                let hint = format!("ifctl governor circuit-breakers {scope}");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            GovernorError::NoBudget { .. } => Self::usage(error).hint("leave out --new-budget"),
            GovernorError::BreakerBusy { .. }
            | GovernorError::Conflict { .. }
            | GovernorError::NotLeading
            | GovernorError::OverallConflict { .. }
            | GovernorError::TaskConflict { .. } => Self::new(Exit::Unavailable, error).hint("try again"),
        }
    }
}

impl From<RailError> for Failure {
    fn from(error: RailError) -> Self {
        let (exit, hint) = match &error {
            RailError::UnknownPurpose { .. } => {
                (Exit::NothingFound, "ifctl governor rails; the policy's section rails names them".to_owned())
            }
            RailError::UnknownProvider { purpose, .. } => {
                (Exit::NothingFound, format!("ifctl governor rails show {purpose}"))
            }
            RailError::Broken { purpose, .. } => {
                (Exit::Refused, format!("ifctl governor rails show {purpose} --explain"))
            }
            RailError::Busy { .. } => (Exit::Unavailable, "try again".to_owned()),
        };
        Self::new(exit, error).hint(hint)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        let hint = match &refusal {
            Refusal::Capability { swarm, .. } => {
                format!("ifctl governor find-help --required …, or register {swarm} with what it lacks")
            }
            Refusal::Garbled { swarm } => {
                format!("write it anew: ifctl governor register {swarm} --capabilities … --cost-per-hour …")
            }
            Refusal::BreakerOpen { swarm, .. } | Refusal::ProbeUnderWay { swarm, .. } => {
                format!("ifctl governor circuit-breakers {swarm}")
            }
            Refusal::Budget { .. }
            | Refusal::Overall { .. }
            | Refusal::TaskBudget { .. }
            | Refusal::TooExpensive { .. } => "ifctl governor budgets".to_owned(),
        };
        Self::new(Exit::Refused, refusal).hint(hint)
    }
}

impl From<PolicyError> for Failure {
    fn from(error: PolicyError) -> Self {
        Self::usage(error).hint("ifctl governor policy show --default lists every key with its meaning")
    }
}

impl From<PolicyFileError> for Failure {
    fn from(error: PolicyFileError) -> Self {
        match error {
            PolicyFileError::Invalid(error) => error.into(),
            PolicyFileError::Unreadable { ref path, .. } if error.is_missing() => {
                let shown = |path: &Path| printable(&path.to_string_lossy());
                let hint = format!(
                    "mkdir -p '{}' && ifctl governor policy show --default > '{}' makes one",
                    shown(path.parent().unwrap_or(path)),
                    shown(path)
                );
                Self::usage(error).hint(hint)
            }
            PolicyFileError::Unreadable { .. } => Self::usage(error).hint("name a readable file"),
        }
    }
}

impl From<RateFileError> for Failure {
    fn from(error: RateFileError) -> Self {
        Self::usage(error).hint("policies/rates.yaml is an example with every key explained")
    }
}

impl Failure {
    /// Nobody can do what is needed at that price; `considered` says whether somebody offers a part of it.
    pub(in crate::cli) fn nobody_qualifies(required: &[Capability], considered: bool) -> Self {
        let needs: Vec<_> = required.iter().map(Capability::as_str).collect();
        let needs = if needs.is_empty() { "anything".to_owned() } else { needs.join(", ") };
        let hint = if considered {
            "the table says what spoke against each; ifctl governor register adds a swarm"
        } else {
            "nobody offers any of it; ifctl governor register adds a swarm"
        };
        Self::message(Exit::NothingFound, format!("nobody qualifies for {needs}")).hint(hint)
    }
}
