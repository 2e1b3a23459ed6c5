//! The report on resources: what a swarm may use, what it uses now, and the most that it ever used.
//!
//! Pure. Nothing running is measured as nothing; what was never reached has no peak.

use std::collections::VecDeque;

use serde::Serialize;

use super::allotment::{Allotment, HostShare};
use super::contract::Contract;
use super::usage::{LiveUsage, Peaks, Usage};
use crate::clock::Timestamp;
use crate::id::SwarmId;

/// How much history is shown, in looks of a second each.
pub const HISTORY: usize = 60;

/// One resource.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Measure<T> {
    /// What the contract allows, if it limits it.
    pub limit: Option<T>,
    /// What is used now.
    pub current: T,
    /// The most that was ever used, if any task ever ran.
    pub peak: Option<T>,
}

/// A process that runs tasks of the swarm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunningProcess {
    /// The machine.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// How many of them.
    pub instances: u64,
}

/// What of the swarm's limits one host may use at the moment.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HostPart {
    /// The machine.
    pub host: String,
    /// Percent of one core.
    pub cpu_percent: f64,
    /// Calls of outside services per second.
    pub calls_per_second: f64,
}

/// What a swarm uses, over all processes that run tasks of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResourcesReport {
    /// The swarm.
    pub swarm: SwarmId,
    /// The version of its contract.
    pub contract_version: String,
    /// Memories and tables, in bytes. The limit is that of each task, the rest of all together.
    pub memory_bytes: Measure<u64>,
    /// Percent of one core.
    pub cpu_percent: Measure<f64>,
    /// Calls of outside services per second, refused ones as well.
    pub calls_per_second: Measure<f64>,
    /// Tasks at once.
    pub instances: Measure<u64>,
    /// How long a task takes, in milliseconds: the one that has run longest, and the longest that has ended.
    pub time_ms: Measure<u64>,
    /// Where its tasks run.
    pub processes: Vec<RunningProcess>,
    /// How hosts divide the limits of processor share and calls.
    pub shares: Vec<HostPart>,
}

impl ResourcesReport {
    /// Holds what is used at `now` against `contract`.
    #[must_use]
    pub fn new(contract: &Contract, live: &[LiveUsage], peaks: Option<Peaks>, now: Timestamp) -> Self {
        let limits = contract.resource_requirements();
        let usage = live.iter().fold(Usage::default(), |sum, live| sum.and(live.usage));
        // What is used now may be more than the record knows: it is written about once a second.
        let ran = peaks.is_some() || !live.is_empty();
        let peaks = ran.then(|| peaks.unwrap_or_default().raised(Peaks::of(&usage)));
        let seconds = u64::from(limits.max_execution_time_seconds.get());
        let age = usage.oldest.map_or(0, |oldest| millis(now, oldest));
        Self {
            swarm: contract.swarm_id().clone(),
            contract_version: contract.version().to_owned(),
            memory_bytes: Measure {
                limit: Some(u64::from(limits.max_memory_mb.get()) << 20),
                current: usage.memory_bytes,
                peak: peaks.map(|peaks| peaks.memory_bytes),
            },
            cpu_percent: Measure {
                limit: Some(f64::from(limits.max_cpu_percent.get())),
                current: usage.cpu_percent,
                peak: peaks.map(|peaks| peaks.cpu_percent),
            },
            calls_per_second: Measure {
                limit: Some(f64::from(limits.max_api_calls_per_second.get())),
                current: usage.calls_per_second,
                peak: peaks.map(|peaks| peaks.calls_per_second),
            },
            instances: Measure {
                limit: None,
                current: usage.instances,
                peak: peaks.map(|peaks| peaks.instances),
            },
            time_ms: Measure {
                limit: Some(seconds * 1000),
                current: age,
                peak: peaks.map(|peaks| peaks.time_ms.max(age)),
            },
            processes: live.iter().map(RunningProcess::of).collect(),
            shares: Vec::new(),
        }
    }

    /// The same, and how hosts divide the limits.
    #[must_use]
    pub fn divided(self, shares: &[HostShare]) -> Self {
        Self { shares: shares.iter().map(HostPart::of).collect(), ..self }
    }

    /// Whether anything was measured anew: time goes by without that.
    #[must_use]
    pub fn differs_from(&self, earlier: &Self) -> bool {
        Self { time_ms: earlier.time_ms, ..self.clone() } != *earlier
            || self.time_ms.limit != earlier.time_ms.limit
    }
}

fn millis(now: Timestamp, then: Timestamp) -> u64 {
    u64::try_from(now.since(then).as_millis()).unwrap_or(u64::MAX)
}

impl RunningProcess {
    fn of(live: &LiveUsage) -> Self {
        Self { host: live.host.clone(), pid: live.pid, instances: live.usage.instances }
    }
}

