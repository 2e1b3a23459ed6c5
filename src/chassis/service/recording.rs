//! The record of a swarm: every task that ran, whoever else records at the same time.
//!
//! Tasks of one process that end while a write is under way go into the next one together, so that many tasks cost few
//! writes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::writing::Writing;
use super::{Chassis, ChassisError};
use crate::chassis::ledger::Ended;
use crate::chassis::{Contract, Sample, SandboxError};
use crate::id::SwarmId;

/// How many tasks one write takes: each may compare and put a mark, and etcd takes 128 operations in one transaction.
const MOST_AT_ONCE: usize = 100;

/// What waits to be recorded, by swarm. A swarm that is in here has somebody who writes for it.
#[derive(Debug, Clone, Default)]
pub(super) struct Recorder(Arc<Mutex<HashMap<SwarmId, Vec<Waiting>>>>);

#[derive(Debug)]
struct Waiting {
    ended: Ended,
    recorded: oneshot::Sender<Result<(), Arc<ChassisError>>>,
}

impl Recorder {
    fn queues(&self) -> MutexGuard<'_, HashMap<SwarmId, Vec<Waiting>>> {
        // A queue is whole between any two statements: whoever died has left it so.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets a task wait; true when nobody writes for the swarm yet.
    fn push(&self, swarm: &SwarmId, waiting: Waiting) -> bool {
        let mut queues = self.queues();
        let is_idle = !queues.contains_key(swarm);
        queues.entry(swarm.clone()).or_default().push(waiting);
        is_idle
    }

    /// What to write next; when there is none, nobody writes for the swarm any more.
    fn pop(&self, swarm: &SwarmId) -> Option<Vec<Waiting>> {
        let mut queues = self.queues();
        let waiting = queues.get_mut(swarm)?;
        if waiting.is_empty() {
            queues.remove(swarm);
            return None;
        }
        Some(waiting.drain(..waiting.len().min(MOST_AT_ONCE)).collect())
    }
}

impl Chassis {
    /// Adds a task that ran under `contract` to its swarm's record, whoever else adds to it at the same time. Goes on when
    /// the future is dropped.
    pub(super) async fn record(&self, contract: &Contract, sample: Sample) -> Result<(), Arc<ChassisError>> {
        let swarm = contract.swarm_id().clone();
        let (slos, contract_version) = (contract.slos().clone(), contract.version().to_owned());
        let (recorded, outcome) = oneshot::channel();
        let ended = Ended { sample, slos, contract_version };
        if self.recorder.push(&swarm, Waiting { ended, recorded }) {
            let (chassis, swarm) = (self.clone(), swarm.clone());
            tokio::spawn(async move { chassis.write_all(&swarm).await });
        }
        outcome.await.unwrap_or_else(|_| Err(Arc::new(ChassisError::Contended { swarm })))
    }

    /// Writes until nothing waits.
    async fn write_all(&self, swarm: &SwarmId) {
        while let Some(waiting) = self.recorder.pop(swarm) {
            let (ended, recorded): (Vec<_>, Vec<_>) =
                waiting.into_iter().map(|waiting| (waiting.ended, waiting.recorded)).unzip();
            let (chassis, owner) = (self.clone(), swarm.clone());
            // In a task of its own: should it die, the next ones are written all the same.
            let written = tokio::spawn(async move { Writing::new(&chassis, &owner, &ended).write().await });
            let died = |error| Err(SandboxError::Host(Box::new(error)).into());
            let outcome = written.await.unwrap_or_else(died).map_err(Arc::new);
            for recorded in recorded {
                // Whoever waited may have gone.
                let _ = recorded.send(outcome.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chassis::contract::Slos;
    use crate::chassis::{Outcome, Sample};
    use crate::clock::Timestamp;

    fn waiting() -> Waiting {
        let sample =
            Sample::new(Timestamp::from_micros(0), std::time::Duration::ZERO, Outcome::Success, None);
        let ended = Ended { sample, slos: Slos::default(), contract_version: "1".to_owned() };
        Waiting { ended, recorded: oneshot::channel().0 }
    }

    #[test]
    fn one_writes_for_a_swarm_until_nothing_waits() {
        let recorder = Recorder::default();
        let [one, other]: [SwarmId; 2] = ["s1", "s2"].map(|swarm| swarm.parse().unwrap());
        assert!(recorder.push(&one, waiting()));
        assert!(recorder.push(&other, waiting()), "each swarm has its own");
        for _ in 0..MOST_AT_ONCE {
            assert!(!recorder.push(&one, waiting()), "somebody writes already");
        }
        let popped = || recorder.pop(&one).map(|waiting| waiting.len());
        assert_eq!([popped(), popped()], [Some(MOST_AT_ONCE), Some(1)]);
        assert!(!recorder.push(&one, waiting()), "he still writes");
        assert_eq!([popped(), popped()], [Some(1), None]);
        assert!(recorder.push(&one, waiting()));
    }
}
