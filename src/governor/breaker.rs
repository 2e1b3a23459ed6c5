//! Circuit breakers: who gets no work for now, and when one trial is due.
//!
//! A breaker of the budget, or of a person, is closed by a person only: neither time nor success opens the way again.

mod recent;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use recent::{MOST_RECENT, Recent, RecentError};

use super::decision::Decision;
use super::share::Share;
use crate::clock::Timestamp;

/// However often a trial fails, the next one is not further away.
const LONGEST_OPEN: Duration = Duration::from_hours(1);

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
    /// Too many failures among the last outcomes.
    FailureRate,
    /// Whoever is called has asked for fewer calls.
    Limited,
    /// A person opened it.
    Manual,
}

impl TripReason {
    /// Whether a trial is due some day, and closes the breaker when it succeeds; else only a person does.
    #[must_use]
    pub fn heals(self) -> bool {
        match self {
            Self::ConsecutiveFailures | Self::FailureRate | Self::Limited => true,
            Self::BudgetExhausted | Self::Manual => false,
        }
    }
}

/// What opens a breaker, and for how long, as the policy says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Failures in a row that open it.
    pub failures: u32,
    /// The share of failures among the last outcomes that opens it; never when it is nothing.
    pub rate: Share,
    /// How many outcomes that share is taken of; where there are fewer, the others count as good. At most
    /// [`MOST_RECENT`].
    pub window: u32,
    /// Seconds until the first trial.
    pub open_seconds: u64,
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
    /// How the last work ended, while it was closed.
    #[serde(default, skip_serializing_if = "Recent::is_empty")]
    pub recent: Recent,
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
    /// Who opened it by hand, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Who had it closed last, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approval: Option<Decision>,
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
            recent: Recent::default(),
            since: now,
            open_until: None,
            trips: 0,
            failed_probes: 0,
            decision: None,
            approval: None,
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
            (BreakerState::Open | BreakerState::HalfOpen, Some(reason), Some(until))
                if reason.heals() && (self.state == BreakerState::HalfOpen || now >= until) =>
            {
                Admission::Probe
            }
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

    /// Work has ended. While a trial is due or under way only the trial counts: work that began before the breaker
    /// opened proves nothing about today. `jitter` is from 0 to 1.
    #[must_use]
    pub fn after_work(
        &self,
        succeeded: bool,
        is_trial: bool,
        limits: &Limits,
        now: Timestamp,
        jitter: f64,
    ) -> Self {
        match (self.state, is_trial, succeeded) {
            (BreakerState::HalfOpen, false, _) => self.clone(),
            (_, _, true) => self.after_success(limits, now),
            (_, _, false) => self.after_failure(limits, now, jitter),
        }
    }

    /// Work was completed: failures in a row are forgotten; a successful trial closes the breaker. One that the budget
    /// or a person opened stays, and one that is open while older work completes stays open too.
    #[must_use]
    pub fn after_success(&self, limits: &Limits, now: Timestamp) -> Self {
        match self.state {
            BreakerState::Closed => {
                Self { failures: 0, recent: self.recent_with(false, limits), ..self.clone() }
            }
            BreakerState::HalfOpen if self.heals() => self.closed_again(now),
            BreakerState::Open | BreakerState::HalfOpen => self.clone(),
        }
    }

    /// Work failed: at a limit the breaker opens, a failed trial opens it again for twice as long.
    /// `jitter` from 0 to 1 spreads the trials of many breakers that opened together.
    #[must_use]
    pub fn after_failure(&self, limits: &Limits, now: Timestamp, jitter: f64) -> Self {
        let failures = self.failures.saturating_add(1);
        let counted = Self { failures, ..self.clone() };
        match self.state {
            BreakerState::Closed => {
                let counted = Self { recent: self.recent_with(true, limits), ..counted };
                let Some(reason) = counted.limit_reached(limits) else { return counted };
                counted.opened(reason, limits, now, jitter)
            }
            BreakerState::HalfOpen if self.heals() => {
                let failed_probes = self.failed_probes.saturating_add(1);
                Self {
                    state: BreakerState::Open,
                    since: now,
                    failed_probes,
                    open_until: Some(now.after(open_time(limits.open_seconds, failed_probes, jitter))),
                    ..counted
                }
            }
            BreakerState::Open | BreakerState::HalfOpen => counted,
        }
    }

    /// Opens the breaker until its first trial.
    #[must_use]
    pub(super) fn opened(&self, reason: TripReason, limits: &Limits, now: Timestamp, jitter: f64) -> Self {
        let open_until = Some(now.after(open_time(limits.open_seconds, 0, jitter)));
        Self { open_until, ..self.tripped(reason, now) }
    }

    /// Keeps work away for `wait` at least, as whoever is called has asked; for no longer than any breaker waits for a trial.
    #[must_use]
    pub(super) fn waiting(&self, wait: Duration, now: Timestamp) -> Self {
        let until = now.after(wait.min(LONGEST_OPEN));
        match self.state {
            _ if until <= now => self.clone(),
            BreakerState::Closed => {
                Self { open_until: Some(until), ..self.tripped(TripReason::Limited, now) }
            }
            BreakerState::Open if self.heals() => {
                Self { open_until: self.open_until.max(Some(until)), ..self.clone() }
            }
            BreakerState::Open | BreakerState::HalfOpen => self.clone(),
        }
    }

    /// Whether it is open, and only until a trial succeeds, because work has failed.
    #[must_use]
    pub(super) fn is_open_for_failures(&self) -> bool {
        self.is_open_for(TripReason::ConsecutiveFailures) || self.is_open_for(TripReason::FailureRate)
    }

    fn heals(&self) -> bool {
        self.reason.is_some_and(TripReason::heals)
    }

    /// Where no rate opens breakers, nothing is remembered for it.
    fn recent_with(&self, failed: bool, limits: &Limits) -> Recent {
        if limits.rate == Share::NONE { Recent::default() } else { self.recent.with(failed, limits.window) }
    }

    fn limit_reached(&self, limits: &Limits) -> Option<TripReason> {
        let rate = self.recent.failure_rate(limits.window);
        if self.failures >= limits.failures {
            Some(TripReason::ConsecutiveFailures)
        } else if limits.rate > Share::NONE && rate >= limits.rate {
            Some(TripReason::FailureRate)
        } else {
            None
        }
    }

    /// Closed, with nothing held against it any more.
    fn closed_again(&self, now: Timestamp) -> Self {
        Self {
            state: BreakerState::Closed,
            failures: 0,
            recent: Recent::default(),
            failed_probes: 0,
            since: now,
            open_until: None,
            ..self.clone()
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
            decision: None,
            ..self.clone()
        }
    }

    /// A person opens the breaker, whatever it was before.
    #[must_use]
    pub fn tripped_by(&self, decision: Decision) -> Self {
        let now = decision.at;
        Self { decision: Some(decision), ..self.tripped(TripReason::Manual, now) }
    }

    /// A person has it closed.
    #[must_use]
    pub fn reset(&self, approval: Decision) -> Self {
        let now = approval.at;
        Self { approval: Some(approval), ..self.closed_again(now) }
    }

    /// Whether work is kept away for lack of money.
    #[must_use]
    pub fn is_out_of_budget(&self) -> bool {
        self.is_open_for(TripReason::BudgetExhausted)
    }

    /// Whether a person keeps work away.
    #[must_use]
    pub fn is_open_by_hand(&self) -> bool {
        self.is_open_for(TripReason::Manual)
    }

    fn is_open_for(&self, reason: TripReason) -> bool {
        self.state != BreakerState::Closed && self.reason == Some(reason)
    }

    /// The breaker under a new budget, if it was open for want of money: closed.
    #[must_use]
    pub fn renewed(&self, now: Timestamp) -> Option<Self> {
        self.is_out_of_budget().then(|| Self { trips: self.trips, ..Self::closed(now) })
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
    let jitter = if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) };
    base.saturating_add(base.mul_f64(0.5 * jitter))
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
            Self::FailureRate => "failure rate",
            Self::Limited => "fewer calls are asked for",
            Self::Manual => "opened by a person",
        })
    }
}
