//! Containers: which share of the host one gets, and what its end means.
//!
//! Pure. Options only ever narrow the contract. What the container runtime says of a container is read here and held against
//! what was asked of it: limits that it does not hold are no limits.

mod ended;
mod held;
mod narrowing;

pub(super) use ended::ContainerState;
pub(super) use held::HostConfig;
pub use narrowing::{ContainerLimits, CpuLimit, LimitError, MemoryLimit, Narrowing, TooWide};

use std::fmt;
use std::str::FromStr;

/// How many processes and threads a container may have.
pub(super) const MOST_PROCESSES: i64 = 128;

/// What runs containers on this host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerRuntime {
    /// Docker.
    Docker,
    /// Podman.
    Podman,
}

impl ContainerRuntime {
    /// All of them, the preferred one first.
    pub const ALL: [Self; 2] = [Self::Docker, Self::Podman];

    /// The name of its program.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Docker => "docker",
            Self::Podman => "podman",
        }
    }
}

impl fmt::Display for ContainerRuntime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text names no container runtime.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("is neither docker nor podman")]
pub struct UnknownRuntime;

impl FromStr for ContainerRuntime {
    type Err = UnknownRuntime;

    fn from_str(name: &str) -> Result<Self, UnknownRuntime> {
        Self::ALL.into_iter().find(|runtime| runtime.as_str() == name).ok_or(UnknownRuntime)
    }
}
