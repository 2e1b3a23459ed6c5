//! How long history is kept, as people write it.

use std::str::FromStr;
use std::time::Duration;

use crate::cli::Span;
use crate::coordinator::history::Limits;

/// A length of time, or `0` for ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retention {
    Ever,
    For(Duration),
}

impl Default for Retention {
    fn default() -> Self {
        Self::For(Duration::from_hours(1))
    }
}

impl FromStr for Retention {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "0" {
            return Ok(Self::Ever);
        }
        let Span(duration) = text.parse().map_err(|error| format!("{error}, nor 0"))?;
        Ok(Self::For(duration))
    }
}

impl Retention {
    /// What the engine keeps then; none for all of it.
    pub(super) fn limits(self) -> Option<Limits> {
        match self {
            Self::Ever => None,
            Self::For(duration) => Some(Limits::keeping(duration)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_for_ever_and_no_unit_is_no_time() {
        assert_eq!("0".parse(), Ok(Retention::Ever));
        assert_eq!("90m".parse(), Ok(Retention::For(Duration::from_mins(90))));
        for wrong in ["", "1", "-1h", "0s", "soon"] {
            assert!(wrong.parse::<Retention>().is_err(), "{wrong:?}");
        }
    }
}
