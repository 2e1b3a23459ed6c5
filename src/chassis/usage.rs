//! Usage: what the running tasks of a swarm use, and the most that they have ever used.
//!
//! Pure. Gauges only count up; a rate is what was counted between two looks, by the time between them, and that is taken for
//! a second at least: of the last second it tells, and before a task began there was nothing.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::gauge::Gauge;
use crate::clock::Timestamp;

/// The shortest time that a share or rate tells of.
const WINDOW: Duration = Duration::from_secs(1);

/// What tasks have counted up to a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    /// How long they have kept a core busy.
    pub(super) cpu: Duration,
    /// How often they have asked for an outside service.
    pub(super) calls: u64,
}

impl Totals {
    pub(super) fn of(gauge: &Gauge) -> Self {
        Self { cpu: gauge.cpu(), calls: gauge.calls() }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { cpu: self.cpu.saturating_add(other.cpu), calls: self.calls.saturating_add(other.calls) }
    }

    /// What was counted since `earlier`.
    pub(super) fn since(self, earlier: Self) -> Self {
        Self { cpu: self.cpu.saturating_sub(earlier.cpu), calls: self.calls.saturating_sub(earlier.calls) }
    }

    /// Percent of a core, to the tenth.
    fn cpu_percent(self, window: Duration) -> f64 {
        tenth(100.0 * self.cpu.as_secs_f64() / window.max(WINDOW).as_secs_f64())
    }

    /// Calls per second, to the tenth.
    fn calls_per_second(self, window: Duration) -> f64 {
        let calls = f64::from(u32::try_from(self.calls).unwrap_or(u32::MAX));
        tenth(calls / window.max(WINDOW).as_secs_f64())
    }
}

fn tenth(number: f64) -> f64 {
    (number * 10.0).round() / 10.0
}

/// What the tasks of a swarm use now, in one process or in all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// The memories and tables of all running tasks, in bytes.
    pub memory_bytes: u64,
    /// Percent of one core.
    pub cpu_percent: f64,
    /// Calls of outside services per second, refused ones as well.
    pub calls_per_second: f64,
    /// How many tasks run.
    pub instances: u64,
    /// Since when the one runs that has run longest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
}

impl Usage {
    /// What was `counted` within `window`, while nothing else is known to run.
    pub(super) fn over(counted: Totals, window: Duration) -> Self {
        Self {
            cpu_percent: counted.cpu_percent(window),
            calls_per_second: counted.calls_per_second(window),
            ..Self::default()
        }
    }

    /// Together with a task that runs since `begun`.
    pub(super) fn and_task(self, gauge: &Gauge, begun: Timestamp) -> Self {
        let memory_bytes = u64::try_from(gauge.memory_bytes()).unwrap_or(u64::MAX);
        self.and(Self { memory_bytes, instances: 1, oldest: Some(begun), ..Self::default() })
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            memory_bytes: self.memory_bytes.saturating_add(other.memory_bytes),
            cpu_percent: tenth(self.cpu_percent + other.cpu_percent),
            calls_per_second: tenth(self.calls_per_second + other.calls_per_second),
            instances: self.instances.saturating_add(other.instances),
            oldest: self.oldest.into_iter().chain(other.oldest).min(),
        }
    }
}

/// What one process publishes of a swarm while it runs tasks of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LiveUsage {
    /// What it uses.
    #[serde(flatten)]
    pub usage: Usage,
    /// The machine.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// Who runs it.
    pub by: String,
    /// What was done.
    pub op: String,
}

/// The most that the tasks of a swarm have ever used, each at its own time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Peaks {
    /// Of memories and tables at once, in bytes.
    pub memory_bytes: u64,
    /// Percent of one core.
    pub cpu_percent: f64,
    /// Calls of outside services per second.
    pub calls_per_second: f64,
    /// Tasks at once.
    pub instances: u64,
    /// Of one task that has ended, in milliseconds.
    pub time_ms: u64,
}

impl Peaks {
    /// Those of a task that has ended after `time`, while `instances` ran at once.
    pub(super) fn of_task(gauge: &Gauge, time: Duration, instances: u64) -> Self {
        let memory_bytes = u64::try_from(gauge.memory_bytes()).unwrap_or(u64::MAX);
        let rates = Usage::over(Totals::of(gauge), time);
        let time_ms = u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self { time_ms, ..Self::of(&Usage { memory_bytes, instances, ..rates }) }
    }

    /// Those of what is used at one moment.
    #[must_use]
    pub fn of(usage: &Usage) -> Self {
        let Usage { memory_bytes, cpu_percent, calls_per_second, instances, oldest: _ } = *usage;
        Self { memory_bytes, cpu_percent, calls_per_second, instances, time_ms: 0 }
    }

