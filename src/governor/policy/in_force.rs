//! The policy in force: from where it came, and what takes its place.
//!
//! What people decided last holds. A policy that was applied stays, also over restarts, until the policy file of the leading
//! coordinator is another than it was when it was last looked at.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Policy;
use crate::clock::Timestamp;

/// From where a policy in force came.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PolicySource {
    /// The leading coordinator had no file.
    BuiltIn,
    /// The leading coordinator's file.
    File,
    /// Somebody has applied it.
    Applied,
    /// Another version wrote it.
    #[default]
    #[serde(other)]
    Unknown,
}

impl fmt::Display for PolicySource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::BuiltIn => "built in",
            Self::File => "the leading coordinator's file",
            Self::Applied => "applied",
            Self::Unknown => "put there by another version",
        })
    }
}

/// The policy in force, as the store keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InForce {
    /// What it says.
    pub policy: Policy,
    /// From where it came.
    #[serde(default)]
    pub source: PolicySource,
    /// The file it was read from, on the machine of whoever put it in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The SHA-256 of the leading coordinator's file when it was last looked at; none when there was no file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaders_file: Option<String>,
    /// Since when it is in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    /// Who put it there.
    #[serde(default)]
    pub by: String,
    /// In which operation.
    #[serde(default)]
    pub op: String,
}

/// A policy file by its name and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyFileName {
    /// Its path.
    pub path: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
}

/// What a coordinator leads with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeadersPolicy {
    /// What it says.
    pub policy: Policy,
    /// Its file; none for the built-in policy.
    pub file: Option<PolicyFileName>,
}

impl LeadersPolicy {
    /// That of a coordinator without a file.
    #[must_use]
    pub fn built_in() -> Self {
        Self { policy: Policy::default(), file: None }
    }

    fn digest(&self) -> Option<&str> {
        self.file.as_ref().map(|file| file.digest.as_str())
    }

    /// Whether it takes the place of what is in force.
    #[must_use]
    pub fn replaces(&self, in_force: Option<&InForce>) -> bool {
        let Some(in_force) = in_force else { return true };
        let is_another_file = in_force.leaders_file.as_deref() != self.digest();
        let was_applied = in_force.source == PolicySource::Applied;
        // The same file may say something else to another version of the program.
        is_another_file || (!was_applied && in_force.policy != self.policy)
    }

    /// It, in force from now on.
    #[must_use]
    pub fn in_force(&self, by: &str, now: Timestamp) -> InForce {
        InForce {
            policy: self.policy.clone(),
            source: if self.file.is_some() { PolicySource::File } else { PolicySource::BuiltIn },
            file: self.file.as_ref().map(|file| file.path.clone()),
            leaders_file: self.digest().map(str::to_owned),
            at: Some(now),
            by: by.to_owned(),
            op: "governor.policy".to_owned(),
        }
    }
}

impl InForce {
    /// The built-in policy, which holds while nobody has put one in force.
    #[must_use]
    pub fn by_default() -> Self {
        Self {
            policy: Policy::default(),
            source: PolicySource::BuiltIn,
            file: None,
            leaders_file: None,
            at: None,
            by: String::new(),
            op: String::new(),
        }
    }

    /// A policy that somebody applies over what was in force before.
    #[must_use]
    pub fn applied(policy: &Policy, file: &str, before: Option<&Self>, by: &str, now: Timestamp) -> Self {
        Self {
            policy: policy.clone(),
            source: PolicySource::Applied,
            file: Some(file.to_owned()),
            leaders_file: before.and_then(|before| before.leaders_file.clone()),
            at: Some(now),
            by: by.to_owned(),
            op: "governor.policy.apply".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn policy(attempts: u32) -> Policy {
        let text = format!("coordination: {{max_attempts: {attempts}}}");
        Policy::parse(&text, Path::new("policy.yaml")).unwrap()
    }

    fn file(attempts: u32) -> LeadersPolicy {
        let name = PolicyFileName { path: "policy.yaml".to_owned(), digest: attempts.to_string() };
        LeadersPolicy { policy: policy(attempts), file: Some(name) }
    }

    fn now() -> Timestamp {
        Timestamp::from_micros(0)
    }

    #[test]
    fn what_was_applied_stays_until_the_leaders_file_is_another() {
        let led = file(1).in_force("leader", now());
        assert!(!file(1).replaces(Some(&led)));
        let applied = InForce::applied(&policy(7), "mine.yaml", Some(&led), "human", now());
        assert!(!file(1).replaces(Some(&applied)), "the file has not changed, also after a restart");
        assert!(file(2).replaces(Some(&applied)));
        assert!(LeadersPolicy::built_in().replaces(Some(&applied)), "the coordinator has a file no more");
    }

    #[test]
    fn what_was_applied_stays_where_no_coordinator_has_a_file() {
        let led = LeadersPolicy::built_in().in_force("leader", now());
        for before in [Some(&led), None] {
            let applied = InForce::applied(&policy(7), "mine.yaml", before, "human", now());
            assert!(!LeadersPolicy::built_in().replaces(Some(&applied)));
            assert!(file(1).replaces(Some(&applied)));
        }
    }

    #[test]
    fn the_same_file_counts_anew_when_it_reads_otherwise() {
        let led = InForce { policy: policy(3), ..file(1).in_force("leader", now()) };
        assert!(file(1).replaces(Some(&led)));
        assert!(file(1).replaces(None));
    }

    #[test]
    fn a_policy_of_an_older_or_newer_version_is_read() {
        for rest in ["", r#", "source": "moon""#] {
            let text = format!(r#"{{"policy": {{}}, "by": "c", "op": "governor.policy"{rest}}}"#);
            let read: InForce = serde_json::from_str(&text).unwrap();
            assert_eq!((read.source, read.at, &read.leaders_file), (PolicySource::Unknown, None, &None));
        }
    }
}
