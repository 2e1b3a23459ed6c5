//! Latency: how long tasks took, as percentiles.
//!
//! Pure. Percentiles are those of the nearest rank: the smallest latency that at least p % of the tasks do not exceed.

use std::time::Duration;

use serde::Serialize;

/// Percentiles of the latency of those tasks that were answered or ran out of time, in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Latency {
    /// How many tasks.
    pub n: u64,
    /// Half of them take no longer.
    pub p50_ms: f64,
    /// Nine of ten.
    pub p90_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
}

impl Latency {
    /// The percentiles of latencies in microseconds, in any order; none of none.
    pub(super) fn of(latencies: impl IntoIterator<Item = u64>) -> Option<Self> {
        let mut sorted: Vec<u64> = latencies.into_iter().collect();
        sorted.sort_unstable();
        let percentile = |percent| nearest_rank(&sorted, percent).map(millis);
        Some(Self {
            n: u64::try_from(sorted.len()).unwrap_or(u64::MAX),
            p50_ms: percentile(50)?,
            p90_ms: percentile(90)?,
            p99_ms: percentile(99)?,
        })
    }
}

/// Microseconds as milliseconds.
pub(super) fn millis(micros: u64) -> f64 {
    (Duration::from_micros(micros).as_secs_f64() * 1_000_000.0).round() / 1000.0
}

/// The rank of a percentile among `n`, from 1 to `n`.
pub(super) fn rank(percent: u64, n: u64) -> u64 {
    percent.saturating_mul(n).div_ceil(100)
}

fn nearest_rank(sorted: &[u64], percent: u64) -> Option<u64> {
    let n = u64::try_from(sorted.len()).unwrap_or(u64::MAX);
    let index = usize::try_from(rank(percent, n).checked_sub(1)?).ok()?;
    sorted.get(index).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn latencies_need_no_order() {
        let latency = Latency::of([3000, 1000, 2000]).unwrap();
        assert_eq!((latency.n, latency.p50_ms, latency.p99_ms), (3, 2.0, 3.0));
        assert_eq!(Latency::of([]), None);
    }

    #[test]
    fn milliseconds_have_no_tail() {
        assert_eq!(millis(239).to_string(), "0.239");
        assert_eq!(millis(86_400_000_001).to_string(), "86400000.001");
    }
}
