//! Decisions of people: who has said what about opening or closing a breaker.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// What a person says, for those who read it later: not blank, and no more than they will read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark(String);

/// The longest remark, in characters.
const LONGEST: usize = 1000;

/// The text is no remark.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RemarkError {
    /// Nothing was said.
    #[error("it is empty")]
    Empty,
    /// More than anybody reads.
    #[error("it has {0} characters, at most {LONGEST} are allowed")]
    TooLong(usize),
}

impl FromStr for Remark {
    type Err = RemarkError;

    fn from_str(text: &str) -> Result<Self, RemarkError> {
        let text = text.trim();
        match text.chars().count() {
            0 => Err(RemarkError::Empty),
            length if length > LONGEST => Err(RemarkError::TooLong(length)),
            _ => Ok(Self(text.to_owned())),
        }
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// A person's decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
    /// When.
    pub at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_neither_blank_nor_endless() {
        assert_eq!(" it is mended\n".parse::<Remark>().unwrap().to_string(), "it is mended");
        for text in ["", " \t\n"] {
            assert_eq!(text.parse::<Remark>(), Err(RemarkError::Empty));
        }
        assert_eq!("ä".repeat(1001).parse::<Remark>(), Err(RemarkError::TooLong(1001)));
        assert!("ä".repeat(1000).parse::<Remark>().is_ok());
    }
}
