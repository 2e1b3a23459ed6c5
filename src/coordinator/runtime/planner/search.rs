//! Looking for a worker for one task, among all that are free.

use std::collections::{BTreeSet, HashSet};

use super::queue::Demand;
use super::supply::{Free, Group, Supply};
use crate::clock::Timestamp;
use crate::coordinator::assignment::{Candidate, compare};
use crate::coordinator::health::Health;
use crate::coordinator::runtime::view::View;
use crate::coordinator::task::TaskRecord;
use crate::governor::service::{Governor, authorise};
use crate::governor::{Score, Work};
use crate::id::{SessionId, SwarmId};
use crate::money::Money;

/// One look for a worker.
pub(super) struct Search<'a> {
    view: &'a View,
    task: &'a TaskRecord,
    demand: &'a Demand,
    charged: &'a HashSet<SwarmId>,
    now: Timestamp,
    /// Whether somebody might do who has been chosen for another task.
    pub(super) later: bool,
    pub(super) weighed: u64,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        view: &'a View,
        task: &'a TaskRecord,
        demand: &'a Demand,
        charged: &'a HashSet<SwarmId>,
        now: Timestamp,
    ) -> Self {
        Self { view, task, demand, charged, now, later: false, weighed: 0 }
    }

    /// The best worker for the task; one of those that it has passed over only when there is no other.
    pub(super) fn best(&mut self, supply: &Supply, passed: &HashSet<SessionId>) -> Option<Candidate> {
        let is_new = |free: &Free| !passed.contains(&free.session);
        let best = match (&self.demand.directed_to, &self.task.preferred) {
            (Some(swarm), _) => self.of_swarm(supply, swarm, is_new),
            (None, Some(swarm)) => {
                self.of_swarm(supply, swarm, is_new).or_else(|| self.of_all(supply, passed))
            }
            (None, None) => self.of_all(supply, passed),
        };
        best.or_else(|| self.of_passed(supply, passed))
    }

    /// The best of all that are free: the first that may, of each group.
    fn of_all(&mut self, supply: &Supply, passed: &HashSet<SessionId>) -> Option<Candidate> {
        supply.groups().filter_map(|group| self.of_group(group, passed)).max_by(compare)
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
        swarms
            .filter_map(|swarm| self.of_swarm(supply, swarm, |free| passed.contains(&free.session)))
            .max_by(compare)
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
pub(super) fn is_feasible(view: &View, demand: &Demand, swarm: &SwarmId, now: Timestamp) -> bool {
    if demand.directed_to.as_ref().is_some_and(|directed| directed != swarm) {
        return false;
    }
    let (hours, max_cost) = match &demand.prepaid_for {
        Some(prepaid) if prepaid == swarm => (0.0, Some(Money::ZERO)),
        _ => (demand.hours(), demand.max_cost),
    };
    let work = Work { task: &demand.example, required: &demand.required, hours, max_cost };
    let account = view.account(swarm);
    authorise(&account, &work, view.policy(), now)
        .is_ok_and(|authorisation| !view.is_too_much(&account, authorisation.amount, now))
}
