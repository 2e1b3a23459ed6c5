//! The policy as it is written, before it is a [`Policy`].

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::placed::{Name, Number};
use super::rails::{RailPolicy, rails};
use super::{CoordinationPolicy, HealthPolicy, Policy, RegistryEntry, ResourcePolicy};
use crate::governor::share::Share;
use crate::id::{Capability, Purpose, SwarmId};
use crate::money::Money;

/// A year: longer waits are mistakes.
const YEAR: u64 = 366 * 24 * 3600;

/// A whole number within bounds.
#[derive(Debug, Clone, Copy)]
struct Whole<const LEAST: u64, const MOST: u64>(u64);

impl<const LEAST: u64, const MOST: u64> FromStr for Whole<LEAST, MOST> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(number) if (LEAST..=MOST).contains(&number) => Ok(Self(number)),
            Ok(_) => Err(format!("{text} is not between {LEAST} and {MOST}")),
            Err(_) => Err(format!("`{text}` is not a whole number")),
        }
    }
}

/// Counts are small.
type Count = Whole<1, 1000>;

/// In seconds; some waits must not be nothing.
type Wait<const LEAST: u64> = Whole<LEAST, YEAR>;

impl From<Count> for u32 {
    fn from(count: Count) -> Self {
        Self::try_from(count.0).unwrap_or(1000)
    }
}

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "sections with keys")]
pub(super) struct PolicyFile {
    resource_policy: ResourceSection,
    coordination: CoordinationSection,
    health: HealthSection,
    #[serde(deserialize_with = "rails")]
    rails: BTreeMap<Purpose, RailPolicy>,
    #[serde(deserialize_with = "registry")]
    capability_registry: BTreeMap<SwarmId, RegistryEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "keys with values")]
struct ResourceSection {
    max_swarms_per_task: Number<Count>,
    max_cost_per_task: Number<Money>,
    min_capability_match: Number<Share>,
    circuit_breaker_failure_threshold: Number<Count>,
    enable_budget_enforcement: bool,
    enable_reputation_scoring: bool,
    default_budget: Number<Money>,
    circuit_breaker_open_seconds: Number<Wait<1>>,
}

impl Default for ResourceSection {
    #[expect(clippy::expect_used, reason = "0.7 is a share")]
    fn default() -> Self {
        Self {
            max_swarms_per_task: Number(Whole(3)),
            max_cost_per_task: Number(Money::from_dollars(10)),
            min_capability_match: Number(Share::try_from(0.7).expect("between 0 and 1")),
            circuit_breaker_failure_threshold: Number(Whole(3)),
            enable_budget_enforcement: true,
            enable_reputation_scoring: true,
            default_budget: Number(Money::from_dollars(10)),
            circuit_breaker_open_seconds: Number(Whole(60)),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "keys with values")]
struct CoordinationSection {
    acknowledge_within_seconds: Number<Wait<1>>,
    priority_step_seconds: Number<Wait<0>>,
    raw_claim_ttl_seconds: Number<Wait<1>>,
    help_within_seconds: Number<Wait<0>>,
    max_attempts: Number<Count>,
    max_lease_losses: Number<Count>,
    stall_after_seconds: Number<Wait<0>>,
    retry_base_seconds: Number<Wait<0>>,
    retry_cap_seconds: Number<Wait<0>>,
}

impl Default for CoordinationSection {
    fn default() -> Self {
        Self {
            acknowledge_within_seconds: Number(Whole(10)),
            priority_step_seconds: Number(Whole(600)),
            raw_claim_ttl_seconds: Number(Whole(3600)),
            help_within_seconds: Number(Whole(3600)),
            max_attempts: Number(Whole(5)),
            max_lease_losses: Number(Whole(3)),
            stall_after_seconds: Number(Whole(1800)),
            retry_base_seconds: Number(Whole(1)),
            retry_cap_seconds: Number(Whole(900)),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default, expecting = "keys with values")]
struct HealthSection {
    check_seconds: Number<Wait<1>>,
    silent_after_seconds: Number<Wait<1>>,
    unhealthy_after_seconds: Number<Wait<1>>,
    dead_after_seconds: Number<Wait<1>>,
    max_failures: Number<Count>,
    failure_window_seconds: Number<Wait<1>>,
    overdue_after_seconds: Number<Wait<1>>,
}

impl Default for HealthSection {
    fn default() -> Self {
        Self {
            check_seconds: Number(Whole(30)),
            silent_after_seconds: Number(Whole(60)),
            unhealthy_after_seconds: Number(Whole(120)),
            dead_after_seconds: Number(Whole(300)),
            max_failures: Number(Whole(3)),
            failure_window_seconds: Number(Whole(120)),
            overdue_after_seconds: Number(Whole(60)),
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, expecting = "a swarm's keys with values")]
struct EntrySection {
    capabilities: Vec<Name<Capability>>,
    cost_per_hour: Number<Money>,
    #[serde(default)]
    budget: Option<Number<Money>>,
}

impl From<EntrySection> for RegistryEntry {
    fn from(section: EntrySection) -> Self {
        Self {
            capabilities: section.capabilities.into_iter().map(|name| name.0).collect(),
            cost_per_hour: section.cost_per_hour.0,
            budget: section.budget.map(|number| number.0),
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
            f.write_str("swarms with keys")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut registry = BTreeMap::new();
            while let Some((Name(swarm), entry)) = map.next_entry::<Name<SwarmId>, EntrySection>()? {
                if registry.contains_key(&swarm) {
                    return Err(A::Error::custom(format_args!("duplicate entry `{swarm}`")));
                }
                registry.insert(swarm, entry.into());
            }
            Ok(registry)
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(BTreeMap::new())
        }
    }

