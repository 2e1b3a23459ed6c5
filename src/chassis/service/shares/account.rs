//! The account of one swarm on this host: what it has used, and what it may use until when.
//!
//! Pure, over moments of the machine's uptime.

use std::time::Duration;

use super::file::{Record, Words};
use super::host_lease::HostLease;
use crate::chassis::pace::PaidUntil;
use crate::chassis::{Allotment, Pause};

/// A share that ends sooner is not relied upon by a task that begins.
const MARGIN: Duration = Duration::from_secs(1);

/// What all processes of this host know of a swarm.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Account {
    calls: PaidUntil,
    cpu: PaidUntil,
    allotment: Allotment,
    /// The revision of the store that gave it; of its host's key it is the last one that this host knows.
    revision: i64,
    /// The lease on which it hangs; 0 for none.
    lease: i64,
    /// Until when that lives for sure, unless it is renewed.
    lease_until: u64,
    /// How long it lives once it is renewed.
    lease_ttl: u64,
}

impl Account {
    /// Takes one call; without one what this host has of them, in thousandths a second.
    pub(super) fn take(&mut self, now: Duration) -> Result<(), u32> {
        let share = self.present(now).milli_calls_per_second;
        if self.calls.take(share, now) { Ok(()) } else { Err(share) }
    }

    /// Books processor time.
    pub(super) fn spend(&mut self, cpu: Duration, now: Duration) -> Pause {
        if self.allotment.milli_cpu_percent == 0 {
            return Pause::UntilGranted;
        }
        let due = self.cpu.spend(cpu, self.allotment.milli_cpu_percent, now);
        if self.lives(now) { Pause::For(due) } else { Pause::UntilGranted }
    }

    /// What may be used now.
    fn present(&self, now: Duration) -> Allotment {
        if self.lives(now) { self.allotment } else { Allotment::NONE }
    }

    fn lives(&self, now: Duration) -> bool {
        self.lease != 0 && nanos(now) < self.lease_until
    }

    /// The revision that gave this host its share, if a task can count on it.
    pub(super) fn held(&self, now: Duration) -> Option<i64> {
        (self.present(now + MARGIN).milli_cpu_percent > 0).then_some(self.revision)
    }

    /// The lease on which the share hangs, as long as it lives for sure.
    pub(super) fn lease(&self, now: Duration) -> Option<HostLease> {
        self.lives(now + MARGIN).then(|| HostLease {
            id: self.lease,
            until: Duration::from_nanos(self.lease_until),
            ttl: Duration::from_nanos(self.lease_ttl),
        })
    }

    /// The lease and its time, once a third of that has gone by. One that has ended as far as this host knows may live on in
    /// the store: then nobody else was given the share.
    pub(super) fn due(&self, now: Duration) -> Option<(i64, Duration)> {
        let is_due = self.lease != 0 && self.lease_until < nanos(now).saturating_add(self.lease_ttl / 3 * 2);
        is_due.then_some((self.lease, Duration::from_nanos(self.lease_ttl)))
    }

    /// Has no more than `most` from now on. What it has then, and the revision that gave it.
    pub(super) fn lower(&mut self, most: Allotment) -> (Allotment, i64) {
        self.allotment = self.allotment.least(most);
        (self.allotment, self.revision)
    }

    /// Has what the store gave it at `revision`. What is known to be older is passed over.
    pub(super) fn grant(&mut self, allotment: Allotment, revision: i64, lease: &HostLease, now: Duration) {
        let is_another = self.lease != lease.id;
        if (is_another && self.lives(now)) || (!is_another && revision <= self.revision) {
            return;
        }
        (self.allotment, self.revision, self.lease) = (allotment, revision, lease.id);
        self.lease_ttl = nanos(lease.ttl);
        let until = nanos(lease.until);
        self.lease_until = if is_another { until } else { self.lease_until.max(until) };
    }

    /// Its lease was renewed.
    pub(super) fn renewed(&mut self, lease: i64, until: Duration) {
        if self.lease == lease {
            self.lease_until = self.lease_until.max(nanos(until));
        }
    }

    /// Its lease has ended.
    pub(super) fn lost(&mut self, lease: i64) {
        if self.lease == lease {
            let Self { calls, cpu, .. } = *self;
            *self = Self { calls, cpu, ..Self::default() };
        }
    }

    /// Has nothing from now on. Lease and revision of what it had.
    pub(super) fn retire(&mut self) -> (i64, i64) {
        self.allotment = Allotment::NONE;
        (self.lease, self.revision)
    }

    /// Whether the host knows of what its key says since `revision`.
    pub(super) fn knows(&self, lease: Option<i64>, revision: i64) -> bool {
        Some(self.lease) == lease && revision <= self.revision
    }
}

impl Record for Account {
    fn fresh() -> Self {
        Self::default()
    }

    fn unknown(now: Duration) -> Self {
        Self { calls: PaidUntil::exhausted(now), cpu: PaidUntil::at(now), ..Self::default() }
    }

    fn from_words([calls, cpu, rate, share, revision, lease, lease_until, lease_ttl]: Words) -> Self {
        let number = |word: u64| u32::try_from(word).unwrap_or_default();
        let allotment = Allotment { milli_calls_per_second: number(rate), milli_cpu_percent: number(share) };
        Self {
            calls: PaidUntil::from_nanos(calls),
            cpu: PaidUntil::from_nanos(cpu),
            allotment,
            revision: revision.cast_signed(),
            lease: lease.cast_signed(),
            lease_until,
            lease_ttl,
        }
    }

