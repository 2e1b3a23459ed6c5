//! Performance: the record of how a swarm's tasks went, one JSON value in the store.
//!
//! Pure. Counts go back to the first task; everything that is judged comes from the last [`WINDOW`] tasks, as in the
//! original design.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::failure::{FailureClass, GuestFailure};
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
}

impl Sample {
    /// A task that ended at `at` after `latency`.
    #[must_use]
    pub fn new(at: Timestamp, latency: Duration, outcome: Outcome, task: Option<TaskId>) -> Self {
        Self { at, latency_us: u64::try_from(latency.as_micros()).unwrap_or(u64::MAX), outcome, task }
    }
}

/// How a swarm's tasks went.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    /// Who ran the latest task.
    pub by: String,
    /// What was done.
    pub op: String,
}

impl Performance {
    /// Adds one task, run by `by`.
    pub fn record(&mut self, sample: Sample, by: &str) {
        self.since.get_or_insert(sample.at);
        self.total += 1;
        match sample.outcome {
            Outcome::Success => self.succeeded += 1,
            Outcome::Failure(class) => *self.failures.entry(class).or_default() += 1,
        }
        self.window.push_back(sample);
        while self.window.len() > WINDOW {
            self.window.pop_front();
        }
        by.clone_into(&mut self.by);
        "exec".clone_into(&mut self.op);
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
            performance.record(Sample::new(at, Duration::from_millis(1), outcome, None), "tester");
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
            performance.record(Sample::new(at, Duration::from_secs(3), outcome, task.clone()), "tester");
        }
        let json = serde_json::to_string(&performance).unwrap();
        assert!(
            json.contains(r#""latency_us":3000000,"outcome":"failure","class":"timeout","task":"build-7""#),
            "{json}"
        );
        assert_eq!(serde_json::from_str::<Performance>(&json).unwrap(), performance);
    }
}
