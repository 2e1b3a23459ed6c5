//! Objectives: what a contract promises, held against what was measured.
//!
//! Pure. Sources: the error budget is that of Google's "Site Reliability Engineering" (2016), chapter 3: the share of failures
//! that the objective allows, less the failures. Verdict and budget are of the last 100 tasks, as the original design judges;
//! burn rates are of the last minutes, hours and days.

use std::collections::VecDeque;

use serde::Serialize;

use super::burn::{self, Burn};
use super::contract::Slos;
use super::history::{Bucket, History};
use super::latency::Latency;
use super::performance::{Outcome, Sample};
use super::share::{number, share};
use crate::clock::Timestamp;

/// What a promise of the 99th percentile allows to be late.
const LATE_ALLOWED: f64 = 0.01;

/// Whether a promise is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is.
    Met,
    /// It is not.
    Missed,
    /// Nothing was measured.
    NotMeasured,
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::NotMeasured => "not measured",
        })
    }
}

/// One promise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Objective {
    /// Its key in the contract.
    pub name: &'static str,
    /// What is promised.
    pub target: f64,
    /// What was measured.
    pub measured: Option<f64>,
    /// Whether it is kept.
    pub verdict: Verdict,
    /// What is left of the failures the promise allows: 1 all, 0 none, below 0 overdrawn.
    pub error_budget_left: Option<f64>,
    /// How fast it is used up.
    pub burn: Vec<Burn>,
}

/// The latest tasks, counted.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Recent {
    pub(super) n: u64,
    pub(super) unsuccessful: u64,
    pub(super) unanswered: u64,
    pub(super) latency: Option<Latency>,
}

impl Recent {
    pub(super) fn new(window: &VecDeque<Sample>) -> Self {
        Self {
            n: count(window, |_| true),
            unsuccessful: count(window, |sample| sample.outcome != Outcome::Success),
            unanswered: count(window, |sample| !sample.outcome.is_answer()),
            latency: Latency::of(window.iter().filter_map(Sample::timed_us)),
        }
    }
}

fn count(window: &VecDeque<Sample>, holds: impl Fn(&Sample) -> bool) -> u64 {
    window.iter().filter(|sample| holds(sample)).fold(0, |count, _| count + 1)
}

/// What promises are held against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Measurements<'a> {
    /// The latest tasks, one by one.
    pub(super) window: &'a VecDeque<Sample>,
    /// And counted.
    pub(super) recent: Recent,
    /// And those before them.
    pub(super) history: &'a History,
    /// The present.
    pub(super) now: Timestamp,
}

impl Measurements<'_> {
    /// The promises of `slos` in the order of the contract.
    pub(super) fn objectives(&self, slos: &Slos) -> Vec<Objective> {
        let p99 = slos.p99_latency_ms.map(|target| self.latency(target.get()));
        let Recent { unsuccessful, unanswered, .. } = self.recent;
        let success = slos
            .success_rate
            .map(|target| self.rate("success_rate", target.get(), unsuccessful, burn::failed));
        let availability = slos
            .availability
            .map(|target| self.rate("availability", target.get(), unanswered, burn::unanswered));
        p99.into_iter().chain(success).chain(availability).collect()
    }

    fn latency(&self, target: u32) -> Objective {
        let promised_us = u64::from(target) * 1000;
        let late =
            count(self.window, |sample| sample.timed_us().is_some_and(|latency| latency > promised_us));
        let target = f64::from(target);
        let measured = self.recent.latency.map(|latency| latency.p99_ms);
        let n = self.recent.latency.map_or(0, |latency| latency.n);
        Objective {
            name: "p99_latency_ms",
            target,
            measured,
            verdict: verdict(measured, |measured| measured <= target),
            error_budget_left: budget_left(late, n, LATE_ALLOWED),
            burn: self.burn(LATE_ALLOWED, burn::late),
        }
    }

    fn rate(&self, name: &'static str, target: f64, bad: u64, counts: fn(Bucket) -> (u64, u64)) -> Objective {
        let n = self.recent.n;
        let measured = share(n - bad, n);
        Objective {
            name,
            target,
            measured,
            verdict: verdict(measured, |measured| measured >= target),
            error_budget_left: budget_left(bad, n, 1.0 - target),
            burn: self.burn(1.0 - target, counts),
        }
    }

    fn burn(&self, allowed: f64, counts: fn(Bucket) -> (u64, u64)) -> Vec<Burn> {
        Burn::all(allowed, |window| counts(self.history.within(window, self.now)))
    }
}

fn verdict(measured: Option<f64>, kept: impl Fn(f64) -> bool) -> Verdict {
    match measured {
        None => Verdict::NotMeasured,
        Some(measured) if kept(measured) => Verdict::Met,
        Some(_) => Verdict::Missed,
    }
}

/// A promise that allows no failure has no budget to draw on: it is whole or gone.
fn budget_left(bad: u64, n: u64, allowed_share: f64) -> Option<f64> {
    let allowed = allowed_share * number(n);
    match (n, bad) {
        (0, _) => None,
        (_, 0) => Some(1.0),
        _ if allowed <= 0.0 => Some(0.0),
        _ => Some(1.0 - number(bad) / allowed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_promise_allows_is_its_budget() {
        let cases = [
            (0, 20, 0.1, Some(1.0)),
            (1, 20, 0.1, Some(0.5)),
            (2, 20, 0.1, Some(0.0)),
            (4, 20, 0.1, Some(-1.0)),
            (0, 20, 0.0, Some(1.0)),
            (1, 20, 0.0, Some(0.0)),
            (0, 0, 0.1, None),
            (1, 1, 0.5, Some(-1.0)),
            (1, 100, 0.5, Some(0.98)),
            (50, 100, 0.5, Some(0.0)),
        ];
        for (bad, n, allowed, left) in cases {
            assert_eq!(budget_left(bad, n, allowed), left, "{bad} of {n}");
        }
    }
}
