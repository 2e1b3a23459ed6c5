//! Claiming by hand: a task by its name, or the next one.

use clap::Args;
use serde::Serialize;

use super::start::stop_signal;
use crate::cli::options::patience;
use crate::cli::{Context, Exit, Failure, Span};
use crate::coordinator::Token;
use crate::coordinator::runtime::next::{Answer, Wish, next};
use crate::coordinator::service::{self, ClaimOutcome, Coordinator};
use crate::coordinator::task::TaskRecord;
use crate::id::{ClaimId, SwarmId, TaskId};
use crate::money::Money;

#[derive(Debug, Args)]
pub(in crate::cli) struct Claim {
    /// The task
    #[arg(required_unless_present = "next")]
    task: Option<TaskId>,
    /// Claim the best ready task of the swarm, as the coordinator hands it out
    #[arg(long, conflicts_with = "task")]
    next: bool,
    /// How long to wait for one; 0 looks once
    #[arg(long, default_value = "5s", value_name = "TIME", value_parser = patience, conflicts_with = "task")]
    wait: Span,
    /// Who claims it
    #[arg(long, env = "IF_SWARM")]
    swarm: SwarmId,
    /// How long the claim lasts without a heartbeat
    #[arg(long, default_value = "10m", value_name = "TIME")]
    ttl: Span,
    /// Claiming again with the same key gives the same token
    #[arg(long, conflicts_with = "next")]
    idempotency_key: Option<ClaimId>,
}

/// A claim that was won.
#[derive(Debug, Serialize)]
struct Won {
    token: Token,
    task: Box<TaskRecord>,
}

pub(super) async fn claim(arguments: Claim, context: &Context) -> Result<Exit, Failure> {
    let coordinator = context.coordinator().await?;
    let Claim { task, swarm, ttl, wait, idempotency_key, .. } = arguments;
    let can_be_repeated = idempotency_key.is_some();
    let was_chosen = task.is_none();
    let won = match task {
        Some(task) => {
            let before = match &idempotency_key {
                Some(key) => coordinator.claimed_before(&task, &swarm, key).await?,
                None => None,
            };
            if let Some((token, task)) = before {
                Won { token, task }
            } else {
                let claim_id = idempotency_key.unwrap_or_else(|| ClaimId::fresh(context.clock.now()));
                by_name(&coordinator, task, swarm, claim_id, ttl).await?
            }
        }
        None => whichever(&coordinator, Wish { swarm, ttl: ttl.0, wait: wait.0 }, context).await?,
    };
    if let Err(failure) = context.output.deliver(&won, |won| won.token.to_string()) {
        return Err(untold(&coordinator, &won, can_be_repeated, failure).await);
    }
    if was_chosen {
        // The token goes to scripts, which may want the name as JSON.
        eprintln!("claimed {}", won.task.id);
    }
    Ok(Exit::Done)
}

/// What becomes of a claim whose token nobody was told: whoever can ask for it again keeps it.
async fn untold(coordinator: &Coordinator, won: &Won, can_be_repeated: bool, failure: Failure) -> Failure {
    let task = &won.task.id;
    if can_be_repeated {
        return failure.hint(format!("{task} is claimed; the same command prints the token again"));
    }
    match coordinator.release(task, won.token, Money::ZERO).await {
        Ok(_) => failure.hint(format!("{task} was given back; claim it again")),
        Err(error) => {
            let hint =
                format!("{task} is claimed until its time is over, for it was not given back: {error}");
            failure.hint(hint)
        }
    }
}

async fn whichever(coordinator: &Coordinator, wish: Wish, context: &Context) -> Result<Won, Failure> {
    let received = match next(coordinator, &context.clock, &wish, stop_signal()?).await? {
        Answer::Task(received) => received,
        Answer::Interrupted => return Err(Failure::interrupted()),
        Answer::Nothing => {
            let Wish { swarm, wait, .. } = wish;
            let within =
                if wait.is_zero() { "now".to_owned() } else { format!("within {} s", wait.as_secs_f64()) };
            return Err(Failure::message(Exit::NothingFound, format!("no task for {swarm} {within}"))
                .hint("ifctl coordinator tasks --state submitted; ifctl governor budgets"));
        }
    };
    Ok(Won { token: received.token, task: Box::new(received.record) })
}

async fn by_name(
    coordinator: &Coordinator,
    task: TaskId,
    swarm: SwarmId,
    claim_id: ClaimId,
    ttl: Span,
) -> Result<Won, Failure> {
    let lease = coordinator.store().grant(ttl.0).await?;
    let claim = service::Claim { task, swarm, claim_id, lease: lease.id, session: None, pushed: false };
    let mut outcome = coordinator.claim(&claim).await;
    if outcome.as_ref().is_err_and(service::CoordinatorError::is_retryable) {
        // The reply was lost: the same claim again finds out whether it had won.
        outcome = coordinator.claim(&claim).await;
    }
    match outcome {
        Ok(ClaimOutcome::Won { token, record }) => Ok(Won { token, task: record }),
        Ok(lost) => {
            abandon(coordinator, lease.id).await;
            Err(Failure::from_claim(&claim.task, &claim.swarm, lost))
        }
        Err(error) => {
            // It may have won all the same, and nobody would know the token.
            abandon(coordinator, lease.id).await;
            Err(error.into())
        }
    }
}

async fn abandon(coordinator: &Coordinator, lease: i64) {
    if let Err(error) = coordinator.store().revoke(lease).await {
        tracing::debug!(%error, "the lease is left to run out");
    }
}
