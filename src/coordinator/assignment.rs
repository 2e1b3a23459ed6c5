//! Who gets a task: the rule of the dispatcher.
//!
//! Score = (100 − workload) × health × match, workload = 100 × used / slots, as the original design has it;
//! ties go to the better governor score, then to the first by name.

use crate::id::{SessionId, SwarmId};

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
    pub governor_score: f64,
    /// The task was this swarm's before.
    pub preferred: bool,
}

impl Candidate {
    /// How well the worker suits.
    #[must_use]
    pub fn score(&self) -> f64 {
        let workload = 100.0 * f64::from(self.used) / f64::from(self.slots.max(1));
        (100.0 - workload) * self.health * self.coverage
    }
}

/// The best worker with a free slot, if there is one. A swarm that knows the task goes first.
#[must_use]
pub fn choose(candidates: &[Candidate]) -> Option<&Candidate> {
    let key = |candidate: &Candidate| (candidate.preferred, candidate.score(), candidate.governor_score);
    candidates.iter().filter(|candidate| candidate.used < candidate.slots && candidate.score() > 0.0).max_by(
        |a, b| {
            let ((preferred_a, score_a, governor_a), (preferred_b, score_b, governor_b)) = (key(a), key(b));
            preferred_a
                .cmp(&preferred_b)
                .then(score_a.total_cmp(&score_b))
                .then(governor_a.total_cmp(&governor_b))
                .then_with(|| (&b.swarm, &b.session).cmp(&(&a.swarm, &a.session)))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(name: &str) -> Candidate {
        Candidate {
            swarm: name.parse().unwrap(),
            session: "01".parse().unwrap(),
            slots: 4,
            used: 0,
            health: 1.0,
            coverage: 1.0,
            governor_score: 0.5,
            preferred: false,
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
        let better = Candidate { governor_score: 0.9, ..candidate("e") };
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
        assert_eq!(choose(&[full, dead]), None);
    }
}
