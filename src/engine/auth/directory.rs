//! The directory: users, roles, and whether anybody asks for them.
//!
//! Pure, and never changed once it is published. The rules and the order of their refusals are etcd's.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::error::Refusal;
use super::super::key_range::KeyRange;
use super::access::{Access, Right};
use super::caller::Caller;
use super::role::Role;
use super::user::User;

/// The auth revision of a directory that was never changed, as in etcd.
pub(super) const FIRST_REVISION: u64 = 1;

/// All users and roles at one auth revision.
#[derive(Debug, Clone)]
pub(crate) struct Directory {
    pub(super) enabled: bool,
    pub(super) revision: u64,
    /// Tokens that were given out at earlier auth revisions are void.
    pub(super) tokens_since: u64,
    pub(super) users: BTreeMap<String, Arc<User>>,
    pub(super) roles: BTreeMap<String, Arc<Role>>,
}

impl Default for Directory {
    fn default() -> Self {
        Self {
            enabled: false,
            revision: FIRST_REVISION,
            tokens_since: FIRST_REVISION,
            users: BTreeMap::new(),
            roles: BTreeMap::new(),
        }
    }
}

impl Directory {
    /// Whether requests are checked at all.
    pub(crate) fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Counts changes of users and roles.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn user(&self, name: &str) -> Option<&User> {
        self.users.get(name).map(AsRef::as_ref)
    }

    pub(crate) fn role(&self, name: &str) -> Option<&Role> {
        self.roles.get(name).map(AsRef::as_ref)
    }

    /// The names of all users, sorted.
    pub(crate) fn user_names(&self) -> impl Iterator<Item = &String> {
        self.users.keys()
    }

    /// The names of all roles, sorted.
    pub(crate) fn role_names(&self) -> impl Iterator<Item = &String> {
        self.roles.keys()
    }

    /// Whether a token that was given to a user at an auth revision still counts.
    pub(super) fn honours(&self, user: &str, issued: u64) -> bool {
        self.enabled
            && issued >= self.tokens_since
            && self.user(user).is_some_and(|user| issued >= user.since)
    }

    /// Whether whoever asks may do anything.
    pub(crate) fn trusts(&self, caller: &Caller) -> bool {
        !self.enabled || *caller == Caller::Engine || self.may_administer(caller).is_ok()
    }

    /// Refuses who does not say who they are.
    pub(crate) fn must_be_known(&self, caller: &Caller) -> Result<(), Refusal> {
        if self.enabled && *caller == Caller::Nobody { Err(Refusal::UserEmpty) } else { Ok(()) }
    }

    /// Refuses who may not change users, roles and the store itself.
    pub(crate) fn may_administer(&self, caller: &Caller) -> Result<(), Refusal> {
        let Some(name) = self.checked(caller)? else { return Ok(()) };
        match self.user(name) {
            None => Err(Refusal::UserNotFound),
            Some(user) if user.is_root() => Ok(()),
            Some(_) => Err(Refusal::PermissionDenied),
        }
    }

    /// Refuses who may not read, or write, all keys of a range.
    pub(crate) fn may(&self, caller: &Caller, right: Right, range: KeyRange<'_>) -> Result<(), Refusal> {
        let Some(name) = self.checked(caller)? else { return Ok(()) };
        if let Caller::User { revision, .. } = caller
            && *revision < self.revision
        {
            return Err(Refusal::AuthOldRevision);
        }
        let user = self.user(name).ok_or(Refusal::PermissionDenied)?;
        if user.is_root() || self.access(user).allows(right, range) {
            Ok(())
        } else {
            Err(Refusal::PermissionDenied)
        }
    }

    /// Whose rights are to be checked; nobody's while auth is off or when the process itself asks.
    fn checked<'c>(&self, caller: &'c Caller) -> Result<Option<&'c str>, Refusal> {
        match caller {
            _ if !self.enabled => Ok(None),
            Caller::Engine => Ok(None),
            Caller::Nobody => Err(Refusal::UserEmpty),
            Caller::User { name, .. } => Ok(Some(name)),
        }
    }

    fn access<'d>(&'d self, user: &'d User) -> &'d Access {
        user.access.get_or_init(|| {
            let roles = user.roles.iter().filter_map(|name| self.role(name));
            Access::of(roles.flat_map(|role| &role.permissions))
        })
    }
}
