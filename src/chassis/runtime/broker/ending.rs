//! How calls end: what an answer, or none, says of the provider, and what it has cost.

use std::time::Duration;

use http::{HeaderMap, StatusCode, header};

use super::CallRefused;
use crate::chassis::egress::EgressRule;
use crate::governor::{CallFailure, Rates};
use crate::money::Money;

/// What is told of a call that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// How it failed, if that speaks against the provider.
    pub failure: Option<CallFailure>,
    /// How long the provider wants to be left alone, if it has said so.
    pub wait: Option<Duration>,
    /// What was sent in the body, in bytes.
    pub bytes_out: u64,
    /// What came back in the body, in bytes.
    pub bytes_in: u64,
    /// How long it took.
    pub took: Duration,
    /// What it has cost, or may have.
    pub cost: Money,
}

/// What there is to be seen of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    status: StatusCode,
    wait: Option<Duration>,
    bytes_in: usize,
    cost: Option<Money>,
}

impl Seen {
    pub(super) fn new(status: StatusCode, headers: &HeaderMap, body: &[u8], rates: Option<&Rates>) -> Self {
        Self {
            status,
            wait: asked_wait(headers),
            bytes_in: body.len(),
            cost: rates.and_then(|rates| rates.cost(body)),
        }
    }

    fn failure(&self) -> Option<CallFailure> {
        match self.status {
            StatusCode::TOO_MANY_REQUESTS => Some(CallFailure::Limited),
            status if status.is_server_error() => Some(CallFailure::Unserved),
            _ => None,
        }
    }
}

impl Ended {
    /// A call under `rule` that ended so after `took`. What its answer does not tell it costs is what was booked for it.
    pub(super) fn new(
        rule: &EgressRule,
        sent: usize,
        seen: Result<&Seen, &CallRefused>,
        took: Duration,
    ) -> Self {
        let count = |bytes: usize| u64::try_from(bytes).unwrap_or(u64::MAX);
        let failure = match seen {
            Ok(seen) => seen.failure(),
            Err(refused) => failure(refused, rule.url.is_wide()),
        };
        let seen = seen.ok();
        // Elsewhere a wait means something else: of a redirect, or of what is done later.
        let asks = |seen: &&Seen| {
            matches!(seen.status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE)
        };
        Self {
            failure,
            wait: seen.filter(asks).and_then(|seen| seen.wait),
            bytes_out: count(sent),
            bytes_in: count(seen.map_or(0, |seen| seen.bytes_in)),
            took,
            cost: seen.and_then(|seen| seen.cost).unwrap_or(rule.cost_per_call),
        }
    }
}

/// What speaks against a provider that gave no answer. Where the host is the guest's choice, so is one that nobody can
/// connect to.
fn failure(refused: &CallRefused, is_wide: bool) -> Option<CallFailure> {
    match refused {
        CallRefused::Unconnected(_) if !is_wide => Some(CallFailure::Unreachable),
        CallRefused::Unconnected(_) | CallRefused::Unreachable(_) | CallRefused::TimedOut(_) => {
            Some(CallFailure::Unserved)
        }
        CallRefused::Rate(_)
        | CallRefused::Request(_)
        | CallRefused::Denied(_)
        | CallRefused::Credential(_)
        | CallRefused::Breaker(_)
        | CallRefused::Rates { .. }
        | CallRefused::Budget(_)
        | CallRefused::SecretHeader(_)
        | CallRefused::Secret { .. }
        | CallRefused::Encoded(_)
        | CallRefused::Address(_)
        | CallRefused::AnswerTooLong(_)
        | CallRefused::ResponseTooLong { .. } => None,
    }
}

/// `retry-after` in seconds; a date would be one by the provider's clock.
fn asked_wait(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::CallFailure::{Limited, Unreachable, Unserved};
    use super::*;

    fn rule(host: &str) -> EgressRule {
        serde_yaml::from_str(&format!("{{url: 'https://{host}/', cost_per_call: 0.5}}")).unwrap()
    }

    fn seen(status: u16, wait: &str) -> Seen {
        let mut headers = HeaderMap::new();
        headers.insert(header::RETRY_AFTER, wait.parse().unwrap());
        Seen::new(StatusCode::from_u16(status).unwrap(), &headers, b"12345", None)
    }

    #[test]
    fn what_speaks_against_a_provider_is_told_from_what_does_not() {
        for (status, wait, failure, kept) in [
            (200, "7", None, None),
            (302, "7", None, None),
            (404, "7", None, None),
            (429, "7", Some(Limited), Some(7)),
            (429, "soon", Some(Limited), None),
            (429, "-1", Some(Limited), None),
            (500, "7", Some(Unserved), None),
            (503, " 7 ", Some(Unserved), Some(7)),
            (599, "7", Some(Unserved), None),
        ] {
            let ended = Ended::new(&rule("a.example"), 3, Ok(&seen(status, wait)), Duration::ZERO);
            assert_eq!(
                (ended.failure, ended.wait),
                (failure, kept.map(Duration::from_secs)),
                "{status} {wait}"
            );
            assert_eq!((ended.bytes_out, ended.bytes_in, ended.cost.to_string()), (3, 5, "0.50".to_owned()));
        }
    }

    #[test]
    fn whoever_gives_no_answer_is_judged_by_why() {
        let text = String::new;
        for (refused, narrow, wide) in [
            (CallRefused::Unconnected(text()), Some(Unreachable), Some(Unserved)),
            (CallRefused::Unreachable(text()), Some(Unserved), Some(Unserved)),
            (CallRefused::TimedOut(30), Some(Unserved), Some(Unserved)),
            (CallRefused::AnswerTooLong(1), None, None),
            (CallRefused::Address(text()), None, None),
            (CallRefused::Encoded(text()), None, None),
            (CallRefused::Budget(text()), None, None),
        ] {
            for (host, failure) in [("a.example", narrow), ("*.a.example", wide)] {
                let ended = Ended::new(&rule(host), 0, Err(&refused), Duration::ZERO);
                assert_eq!(ended.failure, failure, "{refused:?} {host}");
            }
        }
    }
}
