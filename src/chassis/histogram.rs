//! The histogram: the latencies of all tasks ever, in the room of a few hundred.
//!
//! Pure. It is an HDR histogram (Gil Tene) of two significant digits: a percentile is at most 1 % too high, and never too
//! low. In JSON it is the V2 encoding of the `HdrHistogram` project in which that project's tools read.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::Histogram as Hdr;
use hdrhistogram::serialization::{Deserializer as HdrDeserializer, Serializer as _, V2Serializer};
use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::latency::{Latency, millis, rank};
use super::share::number;

/// As long as a contract allows a task to take, in microseconds; what took longer counts as this.
const LONGEST_US: u64 = 86_400_000_000;
/// Within 1 % of what was measured.
const SIGNIFICANT_DIGITS: u8 = 2;

/// How often which latency was seen.
#[derive(Debug, Clone, PartialEq)]
pub struct Histogram(Hdr<u64>);

impl Default for Histogram {
    #[expect(clippy::expect_used, reason = "the bounds are constants that fit each other")]
    fn default() -> Self {
        Self(Hdr::new_with_bounds(1, LONGEST_US, SIGNIFICANT_DIGITS).expect("constants fit"))
    }
}

impl Histogram {
    /// Adds a task that took so many microseconds.
    pub fn record(&mut self, latency_us: u64) {
        self.0.saturating_record(latency_us);
    }

    /// Percentiles of everything that was recorded; none of nothing.
    #[must_use]
    pub fn latency(&self) -> Option<Latency> {
        let n = self.0.len();
        // Half a rank lower, for the rank itself may lie on either side of the number that stands for it.
        let at = |percent| self.0.value_at_quantile((number(rank(percent, n)) - 0.5) / number(n));
        let [p50_ms, p90_ms, p99_ms] = [50, 90, 99].map(|percent| millis(at(percent)));
        (n > 0).then_some(Latency { n, p50_ms, p90_ms, p99_ms })
    }
}

impl Serialize for Histogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::new();
        V2Serializer::new().serialize(&self.0, &mut bytes).map_err(S::Error::custom)?;
        serializer.serialize_str(&STANDARD.encode(&bytes))
    }
}

impl<'de> Deserialize<'de> for Histogram {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD.decode(&text).map_err(|_| D::Error::custom("a histogram is not in base64"))?;
        HdrDeserializer::new()
            .deserialize(&mut bytes.as_slice())
            .map(Self)
            .map_err(|error| D::Error::custom(format_args!("a histogram is malformed: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn of(latencies: impl IntoIterator<Item = u64>) -> Histogram {
        let mut histogram = Histogram::default();
        latencies.into_iter().for_each(|latency| histogram.record(latency));
        histogram
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank_and_one_per_cent() {
        for n in [1, 99, 100, 101, 10_000] {
            let all = || (1..=n).map(|task| task * 1000);
            let (exact, kept) = (Latency::of(all()).unwrap(), of(all()).latency().unwrap());
            assert_eq!(kept.n, n);
            for (exact, kept) in
                [(exact.p50_ms, kept.p50_ms), (exact.p90_ms, kept.p90_ms), (exact.p99_ms, kept.p99_ms)]
            {
                assert!((exact..=exact * 1.01).contains(&kept), "{n}: {kept} for {exact}");
            }
        }
        assert_eq!(Histogram::default().latency(), None);
    }

    #[test]
    fn what_is_no_histogram_is_refused() {
        let whole = serde_json::to_string(&of([1000])).unwrap();
        for text in
            [r#""""#, r#""!""#, r#""AAAA""#, "7", &whole.replace("AAAA", "AA"), &whole[..whole.len() / 2]]
        {
            assert!(serde_json::from_str::<Histogram>(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_fullest_histogram_is_small() {
        let step = |latency: &u64| Some(latency + (latency / 150).max(1));
        let full = of(std::iter::successors(Some(1), step).take_while(|latency| *latency < 2 * LONGEST_US));
        assert!(full.0.len() > 3000, "{}", full.0.len());
        let text = serde_json::to_string(&full).unwrap();
        assert!(text.len() < 10 << 10, "{} bytes", text.len());
    }

    proptest! {
        #[test]
        fn a_histogram_survives_the_store(latencies: Vec<u64>) {
            let histogram = of(latencies);
            let text = serde_json::to_string(&histogram).unwrap();
            prop_assert_eq!(serde_json::from_str::<Histogram>(&text).unwrap(), histogram);
        }
    }
}
