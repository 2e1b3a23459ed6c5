//! Watching over swarms: what they have shown of themselves, how well they are by the rule of
//! [`health`](crate::coordinator::health), and which status words are still to be written.
//!
//! Remembers what the present leader has seen, and begins with the status words that the last one left.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use super::view::{Sign, View};
use crate::clock::Timestamp;
use crate::coordinator::health::{Health, Seen};
use crate::governor::{HealthPolicy, Outcome};
use crate::id::SwarmId;

/// What is known of the swarms that something is known of.
#[derive(Debug, Default)]
pub(super) struct Charts {
    charts: BTreeMap<SwarmId, Chart>,
    /// Swarms that have shown something since they were looked at.
    fresh: BTreeSet<SwarmId>,
    /// Status words that are still to be written.
    unwritten: BTreeMap<SwarmId, Health>,
    /// When all of them are looked at again.
    round: Option<Timestamp>,
}

/// What is known of one swarm.
#[derive(Debug, Default)]
struct Chart {
    health: Health,
    lost_at: Option<Timestamp>,
    failures: VecDeque<Timestamp>,
}

impl Charts {
    /// Begins with what the status words say. Of a swarm that is not there nobody knows for how long.
    pub(super) fn begin(view: &View, now: Timestamp) -> Self {
        let mut charts = Self::default();
        for (swarm, word) in view.statuses() {
            let Some(health) = Health::of_status(word).filter(|health| *health != Health::Healthy) else {
                continue;
            };
            let lost_at = (!view.is_connected(swarm)).then_some(now);
            charts.charts.insert(swarm.clone(), Chart { health, lost_at, failures: VecDeque::new() });
        }
        charts
    }

    /// How well those are that are not healthy.
    pub(super) fn unwell(&self) -> impl Iterator<Item = (&SwarmId, Health)> {
        self.charts.iter().map(|(swarm, chart)| (swarm, chart.health))
    }

    /// Notes what a swarm has shown of itself.
    pub(super) fn note(&mut self, sign: &Sign, view: &View, now: Timestamp) {
        let (Sign::Came(swarm) | Sign::Left(swarm) | Sign::Lost(swarm) | Sign::Ended(swarm, _)) = sign else {
            return;
        };
        let is_gone = !view.is_connected(swarm);
        let chart = self.charts.entry(swarm.clone()).or_default();
        match sign {
            Sign::Came(_) => chart.lost_at = None,
            Sign::Lost(_) if is_gone => {
                chart.lost_at = Some(now);
                chart.failures.push_back(now);
            }
            Sign::Ended(_, Outcome::Completed) => chart.failures.clear(),
            Sign::Ended(_, Outcome::Failed | Outcome::Recalled) => chart.failures.push_back(now),
            Sign::Lost(_) | Sign::Left(_) | Sign::Ended(..) | Sign::Received(_) => {}
        }
        self.fresh.insert(swarm.clone());
    }

    /// Looks at those that have shown something, and from time to time at all; gives those that are better or worse
    /// than before.
    pub(super) fn look(&mut self, view: &View, now: Timestamp) -> Vec<(SwarmId, Health)> {
        let policy = &view.policy().health;
        let mut due = std::mem::take(&mut self.fresh);
        if self.round.is_none_or(|round| round <= now) {
            self.round = Some(now.after(Duration::from_secs(policy.check_seconds)));
            due.extend(self.charts.keys().cloned());
        }
        let mut changed = Vec::new();
        for swarm in due {
            let Some(chart) = self.charts.get_mut(&swarm) else { continue };
            let health = chart.judge(policy, now);
            if health != chart.health {
                chart.health = health;
                changed.push((swarm.clone(), health));
            }
            if is_to_be_written(view.status(&swarm), health) {
                self.unwritten.insert(swarm.clone(), health);
            }
            if chart.is_blank() {
                self.charts.remove(&swarm);
            }
        }
        changed
    }

    /// Takes at most `most` status words that are to be written.
    pub(super) fn take_unwritten(&mut self, most: usize) -> Vec<(SwarmId, Health)> {
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some(next) = self.unwritten.pop_first()
        {
            taken.push(next);
        }
        taken
    }
}

impl Chart {
    fn judge(&mut self, policy: &HealthPolicy, now: Timestamp) -> Health {
        let window = Duration::from_secs(policy.failure_window_seconds);
        while self.failures.front().is_some_and(|failure| now.since(*failure) >= window) {
            self.failures.pop_front();
        }
        let silent = self.lost_at.map(|lost| now.since(lost));
        let failures = u32::try_from(self.failures.len()).unwrap_or(u32::MAX);
        Health::judge(self.health, Seen { silent, failures }, policy)
    }

    /// Whether there is nothing to remember.
    fn is_blank(&self) -> bool {
        self.health == Health::Healthy && self.lost_at.is_none() && self.failures.is_empty()
    }
}

/// Whether the status word is another; one that is not about health is left as it is.
fn is_to_be_written(word: Option<&str>, health: Health) -> bool {
    match word.map(Health::of_status) {
        None => health != Health::Healthy,
        Some(said) => said.is_some_and(|said| said != health),
    }
}