impl HostPart {
    fn of(share: &HostShare) -> Self {
        let Allotment { milli_calls_per_second, milli_cpu_percent } = share.allotment;
        Self {
            host: share.host.clone(),
            cpu_percent: f64::from(milli_cpu_percent) / 1000.0,
            calls_per_second: f64::from(milli_calls_per_second) / 1000.0,
        }
    }
}

/// What was seen of a swarm in the last minute, a look a second.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct History {
    /// Memory in bytes, oldest first.
    memory_bytes: VecDeque<u64>,
    /// Percent of one core, oldest first.
    cpu_percent: VecDeque<f64>,
}

impl History {
    /// Adds a look.
    pub fn add(&mut self, report: &ResourcesReport) {
        push(&mut self.memory_bytes, report.memory_bytes.current);
        push(&mut self.cpu_percent, report.cpu_percent.current);
    }

    /// Memory in bytes, oldest first.
    pub fn memory_bytes(&self) -> impl Iterator<Item = u64> {
        self.memory_bytes.iter().copied()
    }

    /// Percent of one core, oldest first.
    pub fn cpu_percent(&self) -> impl Iterator<Item = f64> {
        self.cpu_percent.iter().copied()
    }
}

fn push<T>(looks: &mut VecDeque<T>, look: T) {
    looks.push_back(look);
    while looks.len() > HISTORY {
        looks.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract() -> Contract {
        let limits = "{max_memory_mb: 16, max_cpu_percent: 25, max_execution_time_seconds: 5}";
        let text =
            format!("swarm_id: s\nversion: 1.2.0\ncapabilities: [a:b]\nresource_requirements: {limits}\n");
        Contract::parse(&text, "c").unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    fn live(pid: u32, begun: i64) -> LiveUsage {
        let usage = Usage {
            memory_bytes: 1 << 20,
            cpu_percent: 12.5,
            calls_per_second: 1.0,
            instances: 1,
            oldest: Some(at(begun)),
        };
        LiveUsage { usage, host: "h".to_owned(), pid, by: "x".to_owned(), op: "run".to_owned() }
    }

    #[test]
    fn a_swarm_that_never_ran_uses_nothing_and_has_no_peak() {
        let report = ResourcesReport::new(&contract(), &[], None, at(9));
        assert_eq!(report.memory_bytes, Measure { limit: Some(16 << 20), current: 0, peak: None });
        assert_eq!(report.cpu_percent, Measure { limit: Some(25.0), current: 0.0, peak: None });
        assert_eq!(report.instances, Measure { limit: None, current: 0, peak: None });
        assert_eq!(report.time_ms, Measure { limit: Some(5000), current: 0, peak: None });
        assert!(report.processes.is_empty());
    }

    #[test]
    fn processes_are_summed_and_what_is_used_now_is_the_peak_until_there_was_more() {
        let peaks = Peaks { memory_bytes: 1, cpu_percent: 80.0, time_ms: 1, ..Peaks::default() };
        let report = ResourcesReport::new(&contract(), &[live(1, 4), live(2, 3)], Some(peaks), at(9));
        assert_eq!((report.memory_bytes.current, report.memory_bytes.peak), (2 << 20, Some(2 << 20)));
        assert_eq!((report.cpu_percent.current, report.cpu_percent.peak), (25.0, Some(80.0)));
        assert_eq!((report.instances.current, report.instances.peak), (2, Some(2)));
        assert_eq!((report.time_ms.current, report.time_ms.peak), (6000, Some(6000)));
        let pids: Vec<u32> = report.processes.iter().map(|process| process.pid).collect();
        assert_eq!(pids, [1, 2]);
    }

    #[test]
    fn time_alone_is_no_change() {
        let report = |now, live: &[LiveUsage]| ResourcesReport::new(&contract(), live, None, at(now));
        let earlier = report(5, &[live(1, 4)]);
        assert!(!report(6, &[live(1, 4)]).differs_from(&earlier));
        assert!(report(5, &[live(1, 4), live(2, 4)]).differs_from(&earlier));
        assert!(report(5, &[]).differs_from(&earlier));
    }

    #[test]
    fn history_goes_back_a_minute() {
        let mut history = History::default();
        for _ in 0..HISTORY {
            history.add(&ResourcesReport::new(&contract(), &[], None, at(9)));
        }
        history.add(&ResourcesReport::new(&contract(), &[live(1, 4)], None, at(9)));
        assert_eq!((history.memory_bytes().count(), history.memory_bytes().last()), (HISTORY, Some(1 << 20)));
        assert_eq!((history.cpu_percent().count(), history.cpu_percent().last()), (HISTORY, Some(12.5)));
    }
}
