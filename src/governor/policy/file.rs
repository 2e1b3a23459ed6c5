//! The policy as it is written, before it is a [`Policy`].

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::{CoordinationPolicy, Policy, RegistryEntry, ResourcePolicy};
use crate::governor::share::Share;
use crate::id::SwarmId;
use crate::money::{self, Money};

/// A year: longer waits are mistakes.
const YEAR: u64 = 366 * 24 * 3600;

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "u64")]
pub(super) struct Whole<const LEAST: u64, const MOST: u64>(u64);

impl<const LEAST: u64, const MOST: u64> TryFrom<u64> for Whole<LEAST, MOST> {
    type Error = String;

    fn try_from(number: u64) -> Result<Self, String> {
        if (LEAST..=MOST).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("{number} is not between {LEAST} and {MOST}"))
        }
    }
}

/// Counts are small.
type Count = Whole<1, 1000>;

impl From<Count> for u32 {
    fn from(count: Count) -> Self {
        Self::try_from(count.0).unwrap_or(1000)
    }
}

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PolicyFile {
    resource_policy: ResourceSection,
    coordination: CoordinationSection,
    #[serde(deserialize_with = "registry")]
    capability_registry: BTreeMap<SwarmId, RegistryEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct ResourceSection {
    max_swarms_per_task: Count,
    #[serde(with = "money::dollars")]
    max_cost_per_task: Money,
    min_capability_match: Share,
    circuit_breaker_failure_threshold: Count,
    enable_budget_enforcement: bool,
    enable_reputation_scoring: bool,
    #[serde(with = "money::dollars")]
    default_budget: Money,
    circuit_breaker_open_seconds: Whole<1, YEAR>,
}

impl Default for ResourceSection {
    #[expect(clippy::expect_used, reason = "0.7 is a share")]
    fn default() -> Self {
        Self {
            max_swarms_per_task: Whole(3),
            max_cost_per_task: Money::from_dollars(10),
            min_capability_match: Share::try_from(0.7).expect("between 0 and 1"),
            circuit_breaker_failure_threshold: Whole(3),
            enable_budget_enforcement: true,
            enable_reputation_scoring: true,
            default_budget: Money::from_dollars(10),
            circuit_breaker_open_seconds: Whole(60),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct CoordinationSection {
    acknowledge_within_seconds: Whole<1, YEAR>,
    raw_claim_ttl_seconds: Whole<1, YEAR>,
    max_attempts: Count,
    retry_base_seconds: Whole<0, YEAR>,
    retry_cap_seconds: Whole<0, YEAR>,
}

impl Default for CoordinationSection {
    fn default() -> Self {
        Self {
            acknowledge_within_seconds: Whole(10),
            raw_claim_ttl_seconds: Whole(3600),
            max_attempts: Whole(5),
            retry_base_seconds: Whole(1),
            retry_cap_seconds: Whole(900),
        }
    }
}

/// Reads the registry; a swarm declared twice is an error, not the last one's victory.
fn registry<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<SwarmId, RegistryEntry>, D::Error> {
    struct Registry;

    impl<'de> Visitor<'de> for Registry {
        type Value = BTreeMap<SwarmId, RegistryEntry>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map of swarms")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut registry = BTreeMap::new();
            while let Some((swarm, entry)) = map.next_entry::<SwarmId, RegistryEntry>()? {
                if registry.contains_key(&swarm) {
                    return Err(A::Error::custom(format_args!("swarm `{swarm}` is declared twice")));
                }
                registry.insert(swarm, entry);
            }
            Ok(registry)
        }
    }

    deserializer.deserialize_map(Registry)
}

/// Values that are each allowed and contradict each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Contradiction {
    /// The longest wait is shorter than the first.
    #[error("retry_cap_seconds ({cap}) is below retry_base_seconds ({base})")]
    RetryCap {
        /// The first wait.
        base: u64,
        /// The longest wait.
        cap: u64,
    },
}

impl TryFrom<PolicyFile> for Policy {
    type Error = Contradiction;

    fn try_from(file: PolicyFile) -> Result<Self, Contradiction> {
        let PolicyFile { resource_policy: resources, coordination, capability_registry } = file;
        Ok(Self {
            resources: ResourcePolicy {
                max_swarms_per_task: resources.max_swarms_per_task.into(),
                max_cost_per_task: resources.max_cost_per_task,
                min_capability_match: resources.min_capability_match,
                circuit_breaker_failure_threshold: resources.circuit_breaker_failure_threshold.into(),
                enable_budget_enforcement: resources.enable_budget_enforcement,
                enable_reputation_scoring: resources.enable_reputation_scoring,
                default_budget: resources.default_budget,
                circuit_breaker_open_seconds: resources.circuit_breaker_open_seconds.0,
            },
            coordination: coordination.try_into()?,
            capability_registry,
        })
    }
}

impl TryFrom<CoordinationSection> for CoordinationPolicy {
    type Error = Contradiction;

    fn try_from(section: CoordinationSection) -> Result<Self, Contradiction> {
        let (base, cap) = (section.retry_base_seconds.0, section.retry_cap_seconds.0);
        if cap < base {
            return Err(Contradiction::RetryCap { base, cap });
        }
        Ok(Self {
            acknowledge_within_seconds: section.acknowledge_within_seconds.0,
            raw_claim_ttl_seconds: section.raw_claim_ttl_seconds.0,
            max_attempts: section.max_attempts.into(),
            retry_base_seconds: base,
            retry_cap_seconds: cap,
        })
    }
}
