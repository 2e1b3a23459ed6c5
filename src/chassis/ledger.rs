//! The ledger: what changes together when tasks are recorded.
//!
//! Pure. Every task counts for the performance; for the reputation only those that somebody else submitted, and each attempt once.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::contract::Slos;
use super::performance::{Performance, Sample};
use super::reputation::GradeBook;
use crate::id::TaskId;

/// A task that ended, and what was promised when it ran.
#[derive(Debug, Clone)]
pub(super) struct Ended {
    pub(super) sample: Sample,
    pub(super) slos: Slos,
    pub(super) contract_version: String,
}

impl Ended {
    /// The task that it is to be graded for.
    pub(super) fn graded_task(&self) -> Option<&TaskId> {
        self.sample.task.as_ref().filter(|_| self.sample.graded)
    }
}

/// How far a task was graded for a swarm, so that no attempt counts twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Mark {
    /// The last attempt that was.
    attempt: u32,
    /// Who ran it.
    #[serde(default)]
    by: String,
    /// What was done.
    #[serde(default)]
    op: String,
}

impl Mark {
    /// One that lets no attempt count any more.
    pub(super) fn closed() -> Self {
        Self { attempt: u32::MAX, by: String::new(), op: String::new() }
    }
}

/// Everything the store keeps of how a swarm did, as far as tasks that ended touch it.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    pub(super) performance: Performance,
    pub(super) book: GradeBook,
    /// By task.
    pub(super) marks: BTreeMap<TaskId, Mark>,
}

impl Ledger {
    /// Adds a task, run by `by`; says whether it was graded.
    pub(super) fn record(&mut self, ended: &Ended, by: &str) -> bool {
        let graded = self.is_new(ended);
        let sample = Sample { graded, ..ended.sample.clone() };
        if graded {
            self.book.grade(&sample, &ended.slos, &ended.contract_version, by);
            let mark = Mark { attempt: sample.attempt, by: by.to_owned(), op: "grade".to_owned() };
            self.marks.extend(sample.task.clone().map(|task| (task, mark)));
        }
        self.performance.record(sample, &ended.slos, by);
        graded
    }

    /// Whether it is to be graded and was not. A claim that was given back frees its number for the next one, which then is
    /// no new attempt.
    fn is_new(&self, ended: &Ended) -> bool {
        let before = |task| self.marks.get(task).map_or(0, |mark| mark.attempt);
        ended.graded_task().is_some_and(|task| ended.sample.attempt > before(task))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::Outcome;
    use super::*;
    use crate::clock::Timestamp;

    fn ended(task: Option<&str>, graded_as: Option<u32>) -> Ended {
        let task = task.map(|task| task.parse().unwrap());
        let sample = Sample::new(Timestamp::from_micros(0), Duration::from_millis(1), Outcome::Success, task);
        let sample = graded_as.map_or(sample.clone(), |attempt| sample.graded(attempt));
        Ended { sample, slos: Slos::default(), contract_version: "1".to_owned() }
    }

    #[test]
    fn every_task_counts_and_every_attempt_is_graded_once() {
        let mut ledger = Ledger::default();
        let cases = [
            (ended(None, None), false),
            (ended(Some("t"), None), false),
            (ended(Some("t"), Some(1)), true),
            (ended(Some("t"), Some(1)), false),
            (ended(Some("t"), Some(2)), true),
            (ended(Some("t"), Some(1)), false),
            (ended(Some("u"), Some(1)), true),
            (ended(Some("v"), Some(0)), false),
            (ended(None, Some(1)), false),
        ];
        for (place, (task, graded)) in cases.iter().enumerate() {
            assert_eq!(ledger.record(task, "tester"), *graded, "{place}");
            assert_eq!(ledger.performance.window[place].graded, *graded);
        }
        assert_eq!((ledger.performance.total, ledger.book.graded), (9, 3));
    }
}
