//! Changes: what an administrator may do to the directory.
//!
//! Pure. A change that is refused changes nothing. The rules and the order of their refusals are etcd's.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::super::error::Refusal;
use super::super::staged::Staged;
use super::directory::Directory;
use super::note;
use super::password::PasswordHash;
use super::role::{Permission, Role};
use super::user::{Login, ROOT, User};

/// What is to be changed.
#[derive(Debug)]
pub(crate) enum Change {
    Enable,
    Disable,
    AddUser { name: String, login: Login },
    DeleteUser { name: String },
    SetPassword { name: String, password: Option<PasswordHash> },
    GrantRole { user: String, role: String },
    RevokeRole { user: String, role: String },
    AddRole { name: String },
    DeleteRole { name: String },
    GrantPermission { role: String, permission: Option<Permission> },
    RevokePermission { role: String, key: Vec<u8>, range_end: Vec<u8> },
}

/// Whose notes have to be written anew.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Touched {
    pub(super) users: BTreeSet<String>,
    pub(super) roles: BTreeSet<String>,
}

impl Touched {
    fn user(name: String) -> Self {
        Self { users: BTreeSet::from([name]), ..Self::default() }
    }

    fn role(name: String) -> Self {
        Self { roles: BTreeSet::from([name]), ..Self::default() }
    }
}

/// Stages a change: what is asked after it is judged by it, and it becomes durable with the batch.
pub(crate) fn stage(staged: &mut Staged<'_>, change: Change) -> Result<(), Refusal> {
    let mut directory = staged.take_directory();
    // Copied when it is the published one, changed in place when this batch has made it.
    let touched = Arc::make_mut(&mut directory).apply(change);
    for (name, value) in touched.iter().flat_map(|touched| note::written(&directory, touched)) {
        staged.set_note(name, value);
    }
    staged.set_directory(directory);
    touched.map(drop)
}

impl Directory {
    pub(super) fn apply(&mut self, change: Change) -> Result<Touched, Refusal> {
        match change {
            Change::Enable => self.enable(),
            Change::Disable => Ok(self.disable()),
            Change::AddUser { name, login } => self.add_user(name, login),
            Change::DeleteUser { name } => self.delete_user(name),
            Change::SetPassword { name, password } => self.set_password(name, password),
            Change::GrantRole { user, role } => self.grant_role(user, role),
            Change::RevokeRole { user, role } => self.revoke_role(user, &role),
            Change::AddRole { name } => self.add_role(name),
            Change::DeleteRole { name } => self.delete_role(name),
            Change::GrantPermission { role, permission } => self.grant_permission(role, permission),
            Change::RevokePermission { role, key, range_end } => {
                self.revoke_permission(role, &key, &range_end)
            }
        }
    }

    fn enable(&mut self) -> Result<Touched, Refusal> {
        if self.enabled {
            return Ok(Touched::default());
        }
        let root = self.user(ROOT).ok_or(Refusal::RootUserNotExist)?;
        if !root.is_root() {
            return Err(Refusal::RootRoleNotExist);
        }
        self.enabled = true;
        self.tokens_since = self.revision;
        Ok(Touched::default())
    }

    fn disable(&mut self) -> Touched {
        if self.enabled {
            self.enabled = false;
            self.revision += 1;
        }
        Touched::default()
    }

    fn add_user(&mut self, name: String, login: Login) -> Result<Touched, Refusal> {
        if name.is_empty() {
            return Err(Refusal::UserEmpty);
        }
        if self.users.contains_key(&name) {
            return Err(Refusal::UserAlreadyExist);
        }
        self.revision += 1;
        let user = User::new(login, BTreeSet::new(), self.revision);
        self.users.insert(name.clone(), Arc::new(user));
        Ok(Touched::user(name))
    }

    fn delete_user(&mut self, name: String) -> Result<Touched, Refusal> {
        if self.enabled && name == ROOT {
            return Err(Refusal::InvalidAuthMgmt);
        }
        self.users.remove(&name).ok_or(Refusal::UserNotFound)?;
        self.revision += 1;
        Ok(Touched::user(name))
    }

