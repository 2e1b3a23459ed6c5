//! What a container runtime says it holds a container to.
//!
//! On hosts where it cannot hold a limit it discards it, with a warning that nobody reads.

use serde::Deserialize;

use super::{ContainerLimits, MOST_PROCESSES};

/// As much of it as matters here.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(in crate::chassis) struct HostConfig {
    #[serde(default)]
    memory: i64,
    #[serde(default)]
    nano_cpus: i64,
    #[serde(default)]
    pids_limit: Option<i64>,
    #[serde(default)]
    network_mode: String,
    #[serde(default)]
    readonly_rootfs: bool,
    #[serde(default)]
    privileged: bool,
}

impl HostConfig {
    /// What it does not hold of what was asked.
    pub(in crate::chassis) fn discarded(&self, limits: &ContainerLimits) -> Vec<&'static str> {
        let is_held = |found: i64, asked: i64| 0 < found && found <= asked;
        let memory = i64::try_from(limits.limits.memory_bytes).unwrap_or(i64::MAX);
        [
            ("memory", is_held(self.memory, memory)),
            ("cpus", is_held(self.nano_cpus, limits.cpu.nanos())),
            ("processes", is_held(self.pids_limit.unwrap_or(0), MOST_PROCESSES)),
            ("no network", self.network_mode == "none"),
            ("a file system to be read only", self.readonly_rootfs),
            ("no privileges", !self.privileged),
        ]
        .into_iter()
        .filter_map(|(what, is_held)| (!is_held).then_some(what))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chassis::container::Narrowing;
    use crate::chassis::contract::ResourceRequirements;

    #[test]
    fn a_limit_that_is_not_held_is_named() {
        let limits = Narrowing::default().within(&ResourceRequirements::default()).unwrap();
        let held = r#"{"Memory": 268435456, "NanoCpus": 250000000, "PidsLimit": 128, "NetworkMode": "none",
                       "ReadonlyRootfs": true, "Privileged": false, "Binds": null}"#;
        let discarded = |from: &str, to: &str| {
            let text = held.replace(from, to);
            serde_json::from_str::<HostConfig>(&text).unwrap().discarded(&limits)
        };
        assert!(discarded("", "").is_empty());
        for (from, to, what) in [
            ("268435456", "0", "memory"),
            ("268435456", "268435457", "memory"),
            ("250000000", "0", "cpus"),
            ("128", "null", "processes"),
            ("128", "-1", "processes"),
            ("none", "host", "no network"),
            ("true", "false", "a file system to be read only"),
            ("\"Privileged\": false", "\"Privileged\": true", "no privileges"),
        ] {
            assert_eq!(discarded(from, to), [what], "{from} {to}");
        }
        assert_eq!(serde_json::from_str::<HostConfig>("{}").unwrap().discarded(&limits).len(), 5);
    }
}
