//! History: what a watch that begins in the past has missed, a piece at a time.
//!
//! Pure. A watch of few keys reads the versions of those; only one of many keys goes through the log, so that a
//! thousand workers that come back do not each read the work of all the others.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use super::super::record::Record;
use super::super::state::{State, View};
use super::Selector;

/// How many records one piece looks at, and how many bytes it takes.
const PIECE_RECORDS: usize = 10_000;
const PIECE_BYTES: usize = 1 << 20;

/// A piece of the past.
#[derive(Debug)]
pub(crate) struct Piece {
    /// What the watch is to be told, in order.
    pub(crate) records: Vec<Arc<Record>>,
    /// The revision where the next piece begins.
    pub(crate) next: i64,
    /// The newest revision when the piece was read.
    pub(crate) newest: i64,
}

/// The next piece for a watch; revisions are whole. None when history no longer reaches back to `from`.
pub(crate) fn read(state: &State, selector: &Selector, from: i64) -> Option<Piece> {
    if from < state.compacted() {
        return None;
    }
    let newest = state.revision();
    let (mut records, mut bytes, mut last) = (Vec::new(), 0, None);
    for (looked_at, record) in missed(state, selector, from).enumerate() {
        let full = looked_at >= PIECE_RECORDS || bytes >= PIECE_BYTES;
        if full && last != Some(record.main) {
            return Some(Piece { records, next: record.main, newest });
        }
        last = Some(record.main);
        if selector.admits(record) {
            bytes += record.footprint();
            records.push(Arc::clone(record));
        }
    }
    Some(Piece { records, next: from.max(newest + 1), newest })
}

/// Records from `from` on, in order: all that concern the watch, and others where picking would cost more.
fn missed<'s>(
    state: &'s State,
    selector: &'s Selector,
    from: i64,
) -> Box<dyn Iterator<Item = &'s Arc<Record>> + 's> {
    let few = state.log_from(from).len().min(PIECE_RECORDS);
    let histories: Vec<&[Arc<Record>]> =
        state.histories(selector.range()).map(|(_, versions)| versions).take(few + 1).collect();
    if histories.len() > few {
        return Box::new(state.log_from(from));
    }
    let newer =
        |versions: &'s [Arc<Record>]| &versions[versions.partition_point(|version| version.main < from)..];
    Box::new(Merged::of(histories.into_iter().map(newer)))
}

/// The records of several keys in one order.
struct Merged<'s> {
    rest: Vec<&'s [Arc<Record>]>,
    /// The first record of each rest, the oldest on top.
    fronts: BinaryHeap<Reverse<(i64, u32, usize)>>,
}

impl<'s> Merged<'s> {
    fn of(histories: impl Iterator<Item = &'s [Arc<Record>]>) -> Self {
        let mut merged = Self { rest: histories.collect(), fronts: BinaryHeap::new() };
        (0..merged.rest.len()).for_each(|index| merged.announce(index));
        merged
    }

    fn announce(&mut self, index: usize) {
        if let Some(front) = self.rest[index].first() {
            self.fronts.push(Reverse((front.main, front.sub, index)));
        }
    }
}

impl<'s> Iterator for Merged<'s> {
    type Item = &'s Arc<Record>;

    fn next(&mut self) -> Option<&'s Arc<Record>> {
        let Reverse((.., index)) = self.fronts.pop()?;
        let (front, rest) = self.rest[index].split_first()?;
        self.rest[index] = rest;
        self.announce(index);
        Some(front)
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::key_range::KeyRange;
    use super::super::super::staged::Staged;
    use super::*;

    /// A state in which `writes` puts went round `keys` keys, ten to a revision, and some keys were deleted.
    fn state(keys: usize, writes: usize) -> State {
        let mut state = State::default();
        let mut staged = Staged::over(&state);
        for write in 0..writes {
            let key = format!("{:05}", write * 7 % keys);
            if write % 11 == 0 {
                staged.delete(KeyRange::Key(key.as_bytes()));
            } else {
                staged.put(key.into(), "value".into(), 0);
            }
            if write % 10 == 9 {
                staged.seal();
            }
        }
        staged.seal();
        let batch = staged.into_batch();
        state.apply(batch);
        state
    }

    fn selector(key: &str, range_end: &str) -> Selector {
        Selector { key: key.into(), range_end: range_end.into(), ..Selector::default() }
    }

    /// Everything from `from` on, piece by piece.
    fn read_whole(state: &State, selector: &Selector, mut from: i64) -> Vec<Arc<Record>> {
        let mut records = Vec::new();
        while from <= state.revision() {
            let piece = read(state, selector, from).unwrap();
            assert!(piece.next > from && piece.newest == state.revision());
            records.extend(piece.records);
            from = piece.next;
        }
        records
    }

    #[test]
    fn few_keys_and_many_are_told_what_the_log_holds() {
        let state = state(30_000, 40_000);
        for (key, end) in
            [("00007", ""), ("absent", ""), ("00", "01"), ("0", "1"), ("\0", "\0"), ("29990", "\0")]
        {
            let selector = selector(key, end);
            for from in [2, 3, 1000, 3999, state.revision(), state.revision() + 5] {
                let log = state.log_from(from).filter(|record| selector.admits(record));
                let expected: Vec<_> = log.cloned().collect();
                assert_eq!(read_whole(&state, &selector, from), expected, "{key:?} {end:?} from {from}");
            }
        }
    }

    #[test]
    fn a_thousand_watches_of_their_own_keys_read_the_log_once_together() {
        let state = state(1000, 100_000);
        let looked_at: usize =
            (0..1000).map(|key| missed(&state, &selector(&format!("{key:05}"), ""), 2).count()).sum();
        assert_eq!(looked_at, state.log_from(2).len());
    }
}
