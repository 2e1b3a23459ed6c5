//! Users: how they log in, and which roles they have.
//!
//! Pure.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::access::Access;
use super::password::PasswordHash;

/// Whoever has the role of this name may do everything.
pub(super) const ROOT: &str = "root";

/// How a user logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Login {
    /// With a password. None fits when there is no hash.
    Password(Option<PasswordHash>),
    /// Not at all: such users are for client certificates.
    Without,
}

/// A user.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) login: Login,
    pub(crate) roles: BTreeSet<String>,
    /// The auth revision at which the user was added or last given a password: older tokens are void.
    pub(super) since: u64,
    /// What its roles permit; worked out when it is first asked for.
    pub(super) access: OnceLock<Access>,
}

impl User {
    pub(super) fn new(login: Login, roles: BTreeSet<String>, since: u64) -> Self {
        Self { login, roles, since, access: OnceLock::new() }
    }

    pub(super) fn is_root(&self) -> bool {
        self.roles.contains(ROOT)
    }
}

/// A copy is made to be changed, so it forgets what its roles permit.
impl Clone for User {
    fn clone(&self) -> Self {
        Self::new(self.login.clone(), self.roles.clone(), self.since)
    }
}
