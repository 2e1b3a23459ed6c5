//! Unloading: a contract ends, and what only it needed goes.
//!
//! Files go before the contract that names them, so that whoever is killed in between can unload again. Tasks that run
//! have their code in memory and end as they would.

use serde::{Deserialize, Serialize};

use super::enforcing::ATTEMPTS;
use super::modules::Held;
use super::{Chassis, ChassisError, blocking};
use crate::chassis::{Digest, LoadedContract};
use crate::failpoint::mortal;
use crate::governor::service::Contracted;
use crate::id::SwarmId;
use crate::store::{Key, Precondition, Prefix, StoreError, Transaction};

const OP: &str = "chassis.unload";

/// A swarm without a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unloaded {
    /// The swarm.
    pub swarm: SwarmId,
    /// The version that was in force; none when the record could not be read.
    pub version: Option<String>,
    /// Its module.
    pub module: Option<Digest>,
    /// What became of the module's files on this host.
    pub files: FilesAfter,
    /// What the governor knows of the swarm now, if it is registered.
    pub registered: Option<Contracted>,
}

/// What became of a module's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FilesAfter {
    /// They are removed.
    Removed,
    /// Another contract names the module.
    Used,
    /// There were none on this host.
    Absent,
}

impl Chassis {
    /// Ends a swarm's contract: takes back what it alone offers, and removes the module from this host unless another
    /// contract names it. Metrics, reputation, budget and what was registered by hand stay, and what the next contract is
    /// compared with.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`], [`ChassisError::Contended`] when others keep writing the same keys, or disk or store fail.
    pub async fn unload(&self, swarm: &SwarmId) -> Result<Unloaded, ChassisError> {
        let key = Key::Contract(swarm.clone());
        let held = self.hold_alone().await?;
        let mut files = FilesAfter::Absent;
        for _ in 0..ATTEMPTS {
            let not_loaded = || ChassisError::NotLoaded { swarm: swarm.clone() };
            let entry = self.store.get(&key).await?.ok_or_else(not_loaded)?;
            let loaded = entry.json::<LoadedContract>().ok();
            if let Some(digest) = loaded.as_ref().and_then(LoadedContract::digest) {
                let found = self.remove_unless_named(digest, Some(swarm), &held).await?;
                files = if found == FilesAfter::Absent { files } else { found };
            }
            mortal!("unload-removed");
            let (registered, registering) = match self.governor.end_contract(swarm, &self.by, OP).await? {
                Some((registered, registering)) => (Some(registered), registering),
                None => (None, Transaction::new()),
            };
            let ended = registering.when(Precondition::unchanged(&key, entry.mod_revision)).delete(&key);
            let ended = loaded.iter().fold(ended, |ended, loaded| self.remembering(loaded, ended));
            if self.store.commit(ended).await?.is_done() {
                mortal!("unload-committed");
                let module = loaded.as_ref().and_then(LoadedContract::digest).cloned();
                let version = loaded.map(|loaded| loaded.contract.version().to_owned());
                return Ok(Unloaded { swarm: swarm.clone(), version, module, files, registered });
            }
        }
        Err(ChassisError::Contended { swarm: swarm.clone() })
    }

    /// Has the contract that ends remembered, so that the next one is compared with it.
    fn remembering(&self, loaded: &LoadedContract, ended: Transaction) -> Transaction {
        let last = LoadedContract { by: self.by.clone(), op: OP.to_owned(), ..loaded.clone() };
        ended.put_json(&Key::EndedContract(loaded.contract.swarm_id().clone()), &last)
    }
}

impl Chassis {
    /// Removes what is of no use on this host: machine code for other engines, and the files of a module if no contract names
    /// it. What cannot be removed is in nobody's way.
    pub(super) async fn tidy(&self, unused: Option<Digest>) {
        if let Err(error) = self.try_to_tidy(unused).await {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(error, "files that are of no use stay on this host");
        }
    }

    async fn try_to_tidy(&self, unused: Option<Digest>) -> Result<(), ChassisError> {
        let chassis = self.clone();
        let must = unused.is_some();
        let held = blocking(move || {
            let modules = &chassis.modules;
            let held = if must { modules.hold_alone().map(Some) } else { modules.try_hold_alone() };
            let held = held.map_err(|source| chassis.disk(source))?;
            held.as_ref()
                .map_or(Ok(()), |held| chassis.cache.tidy(held))
                .map_err(|source| chassis.disk(source))?;
            Ok(held)
        })
        .await?;
        if let (Some(digest), Some(held)) = (unused, held) {
            self.remove_unless_named(&digest, None, &held).await?;
        }
        Ok(())
    }

    async fn hold_alone(&self) -> Result<Held, ChassisError> {
        let chassis = self.clone();
        blocking(move || chassis.modules.hold_alone().map_err(|source| chassis.disk(source))).await
    }

    /// Removes a module's files, unless a contract of another swarm than `but` names it.
    async fn remove_unless_named(
        &self,
        digest: &Digest,
        but: Option<&SwarmId>,
        held: &Held,
    ) -> Result<FilesAfter, ChassisError> {
        if self.is_named(digest, but).await? {
            return Ok(FilesAfter::Used);
        }
        let remove = || {
            self.cache.remove(digest, held)?;
            self.modules.remove(digest, held)
        };
        let was_here = remove().map_err(|source| self.disk(source))?;
        Ok(if was_here { FilesAfter::Removed } else { FilesAfter::Absent })
    }

    async fn is_named(&self, digest: &Digest, but: Option<&SwarmId>) -> Result<bool, StoreError> {
        let (entries, _) = self.store.range(&Prefix::Contracts).await?;
        let others = entries.iter().filter(
            |entry| !matches!(Key::parse(&entry.key), Some(Key::Contract(swarm)) if Some(&swarm) == but),
        );
        let named = others.filter_map(|entry| serde_json::from_slice::<Naming>(&entry.value).ok());
        Ok(named.into_iter().any(|naming| naming.module.sha256 == digest.as_str()))
    }

    fn disk(&self, source: std::io::Error) -> ChassisError {
        ChassisError::Disk { path: self.modules.as_path().to_owned(), source }
    }
}

/// As much of a contract's record as names its module, so that also one that is illegible otherwise keeps its module.
#[derive(Deserialize)]
struct Naming {
    module: NamedModule,
}

#[derive(Deserialize)]
struct NamedModule {
    sha256: String,
}
