//! Free workers, in the order in which they are chosen, together with those that can do the same.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use crate::clock::Timestamp;
use crate::coordinator::assignment::workload;
use crate::coordinator::health::Health;
use crate::coordinator::runtime::view::View;
use crate::governor::service::Governor;
use crate::governor::{Account, Admission, Policy, Score, TripReason};
use crate::id::{Capability, SessionId, SwarmId};

/// What decides, besides load and worth, how well a worker suits a task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Kind {
    capabilities: BTreeSet<Capability>,
    pub(super) health: Health,
}

/// A worker with a free slot. The least is chosen first among its kind.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Free {
    /// The bits of its workload, which sort as the numbers do that are not negative.
    load: u64,
    worth: Reverse<Score>,
    pub(super) swarm: SwarmId,
    pub(super) session: SessionId,
    pub(super) used: u32,
    pub(super) slots: u32,
}

/// Free workers of one kind.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) kind: Arc<Kind>,
    pub(super) free: BTreeSet<Free>,
}

/// What is known of a swarm that may get work.
#[derive(Debug)]
struct Placed {
    kind: Arc<Kind>,
    worth: Reverse<Score>,
    workers: HashMap<SessionId, Free>,
    free: BTreeSet<Free>,
}

/// All free workers that may get work.
#[derive(Debug, Default)]
pub(super) struct Supply {
    groups: BTreeMap<Arc<Kind>, Group>,
    placed: HashMap<SwarmId, Placed>,
    sessions: HashMap<SessionId, SwarmId>,
    /// When an open breaker lets a trial through.
    trials: BTreeSet<(Timestamp, SwarmId)>,
}

impl Supply {
    /// Puts a swarm's workers in their places, after something about the swarm has changed; true when one of them
    /// is free.
    pub(super) fn place(&mut self, view: &View, swarm: &SwarmId, health: Health, now: Timestamp) -> bool {
        let Some((kind, worth)) = self.terms(view, swarm, health, now) else {
            self.displace(swarm);
            return false;
        };
        if let Some(placed) =
            self.placed.get(swarm).filter(|placed| *placed.kind == kind && placed.worth == worth)
        {
            return !placed.free.is_empty();
        }
        self.displace(swarm);
        let placed = Placed { kind: Arc::new(kind), worth, workers: HashMap::new(), free: BTreeSet::new() };
        self.placed.insert(swarm.clone(), placed);
        let workers: Vec<SessionId> = view.workers(swarm).map(|(session, _)| session.clone()).collect();
        let placed = workers.iter().filter(|session| self.place_worker(view, swarm, session));
        placed.count() > 0
    }

    /// What decides about a swarm's workers; none while it gets no work.
    fn terms(
        &mut self,
        view: &View,
        swarm: &SwarmId,
        health: Health,
        now: Timestamp,
    ) -> Option<(Kind, Reverse<Score>)> {
        if !view.is_connected(swarm) || !view.is_legible(swarm) || health.weight() <= 0.0 {
            return None;
        }
        let account = view.account(swarm);
        if let Err(until) = is_open(&account, view.policy(), now) {
            self.trials.extend(until.map(|until| (until, swarm.clone())));
            return None;
        }
        let worth = Reverse(Governor::suitability(&account, &[], view.policy()).1);
        let profile = account.profile.as_ref();
        let capabilities = profile.map_or_else(BTreeSet::new, |profile| profile.value.capabilities.clone());
        Some((Kind { capabilities, health }, worth))
    }

    /// Puts one worker in its place; true when it is free.
    pub(super) fn place_worker(&mut self, view: &View, swarm: &SwarmId, session: &SessionId) -> bool {
        let Some(placed) = self.placed.get_mut(swarm) else { return false };
        if let Some(before) = placed.workers.remove(session) {
            placed.free.remove(&before);
            self.sessions.remove(session);
            remove(&mut self.groups, &placed.kind, &before);
        }
        let used = view.used(session);
        let Some(slots) =
            view.assignable(swarm, session).map(|entry| entry.slots).filter(|slots| used < *slots)
        else {
            return false;
        };
        let load = workload(used, slots).to_bits();
        let (swarm, session, worth) = (swarm.clone(), session.clone(), placed.worth);
        let free = Free { load, worth, swarm, session, used, slots };
        self.sessions.insert(free.session.clone(), free.swarm.clone());
        let new = || Group { kind: placed.kind.clone(), free: BTreeSet::new() };
        self.groups.entry(placed.kind.clone()).or_insert_with(new).free.insert(free.clone());
        placed.workers.insert(free.session.clone(), free.clone());
        placed.free.insert(free);
        true
    }

    fn displace(&mut self, swarm: &SwarmId) {
        let Some(placed) = self.placed.remove(swarm) else { return };
        for free in &placed.free {
            self.sessions.remove(&free.session);
            remove(&mut self.groups, &placed.kind, free);
        }
    }

    /// Whether the swarm's workers have places, as far as they are free.
    pub(super) fn knows(&self, swarm: &SwarmId) -> bool {
        self.placed.contains_key(swarm)
    }

    /// The swarms whose breaker lets a trial through by now.
    pub(super) fn due(&mut self, now: Timestamp) -> Vec<SwarmId> {
        let mut due = Vec::new();
        while self.trials.first().is_some_and(|(until, _)| *until <= now) {
            due.extend(self.trials.pop_first().map(|(_, swarm)| swarm));
        }
        due
    }

    pub(super) fn groups(&self) -> impl Iterator<Item = &Group> {
        self.groups.values()
    }

    /// One swarm's health and free workers.
    pub(super) fn of(&self, swarm: &SwarmId) -> Option<(Health, &BTreeSet<Free>)> {
        self.placed.get(swarm).map(|placed| (placed.kind.health, &placed.free))
    }

    /// Whose worker this is, if it is free.
    pub(super) fn swarm_of(&self, session: &SessionId) -> Option<&SwarmId> {
        self.sessions.get(session)
    }
}

fn remove(groups: &mut BTreeMap<Arc<Kind>, Group>, kind: &Arc<Kind>, free: &Free) {
    if let Some(group) = groups.get_mut(kind) {
        group.free.remove(free);
        if group.free.is_empty() {
            groups.remove(kind);
        }
    }
}

/// Whether the swarm's breaker lets work pass; else when it will, as far as that is known.
fn is_open(account: &Account, policy: &Policy, now: Timestamp) -> Result<(), Option<Timestamp>> {
    match account.at(now).admission(now) {
        Admission::Pass => Ok(()),
        Admission::Probe if account.probe.is_none() => Ok(()),
        // The end of the trial changes the account.
        Admission::Probe => Err(None),
        Admission::Refused { reason: TripReason::BudgetExhausted, .. }
            if !policy.resources.enable_budget_enforcement =>
        {
            Ok(())
        }
        Admission::Refused { until, .. } => Err(until),
    }
}
