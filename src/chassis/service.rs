//! Use-cases of the chassis: load a swarm's code under a contract, run a task in it, say how it did.
//!
//! Owns the order of things: nothing is stored before it was checked, nothing runs that was not loaded, and every
//! task that ran is recorded.

mod error;
mod modules;

use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use error::ChassisError;

use self::modules::{ModuleDirectory, read_limited, read_module};
use super::contract::MAX_CONTRACT_BYTES;
use super::{
    Contract, Digest, Execution, GuestModule, Limits, ModuleRefused, Outcome, Performance, PerformanceReport,
    Sample, Sandbox, SandboxError, TaskInput,
};
use crate::clock::{Clock, Timestamp};
use crate::config::Home;
use crate::id::{SwarmId, TaskId, unique};
use crate::store::{Commit, Entry, Key, Precondition, Query, Store, Transaction, Versioned};

/// How often a record is written anew when others were faster.
const ATTEMPTS: u32 = 100;

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

/// A task that ran.
#[derive(Debug)]
pub struct Executed {
    /// How it went.
    pub execution: Execution,
    /// Why it is missing from the swarm's record, if it is. The answer is good all the same.
    pub unrecorded: Option<ChassisError>,
}

/// What runs swarms' code on this host.
#[derive(Debug, Clone)]
pub struct Chassis {
    store: Store,
    modules: ModuleDirectory,
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
        let modules = ModuleDirectory::of(home);
        Ok(Self { store, modules, clock, sandbox: Sandbox::new()?, by })
    }

    /// Puts a swarm's code under a contract: `wasm`, or the module that the contract names. Replaces what was loaded.
    ///
    /// # Errors
    /// [`ChassisError`] when a file is unreadable, the contract is invalid or another swarm's, the module is refused,
    /// or disk or store fail; then nothing has changed but, at most, a file that nobody refers to.
    pub async fn load(
        &self,
        swarm: &SwarmId,
        wasm: Option<&Path>,
        contract: &Path,
    ) -> Result<LoadedContract, ChassisError> {
        let (chassis, swarm) = (self.clone(), swarm.clone());
        let (wasm, contract) = (wasm.map(Path::to_owned), contract.to_owned());
        let loaded = blocking(move || chassis.check_and_keep(&swarm, wasm, &contract)).await?;
        let key = Key::Contract(loaded.contract.swarm_id().clone());
        let put = Transaction::new().put_json(&key, &loaded);
        self.store.commit(put).await?;
        Ok(loaded)
    }

    /// Runs one task in a fresh instance and records how it went. Each line the guest logs goes to `log`.
    ///
    /// # Errors
    /// [`ChassisError`] when the task cannot be run here. A guest that fails is an [`Execution`] without an answer.
    pub async fn exec(
        &self,
        swarm: &SwarmId,
        task: Option<TaskId>,
        input: &TaskInput,
        log: impl FnMut(&str) + Send + 'static,
    ) -> Result<Executed, ChassisError> {
        let loaded = self.loaded(swarm).await?;
        let limits = Limits::from(loaded.contract.resource_requirements());
        let (chassis, owner) = (self.clone(), swarm.clone());
        let module = blocking(move || chassis.compile_kept(&owner, &loaded.module.sha256)).await?;
        let execution = self.sandbox.execute(&module, &limits, input, log).await?;
        let outcome = Outcome::from(&execution.outcome);
        let sample = Sample::new(self.clock.now(), execution.latency, outcome, task);
        let unrecorded = self.record(swarm, &sample).await.err();
        Ok(Executed { execution, unrecorded })
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

    /// Reads, checks and keeps what was given.
    fn check_and_keep(
        &self,
        swarm: &SwarmId,
        wasm: Option<PathBuf>,
        contract_path: &Path,
    ) -> Result<LoadedContract, ChassisError> {
        let contract = read_contract(contract_path)?;
        if contract.swarm_id() != swarm {
            let (bound, swarm) = (contract.swarm_id().clone(), swarm.clone());
            return Err(ChassisError::OtherSwarm { path: contract_path.to_owned(), bound, swarm });
        }
        let beside = |module: &Path| contract_path.parent().unwrap_or(Path::new("")).join(module);
        let path = wasm
            .or_else(|| contract.wasm_module().map(beside))
            .ok_or_else(|| ChassisError::NoModule { path: contract_path.to_owned() })?;
        let bytes =
            read_module(&path).map_err(|source| ChassisError::Unreadable { path: path.clone(), source })?;
        self.compile(&path, &bytes)?;
        let (sha256, now) = (Digest::of(&bytes), self.clock.now());
        self.modules
            .keep(&sha256, &bytes, &unique(now))
            .map_err(|source| ChassisError::Disk { path: self.modules.path(&sha256), source })?;
        let module = ModuleInfo { sha256, bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX) };
        Ok(LoadedContract { contract, module, loaded_at: now, by: self.by.clone(), op: "load".to_owned() })
    }

    /// Compiles a module that was loaded on this host, after making sure that it still is that one.
    fn compile_kept(&self, swarm: &SwarmId, digest: &Digest) -> Result<GuestModule, ChassisError> {
        let path = self.modules.path(digest);
        let bytes = match read_module(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(ChassisError::ModuleElsewhere { swarm: swarm.clone(), path });
            }
            Err(source) => return Err(ChassisError::Unreadable { path, source }),
        };
        let found = Digest::of(&bytes);
        if found != *digest {
            return Err(ChassisError::Damaged { path, found });
        }
        self.compile(&path, &bytes)
    }

    fn compile(&self, path: &Path, bytes: &[u8]) -> Result<GuestModule, ChassisError> {
        let refused = |source: ModuleRefused| ChassisError::Refused { path: path.to_owned(), source };
        self.sandbox.compile(bytes).map_err(refused)
    }

    /// Adds a task to the swarm's record, whoever else adds to it at the same time.
    async fn record(&self, swarm: &SwarmId, sample: &Sample) -> Result<(), ChassisError> {
        let key = Key::Metrics(swarm.clone());
        let mut entry = self.store.get(&key).await?;
        for attempt in 1..=ATTEMPTS {
            let read: Option<Versioned<Performance>> = entry.as_ref().map(Entry::versioned).transpose()?;
            let precondition = Precondition::as_read(&key, read.as_ref());
            let mut performance = read.map(|read| read.value).unwrap_or_default();
            performance.record(sample.clone(), &self.by);
            let write = Transaction::new()
                .when(precondition)
                .put_json(&key, &performance)
                .otherwise(Query::One(key.clone()));
            match self.store.commit(write).await? {
                Commit::Done { .. } => return Ok(()),
                Commit::Refused(snapshot) => entry = snapshot.one(0).cloned(),
            }
            let jitter = rand::random_range(0..u64::from(attempt.min(20)) * 1000);
            tokio::time::sleep(Duration::from_micros(jitter)).await;
        }
        Err(ChassisError::Contended { swarm: swarm.clone() })
    }
}

fn read_contract(path: &Path) -> Result<Contract, ChassisError> {
    let unreadable = |source| ChassisError::Unreadable { path: path.to_owned(), source };
    let bytes = read_limited(path, MAX_CONTRACT_BYTES).map_err(unreadable)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))?;
    Ok(Contract::parse(&text, &path.display().to_string())?)
}

/// Runs what reads files or compiles beside the runtime, so that nobody waits for it but the caller.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ChassisError> + Send + 'static,
) -> Result<T, ChassisError> {
    let joined = tokio::task::spawn_blocking(work).await;
    joined.unwrap_or_else(|error| Err(SandboxError::Host(Box::new(error)).into()))
}
