//! Budgets: what may be spent, what is spent, what is set aside.
//!
//! `spent + reserved <= cap` always, except that an actual cost above its reservation and what is gone already are
//! booked in full, and that [`Budget::book`] is for policies that do not enforce budgets.

use std::collections::BTreeSet;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::burn::Burn;
use super::overall::Allotment;
use super::period::{PeriodId, Renewal};
use crate::clock::Timestamp;
use crate::money::Money;

/// One scope's money, in micro-dollars.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Budget {
    /// What may be spent.
    pub cap: Money,
    /// What was spent.
    pub spent: Money,
    /// What is set aside for claims that have not ended.
    pub reserved: Money,
    /// The period that `spent` counts for; none when the budget is never renewed.
    #[serde(default)]
    pub period: Option<PeriodId>,
    /// How fast it goes.
    #[serde(default)]
    pub burn: Burn,
    /// The highest part of the cap, in per cent, at whose spending people were told in this period; 0 for none.
    #[serde(default)]
    pub alerted: u8,
    /// Its part of the overall budget; none before it drew on one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allotment: Option<Allotment>,
    /// Who wrote this.
    #[serde(default)]
    pub by: String,
    /// In which operation.
    #[serde(default)]
    pub op: String,
}

/// The budget does not have what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{left} dollars are left, {needed} are needed")]
pub struct Shortage {
    /// What it has.
    pub left: Money,
    /// What was asked for.
    pub needed: Money,
}

impl Budget {
    /// A budget of which nothing is spent yet.
    #[must_use]
    pub fn with_cap(cap: Money) -> Self {
        let (spent, reserved) = (Money::ZERO, Money::ZERO);
        let (by, op) = (String::new(), String::new());
        Self {
            cap,
            spent,
            reserved,
            period: None,
            burn: Burn::default(),
            alerted: 0,
            allotment: None,
            by,
            op,
        }
    }

    /// The budget as it counts at `now`: once its period is over, nothing of the new one is spent. What is set aside stays.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Self {
        match self.period.and_then(|period| period.successor(now)) {
            Some(period) => Self { spent: Money::ZERO, alerted: 0, period: Some(period), ..self.clone() },
            None => self.clone(),
        }
    }

    /// Whether its period is over.
    #[must_use]
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.period.is_some_and(|period| period.successor(now).is_some())
    }

    /// The same budget with another cap. People are told anew of what the new cap has not reached.
    #[must_use]
    pub fn with_new_cap(&self, cap: Money) -> Self {
        let changed = Self { cap, ..self.clone() };
        let reached = (0..=self.alerted).rev().find(|percent| changed.has_reached(*percent)).unwrap_or(0);
        Self { alerted: reached, ..changed }
    }

    /// The same budget, which from now on begins anew as often; none leaves it as it is.
    #[must_use]
    pub fn with_renewal(self, renewal: Option<Renewal>, now: Timestamp) -> Self {
        let wanted = renewal.map(Renewal::period);
        let other = wanted.filter(|period| self.period.map(PeriodId::period) != *period);
        Self { period: other.map_or(self.period, |period| period.map(|period| period.at(now))), ..self }
    }

    /// Whether so much of the cap is spent, in per cent.
    fn has_reached(&self, percent: u8) -> bool {
        has_reached(self.spent, self.cap, percent)
    }

    /// The highest of `thresholds`, in per cent of the cap, that is reached and that people were not told of; and the
    /// budget that remembers it.
    #[must_use]
    pub fn alert(self, thresholds: &BTreeSet<u8>) -> (Self, Option<u8>) {
        let reached = thresholds.iter().copied().rfind(|percent| self.has_reached(*percent));
        match reached.filter(|percent| *percent > self.alerted) {
            Some(percent) => (Self { alerted: percent, ..self }, Some(percent)),
            None => (self, None),
        }
    }

    /// What is spent or set aside.
    #[must_use]
    pub fn committed(&self) -> Money {
        self.spent.plus(self.reserved)
    }

    /// What can still be reserved.
    #[must_use]
    pub fn left(&self) -> Money {
        self.cap.minus(self.committed())
    }

    /// How long what is left lasts at the present burn; none while nothing is spent.
    #[must_use]
    pub fn lasts(&self, now: Timestamp) -> Option<Duration> {
        self.burn.lasts(self.left(), now)
    }

    /// Whether everything is spent.
    #[must_use]
    pub fn is_exhausted(&self) -> bool {
        self.spent >= self.cap
    }

    /// Sets `amount` aside.
    ///
    /// # Errors
    /// [`Shortage`] when less is left.
    pub fn reserve(&self, amount: Money) -> Result<Self, Shortage> {
        let left = self.left();
        if amount > left { Err(Shortage { left, needed: amount }) } else { Ok(self.book(amount)) }
    }

    /// Sets `amount` aside whatever the cap says.
    #[must_use]
    pub fn book(&self, amount: Money) -> Self {
        Self { reserved: self.reserved.plus(amount), ..self.clone() }
    }

    /// Ends a reservation: what was set aside is free again, what was used is spent, in full.
    #[must_use]
    pub fn settle(&self, reserved: Money, actual: Money, now: Timestamp) -> Self {
        Self {
            reserved: self.reserved.minus(reserved),
            spent: self.spent.plus(actual),
            burn: self.burn.plus(actual, now),
            allotment: self.allotment.map(|allotment| allotment.booked(actual, Money::ZERO, now)),
            ..self.clone()
        }
    }

    /// What was booked as `from` was `cost` in truth. People are told anew of what is not reached any more.
    #[must_use]
    pub fn correct(&self, from: Money, cost: Money, now: Timestamp) -> Self {
        let (more, less) = (cost.minus(from), from.minus(cost));
        let corrected = Self {
            spent: self.spent.plus(more).minus(less),
            burn: self.burn.plus(more, now).minus(less, now),
            allotment: self.allotment.map(|allotment| allotment.booked(more, less, now)),
            ..self.clone()
        };
        corrected.with_new_cap(self.cap)
    }

    /// The same budget, signed.
    #[must_use]
    pub fn signed(self, by: &str, op: &str) -> Self {
        Self { by: by.to_owned(), op: op.to_owned(), ..self }
    }
}

