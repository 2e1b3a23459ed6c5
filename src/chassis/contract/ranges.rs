//! Numbers that know their range: out of it they do not exist.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};

/// A whole number from `LOW` to `HIGH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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

    fn within<E: Error>(number: impl TryInto<u32> + fmt::Display + Copy) -> Result<Self, E> {
        match number.try_into() {
            Ok(inside) if (LOW..=HIGH).contains(&inside) => Ok(Self(inside)),
            _ => Err(E::custom(format_args!("must be from {LOW} to {HIGH}, not {number}"))),
        }
    }
}

/// The text is no number in the range.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be a whole number from {low} to {high}")]
pub struct OutOfRange {
    low: u32,
    high: u32,
}

impl<const LOW: u32, const HIGH: u32> std::str::FromStr for Bounded<LOW, HIGH> {
    type Err = OutOfRange;

    fn from_str(text: &str) -> Result<Self, OutOfRange> {
        let number = text.parse().ok().filter(|number| (LOW..=HIGH).contains(number));
        number.map(Self).ok_or(OutOfRange { low: LOW, high: HIGH })
    }
}

impl<const LOW: u32, const HIGH: u32> Serialize for Bounded<LOW, HIGH> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.0)
    }
}

impl<'de, const LOW: u32, const HIGH: u32> Deserialize<'de> for Bounded<LOW, HIGH> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_i64(Whole::<LOW, HIGH>)
    }
}

struct Whole<const LOW: u32, const HIGH: u32>;

impl<const LOW: u32, const HIGH: u32> Visitor<'_> for Whole<LOW, HIGH> {
    type Value = Bounded<LOW, HIGH>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a whole number from {LOW} to {HIGH}")
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Bounded::within(number)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Self::Value, E> {
        Bounded::within(number)
    }
}

/// A share of a whole, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Ratio(f64);

impl Ratio {
    /// The share.
    #[must_use]
    pub fn get(self) -> f64 {
        self.0
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0)
    }
}

impl<'de> Deserialize<'de> for Ratio {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_f64(Share)
    }
}

struct Share;

impl Visitor<'_> for Share {
    type Value = Ratio;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number from 0 to 1")
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Ratio, E> {
        if (0.0..=1.0).contains(&number) {
            Ok(Ratio(number))
        } else {
            Err(E::custom(format_args!("must be from 0 to 1, not {number}")))
        }
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Ratio, E> {
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Ratio, E> {
        match number {
            0 => Ok(Ratio(0.0)),
            1 => Ok(Ratio(1.0)),
            _ => Err(E::custom(format_args!("must be from 0 to 1, not {number}"))),
        }
    }
}
