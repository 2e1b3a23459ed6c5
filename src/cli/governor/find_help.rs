//! `ifctl governor find-help`: who suits best, and why the others do not.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};
use crate::governor::service::Misspelling;
use crate::governor::{Demand, HelpRequest};
use crate::id::{Capability, SwarmId};
use crate::money::Money;

#[derive(Debug, Args)]
pub(in crate::cli) struct FindHelp {
    /// What must be done, domain:skill[,domain:skill]
    #[arg(long, value_delimiter = ',')]
    required: Vec<Capability>,
    /// The most it may cost, in dollars [default: what the policy allows for one task]
    #[arg(long, allow_negative_numbers = true)]
    max_cost: Option<Money>,
    /// How long it should take, in hours
    #[arg(long, default_value_t = 1.0, value_parser = parse_hours, allow_negative_numbers = true)]
    hours: f64,
    /// Not to be asked, SWARM[,SWARM]
    #[arg(long, value_delimiter = ',')]
    exclude: Vec<SwarmId>,
    /// Show no more than so many candidates, the best ones
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..), allow_negative_numbers = true)]
    limit: Option<u32>,
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

pub(super) async fn find_help(arguments: FindHelp, context: &Context) -> Result<Exit, Failure> {
    let required = arguments.required.clone();
    let request = HelpRequest {
        required: arguments.required,
        max_cost: arguments.max_cost,
        hours: arguments.hours,
        exclude: arguments.exclude,
    };
    let governor = context.governor().await?;
    let mut help = governor.find_help(&request).await?;
    let explain = arguments.explain || help.chosen.is_none();
    let considered = !help.assessments.is_empty();
    let most = arguments.limit.and_then(|limit| usize::try_from(limit).ok());
    help.assessments.truncate(most.unwrap_or(usize::MAX));
    context.output.answer(&help, |help| view::governor::help(help, explain))?;
    match help.chosen {
        Some(_) => Ok(Exit::Done),
        None if considered => Err(Failure::nobody_qualifies(&required, considered)),
        None => {
            let asked = required.iter().cloned().collect();
            let misspellings = governor.misspellings(None, &asked, &Demand::new()).await?;
            let failure = Failure::nobody_qualifies(&required, considered);
            Err(match misspellings.first() {
                Some(Misspelling { written, meant }) => {
                    failure.hint(format!("nobody offers {written}, did you mean {meant}?"))
                }
                None => failure,
            })
        }
    }
}
