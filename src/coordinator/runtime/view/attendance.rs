//! Workers that were connected, are not any more, and have not said that they leave: kept up to date with each change.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use super::Worker;
use crate::id::{SessionId, SwarmId};

/// Who is noted as present, and of these who is not there.
#[derive(Debug, Default)]
pub(super) struct Attendance {
    noted: HashSet<Worker>,
    vanished: BTreeMap<SwarmId, BTreeSet<SessionId>>,
}

impl Attendance {
    /// Notes whether a worker is noted as present.
    pub(super) fn set_noted(&mut self, worker: &Worker, is_noted: bool, is_connected: bool) {
        if is_noted {
            self.noted.insert(worker.clone());
        } else {
            self.noted.remove(worker);
        }
        self.set_connected(worker, is_connected);
    }

    /// Notes whether a worker is connected.
    pub(super) fn set_connected(&mut self, worker: &Worker, is_connected: bool) {
        let (swarm, session) = worker;
        if !is_connected && self.noted.contains(worker) {
            self.vanished.entry(swarm.clone()).or_default().insert(session.clone());
        } else if let Some(sessions) = self.vanished.get_mut(swarm) {
            sessions.remove(session);
            if sessions.is_empty() {
                self.vanished.remove(swarm);
            }
        }
    }

    /// The vanished workers, by swarm.
    pub(super) fn vanished(&self) -> &BTreeMap<SwarmId, BTreeSet<SessionId>> {
        &self.vanished
    }
}
