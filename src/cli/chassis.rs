//! `ifctl chassis …`: code under contracts, and how it does.

mod exec;
mod failure;
mod load;
mod performance;
mod reputation;

use clap::Subcommand;

use super::{Context, Exit, Failure};
use crate::chassis::Chassis;

/// What the chassis can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Put a swarm's code under a contract
    Load(load::Load),
    /// Run one task in the sandbox: JSON from standard input, the answer to standard output
    Exec(exec::Exec),
    /// Show how a swarm's tasks went, held against the promises of its contract
    Performance(performance::Performance),
    /// Show what swarms are worth to the governor, and how that comes about
    Reputation(reputation::Reputation),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Load(arguments) => load::load(arguments, context).await,
        Verb::Exec(arguments) => exec::exec(arguments, context).await,
        Verb::Performance(arguments) => performance::performance(arguments, context).await,
        Verb::Reputation(arguments) => reputation::reputation(arguments, context).await,
    }
}

impl Context {
    /// The chassis of this host over the configured store.
    async fn chassis(&self) -> Result<Chassis, Failure> {
        let store = self.store().await?;
        Ok(Chassis::new(store, &self.home, self.clock.clone(), self.person())?)
    }
}
