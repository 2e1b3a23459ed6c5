//! `ifctl governor capabilities`: who can do what, and what is needed that nobody can do.

use clap::Args;

use crate::cli::{Context, Exit, Failure, view};

#[derive(Debug, Args)]
pub(in crate::cli) struct Capabilities {
    /// Only what open tasks need and nobody offers
    #[arg(long)]
    gaps: bool,
}

pub(super) async fn capabilities(arguments: Capabilities, context: &Context) -> Result<Exit, Failure> {
    let demand = context.coordinator().await?.demand().await?;
    let mut matrix = context.governor().await?.capabilities(&demand).await?;
    if arguments.gaps {
        matrix.swarms.clear();
        matrix.capabilities.clear();
    }
    context.output.answer(&matrix, |matrix| view::governor::matrix(matrix, arguments.gaps))?;
    Ok(Exit::Done)
}
