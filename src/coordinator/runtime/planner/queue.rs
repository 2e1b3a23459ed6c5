//! Ready tasks, in the order in which they are handed out, together with those that ask for the same.

use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};
use std::ops::Bound;
use std::sync::Arc;
use std::time::Duration;

use crate::coordinator::assignment::Rank;
use crate::coordinator::task::TaskRecord;
use crate::id::{Capability, SwarmId, TaskId};
use crate::money::Money;

/// What a task asks for: whoever may take one task may take every other that asks for the same.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    /// In order, each once.
    pub(super) required: Vec<Capability>,
    hours: u64,
    pub(super) max_cost: Option<Money>,
    pub(super) directed_to: Option<SwarmId>,
    pub(super) prepaid_for: Option<SwarmId>,
    /// One of those that ask for it, for the words of a refusal; makes no difference.
    pub(super) example: TaskId,
}

impl Demand {
    fn of(record: &TaskRecord) -> Self {
        let required: BTreeSet<_> = record.required_capabilities.iter().cloned().collect();
        Self {
            required: required.into_iter().collect(),
            hours: record.estimated_hours.to_bits(),
            max_cost: record.max_cost,
            directed_to: record.directed_to.clone(),
            prepaid_for: record.prepaid.as_ref().map(|prepaid| prepaid.swarm.clone()),
            example: record.id.clone(),
        }
    }

    /// How long the work is thought to take.
    pub(super) fn hours(&self) -> f64 {
        f64::from_bits(self.hours)
    }

    fn asked(&self) -> (&[Capability], u64, Option<Money>, Option<&SwarmId>, Option<&SwarmId>) {
        let (directed_to, prepaid_for) = (self.directed_to.as_ref(), self.prepaid_for.as_ref());
        (&self.required, self.hours, self.max_cost, directed_to, prepaid_for)
    }
}

impl PartialEq for Demand {
    fn eq(&self, other: &Self) -> bool {
        self.asked() == other.asked()
    }
}

impl Eq for Demand {}

impl Hash for Demand {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.asked().hash(state);
    }
}

impl PartialOrd for Demand {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Demand {
    fn cmp(&self, other: &Self) -> Ordering {
        self.asked().cmp(&other.asked())
    }
}

/// All ready tasks.
#[derive(Debug, Default)]
pub(super) struct Queue {
    classes: HashMap<Arc<Demand>, BTreeSet<Rank>>,
    places: HashMap<TaskId, (Arc<Demand>, Rank)>,
    /// Demands that somebody may be able to meet.
    hungry: HashSet<Arc<Demand>>,
    /// Demands that nobody can meet now, and that anybody might meet.
    starved: HashSet<Arc<Demand>>,
    /// Demands that nobody can meet now, and that only this swarm might meet.
    directed: HashMap<SwarmId, HashSet<Arc<Demand>>>,
}

impl Queue {
    /// Puts a ready task in its place.
    pub(super) fn put(&mut self, record: &TaskRecord, step: Duration) {
        let (demand, rank) = (Arc::new(Demand::of(record)), Rank::of(record, step));
        if self.places.get(&record.id).is_some_and(|place| *place == (demand.clone(), rank.clone())) {
            return;
        }
        self.remove(&record.id);
        let known = self.classes.get_key_value(&demand).map(|(known, _)| known.clone());
        if known.is_none() {
            self.hungry.insert(demand.clone());
        }
        let demand = known.unwrap_or(demand);
        self.classes.entry(demand.clone()).or_default().insert(rank.clone());
        self.places.insert(record.id.clone(), (demand, rank));
    }

    /// Takes a task out.
    pub(super) fn remove(&mut self, task: &TaskId) {
        let Some((demand, rank)) = self.places.remove(task) else { return };
        let Some(waiting) = self.classes.get_mut(&demand) else { return };
        waiting.remove(&rank);
        if waiting.is_empty() {
            self.classes.remove(&demand);
            self.hungry.remove(&demand);
            self.forget_starved(&demand);
        }
    }

    /// Each demand that somebody may be able to meet, with the first task of it.
    pub(super) fn hungry(&self) -> impl Iterator<Item = (&Arc<Demand>, &Rank)> {
        self.hungry.iter().filter_map(|demand| Some((demand, self.classes.get(demand)?.first()?)))
    }

    /// The task behind `rank` that asks for the same.
    pub(super) fn after(&self, demand: &Demand, rank: &Rank) -> Option<&Rank> {
        self.classes.get(demand)?.range((Bound::Excluded(rank), Bound::Unbounded)).next()
    }

    /// The demands that nobody can meet now, and that this swarm might meet.
    pub(super) fn starved(&self, swarm: &SwarmId) -> impl Iterator<Item = &Arc<Demand>> {
        self.starved.iter().chain(self.directed.get(swarm).into_iter().flatten())
    }

    /// Nobody can meet the demand now.
    pub(super) fn starve(&mut self, demand: &Demand) {
        let Some(demand) = self.hungry.take(demand) else { return };
        match &demand.directed_to {
            Some(swarm) => self.directed.entry(swarm.clone()).or_default().insert(demand.clone()),
            None => self.starved.insert(demand.clone()),
        };
    }

    /// Somebody may be able to meet the demand again.
    pub(super) fn feed(&mut self, demand: &Arc<Demand>) {
        self.forget_starved(demand);
        self.hungry.insert(demand.clone());
    }

    fn forget_starved(&mut self, demand: &Arc<Demand>) {
        match &demand.directed_to {
            Some(swarm) => {
                if let Some(demands) = self.directed.get_mut(swarm) {
                    demands.remove(demand);
                    if demands.is_empty() {
                        self.directed.remove(swarm);
                    }
                }
            }
            None => drop(self.starved.remove(demand)),
        }
    }
}
