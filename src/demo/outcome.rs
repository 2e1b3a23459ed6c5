//! What the demonstration shows in the end.

use std::time::Duration;

use serde::Serialize;

use super::attack::Attack;
use super::ledger::Violation;
use crate::coordinator::{Reason, State};
use crate::governor::{BreakerState, Escalation};
use crate::id::{SwarmId, TaskId};
use crate::money::Money;

/// What the same backlog came to when it was coordinated by polling a git repository: the record of twelve
/// hours in November 2025, counted by distinct session and task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Recorded {
    /// Tasks that somebody finished.
    pub tasks_done: usize,
    /// Completions in all.
    pub completions: usize,
    /// Completions of what was done already.
    pub redundant: usize,
}

impl Recorded {
    /// The record.
    pub const HISTORY: Self = Self { tasks_done: 27, completions: 56, redundant: 29 };
}

/// How one task ended.
#[derive(Debug, Clone, Serialize)]
pub struct TaskOutcome {
    /// The task.
    pub task: TaskId,
    /// What it is.
    pub title: String,
    /// Where it stands.
    pub state: State,
    /// More precisely.
    pub reason: Option<Reason>,
    /// Who worked on it last.
    pub owner: Option<SwarmId>,
    /// Whether that swarm was assigned or claimed for itself.
    pub pushed: bool,
    /// How many attempts it took.
    pub attempts: u32,
    /// How often its holder vanished.
    pub lease_losses: u32,
    /// What it cost, in micro-dollars.
    pub spent: Money,
    /// How many completions were accepted.
    pub accepted_completions: usize,
}

/// How one swarm came out of it.
#[derive(Debug, Clone, Serialize)]
pub struct SwarmOutcome {
    /// The swarm.
    pub swarm: SwarmId,
    /// Its status word.
    pub status: String,
    /// How many tasks it completed.
    pub completed: usize,
    /// What it has spent, in micro-dollars.
    pub spent: Money,
    /// What it has set aside, in micro-dollars.
    pub reserved: Money,
    /// What it may spend, in micro-dollars.
    pub cap: Money,
    /// Its breaker.
    pub breaker: BreakerState,
}

/// Help that was given.
#[derive(Debug, Clone, Serialize)]
pub struct HelpGiven {
    /// The task that was blocked.
    pub blocked: TaskId,
    /// The task that helped.
    pub help: TaskId,
    /// Who helped.
    pub helper: Option<SwarmId>,
    /// What it cost, in micro-dollars.
    pub cost: Money,
    /// The answer.
    pub answer: Option<String>,
    /// From the block to the helper's receipt, in microseconds.
    pub found_after_us: Option<u128>,
}

/// How long pushes took, from submitted or unblocked to received, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Latency {
    /// How many pushes were measured.
    pub pushes: usize,
    /// Half of them were faster.
    pub p50_us: u128,
    /// 99 of 100 were faster.
    pub p99_us: u128,
}

impl Latency {
    /// Percentiles by nearest rank; `None` without any measurement.
    #[must_use]
    pub fn of(latencies: &[Duration]) -> Option<Self> {
        let mut sorted: Vec<_> = latencies.iter().map(Duration::as_micros).collect();
        sorted.sort_unstable();
        let rank =
            |percent: usize| sorted.get((sorted.len() * percent).div_ceil(100).saturating_sub(1)).copied();
        Some(Self { pushes: sorted.len(), p50_us: rank(50)?, p99_us: rank(99)? })
    }
}

/// Everything the demonstration shows.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Every task.
    pub tasks: Vec<TaskOutcome>,
    /// Every swarm.
    pub swarms: Vec<SwarmOutcome>,
    /// What became of modules that meant harm.
    pub attacks: Vec<Attack>,
    /// The help that was given.
    pub help: Vec<HelpGiven>,
    /// Where a human was called.
    pub escalations: Vec<Escalation>,
    /// How long pushes took.
    pub push_latency: Option<Latency>,
    /// The worker process that was killed, and what it was working on.
    pub killed: Option<(u32, TaskId)>,
    /// Tasks of the backlog that were completed.
    pub backlog_done: usize,
    /// Completions of backlog tasks that were accepted.
    pub backlog_completions: usize,
    /// The same backlog, coordinated by polling.
    pub recorded: Recorded,
    /// The store's revision at the end.
    pub revision: i64,
    /// How long it took, in milliseconds.
    pub took_ms: u128,
    /// Every promise that was broken.
    pub violations: Vec<Violation>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_by_nearest_rank() {
        let latencies: Vec<_> = (1..=200).map(Duration::from_micros).collect();
        assert_eq!(Latency::of(&latencies), Some(Latency { pushes: 200, p50_us: 100, p99_us: 198 }));
        let one = [Duration::from_micros(7)];
        assert_eq!(Latency::of(&one), Some(Latency { pushes: 1, p50_us: 7, p99_us: 7 }));
        assert_eq!(Latency::of(&[]), None);
    }
}
