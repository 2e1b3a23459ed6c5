//! Burn: how fast money goes, from the sums of two hours.
//!
//! Pure: callers supply `now`. Whole numbers only, so that it costs nothing to keep and nothing to read.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::money::Money;

const HOUR: i64 = 3_600_000_000;

/// What was spent in the hour of the clock that was written last, and in the one before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Burn {
    /// Which hour, counted from 1970.
    hour: i64,
    /// What was spent in it.
    this: Money,
    /// What was spent in the hour before.
    last: Money,
}

impl Burn {
    /// As it is once the hours since then have passed. A clock that is behind moves nothing back.
    fn at(self, now: Timestamp) -> Self {
        let hour = now.as_micros().div_euclid(HOUR);
        match hour.saturating_sub(self.hour) {
            ..=0 => self,
            1 => Self { hour, this: Money::ZERO, last: self.this },
            _ => Self { hour, this: Money::ZERO, last: Money::ZERO },
        }
    }

    /// `amount` was spent.
    #[must_use]
    pub fn plus(self, amount: Money, now: Timestamp) -> Self {
        let current = self.at(now);
        Self { this: current.this.plus(amount), ..current }
    }

    /// `amount` was not spent after all.
    #[must_use]
    pub fn minus(self, amount: Money, now: Timestamp) -> Self {
        let current = self.at(now);
        let rest = amount.minus(current.this);
        Self { this: current.this.minus(amount), last: current.last.minus(rest), ..current }
    }

    /// What was spent in the last sixty minutes: all of this hour, and of the last one the part that is still within them,
    /// as if it had been spent evenly.
    #[must_use]
    pub fn per_hour(self, now: Timestamp) -> Money {
        let current = self.at(now);
        let begun = now.as_micros().saturating_sub(current.hour.saturating_mul(HOUR)).clamp(0, HOUR);
        current.this.plus(current.last.share(HOUR - begun, HOUR))
    }

    /// How long `left` lasts at this rate; none while nothing is spent.
    #[must_use]
    pub fn lasts(self, left: Money, now: Timestamp) -> Option<Duration> {
        let rate = u128::try_from(self.per_hour(now).micros()).ok().filter(|rate| *rate > 0)?;
        let left = u128::try_from(left.micros()).unwrap_or(0);
        // A billion dollars at a micro-dollar an hour are 3.6e18 seconds: less than 2^64.
        Some(Duration::from_secs(u64::try_from(left * 3600 / rate).unwrap_or(u64::MAX)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_micros(minutes * 60_000_000)
    }

    fn money(micros: i64) -> Money {
        micros.try_into().unwrap()
    }

    #[test]
    fn the_window_slides_over_two_hours() {
        let burn = Burn::default().plus(money(600), at(30));
        for (minutes, rate) in [(30, 600), (59, 600), (60, 600), (90, 300), (119, 10), (120, 0), (100_000, 0)]
        {
            assert_eq!(burn.per_hour(at(minutes)), money(rate), "{minutes}");
        }
        let more = burn.plus(money(100), at(90));
        assert_eq!(more.per_hour(at(90)), money(400));
        assert_eq!(more.plus(money(1), at(20)).per_hour(at(90)), money(401), "a clock that is behind");
    }

    #[test]
    fn what_is_left_lasts_as_long_as_the_burn_says() {
        let burn = Burn::default().plus(money(600), at(30));
        assert_eq!(burn.lasts(money(1200), at(30)), Some(Duration::from_hours(2)));
        assert_eq!(burn.lasts(Money::ZERO, at(30)), Some(Duration::ZERO));
        assert_eq!(Burn::default().lasts(money(1200), at(30)), None);
        let longest = Burn::default().plus(money(1), at(30));
        assert!(longest.lasts(Money::from_dollars(1_000_000_000), at(30)).is_some());
    }

    #[test]
    fn what_was_not_spent_after_all_burns_no_more() {
        let burn = Burn::default().plus(money(600), at(30)).plus(money(100), at(60));
        assert_eq!(burn.minus(money(300), at(60)).per_hour(at(60)), money(400));
    }

    proptest! {
        #[test]
        fn it_is_never_more_than_was_spent_in_two_hours_nor_less_than_in_this_one(
            steps in prop::collection::vec((0_i64..100, 0_i64..1_000), 1..40),
        ) {
            let mut burn = Burn::default();
            let (mut now, mut spent) = (0, Vec::new());
            for (minutes, amount) in steps {
                now += minutes;
                burn = burn.plus(money(amount), at(now));
                spent.push((now, amount));
                let since = |hour: i64| -> i64 {
                    spent.iter().filter(|(then, _)| then / 60 >= hour).map(|(_, amount)| amount).sum()
                };
                let rate = burn.per_hour(at(now)).micros();
                prop_assert!(since(now / 60) <= rate && rate <= since(now / 60 - 1));
            }
        }
    }
}
