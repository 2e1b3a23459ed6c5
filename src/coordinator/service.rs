//! What can be done with tasks: read, ask a rule, commit in one transaction.
//!
//! Every operation is one method of [`Coordinator`], called by a command or by the leader alike. A compare
//! that fails is an outcome (somebody was faster), not an error; it is retried where trying again makes sense.

mod adopt;
mod allotment;
mod attempted;
mod best;
mod bulk;
mod calls;
mod charge;
mod claim;
mod decide;
mod demand;
mod dependents;
mod diagnosis;
mod error;
mod fence;
mod finish;
mod health;
mod help;
mod inspect;
mod lead;
mod mail;
mod situation;
mod stop;
mod submit;

use crate::clock::{Clock, Timestamp};
use crate::governor::service::Governor;
use crate::store::{Precondition, Store, Transaction};

pub(super) use claim::DEEPEST;
pub use claim::{Admissible, Claim, ClaimOutcome, Ground, Prepared, assess, prepare};
pub use diagnosis::Overdue;
pub use error::CoordinatorError;
pub use fence::Held;
pub use finish::{Blocking, Failing, Finished};
pub use help::{HelpOutcome, HelpWish, Helper, Pending};
pub use inspect::{CoordinatorStatus, OldestReady, Published, SwarmSummary, TaskDetail};
pub use situation::{Epoch, Owner, Situation};
pub use stop::Canceling;
pub use submit::Submitted;

/// How often a transaction is tried when somebody else was faster.
const TRIES: u32 = 64;

/// The use-cases over tasks.
#[derive(Debug, Clone)]
pub struct Coordinator {
    store: Store,
    governor: Governor,
    clock: Clock,
}

/// In whose name something is done, and whether only a leader may.
#[derive(Debug, Clone)]
pub struct Authority {
    by: String,
    leadership: Option<i64>,
}

impl Authority {
    /// A swarm, a person, a program.
    #[must_use]
    pub fn of(by: impl Into<String>) -> Self {
        Self { by: by.into(), leadership: None }
    }

    /// The leader: nothing is written any more once the leader key created by this revision is gone.
    #[must_use]
    pub fn leader(by: impl Into<String>, create_revision: i64) -> Self {
        Self { by: by.into(), leadership: Some(create_revision) }
    }

    /// The name.
    #[must_use]
    pub fn by(&self) -> &str {
        &self.by
    }

    fn fence(&self, transaction: Transaction) -> Transaction {
        match self.leadership {
            Some(revision) => {
                transaction.when(Precondition::created_at(&crate::store::Key::Leader, revision))
            }
            None => transaction,
        }
    }
}

impl Coordinator {
    /// The coordinator over a store.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self { governor: Governor::new(store.clone(), clock.clone()), store, clock }
    }

    /// The governor it asks.
    #[must_use]
    pub fn governor(&self) -> &Governor {
        &self.governor
    }

    /// The store it works on.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    fn now(&self) -> Timestamp {
        self.clock.now()
    }
}
