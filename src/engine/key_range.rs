//! Key ranges: the key, span, prefix or tail that a request speaks of.
//!
//! Pure; borrowed from the request.

use std::ops::Bound;

/// The keys a request speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyRange<'a> {
    /// One key.
    Key(&'a [u8]),
    /// From the first up to, but without, the second.
    Span(&'a [u8], &'a [u8]),
    /// The key and everything after it.
    From(&'a [u8]),
}

impl<'a> KeyRange<'a> {
    /// Reads etcd's pair: no end means one key, an end of one zero byte means everything from the key on.
    pub(crate) fn new(key: &'a [u8], range_end: &'a [u8]) -> Self {
        match range_end {
            [] => Self::Key(key),
            [0] => Self::From(key),
            end => Self::Span(key, end),
        }
    }

    pub(crate) fn contains(self, candidate: &[u8]) -> bool {
        match self {
            Self::Key(key) => candidate == key,
            Self::Span(from, to) => from <= candidate && candidate < to,
            Self::From(from) => from <= candidate,
        }
    }

    /// The bounds to look up in an ordered map; never inverted.
    pub(crate) fn bounds(self) -> (Bound<&'a [u8]>, Bound<&'a [u8]>) {
        match self {
            Self::Key(key) => (Bound::Included(key), Bound::Included(key)),
            Self::Span(from, to) => (Bound::Included(from), Bound::Excluded(to.max(from))),
            Self::From(from) => (Bound::Included(from), Bound::Unbounded),
        }
    }

    /// The prefix, when the range is exactly all keys that begin with it.
    pub(crate) fn prefix(self) -> Option<&'a [u8]> {
        match self {
            Self::Span(from, to) if follows_prefix(from, to) => Some(from),
            Self::Key(_) | Self::Span(..) | Self::From(_) => None,
        }
    }
}

/// Whether `end` is the first key after all keys that begin with `prefix`.
fn follows_prefix(prefix: &[u8], end: &[u8]) -> bool {
    let significant = prefix.len() - prefix.iter().rev().take_while(|&&byte| byte == u8::MAX).count();
    match (prefix[..significant].split_last(), end.split_last()) {
        (Some((last, front)), Some((end_last, end_front))) => front == end_front && *end_last == last + 1,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_is_told_from_other_spans() {
        for (key, end, prefix) in [
            (&b"a/"[..], &b"a0"[..], true),
            (b"a\xff", b"b", true),
            (b"a", b"c", false),
            (b"a", b"", false),
            (b"a", b"\0", false),
            (b"\xff", b"\xff\xff", false),
        ] {
            assert_eq!(KeyRange::new(key, end).prefix().is_some(), prefix, "{key:?} {end:?}");
        }
    }

    #[test]
    fn an_inverted_span_holds_nothing() {
        let keys = std::collections::BTreeMap::from([(vec![b'a'], ()), (vec![b'b'], ())]);
        let range = KeyRange::new(b"b", b"a");
        assert!(!range.contains(b"a") && !range.contains(b"b"));
        assert_eq!(keys.range::<[u8], _>(range.bounds()).count(), 0);
    }
}
