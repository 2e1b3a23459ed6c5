//! What a task is to its clients, if one thing happens after the other: the promise that histories are held against.

use infrafabric::coordinator::Token;

use super::operation::{Answer, Call, ClaimNumber, Operation};

/// A task between two operations.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct Register {
    /// The newest token that anybody was given.
    newest: Option<Token>,
    holding: Holding,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
enum Holding {
    #[default]
    Nobody,
    /// The token is unknown as long as only the store knows of the claim.
    Held {
        claim: ClaimNumber,
        by: String,
        token: Option<Token>,
    },
    /// The lease has ended. The leader makes it ready again at some moment that no client sees, or takes it out.
    Lapsed {
        by: String,
    },
    Done {
        by: String,
        token: Token,
    },
}

impl Register {
    /// The task after the operation; none when it could not have had this answer, or no effect if it had none.
    pub(super) fn after(&self, operation: &Operation) -> Option<Self> {
        let Operation { client, call, answer, .. } = operation;
        match call {
            Call::Claim(claim) => self.claimed(*claim, client, answer),
            Call::Complete(token) => self.ended(*token, answer, |by| Holding::Done { by, token: *token }),
            Call::Release(token) => self.ended(*token, answer, |_| Holding::Nobody),
            Call::Lapse(claim) => self.lapsed(*claim),
        }
    }

    fn claimed(&self, claim: ClaimNumber, client: &str, answer: &Answer) -> Option<Self> {
        let held = |token| Holding::Held { claim, by: client.to_owned(), token };
        match (&self.holding, answer) {
            (Holding::Nobody | Holding::Lapsed { .. }, Answer::Won(token)) => {
                self.given(*token, held(Some(*token)))
            }
            (Holding::Held { claim: present, token: None, .. }, Answer::Won(token)) if *present == claim => {
                self.given(*token, held(Some(*token)))
            }
            (Holding::Held { claim: present, token: Some(given), .. }, Answer::Won(token)) => {
                (*present == claim && given == token).then(|| self.clone())
            }
            (Holding::Nobody | Holding::Lapsed { .. }, Answer::Unknown) => self.become_of(held(None)),
            (
                Holding::Held { by, .. } | Holding::Lapsed { by } | Holding::Done { by, .. },
                Answer::Lost(holder),
            ) => (by == holder).then(|| self.clone()),
            (Holding::Done { .. } | Holding::Lapsed { .. }, Answer::Over) => Some(self.clone()),
            _ => None,
        }
    }

    /// Tokens only grow.
    fn given(&self, token: Token, holding: Holding) -> Option<Self> {
        (self.newest < Some(token)).then_some(Self { newest: Some(token), holding })
    }

    #[expect(clippy::unnecessary_wraps, reason = "one form for all that may happen")]
    fn become_of(&self, holding: Holding) -> Option<Self> {
        Some(Self { newest: self.newest, holding })
    }

    fn ended(&self, token: Token, answer: &Answer, end: impl FnOnce(String) -> Holding) -> Option<Self> {
        let present = match &self.holding {
            Holding::Held { by, token: Some(given), .. } if *given == token => Some((by, false)),
            Holding::Done { by, token: given } if *given == token => Some((by, true)),
            _ => None,
        };
        match (present, answer) {
            (Some((by, false)), Answer::Accepted | Answer::Unknown) => self.become_of(end(by.clone())),
            // Repeating the one that was accepted is harmless.
            (Some((_, true)), Answer::Accepted) | (None, Answer::Stale) => Some(self.clone()),
            _ => None,
        }
    }

    fn lapsed(&self, claim: ClaimNumber) -> Option<Self> {
        match &self.holding {
            Holding::Held { claim: present, by, .. } if *present == claim => {
                self.become_of(Holding::Lapsed { by: by.clone() })
            }
            _ => None,
        }
    }
}
