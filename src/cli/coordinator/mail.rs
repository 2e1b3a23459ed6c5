//! Mail between swarms, and to `orchestrator`.

use std::path::Path;

use clap::{Args, Subcommand};

use super::start::stop_signal;
use super::tasks::read as read_text;
use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::runtime::mailbox::{Ended, Reading, read as read_until};
use crate::coordinator::service::CoordinatorError;
use crate::coordinator::{Letter, Mail};
use crate::id::SwarmId;

/// What can be done with mail.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum Verb {
    /// Put a message into a mailbox, where it is kept until it was read
    Send(Send),
    /// Print the messages of a mailbox, one JSON document a line; each is deleted when it was printed
    Read(ReadArguments),
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Send {
    /// The swarm it is for, or `orchestrator`
    #[arg(long)]
    to: SwarmId,
    /// What it is about, in a line
    #[arg(long, default_value = "")]
    subject: String,
    /// What it says; - for standard input
    text: String,
    /// In whose name [default: the swarm of this worker, else you]
    #[arg(long, env = "IF_SWARM")]
    by: Option<SwarmId>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct ReadArguments {
    /// Whose mailbox
    #[arg(long, env = "IF_SWARM")]
    swarm: SwarmId,
    /// Go on with what comes, until interrupted
    #[arg(long)]
    follow: bool,
    /// Leave the messages there
    #[arg(long)]
    keep: bool,
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    match verb {
        Verb::Send(arguments) => send(arguments, context).await,
        Verb::Read(arguments) => read(arguments, context).await,
    }
}

async fn send(arguments: Send, context: &Context) -> Result<Exit, Failure> {
    let Send { to, subject, text, by } = arguments;
    let by = by.map_or_else(|| context.person(), |by| by.to_string());
    let text = if text == "-" { read_text(Path::new("-"))? } else { text };
    let mail = Mail::message(subject, text, &by, context.clock.now()).map_err(CoordinatorError::from)?;
    let letter = context.coordinator().await?.send(&to, mail).await?;
    context.output.answer(&letter, |letter| format!("{} is in the mailbox of {to}", letter.id))?;
    Ok(Exit::Done)
}

async fn read(arguments: ReadArguments, context: &Context) -> Result<Exit, Failure> {
    let ReadArguments { swarm, follow, keep } = arguments;
    let coordinator = context.coordinator().await?;
    let reading = Reading { swarm, follow, keep };
    let deliver = |letter: &Letter| context.output.stream(letter, view::events::letter);
    match read_until(&coordinator, &reading, stop_signal()?, deliver).await? {
        // Being told to stop is the one way in which following ends.
        Ended::Stopped if !follow => Err(Failure::interrupted()),
        Ended::Stopped | Ended::Over => Ok(Exit::Done),
    }
}
