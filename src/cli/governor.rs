//! `ifctl governor …`: who can do what, at what price, and how much is left.

use clap::{Args, Subcommand};

use super::{Context, Exit, Failure, view};
use crate::governor::HelpRequest;
use crate::governor::service::{Governor, Registration};
use crate::id::{Capability, SwarmId};
use crate::money::Money;

/// What the governor can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Register a swarm, or change what is known of it; what it has spent stays spent
    Register(Register),
    /// Find the swarm that suits best; exit 3 when nobody qualifies
    FindHelp(FindHelp),
    /// List budgets and circuit breakers
    Budgets,
}

#[derive(Debug, Args)]
pub(super) struct Register {
    /// The swarm
    swarm: SwarmId,
    /// What it can do, domain:skill[,domain:skill]
    #[arg(long, value_delimiter = ',', required = true)]
    capabilities: Vec<Capability>,
    /// What an hour of it costs, in dollars
    #[arg(long, allow_negative_numbers = true)]
    cost_per_hour: Money,
    /// What it may spend, in dollars [default: what it has, else what the policy says]
    #[arg(long, allow_negative_numbers = true)]
    budget: Option<Money>,
    /// The model behind it
    #[arg(long)]
    model: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct FindHelp {
    /// What must be done, domain:skill[,domain:skill]
    #[arg(long, value_delimiter = ',')]
    required: Vec<Capability>,
    /// The most it may cost, in dollars [default: what the policy allows for one task]
    #[arg(long, allow_negative_numbers = true)]
    max_cost: Option<Money>,
    /// How long it should take, in hours
    #[arg(long, default_value_t = 1.0, value_parser = parse_hours)]
    hours: f64,
    /// Not to be asked, SWARM[,SWARM]
    #[arg(long, value_delimiter = ',')]
    exclude: Vec<SwarmId>,
    /// Show every candidate, and what spoke against it
    #[arg(long)]
    explain: bool,
}

fn parse_hours(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(hours) if hours.is_finite() && hours >= 0.0 => Ok(hours),
        _ => Err(format!("`{text}` is no number of hours such as 1.5")),
    }
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let governor = Governor::new(context.store().await?, context.clock.clone());
    match verb {
        Verb::Register(arguments) => register(arguments, &governor, context).await,
        Verb::FindHelp(arguments) => find_help(arguments, &governor, context).await,
        Verb::Budgets => budgets(&governor, context).await,
    }
}

async fn register(arguments: Register, governor: &Governor, context: &Context) -> Result<Exit, Failure> {
    let registration = Registration {
        swarm: arguments.swarm,
        capabilities: arguments.capabilities.into_iter().collect(),
        cost_per_hour: arguments.cost_per_hour,
        budget: arguments.budget,
        model: arguments.model,
        by: context.person(),
    };
    let registered = governor.register(registration).await?;
    context.output.answer(&registered, view::governor::registered)?;
    Ok(Exit::Done)
}

async fn find_help(arguments: FindHelp, governor: &Governor, context: &Context) -> Result<Exit, Failure> {
    let required = arguments.required.clone();
    let request = HelpRequest {
        required: arguments.required,
        max_cost: arguments.max_cost,
        hours: arguments.hours,
        exclude: arguments.exclude,
    };
    let help = governor.find_help(&request).await?;
    let explain = arguments.explain || help.chosen.is_none();
    context.output.answer(&help, |help| view::governor::help(help, explain))?;
    match help.chosen {
        Some(_) => Ok(Exit::Done),
        None => Err(Failure::nobody_qualifies(&required, !help.assessments.is_empty())),
    }
}

async fn budgets(governor: &Governor, context: &Context) -> Result<Exit, Failure> {
    let budgets = governor.budgets().await?;
    context.output.answer(&budgets, |budgets| view::governor::budgets(budgets))?;
    Ok(Exit::Done)
}
