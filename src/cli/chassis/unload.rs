//! `ifctl chassis unload`: the end of a swarm's contract.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Unload {
    /// The swarm
    swarm: SwarmId,
}

pub(super) async fn unload(arguments: Unload, context: &Context) -> Result<Exit, Failure> {
    let unloaded = context.chassis().await?.unload(&arguments.swarm).await?;
    context.output.answer(&unloaded, view::chassis::unloaded)?;
    let swarm = &unloaded.swarm;
    eprintln!("note: what {swarm} has spent, how it did and its reputation stay");
    if unloaded.registered.is_some() {
        eprintln!("note: it stays registered; ifctl governor unregister {swarm} takes that back");
    }
    Ok(Exit::Done)
}
