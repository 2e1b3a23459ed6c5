//! Every change a task may undergo, one by one.

use std::time::Duration;

use super::*;

fn swarm() -> SwarmId {
    "s1".parse().unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000)
}

fn task() -> TaskRecord {
    TaskRecord::new("t".parse().unwrap(), "tester", at(0))
}

fn working() -> TaskRecord {
    let claim_id = "c1".parse().unwrap();
    let attempt = Attempt { claim_id, reserved: Money::from_dollars(2), pushed: false };
    task().claimed(&swarm(), &attempt, "s1", at(1))
}

fn retry() -> RetryRule {
    RetryRule { base: Duration::from_secs(1), cap: Duration::from_mins(15), jitter: 1.0 }
}

fn failure(retryable: bool) -> TaskError {
    TaskError { class: "exit".into(), message: "exit status 1".into(), retryable }
}

#[test]
fn a_claim_counts_an_attempt_and_keeps_the_reservation() {
    let claimed = working();
    assert_eq!((claimed.state, claimed.attempt), (State::Working, 1));
    assert_eq!(claimed.reserved, Money::from_dollars(2));
    assert_eq!(claimed.received_at, Some(at(1)));
}

#[test]
fn completing_is_terminal_and_books_the_cost() {
    let token = Token { epoch: 0, revision: 7 };
    let done = working().completed(token, Money::from_dollars(1), "s1", at(2));
    assert!(done.state.is_terminal());
    assert_eq!((done.spent, done.reserved), (Money::from_dollars(1), Money::ZERO));
    assert_eq!(done.completed_token, Some(token));
}

#[test]
fn a_retryable_failure_backs_off_until_the_attempts_are_used_up() {
    let failed = working().failed(failure(true), Money::ZERO, &retry(), "s1", at(2));
    assert_eq!((failed.reason, failed.not_before), (Some(Reason::Backoff), Some(at(3))));
    assert!(!failed.is_due(at(2)) && failed.is_due(at(3)));
    let mut last = working();
    last.attempt = last.max_attempts;
    let exhausted = last.failed(failure(true), Money::ZERO, &retry(), "s1", at(2));
    assert_eq!(exhausted.reason, Some(Reason::RetriesExhausted));
}

#[test]
fn a_failure_that_retrying_does_not_mend_is_left_to_people() {
    let failed = working().failed(failure(false), Money::ZERO, &retry(), "s1", at(2));
    assert_eq!((failed.state, failed.reason), (State::InputRequired, Some(Reason::NotRetryable)));
    assert!(failed.is_given_up() && failed.fate() == Fate::Failed);
    let again = failed.retried("human", at(3));
    assert!(again.is_ready());
    assert_eq!((again.attempt, again.error), (0, Some(failure(false))));
}

#[test]
fn giving_back_is_no_attempt_and_vanishing_is_a_lost_lease() {
    assert_eq!(working().released(Money::ZERO, "s1", at(2)).attempt, 0);
    let returned = working().returned(Money::from_dollars(2), 3, "reaper", at(2));
    assert_eq!((returned.attempt, returned.lease_losses), (1, 1));
    assert!(returned.is_ready());
}

#[test]
fn a_blocked_task_is_ready_when_the_last_help_is_there() {
    let blocked = working().blocked(vec![], "how?".into(), Money::ZERO, "s1", at(2));
    let (first, second): (TaskId, TaskId) = ("h1".parse().unwrap(), "h2".parse().unwrap());
    let waiting = blocked.awaiting_help([first.clone(), second.clone()].into(), "leader", at(3));
    let half = waiting.helped(&first, "h", at(4));
    assert_eq!(half.reason, Some(Reason::Blocked));
    let whole = half.helped(&second, "h", at(5));
    assert!(whole.is_ready() && whole.blocker.is_none());
    assert_eq!(whole.preferred, Some(swarm()));
    assert_eq!(whole.helped_by.len(), 2);
}

#[test]
fn one_answer_is_enough_whichever_help_ends_last() {
    let blocked = working().blocked(vec![], "how?".into(), Money::ZERO, "s1", at(2));
    let (first, second): (TaskId, TaskId) = ("h1".parse().unwrap(), "h2".parse().unwrap());
    let asked = blocked.awaiting_help([first.clone(), second.clone()].into(), "leader", at(3));
    let failed_first = asked.helped_in_vain(&first, "h", at(4)).helped(&second, "h", at(5));
    let failed_last = asked.helped(&second, "h", at(4)).helped_in_vain(&first, "h", at(5));
    for task in [failed_first, failed_last] {
        assert!(task.is_ready() && task.blocker.is_none(), "{task:?}");
        assert_eq!(task.helped_by, [second.clone()].into());
    }
    let in_vain = asked.helped_in_vain(&first, "h", at(4)).helped_in_vain(&second, "h", at(5));
    assert_eq!(in_vain.reason, Some(Reason::Blocked));
}

