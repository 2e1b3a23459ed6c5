//! State: all versions of all keys, the revision log and the leases, as they are on disk.
//!
//! Pure. The writer replaces nothing in place: it applies a [`Batch`] after the batch is durable. What a reader
//! finds here may be acknowledged, watched and compared.

mod contents;
mod latest;
mod tally;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;
use smallvec::SmallVec;

use self::latest::Latest;
use self::tally::{Span, Tally};
use super::auth::{self, Directory};
use super::key_range::KeyRange;
use super::record::{Record, version_at};

pub(crate) use self::contents::{Contents, Piece};

/// The revision of a store that was never written, as in etcd.
pub(crate) const FIRST_REVISION: i64 = 1;
/// The compact revision of a store that was never compacted, as in etcd.
pub(crate) const NEVER_COMPACTED: i64 = -1;

/// The versions of one key, oldest first. Most keys have one.
pub(super) type History = SmallVec<[Arc<Record>; 1]>;

/// Something that can be read at a revision: what is published, or what is being staged on top of it.
pub(crate) trait View {
    /// The newest revision that can be read.
    fn revision(&self) -> i64;
    /// Revisions before this one cannot be read.
    fn compacted(&self) -> i64;
    /// Whether the lease exists.
    fn has_lease(&self, lease: i64) -> bool;
    /// The live version of `key` at `revision`.
    fn get(&self, key: &[u8], revision: i64) -> Option<&Record>;
    /// The live versions of the keys in `range` at `revision`, by key.
    fn scan<'v>(&'v self, range: KeyRange<'v>, revision: i64) -> Box<dyn Iterator<Item = &'v Record> + 'v>;
    /// How many there are.
    fn count(&self, range: KeyRange<'_>, revision: i64) -> usize {
        self.scan(range, revision).count()
    }
}

/// A lease and the keys that hang on it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lease {
    /// The granted time to live in seconds.
    pub(crate) ttl: i64,
    pub(crate) keys: BTreeSet<Bytes>,
}

/// What one commit adds.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// New records, in order of revision.
    pub(crate) records: Vec<Arc<Record>>,
    /// Leases granted (with their TTL) or removed.
    pub(crate) leases: BTreeMap<i64, Option<i64>>,
    /// Notes written or removed.
    pub(crate) notes: BTreeMap<Bytes, Option<Bytes>>,
    /// Users and roles, if they are changed: what the notes will say of them.
    pub(crate) directory: Option<Arc<Directory>>,
    /// The new compact revision.
    pub(crate) compacted: Option<i64>,
    /// Old versions that compaction lets go.
    pub(crate) sweep: Sweep,
}

impl Batch {
    /// Whether there is anything to make durable. What compaction lets go need not be: it is let go again.
    pub(crate) fn is_empty(&self) -> bool {
        self.records.is_empty() && self.leases.is_empty() && self.notes.is_empty() && self.compacted.is_none()
    }
}

/// One step of removing what was compacted.
#[derive(Debug, Default)]
pub(crate) struct Sweep {
    /// Versions to remove from the index.
    removed: Vec<Arc<Record>>,
    /// How many records leave the front of the log.
    passed: usize,
    /// Everything up to here has been removed.
    swept: Option<i64>,
}

impl Sweep {
    /// Whether this step changes nothing, not even in memory.
    pub(crate) fn is_idle(&self) -> bool {
        self.passed == 0 && self.swept.is_none()
    }
}

/// The published store.
#[derive(Debug)]
pub(crate) struct State {
    keys: BTreeMap<Bytes, History>,
    latest: Latest,
    log: VecDeque<Arc<Record>>,
    leases: BTreeMap<i64, Lease>,
    /// What is durable but no key and has no revision: users, roles.
    notes: BTreeMap<Bytes, Bytes>,
    /// Users and roles, as the notes say.
    directory: Arc<Directory>,
    revision: i64,
    compacted: i64,
    swept: i64,
    tally: Tally,
    footprint: usize,
}

impl Default for State {
    fn default() -> Self {
        Self {
            keys: BTreeMap::new(),
            latest: Latest::default(),
            log: VecDeque::new(),
            leases: BTreeMap::new(),
            notes: BTreeMap::new(),
            directory: Arc::default(),
            revision: FIRST_REVISION,
            compacted: NEVER_COMPACTED,
            swept: NEVER_COMPACTED,
            tally: Tally::default(),
            footprint: 0,
        }
    }
}

