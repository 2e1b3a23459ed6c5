//! `ifctl governor …`: who can do what, at what price, and how much is left.

mod budgets;
mod capabilities;
mod charge;
mod circuit_breakers;
mod escalations;
mod find_help;
mod policy;
mod rails;
mod rates;
mod register;
mod request_help;
mod reset_circuit_breaker;
mod set_budgets;
mod show;
mod trip_circuit_breaker;
mod unregister;

use clap::Subcommand;

pub(in crate::cli) use charge::ChargeAnswer;
pub(in crate::cli) use policy::{Applied, FileVerdict};

use super::{Context, Exit, Failure};
use crate::governor::service::Governor;

/// What the governor can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Register a swarm, or change what is known of it; what it has spent stays spent
    Register(register::Register),
    /// Take back a swarm's profile and capabilities; what it has spent and earned stays
    Unregister(unregister::Unregister),
    /// Show everything about one swarm
    Show(show::Show),
    /// Show who can do what, and what open tasks need that nobody can do; reads every profile and task
    Capabilities(capabilities::Capabilities),
    /// Find the swarm that suits best; exit 3 when nobody qualifies
    FindHelp(find_help::FindHelp),
    /// Look for help for a blocked task, as happens by itself when it blocks; exit 3 when nobody qualifies
    RequestHelp(request_help::RequestHelp),
    /// Set budgets, those of all swarms or of some; exit 6 when one is below what is spent or reserved, and stays
    SetBudgets(set_budgets::SetBudgets),
    /// Charge a swarm for an operation; exit 6 when its budget has too little left, and its breaker opens
    Charge(charge::Charge),
    /// List budgets and circuit breakers
    Budgets(budgets::Budgets),
    /// List the circuit breakers that have ever opened
    CircuitBreakers(circuit_breakers::CircuitBreakers),
    /// Open a circuit breaker: no work passes until a person resets it
    TripCircuitBreaker(trip_circuit_breaker::TripCircuitBreaker),
    /// Close a circuit breaker; a person must approve it
    ResetCircuitBreaker(reset_circuit_breaker::ResetCircuitBreaker),
    /// Calls for a human: list them, look after them, settle them
    Escalations(escalations::Escalations),
    /// Show, check, compare and apply policies
    #[command(subcommand)]
    Policy(policy::Verb),
    /// Choose among providers that serve the same purpose, by how they have done
    Rails(rails::Rails),
    /// Check and show what calls cost by what their answers say was used; exit 2 names the first error of the file
    Rates(rates::Rates),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Register(arguments) => register::register(arguments, context).await,
        Verb::Unregister(arguments) => unregister::unregister(arguments, context).await,
        Verb::Show(arguments) => show::show(arguments, context).await,
        Verb::Capabilities(arguments) => capabilities::capabilities(arguments, context).await,
        Verb::FindHelp(arguments) => find_help::find_help(arguments, context).await,
        Verb::RequestHelp(arguments) => request_help::request_help(arguments, context).await,
        Verb::SetBudgets(arguments) => set_budgets::set_budgets(arguments, context).await,
        Verb::Charge(arguments) => charge::charge(arguments, context).await,
        Verb::Budgets(arguments) => budgets::budgets(arguments, context).await,
        Verb::CircuitBreakers(arguments) => circuit_breakers::circuit_breakers(arguments, context).await,
        Verb::TripCircuitBreaker(arguments) => {
            trip_circuit_breaker::trip_circuit_breaker(arguments, context).await
        }
        Verb::ResetCircuitBreaker(arguments) => {
            reset_circuit_breaker::reset_circuit_breaker(arguments, context).await
        }
        Verb::Escalations(arguments) => escalations::escalations(arguments, context).await,
        Verb::Policy(verb) => policy::run(verb, context).await,
        Verb::Rails(arguments) => rails::rails(arguments, context).await,
        Verb::Rates(arguments) => rates::rates(arguments, context),
    }
}

impl Context {
    /// The governor over the configured store.
    async fn governor(&self) -> Result<Governor, Failure> {
        Ok(Governor::new(self.store().await?, self.clock.clone()))
    }
}
