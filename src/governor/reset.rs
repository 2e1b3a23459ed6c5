//! Resetting a breaker: when a person may have it closed, and what money that takes.

use super::breaker::{Breaker, BreakerState};
use super::budget::Budget;
use crate::money::Money;

/// Why a breaker is not reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ResetRefusal {
    /// It is closed.
    #[error("it is closed")]
    Closed,
    /// All money is spent, and no new budget is given: it would open again with the next task.
    #[error("{spent} of {cap} dollars are spent")]
    Spent {
        /// What is spent.
        spent: Money,
        /// What may be spent.
        cap: Money,
    },
    /// The new budget has nothing to spend.
    #[error("{committed} dollars are spent or reserved")]
    NothingLeft {
        /// What is spent or reserved.
        committed: Money,
    },
}

/// The budget after a reset, if the reset changes it. `enforced` tells whether the policy enforces budgets: where it
/// does, a swarm that has spent everything goes on with a new budget only, whatever opened its breaker.
///
/// # Errors
/// [`ResetRefusal`] says what is to be done first.
pub(super) fn reset(
    breaker: Option<&Breaker>,
    budget: Option<&Budget>,
    new_cap: Option<Money>,
    enforced: bool,
) -> Result<Option<Budget>, ResetRefusal> {
    let Some(breaker) = breaker.filter(|breaker| breaker.state != BreakerState::Closed) else {
        return Err(ResetRefusal::Closed);
    };
    let Some(cap) = new_cap else {
        let spent_up = |budget: &&Budget| {
            let spent_all = budget.is_exhausted() && budget.spent > Money::ZERO;
            breaker.is_out_of_budget() || (enforced && spent_all)
        };
        return match budget.filter(spent_up) {
            Some(budget) => Err(ResetRefusal::Spent { spent: budget.spent, cap: budget.cap }),
            None => Ok(None),
        };
    };
    let committed = budget.map_or(Money::ZERO, Budget::committed);
    if cap <= committed {
        return Err(ResetRefusal::NothingLeft { committed });
    }
    Ok(Some(match budget {
        Some(budget) => budget.with_new_cap(cap),
        None => Budget::with_cap(cap),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::governor::breaker::TripReason;

    fn money(micros: i64) -> Money {
        micros.try_into().unwrap()
    }

    fn open(reason: TripReason) -> Breaker {
        let now = Timestamp::from_micros(0);
        Breaker::closed(now).tripped(reason, now)
    }

    /// What is spent and reserved of 10.
    fn budget(spent: i64, reserved: i64) -> Budget {
        Budget { spent: money(spent), reserved: money(reserved), ..Budget::with_cap(money(10)) }
    }

    #[test]
    fn a_closed_breaker_is_not_reset() {
        let closed = Breaker::closed(Timestamp::from_micros(0));
        for breaker in [None, Some(&closed)] {
            assert_eq!(reset(breaker, None, Some(money(5)), true), Err(ResetRefusal::Closed));
        }
    }

    #[test]
    fn whoever_has_spent_everything_goes_on_with_a_new_budget_only() {
        use TripReason::{BudgetExhausted, ConsecutiveFailures, FailureRate, Manual};
        for (reason, spent, enforced, refused) in [
            (BudgetExhausted, 10, true, true),
            (BudgetExhausted, 10, false, true),
            (BudgetExhausted, 12, true, true),
            // Opened by hand afterwards: that is no way around.
            (Manual, 10, true, true),
            (Manual, 12, false, false),
            (Manual, 9, true, false),
            (ConsecutiveFailures, 10, true, true),
            (ConsecutiveFailures, 0, true, false),
            (FailureRate, 9, true, false),
        ] {
            let said = reset(Some(&open(reason)), Some(&budget(spent, 0)), None, enforced);
            let expected = if refused {
                Err(ResetRefusal::Spent { spent: money(spent), cap: money(10) })
            } else {
                Ok(None)
            };
            assert_eq!(said, expected, "{reason} {spent} {enforced}");
        }
    }

    #[test]
    fn a_swarm_that_may_spend_nothing_is_reset_without_money() {
        let free = Budget::with_cap(Money::ZERO);
        assert_eq!(reset(Some(&open(TripReason::FailureRate)), Some(&free), None, true), Ok(None));
    }

    #[test]
    fn a_new_budget_is_above_what_is_spent_and_reserved() {
        let breaker = open(TripReason::BudgetExhausted);
        for (cap, enough) in [(9, false), (13, false), (14, true)] {
            let said = reset(Some(&breaker), Some(&budget(10, 3)), Some(money(cap)), true);
            let expected = if enough {
                Ok(Some(Budget { cap: money(cap), ..budget(10, 3) }))
            } else {
                Err(ResetRefusal::NothingLeft { committed: money(13) })
            };
            assert_eq!(said, expected, "{cap}");
        }
    }

    #[test]
    fn a_swarm_without_a_budget_can_be_given_one() {
        let said = reset(Some(&open(TripReason::Manual)), None, Some(money(5)), true);
        assert_eq!(said, Ok(Some(Budget::with_cap(money(5)))));
    }
}
