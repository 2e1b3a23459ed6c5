//! What one read tells of a task: its keys at one revision.

use crate::coordinator::hold::Hold;
use crate::coordinator::task::TaskRecord;
use crate::coordinator::token::Token;
use crate::governor::TaskBudget;
use crate::id::{TaskId, UNCLAIMED};
use crate::store::{Entry, Key, Precondition, Query, Snapshot, StoreError, Versioned};

/// The store's epoch as it was read; absent counts as 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Epoch {
    /// Raised by every restore or migration.
    pub number: u64,
    mod_revision: i64,
}

impl Epoch {
    /// Reads the epoch from its entry.
    #[must_use]
    pub fn from_entry(entry: Option<&Entry>) -> Self {
        entry.map_or_else(Self::default, |entry| Self {
            number: entry.text().trim().parse().unwrap_or(u64::MAX),
            mod_revision: entry.mod_revision,
        })
    }

    /// The epoch has not been raised since.
    #[must_use]
    pub fn unchanged(self) -> Precondition {
        Precondition::unchanged(&Key::Epoch, self.mod_revision)
    }
}

/// A task's keys at one revision.
#[derive(Debug, Clone)]
pub struct Situation {
    /// The task.
    pub task: TaskId,
    /// Its record; a raw client may have made the owner key alone.
    pub record: Option<Versioned<TaskRecord>>,
    /// The value of the owner key.
    pub owner: Option<Owner>,
    /// Who works on it.
    pub hold: Option<Versioned<Hold>>,
    /// The store's epoch.
    pub epoch: Epoch,
    /// The budgets that work on it is paid from besides the swarm's: its own, and those of the tasks it helps. Only who
    /// wants to claim it reads them.
    pub budgets: Vec<TaskBudget>,
}

/// The owner key as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// A swarm, or `unclaimed`.
    pub name: String,
    /// The revision that wrote it.
    pub mod_revision: i64,
}

impl Owner {
    /// Reads the owner key.
    #[must_use]
    pub fn from_entry(entry: &Entry) -> Self {
        Self { name: entry.text(), mod_revision: entry.mod_revision }
    }
}

impl Situation {
    /// How many answers of a snapshot it takes.
    pub(super) const WIDTH: usize = 4;

    pub(super) fn queries(task: &TaskId) -> Vec<Query> {
        vec![
            Query::One(Key::Record(task.clone())),
            Query::One(Key::Owner(task.clone())),
            Query::One(Key::Hold(task.clone())),
            Query::One(Key::Epoch),
        ]
    }

    pub(super) fn from_snapshot(task: &TaskId, snapshot: &Snapshot) -> Result<Self, StoreError> {
        Ok(Self {
            task: task.clone(),
            record: snapshot.one(0).map(Entry::versioned).transpose()?,
            owner: snapshot.one(1).map(Owner::from_entry),
            hold: snapshot.one(2).map(Entry::versioned).transpose()?,
            epoch: Epoch::from_entry(snapshot.one(3)),
            budgets: Vec::new(),
        })
    }

    /// The token of the present hold.
    #[must_use]
    pub fn token(&self) -> Option<Token> {
        let hold = self.hold.as_ref()?;
        Some(Token { epoch: self.epoch.number, revision: hold.create_revision })
    }

    /// Who holds or owns the task now, in words for a rival. An owner that is left when all is over holds nothing.
    #[must_use]
    pub fn holder(&self) -> Option<String> {
        let claimed = |owner: &Owner| (owner.name != UNCLAIMED).then(|| owner.name.clone());
        match &self.hold {
            Some(hold) => Some(hold.value.swarm.to_string()),
            None if self.record.as_ref().is_some_and(|record| record.value.state.is_terminal()) => None,
            None => self.owner.as_ref().and_then(claimed),
        }
    }
}
