//! Accounts: what the governor knows of one swarm, read at one revision.

use std::borrow::Cow;

use super::breaker::{Admission, Breaker};
use super::budget::Budget;
use super::profile::{NEUTRAL_REPUTATION, Profile};
use super::reservation::Probe;
use super::share::Share;
use crate::clock::Timestamp;
use crate::id::SwarmId;
use crate::money::Money;

/// A value with the revision that wrote it, by which a transaction recognises it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated<T> {
    /// The value.
    pub value: T,
    /// The revision that wrote it.
    pub revision: i64,
}

/// What the governor knows of one swarm. All parts are missing for one that never registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Which swarm.
    pub swarm: SwarmId,
    /// What it says of itself.
    pub profile: Option<Dated<Profile>>,
    /// What it says of itself, or what was measured, cannot be read: it gets no work, and ends what it has.
    pub is_garbled: bool,
    /// Its money; no cap without one.
    pub budget: Option<Dated<Budget>>,
    /// Its breaker; closed without one.
    pub breaker: Option<Dated<Breaker>>,
    /// Its measured reputation.
    pub reputation: Option<Share>,
    /// The trial under way, if its breaker is half-open.
    pub probe: Option<Dated<Probe>>,
    /// Whether there is an overall budget, on which every swarm with a budget draws.
    pub draws: bool,
}

impl Account {
    /// A swarm of which nothing is known.
    #[must_use]
    pub fn unregistered(swarm: SwarmId) -> Self {
        Self {
            swarm,
            profile: None,
            is_garbled: false,
            budget: None,
            breaker: None,
            reputation: None,
            probe: None,
            draws: false,
        }
    }

    /// What an hour of its work costs; nothing while it is not registered.
    #[must_use]
    pub fn cost_per_hour(&self) -> Money {
        self.profile.as_ref().map_or(Money::ZERO, |profile| profile.value.cost_per_hour)
    }

    /// The measured reputation; else the neutral one, or less where the profile says so: what a swarm says of itself makes
    /// it no better than a newcomer.
    #[must_use]
    pub fn reputation(&self) -> Share {
        let told = self.profile.as_ref().map_or(NEUTRAL_REPUTATION, |profile| profile.value.reputation);
        self.reputation.unwrap_or(told.min(NEUTRAL_REPUTATION))
    }

    /// The account as it counts at `now`: a budget whose period is over has begun anew, and a breaker that was open for
    /// want of money is closed. Revisions stay those that were read.
    #[must_use]
    pub fn at(&self, now: Timestamp) -> Cow<'_, Self> {
        match &self.budget {
            Some(budget) if budget.value.is_over(now) => {
                let mut renewed = self.clone();
                renewed.budget = Some(Dated { value: budget.value.at(now), revision: budget.revision });
                if let Some(breaker) = &mut renewed.breaker
                    && let Some(closed) = breaker.value.renewed(now)
                {
                    breaker.value = closed;
                }
                Cow::Owned(renewed)
            }
            _ => Cow::Borrowed(self),
        }
    }

    /// The breaker that the new period of the budget closes, if it does.
    #[must_use]
    pub fn reopened(&self, now: Timestamp) -> Option<Breaker> {
        self.budget.as_ref().filter(|budget| budget.value.is_over(now))?;
        self.breaker.as_ref()?.value.renewed(now)
    }

    /// What can still be reserved; none when there is no cap.
    #[must_use]
    pub fn left(&self) -> Option<Money> {
        self.budget.as_ref().map(|budget| budget.value.left())
    }

    /// Whether `amount` more needs nothing from the overall budget.
    #[must_use]
    pub fn is_covered(&self, amount: Money, now: Timestamp) -> bool {
        let budget = self.budget.as_ref().filter(|_| self.draws);
        budget.is_none_or(|budget| budget.value.is_allotted(amount, now))
    }

    /// What the breaker says to new work.
    #[must_use]
    pub fn admission(&self, now: Timestamp) -> Admission {
        self.breaker.as_ref().map_or(Admission::Pass, |breaker| breaker.value.admission(now))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::governor::breaker::TripReason;
    use crate::governor::period::Period;

    #[test]
    fn nobody_gets_a_better_reputation_by_saying_so() {
        let share = |number: f64| Share::try_from(number).unwrap();
        for (told, measured, counted) in [
            (None, None, 0.5),
            (Some(1.0), None, 0.5),
            (Some(0.25), None, 0.25),
            (Some(1.0), Some(0.125), 0.125),
            (Some(0.25), Some(0.75), 0.75),
        ] {
            let mut account = Account::unregistered("s1".parse().unwrap());
            account.profile = told.map(|told| {
                let text = format!(r#"{{"capabilities":[],"cost_per_hour":0,"reputation":{told}}}"#);
                Dated { value: serde_json::from_str(&text).unwrap(), revision: 1 }
            });
            account.reputation = measured.map(share);
            assert_eq!(account.reputation(), share(counted), "{told:?} {measured:?}");
        }
    }

    #[test]
    fn a_new_period_closes_the_breaker_that_the_old_budget_opened_and_no_other() {
        let now = Timestamp::from_micros(0);
        let later = now.after(Duration::from_hours(1));
        let mut budget = Budget::with_cap(Money::from_dollars(1));
        budget.period = Some(Period::Hour.at(now));
        for (reason, closes) in [(TripReason::BudgetExhausted, true), (TripReason::Manual, false)] {
            let account = Account {
                budget: Some(Dated { value: budget.clone(), revision: 3 }),
                breaker: Some(Dated { value: Breaker::closed(now).tripped(reason, now), revision: 4 }),
                ..Account::unregistered("s1".parse().unwrap())
            };
            assert!(matches!(account.at(now).admission(now), Admission::Refused { .. }));
            assert_eq!(account.reopened(now), None);
            assert_eq!(account.at(later).admission(later) == Admission::Pass, closes, "{reason}");
            assert_eq!(account.reopened(later).map(|breaker| breaker.trips), closes.then_some(1));
            assert_eq!(account.at(later).breaker.as_ref().unwrap().revision, 4);
        }
    }
}
