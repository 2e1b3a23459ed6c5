//! The history: how tasks ended minute by minute and hour by hour.
//!
//! Pure. Bounded by count, not by time: a host whose clock is ahead takes one place and drives nothing out.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::latency::millis;
use super::performance::{Outcome, Sample};
use super::share::{number, share};
use crate::clock::Timestamp;

/// How many minutes are kept, of those in which a task ended: an hour, and room for clocks that differ.
const MINUTES: usize = 75;
/// How many hours: three days, and room for clocks that differ.
const HOURS: usize = 80;

/// What ended within one minute or one hour. In JSON a list of numbers in this order; those that are missing are 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Vec<u64>", into = "Vec<u64>")]
pub(super) struct Bucket {
    /// Which one, counted from 1970.
    pub(super) index: u64,
    /// How many tasks ended.
    pub(super) n: u64,
    /// Those without a good answer.
    pub(super) failed: u64,
    /// Those without any.
    pub(super) unanswered: u64,
    /// Those whose latency counts.
    pub(super) timed: u64,
    /// Their latencies together, in microseconds.
    pub(super) total_us: u64,
    /// The longest of them.
    pub(super) longest_us: u64,
    /// Those that had to end within the promised latency.
    pub(super) judged: u64,
    /// Those of them that did not.
    pub(super) late: u64,
}

impl From<Vec<u64>> for Bucket {
    fn from(numbers: Vec<u64>) -> Self {
        let at = |place: usize| numbers.get(place).copied().unwrap_or_default();
        Self {
            index: at(0),
            n: at(1),
            failed: at(2),
            unanswered: at(3),
            timed: at(4),
            total_us: at(5),
            longest_us: at(6),
            judged: at(7),
            late: at(8),
        }
    }
}

impl From<Bucket> for Vec<u64> {
    fn from(bucket: Bucket) -> Self {
        let Bucket { index, n, failed, unanswered, timed, total_us, longest_us, judged, late } = bucket;
        vec![index, n, failed, unanswered, timed, total_us, longest_us, judged, late]
    }
}

impl Bucket {
    /// One task alone; `promised_ms` is the latency that was promised when it ran.
    fn of(sample: &Sample, promised_ms: Option<u32>) -> Self {
        let timed = sample.outcome.is_timed();
        let latency_us = if timed { sample.latency_us } else { 0 };
        let judged = promised_ms.filter(|_| timed);
        let late = judged.is_some_and(|promised| latency_us > u64::from(promised) * 1000);
        Self {
            index: 0,
            n: 1,
            failed: u64::from(sample.outcome != Outcome::Success),
            unanswered: u64::from(!sample.outcome.is_answer()),
            timed: u64::from(timed),
            total_us: latency_us,
            longest_us: latency_us,
            judged: u64::from(judged.is_some()),
            late: u64::from(late),
        }
    }

    /// Both together; the place is that of the first. What the store was made to say adds up to at most the largest number.
    fn plus(self, other: Self) -> Self {
        Self {
            index: self.index,
            n: self.n.saturating_add(other.n),
            failed: self.failed.saturating_add(other.failed),
            unanswered: self.unanswered.saturating_add(other.unanswered),
            timed: self.timed.saturating_add(other.timed),
            total_us: self.total_us.saturating_add(other.total_us),
            longest_us: self.longest_us.max(other.longest_us),
            judged: self.judged.saturating_add(other.judged),
            late: self.late.saturating_add(other.late),
        }
    }
}

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Minute,
    Hour,
}

impl Unit {
    fn micros(self) -> u64 {
        match self {
            Self::Minute => 60_000_000,
            Self::Hour => 3_600_000_000,
        }
    }

    /// Which bucket a moment lies in; what is before 1970 lies in the first.
    fn index(self, at: Timestamp) -> u64 {
        u64::try_from(at.as_micros()).unwrap_or_default() / self.micros()
    }

    fn start(self, index: u64) -> Timestamp {
        Timestamp::from_micros(i64::try_from(index.saturating_mul(self.micros())).unwrap_or(i64::MAX))
    }
}