    fn set_password(&mut self, name: String, password: Option<PasswordHash>) -> Result<Touched, Refusal> {
        let user = self.users.get_mut(&name).ok_or(Refusal::UserNotFound)?;
        self.revision += 1;
        let user = Arc::make_mut(user);
        user.since = self.revision;
        if let Login::Password(held) = &mut user.login {
            *held = password;
        }
        Ok(Touched::user(name))
    }

    fn grant_role(&mut self, user: String, role: String) -> Result<Touched, Refusal> {
        let known = role == ROOT || self.roles.contains_key(&role);
        let held = self.users.get_mut(&user).ok_or(Refusal::UserNotFound)?;
        if !known {
            return Err(Refusal::RoleNotFound);
        }
        if held.roles.contains(&role) {
            return Ok(Touched::default());
        }
        renewed(held).roles.insert(role);
        self.revision += 1;
        Ok(Touched::user(user))
    }

    fn revoke_role(&mut self, user: String, role: &str) -> Result<Touched, Refusal> {
        if self.enabled && user == ROOT && role == ROOT {
            return Err(Refusal::InvalidAuthMgmt);
        }
        let held = self.users.get_mut(&user).ok_or(Refusal::UserNotFound)?;
        if !held.roles.contains(role) {
            return Err(Refusal::RoleNotGranted);
        }
        renewed(held).roles.remove(role);
        self.revision += 1;
        Ok(Touched::user(user))
    }

    fn add_role(&mut self, name: String) -> Result<Touched, Refusal> {
        if name.is_empty() {
            return Err(Refusal::RoleEmpty);
        }
        if self.roles.contains_key(&name) {
            return Err(Refusal::RoleAlreadyExist);
        }
        self.roles.insert(name.clone(), Arc::new(Role::default()));
        self.forget_access(&name);
        self.revision += 1;
        Ok(Touched::role(name))
    }

    fn delete_role(&mut self, name: String) -> Result<Touched, Refusal> {
        if self.enabled && name == ROOT {
            return Err(Refusal::InvalidAuthMgmt);
        }
        self.roles.remove(&name).ok_or(Refusal::RoleNotFound)?;
        let mut users = BTreeSet::new();
        for (user, held) in &mut self.users {
            if held.roles.contains(&name) {
                renewed(held).roles.remove(&name);
                users.insert(user.clone());
            }
        }
        self.revision += 1;
        Ok(Touched { users, ..Touched::role(name) })
    }

    fn grant_permission(&mut self, role: String, permission: Option<Permission>) -> Result<Touched, Refusal> {
        let permission = permission.ok_or(Refusal::PermissionNotGiven)?;
        if !permission.has_keys() {
            return Err(Refusal::InvalidAuthMgmt);
        }
        let held = self.roles.get_mut(&role).ok_or(Refusal::RoleNotFound)?;
        Arc::make_mut(held).grant(permission);
        self.forget_access(&role);
        self.revision += 1;
        Ok(Touched::role(role))
    }

    fn revoke_permission(&mut self, role: String, key: &[u8], range_end: &[u8]) -> Result<Touched, Refusal> {
        let held = self.roles.get_mut(&role).ok_or(Refusal::RoleNotFound)?;
        if !Arc::make_mut(held).revoke(key, range_end) {
            return Err(Refusal::PermissionNotGranted);
        }
        self.forget_access(&role);
        self.revision += 1;
        Ok(Touched::role(role))
    }

    /// Lets what the holders of a role may do be worked out anew.
    fn forget_access(&mut self, role: &str) {
        for user in self.users.values_mut().filter(|user| user.roles.contains(role)) {
            renewed(user);
        }
    }
}

/// A user of whom nothing is worked out yet, to be changed.
fn renewed(user: &mut Arc<User>) -> &mut User {
    let user = Arc::make_mut(user);
    user.access = std::sync::OnceLock::new();
    user
}

#[cfg(test)]
mod tests;
