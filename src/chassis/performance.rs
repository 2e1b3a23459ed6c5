//! Performance: the record of how a swarm's tasks went, one JSON value in the store.
//!
//! Pure. Counts and the histogram of latencies go back to the first task; what is judged comes from the last [`WINDOW`]
//! tasks, as in the original design, and how fast it gets worse from the minutes and hours of the history. All of it is
//! bounded: the value stays well below 64 KiB.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::contract::Slos;
use super::failure::{FailureClass, GuestFailure};
use super::histogram::Histogram;
use super::history::History;
use crate::clock::Timestamp;
use crate::id::TaskId;

/// How many of the latest tasks are kept one by one.
pub const WINDOW: usize = 100;

/// How one task ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome", content = "class")]
pub enum Outcome {
    /// With an answer.
    Success,
    /// Without one.
    Failure(FailureClass),
}

impl Outcome {
    /// Whether the swarm answered at all, well or badly.
    #[must_use]
    pub fn is_answer(self) -> bool {
        matches!(self, Self::Success | Self::Failure(FailureClass::Result | FailureClass::Failed))
    }

    /// Whether its latency says how long the swarm takes: a trap ends a task early, which is not speed; a timeout
    /// counts at its deadline.
    #[must_use]
    pub fn is_timed(self) -> bool {
        self.is_answer() || self == Self::Failure(FailureClass::Timeout)
    }
}

impl<T> From<&Result<T, GuestFailure>> for Outcome {
    fn from(outcome: &Result<T, GuestFailure>) -> Self {
        outcome.as_ref().map_or_else(|failure| Self::Failure(failure.class()), |_| Self::Success)
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Success => f.pad("success"),
            Self::Failure(class) => class.fmt(f),
        }
    }
}

/// One task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sample {
    /// When it ended.
    pub at: Timestamp,
    /// How long it took, in microseconds.
    pub latency_us: u64,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// Its name, if it had one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// How often the task had been tried, this time included; 0 where nobody counts.
    #[serde(default, skip_serializing_if = "is_none_yet")]
    pub attempt: u32,
    /// Whether it counts for the reputation: somebody else had submitted the task.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub graded: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
fn is_none_yet(attempt: &u32) -> bool {
    *attempt == 0
}

impl Sample {
    /// A task that ended at `at` after `latency`.
    #[must_use]
    pub fn new(at: Timestamp, latency: Duration, outcome: Outcome, task: Option<TaskId>) -> Self {
        let latency_us = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        Self { at, latency_us, outcome, task, attempt: 0, graded: false }
    }

    /// The same task, which somebody else had submitted: it counts for the reputation, once for each attempt.
    #[must_use]
    pub fn graded(self, attempt: u32) -> Self {
        Self { attempt, graded: true, ..self }
    }

    /// Its latency in microseconds, if that says how long the swarm takes.
    #[must_use]
    pub fn timed_us(&self) -> Option<u64> {
        self.outcome.is_timed().then_some(self.latency_us)
    }
}

/// How a swarm's tasks went.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Performance {
    /// When the first task ended.
    pub since: Option<Timestamp>,
    /// All tasks.
    pub total: u64,
    /// Those with an answer.
    pub succeeded: u64,
    /// Those without, by class.
    pub failures: BTreeMap<FailureClass, u64>,
    /// The latest tasks, oldest first.
    pub window: VecDeque<Sample>,
    /// The latencies of all tasks since it is kept.
    #[serde(default)]
    pub latency: Histogram,
    /// What ended minute by minute and hour by hour.
    #[serde(default)]
    pub(super) history: History,
    /// Which write this is: who has lost the answer to one finds out whether it was made.
    #[serde(default)]
    pub write: String,
    /// Who ran the latest task.
    pub by: String,
    /// What was done.
    pub op: String,
}

