//! `ifctl coordinator …`: arguments and one short function per verb.

use clap::Subcommand;

use super::view::Table;
use super::{Context, Exit, Failure};

/// What the coordinator can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Show what the store says of itself
    Status,
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Status => status(context).await,
    }
}

async fn status(context: &Context) -> Result<Exit, Failure> {
    let status = context.store().await?.status().await?;
    context.output.answer(&status.version, |version| {
        let mut table = Table::new(&["version"]);
        table.row([version]);
        table.render()
    })?;
    Ok(Exit::Done)
}
