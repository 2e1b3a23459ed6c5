//! The index of watches: which of ten thousand watch this key, without asking each.
//!
//! Pure. Single keys and prefixes are found by hashing, one look-up per length of prefix that is in use; any other
//! range is compared one by one, and there are few of those.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::super::key_range::KeyRange;
use super::WatchKey;

type Watches = HashSet<WatchKey>;

#[derive(Debug, Default)]
pub(super) struct Index {
    keys: HashMap<Vec<u8>, Watches>,
    prefixes: HashMap<Vec<u8>, Watches>,
    /// How many different prefixes have each length.
    lengths: BTreeMap<usize, usize>,
    spans: HashMap<(Vec<u8>, Vec<u8>), Watches>,
}

impl Index {
    pub(super) fn insert(&mut self, range: KeyRange<'_>, watch: WatchKey) {
        match (range.prefix(), range) {
            (Some(prefix), _) => {
                if !self.prefixes.contains_key(prefix) {
                    *self.lengths.entry(prefix.len()).or_default() += 1;
                }
                self.prefixes.entry(prefix.to_vec()).or_default().insert(watch);
            }
            (None, KeyRange::Key(key)) => {
                self.keys.entry(key.to_vec()).or_default().insert(watch);
            }
            (None, range) => {
                self.spans.entry(span(range)).or_default().insert(watch);
            }
        }
    }

    pub(super) fn remove(&mut self, range: KeyRange<'_>, watch: WatchKey) {
        match (range.prefix(), range) {
            (Some(prefix), _) => {
                if withdraw(&mut self.prefixes, prefix, watch)
                    && let Some(count) = self.lengths.get_mut(&prefix.len())
                {
                    *count -= 1;
                    if *count == 0 {
                        self.lengths.remove(&prefix.len());
                    }
                }
            }
            (None, KeyRange::Key(key)) => {
                withdraw(&mut self.keys, key, watch);
            }
            (None, range) => {
                withdraw(&mut self.spans, &span(range), watch);
            }
        }
    }

    /// Shows every watch whose range holds `key` to `visit`.
    pub(super) fn visit(&self, key: &[u8], mut visit: impl FnMut(WatchKey)) {
        let mut all = |watches: &Watches| watches.iter().copied().for_each(&mut visit);
        self.keys.get(key).into_iter().for_each(&mut all);
        for &length in self.lengths.keys().take_while(|&&length| length <= key.len()) {
            self.prefixes.get(&key[..length]).into_iter().for_each(&mut all);
        }
        for ((from, end), watches) in &self.spans {
            if KeyRange::new(from, end).contains(key) {
                all(watches);
            }
        }
    }
}

/// The pair that [`KeyRange::new`] reads back.
fn span(range: KeyRange<'_>) -> (Vec<u8>, Vec<u8>) {
    match range {
        KeyRange::Key(key) => (key.to_vec(), Vec::new()),
        KeyRange::Span(from, to) => (from.to_vec(), to.to_vec()),
        KeyRange::From(from) => (from.to_vec(), vec![0]),
    }
}

/// Takes a watch out; returns whether it was the last of its entry.
fn withdraw<K, Q>(entries: &mut HashMap<K, Watches>, key: &Q, watch: WatchKey) -> bool
where
    K: std::borrow::Borrow<Q> + std::hash::Hash + Eq,
    Q: std::hash::Hash + Eq + ?Sized,
{
    let Some(watches) = entries.get_mut(key) else { return false };
    watches.remove(&watch);
    let last = watches.is_empty();
    if last {
        entries.remove(key);
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGES: [(&[u8], &[u8]); 7] = [
        (b"/tasks/a", b""),
        (b"/tasks/", b"/tasks0"),
        (b"/t", b"/u"),
        (b"/tasks/b", b"/tasks/d"),
        (b"\0", b"\0"),
        (b"/tasks/c", b"\0"),
        (b"/swarms/", b"/swarms0"),
    ];

    #[test]
    fn the_index_agrees_with_asking_every_watch() {
        let mut index = Index::default();
        for (watch, (key, end)) in (0..).zip(RANGES) {
            index.insert(KeyRange::new(key, end), watch);
        }
        for key in [&b"/tasks/a"[..], b"/tasks/c", b"/tasks/z", b"/t", b"/swarms/s", b"x", b""] {
            let mut found = Vec::new();
            index.visit(key, |watch| found.push(watch));
            found.sort_unstable();
            let asked = (0..).zip(RANGES).filter(|(_, (from, end))| KeyRange::new(from, end).contains(key));
            assert_eq!(found, asked.map(|(watch, _)| watch).collect::<Vec<_>>(), "{key:?}");
        }
    }

    #[test]
    fn nothing_is_left_of_watches_that_are_gone() {
        let mut index = Index::default();
        for (watch, (key, end)) in (0..).zip(RANGES.into_iter().chain(RANGES)) {
            index.insert(KeyRange::new(key, end), watch);
        }
        for (watch, (key, end)) in (0..).zip(RANGES.into_iter().chain(RANGES)) {
            index.remove(KeyRange::new(key, end), watch);
        }
        assert!(index.keys.is_empty() && index.prefixes.is_empty() && index.spans.is_empty());
        assert!(index.lengths.is_empty());
    }
}