    deserializer.deserialize_any(Registry)
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
    /// A swarm would be worse off before it has been silent for longer.
    #[error(
        "silent_after_seconds ({silent}), unhealthy_after_seconds ({unhealthy}) and dead_after_seconds ({dead}) \
         must not fall"
    )]
    Silence {
        /// When it is suspect.
        silent: u64,
        /// When it is unhealthy.
        unhealthy: u64,
        /// When it is dead.
        dead: u64,
    },
}

impl TryFrom<PolicyFile> for Policy {
    type Error = Contradiction;

    fn try_from(file: PolicyFile) -> Result<Self, Contradiction> {
        let PolicyFile { resource_policy: resources, coordination, health, rails, capability_registry } =
            file;
        Ok(Self {
            resources: ResourcePolicy {
                max_swarms_per_task: resources.max_swarms_per_task.0.into(),
                max_cost_per_task: resources.max_cost_per_task.0,
                min_capability_match: resources.min_capability_match.0,
                circuit_breaker_failure_threshold: resources.circuit_breaker_failure_threshold.0.into(),
                enable_budget_enforcement: resources.enable_budget_enforcement,
                enable_reputation_scoring: resources.enable_reputation_scoring,
                default_budget: resources.default_budget.0,
                circuit_breaker_open_seconds: resources.circuit_breaker_open_seconds.0.0,
            },
            coordination: coordination.try_into()?,
            health: health.try_into()?,
            rails,
            capability_registry,
        })
    }
}

impl TryFrom<CoordinationSection> for CoordinationPolicy {
    type Error = Contradiction;

    fn try_from(section: CoordinationSection) -> Result<Self, Contradiction> {
        let (base, cap) = (section.retry_base_seconds.0.0, section.retry_cap_seconds.0.0);
        if cap < base {
            return Err(Contradiction::RetryCap { base, cap });
        }
        Ok(Self {
            acknowledge_within_seconds: section.acknowledge_within_seconds.0.0,
            priority_step_seconds: section.priority_step_seconds.0.0,
            raw_claim_ttl_seconds: section.raw_claim_ttl_seconds.0.0,
            help_within_seconds: section.help_within_seconds.0.0,
            max_attempts: section.max_attempts.0.into(),
            max_lease_losses: section.max_lease_losses.0.into(),
            stall_after_seconds: section.stall_after_seconds.0.0,
            retry_base_seconds: base,
            retry_cap_seconds: cap,
        })
    }
}

impl TryFrom<HealthSection> for HealthPolicy {
    type Error = Contradiction;

    fn try_from(section: HealthSection) -> Result<Self, Contradiction> {
        let silent = section.silent_after_seconds.0.0;
        let unhealthy = section.unhealthy_after_seconds.0.0;
        let dead = section.dead_after_seconds.0.0;
        if unhealthy < silent || dead < unhealthy {
            return Err(Contradiction::Silence { silent, unhealthy, dead });
        }
        Ok(Self {
            check_seconds: section.check_seconds.0.0,
            silent_after_seconds: silent,
            unhealthy_after_seconds: unhealthy,
            dead_after_seconds: dead,
            max_failures: section.max_failures.0.into(),
            failure_window_seconds: section.failure_window_seconds.0.0,
            overdue_after_seconds: section.overdue_after_seconds.0.0,
        })
    }
}
