//! Circuit breakers: who gets no work for now, and when one trial is due.
//!
//! A breaker of the budget is closed by a person only: neither time nor success opens the way again.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

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
            Self::Manual => "opened by a person",
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).after(Duration::from_secs(seconds))
    }

    fn opened_at(seconds: u64) -> Breaker {
        Breaker::closed(at(0)).after_failure(1, 60, at(seconds), 0.0)
    }

    #[test]
    fn the_threshold_opens_it_and_its_time_lets_one_trial_through() {
        let twice = Breaker::closed(at(0)).after_failure(3, 60, at(1), 0.0).after_failure(3, 60, at(2), 0.0);
        assert_eq!(twice.admission(at(2)), Admission::Pass);
        let open = twice.after_failure(3, 60, at(3), 0.0);
        let until = Some(at(63));
        assert_eq!(
            open.admission(at(62)),
            Admission::Refused { reason: TripReason::ConsecutiveFailures, until }
        );
        assert_eq!(open.admission(at(63)), Admission::Probe);
        assert_eq!(open.probing(at(63)).after_success(at(64)).admission(at(64)), Admission::Pass);
    }

    #[test]
    fn every_failed_trial_doubles_the_time_up_to_an_hour() {
        let mut breaker = opened_at(0);
        let mut now = at(60);
        for seconds in [120, 240, 480, 960, 1920, 3600, 3600] {
            breaker = breaker.probing(now).after_failure(1, 60, now, 0.0);
            assert_eq!(breaker.open_until, Some(now.after(Duration::from_secs(seconds))));
            now = now.after(Duration::from_secs(seconds));
        }
        assert_eq!(breaker.trips, 1, "a failed trial calls nobody again");
        assert_eq!(breaker.probing(now).after_success(now).failed_probes, 0);
    }

    #[test]
    fn jitter_adds_at_most_half() {
        for (jitter, seconds) in [(0.0, 60), (1.0, 90), (7.0, 90), (-1.0, 60), (f64::NAN, 60)] {
            assert_eq!(open_time(60, 0, jitter), Duration::from_secs(seconds), "{jitter}");
        }
    }

    #[test]
    fn neither_time_nor_success_opens_the_way_after_a_budget_or_a_person_closed_it() {
        for reason in [TripReason::BudgetExhausted, TripReason::Manual] {
            let breaker = opened_at(0).tripped(reason, at(1));
            for breaker in
                [breaker.clone(), breaker.after_success(at(2)), breaker.probing(at(2)).after_success(at(3))]
            {
                assert_eq!(breaker.admission(at(1_000_000)), Admission::Refused { reason, until: None });
            }
        }
    }

    #[test]
    fn an_open_breaker_without_a_reason_refuses() {
        let breaker =
            Breaker { state: BreakerState::Open, open_until: Some(at(0)), ..Breaker::closed(at(0)) };
        assert!(matches!(breaker.admission(at(9)), Admission::Refused { .. }));
    }

    #[derive(Debug, Clone)]
    enum Step {
        Wait(u64),
        Take { succeeds: bool },
        SpendAll,
    }

    /// The least that describes a breaker: what it counts, and until when it is shut.
    #[derive(Default)]
    struct Model {
        failures: u32,
        shut_until: Option<u64>,
        failed_probes: u32,
        broke: bool,
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            4 => (0_u64..200).prop_map(Step::Wait),
            8 => any::<bool>().prop_map(|succeeds| Step::Take { succeeds }),
            1 => Just(Step::SpendAll),
        ];
        prop::collection::vec(step, 0..60)
    }

    proptest! {
        #[test]
        fn it_does_what_the_model_does(steps in steps(), threshold in 1_u32..5) {
            let mut breaker = Breaker::closed(at(0));
            let mut model = Model::default();
            let mut now = 0;
            for step in steps {
                match step {
                    Step::Wait(seconds) => now += seconds,
                    Step::SpendAll => {
                        breaker = breaker.tripped(TripReason::BudgetExhausted, at(now));
                        model.broke = true;
                    }
                    Step::Take { succeeds } => {
                        let admitted = match breaker.admission(at(now)) {
                            Admission::Refused { .. } => None,
                            Admission::Pass => Some(breaker.clone()),
                            Admission::Probe => Some(breaker.probing(at(now))),
                        };
                        let shut = model.broke || model.shut_until.is_some_and(|until| now < until);
                        prop_assert_eq!(admitted.is_none(), shut);
                        let Some(admitted) = admitted else { continue };
                        if succeeds {
                            breaker = admitted.after_success(at(now));
                            model = Model::default();
                        } else {
                            breaker = admitted.after_failure(threshold, 60, at(now), 0.0);
                            model.failures += 1;
                            if model.shut_until.is_some() {
                                model.failed_probes += 1;
                            }
                            if model.shut_until.is_some() || model.failures >= threshold {
                                let open = (60 << model.failed_probes.min(10)).min(3600);
                                model.shut_until = Some(now + open);
                            }
                        }
                    }
                }
            }
        }
    }
}