    /// Whichever is higher, each for itself.
    #[must_use]
    pub fn raised(self, other: Self) -> Self {
        Self {
            memory_bytes: self.memory_bytes.max(other.memory_bytes),
            cpu_percent: self.cpu_percent.max(other.cpu_percent),
            calls_per_second: self.calls_per_second.max(other.calls_per_second),
            instances: self.instances.max(other.instances),
            time_ms: self.time_ms.max(other.time_ms),
        }
    }

    /// Whether none of the others is higher.
    #[must_use]
    pub fn covers(self, other: Self) -> bool {
        self.raised(other) == self
    }
}

/// A swarm's peaks as they are stored.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct PeakRecord {
    /// The peaks.
    #[serde(flatten)]
    pub peaks: Peaks,
    /// Who ran what reached the last of them.
    pub by: String,
    /// What was done.
    pub op: String,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn totals(millis: u64, calls: u64) -> Totals {
        Totals { cpu: Duration::from_millis(millis), calls }
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    #[test]
    fn rates_are_what_was_counted_by_the_time_between_two_looks() {
        let cases = [
            (totals(250, 3), Duration::from_secs(1), (25.0, 3.0)),
            (totals(250, 3), Duration::from_millis(500), (25.0, 3.0)),
            (totals(250, 3), Duration::from_secs(2), (12.5, 1.5)),
            (totals(1, 0), Duration::from_secs(3), (0.0, 0.0)),
            (totals(0, 1), Duration::from_secs(3), (0.0, 0.3)),
            (totals(0, 0), Duration::ZERO, (0.0, 0.0)),
        ];
        for (counted, window, expected) in cases {
            let usage = Usage::over(counted, window);
            assert_eq!((usage.cpu_percent, usage.calls_per_second), expected, "{counted:?} in {window:?}");
        }
        assert_eq!(totals(30, 5).since(totals(10, 2)), totals(20, 3));
        assert_eq!(totals(1, 1).since(totals(2, 2)), totals(0, 0));
    }

    #[test]
    fn tasks_and_processes_are_summed_and_the_oldest_task_is_the_oldest_of_all() {
        let gauge = Gauge::default();
        gauge.set_memory(1000);
        let one = Usage::over(totals(100, 1), Duration::from_secs(1));
        let one = one.and_task(&gauge, at(20)).and_task(&gauge, at(10));
        let other = Usage::over(totals(50, 0), Duration::from_secs(1)).and_task(&gauge, at(30));
        let together = one.and(other);
        assert_eq!(together, other.and(one));
        let expected = Usage {
            memory_bytes: 3000,
            cpu_percent: 15.0,
            calls_per_second: 1.0,
            instances: 3,
            oldest: Some(at(10)),
        };
        assert_eq!(together, expected);
        assert_eq!(together.and(Usage::default()), together);
    }

    #[test]
    fn a_short_task_uses_little_of_a_second() {
        let gauge = Gauge::default();
        gauge.set_memory(1 << 16);
        gauge.add_cpu(Duration::from_millis(5));
        gauge.add_call();
        let peaks = Peaks::of_task(&gauge, Duration::from_millis(5), 2);
        let expected = Peaks {
            memory_bytes: 1 << 16,
            cpu_percent: 0.5,
            calls_per_second: 1.0,
            instances: 2,
            time_ms: 5,
        };
        assert_eq!(peaks, expected);
    }

    #[test]
    fn values_in_the_store_survive_it_and_older_ones_are_read() {
        let usage = Usage { memory_bytes: 1, cpu_percent: 24.9, instances: 1, ..Usage::default() };
        let live =
            LiveUsage { usage, host: "h".to_owned(), pid: 7, by: "human:x".to_owned(), op: "run".to_owned() };
        let json = serde_json::to_string(&live).unwrap();
        assert_eq!(serde_json::from_str::<LiveUsage>(&json).unwrap(), live);
        let older: PeakRecord = serde_json::from_str(r#"{"memory_bytes":5,"by":"x","op":"exec"}"#).unwrap();
        assert_eq!(older.peaks, Peaks { memory_bytes: 5, ..Peaks::default() });
    }

    proptest! {
        #[test]
        fn peaks_only_rise(one: [u16; 5], other: [u16; 5]) {
            let peaks = |[memory, cpu, calls, instances, time]: [u16; 5]| Peaks {
                memory_bytes: memory.into(),
                cpu_percent: cpu.into(),
                calls_per_second: calls.into(),
                instances: instances.into(),
                time_ms: time.into(),
            };
            let (one, other) = (peaks(one), peaks(other));
            let both = one.raised(other);
            prop_assert!(both.covers(one) && both.covers(other));
            prop_assert_eq!(both, other.raised(one));
            prop_assert_eq!(one.covers(other), both == one);
        }
    }
}
