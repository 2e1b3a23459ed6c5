//! Time as people write it: how long, and when.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Timestamp;

/// A length of time: `10m`, `30s`, `500ms`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Span(pub Duration);

impl FromStr for Span {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no length of time such as 30s, 10m or 500ms");
        let span: jiff::SignedDuration = text.parse().map_err(|_| wrong())?;
        let duration = Duration::try_from(span).map_err(|_| wrong())?;
        if duration.is_zero() { Err(wrong()) } else { Ok(Self(duration)) }
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::SignedDuration::try_from(self.0) {
            Ok(span) => write!(f, "{span:#}"),
            Err(_) => write!(f, "{}s", self.0.as_secs()),
        }
    }
}

impl TryFrom<String> for Span {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

/// A moment: `2026-03-01T12:00:00Z`, or `10m` from when it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum When {
    /// On the clock.
    At(Timestamp),
    /// Counted from the present.
    In(Span),
}

impl When {
    /// The moment that is meant, said at `present`.
    #[must_use]
    pub fn moment(self, present: Timestamp) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::In(Span(duration)) => present.after(duration),
        }
    }
}

impl FromStr for When {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let moment = text.parse().map(Self::At);
        moment.or_else(|_| {
            let wrong =
                |_| format!("`{text}` is no moment such as 2026-03-01T12:00:00Z or, from now on, 10m");
            text.parse().map(Self::In).map_err(wrong)
        })
    }
}

impl TryFrom<String> for When {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<When> for String {
    fn from(when: When) -> Self {
        match when {
            When::At(moment) => moment.to_string(),
            When::In(span) => span.to_string(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_date_or_a_time_from_now() {
        let present = Timestamp::from_micros(0);
        let moment = |text: &str| text.parse::<When>().map(|when| when.moment(present).to_string());
        assert_eq!(moment("2026-03-01T12:00:00+01:00").as_deref(), Ok("2026-03-01T11:00:00Z"));
        assert_eq!(moment("90s").as_deref(), Ok("1970-01-01T00:01:30Z"));
        for text in ["", "soon", "-10m", "0s", "2026-03-01", "12:00"] {
            assert!(moment(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_length_of_time_is_read_back_as_it_is_written() {
        for text in ["500ms", "30s", "10m", "1h 30m", "50h"] {
            let span: Span = text.parse().unwrap();
            assert_eq!(span.to_string().parse(), Ok(span), "{text}");
        }
    }
}
