//! Staged state: what a batch of requests will have made of the published state, before it is durable.
//!
//! Pure. Nothing here can be seen from outside until the batch is committed; dropping it undoes everything.

use std::collections::btree_map::Range;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::sync::Arc;

use bytes::Bytes;

use super::auth::Directory;
use super::key_range::KeyRange;
use super::record::{Lineage, Record, version_at};
use super::state::{Batch, History, State, View};

type Versions = BTreeMap<Bytes, History>;

/// Changes on top of a published state.
#[derive(Debug)]
pub(crate) struct Staged<'s> {
    base: &'s State,
    records: Vec<Arc<Record>>,
    versions: Versions,
    leases: BTreeMap<i64, Option<i64>>,
    notes: BTreeMap<Bytes, Option<Bytes>>,
    directory: Option<Arc<Directory>>,
    compacted: Option<i64>,
    /// The newest complete revision.
    sealed: i64,
    /// How many records the revision in the making has.
    open: u32,
}

impl<'s> Staged<'s> {
    pub(crate) fn over(base: &'s State) -> Self {
        Self {
            base,
            records: Vec::new(),
            versions: BTreeMap::new(),
            leases: BTreeMap::new(),
            notes: BTreeMap::new(),
            directory: None,
            compacted: None,
            sealed: base.revision(),
            open: 0,
        }
    }

    /// Puts a key into the revision in the making.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn put(&mut self, key: Bytes, value: Bytes, lease: i64) {
        let lineage = self.current(&key).map(Record::lineage);
        self.put_after(lineage, key, value, lease);
    }

    /// Puts a key into the revision in the making, after the version that is there.
    pub(crate) fn put_after(&mut self, previous: Option<Lineage>, key: Bytes, value: Bytes, lease: i64) {
        let main = self.sealed + 1;
        let Lineage { created, version } = previous.unwrap_or(Lineage { created: main, version: 0 });
        let (version, sub) = (version + 1, self.open);
        self.push(Record { key, value, created, main, sub, version, lease, deleted: false });
    }

    /// Deletes the keys in `range` in the revision in the making; returns what they were.
    pub(crate) fn delete(&mut self, range: KeyRange<'_>) -> Vec<Record> {
        let doomed: Vec<Record> = self.scan(range, i64::MAX).cloned().collect();
        for record in &doomed {
            self.push(Record::tombstone(record.key.clone(), self.sealed + 1, self.open));
        }
        doomed
    }

    fn push(&mut self, record: Record) {
        let record = Arc::new(record);
        self.versions.entry(record.key.clone()).or_default().push(Arc::clone(&record));
        self.records.push(record);
        self.open += 1;
    }

    /// The live version of `key`, with everything staged so far.
    pub(crate) fn current(&self, key: &[u8]) -> Option<&Record> {
        self.get(key, i64::MAX)
    }

    /// Ends the revision in the making, if anything was written in it, and returns the newest revision.
    pub(crate) fn seal(&mut self) -> i64 {
        if self.open > 0 {
            self.sealed += 1;
            self.open = 0;
        }
        self.sealed
    }

    /// Forgets the revision in the making.
    pub(crate) fn abandon(&mut self) {
        for _ in 0..std::mem::take(&mut self.open) {
            let Some(record) = self.records.pop() else { return };
            if let Some(versions) = self.versions.get_mut(&record.key) {
                versions.pop();
                if versions.is_empty() {
                    self.versions.remove(&record.key);
                }
            }
        }
    }

    pub(crate) fn grant(&mut self, lease: i64, ttl: i64) {
        self.leases.insert(lease, Some(ttl));
    }

    /// Removes a lease and deletes its keys, all in one revision.
    pub(crate) fn revoke(&mut self, lease: i64) {
        for key in self.lease_keys(lease) {
            self.delete(KeyRange::Key(&key));
        }
        self.leases.insert(lease, None);
        self.seal();
    }

    /// The keys that hang on a lease, sorted.
    pub(crate) fn lease_keys(&self, lease: i64) -> BTreeSet<Bytes> {
        let published = self.base.leases().get(&lease).map(|lease| &lease.keys).into_iter().flatten();
        let hangs = |key: &&Bytes| self.current(key).is_some_and(|record| record.lease == lease);
        published.chain(self.versions.keys()).filter(hangs).cloned().collect()
    }

    /// The TTL a lease was granted.
    pub(crate) fn granted_ttl(&self, lease: i64) -> Option<i64> {
        match self.leases.get(&lease) {
            Some(staged) => *staged,
            None => self.base.leases().get(&lease).map(|lease| lease.ttl),
        }
    }

    /// What is noted under a name, with everything staged so far.
    pub(crate) fn note(&self, name: &[u8]) -> Option<&Bytes> {
        match self.notes.get(name) {
            Some(staged) => staged.as_ref(),
            None => self.base.notes().get(name),
        }
    }

    /// Notes a value under a name, or removes it. No revision, no watch.
    pub(crate) fn set_note(&mut self, name: Bytes, value: Option<Bytes>) {
        self.notes.insert(name, value);
    }

    /// Users and roles, with everything staged so far.
    pub(crate) fn directory(&self) -> &Directory {
        self.directory.as_ref().unwrap_or_else(|| self.base.directory())
    }

    /// Users and roles to be changed and put back.
    pub(crate) fn take_directory(&mut self) -> Arc<Directory> {
        self.directory.take().unwrap_or_else(|| Arc::clone(self.base.directory()))
    }

    pub(crate) fn set_directory(&mut self, directory: Arc<Directory>) {
        self.directory = Some(directory);
    }

    /// All leases, with everything staged so far.
    pub(crate) fn lease_ids(&self) -> impl Iterator<Item = i64> {
        let granted = self.leases.keys().filter(|id| !self.base.leases().contains_key(id));
        self.base.leases().keys().chain(granted).copied().filter(|&id| self.has_lease(id))
    }

    /// Makes revisions before `revision` unreadable.
    pub(crate) fn compact(&mut self, revision: i64) {
        self.compacted = Some(revision);
    }

    pub(crate) fn into_batch(self) -> Batch {
        Batch {
            records: self.records,
            leases: self.leases,
            notes: self.notes,
            directory: self.directory,
            compacted: self.compacted,
            ..Batch::default()
        }
    }
}

