//! Numbers that know their range: out of it they do not exist.

use serde::{Deserialize, Serialize};

/// A number outside its range.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("must be from {low} to {high}, not {found}")]
pub struct RangeError<T: std::fmt::Display + std::fmt::Debug> {
    low: T,
    high: T,
    found: T,
}

/// A whole number from `LOW` to `HIGH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Bounded<const LOW: u32, const HIGH: u32>(u32);

impl<const LOW: u32, const HIGH: u32> Bounded<LOW, HIGH> {
    /// A number known when the program is compiled; out of range it does not compile.
    #[must_use]
    pub const fn fixed<const NUMBER: u32>() -> Self {
        const { assert!(LOW <= NUMBER && NUMBER <= HIGH, "out of range") };
        Self(NUMBER)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl<const LOW: u32, const HIGH: u32> TryFrom<u32> for Bounded<LOW, HIGH> {
    type Error = RangeError<u32>;

    fn try_from(found: u32) -> Result<Self, RangeError<u32>> {
        if (LOW..=HIGH).contains(&found) {
            Ok(Self(found))
        } else {
            Err(RangeError { low: LOW, high: HIGH, found })
        }
    }
}

impl<const LOW: u32, const HIGH: u32> From<Bounded<LOW, HIGH>> for u32 {
    fn from(number: Bounded<LOW, HIGH>) -> Self {
        number.0
    }
}

/// A share of a whole, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Ratio(f64);

impl Ratio {
    /// The share.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl TryFrom<f64> for Ratio {
    type Error = RangeError<f64>;

    fn try_from(found: f64) -> Result<Self, RangeError<f64>> {
        if (0.0..=1.0).contains(&found) {
            Ok(Self(found))
        } else {
            Err(RangeError { low: 0.0, high: 1.0, found })
        }
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> Self {
        ratio.0
    }
}
