//! Fencing tokens: proof of being the last one to have claimed a task.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// `EPOCH.REVISION`: the store's epoch and the revision that created the hold. Within one task it only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Token {
    /// Raised by every restore or migration of the store.
    pub epoch: u64,
    /// The create revision of the hold.
    pub revision: i64,
}

/// The text is no token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no token: `ifctl coordinator claim` prints one, such as 0.42")]
pub struct TokenError(String);

impl FromStr for Token {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let parse = || {
            let (epoch, revision) = text.split_once('.')?;
            let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
            if !digits(epoch) || !digits(revision) {
                return None;
            }
            Some(Self { epoch: epoch.parse().ok()?, revision: revision.parse().ok()? })
        };
        parse().ok_or_else(|| TokenError(text.to_owned()))
    }
}

impl TryFrom<String> for Token {
    type Error = TokenError;

    fn try_from(text: String) -> Result<Self, TokenError> {
        text.parse()
    }
}

impl From<Token> for String {
    fn from(token: Token) -> Self {
        token.to_string()
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.epoch, self.revision)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_as_written_and_grows_with_epoch_and_revision() {
        let token: Token = "1.42".parse().unwrap();
        assert_eq!(token.to_string(), "1.42");
        assert!("1.9".parse::<Token>().unwrap() < token && token < "2.1".parse().unwrap());
    }

    #[test]
    fn what_is_no_token_is_refused() {
        for text in ["", "42", "1.", ".1", "1.-2", "1.2.3", "+1.2", "1.99999999999999999999"] {
            assert!(text.parse::<Token>().is_err(), "{text:?}");
        }
    }
}