impl View for Staged<'_> {
    fn revision(&self) -> i64 {
        self.sealed + i64::from(self.open > 0)
    }

    fn compacted(&self) -> i64 {
        self.compacted.unwrap_or_else(|| self.base.compacted())
    }

    fn has_lease(&self, lease: i64) -> bool {
        self.granted_ttl(lease).is_some()
    }

    fn count(&self, range: KeyRange<'_>, revision: i64) -> usize {
        if self.versions.range::<[u8], _>(range.bounds()).next().is_none() {
            return self.base.count(range, revision);
        }
        self.scan(range, revision).count()
    }

    fn get(&self, key: &[u8], revision: i64) -> Option<&Record> {
        match self.versions.get(key).and_then(|versions| version_at(versions, revision)) {
            Some(staged) => Some(staged).filter(|record| !record.deleted),
            None => self.base.get(key, revision),
        }
    }

    fn scan<'v>(&'v self, range: KeyRange<'v>, revision: i64) -> Box<dyn Iterator<Item = &'v Record> + 'v> {
        if let KeyRange::Key(key) = range {
            return Box::new(self.get(key, revision).into_iter());
        }
        let staged = self.versions.range::<[u8], _>(range.bounds()).peekable();
        let base = self.base.scan(range, revision).peekable();
        Box::new(Overlay { staged, base, revision })
    }
}

/// Walks the base and what is staged over it side by side, by key.
struct Overlay<'v> {
    staged: Peekable<Range<'v, Bytes, History>>,
    base: Peekable<Box<dyn Iterator<Item = &'v Record> + 'v>>,
    revision: i64,
}

impl<'v> Iterator for Overlay<'v> {
    type Item = &'v Record;

    fn next(&mut self) -> Option<&'v Record> {
        loop {
            let Some(&(key, versions)) = self.staged.peek() else { return self.base.next() };
            if self.base.peek().is_some_and(|record| record.key < *key) {
                return self.base.next();
            }
            self.staged.next();
            let below = self.base.next_if(|record| record.key == *key);
            let chosen = version_at(versions, self.revision).or(below);
            if let Some(live) = chosen.filter(|record| !record.deleted) {
                return Some(live);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_abandoned_leaves_no_trace_and_what_is_staged_hides_what_is_published() {
        let mut state = State::default();
        let mut staged = Staged::over(&state);
        for key in ["a", "b", "d"] {
            staged.put(key.into(), "old".into(), 0);
        }
        staged.seal();
        let batch = staged.into_batch();
        state.apply(batch);

        let mut staged = Staged::over(&state);
        staged.put("c".into(), "new".into(), 0);
        staged.delete(KeyRange::Key(b"a"));
        assert_eq!(staged.seal(), 3);
        staged.put("d".into(), "undone".into(), 0);
        staged.delete(KeyRange::Key(b"c"));
        staged.abandon();
        assert_eq!(staged.seal(), 3);
        let all = KeyRange::From(b"");
        let at = |revision| staged.scan(all, revision).map(|record| record.key.clone()).collect::<Vec<_>>();
        assert_eq!(at(3), ["b", "c", "d"]);
        assert_eq!(at(2), ["a", "b", "d"]);
        assert_eq!(staged.current(b"d").unwrap().value, "old");
    }
}
