//! `ifctl chassis performance`: how a swarm does.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Performance {
    /// The swarm
    swarm: SwarmId,
}

pub(super) async fn performance(arguments: Performance, context: &Context) -> Result<Exit, Failure> {
    let report = context.chassis().await?.performance(&arguments.swarm).await?;
    context.output.answer(&report, view::chassis::performance)?;
    Ok(Exit::Done)
}
