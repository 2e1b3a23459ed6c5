//! The overall budget, and the allotments that swarms draw from it.
//!
//! Pure: callers supply `now`. All allotments and what is not allotted are the cap, together: whatever one side gives the
//! other gets, in one transaction that writes both. A claim writes the swarm's own budget only, within its allotment.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::budget::{Budget, has_reached};
use super::period::{Period, PeriodId};
use crate::clock::Timestamp;
use crate::money::Money;

/// A swarm that draws gets this part of what is not allotted, if it asks for less: it need not draw for every claim.
const PART: usize = 16;

/// What all swarms with a budget may spend together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overall {
    /// What may be spent.
    pub cap: Money,
    /// What of it no swarm has.
    pub unallotted: Money,
    /// How often it begins anew; none when it never does.
    #[serde(default)]
    pub period: Option<Period>,
    /// Of what people were told.
    #[serde(default)]
    pub alerted: Alerted,
    /// Who wrote this.
    #[serde(default)]
    pub by: String,
    /// In which operation.
    #[serde(default)]
    pub op: String,
}

/// The highest part of the overall budget at whose spending people were told.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerted {
    /// In per cent; 0 for none.
    pub percent: u8,
    /// In which period; none where the budget never begins anew.
    #[serde(default)]
    pub period: Option<PeriodId>,
}

/// A swarm's part of the overall budget. What it has set aside is part of it too.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allotment {
    /// How much was handed out to it.
    pub amount: Money,
    /// What of it was spent in this period.
    pub spent: Money,
    /// What of it was spent in periods that are over: it is there again, and goes back with the next transfer.
    #[serde(default)]
    pub past: Money,
    /// The period that `spent` counts for; none when the overall budget is never renewed.
    #[serde(default)]
    pub period: Option<PeriodId>,
}

/// What comes of a wish to draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Drawn {
    /// The allotment has it.
    Covered,
    /// It has it after this transfer.
    Transfer(Box<(Overall, Budget)>),
    /// So much more must be recalled from others first.
    Short(Money),
}

impl Allotment {
    /// The allotment as it counts at `now`.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        match self.period.and_then(|period| period.successor(now)) {
            Some(next) => {
                let past = self.past.plus(self.spent);
                Self { spent: Money::ZERO, past, period: Some(next), ..self }
            }
            None => self,
        }
    }

    /// The allotment after `more` was spent, or `less` was not spent after all.
    pub(super) fn booked(self, more: Money, less: Money, now: Timestamp) -> Self {
        let current = self.at(now);
        Self { spent: current.spent.plus(more).minus(less), ..current }
    }
}

impl Overall {
    /// An overall budget of which nobody has anything.
    #[must_use]
    pub fn with_cap(cap: Money, period: Option<Period>) -> Self {
        let alerted = Alerted::default();
        Self { cap, unallotted: cap, period, alerted, by: String::new(), op: String::new() }
    }

    /// The same, as much larger or smaller as `cap` says; what is to be recalled from swarms first, if it would be smaller
    /// than what they have.
    pub(super) fn with_new_cap(&self, cap: Money) -> Result<Self, Money> {
        let (more, less) = (cap.minus(self.cap), self.cap.minus(cap));
        if less > self.unallotted {
            return Err(less.minus(self.unallotted));
        }
        Ok(Self { cap, unallotted: self.unallotted.plus(more).minus(less), ..self.clone() })
    }

    /// Hands out what the swarm lacks to commit `amount` more, and some more against drawing often, as far as its own cap
    /// lets it use that. One that has no allotment yet gets what it has set aside as well.
    pub(super) fn draw(&self, budget: &Budget, amount: Money, now: Timestamp) -> Drawn {
        let (overall, allotment) = self.settled(budget, now);
        let lacking = allotment.spent.plus(budget.reserved).plus(amount).minus(allotment.amount);
        if lacking > overall.unallotted {
            return Drawn::Short(lacking.minus(overall.unallotted));
        }
        let usable = budget.at(now).left().minus(free(allotment, budget));
        let more =
            if lacking > Money::ZERO { overall.unallotted.divided_by(PART).min(usable) } else { lacking };
        self.transferred(&overall, budget, allotment, lacking.max(more))
    }

