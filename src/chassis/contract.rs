//! Contracts: what a swarm offers, what its code may use, and what it promises.
//!
//! Pure. A contract that exists is valid: every key is known, every number in its range. A key that nothing here
//! enforces is refused rather than ignored.

mod container;
mod error;
mod ranges;
mod reading;
mod terms;
mod version;

use std::path::Path;

use serde::{Deserialize, Serialize};

pub use container::{ContainerCommand, ContainerTermError, ContainerTerms, Image};
pub use error::{ContractError, Place};
pub use ranges::{Bounded, OutOfRange, Ratio};
pub use terms::{Dependencies, ModulePath, Offer, ResourceRequirements, Slos, TermError};
pub use version::Version;

use super::egress::{EgressRules, SecretUses};
use crate::id::{Capability, SwarmId};

/// The largest contract that is read, in bytes.
pub const MAX_CONTRACT_BYTES: usize = 64 * 1024;

/// The contract of one swarm, as its YAML file says and as JSON in the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    #[serde(deserialize_with = "reading::text")]
    swarm_id: SwarmId,
    #[serde(deserialize_with = "reading::text")]
    version: Version,
    #[serde(deserialize_with = "reading::list::<_, Capability, _>")]
    capabilities: Offer,
    #[serde(default)]
    resource_requirements: ResourceRequirements,
    #[serde(default)]
    slos: Slos,
    #[serde(default, deserialize_with = "reading::list::<_, String, _>")]
    dependencies: Dependencies,
    #[serde(default, deserialize_with = "reading::optional_text", skip_serializing_if = "Option::is_none")]
    wasm_module: Option<ModulePath>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    container: Option<ContainerTerms>,
    #[serde(default, skip_serializing_if = "EgressRules::is_empty")]
    egress: EgressRules,
    #[serde(default, skip_serializing_if = "SecretUses::is_empty")]
    secrets: SecretUses,
}

impl Contract {
    /// Reads a contract from YAML; `origin` is the file's name, for messages.
    ///
    /// # Errors
    /// [`ContractError`] names the file, the line, the column and, for an unknown key, the nearest known one.
    pub fn parse(text: &str, origin: &str) -> Result<Self, ContractError> {
        if text.len() > MAX_CONTRACT_BYTES {
            return Err(ContractError::TooLarge { origin: origin.to_owned(), bytes: text.len() });
        }
        serde_yaml::from_str(text).map_err(|error| ContractError::from_yaml(&error, origin))
    }

    /// The swarm that is bound by it.
    #[must_use]
    pub fn swarm_id(&self) -> &SwarmId {
        &self.swarm_id
    }

    /// The version of the swarm's code and promises.
    #[must_use]
    pub fn version(&self) -> &str {
        self.version.as_str()
    }

    /// Whether its version is older than that of `other`; see [`Version::is_older_than`].
    #[must_use]
    pub fn is_older_than(&self, other: &Self) -> bool {
        self.version.is_older_than(&other.version)
    }

    /// What the swarm offers.
    #[must_use]
    pub fn capabilities(&self) -> &[Capability] {
        self.capabilities.as_slice()
    }

    /// What one task may use.
    #[must_use]
    pub fn resource_requirements(&self) -> &ResourceRequirements {
        &self.resource_requirements
    }

    /// What the swarm promises.
    #[must_use]
    pub fn slos(&self) -> &Slos {
        &self.slos
    }

    /// What it needs to be there; for people to read, nothing is checked against it.
    #[must_use]
    pub fn dependencies(&self) -> &[String] {
        self.dependencies.as_slice()
    }

    /// The calls of outside services that its code may make; none, unless it says so.
    #[must_use]
    pub fn egress(&self) -> &EgressRules {
        &self.egress
    }

    /// Which of the host's secrets go with those calls.
    #[must_use]
    pub fn secrets(&self) -> &SecretUses {
        &self.secrets
    }

    /// The swarm's code, relative to the directory of the contract.
    #[must_use]
    pub fn wasm_module(&self) -> Option<&Path> {
        self.wasm_module.as_ref().map(ModulePath::as_path)
    }

