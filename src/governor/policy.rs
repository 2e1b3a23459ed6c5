//! Policy: what people have decided about money, quality and patience.
//!
//! Written as YAML, stored as JSON of the same shape. A [`Policy`] that exists is valid: the types of the file
//! check every value as it is read.

mod caps;
pub mod channel;
mod difference;
mod error;
mod escalation;
mod file;
mod in_force;
mod placed;
mod rails;
mod rates;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

pub use caps::Caps;
pub use difference::{Difference, differences};
pub use error::PolicyError;
pub use escalation::EscalationPolicy;
pub use file::Contradiction;
pub use in_force::{InForce, LeadersPolicy, PolicyFileName, PolicySource};
pub use rails::{RailPolicy, Strategy};
pub use rates::{RateTable, Rates};

use self::file::PolicyFile;
use super::breaker::Limits;
use super::share::Share;
use crate::id::{Capability, ProviderId, Purpose, SwarmId};
use crate::money::{self, Money};

/// The policy that holds when there is no other.
pub const DEFAULT: &str = include_str!("../../policies/default.yaml");

/// The longest policy file, in bytes.
pub const MAX_SIZE: usize = 1024 * 1024;

/// Everything that people have decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "PolicyFile")]
pub struct Policy {
    /// What the governor allows.
    #[serde(rename = "resource_policy")]
    pub resources: ResourcePolicy,
    /// How the coordinator hands out tasks.
    pub coordination: CoordinationPolicy,
    /// When a swarm, or the coordinator, is not well.
    pub health: HealthPolicy,
    /// How people are called.
    pub escalation: EscalationPolicy,
    /// How long records are kept.
    pub retention: RetentionPolicy,
    /// Providers that serve the same purpose, of which one is chosen.
    pub rails: BTreeMap<Purpose, RailPolicy>,
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
    /// The share of failures among the last outcomes at which a breaker opens; never when it is nothing.
    pub circuit_breaker_failure_rate: Share,
    /// How many outcomes that share is taken of; at most 64.
    pub circuit_breaker_window: u32,
    /// The parts of a budget, in per cent, at whose spending a human is called; each from 1 to 100.
    pub budget_alerts: BTreeSet<u8>,
}

impl Policy {
    /// Whether a provider serves any purpose.
    #[must_use]
    pub fn names_provider(&self, provider: &ProviderId) -> bool {
        self.rails.values().any(|rail| rail.providers.contains(provider))
    }
}

impl ResourcePolicy {
    /// What opens a breaker, and for how long.
    #[must_use]
    pub fn breaker_limits(&self) -> Limits {
        Limits {
            failures: self.circuit_breaker_failure_threshold,
            rate: self.circuit_breaker_failure_rate,
            window: self.circuit_breaker_window,
            open_seconds: self.circuit_breaker_open_seconds,
        }
    }
}

/// How long records are kept, in days; for ever when 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RetentionPolicy {
    /// Calls for a human after they were resolved, with how they were delivered.
    pub resolved_days: u64,
    /// Charges: sending one again books nothing more for as long. Also how far a task was graded, from its end on.
    pub charge_days: u64,
}

/// How the coordinator hands out tasks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CoordinationPolicy {
    /// How long a swarm has to acknowledge an assignment.
    pub acknowledge_within_seconds: u64,
    /// A ready task rises by one priority whenever it has waited so long; never when 0.
    pub priority_step_seconds: u64,
    /// How long a claim lasts that a plain client made by writing the owner key.
    pub raw_claim_ttl_seconds: u64,
    /// How long help may wait to be taken up before it is called off; 0 for any time.
    pub help_within_seconds: u64,
    /// How often a task is tried before a human is asked; at least once.
    pub max_attempts: u32,
    /// How many holders of a task may vanish before a human is asked; at least one.
    pub max_lease_losses: u32,
    /// How long a holder may go without progress before a human is told; 0 for any time.
    pub stall_after_seconds: u64,
    /// The first wait after a failure.
    pub retry_base_seconds: u64,
    /// The longest wait after a failure; not below the first.
    pub retry_cap_seconds: u64,
}

