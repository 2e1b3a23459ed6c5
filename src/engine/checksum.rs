//! The checksum of what is kept: the number that etcd's `HashKV` gives for the same history.
//!
//! Collects the records a piece at a time, so that nobody waits for it, and computes afterwards. What compaction has
//! condemned does not count, whether it has been removed yet or not.

use std::sync::Arc;

use bytes::Bytes;
use prost::Message;

use super::error::Refusal;
use super::key_range::KeyRange;
use super::published::Published;
use super::record::Record;
use super::state::{State, View, superseded};

/// How many records are looked at while the store is held.
const PIECE: usize = 10_000;
/// What etcd begins with: the name of its bucket.
const BUCKET: &[u8] = b"key";

/// A checksum and what it speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Checksum {
    pub(crate) hash: u32,
    pub(crate) compacted: i64,
    /// The last revision that counts.
    pub(crate) until: i64,
    /// The newest revision when it was asked for.
    pub(crate) revision: i64,
}

/// The checksum of everything up to a revision; 0 means the newest.
///
/// # Errors
/// [`Refusal::FutureRevision`] and [`Refusal::Compacted`] for a revision that cannot be read any more.
pub(crate) fn checksum(published: &Published, revision: i64) -> Result<Checksum, Refusal> {
    'anew: loop {
        let mut collection = Collection::begin(&published.read(), revision)?;
        loop {
            match collection.take(&published.read(), PIECE) {
                Taken::Some => {}
                Taken::All => return Ok(collection.sum()),
                Taken::Stale => continue 'anew,
            }
        }
    }
}

/// What came of taking a piece.
#[derive(Debug, PartialEq, Eq)]
enum Taken {
    Some,
    All,
    /// The store was compacted in between: what was collected is of no use.
    Stale,
}

/// The records that count, as far as they have been collected.
#[derive(Debug)]
struct Collection {
    of: Checksum,
    records: Vec<Arc<Record>>,
    /// What compaction has left of keys that changed later. etcd leaves it out, unless no key lives at all.
    passed: Vec<Arc<Record>>,
    /// Whether any key lives in the end.
    lives: bool,
    /// Where to go on: a key, and the place of the first of its versions that has not been taken.
    next: (Bytes, (i64, u32)),
}

impl Collection {
    fn begin(state: &State, revision: i64) -> Result<Self, Refusal> {
        let (newest, compacted) = (state.revision(), state.compacted());
        if revision > newest {
            return Err(Refusal::FutureRevision);
        }
        if revision > 0 && revision <= compacted {
            return Err(Refusal::Compacted);
        }
        // A negative revision has nothing before it.
        let until = if revision == 0 { newest } else { revision };
        let of = Checksum { hash: 0, compacted, until, revision: newest };
        Ok(Self { of, records: Vec::new(), passed: Vec::new(), lives: false, next: (Bytes::new(), (0, 0)) })
    }

    /// Takes about `limit` more records.
    fn take(&mut self, state: &State, limit: usize) -> Taken {
        if state.compacted() != self.of.compacted {
            return Taken::Stale;
        }
        let (first, from) = self.next.clone();
        let mut left = limit;
        for (key, versions) in state.histories(KeyRange::From(&first)) {
            let from = if *key == first { from } else { (0, 0) };
            let counts = self.counting(versions);
            let fresh = &counts[counts.partition_point(|version| place(version) < from)..];
            let (taken, rest) = fresh.split_at(left.min(fresh.len()));
            self.keep(taken, counts.last());
            if let Some(next) = rest.first() {
                self.next = (key.clone(), place(next));
                return Taken::Some;
            }
            // Keys that have nothing to give cost time, too.
            left = left.saturating_sub(taken.len().max(1));
        }
        Taken::All
    }

