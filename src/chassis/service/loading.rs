//! Loading: two files become a swarm's code under its contract, once they were checked.
//!
//! The module is on disk before a contract names it; contract and registration are one transaction. So whoever is killed in
//! between leaves what was in force, and at most files that the next load makes use of.

use std::sync::Arc;

use serde::Serialize;

use super::compiling::tolerated;
use super::given::{Given, GivenModule, LoadWish};
use super::modules::Held;
use super::{Chassis, ChassisError, blocking};
use crate::chassis::{Contract, GuestModule, Inspection, Limits, LoadedContract};
use crate::failpoint::mortal;
use crate::governor::service::{Change, Contracted};
use crate::id::unique;

/// How far loading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoadStep {
    /// The module is compiled, or taken from the cache.
    Compiling {
        /// Its size.
        bytes: u64,
    },
    /// An instance is started to see whether it can be.
    Starting,
    /// Files are kept, contract and capabilities stored.
    Keeping,
}

/// What loading came to.
#[derive(Debug, Clone, Serialize)]
pub struct Loaded {
    /// What is in force now.
    #[serde(flatten)]
    pub loaded: LoadedContract,
    /// What that changes.
    pub change: Change,
    /// What the governor knows of the swarm now.
    pub registered: Contracted,
}

/// A guest that starts.
struct Proven {
    inspection: Inspection,
    /// Its code, if it is not in the cache yet.
    compiled: Option<GuestModule>,
}

impl Chassis {
    /// Puts a swarm's code, a module or the container of the contract, under a contract and offers what the contract says. What would weaken the contract in force needs
    /// `replace`, and is recorded then. Loading the very same again mends what is missing on this host or in the store.
    ///
    /// # Errors
    /// [`ChassisError`] when a file is unreadable, the contract is invalid or another swarm's or weaker than what is in
    /// force, the module is refused or cannot be started, or disk or store fail; then nothing is in force that was not.
    pub async fn load(&self, wish: LoadWish, on_step: impl Fn(LoadStep)) -> Result<Loaded, ChassisError> {
        let (swarm, replace) = (wish.swarm.clone(), wish.replace);
        // The store is asked while a large module is read.
        let (given, before) = tokio::join!(self.read(wish), self.in_force(&swarm));
        let (given, before) = (Arc::new(given?), before?);
        // Asked twice: before the long work, and again with what is stored by then.
        self.succeed(&before, &given, None, replace)?;
        let is_new = !before.is(&given);
        let proven = match &given.module {
            Some(module) if is_new || !self.has(module) => {
                Some(self.prove(&given.contract, module, &on_step).await?)
            }
            Some(_) | None => None,
        };
        on_step(LoadStep::Keeping);
        let held = match &given.module {
            Some(module) => Some(self.keep(module, proven.as_ref()).await?),
            None => None,
        };
        mortal!("load-kept");
        let inspection = proven.map(|proven| proven.inspection);
        let superseded = before.module().filter(|module| Some(module) != given.digest());
        let ended = self.put_in_force(&given, before, inspection, replace).await;
        drop(held);
        let unused = match &ended {
            Ok(_) => superseded,
            // What became of it is not known.
            Err(ChassisError::Store(_) | ChassisError::Governor(_)) => None,
            Err(_) => given.digest().cloned(),
        };
        self.tidy(unused).await;
        ended
    }

    /// Reads both files. What is no module is told before anything is compared with it.
    async fn read(&self, wish: LoadWish) -> Result<Given, ChassisError> {
        let sandbox = self.sandbox.clone();
        blocking(move || {
            let given = Given::read(&wish)?;
            if let Some(module) = &given.module {
                let refused = |source| ChassisError::Refused { path: module.path.clone(), source };
                sandbox.recognise(&module.bytes).map_err(refused)?;
            }
            Ok(given)
        })
        .await
    }

    /// Whether the module is on this host, compiled.
    fn has(&self, module: &GivenModule) -> bool {
        self.modules.has(&module.digest, module.size()) && self.cache.has(&module.digest)
    }

    /// Compiles the module, if need be, and starts an instance under the contract's limits.
    async fn prove(
        &self,
        contract: &Contract,
        given: &Arc<GivenModule>,
        on_step: &impl Fn(LoadStep),
    ) -> Result<Proven, ChassisError> {
        on_step(LoadStep::Compiling { bytes: given.size() });
        let (chassis, file) = (self.clone(), Arc::clone(given));
        let (module, is_new) = blocking(move || match chassis.cached(&file.digest)? {
            Some(module) => Ok((module, false)),
            None => Ok((chassis.compile(&file.path, &file.bytes)?, true)),
        })
        .await?;
        on_step(LoadStep::Starting);
        let limits = Limits::from(contract.resource_requirements());
        let started = self.sandbox.probe(&module, &limits).await?;
        started.map_err(|source| ChassisError::Unstartable { path: given.path.clone(), source })?;
        Ok(Proven { inspection: module.describe().abridged(), compiled: is_new.then_some(module) })
    }

    /// Keeps the module on this host, and what was compiled of it. Nobody removes it while the hold lasts.
    async fn keep(&self, given: &Arc<GivenModule>, proven: Option<&Proven>) -> Result<Held, ChassisError> {
        let (chassis, file) = (self.clone(), Arc::clone(given));
        let is_proven = proven.is_some();
        let compiled = proven.and_then(|proven| proven.compiled.clone());
        blocking(move || {
            let (modules, digest, unique) = (&chassis.modules, &file.digest, unique(chassis.clock.now()));
            let disk = |source| ChassisError::Disk { path: modules.path(digest), source };
            let held = modules.hold_shared().map_err(disk)?;
            if is_proven || !modules.has(digest, file.size()) {
                modules.keep(digest, &file.bytes, &unique, &held).map_err(disk)?;
            }
            if let Some(module) = compiled {
                let code = module.machine_code()?;
                chassis.cache.keep(digest, &code, &unique, &held).or_else(tolerated)?;
            }
            Ok(held)
        })
        .await
    }
}
