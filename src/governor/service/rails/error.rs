//! Why no provider can be named, or its use not be counted.

use std::collections::BTreeMap;

use crate::clock::Timestamp;
use crate::governor::policy::RailPolicy;
use crate::governor::rails::Candidate;
use crate::id::{ProviderId, Purpose};
use crate::spelling::nearest;

/// Why no provider can be named, or its use not be counted.
#[derive(Debug, thiserror::Error)]
pub enum RailError {
    /// The policy says nothing of such a purpose.
    #[error("the policy has no rails for `{purpose}`{suggestion}")]
    UnknownPurpose {
        /// The purpose.
        purpose: Purpose,
        /// What may have been meant.
        suggestion: String,
    },
    /// The policy does not name that provider for the purpose.
    #[error("`{provider}` is no provider of {purpose}{suggestion}")]
    UnknownProvider {
        /// The purpose.
        purpose: Purpose,
        /// The provider.
        provider: ProviderId,
        /// What may have been meant.
        suggestion: String,
    },
    /// The breaker of every provider is open.
    #[error("no provider of {purpose} may be used now: {}{}", reasons.join(", "), next_trial(*due))]
    Broken {
        /// The purpose.
        purpose: Purpose,
        /// What speaks against each.
        reasons: Vec<String>,
        /// When the first trial is due; none when time alone changes nothing.
        due: Option<Timestamp>,
    },
    /// Others kept writing the same keys.
    #[error("the providers of {purpose} were changed by others {attempts} times in a row")]
    Busy {
        /// The purpose.
        purpose: Purpose,
        /// How often it was tried.
        attempts: u32,
    },
}

fn next_trial(due: Option<Timestamp>) -> String {
    due.map_or_else(String::new, |due| format!("; the next trial is due at {due}"))
}

impl RailError {
    pub(super) fn unknown_purpose(purpose: &Purpose, rails: &BTreeMap<Purpose, RailPolicy>) -> Self {
        let known: Vec<String> = rails.keys().map(Purpose::to_string).collect();
        let suggestion = suggestion(purpose.as_str(), &known);
        Self::UnknownPurpose { purpose: purpose.clone(), suggestion }
    }

    pub(super) fn unknown_provider(purpose: &Purpose, provider: &ProviderId, known: &[ProviderId]) -> Self {
        let known: Vec<String> = known.iter().map(ProviderId::to_string).collect();
        let suggestion = suggestion(provider.as_str(), &known);
        Self::UnknownProvider { purpose: purpose.clone(), provider: provider.clone(), suggestion }
    }

    /// None of `candidates` may be used.
    pub(super) fn broken(purpose: &Purpose, candidates: &[Candidate]) -> Self {
        let reason = |candidate: &Candidate| format!("{} ({})", candidate.provider, candidate.standing);
        Self::Broken {
            purpose: purpose.clone(),
            reasons: candidates.iter().map(reason).collect(),
            due: candidates.iter().filter_map(|candidate| candidate.standing.until()).min(),
        }
    }
}

/// The name that was probably meant, else all there are.
fn suggestion(given: &str, known: &[String]) -> String {
    match nearest(given, known.iter().map(String::as_str)) {
        Some(nearest) => format!(", did you mean `{nearest}`?"),
        None if known.is_empty() => String::new(),
        None => format!("; known here: {}", known.join(", ")),
    }
}
