//! What people decide about a task: that it goes on, is tried again, or is called off.

use clap::Args;

use super::tasks::Named;
use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::TaskRecord;
use crate::coordinator::service::{Authority, Canceling};
use crate::id::{SwarmId, TaskId};
use crate::money::Money;

#[derive(Debug, Args)]
pub(in crate::cli) struct Cancel {
    /// The task
    task: TaskId,
    /// Why
    #[arg(long)]
    reason: Option<String>,
    /// What the present attempt has cost in dollars
    #[arg(long, default_value = "0", allow_negative_numbers = true)]
    cost: Money,
    /// In whose name [default: the swarm of this worker, else you]
    #[arg(long, env = "IF_SWARM")]
    by: Option<SwarmId>,
}

pub(super) async fn cancel(arguments: Cancel, context: &Context) -> Result<Exit, Failure> {
    let Cancel { task, reason: why, cost, by } = arguments;
    let authority = Authority::of(by.map_or_else(|| context.person(), String::from));
    let canceled = context.coordinator().await?.cancel(&task, &Canceling { why, cost }, &authority).await?;
    report(canceled.record(), context)
}

pub(super) async fn unblock(arguments: Named, context: &Context) -> Result<Exit, Failure> {
    let authority = Authority::of(context.person());
    report(&context.coordinator().await?.unblock(&arguments.task, &authority).await?, context)
}

pub(super) async fn retry(arguments: Named, context: &Context) -> Result<Exit, Failure> {
    let authority = Authority::of(context.person());
    report(&context.coordinator().await?.retry(&arguments.task, &authority).await?, context)
}

fn report(record: &TaskRecord, context: &Context) -> Result<Exit, Failure> {
    context.output.answer(record, view::tasks::changed)?;
    Ok(Exit::Done)
}
