//! What the coordinator refuses or cannot do, as an exit code and a hint.

use crate::cli::{Exit, Failure};
use crate::coordinator::Reason;
use crate::coordinator::mail::MailError;
use crate::coordinator::runtime::program::ProgramError;
use crate::coordinator::runtime::worker::WorkError;
use crate::coordinator::service::{ClaimOutcome, CoordinatorError};
use crate::coordinator::task::State;
use crate::id::{Capability, SwarmId, TaskId};

/// What people can do about a task that does not go on by itself; else look at it.
fn way_on(task: &TaskId, reason: Option<Reason>) -> String {
    match reason {
        Some(reason) if reason.is_given_up() => format!("ifctl coordinator retry {task} has it tried again"),
        Some(reason) if reason.is_blocked() => {
            format!("ifctl coordinator unblock {task} lets it go on as it is")
        }
        _ => format!("ifctl coordinator show {task}"),
    }
}

impl From<CoordinatorError> for Failure {
    fn from(error: CoordinatorError) -> Self {
        match error {
            CoordinatorError::Store(error) => error.into(),
            CoordinatorError::Governor(error) => error.into(),
            CoordinatorError::Refused(refusal) => refusal.into(),
            CoordinatorError::Backlog(_)
            | CoordinatorError::TooLarge { .. }
            | CoordinatorError::TooManyDependencies { .. }
            | CoordinatorError::TooManyNeeds { .. } => Self::usage(error),
            CoordinatorError::NoTask { .. } => {
                Self::new(Exit::NothingFound, error).hint("ifctl coordinator tasks")
            }
            CoordinatorError::NoDependency { ref dependency, .. } => {
                let hint = format!("submit {dependency} first");
                Self::new(Exit::NothingFound, error).hint(hint)
            }
            CoordinatorError::Exists { ref task } => {
                let hint = format!("ifctl coordinator show {task}, or choose another name");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::Ended { ref task, .. } => {
                let hint =
                    format!("ifctl coordinator show {task}, or claim it with another --idempotency-key");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::NotEnded { ref task } => {
                let hint =
                    format!("leave out --total; or end it: ifctl coordinator complete {task} --cost …");
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::NotHeld { cost, .. } => {
                let hint = format!(
                    "leave out --cost; or book it for whoever spent it: ifctl governor charge SWARM --operation … --cost {cost} --incurred"
                );
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::Unproven { ref task, .. } => {
                let hint = format!(
                    "ifctl coordinator show {task} lists its claims; what an older version settled bears no token"
                );
                Self::new(Exit::StaleToken, error).hint(hint)
            }
            CoordinatorError::WrongState { ref task, reason, .. } => {
                let hint = way_on(task, reason);
                Self::new(Exit::Conflict, error).hint(hint)
            }
            CoordinatorError::Stale { ref task, .. } => {
                let hint = format!("stop working on it; ifctl coordinator show {task}");
                Self::new(Exit::StaleToken, error).hint(hint)
            }
            CoordinatorError::Mail(MailError::Empty) => {
                Self::usage(error).hint("give the text, or - to read it from standard input")
            }
            CoordinatorError::Mail(MailError::TooLarge { .. }) => {
                Self::usage(error).hint("keep what is long where the reader finds it, and send its name")
            }
            CoordinatorError::NoLeader => Self::new(Exit::Unavailable, error)
                .hint("ifctl coordinator start, or claim a task by its name"),
            CoordinatorError::MailboxFull { ref swarm, .. } => {
                let hint = format!("ifctl coordinator mail read --swarm {swarm}");
                Self::new(Exit::Refused, error).hint(hint)
            }
            CoordinatorError::Forgotten { stream, oldest, .. } => {
                let hint = format!("ifctl coordinator {stream} --since {oldest} …");
                Self::new(Exit::NothingFound, error).hint(hint)
            }
            CoordinatorError::Unborn { stream, present, .. } => {
                let hint = format!("ifctl coordinator {stream} … begins with what comes after {present}");
                Self::usage(error).hint(hint)
            }
            CoordinatorError::Contended { .. }
            | CoordinatorError::MailboxBusy { .. }
            | CoordinatorError::SessionLost => Self::new(Exit::Unavailable, error).hint("try again"),
        }
    }
}

impl<E: Into<Failure>> From<WorkError<E>> for Failure {
    fn from(error: WorkError<E>) -> Self {
        match error {
            WorkError::Coordinator(error) => error.into(),
            WorkError::Runner(error) => error.into(),
        }
    }
}

impl From<ProgramError> for Failure {
    fn from(error: ProgramError) -> Self {
        match error {
            ProgramError::Unknown { .. } | ProgramError::Unusable { .. } => {
                Self::usage(error).hint("name an executable file by its path, or one that PATH has")
            }
            ProgramError::Unstartable { .. } => Self::internal(error)
                .hint("its tasks were given back; put the program right and start the worker again"),
            ProgramError::Thread(_) => Self::internal(error),
        }
    }
}

impl Failure {
    /// A claim that was not won.
    pub(in crate::cli) fn from_claim(task: &TaskId, swarm: &SwarmId, outcome: ClaimOutcome) -> Self {
        let show = format!("ifctl coordinator show {task}");
        match outcome {
            ClaimOutcome::Won { .. } => Self::message(Exit::Internal, format!("{swarm} has won {task}")),
            ClaimOutcome::Lost { holder } => {
                Self::message(Exit::Conflict, format!("task {task} is claimed by {holder}")).hint(show)
            }
            ClaimOutcome::NotReady { state, reason, unmet, last_holder } => {
                let hint = way_on(task, reason);
                let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
                let unmet: Vec<_> = unmet.iter().map(TaskId::as_str).collect();
                let waits = if unmet.is_empty() {
                    String::new()
                } else {
                    format!(", waiting for {}", unmet.join(", "))
                };
                let held = last_holder.map_or_else(String::new, |holder| format!("; {holder} held it last"));
                Self::message(Exit::Conflict, format!("task {task} is {state}{reason}{waits}{held}"))
                    .hint(hint)
            }
            ClaimOutcome::Directed { to } => {
                Self::message(Exit::Refused, format!("task {task} is meant for {to}, not for {swarm}"))
                    .hint(show)
            }
            ClaimOutcome::Refused(refusal) => refusal.into(),
            ClaimOutcome::Missing => Self::message(Exit::NothingFound, format!("there is no task {task}"))
                .hint("ifctl coordinator tasks"),
        }
    }

    /// Help is for tasks that are blocked.
    pub(in crate::cli) fn not_blocked(task: &TaskId, state: State, reason: Option<Reason>) -> Self {
        let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
        Self::message(Exit::Conflict, format!("task {task} is {state}{reason}, so it needs no help")).hint(format!(
            "ifctl coordinator show {task}; whoever holds it says what it needs with ifctl coordinator block {task}"
        ))
    }

    /// Help is under way, and is not asked otherwise.
    pub(in crate::cli) fn question_stays(task: &TaskId) -> Self {
        Self::message(Exit::Conflict, format!("help for {task} is under way: its question stays as it was"))
            .hint(format!(
                "wait until that help has ended, or cancel it: ifctl coordinator show {task} names it"
            ))
    }

    /// Nobody can help a blocked task; a human is called, unless that was only to be tried.
    pub(in crate::cli) fn nobody_helps(
        task: &TaskId,
        needs: &[Capability],
        escalation: Option<&str>,
    ) -> Self {
        let needs: Vec<_> = needs.iter().map(Capability::as_str).collect();
        let needs = if needs.is_empty() { "nothing in particular".to_owned() } else { needs.join(", ") };
        let (called, hint) = match escalation {
            Some(escalation) => (
                format!(": escalation {escalation} calls a human"),
                format!(
                    "register who can help, then: ifctl governor request-help {task}; or answer the question, \
                     then: ifctl coordinator unblock {task}"
                ),
            ),
            None => (String::new(), "--explain says what speaks against each".to_owned()),
        };
        Self::message(Exit::NothingFound, format!("nobody qualifies to help {task} with {needs}{called}"))
            .hint(hint)
    }
}
