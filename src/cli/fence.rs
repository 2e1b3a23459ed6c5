//! `ifctl fence …`: whether a token still counts, for what lies outside the store.

use clap::Subcommand;

use super::coordinator::Held;
use super::{Context, Exit, Failure, view};

/// What can be asked about a token.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Say whether the token is the present holder's: exit 0, or 5 and who holds the task
    Check(Held),
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let Verb::Check(Held { task, token }) = verb;
    let held = context.coordinator().await?.held(&task, token).await?;
    context.output.answer(&held, view::tasks::held)?;
    Ok(Exit::Done)
}
