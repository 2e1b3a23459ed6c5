//! Policy: what people have decided about money, quality and patience.
//!
//! Written as YAML, stored as JSON of the same shape. A [`Policy`] that exists is valid: the types of the file
//! check every value as it is read.

mod error;
mod file;

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use error::PolicyError;

use self::file::PolicyFile;
use super::share::Share;
use crate::id::{Capability, SwarmId};
use crate::money::{self, Money};

/// The policy that holds when there is no other.
const DEFAULT: &str = include_str!("../../policies/default.yaml");

/// The longest policy file, in bytes.
const MAX_SIZE: usize = 1024 * 1024;

/// Everything that people have decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyFile")]
pub struct Policy {
    /// What the governor allows.
    #[serde(rename = "resource_policy")]
    pub resources: ResourcePolicy,
    /// How the coordinator hands out tasks.
    pub coordination: CoordinationPolicy,
    /// Swarms that are registered whenever the coordinator starts.
    pub capability_registry: BTreeMap<SwarmId, RegistryEntry>,
}

/// What the governor allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ResourcePolicy {
    /// How many swarms may help with one task; at least one.
    pub max_swarms_per_task: u32,
    /// The most one task may cost.
    #[serde(with = "money::dollars")]
    pub max_cost_per_task: Money,
    /// The share of the needed capabilities that a swarm must have.
    pub min_capability_match: Share,
    /// Failures in a row after which a breaker opens; at least one.
    pub circuit_breaker_failure_threshold: u32,
    /// Whether a budget refuses; else it is only booked and warned about.
    pub enable_budget_enforcement: bool,
    /// Whether reputation counts in the ranking.
    pub enable_reputation_scoring: bool,
    /// The budget of a swarm that was registered without one.
    #[serde(with = "money::dollars")]
    pub default_budget: Money,
    /// How long a breaker stays open before its first trial.
    pub circuit_breaker_open_seconds: u64,
}

/// How the coordinator hands out tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoordinationPolicy {
    /// How long a swarm has to acknowledge an assignment.
    pub acknowledge_within_seconds: u64,
    /// How long a claim lasts that a plain client made by writing the owner key.
    pub raw_claim_ttl_seconds: u64,
    /// How often a task is tried before a human is asked; at least once.
    pub max_attempts: u32,
    /// The first wait after a failure.
    pub retry_base_seconds: u64,
    /// The longest wait after a failure; not below the first.
    pub retry_cap_seconds: u64,
}

/// A swarm as the policy declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistryEntry {
    /// What it can do.
    pub capabilities: BTreeSet<Capability>,
    /// What an hour of it costs.
    #[serde(with = "money::dollars")]
    pub cost_per_hour: Money,
    /// What it may spend; else the default budget.
    #[serde(default, with = "money::dollars::option")]
    pub budget: Option<Money>,
}

impl Policy {
    /// Reads a policy; `origin` is the file's name for errors. What is left out has its default.
    ///
    /// # Errors
    /// [`PolicyError`] names file, line and column, and what would be allowed there.
    pub fn parse(text: &str, origin: &Path) -> Result<Self, PolicyError> {
        if text.len() > MAX_SIZE {
            return Err(PolicyError::TooLarge { file: origin.to_owned(), size: text.len(), limit: MAX_SIZE });
        }
        let file: Option<PolicyFile> =
            serde_yaml::from_str(text).map_err(|source| PolicyError::explain(origin, source))?;
        let inconsistent = |source| PolicyError::Inconsistent { file: origin.to_owned(), source };
        file.unwrap_or_default().try_into().map_err(inconsistent)
    }
}

impl Default for Policy {
    /// The policy compiled in, `policies/default.yaml`.
    #[expect(clippy::expect_used, reason = "the text is a constant, read by a test")]
    fn default() -> Self {
        Self::parse(DEFAULT, Path::new("policies/default.yaml")).expect("the default policy is valid")
    }
}
