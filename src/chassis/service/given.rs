//! What a user gives to be loaded: two files, read and checked.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::ChassisError;
use super::modules::{read_limited, read_module};
use crate::chassis::contract::MAX_CONTRACT_BYTES;
use crate::chassis::{Contract, Digest};
use crate::id::SwarmId;

/// A swarm's code and contract, and how they are to be taken.
#[derive(Debug, Clone)]
pub struct LoadWish {
    /// The swarm.
    pub swarm: SwarmId,
    /// Its code; none for that which the contract names.
    pub wasm: Option<PathBuf>,
    /// Its contract.
    pub contract: PathBuf,
    /// Also what weakens the contract in force.
    pub replace: bool,
}

/// Both files, as far as they can be judged one by one.
#[derive(Debug)]
pub(super) struct Given {
    pub(super) contract: Contract,
    /// None under a contract of a container only.
    pub(super) module: Option<Arc<GivenModule>>,
}

/// A module that was given.
#[derive(Debug)]
pub(super) struct GivenModule {
    /// Where it is.
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
    pub(super) digest: Digest,
}

impl Given {
    pub(super) fn read(wish: &LoadWish) -> Result<Self, ChassisError> {
        let contract = read_contract(&wish.contract)?;
        if *contract.swarm_id() != wish.swarm {
            let (bound, swarm) = (contract.swarm_id().clone(), wish.swarm.clone());
            let (path, wasm) = (wish.contract.clone(), wish.wasm.clone());
            return Err(ChassisError::OtherSwarm { path, wasm, bound, swarm });
        }
        let beside = |module: &Path| wish.contract.parent().unwrap_or(Path::new("")).join(module);
        let path = wish.wasm.clone().or_else(|| contract.wasm_module().map(beside));
        let module = path.map(GivenModule::read).transpose()?.map(Arc::new);
        if module.is_none() && contract.container().is_none() {
            return Err(ChassisError::NoModule { path: wish.contract.clone() });
        }
        Ok(Self { contract, module })
    }

    /// The module's name.
    pub(super) fn digest(&self) -> Option<&Digest> {
        self.module.as_ref().map(|module| &module.digest)
    }
}

impl GivenModule {
    fn read(path: PathBuf) -> Result<Self, ChassisError> {
        let bytes =
            read_module(&path).map_err(|source| ChassisError::Unreadable { path: path.clone(), source })?;
        let digest = Digest::of(&bytes);
        Ok(Self { path, bytes, digest })
    }

    /// Its size.
    pub(super) fn size(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX)
    }
}

fn read_contract(path: &Path) -> Result<Contract, ChassisError> {
    let unreadable = |source| ChassisError::Unreadable { path: path.to_owned(), source };
    let bytes = read_limited(path, MAX_CONTRACT_BYTES).map_err(unreadable)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))?;
    Ok(Contract::parse(&text, &path.display().to_string())?)
}
