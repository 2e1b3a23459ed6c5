//! What is loaded: every contract, and whether its code is on this host.

use serde::Serialize;

use super::{Chassis, ChassisError};
use crate::chassis::contract::Image;
use crate::chassis::{Digest, GuestKind, LoadedContract};
use crate::clock::Timestamp;
use crate::id::{Capability, SwarmId};
use crate::store::{Entry, Key, Prefix};

/// One contract in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractLine {
    /// Whose it is.
    pub swarm: SwarmId,
    /// What is in force; none when the record cannot be read.
    #[serde(flatten)]
    pub summary: Option<ContractSummary>,
    /// Why it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// What a list says of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractSummary {
    /// Its version.
    pub version: String,
    /// What the module is; unknown for one that an older version loaded.
    pub kind: Option<GuestKind>,
    /// The image of its container.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// What it offers.
    pub capabilities: Vec<Capability>,
    /// Its module; none for a container only.
    pub sha256: Option<Digest>,
    /// The module's size.
    pub bytes: Option<u64>,
    /// Since when it is in force.
    pub loaded_at: Timestamp,
    /// Who loaded it.
    pub by: String,
    /// Whether the module is on this host.
    pub here: bool,
    /// Whether it is compiled there already.
    pub compiled: bool,
}

impl Chassis {
    /// Every contract, by swarm. One that cannot be read is said to be so.
    ///
    /// # Errors
    /// [`ChassisError::Store`].
    pub async fn contracts(&self) -> Result<Vec<ContractLine>, ChassisError> {
        let (entries, _) = self.store.range(&Prefix::Contracts).await?;
        Ok(entries.iter().filter_map(|entry| self.line(entry)).collect())
    }

    /// The contract in force.
    ///
    /// # Errors
    /// [`ChassisError::NotLoaded`], [`ChassisError::Store`].
    pub async fn contract(&self, swarm: &SwarmId) -> Result<LoadedContract, ChassisError> {
        self.loaded(swarm).await
    }

    fn line(&self, entry: &Entry) -> Option<ContractLine> {
        let Some(Key::Contract(swarm)) = Key::parse(&entry.key) else { return None };
        Some(match entry.json::<LoadedContract>() {
            Ok(loaded) => ContractLine { swarm, summary: Some(self.summary(&loaded)), problem: None },
            Err(error) => {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                ContractLine {
                    swarm,
                    summary: None,
                    problem: Some(cause.unwrap_or_else(|| error.to_string())),
                }
            }
        })
    }

    fn summary(&self, loaded: &LoadedContract) -> ContractSummary {
        let (contract, module) = (&loaded.contract, loaded.module.as_ref());
        ContractSummary {
            version: contract.version().to_owned(),
            kind: module.and_then(|module| module.inspection.as_ref()).map(|inspection| inspection.kind),
            image: contract.container().map(|container| container.image.clone()),
            capabilities: contract.capabilities().to_vec(),
            sha256: loaded.digest().cloned(),
            bytes: module.map(|module| module.bytes),
            loaded_at: loaded.loaded_at,
            by: loaded.by.clone(),
            here: module.is_some_and(|module| self.modules.has(&module.sha256, module.bytes)),
            compiled: loaded.digest().is_some_and(|digest| self.cache.has(digest)),
        }
    }
}
