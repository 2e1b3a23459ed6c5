//! Rails: what is known of providers that serve the same purpose, and which of them to use.
//!
//! The score is the original design's: 60 % success, 20 % speed, 10 % recency, 10 % cost. Each part is from 0 to 1, and
//! one half where nothing is known; the original lets speed pass 1 below a second, and counts what was never used as
//! used long ago, so that nobody would try it.

mod standing;
mod statistics;
#[cfg(test)]
mod tests;

use rand::{Rng, RngExt};

pub use standing::RailStanding;
pub use statistics::{RailScore, RailStatistics, RailUse};

use super::breaker::{Breaker, Limits, TripReason};
use super::escalation::{Escalation, EscalationKind};
use super::policy::Strategy;
use crate::clock::Timestamp;
use crate::id::ProviderId;
use crate::money::Money;

/// The share of choices that the original design leaves to chance.
const EXPLORATION: f64 = 0.1;

/// One of the providers to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Who.
    pub provider: ProviderId,
    /// What is known of it.
    pub statistics: RailStatistics,
    /// What it would cost, if the caller has said so.
    pub cost: Option<Money>,
    /// Whether it may be used.
    pub standing: RailStanding,
}

/// Chooses who is used for moving `amount`; nobody when none may be used. Of two alike the first one.
pub(super) fn choose<'a>(
    candidates: &'a [Candidate],
    strategy: Strategy,
    amount: Option<Money>,
    now: Timestamp,
    rng: &mut impl Rng,
) -> Option<&'a Candidate> {
    let free: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.standing.admits()).collect();
    if strategy == Strategy::Seed && !free.is_empty() && rng.random_bool(EXPLORATION) {
        return free.get(rng.random_range(0..free.len())).copied();
    }
    let mut weighed = Vec::with_capacity(free.len());
    for candidate in free {
        let mut score = candidate.statistics.score(candidate.cost, amount, now);
        if strategy == Strategy::Thompson {
            score.success = candidate.statistics.sampled_rate(rng);
        }
        weighed.push((score.total(), candidate));
    }
    // Of equals the last is the greatest.
    weighed.into_iter().rev().max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, candidate)| candidate)
}

/// What a use does to the provider's breaker: while a trial is due or under way the next use that is reported is the
/// trial. `jitter` is from 0 to 1.
pub(super) fn after_use(
    breaker: &Breaker,
    used: &RailUse,
    limits: &Limits,
    now: Timestamp,
    jitter: f64,
) -> Breaker {
    breaker.after_work(used.succeeded, true, limits, now, jitter)
}

/// Calls a human to a provider whose breaker has just opened.
pub(super) fn outage(provider: &ProviderId, breaker: &Breaker, by: &str, now: Timestamp) -> Escalation {
    let failed = match breaker.reason {
        Some(TripReason::FailureRate) => {
            let (failed, count) = breaker.recent.tally();
            format!("{failed} of the last {count} calls failed")
        }
        _ => format!("{} calls in a row failed", breaker.failures),
    };
    Escalation::triggered(
        EscalationKind::ProviderBreaker,
        &format!("{provider}.{}", breaker.trips),
        format!("{failed} at provider {provider}: its circuit breaker opened"),
        "see what is wrong with the provider; it is tried again by itself",
        by,
        now,
    )
}