#[test]
fn help_for_an_earlier_question_does_not_answer_the_present_one() {
    let blocked = working().blocked(vec![], "and now?".into(), Money::ZERO, "s1", at(2));
    let late = blocked.helped(&"h0".parse().unwrap(), "h", at(3));
    assert_eq!(late.reason, Some(Reason::Blocked));
}

/// A task that waits for `a` and `b`.
fn waiting(policy: OnDependencyFailure) -> (TaskRecord, TaskId, TaskId) {
    let (a, b): (TaskId, TaskId) = ("a".parse().unwrap(), "b".parse().unwrap());
    let mut waiting = task();
    waiting.reason = Some(Reason::Waiting);
    waiting.unmet = [a.clone(), b.clone()].into();
    waiting.on_dependency_failure = policy;
    (waiting, a, b)
}

#[test]
fn help_that_is_tried_again_is_awaited_again_for_the_same_question_only() {
    let blocked = working().blocked(vec![], "how?".into(), Money::ZERO, "s1", at(2));
    let helper = TaskRecord { helps: Some("t".parse().unwrap()), created_at: at(3), ..task() };
    let asked = blocked.awaiting_help([helper.id.clone()].into(), "leader", at(3));
    let alone = asked.helped_in_vain(&helper.id, "h", at(4));
    assert!(alone.may_await_again(&helper) && !alone.awaits_help(&helper.id));
    assert!(alone.awaiting_again(&helper.id, "human", at(5)).awaits_help(&helper.id));
    let later = working().blocked(vec![], "and now?".into(), Money::ZERO, "s1", at(9));
    assert!(!later.awaiting_help(BTreeSet::new(), "leader", at(9)).may_await_again(&helper));
    assert!(!alone.unblocked("human", at(5)).may_await_again(&helper));
}

#[test]
fn a_waiting_task_is_ready_when_the_last_dependency_is_met() {
    let (waiting, a, b) = waiting(OnDependencyFailure::Block);
    let half = waiting.told(&a, Fate::Met, "s1", at(4));
    assert!(!half.is_ready());
    let whole = half.told(&b, Fate::Met, "s1", at(5));
    assert!(whole.is_ready());
    assert_eq!(whole.ready_at, Some(at(5)));
}

#[test]
fn a_waiting_task_whose_moment_has_not_come_is_scheduled() {
    let (mut waiting, a, b) = waiting(OnDependencyFailure::Block);
    waiting.not_before = Some(at(9));
    let whole = waiting.told(&a, Fate::Met, "s1", at(4)).told(&b, Fate::Met, "s1", at(5));
    assert_eq!(whole.reason, Some(Reason::Scheduled));
    assert!(!whole.is_due(at(8)) && whole.is_due(at(9)));
    assert!(whole.due("leader", at(9)).is_ready());
}

#[test]
fn a_failed_dependency_blocks_until_it_is_tried_again_or_somebody_goes_on_without_it() {
    let (waiting, a, b) = waiting(OnDependencyFailure::Block);
    let blocked = waiting.told(&a, Fate::Failed, "s1", at(4));
    assert_eq!((blocked.state, blocked.reason), (State::InputRequired, Some(Reason::DependencyFailed)));
    assert!(!blocked.is_to_be_told(&a, Fate::Failed), "it knows");
    let met = blocked.told(&b, Fate::Met, "s1", at(5));
    assert_eq!(met.reason, Some(Reason::DependencyFailed), "the other one does not help");

    let hopeful = met.told(&a, Fate::Open, "s1", at(6));
    assert_eq!((hopeful.state, hopeful.reason), (State::Submitted, Some(Reason::Waiting)));
    assert!(hopeful.told(&a, Fate::Met, "s1", at(7)).is_ready());
    assert!(met.unblocked("human", at(6)).is_ready());
    assert_eq!(blocked.unblocked("human", at(6)).reason, Some(Reason::Waiting), "for the other one");
}

#[test]
fn a_failed_dependency_cancels_or_does_not_matter_when_the_task_says_so() {
    let (waiting_a, a, _) = waiting(OnDependencyFailure::Cancel);
    let canceled = waiting_a.told(&a, Fate::Failed, "s1", at(4));
    assert_eq!(canceled.state, State::Canceled);
    assert!(canceled.cancel_reason.unwrap().contains("it waits for a"));
    let (waiting, a, b) = waiting(OnDependencyFailure::Run);
    let on = waiting.told(&a, Fate::Failed, "s1", at(4));
    assert_eq!(on.reason, Some(Reason::Waiting));
    assert!(on.told(&b, Fate::Failed, "s1", at(5)).is_ready());
}

