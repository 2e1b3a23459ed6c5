//! Why the chassis did not do as asked.

use std::io;
use std::path::PathBuf;

use super::cache_key::CacheError;
use crate::chassis::container::TooWide;
use crate::chassis::credential::NotCredited;
use crate::chassis::runtime::container::ContainerError;
use crate::chassis::{ContractError, Difference, Digest, GuestFailure, ModuleRefused, SandboxError};
use crate::governor::service::GovernorError;
use crate::id::{CredentialId, SwarmId, TaskId};
use crate::printable::printable;
use crate::store::StoreError;

/// What can go wrong between a caller and a guest's answer.
#[derive(Debug, thiserror::Error)]
pub enum ChassisError {
    /// No contract is known for the swarm.
    #[error("no contract is loaded for {swarm}")]
    NotLoaded {
        /// The swarm.
        swarm: SwarmId,
    },
    /// The contract has a container and no module for the sandbox.
    #[error("{swarm} has a container and no module for the sandbox")]
    ContainerOnly {
        /// The swarm.
        swarm: SwarmId,
    },
    /// Neither the caller nor the contract says what is to be run in a container.
    #[error("the contract of {swarm} names no container, and no image was given")]
    NoContainer {
        /// The swarm.
        swarm: SwarmId,
    },
    /// More is asked for than the contract allows a container.
    #[error(transparent)]
    TooWide(#[from] TooWide),
    /// This host cannot run the container.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// The task was claimed by another, or came to its end otherwise.
    #[error("{task} is not held any more under this token; its container was ended")]
    NotHeld {
        /// The task.
        task: TaskId,
    },
    /// The module is not on this host; modules stay where they were loaded.
    #[error("the module of {swarm} was loaded on another host")]
    ModuleElsewhere {
        /// The swarm.
        swarm: SwarmId,
        /// Where it would be.
        path: PathBuf,
    },
    /// A file that was given cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The contract is none.
    #[error(transparent)]
    Contract(#[from] ContractError),
    /// The contract is that of another swarm.
    #[error("{} is the contract of {bound}, not of {swarm}", path.display())]
    OtherSwarm {
        /// The contract.
        path: PathBuf,
        /// The module that was given beside it.
        wasm: Option<PathBuf>,
        /// Whose it is.
        bound: SwarmId,
        /// Whose it was to be.
        swarm: SwarmId,
    },
    /// Neither the caller nor the contract names any code.
    #[error("{} names neither a wasm_module nor a container, and none was given", path.display())]
    NoModule {
        /// The contract.
        path: PathBuf,
    },
    /// The module is not accepted.
    #[error("{} is refused", path.display())]
    Refused {
        /// The module.
        path: PathBuf,
        /// Why.
        source: ModuleRefused,
    },
    /// The module is accepted, and no instance of it can be started.
    #[error("{} cannot be started under its contract", path.display())]
    Unstartable {
        /// The module.
        path: PathBuf,
        /// Why.
        source: GuestFailure,
    },
    /// The contract would weaken the one in force.
    #[error("{swarm} {} a contract that this would weaken: {}", if *is_over { "had" } else { "has" }, listed(differences))]
    Weaker {
        /// The swarm.
        swarm: SwarmId,
        /// Whether it was unloaded since.
        is_over: bool,
        /// In what respects.
        differences: Vec<Difference>,
    },
    /// The module on disk is not the one that was loaded.
    #[error("{} is not the module that was loaded, its SHA-256 is {found}", path.display())]
    Damaged {
        /// The module.
        path: PathBuf,
        /// The digest of what is there.
        found: Digest,
    },
    /// The module cannot be kept on this host.
    #[error("cannot keep the module in {}", path.display())]
    Disk {
        /// Where it was to be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Compiled modules cannot be kept safely on this host.
    #[error(transparent)]
    Cache(#[from] CacheError),
    /// The credential that was shown does not let out.
    #[error(transparent)]
    NotCredited(#[from] NotCredited),
    /// There is no such credential.
    #[error("{swarm} has no credential {id}")]
    NoCredential {
        /// The swarm.
        swarm: SwarmId,
        /// The credential.
        id: CredentialId,
    },
    /// What a swarm uses cannot be counted on this host, so that nothing of it may run.
    #[error("cannot count in {} what swarms use", path.display())]
    Uncounted {
        /// Where it would be.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What guests have logged is there and cannot be read.
    #[error("cannot read the log in {}", path.display())]
    UnreadableLog {
        /// Where it is.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The sandbox itself failed.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// No task of the swarm can ever run on this host.
    #[error("the contract of {swarm} allows a task {needed} MiB, all tasks here together get {limit} MiB")]
    NoRoom {
        /// The swarm.
        swarm: SwarmId,
        /// What its contract allows, in MiB.
        needed: u32,
        /// What there is for all tasks together, in MiB.
        limit: u32,
    },
    /// The guest gave no answer.
    #[error("{swarm} gave no answer")]
    Guest {
        /// The swarm.
        swarm: SwarmId,
        /// Why.
        source: GuestFailure,
    },
    /// So many wrote the same record at once that this one never came through.
    #[error("the record of {swarm} is written by too many at once")]
    Contended {
        /// The swarm.
        swarm: SwarmId,
    },
    /// The governor does not take the swarm as the contract has it.
    #[error(transparent)]
    Governor(#[from] GovernorError),
    /// The store did not answer as asked.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl ChassisError {
    /// Whether the same call may go through later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Store(error) => error.is_retryable(),
            Self::Governor(error) => error.is_retryable(),
            Self::Container(error) => error.is_retryable(),
            Self::Contended { .. } => true,
            Self::NotLoaded { .. }
            | Self::ContainerOnly { .. }
            | Self::NoContainer { .. }
            | Self::TooWide(_)
            | Self::NotHeld { .. }
            | Self::ModuleElsewhere { .. }
            | Self::Unreadable { .. }
            | Self::Contract(_)
            | Self::OtherSwarm { .. }
            | Self::NoModule { .. }
            | Self::Refused { .. }
            | Self::Unstartable { .. }
            | Self::Weaker { .. }
            | Self::Damaged { .. }
            | Self::Disk { .. }
            | Self::Cache(_)
            | Self::NotCredited(_)
            | Self::NoCredential { .. }
            | Self::Uncounted { .. }
            | Self::UnreadableLog { .. }
            | Self::Sandbox(_)
            | Self::NoRoom { .. }
            | Self::Guest { .. } => false,
        }
    }
}

/// All of them. Versions come from the store, too.
fn listed(differences: &[Difference]) -> String {
    let lines: Vec<String> =
        differences.iter().map(|difference| printable(&difference.to_string())).collect();
    lines.join("; ")
}
