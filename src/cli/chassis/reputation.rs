//! `ifctl chassis reputation`: what swarms are worth.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Reputation {
    /// The swarm, with every factor [default: all that have a contract or were graded, a line each]
    swarm: Option<SwarmId>,
}

pub(super) async fn reputation(arguments: Reputation, context: &Context) -> Result<Exit, Failure> {
    let chassis = context.chassis().await?;
    match arguments.swarm {
        Some(swarm) => {
            let report = chassis.reputation(&swarm).await?;
            context.output.answer(&report, view::chassis::reputation)?;
        }
        None => context
            .output
            .answer(&chassis.reputations().await?, |reports| view::chassis::reputations(reports))?,
    }
    Ok(Exit::Done)
}
