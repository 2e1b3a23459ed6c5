//! `ifctl chassis list`: what is loaded.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};

#[derive(Debug, Args)]
pub(in crate::cli) struct List {}

pub(super) async fn list(_: List, context: &Context) -> Result<Exit, Failure> {
    let contracts = context.chassis().await?.contracts().await?;
    context.output.answer(&contracts, |contracts| view::chassis::contracts(contracts))?;
    Ok(Exit::Done)
}
