//! Statistics: what an operator wants to know about a running engine.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use hdrhistogram::Histogram;
use serde::Serialize;

/// Figures of one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statistics {
    /// The newest revision.
    pub revision: i64,
    /// Revisions before this one are gone; -1 when nothing was ever compacted.
    pub compact_revision: i64,
    /// Keys that exist now.
    pub keys: usize,
    /// Leases that live.
    pub leases: usize,
    /// Watches that are open.
    pub watchers: usize,
    /// The size of the file in bytes.
    pub db_size_bytes: u64,
    /// Memory that all kept versions take, in bytes, roughly.
    pub history_bytes: usize,
    /// The median time of a commit, in microseconds; 0 before the first.
    pub commit_p50_micros: u64,
    /// The 99th percentile of the time of a commit, in microseconds; 0 before the first.
    pub commit_p99_micros: u64,
}

/// How long commits took since the engine was opened.
#[derive(Debug)]
pub(crate) struct CommitTimes(Mutex<Histogram<u64>>);

/// The longest time that is told apart.
const LONGEST_MICROS: u64 = 60_000_000;

impl CommitTimes {
    pub(crate) fn new() -> Self {
        // The bounds are constants that the histogram accepts; were they not, an unbounded one serves as well.
        let histogram = Histogram::new_with_max(LONGEST_MICROS, 2).or_else(|_| Histogram::new(2));
        Self(Mutex::new(histogram.unwrap_or_else(|_| unreachable!("two significant digits are allowed"))))
    }

    pub(crate) fn record(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(LONGEST_MICROS);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).saturating_record(micros);
    }

    /// The median and the 99th percentile, in microseconds.
    pub(crate) fn quantiles(&self) -> (u64, u64) {
        let histogram = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        (histogram.value_at_quantile(0.5), histogram.value_at_quantile(0.99))
    }
}
