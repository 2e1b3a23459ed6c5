//! What carries out the tasks of a worker: a program of its own for each, or the sandbox.
//!
//! The worker takes tasks, keeps them alive and reports what comes of them; a runner does the work in between, and
//! writes nothing of the task itself.

use std::time::Duration;

use serde_json::json;
use tokio::sync::watch;

use crate::coordinator::task::{TaskError, TaskRecord};
use crate::coordinator::token::Token;
use crate::id::TaskId;
use crate::money::Money;

/// A task that a worker holds.
#[derive(Debug, Clone)]
pub struct Assigned {
    /// The task.
    pub record: TaskRecord,
    /// Proof of being its holder.
    pub token: Token,
    /// What the submitter handed over.
    pub payload: Option<String>,
    /// What helpers answered.
    pub help: Vec<(TaskId, String)>,
    /// How long it may go on after it was told to stop.
    pub grace: Duration,
}

impl Assigned {
    /// The task as JSON, as whoever works on it gets it. A payload that is JSON stands in it as JSON.
    #[must_use]
    pub fn input(&self) -> serde_json::Value {
        let parsed = |text: &str| serde_json::from_str(text).unwrap_or_else(|_| json!(text));
        let help: serde_json::Map<_, _> =
            self.help.iter().map(|(task, result)| (task.to_string(), parsed(result))).collect();
        json!({
            "id": self.record.id,
            "title": self.record.title,
            "attempt": self.record.attempt,
            "required_capabilities": self.record.required_capabilities,
            "estimated_hours": self.record.estimated_hours,
            "payload": self.payload.as_deref().map(parsed),
            "help": help,
        })
    }
}

/// How work on a task ended.
#[derive(Debug)]
pub enum Ending {
    /// It was done.
    Done {
        /// What it produced.
        result: Vec<u8>,
        /// What it says it cost.
        cost: Option<Money>,
    },
    /// It failed.
    Failed {
        /// Why.
        error: TaskError,
        /// What it says it cost.
        cost: Option<Money>,
    },
    /// It was told to stop, and had not come to an end.
    Stopped {
        /// What it says it has cost.
        cost: Option<Money>,
    },
}

/// Why work on a task is to stop. What stands further down weighs more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stop {
    /// The worker ends: what comes to its end within the grace counts.
    WorkerEnds,
    /// The connection is lost: another worker may have the task already.
    Disconnected,
    /// The hold is gone: whatever comes of it counts no more.
    HoldLost,
}

/// Tells a runner when to stop.
#[derive(Debug, Clone)]
pub struct Stops {
    told: watch::Receiver<Option<Stop>>,
}

/// The other end of [`Stops`].
#[derive(Debug)]
pub(super) struct Stopper {
    tell: watch::Sender<Option<Stop>>,
}

impl Stops {
    pub(super) fn new() -> (Stopper, Self) {
        let (tell, told) = watch::channel(None);
        (Stopper { tell }, Self { told })
    }

    /// Waits until it is told to stop.
    pub async fn told(&mut self) -> Stop {
        self.at_least(Stop::WorkerEnds).await
    }

    /// Waits until it is told to stop for a reason that weighs as much, or more.
    pub async fn at_least(&mut self, least: Stop) -> Stop {
        let told = self.told.wait_for(|told| told.is_some_and(|told| told >= least)).await;
        // Otherwise nobody is left who would hear of the work.
        told.map_or(None, |told| *told).unwrap_or(Stop::HoldLost)
    }
}

impl Stopper {
    /// Tells it; what was told before and weighs more stands.
    pub(super) fn tell(&self, stop: Stop) {
        self.tell.send_if_modified(|told| {
            let more = *told < Some(stop);
            if more {
                *told = Some(stop);
            }
            more
        });
    }

    /// What it was told.
    pub(super) fn said(&self) -> Option<Stop> {
        *self.tell.borrow()
    }
}

/// Carries out tasks. Clones are the same runner.
pub trait Runner: Clone + Send + Sync + 'static {
    /// Why it can run no task any more. That is no task's fault: the worker gives back what it holds, and ends.
    type Error: std::error::Error + Send + Sync + 'static;

    /// Runs one task to its end, or until it is told to stop. Dropping the future ends the work at once.
    fn run(&self, task: Assigned, stops: Stops) -> impl Future<Output = Result<Ending, Self::Error>> + Send;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_lost_hold_weighs_more_than_the_end_of_the_worker() {
        let (stopper, mut stops) = Stops::new();
        assert_eq!(stopper.said(), None);
        stopper.tell(Stop::WorkerEnds);
        assert_eq!(stops.told().await, Stop::WorkerEnds);
        stopper.tell(Stop::HoldLost);
        stopper.tell(Stop::WorkerEnds);
        assert_eq!(stops.told().await, Stop::HoldLost);
        assert_eq!(stops.at_least(Stop::Disconnected).await, Stop::HoldLost);
    }

    #[tokio::test]
    async fn work_that_nobody_waits_for_any_more_is_to_stop() {
        let (stopper, mut stops) = Stops::new();
        drop(stopper);
        assert_eq!(stops.told().await, Stop::HoldLost);
    }
}
