//! How the last work ended: as far back as the oldest failure that still counts.
//!
//! What came before that was good, so it need not be remembered: a swarm that does not fail is never written for it, and
//! yet the share of failures is that of the last outcomes. A newcomer is taken for one that was good before.

use serde::{Deserialize, Serialize};

use crate::governor::share::Share;

/// As many outcomes are remembered at most.
pub const MOST_RECENT: u32 = 64;

/// The last outcomes. As text one sign for each, the newest at the end: `x` failed, `.` did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Recent {
    /// One bit each, set for a failure, the newest in the lowest.
    failed: u64,
    count: u32,
}

/// The text tells no outcomes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("outcomes are at most {MOST_RECENT} of `x` and `.`")]
pub struct RecentError;

impl Recent {
    /// Whether nothing is remembered.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// One more outcome; of more than `window` the oldest are forgotten, and all of them once none has failed.
    #[must_use]
    pub fn with(self, failed: bool, window: u32) -> Self {
        let count = (self.count + 1).min(window.clamp(1, MOST_RECENT));
        let failed = ((self.failed << 1) | u64::from(failed)) & newest(count);
        if failed == 0 { Self::default() } else { Self { failed, count } }
    }

    /// The share of failures among the last `window` outcomes. Where there are fewer, the others count as good: so it takes
    /// a certain number of failures to reach any share.
    #[must_use]
    pub fn failure_rate(self, window: u32) -> Share {
        let window = window.clamp(1, MOST_RECENT);
        let failures = (self.failed & newest(window)).count_ones();
        let of = |count: u32| usize::try_from(count).unwrap_or(usize::MAX);
        Share::of(of(failures), of(window))
    }

    /// How many have failed, and of how many.
    #[must_use]
    pub fn tally(self) -> (u32, u32) {
        (self.failed.count_ones(), self.count)
    }
}

/// The bits of the newest `count` outcomes.
fn newest(count: u32) -> u64 {
    u64::MAX.checked_shr(u64::BITS.saturating_sub(count)).unwrap_or(0)
}

impl From<Recent> for String {
    fn from(recent: Recent) -> Self {
        let sign = |at: u32| if (recent.failed >> at) & 1 == 1 { 'x' } else { '.' };
        (0..recent.count).rev().map(sign).collect()
    }
}

impl TryFrom<String> for Recent {
    type Error = RecentError;

    fn try_from(text: String) -> Result<Self, RecentError> {
        let mut recent = Self::default();
        for sign in text.chars() {
            let failed = match sign {
                'x' => 1,
                '.' => 0,
                _ => return Err(RecentError),
            };
            if recent.count == MOST_RECENT {
                return Err(RecentError);
            }
            recent = Self { failed: (recent.failed << 1) | failed, count: recent.count + 1 };
        }
        Ok(recent)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;

    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Recent {
        text.to_owned().try_into().unwrap()
    }

    #[test]
    fn what_came_before_the_oldest_failure_is_not_remembered() {
        let recent = Recent::default().with(false, 3).with(true, 3).with(false, 3);
        assert_eq!(String::from(recent), "x.");
        assert_eq!(String::from(recent.with(true, 3)), "x.x");
        assert_eq!(String::from(recent.with(true, 3).with(true, 3)), ".xx");
        assert!(recent.with(false, 3).with(false, 3).is_empty());
    }

    #[test]
    fn what_is_not_known_counts_as_good() {
        for (text, window, rate) in [
            ("", 4, Share::NONE),
            ("x", 4, Share::of(1, 4)),
            ("xx", 4, Share::HALF),
            ("x..x", 4, Share::HALF),
            ("xxxx....", 4, Share::NONE),
            ("xx", 1, Share::ALL),
        ] {
            assert_eq!(read(text).failure_rate(window), rate, "{text} {window}");
        }
    }

    #[test]
    fn a_text_of_other_signs_or_of_too_many_is_refused() {
        for text in ["x o", "X", &"x".repeat(65)] {
            assert_eq!(Recent::try_from(text.to_owned()), Err(RecentError), "{text}");
        }
    }

    proptest! {
        #[test]
        fn the_rate_is_that_of_the_last_outcomes(
            outcomes in prop::collection::vec(prop::bool::weighted(0.3), 0..200),
            window in 1_u32..=64,
        ) {
            let mut recent = Recent::default();
            let mut last = VecDeque::new();
            for failed in outcomes {
                recent = recent.with(failed, window);
                last.push_back(failed);
                if last.len() > window as usize {
                    last.pop_front();
                }
                prop_assert_eq!(read(&String::from(recent)), recent);
                let failures = last.iter().filter(|failed| **failed).count();
                prop_assert_eq!(recent.failure_rate(window), Share::of(failures, window as usize));
            }
        }
    }
}
