//! Accounts: what the governor knows of one swarm, read at one revision.

use super::breaker::{Admission, Breaker};
use super::budget::Budget;
use super::profile::{NEUTRAL_REPUTATION, Profile};
use super::reservation::Probe;
use super::share::Share;
use crate::clock::Timestamp;
use crate::id::SwarmId;
use crate::money::Money;
use crate::store::Versioned;

/// What the governor knows of one swarm. All parts are missing for one that never registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Which swarm.
    pub swarm: SwarmId,
    /// What it says of itself.
    pub profile: Option<Versioned<Profile>>,
    /// Its money; no cap without one.
    pub budget: Option<Versioned<Budget>>,
    /// Its breaker; closed without one.
    pub breaker: Option<Versioned<Breaker>>,
    /// Its measured reputation.
    pub reputation: Option<Share>,
    /// The trial under way, if its breaker is half-open.
    pub probe: Option<Versioned<Probe>>,
}

impl Account {
    /// A swarm of which nothing is known.
    #[must_use]
    pub fn unregistered(swarm: SwarmId) -> Self {
        Self { swarm, profile: None, budget: None, breaker: None, reputation: None, probe: None }
    }

    /// What an hour of its work costs; nothing while it is not registered.
    #[must_use]
    pub fn cost_per_hour(&self) -> Money {
        self.profile.as_ref().map_or(Money::ZERO, |profile| profile.value.cost_per_hour)
    }

    /// The measured reputation, else what the profile says, else the neutral one.
    #[must_use]
    pub fn reputation(&self) -> Share {
        let told = self.profile.as_ref().map(|profile| profile.value.reputation);
        self.reputation.or(told).unwrap_or(NEUTRAL_REPUTATION)
    }

    /// What can still be reserved; none when there is no cap.
    #[must_use]
    pub fn left(&self) -> Option<Money> {
        self.budget.as_ref().map(|budget| budget.value.left())
    }

    /// What the breaker says to new work.
    #[must_use]
    pub fn admission(&self, now: Timestamp) -> Admission {
        self.breaker.as_ref().map_or(Admission::Pass, |breaker| breaker.value.admission(now))
    }
}
