//! Accounts and what belongs to them, for the tests of the rules.

use super::account::{Account, Dated};
use super::budget::Budget;
use super::profile::{NEUTRAL_REPUTATION, Profile};
use crate::id::Capability;
use crate::money::Money;

pub(super) fn dated<T>(value: T) -> Dated<T> {
    Dated { value, revision: 1 }
}

pub(super) fn money(micros: i64) -> Money {
    micros.try_into().unwrap()
}

pub(super) fn capabilities(names: &[&str]) -> Vec<Capability> {
    names.iter().map(|name| name.parse().unwrap()).collect()
}

/// A swarm of which nothing is known but its money.
pub(super) fn with_budget(budget: Budget) -> Account {
    Account { budget: Some(dated(budget)), ..Account::unregistered("s1".parse().unwrap()) }
}

/// A swarm that can do this, costs so many dollars an hour and may spend so many.
pub(super) fn registered(swarm: &str, can: &[&str], cost_per_hour: u32, cap: u32) -> Account {
    let profile = Profile {
        capabilities: capabilities(can).into_iter().collect(),
        contracted: std::collections::BTreeSet::new(),
        cost_per_hour: Money::from_dollars(cost_per_hour),
        reputation: NEUTRAL_REPUTATION,
        model: None,
        by: String::new(),
        op: String::new(),
        updated_at: None,
    };
    Account {
        swarm: swarm.parse().unwrap(),
        profile: Some(dated(profile)),
        ..with_budget(Budget::with_cap(Money::from_dollars(cap)))
    }
}
