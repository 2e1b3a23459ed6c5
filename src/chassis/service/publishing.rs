//! Publishing what runs in this process, so that any other can show it, and booking the most that was ever used.
//!
//! About once a second, and only once something has run for a while: a short task costs no lease. What is published
//! vanishes with its process. Peaks are merged by maximum, so that writing them twice changes nothing.

use std::collections::BTreeMap;
use std::time::Duration;

use super::running::Look;
use super::{Chassis, ChassisError};
use crate::chassis::usage::PeakRecord;
use crate::chassis::{LiveUsage, Peaks, Usage};
use crate::id::{SessionId, SwarmId};
use crate::store::{
    Commit, Entry, KeptLease, Key, Precondition, Prefix, Query, Snapshot, StoreError, Transaction, Versioned,
};

/// How long something must have run before anybody is told.
pub(super) const FIRST_LOOK: Duration = Duration::from_millis(500);
/// How often others are told.
const BETWEEN_LOOKS: Duration = Duration::from_secs(1);
/// How long what was published outlives a process that was killed.
const TTL: Duration = Duration::from_secs(10);
/// How many keys hang on one lease.
const KEYS_PER_LEASE: usize = 256;
/// How many swarms are read at once: two reads each, of what one transaction holds.
const SWARMS_PER_READ: usize = 50;
/// How often peaks are written anew when others were faster.
const ATTEMPTS: u32 = 100;

/// What this process has published.
#[derive(Debug, Default)]
pub(super) struct Published {
    leases: Vec<Keys>,
    /// Whether somebody was told that the store does not take it.
    warned: bool,
}

/// Keys on one lease.
#[derive(Debug)]
struct Keys {
    lease: KeptLease,
    /// What was written last; nothing where that is not known.
    usages: BTreeMap<SwarmId, Option<Usage>>,
}

impl Keys {
    fn id(&self) -> SessionId {
        SessionId::of_lease(self.lease.id())
    }
}

impl Chassis {
    /// Sees to it that somebody tells what runs here.
    pub(super) fn have_usage_published(&self) {
        if self.running.begin_watching() {
            let chassis = self.clone();
            tokio::spawn(async move { chassis.publish_until_idle().await });
        }
    }

