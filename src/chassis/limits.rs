//! Limits: what one task may use.

use std::time::Duration;

use super::contract::ResourceRequirements;
use crate::clock::Timestamp;

/// What one task may use. The share of a core is the swarm's: all tasks that it runs have it together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// All memories and tables together, in bytes.
    pub memory_bytes: usize,
    /// Share of one core, 1 to 100. A task shorter than one tick of the sandbox (5 ms) is not slowed itself; the next one
    /// of its swarm is.
    pub cpu_percent: u32,
    /// How long the task may take on the wall clock.
    pub execution_time: Duration,
    /// One line of log, in bytes; the rest of the line is cut.
    pub log_line_bytes: usize,
    /// The log of one task, in bytes; one that logs more is stopped.
    pub log_bytes: usize,
    /// The answer, in bytes.
    pub result_bytes: usize,
    /// A request to an outside service, in bytes.
    pub request_bytes: usize,
    /// The response of an outside service, in bytes.
    pub response_bytes: usize,
    /// What a component may hand to the host in one call, in bytes.
    pub hostcall_bytes: usize,
    /// The handles that a component may hold at a time.
    pub handles: usize,
}

impl Limits {
    /// The limits of a task that begins now and must have ended at its deadline, if it has one.
    #[must_use]
    pub fn until(&self, deadline: Option<Timestamp>, now: Timestamp) -> Self {
        let left = deadline.map_or(self.execution_time, |deadline| deadline.since(now));
        Self { execution_time: self.execution_time.min(left), ..self.clone() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::from(&ResourceRequirements::default())
    }
}

impl From<&ResourceRequirements> for Limits {
    fn from(requirements: &ResourceRequirements) -> Self {
        let mebibytes = usize::try_from(requirements.max_memory_mb.get()).unwrap_or(usize::MAX);
        Self {
            memory_bytes: mebibytes.saturating_mul(1 << 20),
            cpu_percent: requirements.max_cpu_percent.get(),
            execution_time: Duration::from_secs(requirements.max_execution_time_seconds.get().into()),
            log_line_bytes: 8 << 10,
            log_bytes: 1 << 20,
            result_bytes: 1 << 20,
            request_bytes: 1 << 20,
            response_bytes: 1 << 20,
            hostcall_bytes: 4 << 20,
            handles: 4096,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_has_the_time_of_its_contract_or_until_its_deadline_whichever_is_less() {
        let limits = Limits { execution_time: Duration::from_secs(10), ..Limits::default() };
        let now = Timestamp::from_micros(50_000_000);
        for (deadline, seconds) in [(None, 10), (Some(90), 10), (Some(57), 7), (Some(50), 0), (Some(40), 0)] {
            let deadline = deadline.map(|second: i64| Timestamp::from_micros(second * 1_000_000));
            let until = limits.until(deadline, now);
            assert_eq!(until.execution_time, Duration::from_secs(seconds), "{deadline:?}");
            assert_eq!(Limits { execution_time: limits.execution_time, ..until }, limits);
        }
    }
}
