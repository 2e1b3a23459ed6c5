//! `ifctl chassis …`: code under contracts, and how it does.

mod exec;
mod failure;
mod load;
mod logs;
mod performance;
mod resources;

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
    /// Show what swarms may use, use now, and have used at most
    Resources(resources::Resources),
    /// Show what a swarm's guests have logged on this host
    Logs(logs::Logs),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Load(arguments) => load::load(arguments, context).await,
        Verb::Exec(arguments) => exec::exec(arguments, context).await,
        Verb::Performance(arguments) => performance::performance(arguments, context).await,
        Verb::Resources(arguments) => resources::resources(arguments, context).await,
        Verb::Logs(arguments) => logs::logs(arguments, context).await,
    }
}

impl Context {
    /// The chassis of this host over the configured store.
    async fn chassis(&self) -> Result<Chassis, Failure> {
        let store = self.store().await?;
        Ok(Chassis::new(store, &self.home, self.clock.clone(), self.person())?)
    }
}
