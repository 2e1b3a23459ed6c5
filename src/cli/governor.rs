//! `ifctl governor …`: who can do what, at what price, and how much is left.

mod budgets;
mod charge;
mod find_help;
mod register;
mod set_budgets;

use clap::Subcommand;

pub(super) use charge::ChargeAnswer;

use super::{Context, Exit, Failure};
use crate::governor::service::Governor;

/// What the governor can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Register a swarm, or change what is known of it; what it has spent stays spent
    Register(register::Register),
    /// Find the swarm that suits best; exit 3 when nobody qualifies
    FindHelp(find_help::FindHelp),
    /// Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays
    SetBudgets(set_budgets::SetBudgets),
    /// Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens
    Charge(charge::Charge),
    /// List budgets and circuit breakers
    Budgets(budgets::Budgets),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Register(arguments) => register::register(arguments, context).await,
        Verb::FindHelp(arguments) => find_help::find_help(arguments, context).await,
        Verb::SetBudgets(arguments) => set_budgets::set_budgets(arguments, context).await,
        Verb::Charge(arguments) => charge::charge(arguments, context).await,
        Verb::Budgets(arguments) => budgets::budgets(arguments, context).await,
    }
}

impl Context {
    /// The governor over the configured store.
    async fn governor(&self) -> Result<Governor, Failure> {
        Ok(Governor::new(self.store().await?, self.clock.clone()))
    }
}