    /// Hands out what the swarm lacks to commit `amount` more, or what is left of it: for money that is gone anyway.
    pub(super) fn draw_what_is_left(&self, budget: &Budget, amount: Money, now: Timestamp) -> Drawn {
        let (overall, allotment) = self.settled(budget, now);
        let lacking = allotment.spent.plus(budget.reserved).plus(amount).minus(allotment.amount);
        self.transferred(&overall, budget, allotment, lacking.min(overall.unallotted))
    }

    /// Takes back what the swarm has not committed, at most so much beyond what it spent in periods that are over; nothing
    /// when there is nothing to take.
    pub(super) fn recall(&self, budget: &Budget, most: Money, now: Timestamp) -> Option<(Self, Budget)> {
        budget.allotment?;
        let (overall, allotment) = self.settled(budget, now);
        let came = overall.unallotted.minus(self.unallotted);
        let back = free(allotment, budget).min(most.minus(came));
        if came.plus(back) == Money::ZERO {
            return None;
        }
        let allotment = Allotment { amount: allotment.amount.minus(back), ..allotment };
        let overall = Self { unallotted: overall.unallotted.plus(back), ..overall };
        Some((overall, Budget { allotment: Some(allotment), ..budget.clone() }))
    }

    /// The highest of `thresholds`, in per cent, that is reached when so much is `spent` in this period and that people
    /// were not told of, and the budget that remembers it.
    pub(super) fn alert(
        &self,
        spent: Money,
        thresholds: &BTreeSet<u8>,
        now: Timestamp,
    ) -> Option<(Self, u8)> {
        let reached = thresholds.iter().copied().rfind(|percent| has_reached(spent, self.cap, *percent))?;
        let period = self.period.map(|period| period.at(now));
        let alerted = Alerted { percent: reached, period };
        (reached > self.alerted_in(period)).then(|| (Self { alerted, ..self.clone() }, reached))
    }

    /// People are told anew of what is not reached any more when so much is `spent`.
    pub(super) fn rearmed(self, spent: Money) -> Self {
        let still = (0..=self.alerted.percent).rev().find(|percent| has_reached(spent, self.cap, *percent));
        Self { alerted: Alerted { percent: still.unwrap_or(0), ..self.alerted }, ..self }
    }

    /// Of what people were told in this period. A clock that is behind calls nobody again.
    fn alerted_in(&self, period: Option<PeriodId>) -> u8 {
        let is_over = match (self.alerted.period, period) {
            (Some(told), Some(present)) => told.period() != present.period() || told.is_before(present),
            (told, present) => told.is_some() != present.is_some(),
        };
        if is_over { 0 } else { self.alerted.percent }
    }

    /// The same, signed.
    #[must_use]
    pub fn signed(self, by: &str, op: &str) -> Self {
        Self { by: by.to_owned(), op: op.to_owned(), ..self }
    }

    fn transferred(&self, overall: &Self, budget: &Budget, allotment: Allotment, amount: Money) -> Drawn {
        let allotment = Some(Allotment { amount: allotment.amount.plus(amount), ..allotment });
        let overall = Self { unallotted: overall.unallotted.minus(amount), ..overall.clone() };
        if overall == *self && budget.allotment == allotment {
            return Drawn::Covered;
        }
        Drawn::Transfer(Box::new((overall, Budget { allotment, ..budget.clone() })))
    }

    /// Both sides after what was spent in periods that are over has gone back, as far as it is not committed anew.
    fn settled(&self, budget: &Budget, now: Timestamp) -> (Self, Allotment) {
        let mut allotment = budget.allotment.unwrap_or_default().at(now);
        if allotment.period.map(PeriodId::period) != self.period {
            allotment.period = self.period.map(|period| period.at(now));
        }
        let back = free(Allotment { past: Money::ZERO, ..allotment }, budget).min(allotment.past);
        let allotment = Allotment { amount: allotment.amount.minus(back), past: Money::ZERO, ..allotment };
        (Self { unallotted: self.unallotted.plus(back), ..self.clone() }, allotment)
    }
}

/// What of an allotment is not committed in its present period.
fn free(allotment: Allotment, budget: &Budget) -> Money {
    allotment.amount.minus(allotment.past).minus(allotment.spent).minus(budget.reserved)
}

