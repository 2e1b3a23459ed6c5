//! One attempt at a task, by hand: kept alive, ended.

use std::path::PathBuf;

use clap::Args;

use super::tasks::read;
use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::Token;
use crate::coordinator::service::{Blocking, Failing, Finished};
use crate::coordinator::task::TaskError;
use crate::id::{Capability, TaskId};
use crate::money::Money;

/// The token that a claim or assignment gave.
#[derive(Debug, Args)]
pub(in crate::cli) struct Held {
    /// The task
    #[arg(env = "IF_TASK_ID")]
    pub(in crate::cli) task: TaskId,
    /// What `claim` printed
    #[arg(long, env = "IF_TASK_TOKEN")]
    pub(in crate::cli) token: Token,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Heartbeat {
    #[command(flatten)]
    held: Held,
    /// How far the work is, in words: then it is a sign of progress too
    #[arg(long)]
    note: Option<String>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Report {
    #[command(flatten)]
    held: Held,
    /// How far the work is, in words
    #[arg(long)]
    note: String,
    /// How far the work is, in hundredths [default: as said before]
    #[arg(long, value_parser = clap::value_parser!(u8).range(0..=100))]
    percent: Option<u8>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Complete {
    #[command(flatten)]
    held: Held,
    /// What the work produced, as text
    #[arg(long, conflicts_with = "result_file", default_value = "")]
    result: String,
    /// What the work produced, from a file; - for standard input
    #[arg(long)]
    result_file: Option<PathBuf>,
    /// What it cost in dollars [default: what was set aside]
    #[arg(long, allow_negative_numbers = true)]
    cost: Option<Money>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Fail {
    #[command(flatten)]
    held: Held,
    /// What happened
    #[arg(long)]
    message: String,
    /// A short word for the kind of failure
    #[arg(long, default_value = "reported")]
    class: String,
    /// Trying again may help
    #[arg(long)]
    retryable: bool,
    /// What it cost in dollars [default: what was set aside]
    #[arg(long, allow_negative_numbers = true)]
    cost: Option<Money>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Release {
    #[command(flatten)]
    held: Held,
    /// What it has cost in dollars
    #[arg(long, default_value = "0", allow_negative_numbers = true)]
    cost: Money,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Block {
    #[command(flatten)]
    held: Held,
    /// What a helper must be able to do, domain:skill[,domain:skill]
    #[arg(long, value_delimiter = ',', required = true)]
    needs: Vec<Capability>,
    /// The question
    #[arg(long)]
    description: String,
    /// What it has cost in dollars so far
    #[arg(long, default_value = "0", allow_negative_numbers = true)]
    cost: Money,
}

pub(super) async fn heartbeat(arguments: Heartbeat, context: &Context) -> Result<Exit, Failure> {
    let Held { task, token } = arguments.held;
    let record = context.coordinator().await?.heartbeat(&task, token, arguments.note).await?;
    context.output.answer(&record, view::tasks::changed)?;
    Ok(Exit::Done)
}

pub(super) async fn progress(arguments: Report, context: &Context) -> Result<Exit, Failure> {
    let Held { task, token } = arguments.held;
    let coordinator = context.coordinator().await?;
    let record = coordinator.progress(&task, token, arguments.note, arguments.percent).await?;
    context.output.answer(&record, view::tasks::changed)?;
    Ok(Exit::Done)
}

pub(super) async fn complete(arguments: Complete, context: &Context) -> Result<Exit, Failure> {
    let Held { task, token } = arguments.held;
    let result = match arguments.result_file {
        Some(file) => read(&file)?,
        None => arguments.result,
    };
    let coordinator = context.coordinator().await?;
    report(&coordinator.complete(&task, token, result.into_bytes(), arguments.cost).await?, context)
}

pub(super) async fn fail(arguments: Fail, context: &Context) -> Result<Exit, Failure> {
    let Held { task, token } = arguments.held;
    let error =
        TaskError { class: arguments.class, message: arguments.message, retryable: arguments.retryable };
    let failing = Failing { error, cost: arguments.cost };
    report(&context.coordinator().await?.fail(&task, token, failing).await?, context)
}

pub(super) async fn release(arguments: Release, context: &Context) -> Result<Exit, Failure> {
    let Held { task, token } = arguments.held;
    report(&context.coordinator().await?.release(&task, token, arguments.cost).await?, context)
}

pub(super) async fn block(arguments: Block, context: &Context) -> Result<Exit, Failure> {
    let Held { task, token } = arguments.held;
    let blocking =
        Blocking { needs: arguments.needs, description: arguments.description, cost: arguments.cost };
    report(&context.coordinator().await?.block(&task, token, blocking).await?, context)
}

fn report(finished: &Finished, context: &Context) -> Result<Exit, Failure> {
    context.output.answer(finished.record(), view::tasks::changed)?;
    Ok(Exit::Done)
}
