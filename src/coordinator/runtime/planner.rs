//! The plan: which ready task goes to which worker.
//!
//! Says what the rule in [`assignment`](crate::coordinator::assignment) says of every ready task and every worker,
//! without weighing them all: tasks that ask for the same are judged once, workers that can do the same are kept
//! in the order in which they would be chosen, and whatever found nobody is not looked at again before a worker
//! changes that could take it. Reads the view, writes nothing.

mod queue;
mod supply;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use self::queue::{Demand, Queue};
use self::supply::{Free, Group, Supply};
use super::view::{Change, View, Worker};
use crate::clock::Timestamp;
use crate::coordinator::assignment::{Candidate, Rank, compare};
use crate::coordinator::health::Health;
use crate::coordinator::task::TaskRecord;
use crate::governor::service::{Governor, authorise};
use crate::governor::{Score, Work};
use crate::id::{SessionId, SwarmId, TaskId};
use crate::money::Money;

/// A task and the worker that is to have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) task: TaskId,
    pub(super) worker: Worker,
}

/// Everything that is known of ready tasks and free workers.
#[derive(Debug, Default)]
pub(super) struct Planner {
    queue: Queue,
    supply: Supply,
    health: HashMap<SwarmId, Health>,
    /// Workers that did not take a task up: it goes to others first.
    passed_over: HashMap<TaskId, HashSet<SessionId>>,
    /// How many workers were weighed: the measure of the work that planning makes.
    weighed: u64,
}

/// What a look for a worker came to.
enum Found {
    Worker(Worker),
    /// Somebody might do, but has been chosen for another task of this plan.
    Later,
    Nobody,
}

impl Planner {
    /// Takes in what changed in the view.
    pub(super) fn update(&mut self, view: &View, change: Change, now: Timestamp) {
        let Change { everything, tasks, swarms, workers } = change;
        if everything {
            self.queue = Queue::default();
            self.supply = Supply::default();
            view.connected().for_each(|swarm| self.place(view, swarm, now));
            view.records().for_each(|task| self.enqueue(view, &task.id));
            return;
        }
        tasks.iter().for_each(|task| self.enqueue(view, task));
        let unknown =
            |planner: &Self, swarm: &SwarmId| !planner.supply.knows(swarm) || !view.is_connected(swarm);
        let mut freed = BTreeSet::new();
        for (swarm, session) in &workers {
            if unknown(self, swarm) {
                self.place(view, swarm, now);
            } else if self.supply.place_worker(view, swarm, session) {
                freed.insert(swarm);
            }
        }
        freed
            .into_iter()
            .filter(|swarm| !swarms.contains(*swarm))
            .for_each(|swarm| self.raise_hope(view, swarm, now));
        swarms.iter().for_each(|swarm| self.place(view, swarm, now));
    }

    /// Notes how well a swarm is.
    pub(super) fn set_health(&mut self, view: &View, swarm: &SwarmId, health: Health, now: Timestamp) {
        match health {
            Health::Healthy => drop(self.health.remove(swarm)),
            health => drop(self.health.insert(swarm.clone(), health)),
        }
        self.place(view, swarm, now);
    }

    /// Notes that a worker did not take a task up.
    pub(super) fn pass_over(&mut self, task: &TaskId, session: &SessionId) {
        self.passed_over.entry(task.clone()).or_default().insert(session.clone());
    }

    /// Chooses a worker for at most `most` tasks; each swarm at most once, for its budget can be written only once
    /// in a batch.
    pub(super) fn plan(&mut self, view: &View, now: Timestamp, most: usize) -> Vec<Choice> {
        for swarm in self.supply.due(now) {
            self.place(view, &swarm, now);
        }
        let mut heads: BinaryHeap<Reverse<(Rank, Arc<Demand>)>> =
            self.queue.hungry().map(|(demand, rank)| Reverse((rank.clone(), demand.clone()))).collect();
        let mut charged: HashSet<SwarmId> = HashSet::new();
        let mut choices = Vec::new();
        while choices.len() < most
            && let Some(Reverse((rank, demand))) = heads.pop()
        {
            let Some(task) = view.ready(rank.task()) else { continue };
            match self.find(view, task, &demand, &charged, now) {
                Found::Worker(worker) => {
                    charged.insert(worker.0.clone());
                    choices.push(Choice { task: task.id.clone(), worker });
                    if let Some(next) = self.queue.after(&demand, &rank) {
                        heads.push(Reverse((next.clone(), demand)));
                    }
                }
                Found::Later => {}
                // What the first of them cannot get, none of them can.
                Found::Nobody => self.queue.starve(&demand),
            }
        }
        choices
    }

    fn enqueue(&mut self, view: &View, task: &TaskId) {
        let step = Duration::from_secs(view.policy().coordination.priority_step_seconds);
        match view.ready(task) {
            Some(record) => self.queue.put(record, step),
            None => {
                self.queue.remove(task);
                self.passed_over.remove(task);
            }
        }
    }

    /// Puts a swarm's free workers in their places.
    fn place(&mut self, view: &View, swarm: &SwarmId, now: Timestamp) {
        let health = self.health.get(swarm).copied().unwrap_or_default();
        if self.supply.place(view, swarm, health, now) {
            self.raise_hope(view, swarm, now);
        }
    }

