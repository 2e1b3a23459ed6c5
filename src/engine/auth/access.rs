//! Access: the keys a user may read and write, all its roles taken together.
//!
//! Pure. Spans that overlap or touch count as one, so a range may be permitted by several permissions in turn.

use super::super::key_range::KeyRange;
use super::role::Permission;

/// What somebody wants to do with keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    Read,
    Write,
}

/// The spans of keys that may be read, and those that may be written.
#[derive(Debug, Default)]
pub(super) struct Access {
    read: Spans,
    write: Spans,
}

impl Access {
    pub(super) fn of<'p>(permissions: impl IntoIterator<Item = &'p Permission>) -> Self {
        let permissions: Vec<&Permission> = permissions.into_iter().collect();
        let giving = |right| permissions.iter().copied().filter(move |permission| permission.gives(right));
        let spans = |right| Spans::of(giving(right));
        Self { read: spans(Right::Read), write: spans(Right::Write) }
    }

    pub(super) fn allows(&self, right: Right, range: KeyRange<'_>) -> bool {
        match right {
            Right::Read => self.read.cover(range),
            Right::Write => self.write.cover(range),
        }
    }
}

/// Spans in order, none of which touches another.
#[derive(Debug, Default)]
struct Spans(Vec<Span>);

/// From a key up to, but without, another; without an end, everything from the key on.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Span {
    from: Vec<u8>,
    to: Option<Vec<u8>>,
}

impl Span {
    fn of(range: KeyRange<'_>) -> Self {
        match range {
            KeyRange::Key(key) => Self { from: key.to_vec(), to: Some([key, b"\0"].concat()) },
            KeyRange::Span(from, to) => Self { from: from.to_vec(), to: Some(to.to_vec()) },
            KeyRange::From(from) => Self { from: from.to_vec(), to: None },
        }
    }

    /// Whether the span ends at `end` or after it; no end is the last of all.
    fn reaches(&self, end: Option<&[u8]>) -> bool {
        match (self.to.as_deref(), end) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(to), Some(end)) => to >= end,
        }
    }

    /// As etcd's interval tree sees it, an inverted range included: that one reads nothing.
    fn covers(&self, other: &Self) -> bool {
        let begins_before_the_end = other.to.as_ref().is_none_or(|end| self.from < *end);
        let ends_after_the_beginning = self.to.as_ref().is_none_or(|to| other.from < *to);
        self.from <= other.from
            && begins_before_the_end
            && ends_after_the_beginning
            && self.reaches(other.to.as_deref())
    }
}

impl Spans {
    fn of<'p>(permissions: impl Iterator<Item = &'p Permission>) -> Self {
        let mut spans: Vec<Span> = permissions.map(|permission| Span::of(permission.range())).collect();
        spans.sort();
        let mut merged: Vec<Span> = Vec::new();
        for span in spans {
            match merged.last_mut() {
                Some(last) if last.reaches(Some(&span.from)) => {
                    if !last.reaches(span.to.as_deref()) {
                        last.to = span.to;
                    }
                }
                _ => merged.push(span),
            }
        }
        Self(merged)
    }

    fn cover(&self, range: KeyRange<'_>) -> bool {
        let wanted = Span::of(range);
        let after = self.0.partition_point(|span| span.from <= wanted.from);
        after.checked_sub(1).is_some_and(|index| self.0[index].covers(&wanted))
    }
}

#[cfg(test)]
mod tests {
    use etcd_client::PermissionType::{Read, Readwrite, Write};

    use super::*;

    fn permission(kind: etcd_client::PermissionType, key: &[u8], range_end: &[u8]) -> Permission {
        Permission { kind: kind as i32, key: key.to_vec(), range_end: range_end.to_vec() }
    }

    #[test]
    fn a_range_may_be_permitted_by_several_permissions_in_turn() {
        let permissions = [
            permission(Read, b"a", b"c"),
            permission(Read, b"c", b"e"),
            permission(Read, b"d", b""),
            permission(Read, b"g", b""),
            permission(Read, b"m", b"p"),
            permission(Read, b"n", b"o"),
            permission(Readwrite, b"x", b"\0"),
        ];
        let access = Access::of(&permissions);
        for (key, end, allowed) in [
            (&b"a"[..], &b""[..], true),
            (b"a", b"e", true),
            (b"b", b"d\0", true),
            (b"a", b"e\0", false),
            (b"a", b"g", false),
            (b"e", b"", false),
            (b"g", b"", true),
            (b"g", b"g\0", true),
            (b"g", b"h", false),
            (b"g\0", b"", false),
            (b"m", b"p", true),
            (b"m", b"\0", false),
            (b"A", b"b", false),
            (b"x", b"\0", true),
            (b"z", b"", true),
            (b"x", b"zz", true),
            (b"w", b"\0", false),
        ] {
            assert_eq!(access.allows(Right::Read, KeyRange::new(key, end)), allowed, "{key:?} {end:?}");
        }
    }

    #[test]
    fn reading_and_writing_are_granted_apart() {
        let permissions = [
            permission(Read, b"r", b""),
            permission(Write, b"w", b""),
            permission(Readwrite, b"b", b""),
            Permission { kind: 7, key: b"unknown".to_vec(), range_end: Vec::new() },
        ];
        let access = Access::of(&permissions);
        for (key, read, write) in
            [("r", true, false), ("w", false, true), ("b", true, true), ("unknown", false, false)]
        {
            let key = KeyRange::Key(key.as_bytes());
            assert_eq!((access.allows(Right::Read, key), access.allows(Right::Write, key)), (read, write));
        }
    }

    #[test]
    fn nothing_is_allowed_where_nothing_is_granted() {
        let access = Access::of(&[]);
        assert!(!access.allows(Right::Read, KeyRange::Key(b"k")));
        assert!(!access.allows(Right::Write, KeyRange::From(b"\0")));
    }
}
