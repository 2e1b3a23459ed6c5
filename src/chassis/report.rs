//! The report on a swarm: what was measured, held against what its contract promises.
//!
//! Pure. What was not measured is `None`, never a number.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use super::contract::Contract;
use super::failure::FailureClass;
use super::history::Period;
use super::latency::Latency;
use super::objective::{Measurements, Objective, Recent};
use super::performance::Performance;
use super::share::share;
use crate::clock::Timestamp;
use crate::id::SwarmId;

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
    /// How many of the latest tasks are judged, at most 100.
    pub n: u64,
    /// Their latency.
    pub latency: Option<Latency>,
    /// The latency of all tasks ever, at most 1 % too high.
    pub lifetime_latency: Option<Latency>,
    /// The share of the latest tasks with a good answer.
    pub success_rate: Option<f64>,
    /// The share with any answer, good or bad: everything but traps and exhausted limits. It says nothing of the time
    /// in which no task was run.
    pub availability: Option<f64>,
    /// The promises of the contract.
    pub objectives: Vec<Objective>,
    /// The minutes of the hour up to the latest task in which tasks ended, oldest first.
    pub last_hour: Vec<Period>,
}

impl PerformanceReport {
    /// Holds `performance` against `contract`.
    #[must_use]
    pub fn new(contract: &Contract, performance: &Performance, now: Timestamp) -> Self {
        let Performance { window, history, .. } = performance;
        let recent = Recent::new(window);
        let Recent { n, unsuccessful, unanswered, latency } = recent;
        let measurements = Measurements { window, recent, history, now };
        Self {
            swarm: contract.swarm_id().clone(),
            contract_version: contract.version().to_owned(),
            since: performance.since,
            total: performance.total,
            succeeded: performance.succeeded,
            failures: performance.failures.clone(),
            n,
            latency,
            lifetime_latency: performance.latency.latency(),
            success_rate: share(n - unsuccessful, n),
            availability: share(n - unanswered, n),
            objectives: measurements.objectives(contract.slos()),
            last_hour: last_hour(history.minutes()),
        }
    }
}

/// Of minutes in order, those that began less than an hour before the last.
fn last_hour(minutes: Vec<Period>) -> Vec<Period> {
    let Some(last) = minutes.last().map(|minute| minute.start) else { return Vec::new() };
    let is_recent = |minute: &Period| last.since(minute.start) < Duration::from_hours(1);
    minutes.into_iter().filter(is_recent).collect()
}

/// How a swarm did before.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PerformanceHistory {
    /// The swarm.
    pub swarm: SwarmId,
    /// The latest hours in which tasks ended, oldest first.
    pub hours: Vec<Period>,
    /// The latest minutes in which tasks ended, oldest first.
    pub minutes: Vec<Period>,
}

impl PerformanceHistory {
    /// What is kept of `swarm`.
    #[must_use]
    pub fn new(swarm: SwarmId, performance: &Performance) -> Self {
        Self { swarm, hours: performance.history.hours(), minutes: performance.history.minutes() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Alert, Outcome, Sample, Verdict};
    use super::*;

    fn contract(slos: &str) -> Contract {
        let text = format!("swarm_id: s\nversion: 1.2.0\ncapabilities: [a:b]\nslos: {{{slos}}}\n");
        Contract::parse(&text, "c").unwrap()
    }

    fn report(slos: &str, tasks: &[(u64, Outcome)]) -> PerformanceReport {
        let (contract, now) = (contract(slos), Timestamp::from_micros(0));
        let mut performance = Performance::default();
        for (millis, outcome) in tasks {
            let sample = Sample::new(now, Duration::from_millis(*millis), *outcome, None);
            performance.record(sample, contract.slos(), "tester");
        }
        PerformanceReport::new(&contract, &performance, now)
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
    fn a_slow_swarm_misses_its_latency() {
        let slow = report("p99_latency_ms: 9", &[(10, Outcome::Success)]);
        assert_eq!(slow.objectives[0].verdict, Verdict::Missed);
        assert!(slow.objectives[0].error_budget_left.unwrap() < 0.0);
        let fast = report("p99_latency_ms: 10", &[(10, Outcome::Success)]);
        assert_eq!(fast.objectives[0].verdict, Verdict::Met);
        assert_eq!(fast.objectives[0].error_budget_left, Some(1.0));
    }

    #[test]
    fn a_promise_that_is_broken_over_and_over_calls_somebody() {
        let tasks = [(1, Outcome::Failure(FailureClass::Trap)), (1, Outcome::Success)];
        let broken = report("success_rate: 0.99, availability: 0.5", &tasks);
        let alerts = |at: usize| broken.objectives[at].burn.iter().map(|burn| burn.alert).collect::<Vec<_>>();
        assert_eq!(broken.objectives[0].burn[0].long.rate, Some(50.0));
        assert_eq!(alerts(0), [Some(Alert::Page), Some(Alert::Page), Some(Alert::Ticket)]);
        assert_eq!(broken.objectives[1].burn[0].long.rate, Some(1.0));
        assert_eq!(alerts(1), [None; 3]);
    }

    #[test]
    fn the_last_hour_ends_with_the_last_task() {
        let mut performance = Performance::default();
        for minute in [0, 1, 30, 60] {
            let at = Timestamp::from_micros(minute * 60_000_000);
            let sample = Sample::new(at, Duration::from_millis(1), Outcome::Success, None);
            performance.record(sample, contract("").slos(), "tester");
        }
        let later = Timestamp::from_micros(1_764_000_000_000_000);
        let report = PerformanceReport::new(&contract(""), &performance, later);
        let minutes: Vec<i64> =
            report.last_hour.iter().map(|minute| minute.start.as_micros() / 60_000_000).collect();
        assert_eq!(minutes, [1, 30, 60]);
        assert_eq!(PerformanceHistory::new("s".parse().unwrap(), &performance).hours.len(), 2);
    }
}
