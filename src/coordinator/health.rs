//! How well a swarm is: healthy, suspect, unhealthy, dead, by its silence and by its failures.
//!
//! Pure: callers tell what was seen. Silent is a swarm that was connected and is not any more, without having
//! said that it leaves. Failures are those in a row: work that failed, pushes that nobody took up, connections lost.

use std::fmt;
use std::time::Duration;

use crate::governor::HealthPolicy;

/// How well a swarm is, best first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Health {
    /// Nothing speaks against it.
    #[default]
    Healthy,
    /// It gets work when others are busy.
    Suspect,
    /// It gets no work for now.
    Unhealthy,
    /// A human was called.
    Dead,
}

/// What was seen of a swarm.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Seen {
    /// How long it has been silent; none while it is connected, or has left of its own will.
    pub silent: Option<Duration>,
    /// How often it failed in a row, not long ago.
    pub failures: u32,
}

impl Health {
    /// How well a swarm is that was as well as `before`. While it is silent nothing gets better.
    #[must_use]
    pub fn judge(before: Self, seen: Seen, policy: &HealthPolicy) -> Self {
        let by_failures = by_failures(seen.failures, policy.max_failures);
        match seen.silent {
            None => by_failures,
            Some(silent) => by_failures.max(by_silence(silent, policy)).max(before),
        }
    }

    /// The part of its score that the dispatcher counts.
    #[must_use]
    pub fn weight(self) -> f64 {
        match self {
            Self::Healthy => 1.0,
            Self::Suspect => 0.5,
            Self::Unhealthy | Self::Dead => 0.0,
        }
    }

    /// The status word that says so; of a healthy swarm the original design says that it is active.
    #[must_use]
    pub fn status(self) -> &'static str {
        match self {
            Self::Healthy => "active",
            Self::Suspect => "suspect",
            Self::Unhealthy => "unhealthy",
            Self::Dead => "dead",
        }
    }

    /// What a status word says; none for the word of a breaker.
    #[must_use]
    pub fn of_status(status: &str) -> Option<Self> {
        [Self::Healthy, Self::Suspect, Self::Unhealthy, Self::Dead]
            .into_iter()
            .find(|health| health.status() == status)
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(if *self == Self::Healthy { "healthy" } else { self.status() })
    }
}

fn by_silence(silent: Duration, policy: &HealthPolicy) -> Health {
    let seconds = silent.as_secs();
    match seconds {
        _ if seconds >= policy.dead_after_seconds => Health::Dead,
        _ if seconds >= policy.unhealthy_after_seconds => Health::Unhealthy,
        _ if seconds >= policy.silent_after_seconds => Health::Suspect,
        _ => Health::Healthy,
    }
}

/// More failures than are borne make it unhealthy, more than half of them suspect.
fn by_failures(failures: u32, most: u32) -> Health {
    match failures {
        _ if failures > most => Health::Unhealthy,
        _ if failures.saturating_mul(2) > most => Health::Suspect,
        _ => Health::Healthy,
    }
}

#[cfg(test)]
mod tests {
    use Health::{Dead, Healthy, Suspect, Unhealthy};

    use super::*;
    use crate::governor::Policy;

    #[test]
    fn silence_and_failures_take_a_swarm_from_healthy_to_dead() {
        for (silent, failures, health) in [
            (None, 0, Healthy),
            (None, 1, Healthy),
            (None, 2, Suspect),
            (None, 3, Suspect),
            (None, 4, Unhealthy),
            (None, 400, Unhealthy),
            (Some(0), 0, Healthy),
            (Some(59), 0, Healthy),
            (Some(60), 0, Suspect),
            (Some(119), 0, Suspect),
            (Some(120), 0, Unhealthy),
            (Some(299), 0, Unhealthy),
            (Some(300), 0, Dead),
            (Some(0), 4, Unhealthy),
            (Some(60), 4, Unhealthy),
            (Some(300), 4, Dead),
        ] {
            let seen = Seen { silent: silent.map(Duration::from_secs), failures };
            assert_eq!(Health::judge(Healthy, seen, &Policy::default().health), health, "{seen:?}");
        }
    }

    #[test]
    fn only_a_sign_of_life_makes_it_better() {
        let policy = Policy::default().health;
        for before in [Suspect, Unhealthy, Dead] {
            let silent = Seen { silent: Some(Duration::ZERO), failures: 0 };
            assert_eq!(Health::judge(before, silent, &policy), before);
            assert_eq!(Health::judge(before, Seen::default(), &policy), Healthy);
            assert_eq!(Health::judge(before, Seen { silent: None, failures: 2 }, &policy), Suspect);
        }
    }

    #[test]
    fn a_status_word_is_read_back_and_that_of_a_breaker_is_none() {
        for health in [Healthy, Suspect, Unhealthy, Dead] {
            assert_eq!(Health::of_status(health.status()), Some(health));
        }
        assert_eq!(Health::of_status("circuit_breaker_tripped"), None);
    }
}
