//! Operations: what money is spent on, in words.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest text about an operation, in bytes.
const LONGEST: usize = 1000;

/// What money is spent on, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Operation(String);

/// Why a text says nothing about an operation.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// Nothing was said.
    #[error("it is empty")]
    Empty,
    /// More than anybody reads.
    #[error("it has {0} bytes, at most {LONGEST} are allowed")]
    TooLong(usize),
}

impl TryFrom<String> for Operation {
    type Error = OperationError;

    fn try_from(text: String) -> Result<Self, OperationError> {
        match text.len() {
            _ if text.trim().is_empty() => Err(OperationError::Empty),
            length if length > LONGEST => Err(OperationError::TooLong(length)),
            _ => Ok(Self(text)),
        }
    }
}

impl FromStr for Operation {
    type Err = OperationError;

    fn from_str(text: &str) -> Result<Self, OperationError> {
        text.to_owned().try_into()
    }
}

impl From<Operation> for String {
    fn from(operation: Operation) -> Self {
        operation.0
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operation_is_described_and_not_at_any_length() {
        for text in ["", "  ", &"x".repeat(1001)] {
            assert!(text.parse::<Operation>().is_err(), "{text:?}");
        }
        assert!("x".repeat(1000).parse::<Operation>().is_ok());
    }
}
