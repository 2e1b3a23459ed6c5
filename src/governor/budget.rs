//! Budgets: what may be spent, what is spent, what is set aside.
//!
//! `spent + reserved <= cap` always, except that an actual cost above its reservation is booked in full, and
//! that [`Budget::book`] is for policies that do not enforce budgets.

use serde::{Deserialize, Serialize};

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
    pub period: Option<String>,
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
        Self { cap, spent, reserved, period: None, by: String::new(), op: String::new() }
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
    pub fn settle(&self, reserved: Money, actual: Money) -> Self {
        Self { reserved: self.reserved.minus(reserved), spent: self.spent.plus(actual), ..self.clone() }
    }

    /// What was booked as `from` was `cost` in truth.
    #[must_use]
    pub fn correct(&self, from: Money, cost: Money) -> Self {
        let spent = self.spent.plus(cost.minus(from)).minus(from.minus(cost));
        Self { spent, ..self.clone() }
    }

    /// The same budget, signed.
    #[must_use]
    pub fn signed(self, by: &str, op: &str) -> Self {
        Self { by: by.to_owned(), op: op.to_owned(), ..self }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn money(micros: i64) -> Money {
        micros.try_into().unwrap()
    }

    #[test]
    fn a_budget_is_exhausted_when_all_is_spent_not_when_all_is_reserved() {
        let budget = Budget::with_cap(money(10)).reserve(money(10)).unwrap();
        assert!(!budget.is_exhausted());
        assert_eq!(budget.reserve(money(1)), Err(Shortage { left: Money::ZERO, needed: money(1) }));
        assert!(budget.settle(money(10), money(10)).is_exhausted());
    }

    #[test]
    fn an_actual_cost_above_its_reservation_is_booked_in_full() {
        let budget = Budget::with_cap(money(10)).reserve(money(4)).unwrap().settle(money(4), money(25));
        assert_eq!((budget.spent, budget.reserved, budget.left()), (money(25), Money::ZERO, Money::ZERO));
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
                    budget = budget.settle(money(reserved), money(actual));
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
