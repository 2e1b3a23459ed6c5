//! The terms of a contract, each its own valid type.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Bounded, Ratio};
use crate::id::Capability;

/// The most entries a list of a contract has.
const MAX_ENTRIES: usize = 256;
/// The most capabilities a contract offers: as many as the governor registers in one transaction.
const MAX_CAPABILITIES: usize = 60;

/// Why a term is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TermError {
    /// A version with nothing in it, too long, or with characters that no version has.
    #[error("`{0}` is no version: 1 to 64 letters, digits and . + - _")]
    Version(String),
    /// A contract that offers nothing.
    #[error("no capability is offered")]
    NoCapability,
    /// A list that names the same thing twice.
    #[error("`{0}` is listed twice")]
    Repeated(String),
    /// A list that is too long.
    #[error("{count} entries are listed, {limit} are allowed")]
    TooMany {
        /// How many there are.
        count: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A dependency without a name, or with one that cannot be shown.
    #[error("a dependency is named by 1 to 128 printable characters")]
    Dependency,
    /// A module that is not beside its contract.
    #[error("`{0}` is not a path relative to the contract's directory")]
    ModulePath(String),
}

/// What one task may use. Defaults are those of the original design.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ResourceRequirements {
    /// Memories and tables of a task together, in MiB.
    pub max_memory_mb: Bounded<1, 4096>,
    /// Share of one core, held by pausing the guest.
    pub max_cpu_percent: Bounded<1, 100>,
    /// Calls of outside services by all tasks of the swarm, wherever they run, refused ones counted as well.
    pub max_api_calls_per_second: Bounded<0, 100_000>,
    /// How long a task may take on the wall clock.
    pub max_execution_time_seconds: Bounded<1, 86_400>,
}

impl Default for ResourceRequirements {
    fn default() -> Self {
        Self {
            max_memory_mb: Bounded::fixed::<256>(),
            max_cpu_percent: Bounded::fixed::<25>(),
            max_api_calls_per_second: Bounded::fixed::<10>(),
            max_execution_time_seconds: Bounded::fixed::<300>(),
        }
    }
}

/// What the swarm promises; what is left out is not promised.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Slos {
    /// 99 of 100 tasks end within this many milliseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99_latency_ms: Option<Bounded<1, 86_400_000>>,
    /// The share of tasks that succeed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub success_rate: Option<Ratio>,
    /// The share of tasks that are answered, well or badly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub availability: Option<Ratio>,
}

/// The capabilities that are offered: at least one, none twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Offer(Vec<Capability>);

impl Offer {
    pub(super) fn as_slice(&self) -> &[Capability] {
        &self.0
    }
}

impl TryFrom<Vec<Capability>> for Offer {
    type Error = TermError;

    fn try_from(capabilities: Vec<Capability>) -> Result<Self, TermError> {
        if capabilities.is_empty() {
            return Err(TermError::NoCapability);
        }
        check_list(&capabilities, MAX_CAPABILITIES)?;
        Ok(Self(capabilities))
    }
}

/// What must be there for the swarm to work, in the words of its author.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Dependencies(Vec<String>);

impl Dependencies {
    pub(super) fn as_slice(&self) -> &[String] {
        &self.0
    }
}

impl TryFrom<Vec<String>> for Dependencies {
    type Error = TermError;

    fn try_from(names: Vec<String>) -> Result<Self, TermError> {
        let printable = |name: &String| (1..=128).contains(&name.len()) && !name.contains(char::is_control);
        if !names.iter().all(printable) {
            return Err(TermError::Dependency);
        }
        check_list(&names, MAX_ENTRIES)?;
        Ok(Self(names))
    }
}

fn check_list<T: PartialEq + std::fmt::Display>(list: &[T], limit: usize) -> Result<(), TermError> {
    if list.len() > limit {
        return Err(TermError::TooMany { count: list.len(), limit });
    }
    let repeated = list.iter().enumerate().find(|(index, entry)| list[..*index].contains(entry));
    repeated.map_or(Ok(()), |(_, entry)| Err(TermError::Repeated(entry.to_string())))
}

/// Where the module is, relative to the directory of the contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ModulePath(String);

impl ModulePath {
    pub(super) fn as_path(&self) -> &Path {
        Path::new(&self.0)
    }
}

impl TryFrom<String> for ModulePath {
    type Error = TermError;

    fn try_from(text: String) -> Result<Self, TermError> {
        if text.is_empty() || text.contains('\0') || PathBuf::from(&text).has_root() {
            return Err(TermError::ModulePath(text));
        }
        Ok(Self(text))
    }
}