impl Budget {
    /// Whether the allotment has `amount` more.
    #[must_use]
    pub fn is_allotted(&self, amount: Money, now: Timestamp) -> bool {
        amount == Money::ZERO
            || self.allotment.is_some_and(|allotment| amount <= free(allotment.at(now), self))
    }

    /// What of its allotment is not committed, what periods that are over have left aside.
    #[must_use]
    pub fn idle(&self) -> Money {
        free(Allotment { past: Money::ZERO, ..self.allotment.unwrap_or_default() }, self)
    }

    /// What can be recalled of its allotment: what is not committed in the present period.
    #[must_use]
    pub fn recallable(&self, now: Timestamp) -> Money {
        let allotment = self.allotment.unwrap_or_default().at(now);
        free(Allotment { past: Money::ZERO, ..allotment }, self)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::*;

    fn money(micros: i64) -> Money {
        micros.try_into().unwrap()
    }

    fn at(hour: u64) -> Timestamp {
        Timestamp::from_micros(0).after(Duration::from_hours(hour))
    }

    fn transfer(drawn: Drawn) -> (Overall, Budget) {
        match drawn {
            Drawn::Transfer(both) => *both,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_draw_hands_out_a_part_of_the_rest_but_no_more_than_the_swarm_may_spend() {
        for (cap, amount, drawn) in [(1000, 5, 100), (50, 5, 50), (1000, 300, 300), (1000, 0, 0)] {
            let overall = Overall::with_cap(money(1600), None);
            let (overall, budget) =
                transfer(overall.draw(&Budget::with_cap(money(cap)), money(amount), at(0)));
            assert_eq!(budget.allotment.unwrap().amount, money(drawn), "{cap} {amount}");
            assert_eq!(overall.unallotted, money(1600 - drawn));
            assert_eq!(overall.draw(&budget, money(amount), at(0)), Drawn::Covered);
        }
    }

    #[test]
    fn whoever_has_no_allotment_yet_draws_for_what_it_has_set_aside_too() {
        let overall = Overall::with_cap(money(10), None);
        let budget = Budget { spent: money(40), ..Budget::with_cap(money(100)).book(money(7)) };
        assert!(!budget.is_allotted(money(1), at(0)) && budget.is_allotted(Money::ZERO, at(0)));
        assert_eq!(overall.draw(&budget, money(4), at(0)), Drawn::Short(money(1)));
        let (overall, budget) = transfer(overall.draw(&budget, money(3), at(0)));
        assert_eq!((overall.unallotted, budget.recallable(at(0))), (Money::ZERO, money(3)));
    }

    #[test]
    fn only_what_is_not_committed_is_recalled() {
        let overall = Overall { unallotted: money(2), ..Overall::with_cap(money(22), None) };
        let allotment = Some(Allotment { amount: money(20), spent: money(5), ..Allotment::default() });
        let budget = Budget { allotment, ..Budget::with_cap(money(100)).book(money(6)) };
        let (after, left) = overall.recall(&budget, money(4), at(0)).unwrap();
        assert_eq!((after.unallotted, left.recallable(at(0))), (money(6), money(5)));
        let (after, left) = after.recall(&left, money(100), at(0)).unwrap();
        assert_eq!((after.unallotted, left.allotment.unwrap().amount), (money(11), money(11)));
        assert_eq!(after.recall(&left, money(1), at(0)), None);
        assert_eq!(after.with_new_cap(money(11)).unwrap().unallotted, Money::ZERO);
        assert_eq!(after.with_new_cap(money(10)), Err(money(1)));
    }

    #[test]
    fn what_a_period_has_spent_is_there_again_in_the_next() {
        let overall = Overall::with_cap(money(10), Some(Period::Hour));
        let (overall, budget) = transfer(overall.draw(&Budget::with_cap(money(100)), money(10), at(0)));
        let spent = budget.book(money(10)).settle(money(6), money(6), at(0));
        assert_eq!(spent.recallable(at(0)), Money::ZERO);
        assert_eq!(overall.draw(&spent, money(1), at(0)), Drawn::Short(money(1)));
        assert_eq!(spent.recallable(at(1)), money(6));
        let (overall, budget) = transfer(overall.draw(&spent, money(6), at(1)));
        assert_eq!((overall.unallotted, budget.allotment.unwrap().amount), (Money::ZERO, money(10)));
        assert_eq!(overall.draw(&budget.book(money(6)), money(1), at(1)), Drawn::Short(money(1)));
    }

    proptest! {
        #[test]
        fn allotments_and_the_rest_are_the_cap_and_nobody_commits_more_than_its_allotment(
            cap in 0_i64..200,
            steps in prop::collection::vec((0_usize..4, 0_i64..60, 0_u8..5, 0_u64..3), 0..80),
        ) {
            let mut overall = Overall::with_cap(money(cap), Some(Period::Hour));
            let mut swarms = vec![Budget::with_cap(money(100)); 4];
            let mut hour = 0;
            for (index, amount, step, hours) in steps {
                let amount = money(amount);
                let budget = &swarms[index];
                let changed = match step {
                    0 => match overall.draw(budget, amount, at(hour)) {
                        Drawn::Transfer(both) => Some(*both),
                        Drawn::Covered | Drawn::Short(_) => None,
                    },
                    1 => overall.recall(budget, amount, at(hour)),
                    2 if budget.is_allotted(amount, at(hour)) => Some((overall.clone(), budget.book(amount))),
                    3 => {
                        let used = amount.min(budget.reserved);
                        Some((overall.clone(), budget.settle(used, used, at(hour))))
                    }
                    _ => None,
                };
                if let Some((after, budget)) = changed {
                    overall = after;
                    swarms[index] = budget;
                }
                hour += u64::from(hours == 2);
                let allotted = swarms.iter().map(|budget| budget.allotment.unwrap_or_default());
                let sum = allotted.fold(overall.unallotted, |sum, allotment| sum.plus(allotment.amount));
                prop_assert_eq!(sum, overall.cap);
                for budget in &swarms {
                    let allotment = budget.allotment.unwrap_or_default().at(at(hour));
                    prop_assert!(allotment.spent.plus(budget.reserved) <= allotment.amount);
                }
            }
        }
    }

    #[test]
    fn people_are_told_once_of_each_mark_and_anew_in_a_new_period_or_under_a_higher_cap() {
        let marks = BTreeSet::from([50, 75, 90, 100]);
        let day = Duration::from_hours(24);
        let overall = Overall::with_cap(money(1000), Some(Period::Day));
        assert_eq!(overall.alert(money(499), &marks, at(0)), None);
        let (told, percent) = overall.alert(money(800), &marks, at(0)).unwrap();
        assert_eq!(percent, 75);
        assert_eq!(told.alert(money(899), &marks, at(0)), None);
        assert_eq!(told.alert(money(1000), &marks, at(0)).map(|(_, percent)| percent), Some(100));
        let later = at(0).after(day);
        let (tomorrow, percent) = told.alert(money(500), &marks, later).unwrap();
        assert_eq!(percent, 50);
        assert_eq!(tomorrow.alert(money(500), &marks, at(0)), None, "a clock that is behind");
        let raised = told.with_new_cap(money(1600)).unwrap().rearmed(money(800));
        assert_eq!((raised.alerted.percent, raised.alert(money(800), &marks, at(0))), (50, None));
        assert_eq!(raised.alert(money(1200), &marks, at(0)).map(|(_, percent)| percent), Some(75));
        let never = Overall { period: None, ..told };
        assert_eq!(never.alert(money(800), &marks, at(0)).map(|(_, percent)| percent), Some(75));
        assert_eq!(Overall::with_cap(Money::ZERO, None).alert(money(5), &marks, at(0)), None);
    }

    #[test]
    fn what_is_settled_for_less_leaves_money_idle() {
        let allotment = Some(Allotment { amount: money(10), ..Allotment::default() });
        let idle = Budget { allotment, ..Budget::with_cap(money(100)) };
        let claimed = idle.book(money(6));
        let cheap = claimed.settle(money(6), money(2), at(0));
        let dear = claimed.settle(money(6), money(6), at(0));
        assert_eq!([&idle, &claimed, &cheap, &dear].map(Budget::idle), [10, 4, 8, 4].map(money));
        assert_eq!(Budget::with_cap(money(100)).idle(), Money::ZERO);
    }
}
