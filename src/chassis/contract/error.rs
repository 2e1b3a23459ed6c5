//! Why a contract is none: where, and what was meant perhaps.

use std::fmt;

use super::MAX_CONTRACT_BYTES;
use crate::printable::printable;
use crate::spelling::nearest;

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
        let nearest = nearest(key, known.iter().map(String::as_str)).map(str::to_owned);
        Self::UnknownKey { place, key: key.to_owned(), nearest, known }
    }
}
