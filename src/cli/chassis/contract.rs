//! `ifctl chassis contract`: the terms in force.

use clap::Args;

use crate::cli::output::Format;
use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Contract {
    /// The swarm
    swarm: SwarmId,
}

pub(super) async fn contract(arguments: Contract, context: &Context) -> Result<Exit, Failure> {
    let loaded = context.chassis().await?.contract(&arguments.swarm).await?;
    context.output.or(Format::Yaml).answer(&loaded, view::chassis::contract)?;
    Ok(Exit::Done)
}
