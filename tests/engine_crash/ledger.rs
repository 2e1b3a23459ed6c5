//! What the clients of one round were told, and what is known of the rounds before.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use etcd_client::{Event, EventType};

/// All keys of the load begin so.
pub(super) const PREFIX: &str = "k/";

/// What became of one key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Change {
    pub(super) key: String,
    /// Nothing, when it was deleted.
    pub(super) value: Option<String>,
    pub(super) lease: i64,
}

impl Change {
    pub(super) fn put(key: &str, value: &str, lease: i64) -> Self {
        Self { key: key.to_owned(), value: Some(value.to_owned()), lease }
    }

    pub(super) fn deletion(key: &str) -> Self {
        Self { key: key.to_owned(), value: None, lease: 0 }
    }

    /// Of an event; nothing when the key is not the load's.
    pub(super) fn of(event: &Event) -> Option<Self> {
        let pair = event.kv()?;
        let key = pair.key_str().ok().filter(|key| key.starts_with(PREFIX))?;
        Some(match event.event_type() {
            EventType::Put => Self::put(key, pair.value_str().unwrap(), pair.lease()),
            EventType::Delete => Self::deletion(key),
        })
    }
}

/// The changes of each revision.
pub(super) type Revisions = BTreeMap<i64, BTreeSet<Change>>;

/// A checksum of everything up to a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Checksum {
    pub(super) hash: u32,
    pub(super) compacted: i64,
    pub(super) revision: i64,
}

/// One round's.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    pub(super) writes: Revisions,
    /// What the watch was told.
    pub(super) told: Revisions,
    /// Every value that somebody has tried to put.
    pub(super) attempted: HashSet<String>,
    pub(super) leases: BTreeSet<i64>,
    pub(super) checksum: Option<Checksum>,
    /// The newest revision that anybody has seen.
    pub(super) newest: i64,
}

impl Ledger {
    pub(super) fn acknowledged(&self) -> usize {
        self.writes.len()
    }

    /// Notes an acknowledged write.
    pub(super) fn note(&mut self, revision: i64, changes: BTreeSet<Change>) {
        self.newest = self.newest.max(revision);
        if changes.is_empty() {
            return;
        }
        if let Some(before) = self.writes.get(&revision) {
            panic!("revision {revision} is {before:?} and {changes:?}");
        }
        self.writes.insert(revision, changes);
    }

    pub(super) fn note_event(&mut self, event: &Event) {
        let (Some(change), Some(pair)) = (Change::of(event), event.kv()) else { return };
        self.told.entry(pair.mod_revision()).or_default().insert(change);
    }
}

/// A key as it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Present {
    pub(super) value: String,
    pub(super) created: i64,
    pub(super) modified: i64,
    pub(super) version: i64,
    pub(super) lease: i64,
}

/// What was so at the end of the last round.
#[derive(Debug, Default)]
pub(super) struct Past {
    pub(super) revision: i64,
    pub(super) keys: BTreeMap<String, Present>,
    pub(super) leases: BTreeSet<i64>,
    /// Everything from the first round on.
    pub(super) history: Revisions,
}

impl Past {
    /// Takes in what one revision has changed.
    pub(super) fn apply(&mut self, revision: i64, changes: BTreeSet<Change>) {
        for Change { key, value, lease } in &changes {
            let before = self.keys.remove(key);
            let Some(value) = value.clone() else { continue };
            let (created, version) = before.map_or((revision, 1), |old| (old.created, old.version + 1));
            let present = Present { value, created, modified: revision, version, lease: *lease };
            self.keys.insert(key.clone(), present);
        }
        self.history.insert(revision, changes);
    }
}
