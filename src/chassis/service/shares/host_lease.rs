//! The lease of this host: on it hangs what the host may use, whichever process asked for it.

use std::time::Duration;

use super::file::{Record, SharedFile, Words};
use super::{ChassisError, HostShares};
use crate::clock::uptime;
use crate::config::create_private_directory;

/// How long a host that is gone keeps its shares, and one that does not hear of the store uses them.
const TTL: Duration = Duration::from_secs(15);
/// How many shares hang on one lease in its life.
const SHARES_PER_LEASE: u64 = 256;

/// A lease, as far as this host can be sure of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct HostLease {
    pub(super) id: i64,
    /// Until when it lives, in the machine's uptime.
    pub(super) until: Duration,
    /// How long it lives once it is renewed.
    pub(super) ttl: Duration,
}

/// The lease that takes up new shares.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Current {
    lease: i64,
    until: u64,
    ttl: u64,
    /// How many shares were hung on it.
    shares: u64,
}

impl Current {
    /// Hangs one more share on it, if it lives and has room.
    fn take_up(&mut self, now: Duration) -> Option<HostLease> {
        let (until, ttl) = (Duration::from_nanos(self.until), Duration::from_nanos(self.ttl));
        let has_room = self.lease != 0 && now + ttl / 3 < until && self.shares < SHARES_PER_LEASE;
        has_room.then(|| {
            self.shares += 1;
            HostLease { id: self.lease, until, ttl }
        })
    }

    fn forget(&mut self, lease: i64) {
        if self.lease == lease {
            *self = Self::default();
        }
    }

    fn renewed(&mut self, lease: i64, until: Duration) {
        if self.lease == lease {
            self.until = self.until.max(nanos(until));
        }
    }
}

impl Record for Current {
    fn fresh() -> Self {
        Self::default()
    }

    fn unknown(_: Duration) -> Self {
        Self::default()
    }

    fn from_words([lease, until, ttl, shares, ..]: Words) -> Self {
        Self { lease: lease.cast_signed(), until, ttl, shares }
    }

    fn words(&self) -> Words {
        [self.lease.cast_unsigned(), self.until, self.ttl, self.shares, 0, 0, 0, 0]
    }
}

impl HostShares {
    /// A lease for one more share.
    pub(super) async fn lease(&self) -> Result<HostLease, ChassisError> {
        if let Some(lease) = self.current(Current::take_up)? {
            return Ok(lease);
        }
        let asked = uptime();
        let granted = self.0.store.grant(TTL).await?;
        let (until, ttl) = (nanos(asked + granted.ttl), nanos(granted.ttl));
        let ours = Current { lease: granted.id, until, ttl, shares: 0 };
        let taken = self.current(|current, now| {
            // Another process may have been faster.
            let living = current.take_up(now);
            living.or_else(|| {
                *current = ours;
                current.take_up(now)
            })
        })?;
        match taken {
            Some(lease) if lease.id == granted.id => Ok(lease),
            Some(lease) => {
                // Nothing hangs on it, and it ends by itself otherwise.
                let _ = self.0.store.revoke(granted.id).await;
                Ok(lease)
            }
            // The answer took longer than the lease lasts.
            None => Err(crate::store::StoreError::LeaseLost.into()),
        }
    }

    /// Takes down that a lease lives on.
    pub(super) fn lease_renewed(&self, lease: i64, until: Duration) -> Result<(), ChassisError> {
        self.current(|current, _| current.renewed(lease, until))
    }

    /// Takes down that a lease has ended.
    pub(super) fn lease_ended(&self, lease: i64) -> Result<(), ChassisError> {
        self.current(|current, _| current.forget(lease))
    }

    fn current<T>(&self, change: impl FnOnce(&mut Current, Duration) -> T) -> Result<T, ChassisError> {
        // No swarm is named so.
        let path = self.0.directory.join("@host");
        let opened =
            create_private_directory(&self.0.directory).and_then(|()| SharedFile::open(path.clone()));
        opened.and_then(|file| file.update(change)).map_err(|source| ChassisError::Uncounted { path, source })
    }
}

fn nanos(moment: Duration) -> u64 {
    u64::try_from(moment.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_takes_up_so_many_shares_while_it_has_time_left() {
        let now = Duration::from_hours(1);
        let mut current = Current { lease: 5, until: nanos(now + TTL), ttl: nanos(TTL), shares: 0 };
        assert_eq!(Current::from_words(current.words()), current);
        assert_eq!(current.take_up(now + 2 * TTL / 3), None, "it must be renewed before it ends");
        current.renewed(4, now + 9 * TTL);
        current.renewed(5, now + 2 * TTL);
        assert!(current.take_up(now + 2 * TTL / 3).is_some());
        assert_eq!((0..300).filter(|_| current.take_up(now).is_some()).count(), 255);
        current.forget(4);
        assert_eq!(current.lease, 5);
        current.forget(5);
        assert_eq!(current.take_up(now), None);
    }
}
