//! Names of things: tasks, swarms, capabilities, claims.
//!
//! Owns the grammar of every identifier. An identifier that exists is valid: it is parsed once, at the edge.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// The longest identifier, in bytes.
pub const MAX_LENGTH: usize = 128;

/// The value of an owner key while nobody holds the task; therefore no swarm may bear it.
pub const UNCLAIMED: &str = "unclaimed";

/// What all swarms together are called, where budgets are named.
pub const OVERALL: &str = "overall";

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("{kind} is empty")]
    Empty {
        /// What was to be named.
        kind: &'static str,
    },
    /// More than [`MAX_LENGTH`] bytes.
    #[error("{kind} is {length} bytes long, {MAX_LENGTH} are allowed")]
    TooLong {
        /// What was to be named.
        kind: &'static str,
        /// The length that was given, in bytes.
        length: usize,
    },
    /// A character outside the grammar, or in the wrong place.
    #[error(
        "{kind} `{text}` has {character:?} at position {position}: letters and digits first, then also . _ : -"
    )]
    Character {
        /// What was to be named.
        kind: &'static str,
        /// The text that was given.
        text: String,
        /// The first offending character.
        character: char,
        /// Its position, counted in characters from 1.
        position: usize,
    },
    /// The word has a meaning of its own.
    #[error("{kind} `{text}` is reserved")]
    Reserved {
        /// What was to be named.
        kind: &'static str,
        /// The text that was given.
        text: String,
    },
    /// A capability without the colon that parts domain from skill.
    #[error("capability `{text}` is not of the form domain:skill")]
    NoDomain {
        /// The text that was given.
        text: String,
    },
}

/// Checks `text` against `[A-Za-z0-9][A-Za-z0-9._:-]{0,127}`.
fn check(kind: &'static str, text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty { kind });
    }
    if text.len() > MAX_LENGTH {
        return Err(IdError::TooLong { kind, length: text.len() });
    }
    let offence = text.chars().enumerate().find(|&(index, c)| {
        !(c.is_ascii_alphanumeric() || (index > 0 && matches!(c, '.' | '_' | ':' | '-')))
    });
    match offence {
        Some((index, character)) => {
            Err(IdError::Character { kind, text: text.to_owned(), character, position: index + 1 })
        }
        None if text == UNCLAIMED => Err(IdError::Reserved { kind, text: text.to_owned() }),
        None => Ok(()),
    }
}

macro_rules! identifier {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $check:path) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                $check($kind, text)?;
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                $check($kind, &text)?;
                Ok(Self(text))
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
    };
}

identifier!(
    /// Names a task.
    TaskId, "task id", check
);
identifier!(
    /// Names a swarm.
    SwarmId, "swarm id", check
);
identifier!(
    /// Names a way to people, such as a pager.
    ChannelName, "channel", check
);
identifier!(
    /// Names a provider: somebody else's service that work is done with.
    ProviderId, "provider id", check
);
identifier!(
    /// Names rates: what the use of a provider costs, unit by unit.
    RateName, "name of rates", check
);
identifier!(
    /// What a provider counts and has paid: `input`, `output`.
    Unit, "unit", check
);
identifier!(
    /// Names one use of a provider, chosen by whoever reports it.
    UseId, "idempotency key", check
);
identifier!(
    /// What several providers serve alike: `llm`, `payout`.
    Purpose, "purpose", check
);
identifier!(
    /// What a swarm can do and a task needs: `domain:skill`.
    Capability, "capability", check_capability
);
identifier!(
    /// Names one attempt at one task, chosen by the claimant; sorts by the time it was made.
    ClaimId, "claim id", check
);
identifier!(
    /// Names a charge: booking it again under the same name books nothing more.
    ChargeId, "charge id", check
);
identifier!(
    /// Names a credential; sorts by the time it was issued.
    CredentialId, "credential id", check
);
identifier!(
    /// Names a connected worker: its lease in hexadecimal.
    SessionId, "session id", check
);

fn check_capability(kind: &'static str, text: &str) -> Result<(), IdError> {
    check(kind, text)?;
    match text.split_once(':') {
        Some((domain, skill)) if !domain.is_empty() && !skill.is_empty() => Ok(()),
        _ => Err(IdError::NoDomain { text: text.to_owned() }),
    }
}

