//! What a human is called for on account of a task.
//!
//! Pure: says what the call reads. Whoever changes the task writes it in the same transaction.

use super::health::Health;
use super::task::{Reason, TaskRecord};
use crate::clock::Timestamp;
use crate::governor::{Escalation, EscalationKind};
use crate::id::TaskId;

/// `task` was given up in the change that follows on `revision`; nothing when it was not.
#[must_use]
pub fn given_up(task: &TaskRecord, revision: i64, by: &str, now: Timestamp) -> Option<Escalation> {
    let said = task.error.as_ref().map_or("", |error| error.message.as_str());
    let id = &task.id;
    let (kind, issue) = match task.reason.filter(|_| task.is_given_up())? {
        Reason::RetriesExhausted => {
            (EscalationKind::RetriesExhausted, format!("{id} failed {} times, at last: {said}", task.attempt))
        }
        Reason::NotRetryable => {
            (EscalationKind::NotRetryable, format!("{id} failed, and trying again would not mend it: {said}"))
        }
        _ => (EscalationKind::LeasesLost, format!("{} workers vanished over {id}", task.lease_losses)),
    };
    let action =
        format!("mend the cause, then: ifctl coordinator retry {id}; or: ifctl coordinator cancel {id}");
    Some(about(task, Escalation::triggered(kind, &format!("{id}.{revision}"), issue, action, by, now)))
}

/// `task` was not done in time, in the change that follows on `revision`.
#[must_use]
pub fn overdue(task: &TaskRecord, revision: i64, by: &str, now: Timestamp) -> Escalation {
    let id = &task.id;
    let said = task.error.as_ref().map_or("", |error| error.message.as_str());
    let action = format!("look at it: ifctl coordinator show {id}; then submit it anew, or leave it");
    let issue = format!("{id} has failed: {said}");
    about(
        task,
        Escalation::triggered(EscalationKind::Deadline, &format!("{id}.{revision}"), issue, action, by, now),
    )
}

/// The holder of `task` lives and does not get on, as was found at `revision`.
#[must_use]
pub fn stalled(task: &TaskRecord, revision: i64, by: &str, now: Timestamp) -> Escalation {
    let id = &task.id;
    let since = task.progress.as_ref().map(|progress| progress.at).or(task.received_at).unwrap_or(now);
    let issue = format!("nothing has been heard of the progress of {id} since {since}; its worker lives");
    let action = format!("ask its worker: ifctl coordinator show {id}; or: ifctl coordinator cancel {id}");
    let cause = format!("{id}.{revision}");
    about(task, Escalation::triggered(EscalationKind::Stalled, &cause, issue, action, by, now))
}

/// `task` is blocked, and its help `helper` will not come, as it learns in the change that follows on `revision`.
#[must_use]
pub fn helped_in_vain(
    task: &TaskRecord,
    revision: i64,
    helper: &TaskId,
    by: &str,
    now: Timestamp,
) -> Escalation {
    let id = &task.id;
    let issue = format!("{id} is blocked, and its help {helper} has failed");
    let action = format!("answer the question, then: ifctl coordinator unblock {id}");
    let cause = format!("{helper}.{revision}");
    Escalation::triggered(EscalationKind::NoHelp, &cause, issue, action, by, now).about_task(id)
}

/// Whether what a human was called for is over by itself, as its task and the status word of its swarm say. What is
/// not about the course of a task or the life of a swarm ends otherwise, and so does what cannot be undone.
#[must_use]
pub fn is_over(call: &Escalation, task: Option<&TaskRecord>, status: Option<&str>) -> bool {
    let is_at = |reason| task.is_some_and(|task| task.reason == Some(reason));
    let is_given_up_for = |reason| task.is_some_and(TaskRecord::is_given_up) && is_at(reason);
    match call.kind {
        EscalationKind::RetriesExhausted => !is_given_up_for(Reason::RetriesExhausted),
        EscalationKind::NotRetryable => !is_given_up_for(Reason::NotRetryable),
        EscalationKind::LeasesLost => !is_given_up_for(Reason::LeasesLost),
        EscalationKind::NoHelp => !is_at(Reason::Blocked),
        EscalationKind::Stalled => !is_at(Reason::Stalled),
        // The failure stays; only who forgets the task forgets that too.
        EscalationKind::Deadline => !is_at(Reason::Deadline),
        EscalationKind::SwarmDead => {
            status.and_then(Health::of_status).is_some_and(|health| health != Health::Dead)
        }
        // A swarm whose breaker is not closed has a status that is no word of its health.
        EscalationKind::CircuitBreaker => status.and_then(Health::of_status).is_some(),
        _ => false,
    }
}

