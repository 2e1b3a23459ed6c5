//! The policy as it is written, before it is a [`Policy`].

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use super::escalation::EscalationSection;
use super::placed::{Name, Number, once};
use super::rails::{RailPolicy, rails};
use super::{CoordinationPolicy, HealthPolicy, Policy, RegistryEntry, ResourcePolicy, RetentionPolicy};
use crate::governor::breaker::MOST_RECENT;
use crate::governor::share::Share;
use crate::id::{Capability, Purpose, SwarmId};
use crate::money::Money;

/// A year: longer waits are mistakes.
const YEAR: u64 = 366 * 24 * 3600;

/// A whole number within bounds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Whole<const LEAST: u64, const MOST: u64>(u64);

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

impl<const LEAST: u64, const MOST: u64> Whole<LEAST, MOST> {
    /// The number itself, or the bound that is nearest to it.
    pub(super) fn of(number: u64) -> Self {
        Self(number.clamp(LEAST, MOST))
    }
}

impl<const LEAST: u64, const MOST: u64> fmt::Display for Whole<LEAST, MOST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const LEAST: u64, const MOST: u64> From<Whole<LEAST, MOST>> for u64 {
    fn from(number: Whole<LEAST, MOST>) -> Self {
        number.0
    }
}

/// Counts are small.
type Count = Whole<1, 1000>;

/// A part of a hundred; not nothing.
type Percent = Whole<1, 100>;

/// In seconds; some waits must not be nothing.
pub(super) type Wait<const LEAST: u64> = Whole<LEAST, YEAR>;

/// In days; 0 for ever.
type Days = Whole<0, 3660>;

/// As many outcomes as a breaker remembers; of one alone there is no share.
type Window = Whole<2, { MOST_RECENT as u64 }>;

impl From<Window> for u32 {
    fn from(window: Window) -> Self {
        Self::try_from(window.0).unwrap_or(MOST_RECENT)
    }
}

impl From<Percent> for u8 {
    fn from(percent: Percent) -> Self {
        Self::try_from(percent.0).unwrap_or(100)
    }
}

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
    escalation: EscalationSection,
    retention: RetentionSection,
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
    circuit_breaker_failure_rate: Number<Share>,
    circuit_breaker_window: Number<Window>,
    budget_alerts: Vec<Number<Percent>>,
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
            circuit_breaker_failure_rate: Number(Share::HALF),
            circuit_breaker_window: Number(Whole(20)),
            budget_alerts: [50, 75, 90, 100].map(|percent| Number(Whole(percent))).into(),
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
#[serde(deny_unknown_fields, default, expecting = "keys with values")]
struct RetentionSection {
    resolved_days: Number<Days>,
    charge_days: Number<Days>,
}

impl Default for RetentionSection {
    fn default() -> Self {
        Self { resolved_days: Number(Whole(30)), charge_days: Number(Whole(7)) }
    }
}

impl From<RetentionSection> for RetentionPolicy {
    fn from(section: RetentionSection) -> Self {
        Self { resolved_days: section.resolved_days.0.0, charge_days: section.charge_days.0.0 }
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

fn registry<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<SwarmId, RegistryEntry>, D::Error> {
    once::<_, _, EntrySection, _>(deserializer, "swarms with keys")
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

impl Contradiction {
    /// The keys concerned, the one first that was likely meant otherwise.
    pub(super) fn keys(&self) -> &'static [&'static str] {
        match self {
            Self::RetryCap { .. } => &["retry_cap_seconds", "retry_base_seconds"],
            Self::Silence { silent, unhealthy, .. } if unhealthy < silent => {
                &["unhealthy_after_seconds", "silent_after_seconds"]
            }
            Self::Silence { .. } => &["dead_after_seconds", "unhealthy_after_seconds"],
        }
    }
}

impl TryFrom<PolicyFile> for Policy {
    type Error = Contradiction;

    fn try_from(file: PolicyFile) -> Result<Self, Contradiction> {
        let PolicyFile {
            resource_policy: resources,
            coordination,
            health,
            escalation,
            retention,
            rails,
            capability_registry,
        } = file;
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
                circuit_breaker_failure_rate: resources.circuit_breaker_failure_rate.0,
                circuit_breaker_window: resources.circuit_breaker_window.0.into(),
                budget_alerts: budget_alerts(&resources.budget_alerts),
            },
            coordination: coordination.try_into()?,
            health: health.try_into()?,
            escalation: escalation.into(),
            retention: retention.into(),
            rails,
            capability_registry,
        })
    }
}

fn budget_alerts(percents: &[Number<Percent>]) -> BTreeSet<u8> {
    percents.iter().map(|percent| percent.0.into()).collect()
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
