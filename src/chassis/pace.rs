//! Paces: how fast something is used by many at once, who need not know of each other.
//!
//! Pure. All that is remembered is up to when what was used is paid for. Whoever uses moves that moment on, by what it
//! costs at the rate of the day; how far it may be ahead of the present is the rule.

use std::time::Duration;

/// How much may be saved up of a rate, as long as that is one of whatever is counted.
const SAVED: u64 = 1_000_000_000;
/// What a guest that used less than its share may catch up on, so that waiting does not buy a long burst.
pub(super) const MAX_CREDIT: Duration = Duration::from_millis(50);
/// Longer nobody pauses for what was used once; what lies further ahead is of another time, before the machine was started anew.
const MAX_DEBT: Duration = Duration::from_mins(10);
/// All of a core, in thousandths of a percent.
const CORE: u128 = 100_000;

/// Up to when what was used is paid for, in nanoseconds of the machine's uptime.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PaidUntil(u64);

impl PaidUntil {
    /// Paid for up to that moment.
    pub(super) fn at(moment: Duration) -> Self {
        Self(nanos(moment))
    }

    /// Nothing is saved up: the next is to be had once it was waited for.
    pub(super) fn exhausted(now: Duration) -> Self {
        Self(nanos(now).saturating_add(SAVED))
    }

    pub(super) fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    pub(super) fn as_nanos(self) -> u64 {
        self.0
    }

    /// Takes one of `thousandths` in a thousand seconds, if one is to be had. As many may be saved up as come in within a
    /// second, and one at least.
    pub(super) fn take(&mut self, thousandths: u32, now: Duration) -> bool {
        if thousandths == 0 {
            return false;
        }
        // Rounded up: never more than the rate.
        let price = (1000 * SAVED).div_ceil(thousandths.into());
        let (now, most) = (nanos(now), price.saturating_mul(u64::from(thousandths / 1000).max(1)));
        // What is owed at one rate is owed at another, too.
        let paid = self.0.clamp(now, now.saturating_add(most.max(nanos(MAX_DEBT))));
        let next = paid.saturating_add(price);
        let is_to_be_had = next <= now.saturating_add(most);
        self.0 = if is_to_be_had { next } else { paid };
        is_to_be_had
    }

    /// Books processor time at a share of a core, in thousandths of a percent, and says how long to pause for it.
    pub(super) fn spend(&mut self, cpu: Duration, share: u32, now: Duration) -> Duration {
        let price = cpu.as_nanos() * CORE / u128::from(share.max(1));
        let price = u64::try_from(price).unwrap_or(u64::MAX);
        let paid = self.0.min(nanos(now.saturating_add(MAX_DEBT)));
        self.0 = paid.saturating_add(price).max(nanos(now.saturating_sub(MAX_CREDIT)));
        Duration::from_nanos(self.0.saturating_sub(nanos(now))).min(MAX_DEBT)
    }
}

fn nanos(moment: Duration) -> u64 {
    u64::try_from(moment.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn taken(paid: &mut PaidUntil, thousandths: u32, now: Duration) -> usize {
        (0..1_000_000).take_while(|_| paid.take(thousandths, now)).count()
    }

    #[test]
    fn a_seconds_worth_is_saved_up_and_one_at_least() {
        for (thousandths, saved) in [(0, 0), (1, 1), (333, 1), (1000, 1), (1999, 1), (2000, 2), (10_000, 10)]
        {
            let mut paid = PaidUntil::default();
            assert_eq!(taken(&mut paid, thousandths, HOUR), saved, "{thousandths}");
            assert_eq!(taken(&mut paid, thousandths, HOUR), 0, "{thousandths}");
        }
    }

    #[test]
    fn a_third_of_a_call_a_second_is_a_call_every_three_seconds() {
        let mut paid = PaidUntil::at(HOUR);
        let granted = (0..60).filter(|second| paid.take(334, HOUR + Duration::from_secs(*second))).count();
        assert_eq!(granted, 20);
    }

    #[test]
    fn what_lies_in_another_time_is_none_to_be_had_and_not_for_ever() {
        for moment in [HOUR * 1000, Duration::MAX] {
            let mut paid = PaidUntil::at(moment);
            assert!(!paid.take(10_000, HOUR));
            assert!(paid.take(10_000, HOUR + MAX_DEBT));
            assert_eq!(PaidUntil::at(moment).spend(Duration::ZERO, 1000, HOUR), MAX_DEBT);
        }
        let mut paid = PaidUntil::exhausted(HOUR);
        assert!(!paid.take(10_000, HOUR) && paid.take(10_000, HOUR + Duration::from_millis(100)));
    }

    proptest! {
        #[test]
        fn never_more_is_taken_than_comes_in_and_was_saved_up(
            thousandths in 1..5_000_000_u32,
            steps in proptest::collection::vec((0..3_000_u64, 1..2000_usize), 1..40),
        ) {
            let (mut paid, mut now, mut granted) = (PaidUntil::at(HOUR), HOUR, 0_u64);
            for (millis, tries) in steps {
                now += Duration::from_millis(millis);
                granted += (0..tries).map(|_| u64::from(paid.take(thousandths, now))).sum::<u64>();
                let came_in = u128::from(thousandths) * now.checked_sub(HOUR).unwrap().as_millis() / 1000;
                let most = came_in + u128::from(thousandths).max(1000);
                prop_assert!(u128::from(granted) * 1000 <= most, "{granted} of {most}");
            }
        }

        #[test]
        fn whatever_the_rates_were_each_is_paid_with_time(
            steps in proptest::collection::vec((0..2_000_u64, 10..50_000_u32), 1..60),
        ) {
            let (mut paid, mut now, mut prices) = (PaidUntil::at(HOUR), HOUR, 0.0);
            let mut longest: f64 = 1.0;
            for (millis, thousandths) in steps {
                now += Duration::from_millis(millis);
                let price = 1000.0 / f64::from(thousandths);
                longest = longest.max(price);
                while paid.take(thousandths, now) {
                    prices += price;
                }
                prop_assert!(prices <= now.checked_sub(HOUR).unwrap().as_secs_f64() + longest + 1e-6);
            }
        }
    }
}
