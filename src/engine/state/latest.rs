//! The newest record of every key, found by hashing: what most requests ask for.
//!
//! Pure. Looking a key up in order costs a comparison, and mostly a miss of the processor's caches, at every level.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use hashbrown::HashTable;
use hashbrown::hash_table::Entry;

use crate::engine::record::Record;

/// How many tables share the keys: one that grows keeps the writer waiting only for its own.
const SHARDS: usize = 256;

/// The newest record of every key that has a history, deletions included.
#[derive(Clone)]
pub(super) struct Latest {
    hasher: RandomState,
    shards: Vec<HashTable<Slot>>,
}

/// A record and the hash of its key, which is kept so that a table that grows need not look at the key.
#[derive(Clone)]
struct Slot {
    hash: u64,
    record: Arc<Record>,
}

impl Default for Latest {
    fn default() -> Self {
        Self { hasher: RandomState::new(), shards: (0..SHARDS).map(|_| HashTable::new()).collect() }
    }
}

impl fmt::Debug for Latest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys: usize = self.shards.iter().map(HashTable::len).sum();
        f.debug_struct("Latest").field("keys", &keys).finish_non_exhaustive()
    }
}

impl Latest {
    pub(super) fn get(&self, key: &[u8]) -> Option<&Arc<Record>> {
        let hash = self.hasher.hash_one(key);
        self.shards[shard(hash)].find(hash, |slot| slot.record.key == key).map(|slot| &slot.record)
    }

    /// Takes in a newer record; gives the one that was the newest.
    pub(super) fn replace(&mut self, record: Arc<Record>) -> Option<Arc<Record>> {
        let hash = self.hasher.hash_one(&record.key[..]);
        let is_same = |slot: &Slot| slot.record.key == record.key;
        match self.shards[shard(hash)].entry(hash, is_same, |slot| slot.hash) {
            Entry::Occupied(mut slot) => Some(std::mem::replace(&mut slot.get_mut().record, record)),
            Entry::Vacant(place) => {
                place.insert(Slot { hash, record });
                None
            }
        }
    }

    /// Forgets a key whose history is gone.
    pub(super) fn remove(&mut self, key: &[u8]) {
        let hash = self.hasher.hash_one(key);
        if let Ok(slot) = self.shards[shard(hash)].find_entry(hash, |slot| slot.record.key == key) {
            slot.remove();
        }
    }
}

/// A table goes by the lowest and the highest bits of a hash, so the middle ones choose the table.
fn shard(hash: u64) -> usize {
    usize::from((hash >> 32).to_le_bytes()[0])
}
