//! Why a contract is none: where, and what was meant perhaps.

use std::fmt;

use super::MAX_CONTRACT_BYTES;
use crate::printable::printable;

/// A place in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub origin: String,
    /// Line and column, from 1; `None` when the fault is in no one place.
    pub position: Option<(usize, usize)>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.position {
            Some((line, column)) => write!(f, "{}:{line}:{column}", self.origin),
            None => f.write_str(&self.origin),
        }
    }
}

/// Why a contract cannot be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ContractError {
    /// The file is no contract by its size alone.
    #[error("{origin}: {bytes} bytes are no contract, at most {MAX_CONTRACT_BYTES} are read")]
    TooLarge {
        /// The file.
        origin: String,
        /// Its size.
        bytes: usize,
    },
    /// A key that does not exist.
    #[error("{place}: unknown key `{key}`{}", advice(nearest.as_deref(), known))]
    UnknownKey {
        /// Where it stands.
        place: Place,
        /// The key.
        key: String,
        /// The known key that resembles it.
        nearest: Option<String>,
        /// All keys that are known there.
        known: Vec<String>,
    },
    /// A value that cannot be.
    #[error("{place}: {reason}")]
    Invalid {
        /// Where it stands.
        place: Place,
        /// What is wrong with it.
        reason: String,
    },
}

fn advice(nearest: Option<&str>, known: &[String]) -> String {
    match nearest {
        Some(nearest) => format!(", did you mean `{nearest}`?"),
        None => format!("; known here: {}", known.join(", ")),
    }
}

impl ContractError {
    pub(super) fn from_yaml(error: &serde_yaml::Error, origin: &str) -> Self {
        let position = error.location().map(|location| (location.line(), location.column()));
        let place = Place { origin: origin.to_owned(), position };
        let message = error.to_string();
        let reason = printable(message.split(" at line ").next().unwrap_or(&message));
        let Some((_, after)) = reason.split_once("unknown field `") else {
            return Self::Invalid { place, reason };
        };
        let (key, rest) = after.split_once('`').unwrap_or((after, ""));
        let known: Vec<String> = rest.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        let nearest = nearest(key, &known).map(str::to_owned);
        Self::UnknownKey { place, key: key.to_owned(), nearest, known }
    }
}

/// The known word that differs least from `word`, if it differs in less than half of it.
fn nearest<'a>(word: &str, known: &'a [String]) -> Option<&'a str> {
    let scored = known.iter().map(|candidate| (distance(word, candidate), candidate.as_str()));
    scored.min().filter(|(distance, _)| distance * 2 < word.len()).map(|(_, candidate)| candidate)
}

/// How many letters must be put in, taken out or replaced to make one word of the other (Levenshtein).
fn distance(left: &str, right: &str) -> usize {
    let mut row: Vec<usize> = (0..=right.chars().count()).collect();
    for (index, a) in left.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, b) in right.chars().enumerate() {
            let replaced = diagonal + usize::from(a != b);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_edits() {
        for (left, right, edits) in
            [("", "", 0), ("a", "", 1), ("kitten", "sitting", 3), ("slo", "slos", 1), ("ab", "ba", 2)]
        {
            assert_eq!(distance(left, right), edits, "{left} {right}");
            assert_eq!(distance(right, left), edits, "{right} {left}");
        }
    }
}
