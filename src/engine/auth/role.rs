//! Roles: lists of permissions, each for one span of keys.
//!
//! Pure. A permission is kept as it goes over the wire.

use etcd_client::PermissionType;
use prost::Message;

use super::super::key_range::KeyRange;
use super::access::Right;

/// The right to read, write, or both, keys of one span.
#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct Permission {
    /// One of [`PermissionType`]; another gives nothing.
    #[prost(int32, tag = "1")]
    pub(crate) kind: i32,
    #[prost(bytes = "vec", tag = "2")]
    pub(crate) key: Vec<u8>,
    #[prost(bytes = "vec", tag = "3")]
    pub(crate) range_end: Vec<u8>,
}

impl Permission {
    pub(super) fn range(&self) -> KeyRange<'_> {
        KeyRange::new(&self.key, &self.range_end)
    }

    /// Whether there is a key that it speaks of.
    pub(super) fn has_keys(&self) -> bool {
        match self.range() {
            KeyRange::Key(key) | KeyRange::From(key) => !key.is_empty(),
            KeyRange::Span(from, to) => !from.is_empty() && from < to,
        }
    }

    pub(super) fn gives(&self, right: Right) -> bool {
        match PermissionType::try_from(self.kind) {
            Ok(PermissionType::Readwrite) => true,
            Ok(PermissionType::Read) => right == Right::Read,
            Ok(PermissionType::Write) => right == Right::Write,
            Err(_) => false,
        }
    }
}

/// What a role permits, by key.
#[derive(Clone, PartialEq, Eq, Message)]
pub(crate) struct Role {
    #[prost(message, repeated, tag = "1")]
    pub(crate) permissions: Vec<Permission>,
}

impl Role {
    /// Adds a permission, or gives the one for the same span its kind.
    ///
    /// etcd 3.5 looks at the first permission of a key only, and adds another beside the rest: a right that was to be
    /// narrowed stays.
    pub(super) fn grant(&mut self, permission: Permission) {
        let same = |held: &&mut Permission| held.range() == permission.range();
        if let Some(held) = self.permissions.iter_mut().find(same) {
            held.kind = permission.kind;
        } else {
            self.permissions.push(permission);
            self.permissions.sort_by(|a, b| a.key.cmp(&b.key));
        }
    }

    /// Takes the permission for a span away; returns whether there was one.
    pub(super) fn revoke(&mut self, key: &[u8], range_end: &[u8]) -> bool {
        let before = self.permissions.len();
        self.permissions.retain(|held| held.key != key || held.range_end != range_end);
        self.permissions.len() < before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_without_keys_is_told() {
        for (key, end, keys) in [
            (&b"a"[..], &b""[..], true),
            (b"a", b"b", true),
            (b"\0", b"\0", true),
            (b"a", b"\0", true),
            (b"", b"", false),
            (b"", b"b", false),
            (b"", b"\0", false),
            (b"a", b"a", false),
            (b"b", b"a", false),
        ] {
            let permission = Permission { kind: 0, key: key.to_vec(), range_end: end.to_vec() };
            assert_eq!(permission.has_keys(), keys, "{key:?} {end:?}");
        }
    }

    #[test]
    fn granting_a_span_again_changes_its_kind_whatever_else_begins_there() {
        let permission = |kind, end: &[u8]| Permission { kind, key: b"k".to_vec(), range_end: end.to_vec() };
        let mut role = Role::default();
        role.grant(permission(2, b""));
        role.grant(permission(2, b"m"));
        role.grant(permission(0, b"m"));
        assert_eq!(role.permissions, [permission(2, b""), permission(0, b"m")]);
        assert!(role.revoke(b"k", b"m"));
        assert!(!role.revoke(b"k", b"m"));
        assert_eq!(role.permissions, [permission(2, b"")]);
    }
}
