//! The view's indices say what a look at everything would say, after any history.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::json;

use super::*;
use crate::clock::Timestamp;
use crate::coordinator::hold::GOODBYE;
use crate::coordinator::task::{Blocker, Reason, State};
use crate::governor::Outcome;
use crate::store::{Entry, Event};

/// A view and the hand that writes what it sees.
#[derive(Debug, Default)]
pub(in crate::coordinator::runtime) struct Scene {
    pub(in crate::coordinator::runtime) view: View,
}

impl Scene {
    fn apply(&mut self, key: &Key, value: Option<Vec<u8>>, lease: i64) {
        let revision = self.view.revision + 1;
        let deleted = value.is_none();
        let entry = Entry {
            key: key.to_string(),
            value: value.unwrap_or_default(),
            create_revision: revision,
            mod_revision: revision,
            lease,
        };
        let events = vec![Event { entry, deleted, previous: None }];
        self.view.apply(&Batch { revision, events });
    }

    pub(in crate::coordinator::runtime) fn put(&mut self, key: &Key, value: &impl Serialize) {
        self.apply(key, Some(serde_json::to_vec(value).unwrap()), 0);
    }

    pub(in crate::coordinator::runtime) fn put_text(&mut self, key: &Key, text: &str) {
        self.apply(key, Some(text.as_bytes().to_vec()), 0);
    }

    pub(in crate::coordinator::runtime) fn delete(&mut self, key: &Key) {
        self.apply(key, None, 0);
    }

    pub(in crate::coordinator::runtime) fn connect(&mut self, swarm: &SwarmId, lease: i64, slots: u32) {
        self.write_session(swarm, lease, slots, "connect");
    }

    fn write_session(&mut self, swarm: &SwarmId, lease: i64, slots: u32, op: &str) {
        let session = Session {
            host: "here".to_owned(),
            pid: 1,
            slots,
            assignable: op != GOODBYE,
            since: Timestamp::from_micros(0),
            by: swarm.to_string(),
            op: op.to_owned(),
        };
        let key = Key::Session(swarm.clone(), SessionId::of_lease(lease));
        self.apply(&key, Some(serde_json::to_vec(&session).unwrap()), lease);
    }

    pub(in crate::coordinator::runtime) fn disconnect(&mut self, swarm: &SwarmId, lease: i64) {
        self.delete(&Key::Session(swarm.clone(), SessionId::of_lease(lease)));
    }

    /// The task as it is after it was submitted.
    pub(in crate::coordinator::runtime) fn submit(&mut self, record: &TaskRecord) {
        self.put(&Key::Record(record.id.clone()), record);
        self.put_text(&Key::Owner(record.id.clone()), UNCLAIMED);
    }

    /// The task as it is while the worker has it.
    pub(in crate::coordinator::runtime) fn hold(&mut self, task: &TaskId, swarm: &SwarmId, lease: i64) {
        let record = self.view.record(task).unwrap().clone();
        let record = TaskRecord { state: State::Working, reason: None, ..record };
        let hold = Hold {
            swarm: swarm.clone(),
            session: Some(SessionId::of_lease(lease)),
            claim_id: "c1".parse().unwrap(),
            by: String::new(),
            op: String::new(),
        };
        self.put(&Key::Record(task.clone()), &record);
        self.put_text(&Key::Owner(task.clone()), swarm.as_str());
        self.put(&Key::Hold(task.clone()), &hold);
    }

    /// The hold ends with its lease.
    pub(in crate::coordinator::runtime) fn let_go(&mut self, task: &TaskId) {
        self.delete(&Key::Hold(task.clone()));
    }
}

fn swarm(number: u8) -> SwarmId {
    format!("s{number}").parse().unwrap()
}

fn task(number: u8) -> TaskId {
    format!("t{number}").parse().unwrap()
}

fn record(number: u8, kind: u8) -> TaskRecord {
    let now = Timestamp::from_micros(i64::from(kind) * 1000);
    let record = TaskRecord::new(task(number), "tester", now);
    let blocker = |requested| Blocker {
        needs: Vec::new(),
        description: String::new(),
        at: now,
        requested,
        pending: BTreeSet::new(),
        answered: false,
        escalation: None,
    };
    let (state, reason, blocker) = match kind % 7 {
        0 => (State::Submitted, Some(Reason::Ready), None),
        1 => (State::Working, None, None),
        2 => (State::Completed, None, None),
        3 => (State::Submitted, Some(Reason::Backoff), None),
        4 => (State::InputRequired, Some(Reason::Blocked), Some(blocker(false))),
        5 => (State::InputRequired, Some(Reason::Blocked), Some(blocker(true))),
        _ => (State::Submitted, Some(Reason::Waiting), None),
    };
    TaskRecord { state, reason, blocker, not_before: (kind > 20).then_some(now), ..record }
}

/// Each of the keys of a few tasks is written, written anew or deleted.
fn change(scene: &mut Scene, kind: u8, number: u8, what: u8) {
    let task = task(number);
    match (kind % 8, what % 4) {
        (0, 0) => scene.delete(&Key::Record(task)),
        (0..=2, _) => scene.put(&Key::Record(task), &record(number, what)),
        (3, 0) => scene.delete(&Key::Owner(task)),
        (3, 1) => scene.put_text(&Key::Owner(task), "s1"),
        (3, _) => scene.put_text(&Key::Owner(task), UNCLAIMED),
        (4 | 5, 0) if scene.view.record(&task).is_some() => scene.hold(&task, &swarm(what % 3), 7),
        (4 | 5, _) => scene.let_go(&task),
        (6, 0) => scene.put_text(&Key::Record(task), "what nobody can read"),
        (7, 0) => scene.put_text(&Key::Hold(task), "what nobody can read"),
        (_, 1) => scene.delete(&Key::Dependent { task, dependent: self::task(what % 3) }),
        _ => scene.put_text(&Key::Dependent { task, dependent: self::task(what % 3) }, ""),
    }
}