impl State {
    /// Takes in what has become durable.
    pub(crate) fn apply(&mut self, batch: Batch) {
        for (&id, granted) in &batch.leases {
            if let Some(ttl) = granted {
                self.leases.entry(id).or_default().ttl = *ttl;
            }
        }
        for record in batch.records {
            self.append(record);
        }
        for (id, granted) in batch.leases {
            if granted.is_none() {
                self.leases.remove(&id);
            }
        }
        let changes_auth = auth::concerns(batch.notes.keys());
        for (name, value) in batch.notes {
            match value {
                Some(value) => self.notes.insert(name, value),
                None => self.notes.remove(&name),
            };
        }
        if let Some(directory) = batch.directory {
            self.directory = directory;
        } else if changes_auth {
            self.directory = Arc::new(Directory::read(self.notes()));
        }
        self.finish_sweep(&batch.sweep);
        if let Some(compacted) = batch.compacted {
            self.compacted = self.compacted.max(compacted);
        }
    }

    /// Adds a record that is newer than all others.
    pub(crate) fn append(&mut self, record: Arc<Record>) {
        self.keys.entry(record.key.clone()).or_default().push(Arc::clone(&record));
        let previous = self.latest.replace(Arc::clone(&record)).filter(|previous| !previous.deleted);
        if let Some(lease) = previous.as_ref().and_then(|previous| self.leases.get_mut(&previous.lease)) {
            lease.keys.remove(&record.key);
        }
        match (previous.is_some(), record.deleted) {
            (false, false) => {
                let keys = &self.keys;
                self.tally.add(&record.key, |span| live(keys, span).collect());
            }
            (true, true) => self.tally.remove(&record.key),
            (true, false) | (false, true) => {}
        }
        if !record.deleted
            && let Some(lease) = self.leases.get_mut(&record.lease)
        {
            lease.keys.insert(record.key.clone());
        }
        self.revision = record.main;
        self.footprint += record.footprint();
        self.log.push_back(record);
    }

    /// Whether compaction has old versions to remove.
    pub(crate) fn must_sweep(&self) -> bool {
        self.swept < self.compacted
    }

    /// Decides which old versions to let go, looking at up to about `limit` records.
    pub(crate) fn sweep(&self, limit: usize) -> Sweep {
        if !self.must_sweep() {
            return Sweep::default();
        }
        let old = self.log.partition_point(|record| record.main < self.compacted);
        if old > limit {
            return self.sweep_front(limit, limit);
        }
        let due = self.log.partition_point(|record| record.main <= self.compacted);
        Sweep { swept: Some(self.compacted), ..self.sweep_front(due, old) }
    }

    fn sweep_front(&self, count: usize, passed: usize) -> Sweep {
        let touched: BTreeSet<&Bytes> = self.log.iter().take(count).map(|record| &record.key).collect();
        let removed = touched.into_iter().flat_map(|key| self.superseded(key)).cloned().collect();
        Sweep { removed, passed, swept: None }
    }

    /// The versions of `key` that nobody can read any more.
    fn superseded(&self, key: &[u8]) -> &[Arc<Record>] {
        let versions = self.keys.get(key).map_or(&[][..], SmallVec::as_slice);
        &versions[..superseded(versions, self.compacted)]
    }

    fn finish_sweep(&mut self, sweep: &Sweep) {
        // What a key loses is always the front of its history.
        for gone in sweep.removed.chunk_by(|a, b| a.key == b.key) {
            let Some(versions) = self.keys.get_mut(&gone[0].key) else { continue };
            self.footprint -= versions.drain(..gone.len()).map(|version| version.footprint()).sum::<usize>();
            if versions.is_empty() {
                self.keys.remove(&gone[0].key);
                self.latest.remove(&gone[0].key);
            }
        }
        self.log.drain(..sweep.passed);
        if let Some(swept) = sweep.swept {
            self.swept = swept;
            self.forget_unreadable_at(swept);
        }
    }

    /// A watch from the compact revision sees what can still be read there: no deletions, nothing superseded.
    fn forget_unreadable_at(&mut self, revision: i64) {
        let count = self.log.partition_point(|record| record.main <= revision);
        let old: Vec<_> = self.log.drain(..count).collect();
        let kept: Vec<_> = old.into_iter().filter(|record| self.keeps(record)).collect();
        for record in kept.into_iter().rev() {
            self.log.push_front(record);
        }
    }

    fn keeps(&self, record: &Arc<Record>) -> bool {
        let versions = self.keys.get(&record.key).into_iter().flatten();
        versions.take_while(|version| version.main <= record.main).any(|version| Arc::ptr_eq(version, record))
    }

    /// The log from `revision` on.
    pub(crate) fn log_from(&self, revision: i64) -> impl ExactSizeIterator<Item = &Arc<Record>> {
        let start = self.log.partition_point(|record| record.main < revision);
        self.log.range(start..)
    }