/// When a swarm, or the coordinator, is not well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthPolicy {
    /// How often swarms are looked at.
    pub check_seconds: u64,
    /// The silence after which a swarm is suspect.
    pub silent_after_seconds: u64,
    /// The silence after which it is unhealthy; not below that.
    pub unhealthy_after_seconds: u64,
    /// The silence after which it is dead; not below that.
    pub dead_after_seconds: u64,
    /// More failures in a row make a swarm unhealthy.
    pub max_failures: u32,
    /// How long a failure counts.
    pub failure_window_seconds: u64,
    /// The coordinator is unhealthy when a task is ready for longer while somebody qualified is free.
    pub overdue_after_seconds: u64,
}

/// A swarm as the policy declares it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegistryEntry {
    /// What it can do.
    pub capabilities: BTreeSet<Capability>,
    /// What an hour of it costs.
    #[serde(with = "money::dollars")]
    pub cost_per_hour: Money,
    /// What it may spend; else the default budget.
    #[serde(with = "money::dollars::option", skip_serializing_if = "Option::is_none")]
    pub budget: Option<Money>,
}

impl Policy {
    /// Reads a policy from the bytes of a file.
    ///
    /// # Errors
    /// As [`Policy::parse`], also for what is no UTF-8.
    pub fn read(bytes: &[u8], origin: &Path) -> Result<Self, PolicyError> {
        match str::from_utf8(bytes) {
            Ok(text) => Self::parse(text, origin),
            Err(error) => Err(PolicyError::no_text(origin, bytes, error.valid_up_to())),
        }
    }

    /// Reads a policy; `origin` is the file's name for errors. What is left out has its default.
    ///
    /// # Errors
    /// [`PolicyError`] names file, line and column, and what would be allowed there.
    pub fn parse(text: &str, origin: &Path) -> Result<Self, PolicyError> {
        if text.len() > MAX_SIZE {
            return Err(PolicyError::TooLarge { file: origin.to_owned(), limit: MAX_SIZE });
        }
        let file: Option<PolicyFile> =
            serde_yaml::from_str(text).map_err(|source| PolicyError::explain(origin, text, &source))?;
        file.unwrap_or_default().try_into().map_err(|source| PolicyError::inconsistent(origin, text, source))
    }
}

impl Default for Policy {
    /// The policy compiled in, `policies/default.yaml`.
    #[expect(clippy::expect_used, reason = "the text is a constant, read by a test")]
    fn default() -> Self {
        Self::parse(DEFAULT, Path::new("policies/default.yaml")).expect("the default policy is valid")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Policy, PolicyError> {
        Policy::parse(text, Path::new("policy.yaml"))
    }

    #[test]
    fn the_default_policy_says_what_holds_when_nothing_is_said() {
        let (written, unsaid) = (Policy::default(), parse("# nothing\n").unwrap());
        assert_eq!(written.resources, unsaid.resources);
        assert_eq!(written.coordination, unsaid.coordination);
        assert_eq!(written.health, unsaid.health);
        assert_eq!(written.escalation, unsaid.escalation);
        assert_eq!(written.retention, unsaid.retention);
        assert_eq!((unsaid.retention.resolved_days, unsaid.retention.charge_days), (30, 7));
        assert!(unsaid.capability_registry.is_empty());
        assert!(!written.capability_registry.is_empty());
    }

    #[test]
    fn recorded_policies_with_their_switches_are_accepted() {
        let production = "resource_policy:\n  max_swarms_per_task: 2\n  max_cost_per_task: 5.0\n  \
            min_capability_match: 0.8\n  circuit_breaker_failure_threshold: 2\n  \
            enable_budget_enforcement: true\n  enable_reputation_scoring: true\n";
        assert_eq!(parse(production).unwrap().resources.max_cost_per_task, Money::from_dollars(5));
        let development = "resource_policy:\n  max_swarms_per_task: 5\n  max_cost_per_task: 25.0\n  \
            min_capability_match: 0.5\n  circuit_breaker_failure_threshold: 5\n  \
            enable_budget_enforcement: false\n  enable_reputation_scoring: true\n";
        let resources = parse(development).unwrap().resources;
        assert!(!resources.enable_budget_enforcement);
        assert_eq!(resources.min_capability_match, Share::HALF);
    }

    #[test]
    fn a_policy_survives_the_store() {
        let rails =
            parse("rails:\n  llm: [openai, anthropic]\n  payout: {providers: [bank], strategy: seed}\n");
        for policy in [Policy::default(), rails.unwrap()] {
            let stored = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<Policy>(&stored).unwrap(), policy);
            let shown = serde_yaml::to_string(&policy).unwrap();
            assert_eq!(parse(&shown).unwrap(), policy, "what is shown is a policy file");
        }
    }

