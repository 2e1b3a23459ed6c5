//! Rates: how many calls a second all tasks of a swarm may make together.

use std::collections::HashMap;
use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::chassis::allotment::OverRate;
use crate::chassis::pace::PaidUntil;
use crate::clock::uptime;
use crate::id::SwarmId;

/// Who counts the calls of swarms.
pub trait Rates: Debug + Send + Sync {
    /// Counts a call of the swarm's, whose contract allows it `per_second`, unless it is one too many.
    fn admit(&self, swarm: &SwarmId, per_second: u32) -> Result<(), OverRate>;
}

/// A bucket of tokens for each swarm, of one process that is alone with its swarms; a second's worth fits into it.
#[derive(Debug, Default)]
pub(super) struct OwnRates(Mutex<HashMap<SwarmId, PaidUntil>>);

impl Rates for OwnRates {
    fn admit(&self, swarm: &SwarmId, per_second: u32) -> Result<(), OverRate> {
        self.take(swarm, per_second, uptime())
    }
}

impl OwnRates {
    fn take(&self, swarm: &SwarmId, per_second: u32, now: Duration) -> Result<(), OverRate> {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(swarm.clone()).or_default();
        if bucket.take(per_second.saturating_mul(1000), now) {
            Ok(())
        } else {
            Err(OverRate::Limit(per_second))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_swarm_has_a_bucket_of_its_own() {
        let (rates, now) = (OwnRates::default(), Duration::from_hours(1));
        let (greedy, modest) = ("greedy".parse().unwrap(), "modest".parse().unwrap());
        let granted = (0..1000).filter(|_| rates.take(&greedy, 3, now).is_ok()).count();
        assert_eq!(granted, 3);
        assert_eq!(rates.take(&modest, 3, now), Ok(()));
        assert_eq!(rates.take(&modest, 0, now), Err(OverRate::Limit(0)));
    }
}
