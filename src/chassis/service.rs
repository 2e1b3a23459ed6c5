//! Use-cases of the chassis: load a swarm's code under a contract, run a task in it, say how it did.
//!
//! Owns the order of things: nothing is stored before it was checked, nothing runs that was not loaded, and every
//! task that ran is recorded.

mod error;
mod execution;
mod loading;
mod logs;
mod modules;
mod publishing;
mod recording;
mod resources;
mod running;

pub use error::ChassisError;
pub use execution::{Executed, Guest, Job};
pub use logs::{GuestLogs, LogReader};
pub use resources::ResourcesLook;

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use self::modules::ModuleDirectory;
use self::publishing::Published;
use self::running::Running;
use super::{Contract, Digest, PerformanceReport, Sandbox, SandboxError};
use crate::clock::{Clock, Timestamp};
use crate::config::Home;
use crate::id::SwarmId;
use crate::store::{Entry, Key, Query, Store};

/// The module of a swarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModuleInfo {
    /// Its name on every host.
    pub sha256: Digest,
    /// Its size.
    pub bytes: u64,
}

/// A contract in force, as it is stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LoadedContract {
    /// What was agreed.
    pub contract: Contract,
    /// The code it governs.
    pub module: ModuleInfo,
    /// Since when.
    pub loaded_at: Timestamp,
    /// Who loaded it.
    pub by: String,
    /// What was done.
    pub op: String,
}

/// What runs swarms' code on this host.
#[derive(Debug, Clone)]
pub struct Chassis {
    store: Store,
    modules: ModuleDirectory,
    logs: GuestLogs,
    running: Running,
    published: Arc<Mutex<Published>>,
    clock: Clock,
    sandbox: Sandbox,
    by: String,
}

impl Chassis {
    /// A chassis that keeps modules under `home` and acts for `by`.
    ///
    /// # Errors
    /// [`ChassisError::Sandbox`] when this machine cannot run one.
    pub fn new(store: Store, home: &Home, clock: Clock, by: String) -> Result<Self, ChassisError> {
        Ok(Self {
            store,
            modules: ModuleDirectory::of(home),
            logs: GuestLogs::of(home),
            running: Running::default(),
            published: Arc::default(),
            clock,
            sandbox: Sandbox::new()?,
            by,
        })
    }

    /// Says how a swarm does, held against its contract.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`] when it has no contract; [`ChassisError::Store`].
    pub async fn performance(&self, swarm: &SwarmId) -> Result<PerformanceReport, ChassisError> {
        let queries = vec![Query::One(Key::Contract(swarm.clone())), Query::One(Key::Metrics(swarm.clone()))];
        let snapshot = self.store.read(queries).await?;
        let not_loaded = || ChassisError::NotLoaded { swarm: swarm.clone() };
        let loaded: LoadedContract = snapshot.one(0).ok_or_else(not_loaded)?.json()?;
        let performance = snapshot.one(1).map(Entry::json).transpose()?.unwrap_or_default();
        Ok(PerformanceReport::new(&loaded.contract, &performance))
    }

    async fn loaded(&self, swarm: &SwarmId) -> Result<LoadedContract, ChassisError> {
        let entry = self.store.get(&Key::Contract(swarm.clone())).await?;
        Ok(entry.ok_or_else(|| ChassisError::NotLoaded { swarm: swarm.clone() })?.json()?)
    }
}

/// Runs what reads files or compiles beside the runtime, so that nobody waits for it but the caller.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ChassisError> + Send + 'static,
) -> Result<T, ChassisError> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|error| Err(SandboxError::Host(Box::new(error)).into()))
}