#[test]
fn too_many_vanished_holders_are_left_to_people() {
    let mut last = working();
    last.lease_losses = 2;
    let given_up = last.returned(Money::ZERO, 3, "leader", at(2));
    assert_eq!((given_up.state, given_up.reason), (State::InputRequired, Some(Reason::LeasesLost)));
    let again = given_up.retried("human", at(3));
    assert_eq!((again.is_ready(), again.lease_losses), (true, 0));
}

#[test]
fn no_progress_for_long_is_a_stall_and_progress_ends_it() {
    let minute = Duration::from_mins(1);
    assert!(!working().is_stalling(minute, at(60)) && working().is_stalling(minute, at(61)));
    let half = working().progressed("half".to_owned(), Some(50), "s1", at(30));
    assert!(!half.is_stalling(minute, at(89)) && half.is_stalling(minute, at(90)));
    let stalled = half.stalled("leader", at(90));
    assert_eq!((stalled.state, stalled.reason), (State::Working, Some(Reason::Stalled)));
    assert!(!stalled.is_stalling(minute, at(900)), "it is known");
    let on = stalled.progressed("more".to_owned(), None, "s1", at(91));
    assert_eq!((on.reason, on.progress.unwrap().percent), (None, Some(50)));
}

#[test]
fn a_task_says_itself_how_long_it_may_stall_and_a_policy_of_zero_allows_any_time() {
    let mut patient = working();
    patient.stall_after = Some(Span(Duration::from_mins(10)));
    assert!(!patient.is_stalling(Duration::ZERO, at(600)) && patient.is_stalling(Duration::ZERO, at(601)));
    assert!(!working().is_stalling(Duration::ZERO, at(1_000_000)));
    let unreceived = TaskRecord { received_at: None, ..working() };
    assert!(!unreceived.is_stalling(Duration::from_secs(1), at(900)));
}

#[test]
fn what_is_past_its_deadline_has_failed_and_what_has_ended_is_never_overdue() {
    let late = TaskRecord { deadline: Some(at(9)), ..working() };
    assert!(!late.is_overdue(at(8)) && late.is_overdue(at(9)));
    let failed = late.expired(Money::from_dollars(2), "leader", at(9));
    assert_eq!((failed.state, failed.reason), (State::Failed, Some(Reason::Deadline)));
    assert_eq!((failed.spent, failed.reserved), (Money::from_dollars(2), Money::ZERO));
    assert!(!failed.is_overdue(at(99)) && failed.fate() == Fate::Failed);
}

#[test]
fn help_is_useless_when_the_task_goes_on_and_let_be_while_somebody_gives_it() {
    let helper = TaskRecord { helps: Some("t".parse().unwrap()), ..task() };
    let blocked = working().blocked(vec![], "how?".into(), Money::ZERO, "s1", at(2));
    let waiting = blocked.awaiting_help([helper.id.clone()].into(), "leader", at(3));
    assert!(!helper.is_useless_help(Some(&waiting)));
    let on = waiting.unblocked("human", at(4));
    assert!(helper.is_useless_help(Some(&on)));
    let given = TaskRecord { state: State::Working, ..helper.clone() };
    assert!(!given.is_useless_help(Some(&on)));
    let over = waiting.canceled(None, Money::ZERO, "human", at(4));
    assert!(given.is_useless_help(Some(&over)) && given.is_useless_help(None));
    assert!(!task().is_useless_help(None), "a task of its own is no help");
}

#[test]
fn help_is_neglected_when_nobody_takes_it_up_for_as_long_as_there_is_patience() {
    let hour = Duration::from_hours(1);
    let task = TaskRecord::new("help".parse().unwrap(), "tester", at(0));
    let help = TaskRecord { helps: Some("call".parse().unwrap()), ..task.clone() };
    let attempt = Attempt { claim_id: "c1".parse().unwrap(), reserved: Money::ZERO, pushed: false };
    let begun = help.claimed(&"s1".parse().unwrap(), &attempt, "s1", at(10));
    for (what, task, patience, seconds, neglected) in [
        ("in time", &help, hour, 3599, false),
        ("too late", &help, hour, 3600, true),
        ("endless patience", &help, Duration::ZERO, 1_000_000, false),
        ("no help", &task, hour, 3600, false),
        ("begun", &begun, hour, 3600, false),
        ("given back just now", &begun.released(Money::ZERO, "s1", at(3600)), hour, 3601, false),
    ] {
        assert_eq!(task.is_neglected_help(patience, at(seconds)), neglected, "{what}");
    }
}
