//! Notes: how the directory is kept, durable and without a revision.
//!
//! Owns the names and the encoding; one note for each user and each role, so that a change writes little.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use prost::{DecodeError, Message};

use super::change::Touched;
use super::directory::{Directory, FIRST_REVISION};
use super::password::PasswordHash;
use super::role::Role;
use super::user::{Login, User};

/// Every name of a note of the directory begins so.
const PREFIX: &[u8] = b"auth/";
/// Present, with this value, while auth is on.
const ENABLED: &str = "auth/enabled";
const ON: &[u8] = b"1";
/// The auth revision, as text.
const REVISION: &str = "auth/revision";
const USER: &str = "auth/user/";
const ROLE: &str = "auth/role/";

/// A user as it is kept.
#[derive(Clone, PartialEq, Eq, Message)]
struct UserNote {
    /// Empty when no password fits.
    #[prost(string, tag = "1")]
    password: String,
    #[prost(bool, tag = "2")]
    no_password: bool,
    #[prost(string, repeated, tag = "3")]
    roles: Vec<String>,
    #[prost(uint64, tag = "4")]
    since: u64,
}

impl From<&User> for UserNote {
    fn from(user: &User) -> Self {
        let (password, no_password) = match &user.login {
            Login::Password(hash) => (hash.as_ref().map(PasswordHash::as_str).unwrap_or_default(), false),
            Login::Without => ("", true),
        };
        let roles = user.roles.iter().cloned().collect();
        Self { password: password.to_owned(), no_password, roles, since: user.since }
    }
}

impl From<UserNote> for User {
    fn from(note: UserNote) -> Self {
        let hash = Some(note.password).filter(|hash| !hash.is_empty()).map(PasswordHash::from_kept);
        let login = if note.no_password { Login::Without } else { Login::Password(hash) };
        Self::new(login, note.roles.into_iter().collect(), note.since)
    }
}

/// Whether notes of these names make up the directory.
pub(crate) fn concerns<'n>(mut names: impl Iterator<Item = &'n Bytes>) -> bool {
    names.any(|name| name.starts_with(PREFIX))
}

/// What a change leaves to be noted; nothing as value removes a note.
pub(super) fn written(
    directory: &Directory,
    touched: &Touched,
) -> impl Iterator<Item = (Bytes, Option<Bytes>)> {
    let enabled = directory.enabled.then(|| Bytes::from_static(ON));
    let revision = Some(Bytes::from(directory.revision.to_string()));
    let users = touched.users.iter().map(|name| {
        let note = directory.user(name).map(|user| UserNote::from(user).encode_to_vec().into());
        (format!("{USER}{name}").into(), note)
    });
    let roles = touched.roles.iter().map(|name| {
        let note = directory.role(name).map(|role| role.encode_to_vec().into());
        (format!("{ROLE}{name}").into(), note)
    });
    let general = [(ENABLED.into(), enabled), (REVISION.into(), revision)];
    general.into_iter().chain(users).chain(roles)
}

impl Directory {
    /// The directory that the notes make up. When they cannot be understood, nobody is let in: whoever wrote them
    /// meant something.
    pub(crate) fn read(notes: &BTreeMap<Bytes, Bytes>) -> Self {
        Self::try_read(notes).unwrap_or_else(|error| {
            tracing::error!(%error, "users and roles cannot be read, so nobody is let in");
            Self { enabled: true, ..Self::default() }
        })
    }

    fn try_read(notes: &BTreeMap<Bytes, Bytes>) -> Result<Self, Unreadable> {
        let mut directory = Self { enabled: notes.contains_key(ENABLED.as_bytes()), ..Self::default() };
        if let Some(revision) = notes.get(REVISION.as_bytes()) {
            let revision = std::str::from_utf8(revision).ok().and_then(|text| text.parse().ok());
            directory.revision =
                revision.ok_or_else(|| Unreadable { name: REVISION.to_owned(), source: None })?;
        }
        // Whoever held a token before the notes were read, at a start or after a failure, logs in again.
        directory.tokens_since = directory.revision.max(FIRST_REVISION);
        for (name, value) in named(notes, USER) {
            let note = UserNote::decode(value.clone()).map_err(|error| unreadable(USER, &name, error))?;
            directory.users.insert(name, Arc::new(note.into()));
        }
        for (name, value) in named(notes, ROLE) {
            let role = Role::decode(value.clone()).map_err(|error| unreadable(ROLE, &name, error))?;
            directory.roles.insert(name, Arc::new(role));
        }
        Ok(directory)
    }
}

