//! Standing: whether a provider may be used.

use std::fmt;

use serde::Serialize;

use crate::clock::Timestamp;
use crate::governor::breaker::{Admission, Breaker, TripReason};

/// Whether a provider may be used, as its breaker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RailStanding {
    /// It may.
    Free,
    /// By one, as the trial of its breaker.
    TrialDue,
    /// Not until its trial, which somebody makes just now, has ended.
    TrialUnderWay,
    /// It may not.
    Open {
        /// Why its breaker is open.
        reason: TripReason,
        /// When a trial is due; none when only a person closes it.
        until: Option<Timestamp>,
    },
    /// Nobody can read its breaker, so it may not.
    Illegible,
}

impl RailStanding {
    /// What `breaker` says, while somebody is `on_trial` or not.
    #[must_use]
    pub fn of(breaker: &Breaker, on_trial: bool, now: Timestamp) -> Self {
        match breaker.admission(now) {
            Admission::Pass => Self::Free,
            Admission::Probe if on_trial => Self::TrialUnderWay,
            Admission::Probe => Self::TrialDue,
            Admission::Refused { reason, until } => Self::Open { reason, until },
        }
    }

    /// Whether it may be chosen.
    #[must_use]
    pub fn admits(self) -> bool {
        matches!(self, Self::Free | Self::TrialDue)
    }

    /// When that may change by itself.
    #[must_use]
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Self::Open { until, .. } => until,
            Self::Free | Self::TrialDue | Self::TrialUnderWay | Self::Illegible => None,
        }
    }
}

impl fmt::Display for RailStanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free => f.write_str("free"),
            Self::TrialDue => f.write_str("a trial is due"),
            Self::TrialUnderWay => f.write_str("its trial is under way"),
            Self::Open { reason, until: Some(until) } => write!(f, "{reason}; a trial is due at {until}"),
            Self::Open { reason, until: None } => write!(f, "{reason}; only a person closes it"),
            Self::Illegible => f.write_str("nobody can read its breaker"),
        }
    }
}
