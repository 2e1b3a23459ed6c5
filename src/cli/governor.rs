//! `ifctl governor …`: who can do what, at what price, and how much is left.

mod budgets;
mod find_help;
mod rails;
mod register;
mod request_help;

use clap::Subcommand;

use super::{Context, Exit, Failure};
use crate::governor::service::Governor;

/// What the governor can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Register a swarm, or change what is known of it; what it has spent stays spent
    Register(register::Register),
    /// Find the swarm that suits best; exit 3 when nobody qualifies
    FindHelp(find_help::FindHelp),
    /// Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies
    RequestHelp(request_help::RequestHelp),
    /// List budgets and circuit breakers
    Budgets,
    /// Choose among providers that serve the same purpose, by how they have done
    Rails(rails::Rails),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Register(arguments) => register::register(arguments, context).await,
        Verb::FindHelp(arguments) => find_help::find_help(arguments, context).await,
        Verb::RequestHelp(arguments) => request_help::request_help(arguments, context).await,
        Verb::Budgets => budgets::budgets(context).await,
        Verb::Rails(arguments) => rails::rails(arguments, context).await,
    }
}

impl Context {
    /// The governor over the configured store.
    async fn governor(&self) -> Result<Governor, Failure> {
        Ok(Governor::new(self.store().await?, self.clock.clone()))
    }
}