/// The notes whose names begin with `prefix`, by the rest of their names.
fn named<'n>(
    notes: &'n BTreeMap<Bytes, Bytes>,
    prefix: &'static str,
) -> impl Iterator<Item = (String, &'n Bytes)> {
    let from = notes.range(Bytes::from_static(prefix.as_bytes())..);
    from.map_while(|(name, value)| Some((name.strip_prefix(prefix.as_bytes())?, value)))
        .map(|(name, value)| (String::from_utf8_lossy(name).into_owned(), value))
}

/// A note that is not what was written.
#[derive(Debug, thiserror::Error)]
#[error("the note {name} is malformed")]
struct Unreadable {
    name: String,
    #[source]
    source: Option<DecodeError>,
}

fn unreadable(prefix: &str, name: &str, error: DecodeError) -> Unreadable {
    Unreadable { name: format!("{prefix}{name}"), source: Some(error) }
}

#[cfg(test)]
mod tests {
    use super::super::change::Change;
    use super::super::role::Permission;
    use super::*;

    fn noted(notes: &mut BTreeMap<Bytes, Bytes>, directory: &mut Directory, change: Change) {
        let touched = directory.apply(change).unwrap();
        for (name, value) in written(directory, &touched) {
            match value {
                Some(value) => notes.insert(name, value),
                None => notes.remove(&name),
            };
        }
    }

    #[test]
    fn the_notes_make_up_the_same_directory_again() {
        let (mut notes, mut directory) = (BTreeMap::new(), Directory::default());
        let hash = PasswordHash::from_kept("$argon2id$…".to_owned());
        let permission = Permission { kind: 2, key: b"k".to_vec(), range_end: b"l".to_vec() };
        for change in [
            Change::AddUser { name: "root".into(), login: Login::Password(Some(hash.clone())) },
            Change::GrantRole { user: "root".into(), role: "root".into() },
            Change::AddUser { name: "gone".into(), login: Login::Without },
            Change::AddUser { name: "by certificate".into(), login: Login::Without },
            Change::AddUser { name: "locked".into(), login: Login::Password(None) },
            Change::AddRole { name: "gone".into() },
            Change::AddRole { name: "r".into() },
            Change::GrantPermission { role: "r".into(), permission: Some(permission.clone()) },
            Change::GrantRole { user: "locked".into(), role: "r".into() },
            Change::GrantRole { user: "locked".into(), role: "gone".into() },
            Change::DeleteRole { name: "gone".into() },
            Change::DeleteUser { name: "gone".into() },
            Change::Enable,
        ] {
            noted(&mut notes, &mut directory, change);
        }
        let read = Directory::read(&notes);
        assert!(read.is_enabled());
        assert_eq!(read.revision(), directory.revision());
        assert!(read.user_names().eq(["by certificate", "locked", "root"]));
        assert!(read.role_names().eq(["r"]));
        for name in ["by certificate", "locked", "root"] {
            let (before, after) = (directory.user(name).unwrap(), read.user(name).unwrap());
            assert_eq!(
                (&before.login, &before.roles, before.since),
                (&after.login, &after.roles, after.since)
            );
        }
        assert_eq!(read.user("root").unwrap().login, Login::Password(Some(hash)));
        assert!(read.user("locked").unwrap().roles.iter().eq(["r"]));
        assert_eq!(read.role("r").unwrap().permissions, [permission]);
        noted(&mut notes, &mut directory, Change::Disable);
        assert!(!Directory::read(&notes).is_enabled());
    }

    #[test]
    fn nobody_is_let_in_when_a_note_cannot_be_read() {
        for (name, value) in
            [("auth/user/root", &b"\xff"[..]), ("auth/role/r", b"\xff"), ("auth/revision", b"many")]
        {
            let notes = BTreeMap::from([(Bytes::from(name), Bytes::from_static(value))]);
            let directory = Directory::read(&notes);
            assert!(directory.is_enabled(), "{name}");
            assert_eq!(directory.user_names().count(), 0, "{name}");
        }
    }
}
