//! The plan: which ready task goes to which worker.
//!
//! Says what the rule in [`assignment`](crate::coordinator::assignment) says of every ready task and every worker,
//! without weighing them all: tasks that ask for the same are judged once, workers that can do the same are kept
//! in the order in which they would be chosen, and whatever found nobody is not looked at again before a worker
//! changes that could take it. Reads the view, writes nothing.

mod queue;
mod search;
mod supply;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use self::queue::{Demand, Queue};
use self::search::{Search, is_feasible};
use self::supply::Supply;
use super::view::{Change, View, Worker};
use crate::clock::Timestamp;
use crate::coordinator::assignment::Rank;
use crate::coordinator::health::Health;
use crate::coordinator::task::TaskRecord;
use crate::id::{SessionId, SwarmId, TaskId};

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
            for swarm in view.connected() {
                self.place(view, swarm, now);
            }
            for task in view.records() {
                self.enqueue(view, &task.id);
            }
            return;
        }
        for task in &tasks {
            self.enqueue(view, task);
        }
        for swarm in self.place_workers(view, &workers, now) {
            self.raise_hope(view, swarm, now);
        }
        for swarm in &swarms {
            self.place(view, swarm, now);
        }
    }

    /// Puts workers in their places; gives the swarms of those that are free.
    fn place_workers<'a>(
        &mut self,
        view: &View,
        workers: &'a HashSet<Worker>,
        now: Timestamp,
    ) -> BTreeSet<&'a SwarmId> {
        let mut free = BTreeSet::new();
        for (swarm, session) in workers {
            if !self.supply.knows(swarm) || !view.is_connected(swarm) {
                self.place(view, swarm, now);
            } else if self.supply.place_worker(view, swarm, session) {
                free.insert(swarm);
            }
        }
        free
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

    /// Does not hand the task out before it changes or is taken in again.
    pub(super) fn leave_out(&mut self, task: &TaskId) {
        self.queue.remove(task);
    }

    /// Hands the task out again if it is ready.
    pub(super) fn take_in(&mut self, view: &View, task: &TaskId) {
        self.enqueue(view, task);
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
        if let Some(record) = view.ready(task) {
            self.queue.put(record, step);
        } else {
            self.queue.remove(task);
            self.passed_over.remove(task);
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
        for demand in &hopeful {
            self.queue.feed(demand);
        }
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
        let mut search = Search::new(view, task, demand, charged, now);
        let best = search.best(&self.supply, passed);
        self.weighed += search.weighed;
        match best {
            Some(best) => Found::Worker((best.swarm, best.session)),
            None if search.later => Found::Later,
            None => Found::Nobody,
        }
    }
}
