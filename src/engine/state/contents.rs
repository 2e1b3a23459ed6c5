//! Taking a state apart into pieces and putting one together again: for snapshots and for the start.
//!
//! Pure.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Bound;
use std::sync::Arc;

use bytes::Bytes;

use super::{Batch, History, Lease, NEVER_COMPACTED, State, Tally, live, superseded};
use crate::engine::auth::Directory;
use crate::engine::record::Record;

/// How many records one step of the sweep at the start looks at.
const SWEEP: usize = 1 << 20;

/// Everything a snapshot holds.
#[derive(Debug, Default)]
pub(crate) struct Contents {
    /// By key and age.
    pub(crate) records: Vec<Arc<Record>>,
    pub(crate) leases: BTreeMap<i64, i64>,
    pub(crate) notes: BTreeMap<Bytes, Bytes>,
    pub(crate) revision: i64,
    pub(crate) compacted: i64,
}

/// Some of the records, by key.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    pub(crate) records: Vec<Arc<Record>>,
    /// The last key that was looked at; none when there was none.
    pub(crate) last: Option<Bytes>,
}

impl State {
    /// The records of the keys after `after` up to revision `until` that can still be read: about `limit` of them.
    pub(crate) fn piece_of(&self, after: Option<&Bytes>, until: i64, limit: usize) -> Piece {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let mut piece = Piece::default();
        for (key, versions) in self.keys.range::<Bytes, _>((from, Bound::Unbounded)) {
            let gone = superseded(versions, self.compacted.min(until));
            piece
                .records
                .extend(versions[gone..].iter().take_while(|version| version.main <= until).cloned());
            piece.last = Some(key.clone());
            if piece.records.len() >= limit {
                break;
            }
        }
        piece
    }

    /// The state that was taken apart. Compaction may have gone beyond its revision; the batches that follow tell.
    pub(crate) fn rebuild(contents: Contents) -> Self {
        let Contents { mut records, leases, notes, revision, compacted } = contents;
        let swept = compacted.min(revision);
        let directory = Arc::new(Directory::read(&notes));
        let mut state = Self { notes, directory, revision, compacted, swept, ..Self::default() };
        for (id, ttl) in leases {
            state.leases.insert(id, Lease { ttl, ..Lease::default() });
        }
        let histories = records.chunk_by(|a, b| a.key == b.key).map(|history| {
            let kept = &history[superseded(history, swept)..];
            (history[0].key.clone(), History::from(kept))
        });
        state.keys = histories.filter(|(_, kept)| !kept.is_empty()).collect();
        records.retain(|record| record.main > swept || (record.main == swept && state.keeps(record)));
        records.sort_unstable_by_key(|record| (record.main, record.sub));
        state.log = VecDeque::from(records);
        state.take_stock();
        state
    }

    /// Counts what can be counted, and hangs keys on their leases.
    fn take_stock(&mut self) {
        self.tally = Tally::of(live(&self.keys, (b"", None)));
        for versions in self.keys.values() {
            self.footprint += versions.iter().map(|version| version.footprint()).sum::<usize>();
            let Some(last) = versions.last() else { continue };
            self.latest.replace(Arc::clone(last));
            if !last.deleted
                && let Some(lease) = self.leases.get_mut(&last.lease)
            {
                lease.keys.insert(last.key.clone());
            }
        }
    }

