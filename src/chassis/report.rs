//! The report on a swarm: what was measured, held against what its contract promises.
//!
//! Pure. What was not measured is `None`, never a number. Sources: percentiles by nearest rank (the smallest latency
//! that at least p % of the tasks do not exceed); error budget as in Google's SRE book, the share of failures that the
//! objective allows, less the failures.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::contract::Contract;
use super::failure::FailureClass;
use super::performance::{Performance, Sample};
use crate::clock::Timestamp;
use crate::id::SwarmId;

/// Percentiles of the latency of those tasks that were answered or ran out of time, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// How many tasks.
    pub n: usize,
    /// Half of them take no longer.
    pub p50_ms: f64,
    /// Nine of ten.
    pub p90_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
}

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
}

/// How a swarm does.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerformanceReport {
    /// The swarm.
    pub swarm: SwarmId,
    /// The version of the contract it is held against.
    pub contract_version: String,
    /// When its first task ended.
    pub since: Option<Timestamp>,
    /// All its tasks.
    pub total: u64,
    /// Those with an answer.
    pub succeeded: u64,
    /// Those without, by class.
    pub failures: BTreeMap<FailureClass, u64>,
    /// How many of the latest tasks the rest is computed from, at most 100.
    pub n: usize,
    /// Their latency.
    pub latency: Option<Latency>,
    /// The share with a good answer.
    pub success_rate: Option<f64>,
    /// The share with any answer, good or bad: everything but traps and exhausted limits. It says nothing of the time
    /// in which no task was run.
    pub availability: Option<f64>,
    /// The promises of the contract.
    pub objectives: Vec<Objective>,
}

impl PerformanceReport {
    /// Holds `performance` against `contract`.
    #[must_use]
    pub fn new(contract: &Contract, performance: &Performance) -> Self {
        let window: Vec<&Sample> = performance.window.iter().collect();
        let latencies = sorted_latencies(&window);
        let unsuccessful = count(&window, |sample| sample.outcome != super::Outcome::Success);
        let unanswered = count(&window, |sample| !sample.outcome.is_answer());
        let n = window.len();
        Self {
            swarm: contract.swarm_id().clone(),
            contract_version: contract.version().to_owned(),
            since: performance.since,
            total: performance.total,
            succeeded: performance.succeeded,
            failures: performance.failures.clone(),
            n,
            latency: latency(&latencies),
            success_rate: share(n - unsuccessful, n),
            availability: share(n - unanswered, n),
            objectives: objectives(contract, &latencies, n, unsuccessful, unanswered),
        }
    }
}

fn objectives(
    contract: &Contract,
    latencies: &[u64],
    n: usize,
    unsuccessful: usize,
    unanswered: usize,
) -> Vec<Objective> {
    let slos = contract.slos();
    let p99 = slos.p99_latency_ms.map(|target| {
        let target = target.get();
        let late = latencies.iter().filter(|latency| **latency > u64::from(target) * 1000).count();
        let measured = latency(latencies).map(|latency| latency.p99_ms);
        let target = f64::from(target);
        Objective {
            name: "p99_latency_ms",
            target,
            measured,
            verdict: verdict(measured, |measured| measured <= target),
            error_budget_left: budget_left(late, latencies.len(), 0.01),
        }
    });
    let rate = |name, target: Option<super::contract::Ratio>, bad: usize| {
        target.map(|target| {
            let (target, achieved) = (target.get(), share(n - bad, n));
            Objective {
                name,
                target,
                measured: achieved,
                verdict: verdict(achieved, |achieved| achieved >= target),
                error_budget_left: budget_left(bad, n, 1.0 - target),
            }
        })
    };
    let succeeding = rate("success_rate", slos.success_rate, unsuccessful);
    let available = rate("availability", slos.availability, unanswered);
    p99.into_iter().chain(succeeding).chain(available).collect()
}

fn verdict(measured: Option<f64>, kept: impl Fn(f64) -> bool) -> Verdict {
    match measured {
        None => Verdict::NotMeasured,
        Some(measured) if kept(measured) => Verdict::Met,
        Some(_) => Verdict::Missed,
    }
}

/// A promise that allows no failure has no budget to draw on: it is whole or gone.
fn budget_left(bad: usize, n: usize, allowed_share: f64) -> Option<f64> {
    let allowed = allowed_share * number(n);
    match (n, bad) {
        (0, _) => None,
        (_, 0) => Some(1.0),
        _ if allowed <= 0.0 => Some(0.0),
        _ => Some(1.0 - number(bad) / allowed),
    }
}

fn share(part: usize, whole: usize) -> Option<f64> {
    (whole > 0).then(|| number(part) / number(whole))
}

/// Windows are short: every count in them is an exact `f64`.
fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