impl SwarmId {
    /// Whether it is what all swarms together are called, which none of them may be.
    #[must_use]
    pub fn is_overall(&self) -> bool {
        self.0 == OVERALL
    }

    /// The one that hears of every blocker.
    #[must_use]
    pub fn orchestrator() -> Self {
        Self("orchestrator".to_owned())
    }
}

impl ProviderId {
    /// What a service is called where it has no other name: its host, and the port that is not the usual one. What no name
    /// has becomes a dash, and of what is too long the end counts.
    #[must_use]
    pub fn of_host(host: &str, port: Option<u16>) -> Self {
        const PREFIX: &str = "host-";
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = port.map_or_else(String::new, |port| format!(":{port}"));
        let is_usual = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | ':' | '-');
        let letters = host.chars().map(|c| if is_usual(c) { c } else { '-' });
        let text: String = letters.chain(port.chars()).collect();
        let end = &text[text.len().saturating_sub(MAX_LENGTH - PREFIX.len())..];
        text.parse().unwrap_or_else(|_| Self(format!("{PREFIX}{end}")))
    }
}

impl ClaimId {
    /// Makes a claim id that nobody else makes: milliseconds since 1970 and 64 random bits, in hexadecimal.
    #[must_use]
    pub fn fresh(now: crate::clock::Timestamp) -> Self {
        Self(unique(now))
    }
}

impl ChargeId {
    /// Makes a charge id that nobody else makes.
    #[must_use]
    pub fn fresh(now: crate::clock::Timestamp) -> Self {
        Self(unique(now))
    }
}

impl CredentialId {
    /// Makes a credential id that nobody else makes.
    #[must_use]
    pub fn fresh(now: crate::clock::Timestamp) -> Self {
        Self(unique(now))
    }
}

/// A name that nobody else makes and that sorts by time: 12 hexadecimal digits of milliseconds, 16 of chance.
#[must_use]
pub fn unique(now: crate::clock::Timestamp) -> String {
    format!("{:012x}{:016x}", now.as_millis(), rand::random::<u64>())
}

impl SessionId {
    /// The session that lives as long as the lease `lease`.
    #[must_use]
    pub fn of_lease(lease: i64) -> Self {
        Self(format!("{lease:016x}"))
    }

    /// The lease the session lives by, if the id was made from one.
    #[must_use]
    pub fn lease(&self) -> Option<i64> {
        i64::from_str_radix(&self.0, 16).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_field_are_accepted() {
        for text in ["P0.1.1", "session-4-sip", "a", "build_7", "x:y.z-1", &"a".repeat(128)] {
            assert_eq!(text.parse::<TaskId>().unwrap().as_str(), text);
        }
    }

    #[test]
    fn what_would_escape_its_key_is_refused() {
        for text in ["", "a/b", "../x", ".hidden", "a b", "ü", "a\n", "unclaimed", &"a".repeat(129)] {
            assert!(text.parse::<SwarmId>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_capability_has_a_domain_and_a_skill() {
        assert!("integration:sip".parse::<Capability>().is_ok());
        for text in ["sip", "sip:", "a/b:c", ":sip"] {
            assert!(text.parse::<Capability>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn every_host_has_a_name() {
        let long = "a.".repeat(100);
        for (host, port, name) in [
            ("api.example.org", None, "api.example.org".to_owned()),
            ("api.example.org", Some(8443), "api.example.org:8443".to_owned()),
            ("[::1]", None, "host-::1".to_owned()),
            ("_a.b", Some(80), "host-_a.b:80".to_owned()),
            ("a/b", None, "a-b".to_owned()),
            (&long, None, format!("host-.{}", "a.".repeat(61))),
        ] {
            let provider = ProviderId::of_host(host, port);
            assert_eq!(provider.as_str(), name);
            assert_eq!(provider.as_str().parse(), Ok(provider));
        }
    }

    #[test]
    fn a_session_id_leads_back_to_its_lease() {
        assert_eq!(SessionId::of_lease(0x7587_1234).lease(), Some(0x7587_1234));
    }
}
