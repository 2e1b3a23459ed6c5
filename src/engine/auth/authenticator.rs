//! The authenticator: tokens and hashing at work.
//!
//! Hashing happens on threads of its own, a few at a time: each takes memory and a core, and anybody may ask for it.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::super::error::Refusal;
use super::caller::Caller;
use super::directory::Directory;
use super::password::PasswordHash;
use super::token::{Bearer, LETTERS, Tokens};
use super::user::Login;
use crate::clock::stopwatch;

/// How many passwords are hashed at the same time.
const AT_ONCE: usize = 4;

/// Who has logged in.
#[derive(Debug)]
pub(crate) struct Authenticator {
    tokens: Mutex<Tokens>,
    started: Instant,
    hashing: Semaphore,
}

impl Authenticator {
    pub(crate) fn new() -> Self {
        let hashing = Semaphore::new(AT_ONCE);
        Self { tokens: Mutex::default(), started: stopwatch(), hashing }
    }

    /// Who shows this token, going by what the directory says now.
    ///
    /// # Errors
    /// [`Refusal::InvalidAuthToken`] for a token that does not count, even while nothing is checked: as etcd does.
    pub(crate) fn caller(&self, token: &str, directory: &Directory) -> Result<Caller, Refusal> {
        let bearer = self.tokens().bearer(token, self.now());
        bearer
            .filter(|bearer| directory.honours(&bearer.user, bearer.issued))
            .map(|Bearer { user, .. }| Caller::User { name: user, revision: directory.revision() })
            .ok_or(Refusal::InvalidAuthToken)
    }

    /// Gives a user a token for its password.
    ///
    /// # Errors
    /// etcd's, for each reason.
    pub(crate) async fn log_in(
        &self,
        name: &str,
        password: &str,
        directory: &Directory,
    ) -> Result<String, Refusal> {
        if !directory.is_enabled() {
            return Err(Refusal::AuthNotEnabled);
        }
        let hash = match directory.user(name).map(|user| &user.login) {
            Some(Login::Without) => return Err(Refusal::NoPasswordUser),
            Some(Login::Password(hash)) => hash.clone(),
            None => None,
        };
        if !self.fits(hash, password).await? {
            tracing::warn!(user = name, "a login failed");
            return Err(Refusal::AuthFailed);
        }
        // A user that was deleted or given another password meanwhile is newer than this token, which is void then.
        let bearer = Bearer { user: name.into(), issued: directory.revision() };
        Ok(self.tokens().issue(bearer, rand::random::<[u8; LETTERS]>(), self.now()))
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// [`Refusal::Stopped`] at a shutdown, [`Refusal::Storage`] when the system gives no randomness.
    pub(crate) async fn hash(&self, password: String) -> Result<PasswordHash, Refusal> {
        let _permit = self.hashing.acquire().await.map_err(|_| Refusal::Stopped)?;
        let hash = spawn_blocking(move || PasswordHash::of(&password)).await.map_err(|_| Refusal::Stopped)?;
        hash.map_err(|error| Refusal::Storage(error.to_string()))
    }

    async fn fits(&self, hash: Option<PasswordHash>, password: &str) -> Result<bool, Refusal> {
        let password = password.to_owned();
        let _permit = self.hashing.acquire().await.map_err(|_| Refusal::Stopped)?;
        let known = hash.is_some();
        // Who does not exist takes as long as who errs in the password.
        let hash = hash.unwrap_or_else(PasswordHash::nobodys);
        let fits = spawn_blocking(move || hash.fits(&password)).await.map_err(|_| Refusal::Stopped)?;
        Ok(fits && known)
    }

    fn tokens(&self) -> MutexGuard<'_, Tokens> {
        self.tokens.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn now(&self) -> Duration {
        self.started.elapsed()
    }
}
