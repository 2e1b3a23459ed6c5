//! Why a text is no policy, said so that its author finds the place.

use std::path::{Path, PathBuf};

use super::file::Contradiction;

/// What each key may be, in the words of `policies/default.yaml`.
const ALLOWED: [(&str, &str); 17] = [
    ("max_swarms_per_task", "a whole number from 1 to 1000"),
    ("max_cost_per_task", "dollars, 0 or more with at most 6 decimals"),
    ("min_capability_match", "a number from 0.0 to 1.0"),
    ("circuit_breaker_failure_threshold", "a whole number from 1 to 1000"),
    ("enable_budget_enforcement", "true or false"),
    ("enable_reputation_scoring", "true or false"),
    ("default_budget", "dollars, 0 or more with at most 6 decimals"),
    ("circuit_breaker_open_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("acknowledge_within_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("raw_claim_ttl_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("max_attempts", "a whole number from 1 to 1000"),
    ("retry_base_seconds", "a whole number of seconds, 0 or more, at most a year"),
    ("retry_cap_seconds", "a whole number of seconds, not below retry_base_seconds, at most a year"),
    ("capabilities", "a list of domain:skill"),
    ("cost_per_hour", "dollars, 0 or more with at most 6 decimals"),
    ("budget", "dollars, 0 or more with at most 6 decimals"),
    ("capability_registry", "swarms, each once, with capabilities, cost_per_hour and budget"),
];

/// Why a text is no policy.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// More than anybody writes.
    #[error("{}: the policy has {size} bytes, at most {limit} are allowed", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// Its size in bytes.
        size: usize,
        /// The limit in bytes.
        limit: usize,
    },
    /// A key that means nothing, most often a slip of the hand.
    #[error("{}:{line}:{column}: unknown key `{key}`{}", file.display(), suggestion(nearest.as_ref(), known))]
    UnknownKey {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// The key.
        key: String,
        /// The known key that looks like it.
        nearest: Option<String>,
        /// All keys known there.
        known: Vec<String>,
    },
    /// A value that its key does not take.
    #[error("{}:{line}:{column}: {problem} (allowed: {allowed})", file.display())]
    Value {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong, with the path of the key.
        problem: String,
        /// What is allowed.
        allowed: &'static str,
    },
    /// No YAML, or not of this shape.
    #[error("{}:{line}:{column}: {problem}", file.display())]
    Syntax {
        /// The file.
        file: PathBuf,
        /// The line, from 1.
        line: usize,
        /// The column, from 1.
        column: usize,
        /// What is wrong.
        problem: String,
    },
    /// Values that contradict each other.
    #[error("{}: the policy contradicts itself", file.display())]
    Inconsistent {
        /// The file.
        file: PathBuf,
        /// Which values.
        source: Contradiction,
    },
}

/// Puts `nearest` before the list of everything.
fn suggestion(nearest: Option<&String>, known: &[String]) -> String {
    match nearest {
        Some(nearest) => format!(", did you mean `{nearest}`?"),
        None => format!("; known here: {}", known.join(", ")),
    }
}

impl PolicyError {
    /// Turns what the reader of YAML says into what the author of a policy needs to know.
    pub(super) fn explain(file: &Path, error: serde_yaml::Error) -> Self {
        Self::Syntax { file: file.to_owned(), line: 1, column: 1, problem: error.to_string() }
    }
}