impl Performance {
    /// Adds one task, run by `by` when `slos` were promised.
    pub fn record(&mut self, sample: Sample, slos: &Slos, by: &str) {
        self.since.get_or_insert(sample.at);
        let counter = match sample.outcome {
            Outcome::Success => &mut self.succeeded,
            Outcome::Failure(class) => self.failures.entry(class).or_default(),
        };
        *counter = counter.saturating_add(1);
        self.total = self.total.saturating_add(1);
        sample.timed_us().into_iter().for_each(|latency| self.latency.record(latency));
        self.history.record(&sample, slos.p99_latency_ms.map(super::contract::Bounded::get));
        self.window.push_back(sample);
        while self.window.len() > WINDOW {
            self.window.pop_front();
        }
        by.clone_into(&mut self.by);
        "record".clone_into(&mut self.op);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_go_back_to_the_first_task_and_the_window_to_the_hundredth() {
        let mut performance = Performance::default();
        for second in 0..250_u32 {
            let at = Timestamp::from_micros(i64::from(second) * 1_000_000);
            let outcome =
                if second % 10 == 0 { Outcome::Failure(FailureClass::Trap) } else { Outcome::Success };
            let sample = Sample::new(at, Duration::from_millis(1), outcome, None);
            performance.record(sample, &Slos::default(), "tester");
        }
        assert_eq!((performance.total, performance.succeeded), (250, 225));
        assert_eq!(performance.failures, BTreeMap::from([(FailureClass::Trap, 25)]));
        assert_eq!(performance.window.len(), WINDOW);
        assert_eq!(performance.window[0].at, Timestamp::from_micros(150_000_000));
        assert_eq!(performance.since, Some(Timestamp::from_micros(0)));
    }

    #[test]
    fn a_record_survives_the_store() {
        let mut performance = Performance::default();
        let task = "build-7".parse().ok();
        let failure = Outcome::Failure(FailureClass::Timeout);
        for outcome in [Outcome::Success, failure] {
            let at = Timestamp::from_micros(1_764_000_000_000_000);
            let sample = Sample::new(at, Duration::from_secs(3), outcome, task.clone());
            performance.record(sample, &Slos::default(), "tester");
        }
        let json = serde_json::to_string(&performance).unwrap();
        assert!(
            json.contains(r#""latency_us":3000000,"outcome":"failure","class":"timeout","task":"build-7""#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Performance>(&json).unwrap(), performance);
    }

    #[test]
    fn a_record_of_before_the_histogram_is_read_and_goes_on() {
        let old = r#"{"since":"2026-01-01T00:00:00Z","total":7,"succeeded":6,"failures":{"trap":1},
            "window":[{"at":"2026-01-01T00:00:00Z","latency_us":5,"outcome":"success"}],"by":"b","op":"exec"}"#;
        let mut performance: Performance = serde_json::from_str(old).unwrap();
        assert_eq!((performance.latency.latency(), performance.window[0].graded), (None, false));
        let at = Timestamp::from_micros(1_764_000_000_000_000);
        let sample = Sample::new(at, Duration::from_secs(3), Outcome::Success, None);
        performance.record(sample, &Slos::default(), "tester");
        assert_eq!((performance.total, performance.latency.latency().unwrap().n), (8, 1));
    }

    #[test]
    fn the_fullest_record_stays_well_below_its_limit() {
        let slos =
            Slos { p99_latency_ms: Some(super::super::contract::Bounded::fixed::<1>()), ..Slos::default() };
        let task: TaskId = "t".repeat(128).parse().unwrap();
        let mut performance = Performance::default();
        let mut latency = Duration::from_micros(100);
        for hour in 0..5000_i64 {
            let at = Timestamp::from_micros(1_764_000_000_123_456 + hour * 3_601_000_000);
            // Every latency that the histogram tells apart, the longest last.
            latency += latency / 200;
            let sample =
                Sample::new(at, latency, Outcome::Failure(FailureClass::Timeout), Some(task.clone()));
            performance.record(sample.graded(u32::MAX), &slos, &"b".repeat(128));
        }
        let bytes = serde_json::to_vec(&performance).unwrap().len();
        assert!((20_000..60_000).contains(&bytes), "{bytes} bytes");
    }
}
