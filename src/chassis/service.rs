//! Use-cases of the chassis: load a swarm's code under a contract, run a task in it, say how it did.
//!
//! Owns the order of things: nothing is stored before it was checked, nothing runs that was not loaded, and every
//! task that ran is recorded.

mod backing;
mod cache;
mod cache_key;
mod calls;
mod cell;
mod compiler;
mod compiling;
mod containers;
mod credentials;
mod enforcing;
mod error;
mod execution;
mod following;
mod given;
mod grading;
mod listing;
mod loading;
mod logs;
mod modules;
mod providers;
mod publishing;
mod ready;
mod recording;
mod reputation;
mod resources;
mod running;
mod secrets;
mod shares;
mod toolbox;
mod unloading;
mod writing;

use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use tokio::sync::Mutex;

pub use cache_key::CacheError;
pub use compiler::{CompileError, CompileStep, CompileWish, Compiled, Compiler};
pub use containers::{Contained, ContainerWish};
pub use credentials::{Issued, Presented, Revocation};
pub use error::ChassisError;
pub use execution::{Executed, Guest, Job};
pub use given::LoadWish;
pub use listing::{ContractLine, ContractSummary};
pub use loading::{LoadStep, Loaded};
pub use logs::{GuestLogs, LogReader};
pub use resources::ResourcesLook;
pub use secrets::{SecretSource, Secrets, SecretsError};
pub use toolbox::ToolboxError;
pub use unloading::{FilesAfter, Unloaded};

use self::cache::CodeCache;
use self::calls::CallBooks;
use self::modules::ModuleDirectory;
use self::providers::Providers;
use self::publishing::Published;
use self::ready::ReadyModules;
use self::recording::Recorder;
use self::running::Running;
use self::shares::HostShares;
use super::runtime::broker::Broker;
use super::{
    Contract, LoadedContract, Performance, PerformanceHistory, PerformanceReport, Sandbox, SandboxError,
};
use crate::clock::Clock;
use crate::config::Home;
use crate::governor::RateFile;
use crate::governor::service::Governor;
use crate::id::SwarmId;
use crate::store::{Entry, Key, Query, Store};

/// What runs swarms' code on this host.
#[derive(Debug, Clone)]
pub struct Chassis {
    store: Store,
    governor: Governor,
    modules: ModuleDirectory,
    cache: CodeCache,
    ready: ReadyModules,
    logs: GuestLogs,
    running: Running,
    published: Arc<Mutex<Published>>,
    clock: Clock,
    sandbox: Sandbox,
    broker: Arc<OnceLock<Arc<Broker>>>,
    secrets: Secrets,
    /// Where the sockets of containers are.
    containers: PathBuf,
    shares: HostShares,
    rates: RateFile,
    providers: Providers,
    books: CallBooks,
    recorder: Recorder,
    by: String,
}

impl Chassis {
    /// A chassis that keeps modules under `home` and acts for `by`.
    ///
    /// # Errors
    /// [`ChassisError::Sandbox`] when this machine cannot run one.
    pub fn new(store: Store, home: &Home, clock: Clock, by: String) -> Result<Self, ChassisError> {
        let (sandbox, modules) = (Sandbox::new()?, ModuleDirectory::of(home));
        let cache = CodeCache::of(home, modules.as_path(), sandbox.compatibility());
        let governor = Governor::new(store.clone(), clock.clone());
        let shares = HostShares::of(home, store.clone(), by.clone());
        let providers = Providers::new(store.clone(), governor.clone(), clock.clone(), by.clone());
        let books = CallBooks::new(store.clone(), clock.clone(), by.clone());
        Ok(Self {
            store,
            governor,
            modules,
            cache,
            ready: ReadyModules::new(),
            logs: GuestLogs::of(home),
            running: Running::default(),
            published: Arc::default(),
            clock,
            sandbox,
            broker: Arc::default(),
            secrets: Secrets::of(home),
            containers: home.chassis().join("containers"),
            shares,
            rates: RateFile::at(home.rates()),
            providers,
            books,
            recorder: Recorder::default(),
            by,
        })
    }

    /// Says how a swarm does, held against its contract.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`] when it has no contract; [`ChassisError::Store`].
    pub async fn performance(&self, swarm: &SwarmId) -> Result<PerformanceReport, ChassisError> {
        let (contract, performance, _) = self.measured(swarm).await?;
        Ok(PerformanceReport::new(&contract, &performance, self.clock.now()))
    }

    /// Says how a swarm did before, minute by minute and hour by hour.
    ///
    /// # Errors
    /// As [`Chassis::performance`].
    pub async fn performance_history(&self, swarm: &SwarmId) -> Result<PerformanceHistory, ChassisError> {
        let (_, performance, _) = self.measured(swarm).await?;
        Ok(PerformanceHistory::new(swarm.clone(), &performance))
    }

    /// What a swarm promises, how it did, and the revision of the store at which that was so.
    async fn measured(&self, swarm: &SwarmId) -> Result<(Contract, Performance, i64), ChassisError> {
        let queries = vec![Query::One(Key::Contract(swarm.clone())), Query::One(Key::Metrics(swarm.clone()))];
        let snapshot = self.store.read(queries).await?;
        let not_loaded = || ChassisError::NotLoaded { swarm: swarm.clone() };
        let loaded: LoadedContract = snapshot.one(0).ok_or_else(not_loaded)?.json()?;
        let performance = snapshot.one(1).map(Entry::json).transpose()?.unwrap_or_default();
        Ok((loaded.contract, performance, snapshot.revision))
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
