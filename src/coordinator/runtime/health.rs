//! Watching over swarms: what they have shown of themselves, how well they are by the rule of
//! [`health`](crate::coordinator::health), and which status words are still to be written.
//!
//! Remembers what the present leader has seen, and begins with the status words that the last one left, and with the
//! workers that vanished under it, or under none.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use super::view::{Sign, View, Worker};
use crate::clock::Timestamp;
use crate::coordinator::health::{Health, Seen};
use crate::governor::{HealthPolicy, Outcome};
use crate::id::SwarmId;

/// What is known of the swarms that something is known of.
#[derive(Debug, Default)]
pub(super) struct Charts {
    known: BTreeMap<SwarmId, Chart>,
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
            charts.known.insert(swarm.clone(), Chart { health, lost_at, failures: VecDeque::new() });
        }
        for swarm in view.vanished().keys() {
            // Whoever holds a task goes on without a connection.
            if !view.is_connected(swarm) && !view.is_holding(swarm) {
                charts.known.entry(swarm.clone()).or_default().lost_at = Some(now);
            }
        }
        charts
    }

    /// How well those are that are not healthy.
    pub(super) fn unwell(&self) -> impl Iterator<Item = (&SwarmId, Health)> {
        self.known.iter().map(|(swarm, chart)| (swarm, chart.health))
    }

    /// Notes what a swarm has shown of itself.
    pub(super) fn note(&mut self, sign: &Sign, view: &View, now: Timestamp) {
        let (Sign::Came(swarm) | Sign::Left(swarm) | Sign::Lost(swarm) | Sign::Ended(swarm, _)) = sign else {
            return;
        };
        let is_gone = !view.is_connected(swarm);
        let chart = self.known.entry(swarm.clone()).or_default();
        match sign {
            Sign::Came(_) | Sign::Ended(_, Outcome::Released | Outcome::Blocked) => chart.lost_at = None,
            Sign::Lost(_) if is_gone => {
                chart.lost_at = Some(now);
                chart.failures.push_back(now);
            }
            Sign::Ended(_, Outcome::Completed) => {
                // Whoever ends an attempt is there, connected or not.
                chart.lost_at = None;
                chart.failures.clear();
            }
            Sign::Ended(_, Outcome::Failed) => {
                chart.lost_at = None;
                chart.failures.push_back(now);
            }
            Sign::Ended(_, Outcome::Recalled) => chart.failures.push_back(now),
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
            due.extend(self.known.keys().cloned());
        }
        let mut changed = Vec::new();
        for swarm in due {
            let Some(chart) = self.known.get_mut(&swarm) else { continue };
            let health = chart.judge(policy, now);
            if health != chart.health {
                chart.health = health;
                changed.push((swarm.clone(), health));
            }
            if is_to_be_written(view.status(&swarm), health, view.vanished().contains_key(&swarm)) {
                self.unwritten.insert(swarm.clone(), health);
            }
            if chart.is_blank() {
                self.known.remove(&swarm);
            }
        }
        changed
    }

    /// At most `most` of the workers that vanished and that nobody misses: their swarm is there, goes on without, or is
    /// known to be dead.
    pub(super) fn unmissed(&self, view: &View, most: usize) -> Vec<Worker> {
        let is_missed = |swarm: &SwarmId| {
            let chart = self.known.get(swarm).filter(|chart| chart.lost_at.is_some());
            chart.is_some_and(|chart| {
                chart.health != Health::Dead || view.status(swarm) != Some(Health::Dead.status())
            })
        };
        let vanished = view.vanished().iter().filter(|(swarm, _)| !is_missed(swarm));
        let workers = vanished
            .flat_map(|(swarm, sessions)| sessions.iter().map(|session| (swarm.clone(), session.clone())));
        workers.take(most).collect()
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

/// Whether the status word is another. One that is not about health is left as it is; a human is called for the dead all
/// the same, as long as the worker is not forgotten that vanished.
fn is_to_be_written(word: Option<&str>, health: Health, has_vanished: bool) -> bool {
    match word.map(Health::of_status) {
        None => health != Health::Healthy,
        Some(Some(said)) => said != health,
        Some(None) => health == Health::Dead && has_vanished,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coordinator::runtime::view::tests::Scene;
    use crate::coordinator::task::TaskRecord;
    use crate::id::SessionId;
    use crate::store::Key;

    fn swarm() -> SwarmId {
        "s1".parse().unwrap()
    }

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).after(Duration::from_secs(seconds))
    }

    /// Notes what the scene has shown, and looks.
    fn look(charts: &mut Charts, scene: &mut Scene, seconds: u64) -> Vec<Health> {
        for sign in scene.view.take_signs() {
            charts.note(&sign, &scene.view, at(seconds));
        }
        charts.look(&scene.view, at(seconds)).into_iter().map(|(_, health)| health).collect()
    }

    #[test]
    fn a_swarm_is_lost_with_its_last_worker_and_well_when_one_is_back() {
        let (mut scene, mut charts) = (Scene::default(), Charts::default());
        scene.connect(&swarm(), 1, 1);
        scene.connect(&swarm(), 2, 1);
        scene.disconnect(&swarm(), 1);
        assert_eq!(look(&mut charts, &mut scene, 0), []);
        assert_eq!(look(&mut charts, &mut scene, 400), [], "another worker is there");
        scene.disconnect(&swarm(), 2);
        assert_eq!(look(&mut charts, &mut scene, 500), []);
        assert_eq!(look(&mut charts, &mut scene, 560), [Health::Suspect]);
        assert_eq!(look(&mut charts, &mut scene, 620), [Health::Unhealthy]);
        assert_eq!(look(&mut charts, &mut scene, 800), [Health::Dead]);
        assert_eq!(look(&mut charts, &mut scene, 9000), [], "it is told once");
        assert_eq!(charts.take_unwritten(9), [(swarm(), Health::Dead)]);
        scene.put_text(&Key::SwarmStatus(swarm()), "dead");
        scene.connect(&swarm(), 3, 1);
        assert_eq!(
            look(&mut charts, &mut scene, 9001),
            [Health::Healthy],
            "at once, not with the next round"
        );
        assert_eq!(charts.take_unwritten(9), [(swarm(), Health::Healthy)]);
        assert_eq!(charts.unwell().count(), 0);
    }

    #[test]
    fn who_goes_on_without_a_connection_is_not_missed() {
        let (mut scene, mut charts) = (Scene::default(), Charts::default());
        scene.connect(&swarm(), 1, 1);
        scene.disconnect(&swarm(), 1);
        assert_eq!(look(&mut charts, &mut scene, 0), []);
        charts.note(&Sign::Ended(swarm(), Outcome::Completed), &scene.view, at(50));
        assert_eq!(look(&mut charts, &mut scene, 50), []);
        assert_eq!(look(&mut charts, &mut scene, 9000), []);
    }

    #[test]
    fn failures_count_until_they_are_old_or_made_up_for() {
        let (mut scene, mut charts) = (Scene::default(), Charts::default());
        scene.connect(&swarm(), 1, 1);
        let end = |charts: &mut Charts, scene: &Scene, outcome, seconds| {
            charts.note(&Sign::Ended(swarm(), outcome), &scene.view, at(seconds));
        };
        for seconds in 0..3 {
            end(&mut charts, &scene, Outcome::Failed, seconds);
        }
        for outcome in [Outcome::Blocked, Outcome::Released, Outcome::Lost] {
            end(&mut charts, &scene, outcome, 3);
        }
        assert_eq!(look(&mut charts, &mut scene, 3), [Health::Suspect]);
        end(&mut charts, &scene, Outcome::Recalled, 4);
        assert_eq!(look(&mut charts, &mut scene, 4), [Health::Unhealthy]);
        assert_eq!(look(&mut charts, &mut scene, 121), [Health::Suspect]);
        assert_eq!(look(&mut charts, &mut scene, 200), [Health::Healthy]);
        for seconds in 300..304 {
            end(&mut charts, &scene, Outcome::Failed, seconds);
        }
        assert_eq!(look(&mut charts, &mut scene, 304), [Health::Unhealthy]);
        end(&mut charts, &scene, Outcome::Completed, 305);
        assert_eq!(look(&mut charts, &mut scene, 305), [Health::Healthy]);
    }

    #[test]
    fn a_new_leader_begins_with_what_the_last_one_wrote() {
        let mut scene = Scene::default();
        let gone: SwarmId = "gone".parse().unwrap();
        for swarm in [&swarm(), &gone] {
            scene.put_text(&Key::SwarmStatus(swarm.clone()), "dead");
        }
        scene.put_text(&Key::SwarmStatus("broke".parse().unwrap()), "circuit_breaker_tripped");
        scene.connect(&swarm(), 1, 1);
        scene.view.take_signs();
        let mut charts = Charts::begin(&scene.view, at(0));
        assert_eq!(charts.unwell().count(), 2);
        assert_eq!(look(&mut charts, &mut scene, 0), [Health::Healthy]);
        assert_eq!(charts.take_unwritten(9), [(swarm(), Health::Healthy)]);
        assert_eq!(look(&mut charts, &mut scene, 9000), [], "who is dead does not die again");
        assert_eq!(charts.take_unwritten(9), []);
    }

    #[test]
    fn the_word_of_a_breaker_is_left_as_it_is() {
        for (word, health, written) in [
            (None, Health::Healthy, false),
            (None, Health::Suspect, true),
            (Some("active"), Health::Healthy, false),
            (Some("dead"), Health::Healthy, true),
            (Some("circuit_breaker_tripped"), Health::Dead, false),
        ] {
            assert_eq!(is_to_be_written(word, health, false), written, "{word:?} {health}");
        }
        for (health, written) in [(Health::Unhealthy, false), (Health::Dead, true)] {
            assert_eq!(is_to_be_written(Some("circuit_breaker_tripped"), health, true), written, "{health}");
        }
    }

    #[test]
    fn who_vanished_before_this_leader_is_missed_unless_it_said_goodbye_or_works_on() {
        let mut scene = Scene::default();
        let names: Vec<SwarmId> =
            ["lost", "polite", "back", "by-hand"].iter().map(|name| name.parse().unwrap()).collect();
        for (swarm, lease) in names.iter().zip(1..) {
            let presence = Key::Presence(swarm.clone(), SessionId::of_lease(lease));
            scene.put(&presence, &());
            scene.connect(swarm, lease, 1);
            if swarm.as_str() == "polite" {
                scene.delete(&presence);
            }
            scene.disconnect(swarm, lease);
        }
        scene.connect(&names[2], 9, 1);
        let task = TaskRecord::new("t".parse().unwrap(), "tester", at(0));
        scene.submit(&task);
        scene.hold(&task.id, &names[3], 77);
        scene.view.take_signs();
        let mut charts = Charts::begin(&scene.view, at(0));
        assert_eq!(charts.unmissed(&scene.view, 9).len(), 2, "those who are back or work on are forgotten");
        assert_eq!(look(&mut charts, &mut scene, 0), []);
        assert_eq!(look(&mut charts, &mut scene, 60), [Health::Suspect]);
        assert_eq!(look(&mut charts, &mut scene, 300), [Health::Dead]);
        assert_eq!(charts.take_unwritten(9), [(names[0].clone(), Health::Dead)]);
        assert_eq!(charts.unmissed(&scene.view, 9).len(), 2, "not before its death is written");
        scene.put_text(&Key::SwarmStatus(names[0].clone()), "dead");
        assert_eq!(charts.unmissed(&scene.view, 2).len(), 2);
        assert_eq!(charts.unmissed(&scene.view, 9).len(), 3);
    }
}
