//! Circuit breakers: who gets no work for now, and when one trial is due.
//!
//! A breaker of the budget is closed by a person only: neither time nor success opens the way again.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// However often a trial fails, the next one is not further away.
const LONGEST_OPEN: Duration = Duration::from_secs(3600);

/// Whether work passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BreakerState {
    /// Work passes.
    Closed,
    /// No work passes.
    Open,
    /// One trial is under way.
    HalfOpen,
}

/// Why a breaker opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TripReason {
    /// All money is spent.
    BudgetExhausted,
    /// Too many failures in a row.
    ConsecutiveFailures,
    /// A person opened it.
    Manual,
}

/// One scope's breaker.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Breaker {
    /// Whether work passes.
    pub state: BreakerState,
    /// Why it opened last; none when it never did.
    #[serde(default)]
    pub reason: Option<TripReason>,
    /// Failures in a row.
    #[serde(default)]
    pub failures: u32,
    /// Since when it is in this state.
    pub since: Timestamp,
    /// When a trial is due; none when only a person closes it.
    #[serde(default)]
    pub open_until: Option<Timestamp>,
    /// How often it has opened from closed, ever.
    #[serde(default)]
    pub trips: u32,
    /// How many trials have failed since it opened.
    #[serde(default)]
    pub failed_probes: u32,
    /// Who wrote this.
    #[serde(default)]
    pub by: String,
    /// In which operation.
    #[serde(default)]
    pub op: String,
}

/// What a breaker says to new work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It passes.
    Pass,
    /// It passes as the one trial.
    Probe,
    /// It does not.
    Refused {
        /// Why the breaker is open.
        reason: TripReason,
        /// When a trial is due; none when only a person closes it.
        until: Option<Timestamp>,
    },
}

impl Breaker {
    /// A breaker that never opened.
    #[must_use]
    pub fn closed(now: Timestamp) -> Self {
        Self {
            state: BreakerState::Closed,
            reason: None,
            failures: 0,
            since: now,
            open_until: None,
            trips: 0,
            failed_probes: 0,
            by: String::new(),
            op: String::new(),
        }
    }

    /// Whether new work passes. While a trial is under way this says [`Admission::Probe`] still: who holds
    /// the trial's leased key decides, so that a trial whose worker died is free again.
    #[must_use]
    pub fn admission(&self, now: Timestamp) -> Admission {
        match (self.state, self.reason, self.open_until) {
            (BreakerState::Closed, _, _) => Admission::Pass,
            (
                BreakerState::Open | BreakerState::HalfOpen,
                Some(TripReason::ConsecutiveFailures),
                Some(until),
            ) if self.state == BreakerState::HalfOpen || now >= until => Admission::Probe,
            (BreakerState::Open | BreakerState::HalfOpen, reason, until) => {
                Admission::Refused { reason: reason.unwrap_or(TripReason::Manual), until }
            }
        }
    }

    /// The trial begins.
    #[must_use]
    pub fn probing(&self, now: Timestamp) -> Self {
        Self { state: BreakerState::HalfOpen, since: now, ..self.clone() }
    }

    /// Work was completed: failures are forgotten; a successful trial closes the breaker. One that the budget
    /// or a person opened stays, and one that is open while older work completes stays open too.
    #[must_use]
    pub fn after_success(&self, now: Timestamp) -> Self {
        match self.state {
            BreakerState::Closed => Self { failures: 0, ..self.clone() },
            BreakerState::HalfOpen if self.reason == Some(TripReason::ConsecutiveFailures) => Self {
                state: BreakerState::Closed,
                failures: 0,
                failed_probes: 0,
                since: now,
                open_until: None,
                ..self.clone()
            },
            BreakerState::Open | BreakerState::HalfOpen => self.clone(),
        }
    }

    /// Work failed: at the threshold the breaker opens, a failed trial opens it again for twice as long.
    /// `jitter` from 0 to 1 spreads the trials of many breakers that opened together.
    #[must_use]
    pub fn after_failure(&self, threshold: u32, open_seconds: u64, now: Timestamp, jitter: f64) -> Self {
        let failures = self.failures.saturating_add(1);
        let counted = Self { failures, ..self.clone() };
        match self.state {
            BreakerState::Closed if failures >= threshold => Self {
                open_until: Some(now.after(open_time(open_seconds, 0, jitter))),
                ..counted.tripped(TripReason::ConsecutiveFailures, now)
            },
            BreakerState::HalfOpen if self.reason == Some(TripReason::ConsecutiveFailures) => {
                let failed_probes = self.failed_probes.saturating_add(1);
                Self {
                    state: BreakerState::Open,
                    since: now,
                    failed_probes,
                    open_until: Some(now.after(open_time(open_seconds, failed_probes, jitter))),
                    ..counted
                }
            }
            BreakerState::Closed | BreakerState::Open | BreakerState::HalfOpen => counted,
        }
    }

    /// Opens the breaker until a person closes it.
    #[must_use]
    pub fn tripped(&self, reason: TripReason, now: Timestamp) -> Self {
        Self {
            state: BreakerState::Open,
            reason: Some(reason),
            since: now,
            open_until: None,
            trips: self.trips.saturating_add(1),
            failed_probes: 0,
            ..self.clone()
        }
    }

    /// Whether work is kept away for lack of money.
    #[must_use]
    pub fn is_out_of_budget(&self) -> bool {
        self.state != BreakerState::Closed && self.reason == Some(TripReason::BudgetExhausted)
    }

    /// The same breaker, signed.
    #[must_use]
    pub fn signed(self, by: &str, op: &str) -> Self {
        Self { by: by.to_owned(), op: op.to_owned(), ..self }
    }
}

/// Doubles with every failed trial, at most [`LONGEST_OPEN`]; then up to half of it is added by chance.
fn open_time(seconds: u64, failed_probes: u32, jitter: f64) -> Duration {
    let doubled = Duration::from_secs(seconds).saturating_mul(2_u32.saturating_pow(failed_probes));
    let base = doubled.min(LONGEST_OPEN.max(Duration::from_secs(seconds)));
    // `max` first: it turns NaN into 0.
    base.saturating_add(base.mul_f64(0.5 * jitter.max(0.0).min(1.0)))
}

impl fmt::Display for BreakerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        })
    }
}

impl fmt::Display for TripReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BudgetExhausted => "budget exhausted",
            Self::ConsecutiveFailures => "consecutive failures",
            Self::Manual => "opened by a person",
        })
    }
}
