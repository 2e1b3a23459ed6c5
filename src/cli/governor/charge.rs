//! `ifctl governor charge`: money that a swarm asks for, or has spent.

use clap::Args;
use serde::Serialize;

use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::Token;
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::governor::service::Charged;
use crate::governor::{self, Charging, Operation, Urgency};
use crate::id::{ChargeId, SwarmId, TaskId};
use crate::money::Money;

#[derive(Debug, Args)]
pub(in crate::cli) struct Charge {
    /// Who spends it
    swarm: SwarmId,
    /// What for, in words
    #[arg(long, value_name = "TEXT")]
    operation: Operation,
    /// How much, in dollars
    #[arg(long, value_name = "DOLLARS", allow_negative_numbers = true)]
    cost: Money,
    /// The task it is spent on: what was set aside for it comes first
    #[arg(long, requires = "token")]
    task: Option<TaskId>,
    /// What `claim` printed
    #[arg(long, requires = "task")]
    token: Option<Token>,
    /// It is gone already: booked in full, whatever the budget says
    #[arg(long)]
    incurred: bool,
    /// It is all that a claim has cost that has ended: what was booked for that is corrected
    #[arg(long, requires = "task", conflicts_with = "incurred")]
    total: bool,
    /// Charging again with the same key books nothing more; for a claim its own keys count
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<ChargeId>,
}

/// What became of it.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct ChargeAnswer {
    /// Who was to be charged.
    pub(in crate::cli) swarm: SwarmId,
    /// Whether it is booked: not for a swarm without a budget.
    pub(in crate::cli) booked: bool,
    /// The record of it.
    pub(in crate::cli) charge: Option<governor::Charge>,
}

pub(super) async fn charge(arguments: Charge, context: &Context) -> Result<Exit, Failure> {
    let charging = Charging {
        id: arguments.idempotency_key.unwrap_or_else(|| ChargeId::fresh(context.clock.now())),
        swarm: arguments.swarm,
        operation: arguments.operation,
        cost: arguments.cost,
        urgency: match (arguments.incurred, arguments.total) {
            (_, true) => Urgency::Total,
            (true, false) => Urgency::Incurred,
            (false, false) => Urgency::Asked,
        },
        task: arguments.task,
        token: arguments.token,
    };
    let coordinator = context.coordinator().await?;
    let mut charged = book(&coordinator, &charging).await;
    if charged.as_ref().is_err_and(CoordinatorError::is_retryable) {
        // The reply was lost: the same charge again finds out whether it was booked.
        charged = book(&coordinator, &charging).await;
    }
    let charge = match charged? {
        Charged::Booked(charge) => Some(*charge),
        Charged::NoBudget => None,
        Charged::Refused(refusal) => return Err(refusal.into()),
    };
    let answer = ChargeAnswer { swarm: charging.swarm, booked: charge.is_some(), charge };
    context.output.answer(&answer, view::governor::charged)?;
    Ok(Exit::Done)
}

async fn book(coordinator: &Coordinator, charging: &Charging) -> Result<Charged, CoordinatorError> {
    Ok(match charging.task.as_ref().zip(charging.token) {
        Some((task, token)) => coordinator.charge(task, token, charging).await?,
        None => coordinator.governor().charge(charging).await?,
    })
}
