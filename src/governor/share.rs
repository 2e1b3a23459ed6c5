//! A part of a whole: a match, a reputation.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

/// A number from 0 to 1; never NaN, so it has an order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Share(f64);

/// The number is no share.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{0} is not between 0 and 1")]
pub struct NotAShare(f64);

impl Share {
    /// Nothing.
    pub const NONE: Self = Self(0.0);
    /// The half.
    pub const HALF: Self = Self(0.5);
    /// Everything.
    pub const ALL: Self = Self(1.0);

    /// `part` of `whole`, at most everything; everything when the whole is nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts of capabilities are small")]
    pub fn of(part: usize, whole: usize) -> Self {
        if part >= whole { Self::ALL } else { Self(part as f64 / whole as f64) }
    }

    /// The share as a number.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Share {
    type Error = NotAShare;

    fn try_from(number: f64) -> Result<Self, NotAShare> {
        // Adding zero turns -0 into 0, which the total order would tell apart.
        if (0.0..=1.0).contains(&number) { Ok(Self(number + 0.0)) } else { Err(NotAShare(number)) }
    }
}

impl From<Share> for f64 {
    fn from(share: Share) -> Self {
        share.0
    }
}

impl Eq for Share {}

impl Ord for Share {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl PartialOrd for Share {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// As a percentage.
impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:.0} %", self.0 * 100.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_part_of_a_whole_is_refused() {
        for number in [-0.1, 1.000_001, f64::NAN, f64::INFINITY] {
            assert!(Share::try_from(number).is_err(), "{number}");
        }
        assert_eq!(Share::try_from(-0.0), Ok(Share::NONE));
    }

    #[test]
    fn nothing_needed_is_wholly_there() {
        assert_eq!(Share::of(0, 0), Share::ALL);
        assert_eq!(Share::of(1, 2), Share::HALF);
    }
}