    #[test]
    fn the_policies_of_this_repository_are_policies() {
        for text in [
            include_str!("../../policies/default.yaml"),
            include_str!("../../policies/development.yaml"),
            include_str!("../../policies/production.yaml"),
        ] {
            parse(text).unwrap();
        }
    }

    #[test]
    fn a_purpose_is_a_list_of_providers_or_says_how_to_choose() {
        let text = "rails:\n  llm: [openai, anthropic]\n  payout:\n    providers: [paypal, bank]\n    strategy: best\n";
        let rails = parse(text).unwrap().rails;
        let shown: Vec<_> = rails
            .iter()
            .map(|(purpose, rail)| (purpose.as_str(), rail.providers.len(), rail.strategy))
            .collect();
        assert_eq!(shown, [("llm", 2, Strategy::Thompson), ("payout", 2, Strategy::Best)]);
        assert!(parse("rails:\n").unwrap().rails.is_empty());
    }

    /// A policy, and what is said of it.
    const MISTAKES: &[(&str, &str)] = &[
        (
            "# c\nresource_policy:\n  max_swarms_per_task: 3\n  max_swarm_per_task: 3\n",
            "policy.yaml:4:3: unknown key `max_swarm_per_task`, did you mean `max_swarms_per_task`?",
        ),
        (
            "\"a\\e[2Jb\": {}\n",
            "policy.yaml:1:1: unknown key `a\\u{1b}[2Jb`; known here: resource_policy, coordination, health, escalation, retention, rails, capability_registry",
        ),
        (
            "resource_polcy: {}\n",
            "policy.yaml:1:1: unknown key `resource_polcy`, did you mean `resource_policy`?",
        ),
        (
            "witness: {}\n",
            "policy.yaml:1:1: unknown key `witness`; known here: resource_policy, coordination, health, escalation, retention, rails, capability_registry",
        ),
        (
            "resource_policy:\n  max_swarms_per_task: 3\n  min_capability_match: 1.7\n",
            "policy.yaml:3:25: min_capability_match: 1.7 is not between 0 and 1 (allowed: a number from 0.0 to 1.0)",
        ),
        (
            "resource_policy:\n  max_swarms_per_task: 0\n",
            "policy.yaml:2:24: max_swarms_per_task: 0 is not between 1 and 1000 (allowed: a whole number from 1 to 1000)",
        ),
        (
            "resource_policy:\n  circuit_breaker_window: 65\n",
            "policy.yaml:2:27: circuit_breaker_window: 65 is not between 2 and 64 (allowed: a whole number from 2 to 64)",
        ),
        (
            "coordination:\n  max_attempts: 1.5\n",
            "policy.yaml:2:17: max_attempts: `1.5` is not a whole number (allowed: a whole number from 1 to 1000)",
        ),
        (
            "resource_policy:\n\n  max_cost_per_task: -3\n",
            "policy.yaml:3:22: max_cost_per_task: `-3` is negative (allowed: dollars, 0 or more with at most 6 decimals)",
        ),
        (
            "resource_policy:\n  default_budget: .nan\n",
            "policy.yaml:2:19: default_budget: `NaN` is not an amount in dollars such as 2.0 or 0.000125 \
                 (allowed: dollars, 0 or more with at most 6 decimals)",
        ),
        (
            "resource_policy:\n  budget_alerts: [50, 101]\n",
            "policy.yaml:2:23: budget_alerts: 101 is not between 1 and 100 \
                 (allowed: a list of whole per cent from 1 to 100; empty for none)",
        ),
        (
            "resource_policy:\n  enable_budget_enforcement: maybe\n",
            "policy.yaml:2:30: enable_budget_enforcement: invalid type: string \"maybe\", expected a boolean (allowed: true or false)",
        ),
        (
            "resource_policy:\n  default_budget: 1\n  max_cost_per_task: 1\n  default_budget: 2\n",
            "policy.yaml:4:3: duplicate field `default_budget`",
        ),
        (
            "capability_registry:\n  a: {capabilities: [x:y], cost_per_hour: 1}\n  a: {capabilities: [x:y], cost_per_hour: 1}\n",
            "policy.yaml:3:3: duplicate entry `a`",
        ),
        (
            "capability_registry:\n  a:\n    cost_per_hour: 1\n    capabilities:\n      - x:y\n      - sip\n",
            "policy.yaml:6:9: capabilities: capability `sip` is not of the form domain:skill (allowed: a list of domain:skill)",
        ),
        (
            "capability_registry:\n  a/b: {capabilities: [x:y], cost_per_hour: 1}\n",
            "policy.yaml:2:3: capability_registry: swarm id `a/b` has '/' at position 2: letters and digits first, \
                 then also . _ : - (allowed: swarms, each once, with capabilities, cost_per_hour and budget)",
        ),
        (
            "rails:\n  llm: [openai, anthropic]\n  payout:\n    providers: [bank]\n    stratgy: best\n",
            "policy.yaml:5:5: unknown key `stratgy`, did you mean `strategy`?",
        ),
        (
            "rails:\n  payout: {providers: [bank], strategy: luck}\n",
            "policy.yaml:2:41: strategy: `luck` is no strategy (allowed: thompson, seed or best)",
        ),
        (
            "rails:\n  llm: [openai, a/b]\n",
            "policy.yaml:2:17: llm: provider id `a/b` has '/' at position 2: letters and digits first, then also . _ : -",
        ),
        (
            "rails:\n  llm:\n    - openai\n    - openai\n",
            "policy.yaml:3:5: llm: provider `openai` stands there twice",
        ),
        ("rails:\n  llm: []\n", "policy.yaml:2:8: llm: no provider is named"),
        (
            "rails:\n  llm: openai\n",
            "policy.yaml:2:8: llm: invalid type: string \"openai\", expected a list of providers, or the keys providers and strategy",
        ),
        ("rails:\n  llm: {strategy: best}\n", "policy.yaml:2:8: llm: missing field `providers`"),
        ("rails:\n  llm: [a]\n  llm: [b]\n", "policy.yaml:3:3: duplicate entry `llm`"),
        (
            "retention:\n  charge_days: 3661\n",
            "policy.yaml:2:16: charge_days: 3661 is not between 0 and 3660 (allowed: a whole number of days, 0 for ever, at most ten years)",
        ),
        (
            "resource_policy: 7\n",
            "policy.yaml:1:18: resource_policy: invalid type: integer `7`, expected keys with values",
        ),
        ("- x\n", "policy.yaml:1:1: invalid type: sequence, expected sections with keys"),
        (
            "resource_policy: [\n",
            "policy.yaml:1:18: resource_policy: invalid type: sequence, expected keys with values",
        ),
    ];

