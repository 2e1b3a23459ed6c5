//! What runs in this process, by swarm: the gauges of its tasks.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::chassis::usage::Totals;
use crate::chassis::{Gauge, Peaks, Usage};
use crate::clock::{Timestamp, stopwatch};
use crate::id::SwarmId;

/// The running tasks of this process. Clones share them.
#[derive(Debug, Clone, Default)]
pub(super) struct Running(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    swarms: BTreeMap<SwarmId, Swarm>,
    next: u64,
    /// Whether somebody looks once a second.
    watched: bool,
}

#[derive(Debug)]
struct Swarm {
    tasks: BTreeMap<u64, Task>,
    /// What tasks have counted that have ended.
    ended: Totals,
    /// What all had counted at the last look, and when that was.
    looked: (Totals, Instant),
    /// Whether a task has run since.
    active: bool,
    peaks: Peaks,
    /// What the store is known to have.
    booked: Peaks,
}

#[derive(Debug)]
struct Task {
    gauge: Arc<Gauge>,
    begun: Timestamp,
}

/// What a look shows of one swarm.
#[derive(Debug)]
pub(super) struct Look {
    pub(super) swarm: SwarmId,
    /// What it uses in this process; nothing when no task has run since the last look.
    pub(super) usage: Option<Usage>,
    /// The most that was used in this process.
    pub(super) peaks: Peaks,
}

impl Running {
    /// Registers a task until the guard is dropped.
    pub(super) fn begin(&self, swarm: &SwarmId, gauge: &Arc<Gauge>, now: Timestamp) -> RunningTask {
        let since = stopwatch();
        let mut state = self.lock();
        let number = state.next;
        state.next += 1;
        let entry = state.swarms.entry(swarm.clone()).or_insert_with(|| Swarm::new(since));
        if entry.tasks.is_empty() && !entry.active {
            // Of the time in which nothing ran there is nothing to tell.
            entry.looked.1 = since;
        }
        entry.active = true;
        entry.tasks.insert(number, Task { gauge: Arc::clone(gauge), begun: now });
        let instances = u64::try_from(entry.tasks.len()).unwrap_or(u64::MAX);
        drop(state);
        RunningTask {
            running: self.clone(),
            swarm: swarm.clone(),
            number,
            instances,
            gauge: Arc::clone(gauge),
            since,
            took: None,
        }
    }

    /// Whether the caller is to look once a second from now on: nobody else does.
    pub(super) fn begin_watching(&self) -> bool {
        !std::mem::replace(&mut self.lock().watched, true)
    }

    /// Whether the caller may stop looking: nothing runs.
    pub(super) fn end_watching(&self) -> bool {
        let mut state = self.lock();
        let idle = state.is_idle();
        state.watched = !idle;
        idle
    }

    pub(super) fn is_idle(&self) -> bool {
        self.lock().is_idle()
    }

    /// Looks at every swarm of which there is something to tell; the next look tells what has been since this one.
    pub(super) fn look(&self) -> Vec<Look> {
        let now = stopwatch();
        let mut state = self.lock();
        let looks = state.swarms.iter_mut().filter_map(|(swarm, entry)| {
            let usage = entry.look(now);
            let told = usage.is_some() || entry.unbooked().is_some();
            told.then(|| Look { swarm: swarm.clone(), usage, peaks: entry.peaks })
        });
        looks.collect()
    }

    /// The swarm's peaks, unless the store is known to have them.
    pub(super) fn unbooked(&self, swarm: &SwarmId) -> Option<Peaks> {
        self.lock().swarms.get(swarm).and_then(Swarm::unbooked)
    }