fn assert_indices(view: &View) {
    let records = || view.records.values().map(|record| &record.value);
    let ids = |tasks: Vec<&TaskRecord>| -> BTreeSet<TaskId> {
        tasks.into_iter().map(|task| task.id.clone()).collect()
    };
    let held = |task: &TaskRecord| view.is_held(&task.id);
    let orphans = records().filter(|task| task.state == State::Working && !held(task)).collect();
    assert_eq!(view.orphans().cloned().collect::<BTreeSet<_>>(), ids(orphans));
    let unanswered = records().filter(|task| {
        task.reason == Some(Reason::Blocked)
            && task.blocker.as_ref().is_some_and(|blocker| !blocker.requested)
    });
    assert_eq!(view.unanswered().cloned().collect::<BTreeSet<_>>(), ids(unanswered.collect()));
    let raw: BTreeSet<TaskId> = view
        .owners
        .iter()
        .filter(|(task, owner)| owner.name != UNCLAIMED && !view.is_held(task))
        .filter(|(task, _)| view.records.get(*task).is_none_or(|record| record.value.is_ready()))
        .map(|(task, _)| task.clone())
        .collect();
    assert_eq!(view.raw_claims().cloned().collect::<BTreeSet<_>>(), raw);
    let held = view.holds.values().filter(|hold| hold.value.session.is_some()).count();
    assert_eq!(usize::try_from(view.used.values().sum::<u32>()).unwrap(), held);
    assert_eq!(usize::try_from(view.holding.values().sum::<u32>()).unwrap(), view.holds.len());
}

proptest! {
    #[test]
    fn the_indices_say_what_a_look_at_everything_says(
        changes in prop::collection::vec((any::<u8>(), 0_u8..4, 0_u8..32), 0..60),
    ) {
        let mut scene = Scene::default();
        for (kind, number, what) in changes {
            change(&mut scene, kind, number, what);
            assert_indices(&scene.view);
        }
    }
}

#[test]
fn a_hold_that_nobody_can_read_is_a_hold_until_it_is_gone() {
    let mut scene = Scene::default();
    scene.submit(&TaskRecord::new(task(0), "tester", Timestamp::from_micros(0)));
    let hold = Key::Hold(task(0));
    scene.put_text(&hold, "what nobody can read");
    assert!(scene.view.is_held(&task(0)));
    assert_eq!(scene.view.ready(&task(0)), None);
    scene.delete(&hold);
    assert!(!scene.view.is_held(&task(0)));
    assert!(scene.view.ready(&task(0)).is_some());
}

#[test]
fn the_last_policy_that_could_be_read_stays() {
    let mut scene = Scene::default();
    let mut policy = Policy::default();
    policy.coordination.max_attempts = 77;
    scene.put(&Key::Policy, &json!({ "policy": policy, "by": "tester", "op": "governor.policy" }));
    scene.put_text(&Key::Policy, "what nobody can read");
    assert_eq!((scene.view.policy(), scene.view.is_policy_legible()), (&policy, false));
    scene.delete(&Key::Policy);
    assert_eq!((scene.view.policy(), scene.view.is_policy_legible()), (&Policy::default(), true));
}

#[test]
fn a_worker_that_is_gone_is_lost_unless_it_said_goodbye_or_its_swarm_holds_something() {
    let mut scene = Scene::default();
    for (lease, number) in [(1, 0), (2, 1), (3, 2)] {
        scene.connect(&swarm(number), lease, 1);
    }
    scene.submit(&TaskRecord::new(task(0), "tester", Timestamp::from_micros(0)));
    scene.hold(&task(0), &swarm(2), 3);
    scene.view.take_signs();
    scene.write_session(&swarm(1), 2, 1, GOODBYE);
    for (lease, number) in [(1, 0), (2, 1), (3, 2)] {
        scene.disconnect(&swarm(number), lease);
    }
    let signs = scene.view.take_signs();
    assert_eq!(signs, [Sign::Lost(swarm(0)), Sign::Left(swarm(1)), Sign::Left(swarm(2))]);
}

#[test]
fn what_became_of_claims_and_pushes_is_news_once() {
    let mut scene = Scene::default();
    let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
    let pushed = TaskRecord { assigned_at: Some(at(2)), ..TaskRecord::new(task(0), "tester", at(1)) };
    let received = TaskRecord { received_at: Some(at(3)), ..pushed.clone() };
    scene.put(&Key::Record(task(0)), &pushed);
    scene.put(&Key::Record(task(0)), &received);
    scene.put(&Key::Record(task(0)), &received);
    let settlement = json!({
        "swarm": "s1", "task": "t0", "claim": "c1", "reserved": 0, "cost": 0, "outcome": "recalled",
        "at": at(4), "by": "", "op": "",
    });
    scene.put(&Key::Settlement(task(0), "c1".parse().unwrap()), &settlement);
    let receipt = Receipt { ready: at(1), assigned: at(2), received: at(3) };
    let signs = scene.view.take_signs();
    assert_eq!(signs, [Sign::Received(receipt), Sign::Ended(swarm(1), Outcome::Recalled)]);
    assert!(scene.view.take_signs().is_empty());
}
