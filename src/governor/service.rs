//! What the governor does over the store: read, ask the rules, commit in one transaction.
//!
//! Never decides by itself. Fragments ([`Governor::reserve`], [`Governor::settle`], [`Governor::escalate`])
//! become part of somebody else's transaction, so that money moves if and only if the claim does.

mod account;
mod capabilities;
mod claim;
mod error;
mod escalations;
mod help;
mod outbox;
mod overview;
mod policy;
mod registration;
mod registry;
mod swarm;
mod unregistration;
mod watching;

pub use super::authorisation::authorise;
pub use super::help::{Help, HelpRequest};
pub use super::settlement::Settling;
pub use account::ACCOUNT_QUERIES;
pub use capabilities::Misspelling;
pub use error::GovernorError;
pub use escalations::Called;
pub use outbox::{Noted, Outbox};
pub use overview::{BudgetLine, SwarmLine};
pub use policy::BadPolicy;
pub use registration::{Change, Registered, Registration};
pub use registry::Declared;
pub use swarm::{SwarmDetail, SwarmTask};
pub use unregistration::Unregistered;

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
