//! The overall budget as the view keeps it: what was too much for it, whether there is more since, and whether there is
//! anything new to tell people.

use crate::clock::Timestamp;
use crate::governor::{Overall, PeriodId};
use crate::money::Money;

/// The overall budget, and what there is to know of it.
#[derive(Debug, Default)]
pub(super) struct Purse {
    overall: Option<Overall>,
    /// What was too much, a moment ago.
    too_much: Option<Money>,
    /// In which period of the overall budget that was.
    refused_in: Option<PeriodId>,
    /// Whether money was freed since then.
    freed: bool,
    /// Whether anything has changed since that was asked last.
    has_news: bool,
}

impl Purse {
    /// Whether there is an overall budget.
    pub(super) fn is_there(&self) -> bool {
        self.overall.is_some()
    }

    /// Takes in what became of the overall budget; whether whoever was left out can be given more.
    pub(super) fn set(&mut self, overall: Option<Overall>) -> bool {
        let before = self.overall.as_ref().map(|overall| overall.unallotted);
        let after = overall.as_ref().map(|overall| overall.unallotted);
        self.overall = overall;
        self.has_news = true;
        before.is_none() || after.is_none() || before < after
    }

    /// Takes in what a swarm's budget had idle of its allotment, and has.
    pub(super) fn note(&mut self, before: Money, after: Money) {
        self.has_news = true;
        self.freed |= after > before;
    }

    pub(super) fn note_too_much(&mut self, amount: Money, now: Timestamp) {
        self.too_much = Some(amount);
        self.refused_in = self.period(now);
        self.freed = false;
    }

    pub(super) fn forget_too_much(&mut self) -> bool {
        self.too_much.take().is_some()
    }

    /// Whether money was freed since then, by a swarm or by a new period.
    pub(super) fn has_freed_money(&self, now: Timestamp) -> bool {
        self.freed || self.period(now) != self.refused_in
    }

    fn period(&self, now: Timestamp) -> Option<PeriodId> {
        Some(self.overall.as_ref()?.period?.at(now))
    }

    pub(super) fn is_too_much(&self, amount: Money) -> bool {
        self.too_much.is_some_and(|too_much| amount >= too_much)
    }

    pub(super) fn renew_news(&mut self) {
        self.has_news = true;
    }

    /// The overall budget, if anything has changed since this was asked last.
    pub(super) fn take_news(&mut self) -> Option<&Overall> {
        let has_news = std::mem::take(&mut self.has_news);
        self.overall.as_ref().filter(|_| has_news)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::governor::Period;

    const HOUR: Duration = Duration::from_hours(1);

    fn money(dollars: u32) -> Money {
        Money::from_dollars(dollars)
    }

    #[test]
    fn what_was_too_much_is_worth_another_try_only_when_money_was_freed() {
        let now = Timestamp::from_micros(0);
        let mut purse = Purse::default();
        let overall = Overall::with_cap(money(10), None);
        assert!(purse.set(Some(Overall { unallotted: Money::ZERO, ..overall.clone() })));
        purse.note_too_much(money(3), now);
        assert!(purse.is_too_much(money(3)) && purse.is_too_much(money(4)) && !purse.is_too_much(money(2)));
        purse.note(money(10), money(2));
        assert!(!purse.has_freed_money(now), "more is committed");
        purse.note(money(2), money(10));
        assert!(purse.has_freed_money(now));
        purse.note_too_much(money(3), now);
        assert!(!purse.has_freed_money(now));
        assert!(!purse.set(Some(Overall { unallotted: Money::ZERO, ..overall.clone() })));
        assert!(purse.set(Some(overall)), "more is there");
        assert!(purse.set(None), "nothing limits anybody");
    }

    #[test]
    fn a_new_period_frees_money_too() {
        let (now, later) = (Timestamp::from_micros(0), Timestamp::from_micros(0).after(HOUR));
        let mut purse = Purse::default();
        purse.set(Some(Overall::with_cap(Money::ZERO, Some(Period::Hour))));
        purse.note_too_much(money(3), now);
        assert!(!purse.has_freed_money(now) && purse.has_freed_money(later));
    }

    #[test]
    fn there_is_news_only_while_there_is_an_overall_budget_and_once() {
        let mut purse = Purse::default();
        purse.note(Money::ZERO, money(1));
        assert_eq!(purse.take_news(), None);
        purse.set(Some(Overall::with_cap(money(10), None)));
        assert!(purse.take_news().is_some());
        assert_eq!(purse.take_news(), None);
        purse.note(Money::ZERO, money(1));
        assert!(purse.take_news().is_some());
    }
}
