//! The tally: how many live keys a range has, without walking them.
//!
//! Pure. The keys are divided into stretches of about a thousand, each with its count; a range is the sum of the
//! stretches in it, and only the two at its ends are walked.

use std::collections::BTreeMap;
use std::ops::Bound;

use bytes::Bytes;

/// A stretch with more keys than this is divided.
const FULL: usize = 2048;

/// A half-open range of keys: from the first on, up to but without the second.
pub(super) type Span<'a> = (&'a [u8], Option<&'a [u8]>);

/// The first key of each stretch, and how many live keys it has. The first stretch begins before all keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tally {
    stretches: BTreeMap<Bytes, usize>,
}

impl Default for Tally {
    fn default() -> Self {
        Self { stretches: [(Bytes::new(), 0)].into() }
    }
}

impl Tally {
    /// Of all live keys, in order.
    pub(super) fn of<'k>(keys: impl Iterator<Item = &'k Bytes>) -> Self {
        let mut tally = Self::default();
        for key in keys {
            let Some(mut last) = tally.stretches.last_entry() else { break };
            if *last.get() < FULL / 2 {
                *last.get_mut() += 1;
            } else {
                tally.stretches.insert(key.clone(), 1);
            }
        }
        tally
    }

    /// Counts a key that has come to life. `walk` shows the live keys of a span, in order.
    pub(super) fn add<'k>(&mut self, key: &Bytes, walk: impl FnOnce(Span<'_>) -> Vec<&'k Bytes>) {
        // The first stretch begins before every key.
        let Some(count) = self.stretch(key) else { return };
        *count += 1;
        if *count > FULL {
            let (first, next) = self.bounds(key);
            let keys = walk((&first, next.as_deref()));
            let middle = keys.len() / 2;
            let begin = keys[middle].clone();
            self.stretches.insert(first, middle);
            self.stretches.insert(begin, keys.len() - middle);
        }
    }

    /// Counts a key that is gone.
    pub(super) fn remove(&mut self, key: &[u8]) {
        let Some((first, count)) = self.stretches.range_mut::<[u8], _>(up_to(key)).next_back() else {
            return;
        };
        *count -= 1;
        if *count == 0 && !first.is_empty() {
            let first = first.clone();
            self.stretches.remove(&first);
        }
    }

    fn stretch(&mut self, key: &[u8]) -> Option<&mut usize> {
        self.stretches.range_mut::<[u8], _>(up_to(key)).next_back().map(|(_, count)| count)
    }

    /// Where the stretch of a key begins, and where the next one does.
    fn bounds(&self, key: &[u8]) -> (Bytes, Option<Bytes>) {
        let first = self.stretches.range::<[u8], _>(up_to(key)).next_back().map(|(first, _)| first.clone());
        let after = (Bound::Excluded(key), Bound::Unbounded);
        let next = self.stretches.range::<[u8], _>(after).next().map(|(first, _)| first.clone());
        (first.unwrap_or_default(), next)
    }

    /// How many live keys there are.
    pub(super) fn total(&self) -> usize {
        self.stretches.values().sum()
    }

    /// How many live keys a span has. `walk` counts the live keys of a span one by one.
    pub(super) fn count(&self, (from, to): Span<'_>, walk: impl Fn(Span<'_>) -> usize) -> usize {
        let after = (Bound::Included(from), to.map_or(Bound::Unbounded, Bound::Excluded));
        let mut whole = self.stretches.range::<[u8], _>(after);
        let Some((first, head)) = whole.next() else { return walk((from, to)) };
        let before = if first == from { 0 } else { walk((from, Some(first))) };
        let Some((last, tail)) = whole.next_back() else {
            return before + if to.is_none() { *head } else { walk((first, to)) };
        };
        let between: usize = whole.map(|(_, count)| count).sum();
        before + head + between + if to.is_none() { *tail } else { walk((last, to)) }
    }
}

/// Everything up to a key, with it.
fn up_to(key: &[u8]) -> (Bound<&[u8]>, Bound<&[u8]>) {
    (Bound::Unbounded, Bound::Included(key))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn key(number: usize) -> Bytes {
        Bytes::from(format!("key-{number:05}"))
    }

    fn walk<'k>(keys: &'k BTreeSet<Bytes>, (from, to): Span<'_>) -> Vec<&'k Bytes> {
        let to = to.map_or(Bound::Unbounded, Bound::Excluded);
        keys.range::<[u8], _>((Bound::Included(from), to)).collect()
    }

    #[test]
    fn the_tally_agrees_with_counting() {
        let (mut tally, mut keys) = (Tally::default(), BTreeSet::new());
        for number in (0..10_000).map(|n| n * 7919 % 10_000) {
            keys.insert(key(number));
            tally.add(&key(number), |span| walk(&keys, span));
        }
        assert!(tally.stretches.len() > 4, "{}", tally.stretches.len());
        for number in (0..10_000).filter(|number| number % 3 == 0 || (3000..7000).contains(number)) {
            keys.remove(&key(number));
            tally.remove(&key(number));
        }
        let anew = Tally::of(keys.iter());
        let ends = [0, 1, 2500, 3000, 5000, 6999, 7000, 9999, 20_000].map(key);
        for from in std::iter::once(&Bytes::new()).chain(&ends) {
            for to in ends.iter().map(Some).chain([None]).filter(|to| to.is_none_or(|to| from <= to)) {
                let span = (&from[..], to.map(|to| &to[..]));
                let counted = tally.count(span, |span| walk(&keys, span).len());
                assert_eq!(counted, walk(&keys, span).len(), "{span:?}");
                assert_eq!(anew.count(span, |span| walk(&keys, span).len()), counted, "{span:?}");
            }
        }
        for number in 0..10_000 {
            if keys.remove(&key(number)) {
                tally.remove(&key(number));
            }
        }
        assert_eq!(tally.count((b"", None), |span| walk(&keys, span).len()), 0);
        assert_eq!(tally.stretches.len(), 1, "nothing is left of stretches that are empty");
    }
}