    async fn publish_until_idle(&self) {
        tokio::time::sleep(FIRST_LOOK).await;
        loop {
            if self.publish().await && self.running.end_watching() {
                return;
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    /// Tells once; whether there was nothing to tell. A store that is away is reported once, until it is back.
    async fn publish(&self) -> bool {
        let mut published = self.published.lock().await;
        let looks = self.running.look();
        match self.tell(&mut published, &looks).await {
            Ok(()) => published.warned = false,
            // Granted anew with the next look.
            Err(ChassisError::Store(StoreError::LeaseLost)) => published.leases.clear(),
            Err(error) => {
                published.doubt();
                if !std::mem::replace(&mut published.warned, true) {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "what runs here cannot be shown elsewhere for now");
                }
            }
        }
        looks.is_empty() && published.leases.is_empty()
    }

    /// Takes back what was published if nothing runs any more, for a process that may end now.
    pub(super) async fn withdraw_if_idle(&self) {
        let mut published = self.published.lock().await;
        if self.running.is_idle() {
            // What has run up to now is told by its peaks.
            self.running.look();
            if let Err(error) = self.withdraw(&mut published).await {
                tracing::debug!(%error, "what ran here is shown until its lease ends");
            }
        }
    }

    async fn withdraw(&self, published: &mut Published) -> Result<(), ChassisError> {
        for keys in published.leases.drain(..) {
            self.store.revoke(keys.lease.id()).await?;
        }
        Ok(())
    }

    async fn tell(&self, published: &mut Published, looks: &[Look]) -> Result<(), ChassisError> {
        if looks.iter().all(|look| look.usage.is_none()) {
            self.withdraw(published).await?;
        }
        self.store.commit_each(published.deletions(looks)).await?;
        for looks in looks.chunks(SWARMS_PER_READ) {
            self.tell_some(published, looks).await?;
        }
        Ok(())
    }

    async fn tell_some(&self, published: &mut Published, looks: &[Look]) -> Result<(), ChassisError> {
        let queries = looks.iter().flat_map(|look| {
            let live = Query::Family(Prefix::LiveUsages(look.swarm.clone()));
            [live, Query::One(Key::Peaks(look.swarm.clone()))]
        });
        let snapshot = self.store.read(queries.collect()).await?;
        let (mut writes, mut booking) = (Vec::new(), Vec::new());
        for (index, look) in looks.iter().enumerate() {
            writes.extend(self.live_write(published, look).await?);
            let peaks = published.peaks_together(look, snapshot.all(2 * index));
            match self.peaks_write(&look.swarm, peaks, snapshot.one(2 * index + 1)) {
                Some(write) => {
                    booking.push((writes.len(), &look.swarm, peaks));
                    writes.push(write);
                }
                None => self.running.booked(&look.swarm, peaks),
            }
        }
        let commits = self.store.commit_each(writes).await?;
        for (index, swarm, peaks) in booking {
            // Otherwise somebody was faster: the next look tries again.
            if commits.get(index).is_some_and(Commit::is_done) {
                self.running.booked(swarm, peaks);
            }
        }
        Ok(())
    }

    /// What is to be written of a swarm that runs; nothing when it is as it was.
    async fn live_write(
        &self,
        published: &mut Published,
        look: &Look,
    ) -> Result<Option<Transaction>, StoreError> {
        let Some(usage) = look.usage else { return Ok(None) };
        let place = match published.leases.iter().position(|keys| keys.usages.contains_key(&look.swarm)) {
            Some(place) => place,
            None => self.room(published).await?,
        };
        let keys = &mut published.leases[place];
        if keys.usages.insert(look.swarm.clone(), Some(usage)) == Some(Some(usage)) {
            return Ok(None);
        }
        let key = Key::LiveUsage(look.swarm.clone(), keys.id());
        let (host, pid) = (host_name(), std::process::id());
        let live = LiveUsage { usage, host, pid, by: self.by.clone(), op: "run".to_owned() };
        Ok(Some(Transaction::new().put_json_leased(&key, &live, keys.lease.id())))
    }

    /// A lease on which one key more can hang.
    async fn room(&self, published: &mut Published) -> Result<usize, StoreError> {
        let room = published.leases.iter().position(|keys| keys.usages.len() < KEYS_PER_LEASE);
        if let Some(place) = room {
            return Ok(place);
        }
        let lease = self.store.grant(TTL).await?;
        let lease = self.store.keep_patiently(lease);
        published.leases.push(Keys { lease, usages: BTreeMap::new() });
        Ok(published.leases.len() - 1)
    }

    /// Nothing when the store has them already.
    fn peaks_write(&self, swarm: &SwarmId, peaks: Peaks, stored: Option<&Entry>) -> Option<Transaction> {
        let key = Key::Peaks(swarm.clone());
        let stored: Option<Versioned<PeakRecord>> = match stored.map(Entry::versioned).transpose() {
            Ok(stored) => stored,
            Err(error) => {
                tracing::warn!(%error, "the peaks are not booked");
                return None;
            }
        };
        let before = stored.as_ref().map_or_else(Peaks::default, |stored| stored.value.peaks);
        let write = || Transaction::new().when(Precondition::as_read(&key, stored.as_ref()));
        (!before.covers(peaks)).then(|| write().put_json(&key, &self.peak_record(before.raised(peaks))))
    }

    fn peak_record(&self, peaks: Peaks) -> PeakRecord {
        PeakRecord { peaks, by: self.by.clone(), op: "exec".to_owned() }
    }

    /// Books the peaks of a task that has ended, whoever else books at the same time. Costs nothing when nothing rose.
    pub(super) async fn book_peaks(&self, swarm: &SwarmId) -> Result<(), ChassisError> {
        let Some(peaks) = self.running.unbooked(swarm) else { return Ok(()) };
        let key = Key::Peaks(swarm.clone());
        // Of a swarm that never ran there is nothing to be read; of another the refusal tells.
        let mut read: Option<Versioned<PeakRecord>> = None;
        for attempt in 1..=ATTEMPTS {
            let before = read.as_ref().map_or_else(Peaks::default, |read| read.value.peaks);
            let raised = before.raised(peaks);
            if read.is_some() && raised == before {
                self.running.booked(swarm, before);
                return Ok(());
            }
            let write = Transaction::new()
                .when(Precondition::as_read(&key, read.as_ref()))
                .put_json(&key, &self.peak_record(raised))
                .otherwise(Query::One(key.clone()));
            match self.store.commit(write).await? {
                Commit::Done { .. } => {
                    self.running.booked(swarm, raised);
                    return Ok(());
                }
                Commit::Refused(found) => read = first(&found)?,
            }
            let jitter = rand::random_range(0..u64::from(attempt.min(20)) * 1000);
            tokio::time::sleep(Duration::from_micros(jitter)).await;
        }
        Err(ChassisError::Contended { swarm: swarm.clone() })
    }
}

impl Published {
    /// Takes back what is told of swarms that no longer run.
    fn deletions(&mut self, looks: &[Look]) -> Vec<Transaction> {
        let runs = |swarm: &SwarmId| looks.iter().any(|look| look.swarm == *swarm && look.usage.is_some());
        let deletions = self.leases.iter_mut().flat_map(|keys| {
            let id = keys.id();
            let ended: Vec<_> = keys.usages.extract_if(.., |swarm, _| !runs(swarm)).collect();
            let key = move |(swarm, _)| Key::LiveUsage(swarm, id.clone());
            ended.into_iter().map(key).map(|key| Transaction::new().delete(&key))
        });
        deletions.collect()
    }

    /// The most that was used in this process, or is by all processes together at this moment.
    fn peaks_together(&self, look: &Look, live: &[Entry]) -> Peaks {
        let Some(usage) = look.usage else { return look.peaks };
        let is_own = |entry: &&Entry| self.leases.iter().any(|keys| keys.lease.id() == entry.lease);
        let others = live.iter().filter(|entry| !is_own(entry)).filter_map(legible);
        look.peaks.raised(Peaks::of(&others.fold(usage, |sum, other| sum.and(other.usage))))
    }

    /// After an error nobody knows what was written: the next look writes all of it.
    fn doubt(&mut self) {
        for usage in self.leases.iter_mut().flat_map(|keys| keys.usages.values_mut()) {
            *usage = None;
        }
    }
}

fn first(found: &Snapshot) -> Result<Option<Versioned<PeakRecord>>, StoreError> {
    found.one(0).map(Entry::versioned).transpose()
}

/// What nobody can read is reported and passed over.
pub(super) fn legible(entry: &Entry) -> Option<LiveUsage> {
    entry.json().inspect_err(|error| tracing::warn!(%error, "what a process uses is passed over")).ok()
}

/// The name of this machine.
pub(super) fn host_name() -> String {
    nix::unistd::gethostname()
        .map_or_else(|_| "localhost".to_owned(), |name| name.to_string_lossy().into_owned())
}
