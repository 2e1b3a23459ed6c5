//! `ifctl chassis calls`: what swarms have called outside.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Calls {
    /// The swarm [default: all that have called anything]
    swarm: Option<SwarmId>,
}

pub(super) async fn calls(arguments: Calls, context: &Context) -> Result<Exit, Failure> {
    let lines = context.chassis().await?.calls(arguments.swarm.as_ref()).await?;
    context.output.answer(&lines, |lines| view::chassis::calls(lines))?;
    Ok(Exit::Done)
}