    fn words(&self) -> Words {
        [
            self.calls.as_nanos(),
            self.cpu.as_nanos(),
            self.allotment.milli_calls_per_second.into(),
            self.allotment.milli_cpu_percent.into(),
            self.revision.cast_unsigned(),
            self.lease.cast_unsigned(),
            self.lease_until,
            self.lease_ttl,
        ]
    }
}

fn nanos(moment: Duration) -> u64 {
    u64::try_from(moment.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chassis::service::shares::file::SharedFile;
    use crate::clock::uptime;

    const NOW: Duration = Duration::from_hours(1);
    const TTL: Duration = Duration::from_secs(15);
    const SHARE: Allotment = Allotment { milli_calls_per_second: 5000, milli_cpu_percent: 25_000 };

    fn lease(id: i64) -> HostLease {
        HostLease { id, until: NOW + TTL, ttl: TTL }
    }

    fn granted() -> Account {
        let mut account = Account::default();
        account.grant(SHARE, 7, &lease(1), NOW);
        account
    }

    #[test]
    fn a_share_lasts_as_long_as_its_lease_lives_for_sure() {
        let mut account = granted();
        assert_eq!(account.held(NOW), Some(7));
        assert_eq!(
            (account.take(NOW), account.spend(Duration::ZERO, NOW)),
            (Ok(()), Pause::For(Duration::ZERO))
        );
        let end = NOW + TTL;
        assert_eq!((account.due(NOW), account.due(end)), (None, Some((1, TTL))));
        assert_eq!(account.held(end.checked_sub(MARGIN).unwrap()), None);
        assert_eq!((account.take(end), account.spend(Duration::ZERO, end)), (Err(0), Pause::UntilGranted));
        account.renewed(2, end + TTL);
        assert_eq!(account.take(end), Err(0), "it hangs on another lease");
        account.renewed(1, end + TTL);
        assert_eq!(account.take(end), Ok(()));
        account.lost(1);
        assert_eq!(account.take(end), Err(0));
    }

    #[test]
    fn less_counts_at_once_and_more_only_if_it_is_newer() {
        let mut account = granted();
        let less = Allotment { milli_calls_per_second: 1000, milli_cpu_percent: 90_000 };
        assert_eq!(account.lower(less), (less.least(SHARE), 7));
        account.grant(SHARE, 7, &lease(1), NOW);
        assert_eq!(account.lower(SHARE), (less.least(SHARE), 7), "this revision is known");
        account.grant(SHARE, 8, &lease(1), NOW);
        assert_eq!(account.lower(SHARE), (SHARE, 8));
        account.grant(SHARE, 99, &lease(2), NOW);
        assert_eq!(account.lower(SHARE), (SHARE, 8), "the first lease lives");
        // Of another store, or of one that was set back, revisions may be lower.
        account.lost(1);
        account.grant(SHARE, 3, &lease(2), NOW);
        assert_eq!(account.lower(SHARE), (SHARE, 3));
        assert_eq!(account.retire(), (2, 3));
        assert_eq!(account.held(NOW), None);
    }

    #[test]
    fn many_at_once_never_take_more_than_comes_in_and_was_saved_up() {
        let directory = tempfile::tempdir().unwrap();
        let open = || SharedFile::<Account>::open(directory.path().join("s")).unwrap();
        open()
            .update(|account, now| {
                account.grant(SHARE, 1, &HostLease { until: now + 9 * TTL, ..lease(1) }, now);
            })
            .unwrap();
        let start = uptime();
        let take =
            |file: &SharedFile<Account>| file.update(|account, now| account.take(now).is_ok()).unwrap();
        let taken: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|_| {
                    scope.spawn(|| {
                        (0..5000)
                            .filter({
                                let file = open();
                                move |_| take(&file)
                            })
                            .count()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        let came_in = 5 * uptime().checked_sub(start).unwrap().as_millis() / 1000;
        assert!((5..=came_in + 5).contains(&u128::try_from(taken).unwrap()), "{taken} of {came_in}");
    }

    #[test]
    fn what_was_used_stays_used_whoever_gives_the_share() {
        let mut account = granted();
        assert_eq!((0..9).filter(|_| account.take(NOW).is_ok()).count(), 5);
        // What it has saved up until now is little.
        assert_eq!(account.spend(Duration::ZERO, NOW), Pause::For(Duration::ZERO));
        let Pause::For(due) = account.spend(Duration::from_millis(20), NOW) else { panic!("it has a share") };
        assert!(!due.is_zero());
        account.lost(1);
        account.grant(SHARE, 1, &lease(2), NOW);
        assert_eq!(account.take(NOW), Err(5000));
        assert_eq!(account.spend(Duration::ZERO, NOW), Pause::For(due));
    }

    #[test]
    fn an_account_survives_its_file_and_one_that_is_lost_has_nothing_saved_up() {
        let mut account = granted();
        account.take(NOW).unwrap();
        assert_eq!(Account::from_words(account.words()), account);
        let mut account = Account::unknown(NOW);
        assert_eq!(account.take(NOW), Err(0));
        account.grant(SHARE, 1, &lease(2), NOW);
        assert_eq!(account.take(NOW), Err(5000));
        assert_eq!(account.take(NOW + Duration::from_millis(200)), Ok(()));
    }
}
