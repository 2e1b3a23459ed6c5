//! Credentials in the store: issued, listed, revoked, and watched while a task uses one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::task::AbortHandle;

use super::{Chassis, ChassisError, LoadedContract};
use crate::chassis::credential::{Credential, Grant, Handle, NotCredited};
use crate::clock::Timestamp;
use crate::id::{CredentialId, SwarmId, TaskId};
use crate::store::{Commit, Entry, Key, Precondition, Prefix, Query, Store, Transaction, Versioned, Watch};

/// How long a credential can still be seen after its time.
const AFTERWARDS: Duration = Duration::from_mins(1);

/// A credential that was just issued. The handle is nowhere else.
#[derive(Debug)]
pub struct Issued {
    /// What the task shows.
    pub handle: Handle,
    /// What the store keeps.
    pub credential: Credential,
    /// With this lease it vanishes.
    pub lease: i64,
    /// Whether the contract lets anything out that it could narrow.
    pub narrows: bool,
}

/// Whose credentials are taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Revocation {
    /// This one.
    One(CredentialId),
    /// All for this task.
    Task(TaskId),
    /// All.
    All,
}

impl Revocation {
    fn concerns(&self, credential: &Credential) -> bool {
        match self {
            Self::One(id) => credential.id == *id,
            Self::Task(task) => credential.task.as_ref() == Some(task),
            Self::All => true,
        }
    }
}

impl Chassis {
    /// Issues a credential. It vanishes from the store a minute after its time.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`] when the swarm has no contract that it could narrow; [`ChassisError::Store`].
    pub async fn issue(&self, grant: Grant) -> Result<Issued, ChassisError> {
        let contract = Key::Contract(grant.swarm.clone());
        let loaded = self.store.get(&contract).await?;
        let loaded = loaded.ok_or_else(|| ChassisError::NotLoaded { swarm: grant.swarm.clone() })?;
        // An illegible contract lets nothing out.
        let narrows =
            loaded.json::<LoadedContract>().is_ok_and(|loaded| !loaded.contract.egress().is_empty());
        let now = self.clock.now();
        let handle = Handle::new(CredentialId::fresh(now), rand::random());
        let lease = self.store.grant(grant.ttl + AFTERWARDS).await?;
        let credential = Credential::issue(grant, &handle, &self.by, now);
        let key = Key::Credential(credential.id.clone());
        let put = Transaction::new()
            .when(Precondition::created_at(&contract, loaded.create_revision))
            .when(Precondition::absent(&key))
            .put_json_leased(&key, &credential, lease.id);
        match self.store.commit(put).await? {
            Commit::Done { .. } => Ok(Issued { handle, credential, lease: lease.id, narrows }),
            Commit::Refused(_) => Err(ChassisError::NotLoaded { swarm: credential.swarm }),
        }
    }

    /// The credentials of a swarm that can still be seen, the oldest first.
    ///
    /// # Errors
    /// [`ChassisError::Store`].
    pub async fn credentials(&self, swarm: &SwarmId) -> Result<Vec<Credential>, ChassisError> {
        let (entries, _) = self.store.range(&Prefix::Credentials).await?;
        // One that nobody can read lets nobody out.
        let legible = entries.iter().filter_map(|entry| entry.json::<Credential>().ok());
        Ok(legible.filter(|credential| credential.swarm == *swarm).collect())
    }

    /// Takes credentials of a swarm back, from this moment on; which ones.
    ///
    /// # Errors
    /// [`ChassisError::NoCredential`] when there is no such one; [`ChassisError::Store`].
    pub async fn revoke(&self, swarm: &SwarmId, whose: &Revocation) -> Result<Vec<Credential>, ChassisError> {
        let now = self.clock.now();
        let mut revoked = Vec::new();
        for credential in self.credentials(swarm).await?.into_iter().filter(|one| whose.concerns(one)) {
            if let Some(credential) = self.revoke_one(credential, now).await? {
                revoked.push(credential);
            }
        }
        match whose {
            Revocation::One(id) if revoked.is_empty() => {
                Err(ChassisError::NoCredential { swarm: swarm.clone(), id: id.clone() })
            }
            _ => Ok(revoked),
        }
    }

    /// The credential as it is now, or nothing when it has vanished meanwhile.
    async fn revoke_one(
        &self,
        credential: Credential,
        now: Timestamp,
    ) -> Result<Option<Credential>, ChassisError> {
        let key = Key::Credential(credential.id.clone());
        let mut entry = self.store.get(&key).await?;
        while let Some(found) = &entry {
            let read: Versioned<Credential> = found.versioned()?;
            let revoked = read.value.clone().revoked(&self.by, now);
            let put = Transaction::new()
                .when(Precondition::as_read(&key, Some(&read)))
                .put_json_leased(&key, &revoked, found.lease)
                .otherwise(Query::One(key.clone()));
            match self.store.commit(put).await? {
                Commit::Done { .. } => return Ok(Some(revoked)),
                Commit::Refused(snapshot) => entry = snapshot.one(0).cloned(),
            }
        }
        Ok(None)
    }

    /// What a task shows to be let out.
    ///
    /// # Errors
    /// [`ChassisError::NotCredited`] when the credential is not for this swarm and task, now; [`ChassisError::Store`].
    pub async fn present(
        &self,
        handle: &Handle,
        swarm: &SwarmId,
        task: Option<&TaskId>,
    ) -> Result<Presented, ChassisError> {
        let key = Key::Credential(handle.id().clone());
        let snapshot = self.store.read(vec![Query::One(key.clone())]).await?;
        let credential: Credential = match snapshot.one(0).map(Entry::json) {
            Some(Ok(credential)) => credential,
            Some(Err(_)) | None => return Err(NotCredited::Unknown.into()),
        };
        credential.is_for(handle, swarm, task, self.clock.now())?;
        Ok(Presented::follow(&self.store, &key, snapshot.revision, credential))
    }
}

/// A credential in use: what becomes of it in the store is known here within a moment.
#[derive(Debug)]
pub struct Presented {
    /// Until when it lets out at most.
    pub expires_at: Timestamp,
    now: Arc<Mutex<Result<Credential, NotCredited>>>,
    following: AbortHandle,
}

impl Presented {
    fn follow(store: &Store, key: &Key, revision: i64, credential: Credential) -> Self {
        let (id, expires_at) = (credential.id.clone(), credential.expires_at);
        let now = Arc::new(Mutex::new(Ok(credential)));
        let watch = store.watch_key(key, revision + 1);
        let following = tokio::spawn(follow(watch, id, Arc::clone(&now))).abort_handle();
        Self { expires_at, now, following }
    }

    /// The credential as it is now.
    ///
    /// # Errors
    /// [`NotCredited`] when it is gone.
    pub fn current(&self) -> Result<Credential, NotCredited> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Presented {
    fn drop(&mut self) {
        self.following.abort();
    }
}

/// Notes every change. While the store is not heard of nothing is taken back, but the credential's time goes on.
async fn follow(mut watch: Watch, id: CredentialId, now: Arc<Mutex<Result<Credential, NotCredited>>>) {
    while let Ok(batch) = watch.next().await {
        for event in &batch.events {
            let changed = match event.entry.json() {
                Ok(credential) if !event.deleted => Ok(credential),
                _ => Err(NotCredited::Revoked(id.clone())),
            };
            *now.lock().unwrap_or_else(PoisonError::into_inner) = changed;
        }
    }
    // Whoever cannot know whether it still counts does not let out.
    *now.lock().unwrap_or_else(PoisonError::into_inner) = Err(NotCredited::Revoked(id));
}
