//! `ifctl governor show`: everything about one swarm.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Show {
    /// The swarm
    swarm: SwarmId,
}

pub(super) async fn show(arguments: Show, context: &Context) -> Result<Exit, Failure> {
    let swarm = context.governor().await?.swarm(&arguments.swarm).await?;
    context.output.answer(&swarm, view::governor::swarm)?;
    Ok(Exit::Done)
}
