//! What changed since somebody asked last: which tasks and swarms to look at anew, and signs of life and trouble.

use std::collections::{HashMap, HashSet};

use super::Worker;
use crate::clock::Timestamp;
use crate::coordinator::task::TaskRecord;
use crate::governor::{Outcome, Settlement};
use crate::id::{SessionId, SwarmId, TaskId};
use crate::store::{Entry, StoreError};

/// What to look at anew.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The policy is another one, and with it everything.
    pub everything: bool,
    /// Tasks of which a key changed.
    pub tasks: HashSet<TaskId>,
    /// Swarms whose accounts changed.
    pub swarms: HashSet<SwarmId>,
    /// Workers that came, went, or hold more or less than before.
    pub workers: HashSet<Worker>,
}

/// What a swarm has shown of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// A worker connected.
    Came(SwarmId),
    /// A worker left of its own will.
    Left(SwarmId),
    /// A worker's lease ended without a word.
    Lost(SwarmId),
    /// A claim ended.
    Ended(SwarmId, Outcome),
    /// A push arrived.
    Received(Receipt),
}

/// The way of a push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    /// When the task became ready.
    pub ready: Timestamp,
    /// When it was pushed.
    pub assigned: Timestamp,
    /// When its worker took it up.
    pub received: Timestamp,
}

/// What is to be told.
#[derive(Debug, Default)]
pub(super) struct News {
    change: Change,
    signs: Vec<Sign>,
    /// Sessions that ended without a word; what became of their holds tells why.
    departed: Vec<SwarmId>,
}

impl News {
    pub(super) fn take_change(&mut self) -> Change {
        std::mem::take(&mut self.change)
    }

    pub(super) fn take_signs(&mut self) -> Vec<Sign> {
        std::mem::take(&mut self.signs)
    }

    /// Begins: everything is to be looked at, and what was there already is no sign of anything.
    pub(super) fn begin(&mut self) {
        *self = Self::default();
        self.everything();
    }

    pub(super) fn everything(&mut self) {
        self.change.everything = true;
    }

    pub(super) fn task(&mut self, task: &TaskId) {
        if !self.change.tasks.contains(task) {
            self.change.tasks.insert(task.clone());
        }
    }

    pub(super) fn swarm(&mut self, swarm: &SwarmId) {
        if !self.change.swarms.contains(swarm) {
            self.change.swarms.insert(swarm.clone());
        }
    }

    pub(super) fn worker(&mut self, swarm: &SwarmId, session: &SessionId) {
        self.change.workers.insert((swarm.clone(), session.clone()));
    }

    pub(super) fn came(&mut self, swarm: &SwarmId) {
        self.signs.push(Sign::Came(swarm.clone()));
    }

    pub(super) fn went(&mut self, swarm: &SwarmId, by_its_own_will: bool) {
        if by_its_own_will {
            self.signs.push(Sign::Left(swarm.clone()));
        } else {
            self.departed.push(swarm.clone());
        }
    }

    /// A lease that ends takes the holds with the session; a swarm that holds something still has let go of the
    /// session only.
    pub(super) fn settle_departures(&mut self, holding: &HashMap<SwarmId, u32>) {
        for swarm in self.departed.drain(..) {
            let lives = holding.contains_key(&swarm);
            self.signs.push(if lives { Sign::Left(swarm) } else { Sign::Lost(swarm) });
        }
    }

    pub(super) fn settled(&mut self, entry: Option<&Entry>) -> Result<(), StoreError> {
        if let Some(entry) = entry {
            let settlement: Settlement = entry.json()?;
            // A late report of the cost is no second end.
            if settlement.corrected.is_none() {
                self.signs.push(Sign::Ended(settlement.swarm, settlement.outcome));
            }
        }
        Ok(())
    }

    /// Notes that a push arrived, if it is that what was written.
    pub(super) fn received(&mut self, before: Option<&TaskRecord>, record: &TaskRecord) {
        let is_new = before.is_some_and(|before| before.received_at.is_none());
        if let (true, Some(ready), Some(assigned), Some(received)) =
            (is_new, record.ready_at, record.assigned_at, record.received_at)
        {
            self.signs.push(Sign::Received(Receipt { ready, assigned, received }));
        }
    }
}
