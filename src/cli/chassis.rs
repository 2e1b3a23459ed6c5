//! `ifctl chassis …`: code under contracts, and how it does.

mod contract;
mod exec;
mod failure;
mod list;
mod load;
mod performance;
mod unload;

use clap::Subcommand;

use super::{Context, Exit, Failure};
use crate::chassis::Chassis;

/// What the chassis can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Put a swarm's code under a contract
    Load(load::Load),
    /// End a swarm's contract: what it alone offers is taken back, its code leaves this host
    Unload(unload::Unload),
    /// List what is loaded, and whether its code is on this host
    List(list::List),
    /// Show the contract in force, and what was weakened since; as YAML unless told otherwise
    Contract(contract::Contract),
    /// Run one task in the sandbox: JSON from standard input, the answer to standard output
    Exec(exec::Exec),
    /// Show how a swarm's tasks went, held against the promises of its contract
    Performance(performance::Performance),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Load(arguments) => load::load(arguments, context).await,
        Verb::Unload(arguments) => unload::unload(arguments, context).await,
        Verb::List(arguments) => list::list(arguments, context).await,
        Verb::Contract(arguments) => contract::contract(arguments, context).await,
        Verb::Exec(arguments) => exec::exec(arguments, context).await,
        Verb::Performance(arguments) => performance::performance(arguments, context).await,
    }
}

impl Context {
    /// The chassis of this host over the configured store.
    async fn chassis(&self) -> Result<Chassis, Failure> {
        let store = self.store().await?;
        Ok(Chassis::new(store, &self.home, self.clock.clone(), self.person())?)
    }
}
