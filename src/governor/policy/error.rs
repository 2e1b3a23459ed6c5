//! Why a text is no policy, said so that its author finds the place.

use std::path::{Path, PathBuf};

use super::file::Contradiction;

/// What each key may be, in the words of `policies/default.yaml`.
const ALLOWED: [(&str, &str); 28] = [
    ("max_swarms_per_task", "a whole number from 1 to 1000"),
    ("max_cost_per_task", "dollars, 0 or more with at most 6 decimals"),
    ("min_capability_match", "a number from 0.0 to 1.0"),
    ("circuit_breaker_failure_threshold", "a whole number from 1 to 1000"),
    ("enable_budget_enforcement", "true or false"),
    ("enable_reputation_scoring", "true or false"),
    ("default_budget", "dollars, 0 or more with at most 6 decimals"),
    ("circuit_breaker_open_seconds", "a whole number of seconds, 1 or more, at most a year"),
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
    ("providers", "a list of providers, each once, at most 32"),
    ("strategy", "thompson, seed or best"),
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

/// The nearest key where one looks alike, else all of them.
fn suggestion(nearest: Option<&String>, known: &[String]) -> String {
    match nearest {
        Some(nearest) => format!(", did you mean `{nearest}`?"),
        None => format!("; known here: {}", known.join(", ")),
    }
}

impl PolicyError {
    /// Turns what the reader of YAML says into what the author of a policy needs to know.
    pub(super) fn explain(file: &Path, text: &str, error: &serde_yaml::Error) -> Self {
        let (line, column) = error.location().map_or((1, 1), |place| (place.line(), place.column()));
        let file = file.to_owned();
        let said = error.to_string();
        let said = said.split(" at line ").next().unwrap_or_default();
        let (path, problem) =
            said.split_once(": ").filter(|(path, _)| !path.contains(' ')).unwrap_or(("", said));
        let mut quoted = problem.split('`').skip(1).step_by(2).map(str::to_owned);
        if problem.starts_with("unknown field") {
            let key = quoted.next().unwrap_or_default();
            let known: Vec<String> = quoted.collect();
            let nearest = nearest(&key, &known).cloned();
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

/// Where `key` stands a second time, from `line` on.
fn second(text: &str, line: usize, key: &str) -> Option<(usize, usize)> {
    let is_key = |row: &str| row.trim_start().strip_prefix(key).is_some_and(|rest| rest.starts_with(':'));
    let (index, row) = text.lines().enumerate().skip(line - 1).filter(|(_, row)| is_key(row)).nth(1)?;
    Some((index + 1, row.len() - row.trim_start().len() + 1))
}

/// The known key that is at most a third of `key` away from it.
pub(in crate::governor) fn nearest<'a>(key: &str, known: &'a [String]) -> Option<&'a String> {
    let (distance, nearest) = known.iter().map(|known| (distance(key, known), known)).min()?;
    (distance * 3 <= key.chars().count()).then_some(nearest)
}

/// How many letters must be put in, taken out or exchanged to make one of the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, other) in to.iter().enumerate() {
            let exchanged = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = exchanged.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_distance_of_two_words_is_the_fewest_changes() {
        for (from, to, changes) in
            [("", "abc", 3), ("kitten", "sitting", 3), ("budget", "budget", 0), ("ab", "ba", 2)]
        {
            assert_eq!(distance(from, to), changes, "{from} {to}");
        }
    }

    #[test]
    fn a_key_that_resembles_nothing_has_no_nearest() {
        let known = ["cost_per_hour".to_owned(), "budget".to_owned()];
        assert_eq!(nearest("budgte", &known).map(String::as_str), Some("budget"));
        assert_eq!(nearest("trains", &known), None);
    }
}