    /// Takes down that the store has these peaks.
    pub(super) fn booked(&self, swarm: &SwarmId, peaks: Peaks) {
        if let Some(entry) = self.lock().swarms.get_mut(swarm) {
            entry.booked = entry.booked.raised(peaks);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Whoever panicked did so between whole changes.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn is_idle(&self) -> bool {
        self.swarms.values().all(|swarm| swarm.tasks.is_empty())
    }
}

impl Swarm {
    fn new(now: Instant) -> Self {
        Self {
            tasks: BTreeMap::new(),
            ended: Totals::default(),
            looked: (Totals::default(), now),
            active: false,
            peaks: Peaks::default(),
            booked: Peaks::default(),
        }
    }

    fn look(&mut self, now: Instant) -> Option<Usage> {
        let running = self.tasks.values().map(|task| Totals::of(&task.gauge));
        let totals = running.fold(self.ended, Totals::and);
        let (before, since) = std::mem::replace(&mut self.looked, (totals, now));
        let active = std::mem::replace(&mut self.active, !self.tasks.is_empty());
        if !active {
            return None;
        }
        let (counted, window) = (totals.since(before), now.saturating_duration_since(since));
        let rates = Usage::over(counted, window);
        let usage = self.tasks.values().fold(rates, |sum, task| sum.and_task(&task.gauge, task.begun));
        self.peaks = self.peaks.raised(Peaks::of(&usage));
        Some(usage)
    }

    fn unbooked(&self) -> Option<Peaks> {
        (!self.booked.covers(self.peaks)).then_some(self.peaks)
    }
}

/// A task that runs.
#[derive(Debug)]
pub(super) struct RunningTask {
    running: Running,
    swarm: SwarmId,
    number: u64,
    /// How many ran when it began, itself included.
    instances: u64,
    gauge: Arc<Gauge>,
    since: Instant,
    took: Option<Duration>,
}

impl RunningTask {
    /// It has ended after `time`, as the sandbox counts it.
    pub(super) fn end(mut self, time: Duration) {
        self.took = Some(time);
    }
}

impl Drop for RunningTask {
    fn drop(&mut self) {
        let time = self.took.unwrap_or_else(|| self.since.elapsed());
        let peaks = Peaks::of_task(&self.gauge, time, self.instances);
        if let Some(entry) = self.running.lock().swarms.get_mut(&self.swarm) {
            entry.tasks.remove(&self.number);
            entry.ended = entry.ended.and(Totals::of(&self.gauge));
            entry.peaks = entry.peaks.raised(peaks);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swarm(name: &str) -> SwarmId {
        name.parse().unwrap()
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_micros(second * 1_000_000)
    }

    fn gauge(memory: usize) -> Arc<Gauge> {
        let gauge = Gauge::default();
        gauge.set_memory(memory);
        Arc::new(gauge)
    }

    fn usage(running: &Running, name: &str) -> Option<Usage> {
        running.look().into_iter().find(|look| look.swarm == swarm(name)).and_then(|look| look.usage)
    }

    #[test]
    fn tasks_of_a_swarm_are_summed_while_they_run_and_gone_afterwards() {
        let running = Running::default();
        let first = running.begin(&swarm("s"), &gauge(100), at(1));
        let second = running.begin(&swarm("s"), &gauge(200), at(2));
        let other = running.begin(&swarm("t"), &gauge(1), at(3));
        let both = usage(&running, "s").unwrap();
        assert_eq!((both.memory_bytes, both.instances, both.oldest), (300, 2, Some(at(1))));
        drop(first);
        assert_eq!(usage(&running, "s").unwrap().memory_bytes, 200);
        assert!(!running.is_idle());
        drop((second, other));
        assert!(running.is_idle());
        let last = usage(&running, "s").unwrap();
        assert_eq!((last.memory_bytes, last.instances, last.oldest), (0, 0, None), "something ran meanwhile");
        assert_eq!(usage(&running, "s"), None);
    }

    #[test]
    fn a_task_that_ends_between_two_looks_counts_for_rates_and_peaks() {
        let running = Running::default();
        let gauge = gauge(500);
        let task = running.begin(&swarm("s"), &gauge, at(1));
        gauge.add_cpu(Duration::from_secs(30));
        gauge.add_call();
        task.end(Duration::from_mins(1));
        let peaks = running.unbooked(&swarm("s")).unwrap();
        let expected = Peaks {
            memory_bytes: 500,
            cpu_percent: 50.0,
            calls_per_second: 0.0,
            instances: 1,
            time_ms: 60_000,
        };
        assert_eq!(peaks, expected);
        assert!(usage(&running, "s").unwrap().cpu_percent > 0.0);
    }

    #[test]
    fn peaks_are_booked_once() {
        let running = Running::default();
        drop(running.begin(&swarm("s"), &gauge(500), at(1)));
        let peaks = running.unbooked(&swarm("s")).unwrap();
        running.booked(&swarm("s"), peaks);
        assert_eq!(running.unbooked(&swarm("s")), None);
        running.begin(&swarm("s"), &gauge(400), at(1)).end(Duration::ZERO);
        assert_eq!(running.unbooked(&swarm("s")), None, "nothing was higher");
        running.begin(&swarm("s"), &gauge(600), at(1)).end(Duration::ZERO);
        assert_eq!(running.unbooked(&swarm("s")).unwrap().memory_bytes, 600);
    }

    #[test]
    fn one_looks_for_all_until_nothing_runs() {
        let running = Running::default();
        let task = running.begin(&swarm("s"), &gauge(1), at(1));
        assert!(running.begin_watching());
        assert!(!running.begin_watching());
        assert!(!running.end_watching());
        drop(task);
        assert!(running.end_watching());
        assert!(running.begin_watching());
    }
}
