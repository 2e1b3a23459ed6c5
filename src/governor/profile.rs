//! What a swarm says of itself: capabilities, price, model.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::share::Share;
use crate::clock::Timestamp;
use crate::id::Capability;
use crate::money::{self, Money};

/// The reputation of a newcomer: nothing is known yet, neither good nor bad.
pub const NEUTRAL_REPUTATION: Share = Share::HALF;

/// The status of a swarm that gets work.
pub(super) const ACTIVE: &str = "active";

/// The status of a swarm whose breaker is open, as the original design writes it.
pub(super) const TRIPPED: &str = "circuit_breaker_tripped";

/// The statuses of swarms that are not well, which the coordinator's leader gives and takes.
pub(super) const HEALTH: [&str; 3] = ["suspect", "unhealthy", "dead"];

/// A swarm's profile, as the original design writes it; a raw client may leave out what is not its.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Profile {
    /// What the swarm can do; written in order.
    pub capabilities: BTreeSet<Capability>,
    /// Those of them that its contract brought, and that go with it; nobody has registered them by hand.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub contracted: BTreeSet<Capability>,
    /// What an hour of its work costs; a number of dollars in JSON.
    #[serde(with = "money::dollars")]
    pub cost_per_hour: Money,
    /// What it was worth before anything was measured; [`Reputation`] takes precedence.
    #[serde(default = "neutral")]
    pub reputation: Share,
    /// The model behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Who wrote this.
    #[serde(default)]
    pub by: String,
    /// In which operation.
    #[serde(default)]
    pub op: String,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
}

/// A swarm's measured reputation. It hangs on the identity: registering again does not wash it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reputation {
    /// The measured value.
    pub score: Share,
}

fn neutral() -> Share {
    NEUTRAL_REPUTATION
}

impl Profile {
    /// What the swarm can do whatever its contract says: what was registered by hand.
    #[must_use]
    pub fn by_hand(&self) -> BTreeSet<Capability> {
        &self.capabilities - &self.contracted
    }

    /// How much of `required` the swarm can do: |have ∩ need| / |need|; everything for an empty need.
    #[must_use]
    pub fn coverage(&self, required: &BTreeSet<&Capability>) -> Share {
        let covered = required.iter().filter(|capability| self.capabilities.contains(**capability)).count();
        Share::of(covered, required.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_of_the_original_design_is_understood() {
        let text = r#"{"capabilities": ["integration:sip"], "cost_per_hour": 2.0, "reputation": 0.9}"#;
        let profile: Profile = serde_json::from_str(text).unwrap();
        assert_eq!(profile.cost_per_hour, Money::from_dollars(2));
        let written = serde_json::to_value(&profile).unwrap();
        assert_eq!(written["cost_per_hour"], 2.0);
        assert_eq!(written["capabilities"][0], "integration:sip");
    }
}
