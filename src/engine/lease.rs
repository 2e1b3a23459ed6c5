//! Leases: who lives until when.
//!
//! Pure: callers supply the lease time, which stands still while the process is frozen.

use std::collections::{BTreeSet, HashMap};
use std::time::Duration;

/// The shortest TTL, in seconds: etcd's at its default election timeout.
const MIN_TTL: i64 = 2;
/// The longest TTL, in seconds: etcd's.
const MAX_TTL: i64 = 9_000_000_000;
/// A pause longer than this is none of the clients' doing.
const FREEZE: Duration = Duration::from_secs(1);

/// The TTL that is granted to who asks for `asked` seconds; none when that is beyond all bounds.
pub(crate) fn granted_ttl(asked: i64) -> Option<i64> {
    (asked <= MAX_TTL).then(|| asked.max(MIN_TTL))
}

/// Time as leases count it: without the stretches in which nobody could have renewed them.
///
/// A process that was stopped, or a disk that hung, leaves a long gap between two observations. Keep-alives could
/// not be served meanwhile, so the gap is not counted.
#[derive(Debug, Default)]
pub(crate) struct LeaseTime {
    observed: Duration,
    counted: Duration,
}

impl LeaseTime {
    /// Observes the monotonic time `now`, and returns the lease time. To be called more often than [`FREEZE`].
    pub(crate) fn observe(&mut self, now: Duration) -> Duration {
        let gap = now.saturating_sub(self.observed);
        self.observed = now;
        if gap <= FREEZE {
            self.counted += gap;
        }
        self.counted
    }
}

/// The deadlines of all leases.
#[derive(Debug, Default)]
pub(crate) struct Deadlines {
    leases: HashMap<i64, (Duration, Duration)>,
    order: BTreeSet<(Duration, i64)>,
}

impl Deadlines {
    /// Gives a lease its full TTL of `ttl` seconds, from `now` on.
    pub(crate) fn grant(&mut self, id: i64, ttl: i64, now: Duration) {
        let ttl = Duration::from_secs(u64::try_from(ttl).unwrap_or(0));
        let deadline = now.saturating_add(ttl);
        if let Some((_, former)) = self.leases.insert(id, (ttl, deadline)) {
            self.order.remove(&(former, id));
        }
        self.order.insert((deadline, id));
    }

    pub(crate) fn revoke(&mut self, id: i64) {
        if let Some((_, deadline)) = self.leases.remove(&id) {
            self.order.remove(&(deadline, id));
        }
    }

    /// What is left of a lease's life.
    pub(crate) fn remaining(&self, id: i64, now: Duration) -> Option<Duration> {
        self.leases.get(&id).map(|(_, deadline)| deadline.saturating_sub(now))
    }

    /// Up to `limit` leases whose time is over, longest first.
    pub(crate) fn due(&self, now: Duration, limit: usize) -> Vec<i64> {
        let over = self.order.iter().take_while(|(deadline, _)| *deadline <= now);
        over.take(limit).map(|&(_, id)| id).collect()
    }

    /// All leases, the first to end first.
    pub(crate) fn by_deadline(&self) -> impl Iterator<Item = i64> {
        self.order.iter().map(|&(_, id)| id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn seconds(n: u64) -> Duration {
        Duration::from_secs(n)
    }

    #[test]
    fn ttls_are_granted_as_etcd_grants_them() {
        for (asked, granted) in
            [(-1, Some(2)), (0, Some(2)), (2, Some(2)), (60, Some(60)), (MAX_TTL + 1, None)]
        {
            assert_eq!(granted_ttl(asked), granted, "{asked}");
        }
    }

    #[test]
    fn a_renewed_lease_outlives_its_first_deadline() {
        let mut deadlines = Deadlines::default();
        deadlines.grant(7, 10, seconds(0));
        deadlines.grant(8, 10, seconds(1));
        deadlines.grant(7, 10, seconds(5));
        assert_eq!(deadlines.due(seconds(11), 10), [8]);
        assert_eq!(deadlines.remaining(7, seconds(11)), Some(seconds(4)));
        assert_eq!(deadlines.by_deadline().collect::<Vec<_>>(), [8, 7]);
        deadlines.revoke(8);
        assert_eq!(deadlines.due(seconds(15), 10), [7]);
    }

    #[test]
    fn a_freeze_costs_no_lease_its_life() {
        let mut time = LeaseTime::default();
        let mut deadlines = Deadlines::default();
        deadlines.grant(7, 2, time.observe(Duration::from_millis(500)));
        assert!(deadlines.due(time.observe(seconds(60)), 10).is_empty(), "frozen for a minute");
        assert!(deadlines.due(time.observe(seconds(61)), 10).is_empty());
        assert_eq!(deadlines.due(time.observe(seconds(62)), 10), [7], "two seconds that were really lived");
    }
}