    #[test]
    fn a_policy_error_names_the_place_and_what_is_allowed_there() {
        for (text, said) in MISTAKES {
            assert_eq!(&parse(text).unwrap_err().to_string(), said, "{text}");
        }
    }

    #[test]
    fn values_that_contradict_each_other_are_refused() {
        let error = parse("coordination:\n  retry_base_seconds: 9\n  retry_cap_seconds: 3\n").unwrap_err();
        assert!(matches!(
            error,
            PolicyError::Inconsistent { source: Contradiction::RetryCap { base: 9, cap: 3 }, .. }
        ));
        assert_eq!(error.to_string(), "policy.yaml:3:3: the policy contradicts itself");
        let error = parse("# retry_cap_seconds: 1\ncoordination: {retry_base_seconds: 901}\n").unwrap_err();
        assert_eq!(error.to_string(), "policy.yaml:2:16: the policy contradicts itself");
        let error = parse("health:\n  unhealthy_after_seconds: 30\n").unwrap_err();
        assert!(matches!(
            error,
            PolicyError::Inconsistent {
                source: Contradiction::Silence { silent: 60, unhealthy: 30, dead: 300 },
                ..
            }
        ));
    }

    #[test]
    fn what_is_no_text_is_refused_at_its_place() {
        let error = Policy::read(b"# \xc3\xa4\nhealth: \xff\n", Path::new("policy.yaml")).unwrap_err();
        assert_eq!(error.to_string(), "policy.yaml:2:9: this is no UTF-8");
    }

    #[test]
    fn what_would_grow_without_end_is_refused() {
        let level = |level: usize| {
            let below = format!("*a{}, ", level - 1).repeat(10);
            format!("  a{level}: &a{level} [{below}]\n")
        };
        let bomb: String = (1..12).map(level).collect();
        let bomb = format!("capability_registry:\n  a0: &a0 [x, x]\n{bomb}");
        for text in [bomb, " ".repeat(MAX_SIZE + 1)] {
            assert!(parse(&text).is_err());
        }
    }
}
