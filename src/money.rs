//! Money: whole micro-dollars, never floats.
//!
//! Text and numbers of the outside (`2.0`, `0.000125`) are read exactly or refused.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

const MICROS_PER_DOLLAR: i64 = 1_000_000;

/// The largest sum that anybody may name: a billion dollars. More is absurd.
const MAX: Money = Money(1_000_000_000 * MICROS_PER_DOLLAR);

/// The largest sum of sums, which is as many micro-dollars as a float tells apart: nine billion dollars.
const MAX_SUM: Money = Money(1 << 53);

/// A sum of money in micro-dollars; never negative. In JSON a whole number of micro-dollars.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub struct Money(i64);

/// Why a text or number is no sum of money.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Below zero.
    #[error("`{0}` is negative")]
    Negative(String),
    /// Not a decimal number.
    #[error("`{0}` is not an amount in dollars such as 2.0 or 0.000125")]
    NotANumber(String),
    /// Finer than a micro-dollar.
    #[error("`{0}` has more than 6 decimals")]
    TooFine(String),
    /// Above a billion dollars.
    #[error("`{0}` is above a billion dollars")]
    TooLarge(String),
}

impl Money {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `dollars` whole dollars.
    #[must_use]
    pub const fn from_dollars(dollars: u32) -> Self {
        Self(dollars as i64 * MICROS_PER_DOLLAR)
    }

    /// The sum in micro-dollars.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The sum in dollars, for scores and charts only: never booked.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "sums stay below 2^53 micro-dollars")]
    pub fn as_dollars(self) -> f64 {
        self.0 as f64 / MICROS_PER_DOLLAR as f64
    }

    /// The sum of both, at most nine billion dollars.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0)).min(MAX_SUM)
    }

    /// What is left after taking `other` away; nothing when it is more.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0).max(0))
    }

    /// The price of `hours` at this rate per hour, rounded up to a micro-dollar.
    #[must_use]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_precision_loss,
        reason = "bounded by MAX before the cast"
    )]
    pub fn times_hours(self, hours: f64) -> Self {
        let micros = (self.0 as f64 * hours).ceil();
        if micros >= MAX.0 as f64 { MAX } else { Self((micros as i64).max(0)) }
    }

    /// As much of it as `part` is of `whole`, rounded down; nothing where there is no whole.
    #[must_use]
    pub fn share(self, part: i64, whole: i64) -> Self {
        let share = i128::from(self.0) * i128::from(part.max(0)) / i128::from(whole.max(1));
        Self(i64::try_from(share).unwrap_or(MAX_SUM.0)).min(MAX_SUM)
    }

    /// An equal share for each of `parts`, rounded down; the whole for none.
    #[must_use]
    pub fn divided_by(self, parts: usize) -> Self {
        Self(self.0 / i64::try_from(parts.max(1)).unwrap_or(i64::MAX))
    }
}

impl FromStr for Money {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let not_a_number = || MoneyError::NotANumber(text.to_owned());
        let digits = text.strip_prefix('$').unwrap_or(text);
        if let Some(positive) = digits.strip_prefix('-') {
            return match positive.parse::<Self>() {
                Ok(_) => Err(MoneyError::Negative(text.to_owned())),
                Err(_) => Err(not_a_number()),
            };
        }
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let numeric = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !numeric(whole) || !numeric(fraction) {
            return Err(not_a_number());
        }
        let fraction = fraction.trim_end_matches('0');
        if fraction.len() > 6 {
            return Err(MoneyError::TooFine(text.to_owned()));
        }
        let too_large = || MoneyError::TooLarge(text.to_owned());
        let whole: i64 = whole.parse().map_err(|_| too_large())?;
        let micros: i64 = format!("{fraction:0<6}").parse().map_err(|_| not_a_number())?;
        whole
            .checked_mul(MICROS_PER_DOLLAR)
            .and_then(|sum| sum.checked_add(micros))
            .map(Self)
            .filter(|sum| *sum <= MAX)
            .ok_or_else(too_large)
    }
}

impl TryFrom<i64> for Money {
    type Error = MoneyError;

