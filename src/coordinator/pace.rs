//! Pace: how fast pushes and commits are, measured over the last minutes.
//!
//! Pure: callers measure and say what time it is.

use std::collections::VecDeque;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// What is older does not count.
pub const WINDOW: Duration = Duration::from_mins(5);

/// In how many parts the window slides.
const PARTS: i64 = 10;

/// The longest time that is told apart.
const LONGEST_MICROS: u64 = 3_600_000_000;

/// How fast the leader works, as everybody may read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// When this was written; it is rewritten whenever it would say something else.
    pub at: Timestamp,
    /// How far back it goes.
    pub window_seconds: u64,
    /// From a task's being ready to its being pushed: how long it waited for a free worker, and for the leader.
    pub waited: Quantiles,
    /// From a push to its acknowledgement, by the clocks of leader and worker.
    pub delivered: Quantiles,
    /// How long the store took to commit what the leader assigned, there and back.
    pub committed: Quantiles,
    /// Who wrote this.
    pub by: String,
    /// By what operation.
    pub op: String,
}

impl Pace {
    /// Whether nothing was measured.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        [self.waited, self.delivered, self.committed].iter().all(|quantiles| quantiles.count == 0)
    }
}

/// What many durations come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantiles {
    /// How many there were.
    pub count: u64,
    /// The median, in microseconds; 0 when there were none.
    pub p50_micros: u64,
    /// The 99th percentile, in microseconds; 0 when there were none.
    pub p99_micros: u64,
}

/// Durations of the last minutes.
#[derive(Debug, Default)]
pub struct Durations {
    /// Those of each part of the window, by its number since 1970; oldest first.
    parts: VecDeque<(i64, Histogram<u64>)>,
}

impl Durations {
    /// Notes one.
    pub fn note(&mut self, duration: Duration, now: Timestamp) {
        self.forget(now);
        let part = part_of(now);
        if self.parts.back().is_none_or(|(last, _)| *last < part) {
            let Ok(histogram) = Histogram::new_with_max(LONGEST_MICROS, 2) else { return };
            self.parts.push_back((part, histogram));
        }
        if let Some((_, histogram)) = self.parts.back_mut() {
            histogram.saturating_record(u64::try_from(duration.as_micros()).unwrap_or(LONGEST_MICROS));
        }
    }

    /// What they come to.
    #[must_use]
    pub fn quantiles(&mut self, now: Timestamp) -> Quantiles {
        self.forget(now);
        let mut parts = self.parts.iter().map(|(_, histogram)| histogram);
        let Some(mut all) = parts.next().cloned() else { return Quantiles::default() };
        for part in parts {
            // All have the same bounds, so none is too large for the sum.
            let _ = all.add(part);
        }
        let (p50_micros, p99_micros) = (all.value_at_quantile(0.5), all.value_at_quantile(0.99));
        Quantiles { count: all.len(), p50_micros, p99_micros }
    }

    fn forget(&mut self, now: Timestamp) {
        let oldest = part_of(now) - PARTS;
        while self.parts.front().is_some_and(|(part, _)| *part <= oldest) {
            self.parts.pop_front();
        }
    }
}

fn part_of(now: Timestamp) -> i64 {
    let length = i64::try_from(WINDOW.as_micros()).unwrap_or(i64::MAX) / PARTS;
    now.as_micros().div_euclid(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).after(Duration::from_secs(seconds))
    }

    #[test]
    fn quantiles_are_those_of_the_last_minutes() {
        let mut durations = Durations::default();
        assert_eq!(durations.quantiles(at(0)), Quantiles::default());
        for _ in 0..50 {
            durations.note(Duration::from_secs(2), at(0));
        }
        for micros in 1..=100 {
            durations.note(Duration::from_micros(micros), at(299));
        }
        let both = durations.quantiles(at(299));
        assert_eq!(both.count, 150);
        assert!(both.p50_micros < 100 && both.p99_micros > 1_900_000, "{both:?}");
        let later = durations.quantiles(at(301));
        assert_eq!((later.count, later.p50_micros, later.p99_micros), (100, 50, 99));
        assert_eq!(durations.quantiles(at(700)).count, 0);
    }

    #[test]
    fn a_clock_that_goes_back_loses_nothing() {
        let mut durations = Durations::default();
        durations.note(Duration::from_millis(1), at(1000));
        durations.note(Duration::from_millis(1), at(10));
        assert_eq!(durations.quantiles(at(1000)).count, 2);
    }

    #[test]
    fn what_lasts_for_ever_counts_as_the_longest() {
        let mut durations = Durations::default();
        durations.note(Duration::MAX, at(0));
        assert_eq!(durations.quantiles(at(0)).count, 1);
    }
}
