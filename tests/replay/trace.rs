//! The record: who claimed and who completed what, when. One line of CSV for each.

use infrafabric::clock::Timestamp;

/// What a session pushed to the repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// That it begins.
    Claim,
    /// That it is done.
    Complete,
    /// How it is.
    Status,
}

#[derive(Debug)]
pub(super) struct Event {
    pub(super) at: Timestamp,
    pub(super) session: String,
    pub(super) task: String,
    pub(super) kind: Kind,
}

const RECORD: &str = include_str!("../fixtures/claims-trace.csv");

/// All events, in the order of time.
pub(super) fn recorded() -> Vec<Event> {
    let mut lines = RECORD.lines();
    assert_eq!(lines.next(), Some("commit_time,session,task_id,event,commit"));
    let events: Vec<Event> = lines.map(event).collect();
    assert!(events.is_sorted_by_key(|event| event.at));
    events
}

fn event(line: &str) -> Event {
    let fields: Vec<&str> = line.split(',').collect();
    let [at, session, task, kind, _commit] = fields[..] else { panic!("{line}") };
    let kind = match kind {
        "claim" => Kind::Claim,
        "complete" => Kind::Complete,
        "status" => Kind::Status,
        _ => panic!("{line}"),
    };
    Event { at: at.parse().unwrap(), session: session.to_owned(), task: task.to_owned(), kind }
}
