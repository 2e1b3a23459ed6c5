use std::time::Duration;

use super::*;
use crate::coordinator::task::{Attempt, Fate, RetryRule, TaskError};
use crate::money::Money;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn swarm() -> SwarmId {
    "s1".parse().unwrap()
}

fn task() -> TaskRecord {
    TaskRecord::new("t".parse().unwrap(), "tester", at(0))
}

fn working(pushed: bool) -> TaskRecord {
    let attempt = Attempt { claim_id: "c1".parse().unwrap(), reserved: Money::ZERO, pushed };
    task().claimed(&swarm(), &attempt, "s1", at(1))
}

fn event(before: Option<&TaskRecord>, after: &TaskRecord) -> Event {
    Event::of_record(&after.id, Values { before, after: Some(after) }, None, 7)
}

#[test]
fn every_change_of_a_task_has_a_name_of_its_own() {
    let (ready, held) = (task(), working(false));
    let token = Token { epoch: 0, revision: 5 };
    let error = TaskError { class: "exit".into(), message: "broken".into(), retryable: true };
    let retry = RetryRule { base: Duration::from_secs(1), cap: Duration::from_secs(1), jitter: 1.0 };
    let failed = held.failed(error, Money::ZERO, &retry, "s1", at(2));
    let blocked = held.blocked(vec![], "how?".into(), Money::ZERO, "s1", at(2));
    let helper: TaskId = "h".parse().unwrap();
    let asked = blocked.awaiting_help([helper.clone()].into(), "leader", at(3));
    let other: TaskId = "i".parse().unwrap();
    let half_helped = blocked.awaiting_help([helper.clone(), other.clone()].into(), "leader", at(3)).helped(
        &helper,
        "h",
        at(4),
    );
    let mut waiting = task();
    waiting.unmet = ["a".parse().unwrap(), "b".parse().unwrap()].into();
    waiting.reason = Some(crate::coordinator::task::Reason::Waiting);
    let half = waiting.told(&"a".parse().unwrap(), Fate::Met, "s1", at(1));
    let whole = half.told(&"b".parse().unwrap(), Fate::Met, "s1", at(2));
    let failing = waiting.told(&"a".parse().unwrap(), Fate::Failed, "s1", at(1));
    let again = failing.told(&"a".parse().unwrap(), Fate::Open, "s1", at(2));
    let assigned = working(true);
    for (before, after, kind, state) in [
        (None, &ready, Kind::Submitted, "submitted/ready"),
        (Some(&ready), &held, Kind::Claimed, "working"),
        (Some(&ready), &assigned, Kind::Assigned, "working"),
        (Some(&assigned), &assigned.received("s1", at(2)), Kind::Received, "working"),
        (Some(&assigned), &assigned.recalled("leader", at(2)), Kind::Recalled, "submitted/ready"),
        (Some(&held), &held.progressed("half".into(), None, "s1", at(2)), Kind::Progressed, "working"),
        (Some(&held), &held.completed(token, Money::ZERO, "s1", at(2)), Kind::Completed, "completed"),
        (Some(&held), &failed, Kind::Failed, "submitted/backoff"),
        (Some(&failed), &failed.due("leader", at(3)), Kind::Retried, "submitted/ready"),
        (Some(&held), &held.released(Money::ZERO, "s1", at(2)), Kind::Released, "submitted/ready"),
        (Some(&held), &held.returned(Money::ZERO, 3, "leader", at(2)), Kind::Returned, "submitted/ready"),
        (Some(&held), &blocked, Kind::Blocked, "input-required/blocked"),
        (Some(&blocked), &asked, Kind::HelpRequested, "input-required/blocked"),
        (Some(&asked), &asked.helped(&helper, "h", at(4)), Kind::Unblocked, "submitted/ready"),
        (
            Some(&asked),
            &asked.helped_in_vain(&helper, "h", at(4)),
            Kind::HelpFailed,
            "input-required/blocked",
        ),
        (
            Some(&half_helped),
            &half_helped.helped_in_vain(&other, "h", at(5)),
            Kind::Unblocked,
            "submitted/ready",
        ),
        (Some(&blocked), &blocked.unblocked("me", at(3)), Kind::Unblocked, "submitted/ready"),
        (Some(&ready), &ready.canceled(None, Money::ZERO, "me", at(2)), Kind::Canceled, "canceled"),
        (Some(&waiting), &half, Kind::DependencyMet, "submitted/waiting"),
        (Some(&half), &whole, Kind::Ready, "submitted/ready"),
        (Some(&waiting), &failing, Kind::DependencyFailed, "input-required/dependency-failed"),
        (Some(&failing), &again, Kind::DependencyRetried, "submitted/waiting"),
        (Some(&held), &held.stalled("leader", at(2)), Kind::Stalled, "working/stalled"),
        (Some(&held), &held.expired(Money::ZERO, "leader", at(2)), Kind::Failed, "failed/deadline"),
    ] {
        let event = event(before, after);
        assert_eq!((event.event, event.state.as_deref()), (kind, Some(state)), "{}", after.op);
        assert_eq!((event.revision, &event.by), (7, &Some(after.by.clone())));
    }
}

