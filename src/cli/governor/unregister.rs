//! `ifctl governor unregister`: a swarm that is offered no more.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Unregister {
    /// The swarm
    swarm: SwarmId,
    /// Also while it holds tasks or has connected workers; they go on with what they have begun
    #[arg(long)]
    force: bool,
}

pub(super) async fn unregister(arguments: Unregister, context: &Context) -> Result<Exit, Failure> {
    let Unregister { swarm, force } = arguments;
    let unregistered = context.governor().await?.unregister(&swarm, force, &context.person()).await?;
    context.output.answer(&unregistered, view::governor::unregistered)?;
    if unregistered.declared {
        eprintln!("note: the policy in force declares {swarm}: the next leader registers it again");
    }
    Ok(Exit::Done)
}
