//! One attempt at a task, by hand: claimed, kept alive, ended.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::tasks::read;
use crate::cli::{Context, Exit, Failure, Span, view};
use crate::coordinator::Token;
use crate::coordinator::service::{self, Blocking, ClaimOutcome, Coordinator, Failing, Finished};
use crate::coordinator::task::{TaskError, TaskRecord};
use crate::id::{Capability, ClaimId, SwarmId, TaskId};
use crate::money::Money;

#[derive(Debug, Args)]
pub(in crate::cli) struct Claim {
    /// The task
    task: TaskId,
    /// Who claims it
    #[arg(long, env = "IF_SWARM")]
    swarm: SwarmId,
    /// How long the claim lasts without a heartbeat
    #[arg(long, default_value = "10m", value_name = "TIME")]
    ttl: Span,
    /// Claiming again with the same key gives the same token
    #[arg(long)]
    idempotency_key: Option<ClaimId>,
}

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

/// A claim that was won.
#[derive(Debug, Serialize)]
struct Won {
    token: Token,
    task: Box<TaskRecord>,
}

pub(super) async fn claim(arguments: Claim, context: &Context) -> Result<Exit, Failure> {
    let Claim { task, swarm, ttl, idempotency_key } = arguments;
    let coordinator = context.coordinator().await?;
    if let Some(key) = &idempotency_key
        && let Some((token, task)) = coordinator.claimed_before(&task, &swarm, key).await?
    {
        context.output.answer(&Won { token, task }, |won| won.token.to_string())?;
        return Ok(Exit::Done);
    }
    let lease = coordinator.store().grant(ttl.0).await?;
    let claim = service::Claim {
        task: task.clone(),
        swarm,
        claim_id: idempotency_key.unwrap_or_else(|| ClaimId::fresh(context.clock.now())),
        lease: lease.id,
        session: None,
        pushed: false,
    };
    let mut outcome = coordinator.claim(&claim).await;
    if outcome.as_ref().is_err_and(service::CoordinatorError::is_retryable) {
        // The reply was lost: the same claim again finds out whether it had won.
        outcome = coordinator.claim(&claim).await;
    }
    match outcome {
        Ok(ClaimOutcome::Won { token, record }) => {
            context.output.answer(&Won { token, task: record }, |won| won.token.to_string())?;
            Ok(Exit::Done)
        }
        Ok(lost) => {
            abandon(&coordinator, lease.id).await;
            Err(Failure::from_claim(&task, &claim.swarm, lost))
        }
        Err(error) => {
            // It may have won all the same, and nobody would know the token.
            abandon(&coordinator, lease.id).await;
            Err(error.into())
        }
    }
}

async fn abandon(coordinator: &Coordinator, lease: i64) {
    if let Err(error) = coordinator.store().revoke(lease).await {
        tracing::debug!(%error, "the lease is left to run out");
    }
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
