//! A benchmark in figures: what is to be measured, and what it came to.
//!
//! Pure: times are passed in. Quantiles are exact to a thousandth, and a minute is the longest time told apart.

use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// The longest time that is told apart.
const LONGEST_MICROS: u64 = 60_000_000;

/// What is to be measured.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How long each measurement lasts.
    pub duration: Duration,
    /// How many claim at the same time.
    pub clients: usize,
    /// How many workers are connected while tasks are pushed.
    pub watchers: usize,
}

/// What it came to.
#[derive(Debug, Clone, Serialize)]
pub struct Figures {
    /// The version of the etcd API.
    pub version: String,
    /// How many claimed at the same time.
    pub clients: usize,
    /// Claims, and how long each took.
    pub claims: Speed,
    /// How many workers were connected.
    pub watchers: usize,
    /// Pushes, one at a time, and how long each took from submitting the task to its receipt.
    pub pushes: Speed,
    /// How long this machine's disk takes to keep a little; none when the store may be on another machine.
    pub fdatasync: Option<Latency>,
}

/// So much in so much time.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Speed {
    /// How many.
    pub count: u64,
    /// In how many seconds.
    pub seconds: f64,
    /// How many a second.
    pub per_second: f64,
    /// How long one took.
    #[serde(flatten)]
    pub latency: Latency,
}

/// How long something took.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// Half of them took at most so many microseconds.
    pub p50_us: u64,
    /// 99 of 100 took at most so many microseconds.
    pub p99_us: u64,
}

/// How long each of many took.
#[derive(Debug, Clone)]
pub struct Times(Histogram<u64>);

impl Default for Times {
    fn default() -> Self {
        // The bounds are constants that the histogram accepts; were they not, an unbounded one serves as well.
        let histogram = Histogram::new_with_max(LONGEST_MICROS, 3).or_else(|_| Histogram::new(3));
        Self(histogram.unwrap_or_else(|_| unreachable!("three significant digits are allowed")))
    }
}

impl Times {
    /// Notes one.
    pub fn note(&mut self, time: Duration) {
        self.0.saturating_record(u64::try_from(time.as_micros()).unwrap_or(LONGEST_MICROS));
    }

    /// Takes in what another has noted.
    pub fn take_in(&mut self, other: &Self) {
        self.0 += &other.0;
    }

    /// How many there are.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// A quantile in microseconds; 0 of none.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> u64 {
        self.0.value_at_quantile(quantile)
    }

    /// Median and 99th percentile.
    #[must_use]
    pub fn latency(&self) -> Latency {
        Latency { p50_us: self.quantile(0.5), p99_us: self.quantile(0.99) }
    }

    /// All of them in so much time.
    #[must_use]
    pub fn within(&self, time: Duration) -> Speed {
        let count = self.count();
        let seconds = time.as_secs_f64();
        let per_second = u32::try_from(count).map_or(f64::INFINITY, f64::from) / seconds;
        Speed { count, seconds, per_second, latency: self.latency() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_several_have_noted_is_one() {
        let [mut some, mut others] = [Times::default(), Times::default()];
        (1..=99).for_each(|millis| some.note(Duration::from_millis(millis)));
        others.note(Duration::from_secs(3));
        some.take_in(&others);
        let speed = some.within(Duration::from_secs(4));
        assert_eq!((speed.count, speed.per_second), (100, 25.0));
        assert!((50_000..50_100).contains(&speed.latency.p50_us), "{speed:?}");
        assert!((99_000..99_100).contains(&speed.latency.p99_us), "{speed:?}");
        assert!(some.quantile(1.0) >= 3_000_000);
    }

    #[test]
    fn nothing_takes_no_time() {
        assert_eq!(Times::default().latency(), Latency { p50_us: 0, p99_us: 0 });
    }
}