    /// The versions of the keys in `range`, oldest first.
    pub(super) fn histories<'v>(
        &'v self,
        range: KeyRange<'v>,
    ) -> impl Iterator<Item = (&'v Bytes, &'v [Arc<Record>])> {
        self.keys.range::<[u8], _>(range.bounds()).map(|(key, versions)| (key, versions.as_slice()))
    }

    pub(crate) fn leases(&self) -> &BTreeMap<i64, Lease> {
        &self.leases
    }

    /// What is durable beside the keys, by name.
    pub(crate) fn notes(&self) -> &BTreeMap<Bytes, Bytes> {
        &self.notes
    }

    /// Users and roles.
    pub(crate) fn directory(&self) -> &Arc<Directory> {
        &self.directory
    }

    /// How many keys exist now.
    pub(crate) fn live_keys(&self) -> usize {
        self.tally.total()
    }

    /// Bytes of memory that all kept versions take, roughly.
    pub(crate) fn footprint(&self) -> usize {
        self.footprint
    }
}

/// How many versions at the front of a key's history can no longer be read once it is compacted.
pub(super) fn superseded(versions: &[Arc<Record>], compacted: i64) -> usize {
    let old = versions.partition_point(|version| version.main <= compacted);
    match versions[..old].last() {
        Some(last) if last.deleted => old,
        Some(_) => old - 1,
        None => 0,
    }
}

impl View for State {
    fn revision(&self) -> i64 {
        self.revision
    }

    fn compacted(&self) -> i64 {
        self.compacted
    }

    fn has_lease(&self, lease: i64) -> bool {
        self.leases.contains_key(&lease)
    }

    fn count(&self, range: KeyRange<'_>, revision: i64) -> usize {
        let (from, to) = match range {
            _ if revision < self.revision => return self.scan(range, revision).count(),
            KeyRange::Key(key) => return usize::from(self.get(key, revision).is_some()),
            KeyRange::Span(from, to) => (from, Some(to.max(from))),
            KeyRange::From(from) => (from, None),
        };
        self.tally.count((from, to), |span| live(&self.keys, span).count())
    }

    fn get(&self, key: &[u8], revision: i64) -> Option<&Record> {
        let latest = self.latest.get(key)?;
        if latest.main > revision {
            return version_at(self.keys.get(key)?, revision).filter(|record| !record.deleted);
        }
        Some(latest.as_ref()).filter(|record| !record.deleted)
    }

    fn scan<'v>(&'v self, range: KeyRange<'v>, revision: i64) -> Box<dyn Iterator<Item = &'v Record> + 'v> {
        if let KeyRange::Key(key) = range {
            return Box::new(self.get(key, revision).into_iter());
        }
        let live = |record: &&Record| !record.deleted;
        Box::new(
            self.histories(range)
                .filter_map(move |(_, versions)| version_at(versions, revision))
                .filter(live),
        )
    }
}

/// The keys of a span that exist now.
fn live<'k>(keys: &'k BTreeMap<Bytes, History>, (from, to): Span<'_>) -> impl Iterator<Item = &'k Bytes> {
    let to = to.map_or(Bound::Unbounded, Bound::Excluded);
    let span = keys.range::<[u8], _>((Bound::Included(from), to));
    let exists = |versions: &[Arc<Record>]| versions.last().is_some_and(|last| !last.deleted);
    span.filter(move |(_, versions)| exists(versions)).map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(key: &'static str, main: i64, deleted: bool) -> Arc<Record> {
        let blank = Record::tombstone(key.into(), main, 0);
        Arc::new(Record { created: 1, version: 1, deleted, ..blank })
    }

    fn versions(state: &State) -> impl Iterator<Item = &Record> {
        state.histories(KeyRange::From(b"")).flat_map(|(_, versions)| versions).map(AsRef::as_ref)
    }

    fn kept(state: &State) -> Vec<(&str, i64)> {
        versions(state).map(|record| (std::str::from_utf8(&record.key).unwrap(), record.main)).collect()
    }

    #[test]
    fn compaction_keeps_what_can_be_read_however_small_its_steps() {
        for step in [1, 2, 100] {
            let mut state = State::default();
            for (key, main, deleted) in [
                ("a", 2, false),
                ("b", 3, false),
                ("a", 4, false),
                ("b", 5, true),
                ("c", 6, false),
                ("d", 7, true),
                ("a", 8, false),
            ] {
                state.append(record(key, main, deleted));
            }
            state.apply(Batch { compacted: Some(7), ..Batch::default() });
            while state.must_sweep() {
                let sweep = state.sweep(step);
                state.apply(Batch { sweep, ..Batch::default() });
            }
            assert_eq!(kept(&state), [("a", 4), ("a", 8), ("c", 6)], "steps of {step}");
            let log: Vec<_> = state.log_from(0).map(|record| record.main).collect();
            assert_eq!(log, [8], "steps of {step}");
            let expected: usize = versions(&state).map(Record::footprint).sum();
            assert_eq!((state.footprint(), state.live_keys()), (expected, 2), "steps of {step}");
            assert_eq!(state.get(b"a", 7).map(|record| record.main), Some(4));
        }
    }
}