fn about(task: &TaskRecord, escalation: Escalation) -> Escalation {
    let escalation = escalation.about_task(&task.id);
    match &task.owner {
        Some(swarm) => escalation.about_swarm(swarm),
        None => escalation,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coordinator::State;

    #[test]
    fn the_same_once_more_is_a_call_of_its_own() {
        let at = Timestamp::from_micros(0);
        let task = TaskRecord::new("t".parse().unwrap(), "tester", at);
        let helper = "help-t-1-1".parse().unwrap();
        for call in [
            |task: &TaskRecord, _: &TaskId, revision, at| overdue(task, revision, "s1", at),
            |task: &TaskRecord, helper: &TaskId, revision, at| {
                helped_in_vain(task, revision, helper, "s1", at)
            },
        ] {
            assert_ne!(call(&task, &helper, 7, at).id, call(&task, &helper, 8, at).id);
        }
    }

    #[test]
    fn a_call_is_over_when_its_task_or_its_swarm_has_got_over_it() {
        let at = Timestamp::from_micros(0);
        let mut task = TaskRecord::new("t".parse().unwrap(), "tester", at);
        task.owner = Some("s1".parse().unwrap());
        for (kind, state, reason) in [
            (EscalationKind::RetriesExhausted, State::InputRequired, Reason::RetriesExhausted),
            (EscalationKind::NotRetryable, State::InputRequired, Reason::NotRetryable),
            (EscalationKind::LeasesLost, State::InputRequired, Reason::LeasesLost),
            (EscalationKind::NoHelp, State::InputRequired, Reason::Blocked),
            (EscalationKind::Stalled, State::Working, Reason::Stalled),
            (EscalationKind::Deadline, State::Failed, Reason::Deadline),
        ] {
            let call = Escalation::triggered(kind, "t.7", "", "", "leader", at);
            (task.state, task.reason) = (state, Some(reason));
            assert!(!is_over(&call, Some(&task), None), "{kind}");
            (task.state, task.reason) = (State::Submitted, Some(Reason::Ready));
            assert!(is_over(&call, Some(&task), None), "{kind}: tried again");
            (task.state, task.reason) = (State::Canceled, None);
            assert!(is_over(&call, Some(&task), None), "{kind}: called off");
            assert!(is_over(&call, None, None), "{kind}: forgotten");
        }
        let dead = Escalation::triggered(EscalationKind::SwarmDead, "s1.7", "", "", "leader", at);
        for (status, over) in
            [("dead", false), ("circuit_breaker_tripped", false), ("active", true), ("suspect", true)]
        {
            assert_eq!(is_over(&dead, None, Some(status)), over, "{status}");
        }
        assert!(!is_over(&dead, None, None));
        let broken = Escalation::triggered(EscalationKind::CircuitBreaker, "s1.1", "", "", "leader", at);
        for (status, over) in [("circuit_breaker_tripped", false), ("active", true), ("dead", true)] {
            assert_eq!(is_over(&broken, None, Some(status)), over, "{status}");
        }
        let refused = Escalation::triggered(EscalationKind::ClaimRefused, "t", "", "", "leader", at);
        assert!(!is_over(&refused, None, Some("active")));
    }

    #[test]
    fn only_what_was_given_up_calls_and_says_how_to_go_on() {
        let at = Timestamp::from_micros(0);
        let mut task = TaskRecord::new("t".parse().unwrap(), "tester", at);
        for (reason, kind) in [
            (Reason::RetriesExhausted, EscalationKind::RetriesExhausted),
            (Reason::NotRetryable, EscalationKind::NotRetryable),
            (Reason::LeasesLost, EscalationKind::LeasesLost),
        ] {
            (task.state, task.reason) = (State::InputRequired, Some(reason));
            let call = given_up(&task, 7, "s1", at).unwrap();
            assert_eq!((call.kind, call.id), (kind, format!("{kind}.t.7")));
            assert!(call.action_required.contains("ifctl coordinator retry t"));
        }
        for reason in [Reason::Blocked, Reason::DependencyFailed, Reason::Backoff] {
            task.reason = Some(reason);
            assert_eq!(given_up(&task, 7, "s1", at), None, "{reason}");
        }
    }
}