    /// The versions that neither compaction has condemned nor came later.
    fn counting<'v>(&self, versions: &'v [Arc<Record>]) -> &'v [Arc<Record>] {
        let until = versions.partition_point(|version| version.main <= self.of.until);
        let condemned = superseded(versions, self.of.compacted);
        versions.get(condemned..until).unwrap_or_default()
    }

    /// Keeps versions of a key whose last one that counts is `last`.
    fn keep(&mut self, taken: &[Arc<Record>], last: Option<&Arc<Record>>) {
        self.lives |= last.is_some_and(|last| !last.deleted);
        for version in taken {
            let is_last = last.is_some_and(|last| Arc::ptr_eq(last, version));
            if version.main <= self.of.compacted && !is_last {
                self.passed.push(Arc::clone(version));
            } else {
                self.records.push(Arc::clone(version));
            }
        }
    }

    fn sum(mut self) -> Checksum {
        if !self.lives {
            self.records.append(&mut self.passed);
        }
        self.records.sort_unstable_by_key(|record| place(record));
        let hash = self.records.iter().fold(crc32c::crc32c(BUCKET), |crc, record| append(crc, record));
        Checksum { hash, ..self.of }
    }
}

/// A record's place in the order of all.
fn place(record: &Record) -> (i64, u32) {
    (record.main, record.sub)
}

/// Adds a row as etcd writes it: the revision, marked when it is a deletion, and the pair.
fn append(crc: u32, record: &Record) -> u32 {
    let mut revision = [0; 17];
    revision[..8].copy_from_slice(&record.main.to_be_bytes());
    revision[8] = b'_';
    revision[9..].copy_from_slice(&i64::from(record.sub).to_be_bytes());
    let mark: &[u8] = if record.deleted { b"t" } else { b"" };
    let mut pair = record.to_key_value();
    if record.deleted {
        // Of a deletion etcd writes the key only.
        pair.mod_revision = 0;
    }
    [&revision, mark, &pair.encode_to_vec()].iter().fold(crc, |crc, bytes| crc32c::crc32c_append(crc, bytes))
}

#[cfg(test)]
mod tests {
    use super::super::staged::Staged;
    use super::super::state::Batch;
    use super::*;

    /// Adds revisions of two records each to some keys.
    fn write(state: &mut State, revisions: usize) {
        let mut staged = Staged::over(state);
        for revision in 0..revisions {
            staged.put(format!("{:02}", revision % 7).into(), revision.to_string().into(), 0);
            staged.delete(KeyRange::Key(format!("{:02}", revision % 5).as_bytes()));
            staged.seal();
        }
        let batch = staged.into_batch();
        state.apply(batch);
    }

    fn compact(state: &mut State, compacted: i64) {
        state.apply(Batch { compacted: Some(compacted), ..Batch::default() });
    }

    fn sweep(state: &mut State) {
        while state.must_sweep() {
            let sweep = state.sweep(3);
            state.apply(Batch { sweep, ..Batch::default() });
        }
    }

    fn whole(state: &State, revision: i64) -> Checksum {
        let mut collection = Collection::begin(state, revision).unwrap();
        assert_eq!(collection.take(state, usize::MAX), Taken::All);
        collection.sum()
    }

    #[test]
    fn pieces_of_any_size_and_writes_in_between_change_nothing() {
        let mut state = State::default();
        write(&mut state, 40);
        let expected = whole(&state, 0);
        for piece in [1, 2, 3, 50] {
            let mut state = State::default();
            write(&mut state, 40);
            let mut collection = Collection::begin(&state, 0).unwrap();
            let mut pieces = 0;
            while collection.take(&state, piece) == Taken::Some {
                pieces += 1;
                write(&mut state, 1);
                assert!(pieces < 200, "pieces of {piece} have no end");
            }
            assert!(pieces * piece < 80 + 7, "{pieces} pieces of {piece}");
            assert_eq!(collection.sum(), expected, "pieces of {piece}");
        }
    }

    #[test]
    fn what_is_condemned_does_not_count_before_it_is_removed() {
        let mut state = State::default();
        write(&mut state, 40);
        let before = whole(&state, 0);
        compact(&mut state, 30);
        let condemned = whole(&state, 0);
        sweep(&mut state);
        assert_eq!(whole(&state, 0), condemned);
        assert_ne!(condemned.hash, before.hash);
        assert_eq!(Collection::begin(&state, 30).unwrap_err(), Refusal::Compacted);
        assert_eq!(Collection::begin(&state, 42).unwrap_err(), Refusal::FutureRevision);
    }

    #[test]
    fn a_compaction_in_between_is_noticed() {
        let mut state = State::default();
        write(&mut state, 40);
        let mut collection = Collection::begin(&state, 0).unwrap();
        assert_eq!(collection.take(&state, 5), Taken::Some);
        compact(&mut state, 30);
        assert_eq!(collection.take(&state, 5), Taken::Stale);
    }
}