    /// Lets those hope again for whom the swarm may do.
    fn raise_hope(&mut self, view: &View, swarm: &SwarmId, now: Timestamp) {
        let mut weighed = 0;
        let hopeful: Vec<_> = self
            .queue
            .starved(swarm)
            .filter(|demand| {
                weighed += 1;
                is_feasible(view, demand, swarm, now)
            })
            .cloned()
            .collect();
        self.weighed += weighed;
        hopeful.iter().for_each(|demand| self.queue.feed(demand));
    }

    /// The best worker for the task; one that did not take it up before only when there is no other.
    fn find(
        &mut self,
        view: &View,
        task: &TaskRecord,
        demand: &Demand,
        charged: &HashSet<SwarmId>,
        now: Timestamp,
    ) -> Found {
        let none = HashSet::new();
        let passed = self.passed_over.get(&task.id).unwrap_or(&none);
        let mut search = Search { view, task, demand, charged, now, later: false, weighed: 0 };
        let best = match (&demand.directed_to, &task.preferred) {
            (Some(swarm), _) => search.of_swarm(&self.supply, swarm, |free| !passed.contains(&free.session)),
            (None, Some(swarm)) => search
                .of_swarm(&self.supply, swarm, |free| !passed.contains(&free.session))
                .or_else(|| search.of_all(&self.supply, passed)),
            (None, None) => search.of_all(&self.supply, passed),
        };
        let best = best.or_else(|| search.of_passed(&self.supply, passed));
        self.weighed += search.weighed;
        match best {
            Some(best) => Found::Worker((best.swarm, best.session)),
            None if search.later => Found::Later,
            None => Found::Nobody,
        }
    }
}

/// One look for a worker.
struct Search<'a> {
    view: &'a View,
    task: &'a TaskRecord,
    demand: &'a Demand,
    charged: &'a HashSet<SwarmId>,
    now: Timestamp,
    later: bool,
    weighed: u64,
}

impl Search<'_> {
    /// The best of all that are free: the first that may, of each group.
    fn of_all(&mut self, supply: &Supply, passed: &HashSet<SessionId>) -> Option<Candidate> {
        let best = supply.groups().filter_map(|group| self.of_group(group, passed));
        // A closure that borrows cannot be compared in place.
        let best: Vec<_> = best.collect();
        best.into_iter().max_by(compare)
    }

    fn of_group(&mut self, group: &Group, passed: &HashSet<SessionId>) -> Option<Candidate> {
        let (coverage, _) = self.suitability(&group.free.first()?.swarm);
        if !self.covers(coverage) {
            return None;
        }
        let free = group.free.iter().filter(|free| !passed.contains(&free.session));
        for free in free {
            if let Some(candidate) = self.candidate(free, group.kind.health) {
                return Some(candidate);
            }
        }
        None
    }

    fn of_swarm(
        &mut self,
        supply: &Supply,
        swarm: &SwarmId,
        may: impl Fn(&Free) -> bool,
    ) -> Option<Candidate> {
        let (health, free) = supply.of(swarm)?;
        let first = free.iter().find(|free| may(free))?;
        let (coverage, _) = self.suitability(swarm);
        if self.covers(coverage) { self.candidate(first, health) } else { None }
    }

    fn of_passed(&mut self, supply: &Supply, passed: &HashSet<SessionId>) -> Option<Candidate> {
        let swarms: BTreeSet<&SwarmId> =
            passed.iter().filter_map(|session| supply.swarm_of(session)).collect();
        let directed = self.demand.directed_to.as_ref();
        let swarms = swarms.into_iter().filter(|swarm| directed.is_none_or(|directed| directed == *swarm));
        let found: Vec<_> = swarms
            .filter_map(|swarm| self.of_swarm(supply, swarm, |free| passed.contains(&free.session)))
            .collect();
        found.into_iter().max_by(compare)
    }

    /// The worker as a candidate, if nothing speaks against it.
    fn candidate(&mut self, free: &Free, health: Health) -> Option<Candidate> {
        if self.charged.contains(&free.swarm) {
            self.later = true;
            return None;
        }
        self.weighed += 1;
        if !is_feasible(self.view, self.demand, &free.swarm, self.now) {
            return None;
        }
        let (coverage, governor_score) = self.suitability(&free.swarm);
        Some(Candidate {
            swarm: free.swarm.clone(),
            session: free.session.clone(),
            slots: free.slots,
            used: free.used,
            health: health.weight(),
            coverage,
            governor_score,
            preferred: self.task.preferred.as_ref() == Some(&free.swarm),
        })
    }

    fn suitability(&self, swarm: &SwarmId) -> (f64, Score) {
        Governor::suitability(&self.view.account(swarm), &self.demand.required, self.view.policy())
    }

    fn covers(&self, coverage: f64) -> bool {
        coverage > 0.0 && coverage >= self.view.policy().resources.min_capability_match.get()
    }
}

/// Whether the governor would let the swarm take what is asked for.
fn is_feasible(view: &View, demand: &Demand, swarm: &SwarmId, now: Timestamp) -> bool {
    if demand.directed_to.as_ref().is_some_and(|directed| directed != swarm) {
        return false;
    }
    let (hours, max_cost) = match &demand.prepaid_for {
        Some(prepaid) if prepaid == swarm => (0.0, Some(Money::ZERO)),
        _ => (demand.hours(), demand.max_cost),
    };
    let work = Work { task: &demand.example, required: &demand.required, hours, max_cost };
    authorise(&view.account(swarm), &work, view.policy(), now).is_ok()
}