/// The latest minutes and hours in which tasks ended, oldest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct History {
    #[serde(default)]
    minutes: Vec<Bucket>,
    #[serde(default)]
    hours: Vec<Bucket>,
}

impl History {
    /// Adds a task; `promised_ms` is the latency that was promised when it ran.
    pub(super) fn record(&mut self, sample: &Sample, promised_ms: Option<u32>) {
        let bucket = Bucket::of(sample, promised_ms);
        add(&mut self.minutes, Unit::Minute.index(sample.at), bucket, MINUTES);
        add(&mut self.hours, Unit::Hour.index(sample.at), bucket, HOURS);
    }

    /// Everything that ended in the last `window`: in whole minutes up to an hour, above that in whole hours, so that it
    /// reaches back by at most one of them too far.
    pub(super) fn within(&self, window: Duration, now: Timestamp) -> Bucket {
        let (unit, buckets) = if window <= Duration::from_hours(1) {
            (Unit::Minute, &self.minutes)
        } else {
            (Unit::Hour, &self.hours)
        };
        let length = u64::try_from(window.as_micros()).unwrap_or(u64::MAX) / unit.micros();
        let newest = unit.index(now);
        // One more, for whoever recorded it with a clock that is a little ahead.
        let covered = newest.saturating_sub(length)..=newest.saturating_add(1);
        let inside = buckets.iter().filter(|bucket| covered.contains(&bucket.index));
        inside.fold(Bucket::default(), |sum, bucket| sum.plus(*bucket))
    }

    /// What is kept minute by minute.
    pub(super) fn minutes(&self) -> Vec<Period> {
        self.minutes.iter().map(|bucket| Period::new(*bucket, Unit::Minute)).collect()
    }

    /// What is kept hour by hour.
    pub(super) fn hours(&self) -> Vec<Period> {
        self.hours.iter().map(|bucket| Period::new(*bucket, Unit::Hour)).collect()
    }
}

fn add(buckets: &mut Vec<Bucket>, index: u64, bucket: Bucket, most: usize) {
    match buckets.binary_search_by_key(&index, |bucket| bucket.index) {
        Ok(place) => buckets[place] = buckets[place].plus(bucket),
        Err(place) => buckets.insert(place, Bucket { index, ..bucket }),
    }
    if let Some(surplus) = buckets.len().checked_sub(most) {
        buckets.drain(..surplus);
    }
}

/// What ended within one minute or hour, for people to read.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Period {
    /// When it began.
    pub start: Timestamp,
    /// How many tasks ended.
    pub n: u64,
    /// Those with a good answer.
    pub succeeded: u64,
    /// Their share.
    pub success_rate: Option<f64>,
    /// The share with any answer.
    pub availability: Option<f64>,
    /// How many took longer than was promised when they ran; none where nothing was.
    pub late: Option<u64>,
    /// How long they took on average, in milliseconds, of those whose latency counts.
    pub mean_ms: Option<f64>,
    /// How long the longest of them took.
    pub longest_ms: Option<f64>,
}