fn count(window: &[&Sample], holds: impl Fn(&Sample) -> bool) -> usize {
    window.iter().filter(|sample| holds(sample)).count()
}

fn sorted_latencies(window: &[&Sample]) -> Vec<u64> {
    let timed = window.iter().filter(|sample| sample.outcome.is_timed());
    let mut latencies: Vec<u64> = timed.map(|sample| sample.latency_us).collect();
    latencies.sort_unstable();
    latencies
}

fn latency(sorted: &[u64]) -> Option<Latency> {
    let percentile = |percent| nearest_rank(sorted, percent).map(millis);
    Some(Latency {
        n: sorted.len(),
        p50_ms: percentile(50)?,
        p90_ms: percentile(90)?,
        p99_ms: percentile(99)?,
    })
}

fn millis(micros: u64) -> f64 {
    (Duration::from_micros(micros).as_secs_f64() * 1_000_000.0).round() / 1000.0
}

fn nearest_rank(sorted: &[u64], percent: usize) -> Option<u64> {
    let rank = (percent * sorted.len()).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::super::Outcome;
    use super::*;

    fn contract(slos: &str) -> Contract {
        let text = format!("swarm_id: s\nversion: 1.2.0\ncapabilities: [a:b]\nslos: {{{slos}}}\n");
        Contract::parse(&text, "c").unwrap()
    }

    fn report(slos: &str, tasks: &[(u64, Outcome)]) -> PerformanceReport {
        let mut performance = Performance::default();
        for (millis, outcome) in tasks {
            let sample =
                Sample::new(Timestamp::from_micros(0), Duration::from_millis(*millis), *outcome, None);
            performance.record(sample, "tester");
        }
        PerformanceReport::new(&contract(slos), &performance)
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        let cases: [(u64, [Option<u64>; 3]); 5] = [
            (0, [None; 3]),
            (1, [Some(1); 3]),
            (99, [Some(50), Some(90), Some(99)]),
            (100, [Some(50), Some(90), Some(99)]),
            (101, [Some(51), Some(91), Some(100)]),
        ];
        for (n, expected) in cases {
            let sorted: Vec<u64> = (1..=n).collect();
            assert_eq!([50, 90, 99].map(|percent| nearest_rank(&sorted, percent)), expected, "{n}");
        }
    }

    #[test]
    fn milliseconds_have_no_tail() {
        assert_eq!(millis(239).to_string(), "0.239");
        assert_eq!(millis(86_400_000_001).to_string(), "86400000.001");
    }

    #[test]
    fn nothing_run_is_nothing_measured() {
        let report = report("p99_latency_ms: 500, success_rate: 0.95, availability: 0.99", &[]);
        assert_eq!((report.latency, report.success_rate, report.availability), (None, None, None));
        for objective in &report.objectives {
            assert_eq!((objective.measured, objective.verdict), (None, Verdict::NotMeasured));
            assert_eq!(objective.error_budget_left, None);
        }
        assert_eq!(report.objectives.len(), 3);
        assert_eq!(report.contract_version, "1.2.0");
    }

    #[test]
    fn a_timeout_counts_at_its_deadline_and_a_trap_not_as_speed() {
        let tasks = [
            (10, Outcome::Success),
            (1000, Outcome::Failure(FailureClass::Timeout)),
            (1, Outcome::Failure(FailureClass::Trap)),
        ];
        let latency = report("", &tasks).latency.unwrap();
        assert_eq!((latency.n, latency.p50_ms, latency.p99_ms), (2, 10.0, 1000.0));
    }

    #[test]
    fn a_bad_answer_is_a_failure_of_an_available_swarm() {
        let tasks = [(1, Outcome::Success), (1, Outcome::Failure(FailureClass::Result))];
        let report = report("success_rate: 0.9, availability: 0.9", &tasks);
        assert_eq!((report.success_rate, report.availability), (Some(0.5), Some(1.0)));
        let verdicts: Vec<_> = report.objectives.iter().map(|objective| objective.verdict).collect();
        assert_eq!(verdicts, [Verdict::Missed, Verdict::Met]);
    }

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
        ];
        for (bad, n, allowed, left) in cases {
            assert_eq!(budget_left(bad, n, allowed), left, "{bad} of {n}");
        }
    }

    #[test]
    fn a_slow_swarm_misses_its_latency() {
        let slow = report("p99_latency_ms: 9", &[(10, Outcome::Success)]);
        assert_eq!(slow.objectives[0].verdict, Verdict::Missed);
        assert!(slow.objectives[0].error_budget_left.unwrap() < 0.0);
        let fast = report("p99_latency_ms: 10", &[(10, Outcome::Success)]);
        assert_eq!(fast.objectives[0].verdict, Verdict::Met);
        assert_eq!(fast.objectives[0].error_budget_left, Some(1.0));
    }
}
