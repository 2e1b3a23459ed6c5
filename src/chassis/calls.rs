//! Calls: what a swarm has had of each provider, in counts and sums.
//!
//! Pure. A tally only grows, so those of many processes are summed in any order.

use std::collections::VecDeque;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::id::{ProviderId, SwarmId};
use crate::money::Money;

/// How many writes a record remembers, so that none counts twice whose answer was lost.
const REMEMBERED: usize = 32;

/// How many calls there were, and what they came to. Those that were refused here are none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CallTally {
    /// How many were made.
    pub calls: u64,
    /// Those of them that speak against the provider: no answer, a failure of its own, a limit.
    pub failed: u64,
    /// What was sent in bodies, in bytes.
    pub bytes_out: u64,
    /// What came back in bodies, in bytes.
    pub bytes_in: u64,
    /// How long all of them took together, in microseconds.
    pub micros: u64,
    /// How long the longest took.
    pub longest_micros: u64,
    /// What was booked for them, in micro-dollars: more than any budget has.
    pub cost: u64,
    /// When the last one ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_at: Option<Timestamp>,
}

impl CallTally {
    /// One call.
    #[must_use]
    pub fn of_one(failed: bool, bytes: (u64, u64), took: Duration, cost: Money, at: Timestamp) -> Self {
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        Self {
            calls: 1,
            failed: u64::from(failed),
            bytes_out: bytes.0,
            bytes_in: bytes.1,
            micros,
            longest_micros: micros,
            cost: u64::try_from(cost.micros()).unwrap_or(0),
            last_at: Some(at),
        }
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            failed: self.failed.saturating_add(other.failed),
            bytes_out: self.bytes_out.saturating_add(other.bytes_out),
            bytes_in: self.bytes_in.saturating_add(other.bytes_in),
            micros: self.micros.saturating_add(other.micros),
            longest_micros: self.longest_micros.max(other.longest_micros),
            cost: self.cost.saturating_add(other.cost),
            last_at: self.last_at.max(other.last_at),
        }
    }

    /// How long a call took on average; nothing where there was none.
    #[must_use]
    pub fn mean_micros(&self) -> Option<u64> {
        self.micros.checked_div(self.calls)
    }
}

/// A tally as it is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CallRecord {
    /// The counts and sums.
    #[serde(flatten)]
    pub tally: CallTally,
    /// The names of the last writes, oldest first.
    #[serde(default)]
    pub writes: VecDeque<String>,
    /// Who wrote this.
    #[serde(default)]
    pub by: String,
    /// In which operation.
    #[serde(default)]
    pub op: String,
}

impl CallRecord {
    /// Whether the write of this name was made.
    #[must_use]
    pub(super) fn has(&self, write: &str) -> bool {
        self.writes.iter().any(|made| made == write)
    }

    /// The record with `more` added to it by the write of this name.
    #[must_use]
    pub(super) fn with(&self, more: CallTally, write: &str, by: &str) -> Self {
        let mut writes = self.writes.clone();
        writes.push_back(write.to_owned());
        writes.drain(..writes.len().saturating_sub(REMEMBERED));
        Self { tally: self.tally.and(more), writes, by: by.to_owned(), op: "chassis.call".to_owned() }
    }
}

/// What a swarm has had of one provider.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallLine {
    /// Who has called.
    pub swarm: SwarmId,
    /// Who was called.
    pub provider: ProviderId,
    /// The counts and sums.
    #[serde(flatten)]
    pub tally: CallTally,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(failed: bool, millis: u64, at: i64) -> CallTally {
        let (took, at) = (Duration::from_millis(millis), Timestamp::from_micros(at));
        CallTally::of_one(failed, (10, 100), took, Money::from_dollars(1), at)
    }

    #[test]
    fn tallies_are_summed_in_any_order() {
        let (one, other) = (call(false, 5, 7), call(true, 3, 2));
        assert_eq!(one.and(other), other.and(one));
        let both = one.and(other);
        assert_eq!((both.calls, both.failed, both.bytes_out, both.bytes_in), (2, 1, 20, 200));
        assert_eq!((both.mean_micros(), both.longest_micros), (Some(4000), 5000));
        assert_eq!((both.cost, both.last_at), (2_000_000, Some(Timestamp::from_micros(7))));
        assert_eq!(CallTally::default().mean_micros(), None);
    }

    #[test]
    fn a_write_is_known_again_for_a_while_and_a_record_of_a_newer_version_is_read() {
        let mut record = CallRecord::default().with(call(false, 1, 1), "first", "me");
        assert!(record.has("first") && !record.has("second"));
        for number in 0..REMEMBERED {
            record = record.with(call(false, 1, 1), &number.to_string(), "me");
        }
        assert!(!record.has("first") && record.has("0"));
        assert_eq!(record.writes.len(), REMEMBERED);
        let mut json = serde_json::to_value(&record).unwrap();
        json["newer"] = 1.into();
        assert_eq!(serde_json::from_value::<CallRecord>(json).unwrap(), record);
    }
}
