//! `ifctl governor register`: what a swarm says of itself.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::governor::Renewal;
use crate::governor::service::{Governor, Misspelling, Registered, Registration};
use crate::id::{Capability, SwarmId};
use crate::money::Money;

#[derive(Debug, Args)]
pub(in crate::cli) struct Register {
    /// The swarm
    swarm: SwarmId,
    /// What it can do, domain:skill[,domain:skill]
    #[arg(long, value_delimiter = ',', required = true)]
    capabilities: Vec<Capability>,
    /// What an hour of it costs, in dollars
    #[arg(long, allow_negative_numbers = true)]
    cost_per_hour: Money,
    /// What it may spend, in dollars [default: what it has, else what the policy says]
    #[arg(long, allow_negative_numbers = true)]
    budget: Option<Money>,
    /// How often its budget begins anew, by the calendar in UTC: hour, day, week, month, or never [default: as said before, else never]
    #[arg(long)]
    period: Option<Renewal>,
    /// The model behind it
    #[arg(long)]
    model: Option<String>,
}

pub(super) async fn register(arguments: Register, context: &Context) -> Result<Exit, Failure> {
    let registration = Registration {
        swarm: arguments.swarm,
        capabilities: arguments.capabilities.into_iter().collect(),
        cost_per_hour: arguments.cost_per_hour,
        budget: arguments.budget,
        period: arguments.period,
        model: arguments.model,
        by: context.person(),
    };
    let governor = context.governor().await?;
    let registered = governor.register(registration).await?;
    context.output.answer(&registered, view::governor::registered)?;
    match misspellings(&registered, &governor, context).await {
        Ok(misspellings) => {
            for Misspelling { written, meant } in misspellings {
                eprintln!("note: nobody else knows {written}, did you mean {meant}?");
            }
        }
        // It is registered all the same.
        Err(error) => tracing::warn!(%error, "whether others know these capabilities could not be found out"),
    }
    Ok(Exit::Done)
}

/// What nobody else knows and resembles what others do.
async fn misspellings(
    registered: &Registered,
    governor: &Governor,
    context: &Context,
) -> Result<Vec<Misspelling>, CoordinatorError> {
    let Registered { swarm, profile, .. } = registered;
    let lonely = governor.offered_by_nobody_else(swarm, &profile.capabilities).await?;
    if lonely.is_empty() {
        return Ok(Vec::new());
    }
    let coordinator = Coordinator::new(context.store().await?, context.clock.clone());
    let demand = coordinator.demand().await?;
    Ok(governor.misspellings(Some(swarm), &lonely, &demand).await?)
}