/// Whether so much of a cap is spent, in per cent. Of nothing nothing is reached.
pub(super) fn has_reached(spent: Money, cap: Money, percent: u8) -> bool {
    let of_the_cap = i128::from(cap.micros()) * i128::from(percent);
    cap > Money::ZERO && i128::from(spent.micros()) * 100 >= of_the_cap
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::governor::period::Period;

    fn now() -> Timestamp {
        Timestamp::from_micros(0)
    }

    fn money(micros: i64) -> Money {
        micros.try_into().unwrap()
    }

    #[test]
    fn a_budget_is_exhausted_when_all_is_spent_not_when_all_is_reserved() {
        let budget = Budget::with_cap(money(10)).reserve(money(10)).unwrap();
        assert!(!budget.is_exhausted());
        assert_eq!(budget.reserve(money(1)), Err(Shortage { left: Money::ZERO, needed: money(1) }));
        assert!(budget.settle(money(10), money(10), now()).is_exhausted());
    }

    #[test]
    fn an_actual_cost_above_its_reservation_is_booked_in_full() {
        let budget =
            Budget::with_cap(money(10)).reserve(money(4)).unwrap().settle(money(4), money(25), now());
        assert_eq!((budget.spent, budget.reserved, budget.left()), (money(25), Money::ZERO, Money::ZERO));
    }

    #[test]
    fn every_threshold_is_reached_once_and_anew_under_a_higher_cap() {
        let thresholds = BTreeSet::from([50, 75, 90, 100]);
        let mut budget = Budget::with_cap(money(1000));
        for (amount, told) in
            [(499, None), (1, Some(50)), (100, None), (300, Some(90)), (50, None), (50, Some(100))]
        {
            let (after, reached) = budget.settle(Money::ZERO, money(amount), now()).alert(&thresholds);
            assert_eq!(reached, told, "{amount} after {}", budget.spent);
            budget = after;
        }
        let (raised, reached) = budget.with_new_cap(money(1800)).alert(&thresholds);
        assert_eq!((raised.alerted, reached), (55, None));
        assert_eq!(raised.settle(Money::ZERO, money(350), now()).alert(&thresholds).1, Some(75));
        assert_eq!(Budget::with_cap(Money::ZERO).alert(&thresholds).1, None);
    }

    #[test]
    fn a_new_period_has_spent_nothing_and_keeps_what_is_set_aside() {
        let later = now().after(Duration::from_hours(24));
        let mut budget = Budget::with_cap(money(10)).book(money(4)).settle(Money::ZERO, money(6), now());
        budget.alerted = 50;
        assert_eq!(budget.at(later), budget, "without a period nothing begins anew");
        budget.period = Some(Period::Day.at(now()));
        assert_eq!(budget.at(now()), budget);
        let renewed = budget.at(later);
        assert!(budget.is_over(later) && !renewed.is_over(later));
        assert_eq!((renewed.spent, renewed.reserved, renewed.alerted), (Money::ZERO, money(4), 0));
        assert_eq!(renewed.at(now()), renewed, "a clock that is behind takes nothing back");
    }

    #[test]
    fn a_budget_begins_anew_as_often_as_people_say_last() {
        let later = now().after(Duration::from_hours(24));
        let daily = Budget::with_cap(money(10)).with_renewal(Some(Renewal::Every(Period::Day)), now());
        assert_eq!(daily.clone().with_renewal(None, now()), daily);
        assert!(daily.is_over(later));
        let never = daily.with_renewal(Some(Renewal::Never), now());
        assert_eq!((never.period, never.is_over(later)), (None, false));
    }

    #[test]
    fn a_budget_of_an_older_version_is_understood() {
        let text = r#"{"cap": 10, "spent": 1, "reserved": 2, "period": null, "by": "a", "op": "b"}"#;
        let budget: Budget = serde_json::from_str(text).unwrap();
        assert_eq!((budget.left(), budget.period, budget.burn), (money(7), None, Burn::default()));
    }

    proptest! {
        #[test]
        fn what_is_spent_and_reserved_never_passes_the_cap(
            cap in 0_i64..1_000,
            steps in prop::collection::vec((0_i64..400, any::<bool>(), 0_i64..=100), 0..60),
        ) {
            let mut budget = Budget::with_cap(money(cap));
            let mut open: Vec<i64> = Vec::new();
            let mut spent = 0;
            for (amount, settles, percent) in steps {
                if settles && !open.is_empty() {
                    let reserved = open.swap_remove(usize::try_from(amount).unwrap() % open.len());
                    let actual = reserved * percent / 100;
                    budget = budget.settle(money(reserved), money(actual), now());
                    spent += actual;
                } else if let Ok(after) = budget.reserve(money(amount)) {
                    budget = after;
                    open.push(amount);
                } else {
                    prop_assert!(amount > cap - spent - open.iter().sum::<i64>());
                }
                prop_assert!(budget.committed() <= budget.cap);
                prop_assert_eq!(budget.spent, money(spent));
                prop_assert_eq!(budget.reserved, money(open.iter().sum()));
            }
        }
    }
}
