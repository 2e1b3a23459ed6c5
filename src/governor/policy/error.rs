//! Why a text is no policy, said so that its author finds the place.

use std::path::{Path, PathBuf};

use super::file::Contradiction;
use crate::printable::printable;
use crate::spelling;

/// What each key may be, in the words of `policies/default.yaml`.
const ALLOWED: &[(&str, &str)] = &[
    ("max_swarms_per_task", "a whole number from 1 to 1000"),
    ("max_cost_per_task", "dollars, 0 or more with at most 6 decimals"),
    ("min_capability_match", "a number from 0.0 to 1.0"),
    ("circuit_breaker_failure_threshold", "a whole number from 1 to 1000"),
    ("enable_budget_enforcement", "true or false"),
    ("enable_reputation_scoring", "true or false"),
    ("default_budget", "dollars, 0 or more with at most 6 decimals"),
    ("circuit_breaker_open_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("circuit_breaker_failure_rate", "a number from 0.0 to 1.0"),
    ("circuit_breaker_window", "a whole number from 2 to 64"),
    ("budget_alerts", "a list of whole per cent from 1 to 100; empty for none"),
    ("acknowledge_within_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("priority_step_seconds", "a whole number of seconds, 0 or more, at most a year"),
    ("raw_claim_ttl_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("help_within_seconds", "a whole number of seconds, 0 or more, at most a year"),
    ("max_attempts", "a whole number from 1 to 1000"),
    ("retry_base_seconds", "a whole number of seconds, 0 or more, at most a year"),
    ("retry_cap_seconds", "a whole number of seconds, not below retry_base_seconds, at most a year"),
    ("check_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("silent_after_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("unhealthy_after_seconds", "a whole number of seconds, not below silent_after_seconds, at most a year"),
    ("dead_after_seconds", "a whole number of seconds, not below unhealthy_after_seconds, at most a year"),
    ("max_failures", "a whole number from 1 to 1000"),
    ("failure_window_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("overdue_after_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("dashboard", "an http:// or https:// URL without credentials in it"),
    ("resend_after_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("channels", "names of channels, each once, with their keys"),
    ("kind", "slack, webhook, smtp or command"),
    ("url", "an http:// or https:// URL without credentials in it"),
    ("url_env", "the name of an environment variable of the coordinator"),
    ("url_file", "an absolute path"),
    ("secret_env", "the name of an environment variable of the coordinator"),
    ("secret_file", "an absolute path"),
    ("server", "smtps://HOST[:PORT], or smtp://HOST[:PORT] for STARTTLS"),
    ("from", "an address of mail"),
    ("to", "a list of addresses of mail"),
    ("user_env", "the name of an environment variable of the coordinator"),
    ("password_env", "the name of an environment variable of the coordinator"),
    ("password_file", "an absolute path"),
    ("command", "a list: a program and its arguments"),
    ("ca_file", "an absolute path"),
    ("kinds", "a list of kinds of escalations, such as no-help or swarm-dead"),
    ("timeout_seconds", "a whole number of seconds, 1 or more, at most a year"),
    ("resolved_days", "a whole number of days, 0 for ever, at most ten years"),
    ("charge_days", "a whole number of days, 0 for ever, at most ten years"),
    ("providers", "a list of providers, each once, at most 32"),
    ("strategy", "thompson, seed or best"),
    ("model", "a place in the answer, such as /model"),
    ("units", "names of units, each once, with places in the answer such as /usage/prompt_tokens"),
    ("prices", "models, each once, with a price for every unit; one of them is `default`"),
    ("capabilities", "a list of domain:skill"),
    ("cost_per_hour", "dollars, 0 or more with at most 6 decimals"),
    ("budget", "dollars, 0 or more with at most 6 decimals"),
    ("capability_registry", "swarms, each once, with capabilities, cost_per_hour and budget"),
];

/// Why a text is no policy.
#[derive(Debug, thiserror::Error)]
pub enum PolicyError {
    /// More than anybody writes.
    #[error("{}: longer than the {limit} bytes that are allowed", file.display())]
    TooLarge {
        /// The file.
        file: PathBuf,
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
    #[error("{}:{line}:{column}: the policy contradicts itself", file.display())]
    Inconsistent {
        /// The file.
        file: PathBuf,
        /// The line of one of them, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
        /// Which values.
        source: Contradiction,
    },
}

/// The nearest key where one looks alike, else all of them.
fn suggestion(nearest: Option<&String>, known: &[String]) -> String {
    match nearest {
        Some(nearest) => format!(", did you mean `{nearest}`?"),
        None => format!("; known here: {}", known.join(", ")),
    }
}

impl PolicyError {
    /// The text stops being one at this byte.
    pub(super) fn no_text(file: &Path, bytes: &[u8], at: usize) -> Self {
        let (line, column) = position(bytes, at);
        Self::Syntax { file: file.to_owned(), line, column, problem: "this is no UTF-8".to_owned() }
    }

    /// Two values of the text contradict each other.
    pub(super) fn inconsistent(file: &Path, text: &str, source: Contradiction) -> Self {
        let (line, column) = place(text, source.keys()).unwrap_or((1, 1));
        Self::Inconsistent { file: file.to_owned(), line, column, source }
    }

    /// What stands under a key contradicts itself.
    pub(super) fn at_key(file: &Path, text: &str, key: &str, problem: &str) -> Self {
        let (line, column) = place(text, &[key]).unwrap_or((1, 1));
        Self::Syntax { file: file.to_owned(), line, column, problem: format!("{key}: {problem}") }
    }

    /// Turns what the reader of YAML says into what the author of a policy needs to know.
    pub(super) fn explain(file: &Path, text: &str, error: &serde_yaml::Error) -> Self {
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        let file = file.to_owned();
        let said = printable(&error.to_string());
        let said = said.split(" at line ").next().unwrap_or_default();
        let (path, problem) =
            said.split_once(": ").filter(|(path, _)| !path.contains(' ')).unwrap_or(("", said));
        let mut quoted = problem.split('`').skip(1).step_by(2).map(str::to_owned);
        if problem.starts_with("unknown field") {
            let key = quoted.next().unwrap_or_default();
            let known: Vec<String> = quoted.collect();
            let nearest = spelling::nearest(&key, known.iter().map(String::as_str)).map(str::to_owned);
            return Self::UnknownKey { file, line, column, key, nearest, known };
        }
        if problem.starts_with("duplicate")
            && let Some((line, column)) = second(text, line, &quoted.next().unwrap_or_default())
        {
            return Self::Syntax { file, line, column, problem: problem.to_owned() };
        }
        let key = path.rsplit('.').next().and_then(|key| key.split('[').next()).unwrap_or_default();
        let problem = if key.is_empty() { problem.to_owned() } else { format!("{key}: {problem}") };
        match ALLOWED.iter().find(|(known, _)| *known == key) {
            Some((_, allowed)) => Self::Value { file, line, column, problem, allowed },
            None => Self::Syntax { file, line, column, problem },
        }
    }
}

/// Line and column of the first of `keys` that is written down; one of several that contradict each other always is.
fn place(text: &str, keys: &[&str]) -> Option<(usize, usize)> {
    let is_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    keys.iter().find_map(|key| {
        text.lines().enumerate().find_map(|(index, row)| {
            let stands = |&(at, _): &(usize, &str)| {
                !row[..at].contains('#')
                    && !row[..at].ends_with(is_word)
                    && row[at + key.len()..].trim_start().starts_with(':')
            };
            let (at, _) = row.match_indices(key).find(stands)?;
            Some((index + 1, row[..at].chars().count() + 1))
        })
    })
}

/// Line and column of the byte at `at`.
fn position(text: &[u8], at: usize) -> (usize, usize) {
    let before = &text[..at];
    let line = before.split(|byte| *byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    (line, String::from_utf8_lossy(&before[start..]).chars().count() + 1)
}

/// Where `key` stands a second time, from `line` on.
fn second(text: &str, line: usize, key: &str) -> Option<(usize, usize)> {
    let is_key = |row: &str| row.trim_start().strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    let (index, row) = text.lines().enumerate().skip(line - 1).filter(|(_, row)| is_key(row)).nth(1)?;
    Some((index + 1, row.len() - row.trim_start().len() + 1))
}
