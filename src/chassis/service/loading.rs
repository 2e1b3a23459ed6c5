//! Loading: a file becomes a swarm's code, once it was checked.

use std::path::{Path, PathBuf};

use super::modules::{read_limited, read_module};
use super::{Chassis, ChassisError, LoadedContract, ModuleInfo, blocking};
use crate::chassis::contract::MAX_CONTRACT_BYTES;
use crate::chassis::{Contract, Digest, GuestModule, ModuleRefused};
use crate::id::{SwarmId, unique};
use crate::store::{Key, Transaction};

impl Chassis {
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

    pub(super) fn compile(&self, path: &Path, bytes: &[u8]) -> Result<GuestModule, ChassisError> {
        let refused = |source: ModuleRefused| ChassisError::Refused { path: path.to_owned(), source };
        self.sandbox.compile(bytes).map_err(refused)
    }
}

fn read_contract(path: &Path) -> Result<Contract, ChassisError> {
    let unreadable = |source| ChassisError::Unreadable { path: path.to_owned(), source };
    let bytes = read_limited(path, MAX_CONTRACT_BYTES).map_err(unreadable)?;
    let text = String::from_utf8(bytes)
        .map_err(|error| unreadable(std::io::Error::new(std::io::ErrorKind::InvalidData, error)))?;
    Ok(Contract::parse(&text, &path.display().to_string())?)
}