    fn try_from(micros: i64) -> Result<Self, MoneyError> {
        match micros {
            ..0 => Err(MoneyError::Negative(format!("{micros} micro-dollars"))),
            _ if micros > MAX_SUM.0 => Err(MoneyError::TooLarge(format!("{micros} micro-dollars"))),
            _ => Ok(Self(micros)),
        }
    }
}

impl From<Money> for i64 {
    fn from(money: Money) -> Self {
        money.0
    }
}

/// Dollars with two to six decimals: `2.00`, `0.000125`.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fraction = format!("{:06}", self.0 % MICROS_PER_DOLLAR);
        let shown = fraction.trim_end_matches('0').len().max(2);
        f.pad(&format!("{}.{}", self.0 / MICROS_PER_DOLLAR, &fraction[..shown]))
    }
}

/// Serde of a sum as a number of dollars (`2.0`), as people write it in YAML and the original design in JSON.
pub mod dollars {
    use super::Money;
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    /// Writes dollars as a number.
    ///
    /// # Errors
    /// Only those of the serializer.
    pub fn serialize<S: Serializer>(money: &Money, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(money.as_dollars())
    }

    /// Reads a number of dollars.
    ///
    /// # Errors
    /// When it is negative, not finite, absurdly large or finer than a micro-dollar.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        f64::deserialize(deserializer)?.to_string().parse().map_err(D::Error::custom)
    }

    /// The same for a sum that may be absent.
    pub mod option {
        use super::Money;
        use serde::{Deserialize, Deserializer, Serializer, de::Error};

        /// Writes dollars as a number, or null.
        ///
        /// # Errors
        /// Only those of the serializer.
        pub fn serialize<S: Serializer>(money: &Option<Money>, serializer: S) -> Result<S::Ok, S::Error> {
            match money {
                Some(money) => serializer.serialize_some(&money.as_dollars()),
                None => serializer.serialize_none(),
            }
        }

        /// Reads a number of dollars, or null.
        ///
        /// # Errors
        /// When it is negative, not finite, absurdly large or finer than a micro-dollar.
        pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
            let number = Option::<f64>::deserialize(deserializer)?;
            number.map(|dollars| dollars.to_string().parse()).transpose().map_err(D::Error::custom)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_are_read_exactly_and_written_back() {
        for (text, micros, shown) in [
            ("2.0", 2_000_000, "2.00"),
            ("10", 10_000_000, "10.00"),
            ("0.000125", 125, "0.000125"),
            ("$5.50", 5_500_000, "5.50"),
            ("0.1000000", 100_000, "0.10"),
        ] {
            let money: Money = text.parse().unwrap();
            assert_eq!((money.micros(), money.to_string().as_str()), (micros, shown), "{text}");
        }
    }

    #[test]
    fn what_is_no_sum_of_money_is_refused() {
        for text in ["", ".", "1.", ".5", "-1", "NaN", "inf", "1e3", "0.0000001", "1000000001", "1,5", "٣"] {
            assert!(text.parse::<Money>().is_err(), "{text:?}");
        }
        assert_eq!("-1".parse::<Money>(), Err(MoneyError::Negative("-1".into())));
    }

    #[test]
    fn a_share_is_never_more_than_the_whole() {
        let whole = Money::from_dollars(10);
        assert!(whole.divided_by(3).micros() * 3 <= whole.micros());
        assert_eq!(whole.divided_by(0), whole);
    }

    #[test]
    fn sums_go_beyond_what_anybody_may_name() {
        let sum = MAX.plus(Money::from_dollars(40));
        assert_eq!(sum.minus(MAX), Money::from_dollars(40));
        assert_eq!(Money::try_from(i64::from(sum)), Ok(sum));
        assert!(Money::try_from(i64::MAX).is_err());
    }

    #[test]
    fn a_price_is_rounded_up() {
        assert_eq!(Money(1).times_hours(0.5), Money(1));
        assert_eq!("2.0".parse::<Money>().unwrap().times_hours(3.0), Money::from_dollars(6));
        assert_eq!(Money::from_dollars(1).times_hours(f64::INFINITY), MAX);
        assert_eq!(Money::from_dollars(1).times_hours(f64::NAN), Money::ZERO);
    }
}
