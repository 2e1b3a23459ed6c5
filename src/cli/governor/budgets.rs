//! `ifctl governor budgets`: what may be spent, what is spent, what is set aside.

use std::str::FromStr;

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::store::Scope;

#[derive(Debug, Args)]
pub(in crate::cli) struct Budgets {
    /// Only this one: a swarm, swarm/NAME, task/NAME or overall
    #[arg(value_name = "SCOPE|SWARM")]
    only: Option<Only>,
}

/// A scope, or a swarm by its bare name.
#[derive(Debug, Clone)]
struct Only(Scope);

impl FromStr for Only {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse() {
            Ok(scope) => Ok(Self(scope)),
            Err(error) if text.contains('/') => Err(error.to_string()),
            Err(_) => text.parse().map(|swarm| Self(Scope::Swarm(swarm))).map_err(|error| error.to_string()),
        }
    }
}

pub(super) async fn budgets(arguments: Budgets, context: &Context) -> Result<Exit, Failure> {
    let mut budgets = context.governor().await?.budgets().await?;
    if let Some(Only(scope)) = arguments.only {
        budgets.retain(|entry| *entry.scope() == scope);
        if budgets.is_empty() {
            let message = format!("there is no budget for {scope}");
            return Err(Failure::message(Exit::NothingFound, message).hint("ifctl governor budgets"));
        }
    }
    context.output.answer(&budgets, |budgets| view::governor::budgets(budgets))?;
    Ok(Exit::Done)
}
