//! What the governor does over the store: read, ask the rules, commit in one transaction.
//!
//! Never decides by itself. Fragments ([`Governor::reserve`], [`Governor::settle`], [`Governor::escalate`])
//! become part of somebody else's transaction, so that money moves if and only if the claim does.

mod account;
mod breakers;
mod capabilities;
mod caps;
mod charge;
mod claim;
mod contracting;
mod error;
mod escalations;
mod help;
mod outbox;
mod overall;
mod overall_caps;
mod overview;
mod policy;
mod providers;
mod rails;
mod registration;
mod registry;
mod renewal;
mod reset;
mod retention;
mod swarm;
mod task_caps;
mod trip;
mod unregistration;
mod watching;

pub use super::authorisation::authorise;
pub use super::help::{Help, HelpRequest};
pub use super::settlement::Settling;
pub use account::ACCOUNT_QUERIES;
pub use breakers::{BreakerLine, Funds, TrialLine};
pub use capabilities::Misspelling;
pub use caps::{BudgetResult, Budgetary, Budgeted, Budgeting, OverallWish};
pub use charge::{Amending, Charged};
pub use claim::{Claiming, TaskBudgets};
pub use contracting::Contracted;
pub use error::GovernorError;
pub use escalations::Called;
pub use outbox::{Noted, Outbox};
pub use overall::{Allotting, Wish};
pub use overview::{BudgetEntry, BudgetLine, SwarmLine};
pub use policy::BadPolicy;
pub use providers::{NotedCall, Trial, Tried};
pub use rails::{RailChoice, RailError, RailLine, RailRecorded, RailReport, RailWish};
pub use registration::{Change, Registered, Registration};
pub use registry::Declared;
pub use reset::Reset;
pub use swarm::{SwarmDetail, SwarmTask};
pub use trip::Trip;
pub use unregistration::Unregistered;

use crate::clock::Clock;
use crate::store::Store;

/// The governor; clones share the connection.
#[derive(Debug, Clone)]
pub struct Governor {
    store: Store,
    clock: Clock,
}

/// How often a breaker that others keep writing is tried to be written.
const BREAKER_ATTEMPTS: u32 = 20;

impl Governor {
    /// A governor over `store`.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { store, clock }
    }
}

/// How often a charge that others outran is tried again: as many as may charge one budget at once.
const TRIES: u32 = 500;