    /// Takes in a batch that is read back; refuses one that does not follow on what is there.
    pub(crate) fn replay(&mut self, batch: Batch) -> Result<(), &'static str> {
        let (mut main, mut sub) = (self.revision, u32::MAX);
        for record in &batch.records {
            let follows = (record.main == main && sub != u32::MAX && record.sub == sub + 1)
                || (record.main == main + 1 && record.sub == 0);
            if !follows {
                return Err("a revision is missing");
            }
            (main, sub) = (record.main, record.sub);
        }
        if batch.compacted.is_some_and(|compacted| compacted > main || compacted < NEVER_COMPACTED) {
            return Err("a compaction of the future");
        }
        self.apply(batch);
        Ok(())
    }

    /// Removes all that compaction has let go.
    pub(crate) fn finish_sweeping(&mut self) {
        while self.must_sweep() {
            let sweep = self.sweep(SWEEP);
            self.apply(Batch { sweep, ..Batch::default() });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::engine::key_range::KeyRange;
    use crate::engine::staged::Staged;
    use crate::engine::state::View;

    #[derive(Debug, Clone)]
    enum Step {
        Put(u8),
        Delete(u8),
        /// Put and delete in one revision.
        Flash(u8),
        Grant(i64),
        Revoke(i64),
        Compact,
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            6 => (0..5_u8).prop_map(Step::Put),
            2 => (0..5_u8).prop_map(Step::Delete),
            1 => (0..5_u8).prop_map(Step::Flash),
            1 => (1..4_i64).prop_map(Step::Grant),
            1 => (1..4_i64).prop_map(Step::Revoke),
            1 => Just(Step::Compact),
        ]
    }

    /// The batch of a step, as the writer would make it.
    fn batch(state: &State, step: &Step) -> Batch {
        let mut staged = Staged::over(state);
        match *step {
            Step::Put(key) => {
                let lease = i64::from(key);
                let lease = if staged.has_lease(lease) { lease } else { 0 };
                staged.put(vec![key].into(), "v".into(), lease);
            }
            Step::Delete(key) => drop(staged.delete(KeyRange::Key(&[key]))),
            Step::Flash(key) => {
                staged.put(vec![key].into(), "v".into(), 0);
                staged.delete(KeyRange::Key(&[key]));
            }
            Step::Grant(id) => staged.grant(id, 60),
            Step::Revoke(id) if staged.has_lease(id) => staged.revoke(id),
            Step::Compact if state.revision() > state.compacted() => staged.compact(state.revision()),
            Step::Revoke(_) | Step::Compact => {}
        }
        staged.seal();
        staged.into_batch()
    }

    fn copy(batch: &Batch) -> Batch {
        Batch {
            records: batch.records.clone(),
            leases: batch.leases.clone(),
            notes: batch.notes.clone(),
            compacted: batch.compacted,
            ..Batch::default()
        }
    }

    proptest! {
        /// A snapshot that was taken a key at a time, while the store went on, and the batches after its beginning
        /// make the same store.
        #[test]
        fn a_snapshot_and_what_followed_make_the_same_state(
            before in proptest::collection::vec(step(), 0..40),
            during in proptest::collection::vec(step(), 0..40),
        ) {
            let mut state = State::default();
            for step in &before {
                let batch = batch(&state, step);
                state.apply(batch);
                state.finish_sweeping();
            }
            let leases = state.leases().iter().map(|(&id, lease)| (id, lease.ttl)).collect();
            let mut contents = Contents { leases, revision: state.revision(), ..Contents::default() };
            let (mut after, mut done, mut batches) = (None, false, Vec::new());
            for step in &during {
                let batch = batch(&state, step);
                batches.push(copy(&batch));
                state.apply(batch);
                state.finish_sweeping();
                if !done {
                    done = take(&state, &mut after, &mut contents);
                }
            }
            while !done {
                done = take(&state, &mut after, &mut contents);
            }
            let mut rebuilt = State::rebuild(contents);
            for batch in batches {
                rebuilt.replay(batch).unwrap();
            }
            rebuilt.finish_sweeping();
            state.swept = rebuilt.swept;
            let everything = KeyRange::From(b"");
            let walked = state.scan(everything, i64::MAX).count();
            prop_assert_eq!(rebuilt.count(everything, i64::MAX), walked);
            prop_assert_eq!(state.count(everything, i64::MAX), walked);
            state.tally = rebuilt.tally.clone();
            prop_assert_eq!(format!("{state:#?}"), format!("{rebuilt:#?}"));
        }
    }

    /// Takes the next key along; whether that was all.
    fn take(state: &State, after: &mut Option<Bytes>, contents: &mut Contents) -> bool {
        let piece = state.piece_of(after.as_ref(), contents.revision, 1);
        contents.compacted = state.compacted();
        contents.records.extend(piece.records);
        let done = piece.last.is_none();
        *after = piece.last;
        done
    }

    #[test]
    fn a_batch_that_leaves_a_revision_out_is_refused() {
        let record = |main, sub| Arc::new(Record::tombstone("k".into(), main, sub));
        for (records, fits) in [
            (vec![record(2, 0), record(2, 1), record(3, 0)], true),
            (vec![record(3, 0)], false),
            (vec![record(2, 1)], false),
            (vec![record(2, 0), record(2, 2)], false),
            (vec![record(1, 0)], false),
        ] {
            let outcome = State::default().replay(Batch { records, ..Batch::default() });
            assert_eq!(outcome.is_ok(), fits);
        }
    }
}
