//! What was recorded of sessions that coordinated by polling git, played again with `ifctl` in the place of the
//! polling: of all who did a task, one is accepted, and the others are told who has it.

mod pace;
mod player;
mod trace;

use std::collections::{BTreeMap, BTreeSet};
use std::thread;

use crate::support::servers::Backend;
use crate::support::site::{Site, on_engine_and_etcd};
use pace::Pace;
use player::{Attempt, Outcome, Player};
use trace::{Event, Kind, recorded};

on_engine_and_etcd!(of_all_who_did_a_task_one_is_accepted_and_the_others_are_told_who_has_it);

/// Tasks of the backlog that all sessions shared.
const SHARED: &str = "P0.";

fn of_all_who_did_a_task_one_is_accepted_and_the_others_are_told_who_has_it(backend: Backend) {
    let events = recorded();
    let site = Site::start(backend);
    submit(&site, &events);
    let attempts = play(&site, &events);

    let mut accepted: BTreeMap<&str, usize> = BTreeMap::new();
    let mut told = 0;
    for Attempt { task, kind, outcome } in &attempts {
        match outcome {
            Outcome::Accepted if *kind == Kind::Complete => *accepted.entry(task).or_default() += 1,
            Outcome::Accepted => {}
            Outcome::Told(holder) => {
                let owners = owners(&site, task);
                assert_eq!(owners, BTreeSet::from([holder.clone()]), "{task}: who was told of whom");
                told += usize::from(*kind == Kind::Complete && task.starts_with(SHARED));
            }
        }
    }
    let done: BTreeSet<&str> = completions(&events).map(|event| event.task.as_str()).collect();
    assert_eq!(accepted.keys().copied().collect::<BTreeSet<_>>(), done);
    assert!(accepted.values().all(|times| *times == 1), "{accepted:?}");
    assert_eq!(told, redundant(&events), "what was redundant then is refused now");
    for task in done {
        assert_eq!(completions_in_the_store(&site, task), 1, "{task}");
    }
}

fn submit(site: &Site, events: &[Event]) {
    let tasks: BTreeSet<&str> = events.iter().map(|event| event.task.as_str()).collect();
    let lines: Vec<String> = tasks.iter().map(|task| format!("{{\"id\": \"{task}\"}}")).collect();
    site.ifctl("coordinator submit --file -").stdin(lines.join("\n")).run().expect(0);
}

/// Every session plays its part in a thread of its own, each command in a process of its own.
fn play(site: &Site, events: &[Event]) -> Vec<Attempt> {
    let pace = Pace::new(events);
    let sessions: BTreeSet<&str> = events.iter().map(|event| event.session.as_str()).collect();
    thread::scope(|scope| {
        let playing: Vec<_> = sessions
            .into_iter()
            .map(|session| {
                let pace = &pace;
                scope.spawn(move || {
                    let mut player = Player::new(site, session);
                    let part = events.iter().enumerate().filter(|(_, event)| event.session == session);
                    part.filter_map(|(turn, event)| pace.in_turn(turn, || player.play(event)))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        playing.into_iter().flat_map(|playing| playing.join().unwrap()).collect()
    })
}

/// Everybody who has ever owned a task.
fn owners(site: &Site, task: &str) -> BTreeSet<String> {
    let history = site.raw().history(&format!("/tasks/{task}/owner"));
    history.into_iter().map(|change| change.value).filter(|owner| owner != "unclaimed").collect()
}

fn completions_in_the_store(site: &Site, task: &str) -> usize {
    let history = site.raw().history(&format!("/tasks/{task}/record"));
    history.iter().filter(|change| change.json()["op"] == "complete").count()
}

fn completions(events: &[Event]) -> impl Iterator<Item = &Event> {
    events.iter().filter(|event| event.kind == Kind::Complete)
}

/// How often each task of all was completed.
fn times(events: &[Event]) -> BTreeMap<&str, usize> {
    let mut times = BTreeMap::new();
    for event in completions(events).filter(|event| event.task.starts_with(SHARED)) {
        *times.entry(event.task.as_str()).or_default() += 1;
    }
    times
}

fn redundant(events: &[Event]) -> usize {
    times(events).values().map(|times| times - 1).sum()
}

#[test]
fn the_fixture_has_the_faults_of_the_record() {
    let events = recorded();
    let times = times(&events);
    let repeated = times.values().filter(|times| **times > 1).count();
    assert_eq!((times.values().sum::<usize>(), redundant(&events), repeated), (56, 29, 19));
    assert!(events.iter().any(|event| event.kind == Kind::Status));
}