impl Period {
    fn new(bucket: Bucket, unit: Unit) -> Self {
        let succeeded = bucket.n.saturating_sub(bucket.failed);
        Self {
            start: unit.start(bucket.index),
            n: bucket.n,
            succeeded,
            success_rate: share(succeeded, bucket.n),
            availability: share(bucket.n.saturating_sub(bucket.unanswered), bucket.n),
            late: (bucket.judged > 0).then_some(bucket.late),
            mean_ms: share(bucket.total_us, bucket.timed).map(|mean| mean.round() / number(1000)),
            longest_ms: (bucket.timed > 0).then(|| millis(bucket.longest_us)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::FailureClass;
    use super::*;

    fn sample(second: i64, millis: u64, outcome: Outcome) -> Sample {
        let at = Timestamp::from_micros(second * 1_000_000);
        Sample::new(at, Duration::from_millis(millis), outcome, None)
    }

    fn counts(bucket: Bucket) -> [u64; 6] {
        [bucket.n, bucket.failed, bucket.unanswered, bucket.timed, bucket.judged, bucket.late]
    }

    #[test]
    fn every_ending_counts_where_it_belongs() {
        use FailureClass::{Result, Timeout, Trap};
        let cases = [
            (sample(0, 5, Outcome::Success), Some(5), [1, 0, 0, 1, 1, 0]),
            (sample(0, 6, Outcome::Success), Some(5), [1, 0, 0, 1, 1, 1]),
            (sample(0, 6, Outcome::Success), None, [1, 0, 0, 1, 0, 0]),
            (sample(0, 6, Outcome::Failure(Result)), Some(5), [1, 1, 0, 1, 1, 1]),
            (sample(0, 6, Outcome::Failure(Timeout)), Some(5), [1, 1, 1, 1, 1, 1]),
            (sample(0, 6, Outcome::Failure(Trap)), Some(5), [1, 1, 1, 0, 0, 0]),
        ];
        for (sample, promised, expected) in cases {
            assert_eq!(counts(Bucket::of(&sample, promised)), expected, "{sample:?}");
        }
    }

    #[test]
    fn a_window_covers_its_length_and_at_most_one_bucket_more() {
        let mut history = History::default();
        for minute in 0..600 {
            history.record(&sample(minute * 60, 1, Outcome::Success), None);
        }
        let now = Timestamp::from_micros(599 * 60_000_000 + 30_000_000);
        let within = |minutes: u64| history.within(Duration::from_mins(minutes), now).n;
        assert_eq!([5, 30, 60].map(within), [6, 31, 61]);
        // Six hours back is hour 3, which counts whole.
        assert_eq!(within(360), 600 - 3 * 60);
        assert_eq!(within(3 * 24 * 60), 600);
        let later = now.after(Duration::from_hours(96));
        assert_eq!(history.within(Duration::from_hours(72), later).n, 0);
    }

    #[test]
    fn a_clock_that_is_ahead_drives_nothing_out() {
        let mut history = History::default();
        for second in [0, 4_000_000_000, 60, 61] {
            history.record(&sample(second, 1, Outcome::Success), None);
        }
        let now = Timestamp::from_micros(61_000_000);
        assert_eq!(history.within(Duration::from_mins(5), now).n, 3);
        assert_eq!(history.minutes().iter().map(|minute| minute.n).collect::<Vec<_>>(), [1, 2, 1]);
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let mut history = History::default();
        for hour in 0..500 {
            history.record(&sample(hour * 3600, 1, Outcome::Success), Some(1));
        }
        assert_eq!((history.minutes.len(), history.hours.len()), (MINUTES, HOURS));
        assert_eq!(history.hours[0].index, 420);
    }

    #[test]
    fn a_history_survives_the_store_and_a_shorter_one_is_read() {
        let mut history = History::default();
        history.record(&sample(3600, 5, Outcome::Failure(FailureClass::Timeout)), Some(1));
        let text = serde_json::to_string(&history).unwrap();
        assert_eq!(text, r#"{"minutes":[[60,1,1,1,1,5000,5000,1,1]],"hours":[[1,1,1,1,1,5000,5000,1,1]]}"#);
        assert_eq!(serde_json::from_str::<History>(&text).unwrap(), history);
        let short: History = serde_json::from_str(r#"{"minutes":[[60,1]]}"#).unwrap();
        assert_eq!(short.minutes, [Bucket { index: 60, n: 1, ..Bucket::default() }]);
        let full = History { minutes: vec![Bucket { n: u64::MAX, ..Bucket::default() }], hours: Vec::new() };
        let mut full = full;
        full.record(&sample(0, 5, Outcome::Success), None);
        assert_eq!(full.minutes[0].n, u64::MAX);
    }

    #[test]
    fn a_period_says_nothing_of_what_was_not_measured() {
        let mut history = History::default();
        history.record(&sample(7200, 5, Outcome::Failure(FailureClass::Trap)), None);
        let hour = history.hours()[0];
        assert_eq!(hour.start, Timestamp::from_micros(7_200_000_000));
        assert_eq!((hour.n, hour.succeeded, hour.success_rate), (1, 0, Some(0.0)));
        assert_eq!((hour.late, hour.mean_ms, hour.longest_ms), (None, None, None));
    }
}
