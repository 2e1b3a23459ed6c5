//! `ifctl governor rails`: which of several providers to use, and how it went.

use std::collections::BTreeMap;

use clap::{ArgGroup, Args, Subcommand};

use crate::cli::{Context, Exit, Failure, Span, view};
use crate::governor::RailUse;
use crate::governor::service::RailWish;
use crate::id::{ProviderId, Purpose, UseId};
use crate::money::Money;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct Rails {
    #[command(subcommand)]
    verb: Option<RailVerb>,
    #[command(flatten)]
    show: Show,
}

#[derive(Debug, Subcommand)]
enum RailVerb {
    /// List providers with what is known of them
    Show(Show),
    /// Name the provider to use; exit 6 when every circuit breaker is open
    Choose(Choose),
    /// Report how the use of a provider ended
    Record(Record),
}

#[derive(Debug, Args)]
struct Show {
    /// For what [default: everything the policy has providers for]
    purpose: Option<Purpose>,
    /// Show the parts of each score, and what speaks against a provider
    #[arg(long)]
    explain: bool,
}

#[derive(Debug, Args)]
struct Choose {
    /// For what
    purpose: Purpose,
    /// How much is to be moved or spent, in dollars: then cost counts
    #[arg(long, allow_negative_numbers = true)]
    amount: Option<Money>,
    /// What a use would cost in dollars, PROVIDER=DOLLARS[,PROVIDER=DOLLARS] [default: what it has cost so far]
    #[arg(long, value_delimiter = ',', value_parser = parse_cost, value_name = "PROVIDER=DOLLARS")]
    cost: Vec<(ProviderId, Money)>,
    /// Makes the choice one that can be repeated
    #[arg(long, value_name = "N", allow_negative_numbers = true)]
    seed: Option<u64>,
}

#[derive(Debug, Args)]
#[command(group(ArgGroup::new("outcome").required(true).args(["success", "failure"])))]
struct Record {
    /// For what it was used
    purpose: Purpose,
    /// Who was used
    provider: ProviderId,
    /// It did what was asked
    #[arg(long)]
    success: bool,
    /// It did not
    #[arg(long)]
    failure: bool,
    /// How long it took, such as 800ms or 1.2s
    #[arg(long)]
    time: Span,
    /// What it cost, in dollars
    #[arg(long, allow_negative_numbers = true)]
    cost: Option<Money>,
    /// A name for this use: reporting it again counts once
    #[arg(long)]
    idempotency_key: Option<UseId>,
}

fn parse_cost(text: &str) -> Result<(ProviderId, Money), String> {
    let (provider, cost) =
        text.split_once('=').ok_or_else(|| format!("`{text}` is not of the form PROVIDER=DOLLARS"))?;
    let provider = provider.parse().map_err(|error| format!("{error}"))?;
    Ok((provider, cost.parse().map_err(|error| format!("{error}"))?))
}

pub(super) async fn rails(arguments: Rails, context: &Context) -> Result<Exit, Failure> {
    match arguments.verb {
        Some(RailVerb::Choose(arguments)) => choose(arguments, context).await,
        Some(RailVerb::Record(arguments)) => record(arguments, context).await,
        Some(RailVerb::Show(arguments)) => show(arguments, context).await,
        None => show(arguments.show, context).await,
    }
}

async fn show(arguments: Show, context: &Context) -> Result<Exit, Failure> {
    let reports = context.governor().await?.rails(arguments.purpose.as_ref()).await?;
    context.output.answer(&reports, |reports| view::governor::rails(reports, arguments.explain))?;
    Ok(Exit::Done)
}

async fn choose(arguments: Choose, context: &Context) -> Result<Exit, Failure> {
    let Choose { purpose, amount, cost, seed } = arguments;
    let mut costs = BTreeMap::new();
    for (provider, cost) in cost {
        if costs.insert(provider.clone(), cost).is_some() {
            let message = format!("--cost names {provider} twice");
            return Err(Failure::message(Exit::Usage, message).hint("name each provider once"));
        }
    }
    let wish = RailWish { amount, costs, seed };
    let choice = context.governor().await?.choose_rail(&purpose, &wish, &context.person()).await?;
    context.output.answer(&choice, |choice| choice.provider.to_string())?;
    Ok(Exit::Done)
}

async fn record(arguments: Record, context: &Context) -> Result<Exit, Failure> {
    let Record { purpose, provider, success, failure: _, time: Span(took), cost, idempotency_key } =
        arguments;
    let used = RailUse { succeeded: success, took, cost, name: idempotency_key };
    let governor = context.governor().await?;
    let recorded = governor.record_rail(&purpose, &provider, &used, &context.person()).await?;
    context.output.answer(&recorded, view::governor::rail_recorded)?;
    Ok(Exit::Done)
}
