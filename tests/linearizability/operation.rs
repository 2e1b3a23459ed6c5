//! What clients did and what they were told: one operation each, with the moments between which it took effect.

use std::fmt;

use infrafabric::coordinator::Token;

/// Microseconds since the recording began.
pub(super) type Moment = u64;

/// One claim, however often it is asked for.
pub(super) type ClaimNumber = usize;

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Call {
    Claim(ClaimNumber),
    Complete(Token),
    Release(Token),
    /// Nobody's call: the lease of this claim ends. It may happen any time after it was asked, or never.
    Lapse(ClaimNumber),
}

/// What the client was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Won(Token),
    /// Somebody else has it.
    Lost(String),
    /// Nobody can have it any more.
    Over,
    Accepted,
    Stale,
    /// Nothing: it may have happened, may yet happen, or never.
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) client: String,
    pub(super) call: Call,
    pub(super) answer: Answer,
    pub(super) invoked: Moment,
    /// None when there was no answer.
    pub(super) returned: Option<Moment>,
}

impl Operation {
    pub(super) fn claim(&self) -> Option<ClaimNumber> {
        if let Call::Claim(claim) = self.call { Some(claim) } else { None }
    }

    pub(super) fn lapse(&self) -> Option<ClaimNumber> {
        if let Call::Lapse(claim) = self.call { Some(claim) } else { None }
    }

    /// Whether it can change nothing, so that a history without it is linearizable if it is with it.
    pub(super) fn only_looks(&self) -> bool {
        matches!(self.answer, Answer::Lost(_) | Answer::Over | Answer::Stale)
    }

    /// As it was known at a moment; none if it had not begun.
    pub(super) fn as_of(&self, moment: Moment) -> Option<Self> {
        match self.returned {
            _ if self.invoked > moment => None,
            Some(returned) if returned > moment => {
                Some(Self { answer: Answer::Unknown, returned: None, ..self.clone() })
            }
            _ => Some(self.clone()),
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { client, call, answer, invoked, returned } = self;
        let returned = returned.map_or_else(|| "?".to_owned(), |moment| moment.to_string());
        write!(f, "{invoked:>10} {returned:>10} µs  {client} ")?;
        match call {
            Call::Claim(claim) => write!(f, "claims (claim {claim})")?,
            Call::Complete(token) => write!(f, "completes with {token}")?,
            Call::Release(token) => write!(f, "releases with {token}")?,
            Call::Lapse(claim) => write!(f, "may lose the lease of claim {claim} from here on")?,
        }
        match answer {
            Answer::Won(token) => write!(f, ": won, token {token}"),
            Answer::Lost(holder) => write!(f, ": lost to {holder}"),
            Answer::Over => f.write_str(": not to be had"),
            Answer::Accepted => f.write_str(": accepted"),
            Answer::Stale => f.write_str(": stale"),
            Answer::Unknown => Ok(()),
        }
    }
}