#[test]
fn an_operation_that_is_not_known_is_told_by_what_it_led_to() {
    let other = |state| TaskRecord { state, reason: None, op: "something".into(), ..task() };
    for (state, kind) in [
        (State::Canceled, Kind::Canceled),
        (State::Failed, Kind::Failed),
        (State::Completed, Kind::Completed),
        (State::InputRequired, Kind::Changed),
    ] {
        assert_eq!(event(None, &other(state)).event, kind, "{state}");
    }
    let ready = TaskRecord { op: "something".into(), ..task() };
    assert_eq!(event(Some(&other(State::InputRequired)), &ready).event, Kind::Ready);
    assert_eq!(event(Some(&ready), &ready).event, Kind::Changed);
}

#[test]
fn a_token_and_what_was_said_belong_to_the_event() {
    let token = Token { epoch: 0, revision: 5 };
    let note = working(false).progressed("half".into(), None, "s1", at(2));
    let values = Values { before: None, after: Some(&note) };
    let event = Event::of_record(&note.id, values, Some(token), 7);
    assert_eq!((event.token, event.detail.as_deref()), (Some(token), Some("half")));
    let done = working(false).completed(token, Money::ZERO, "s1", at(2));
    assert_eq!(self::event(None, &done).token, Some(token));
}

#[test]
fn raw_clients_are_told_by_the_owner_key() {
    let of = |before, after| {
        let event = Event::of_owner(&"t".parse().unwrap(), Values { before, after }, 7)?;
        Some((event.event, event.swarm.map(|swarm| swarm.to_string())))
    };
    let named = Some("s1".to_owned());
    assert_eq!(of(None, Some("unclaimed")), Some((Kind::Submitted, None)));
    assert_eq!(of(Some("unclaimed"), Some("s1")), Some((Kind::Claimed, named.clone())));
    assert_eq!(of(Some("s1"), Some("unclaimed")), Some((Kind::Returned, named)));
    assert_eq!(of(Some("s1"), None), None);
}

#[test]
fn workers_join_and_leave_and_a_status_changes() {
    let (swarm, session) = (swarm(), "01".parse().unwrap());
    let of = |before, after| {
        Event::of_session::<()>(&swarm, &session, Values { before, after }, 7).map(|event| event.event)
    };
    assert_eq!(of(None, Some(&())), Some(Kind::Joined));
    assert_eq!(of(Some(&()), None), Some(Kind::Left));
    assert_eq!(of(Some(&()), Some(&())), None);
    let status = |before, after| Event::of_status(&swarm, Values { before, after }, 7);
    assert_eq!(status(Some("active"), Some("dead")).unwrap().state.as_deref(), Some("dead"));
    assert_eq!(status(Some("active"), Some("active")), None);
}
