//! When a submitted task may begin, when it must be done, and what becomes of it when others fail.

use clap::Args;
use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::clock::{Span, When};
use crate::coordinator::backlog::NewTask;
use crate::coordinator::task::OnDependencyFailure;
use crate::id::TaskId;

#[derive(Debug, Args)]
pub(super) struct Conditions {
    /// Not to be begun before: a moment, or a time from now such as 10m
    #[arg(long, value_name = "WHEN", conflicts_with = "file")]
    not_before: Option<When>,
    /// To be done before: a moment, or a time from now such as 10m; afterwards it has failed
    #[arg(long, value_name = "WHEN", conflicts_with = "file")]
    deadline: Option<When>,
    /// How long its holder may go without progress before a human is told [default: what the policy says]
    #[arg(long, value_name = "TIME", conflicts_with = "file")]
    stall_after: Option<Span>,
    /// What becomes of it when a task that it waits for fails or is canceled [default: block]
    #[arg(long, conflicts_with = "file", value_parser = policies())]
    on_dependency_failure: Option<OnDependencyFailure>,
}

fn policies() -> impl TypedValueParser<Value = OnDependencyFailure> {
    PossibleValuesParser::new(OnDependencyFailure::NAMES).try_map(|name| name.parse())
}

impl Conditions {
    /// A task of defaults under these conditions.
    pub(super) fn task(self, id: TaskId) -> NewTask {
        NewTask {
            not_before: self.not_before,
            deadline: self.deadline,
            stall_after: self.stall_after,
            on_dependency_failure: self.on_dependency_failure.unwrap_or_default(),
            ..NewTask::named(id)
        }
    }
}
