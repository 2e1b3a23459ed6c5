//! What the governor does over the store: read, ask the rules, commit in one transaction.
//!
//! Never decides by itself. Fragments ([`Governor::reserve`], [`Governor::settle`], [`Governor::escalate`])
//! become part of somebody else's transaction, so that money moves if and only if the claim does.

mod account;
mod claim;
mod error;
mod help;
mod overview;
mod policy;
mod rails;
mod registration;
mod watching;

pub use super::authorisation::authorise;
pub use super::help::{Help, HelpRequest};
pub use super::settlement::Settling;
pub use account::ACCOUNT_QUERIES;
pub use error::GovernorError;
pub use overview::{BudgetLine, SwarmLine};
pub use rails::{RailChoice, RailError, RailLine, RailRecorded, RailReport, RailWish};
pub use registration::{Change, Registered, Registration};

use crate::clock::Clock;
use crate::store::Store;

/// The governor; clones share the connection.
#[derive(Debug, Clone)]
pub struct Governor {
    store: Store,
    clock: Clock,
}

impl Governor {
    /// A governor over `store`.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }
}
