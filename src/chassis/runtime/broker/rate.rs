//! Rates: how many calls a second all tasks of a swarm may make together.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::id::SwarmId;

/// A bucket of tokens for each swarm; a second's worth fits into it.
#[derive(Debug, Default)]
pub(super) struct Rates(Mutex<HashMap<SwarmId, Bucket>>);

#[derive(Debug)]
struct Bucket {
    per_second: NonZeroU32,
    tokens: DefaultDirectRateLimiter,
}

impl Bucket {
    fn new(per_second: NonZeroU32) -> Self {
        Self { per_second, tokens: RateLimiter::direct(Quota::per_second(per_second)) }
    }
}

impl Rates {
    /// Takes a token of the swarm's, if there is one. Another rate than before begins with a full bucket.
    pub(super) fn admit(&self, swarm: &SwarmId, per_second: u32) -> bool {
        let Some(per_second) = NonZeroU32::new(per_second) else { return false };
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bucket = buckets.entry(swarm.clone()).or_insert_with(|| Bucket::new(per_second));
        if bucket.per_second != per_second {
            *bucket = Bucket::new(per_second);
        }
        bucket.tokens.check().is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_swarm_has_a_bucket_of_its_own() {
        let rates = Rates::default();
        let (greedy, modest) = ("greedy".parse().unwrap(), "modest".parse().unwrap());
        let granted = (0..1000).filter(|_| rates.admit(&greedy, 3)).count();
        assert!((3..10).contains(&granted), "{granted}");
        assert!(rates.admit(&modest, 3));
        assert!(!rates.admit(&modest, 0));
    }
}