    /// The container that is the swarm's code, beside a module or in place of one.
    #[must_use]
    pub fn container(&self) -> Option<&ContainerTerms> {
        self.container.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The contract of the original design, word for word.
    const SEED: &str = "\
swarm_id: session-4-sip
version: 1.0.0

capabilities:
  - integration:sip
  - telephony:protocols

resource_requirements:
  max_memory_mb: 256
  max_cpu_percent: 25
  max_api_calls_per_second: 10
  max_execution_time_seconds: 300

slos:
  p99_latency_ms: 500  # 99th percentile < 500ms
  success_rate: 0.95   # 95% success rate
  availability: 0.99   # 99% uptime

dependencies:
  - IF.coordinator
  - IF.governor
  - openai:gpt-4

wasm_module: ./session-4-sip.wasm
";

    fn refusal(text: &str) -> String {
        Contract::parse(text, "contract.yaml").unwrap_err().to_string()
    }

    #[test]
    fn the_contract_of_the_original_design_is_read() {
        let contract = Contract::parse(SEED, "contract.yaml").unwrap();
        assert_eq!(contract.swarm_id().as_str(), "session-4-sip");
        assert_eq!(contract.version(), "1.0.0");
        assert_eq!(contract.capabilities().len(), 2);
        assert_eq!(contract.dependencies().len(), 3);
        assert_eq!(contract.wasm_module(), Some(Path::new("./session-4-sip.wasm")));
        assert_eq!(contract.resource_requirements(), &ResourceRequirements::default());
    }

    #[test]
    fn a_short_contract_gets_the_defaults_of_the_original_design() {
        let contract = Contract::parse("swarm_id: s\nversion: '1'\ncapabilities: [a:b]\n", "c").unwrap();
        let resources = contract.resource_requirements();
        assert_eq!(resources.max_memory_mb.get(), 256);
        assert_eq!(resources.max_cpu_percent.get(), 25);
        assert_eq!(resources.max_api_calls_per_second.get(), 10);
        assert_eq!(resources.max_execution_time_seconds.get(), 300);
        assert_eq!(contract.slos(), &Slos::default());
    }

    #[test]
    fn a_contract_survives_the_store() {
        let contract = Contract::parse(SEED, "contract.yaml").unwrap();
        let json = serde_json::to_vec(&contract).unwrap();
        assert_eq!(serde_json::from_slice::<Contract>(&json).unwrap(), contract);
    }

    #[test]
    fn an_unknown_key_is_told_its_place_and_the_nearest_known_one() {
        let text = SEED.replace("max_memory_mb", "max_memory_gb");
        assert_eq!(
            refusal(&text),
            "contract.yaml:9:3: unknown key `max_memory_gb`, did you mean `max_memory_mb`?"
        );
        assert_eq!(
            refusal(&SEED.replace("capabilities:", "capability:")),
            "contract.yaml:4:1: unknown key `capability`, did you mean `capabilities`?"
        );
    }

    #[test]
    fn a_key_that_nothing_enforces_is_refused() {
        let text = format!("{SEED}files:\n  - /etc\n");
        assert_eq!(
            refusal(&text),
            "contract.yaml:25:1: unknown key `files`; known here: swarm_id, version, capabilities, \
             resource_requirements, slos, dependencies, wasm_module, container, egress, secrets"
        );
    }

    #[test]
    fn what_is_wrong_is_told_its_place_and_its_range() {
        let cases = [
            ("max_memory_mb: 256", "max_memory_mb: 0", "9:18", "must be from 1 to 4096, not 0"),
            ("max_memory_mb: 256", "max_memory_mb: 5000", "9:18", "must be from 1 to 4096, not 5000"),
            ("max_cpu_percent: 25", "max_cpu_percent: -1", "10:20", "must be from 1 to 100, not -1"),
            ("max_cpu_percent: 25", "max_cpu_percent: 2.5", "10:20", "a whole number from 1 to 100"),
            ("_seconds: 300", "_seconds: 99999999999999", "12:31", "from 1 to 86400, not 99999999999999"),
            ("p99_latency_ms: 500", "p99_latency_ms: fast", "15:19", "a whole number from 1 to"),
            ("success_rate: 0.95", "success_rate: 95", "16:17", "must be from 0 to 1, not 95"),
            ("success_rate: 0.95", "success_rate: .nan", "16:17", "must be from 0 to 1, not NaN"),
            ("swarm_id: session-4-sip", "swarm_id: ../escape", "1:11", "swarm id `../escape` has '.'"),
            ("version: 1.0.0", "version: [1]", "2:10", "expected a text"),
            ("  - telephony:protocols", "  - telephony", "6:5", "not of the form domain:skill"),
            ("  - telephony:protocols", "  - integration:sip", "5:3", "`integration:sip` is listed twice"),
            ("./session-4-sip.wasm", "/etc/passwd", "24:14", "not a path relative to"),
            ("wasm_module: ./session-4-sip.wasm", "container: {image: -v}", "24:20", "`-v` is no image"),
        ];
        for (from, to, place, words) in cases {
            let text = SEED.replace(from, to);
            assert_ne!(text, SEED, "{from}");
            let message = refusal(&text);
            assert!(message.starts_with(&format!("contract.yaml:{place}: ")), "{to}: {message}");
            assert!(message.contains(words), "{to}: {message}");
        }
    }

    #[test]
    fn what_is_malformed_is_refused() {
        let cases = [
            ("swarm_id: session-4-sip", "swarm_id: ../escape"),
            ("version: 1.0.0", "version: ''"),
            ("version: 1.0.0", "version: a/b"),
            ("  - integration:sip\n  - telephony:protocols", "  []"),
            ("  - integration:sip", "  - sip"),
            ("  - integration:sip", "  - telephony:protocols"),
            ("  - openai:gpt-4", "  - IF.governor"),
            ("./session-4-sip.wasm", "/etc/passwd"),
            ("swarm_id: session-4-sip\n", ""),
            ("slos:", "slos: &a [*a]\nx:"),
        ];
        for (from, to) in cases {
            let text = SEED.replace(from, to);
            assert_ne!(text, SEED, "{from}");
            assert!(Contract::parse(&text, "c").is_err(), "{to}");
        }
        assert!(Contract::parse("", "c").is_err());
        assert!(Contract::parse("- a\n", "c").is_err());
        assert!(Contract::parse(&"#".repeat(MAX_CONTRACT_BYTES + 1), "c").is_err());
    }
}
