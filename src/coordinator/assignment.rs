//! Who gets a task: the rule of the dispatcher.
//!
//! Score = (100 − workload) × health × match, workload = 100 × used / slots, as the original design has it;
//! ties go to the better governor score, then to the first by name. Which task comes first is said by [`Rank`].

use std::cmp::{Ordering, Reverse};
use std::time::Duration;

use super::task::TaskRecord;
use crate::clock::Timestamp;
use crate::governor::Score;
use crate::id::{SessionId, SwarmId, TaskId};

/// A ready task's place in the queue: the least goes first.
///
/// A task rises by one priority for every `step` that it is ready, so that none waits for ever behind tasks that
/// keep coming. As all rise alike, the order of two tasks never changes: a priority is worth a head start.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank {
    /// When a task of priority 0 would have become ready to have the same place.
    start: i64,
    priority: Reverse<u8>,
    ready_at: Timestamp,
    task: TaskId,
}

impl Rank {
    /// The place of a task; with a step of nothing, priority alone decides, then who has waited longer.
    #[must_use]
    pub fn of(record: &TaskRecord, step: Duration) -> Self {
        let ready_at = record.ready_at.unwrap_or(record.created_at);
        let step = i64::try_from(step.as_micros()).unwrap_or(i64::MAX);
        let priority = i64::from(record.priority);
        let start = match step {
            0 => -priority,
            step => ready_at.as_micros().saturating_sub(step.saturating_mul(priority)),
        };
        Self { start, priority: Reverse(record.priority), ready_at, task: record.id.clone() }
    }

    /// Whose place it is.
    #[must_use]
    pub fn task(&self) -> &TaskId {
        &self.task
    }
}

/// A connected worker that could take the task.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The swarm.
    pub swarm: SwarmId,
    /// Its worker.
    pub session: SessionId,
    /// How many tasks the worker takes at a time.
    pub slots: u32,
    /// How many it has.
    pub used: u32,
    /// 1 healthy, 0.5 suspect, 0 dead.
    pub health: f64,
    /// The part of the needed capabilities that the swarm has.
    pub coverage: f64,
    /// match × reputation / cost per hour.
    pub governor_score: Score,
    /// The task was this swarm's before.
    pub preferred: bool,
}

impl Candidate {
    /// How well the worker suits.
    #[must_use]
    pub fn score(&self) -> f64 {
        (100.0 - workload(self.used, self.slots)) * self.health * self.coverage
    }

    /// Whether it can take the task at all.
    fn is_free(&self) -> bool {
        self.used < self.slots && self.score() > 0.0
    }
}

/// How busy a worker is, from 0 to 100.
#[must_use]
pub fn workload(used: u32, slots: u32) -> f64 {
    100.0 * f64::from(used) / f64::from(slots.max(1))
}

/// Compares two workers: the greater one gets the task. A swarm that knows the task goes first.
#[must_use]
pub fn compare(a: &Candidate, b: &Candidate) -> Ordering {
    a.preferred
        .cmp(&b.preferred)
        .then(a.score().total_cmp(&b.score()))
        .then(a.governor_score.cmp(&b.governor_score))
        .then_with(|| (&b.swarm, &b.session).cmp(&(&a.swarm, &a.session)))
}

/// The best worker with a free slot, if there is one.
#[must_use]
pub fn choose<'a>(candidates: impl IntoIterator<Item = &'a Candidate>) -> Option<&'a Candidate> {
    candidates.into_iter().filter(|candidate| candidate.is_free()).max_by(|a, b| compare(a, b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::governor::Share;
    use crate::money::Money;

    fn score(dollars_per_hour: u32) -> Score {
        Score::new(Share::ALL, Share::ALL, Money::from_dollars(dollars_per_hour))
    }

    fn candidate(name: &str) -> Candidate {
        Candidate {
            swarm: name.parse().unwrap(),
            session: "01".parse().unwrap(),
            slots: 4,
            used: 0,
            health: 1.0,
            coverage: 1.0,
            governor_score: score(2),
            preferred: false,
        }
    }

    fn task((name, priority, ready_at): (&str, u8, u64)) -> TaskRecord {
        let at = Timestamp::from_micros(0).after(Duration::from_secs(ready_at));
        TaskRecord { priority, ..TaskRecord::new(name.parse().unwrap(), "tester", at) }
    }

    #[test]
    fn a_task_overtakes_a_higher_priority_when_it_has_waited_a_step_longer_for_each() {
        for (step, first, second) in [
            (0, ("z", 9, 1_000_000), ("a", 8, 0)),
            (0, ("z", 5, 1), ("a", 5, 2)),
            (0, ("a", 5, 1), ("z", 5, 1)),
            (600, ("z", 6, 599), ("a", 5, 0)),
            (600, ("z", 6, 600), ("a", 5, 0)),
            (600, ("z", 5, 0), ("a", 6, 601)),
            (600, ("z", 0, 0), ("a", 9, 5401)),
            (600, ("z", 9, 5400), ("a", 0, 0)),
            (600, ("z", 5, 1), ("a", 5, 2)),
        ] {
            let (first, second) = (task(first), task(second));
            let rank = |task| Rank::of(task, Duration::from_secs(step));
            assert!(rank(&first) < rank(&second), "{step}: {first:?} {second:?}");
        }
    }

    fn chosen(candidates: &[Candidate]) -> Option<&str> {
        choose(candidates).map(|candidate| candidate.swarm.as_str())
    }

    #[test]
    fn load_health_match_and_score_decide_in_this_order() {
        let plain = candidate("a");
        let busy = Candidate { used: 2, ..candidate("b") };
        let half = Candidate { coverage: 0.7, ..candidate("c") };
        let suspect = Candidate { health: 0.5, ..candidate("d") };
        let better = Candidate { governor_score: score(1), ..candidate("e") };
        assert_eq!(chosen(&[busy.clone(), plain.clone(), half, suspect]), Some("a"));
        assert_eq!(chosen(&[plain.clone(), better]), Some("e"));
        assert_eq!(chosen(&[candidate("z"), plain.clone()]), Some("a"));
        let knows_it = Candidate { preferred: true, ..busy };
        assert_eq!(chosen(&[plain, knows_it]), Some("b"));
    }

    #[test]
    fn a_full_or_dead_worker_gets_nothing() {
        let full = Candidate { used: 4, ..candidate("a") };
        let dead = Candidate { health: 0.0, ..candidate("b") };
        assert_eq!(choose([&full, &dead]), None);
    }
}
