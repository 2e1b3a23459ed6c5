//! `ifctl governor escalations …`: who is called for what, who looks after it, and whether the calls arrive.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};

use crate::cli::{Context, Exit, Failure, view};
use crate::governor::EscalationState;
use crate::governor::runtime::channel::try_out;
use crate::governor::runtime::read_policy;
use crate::governor::service::Called;
use crate::governor::{EscalationPolicy, Policy, Remark};
use crate::id::{ChannelName, SwarmId, TaskId};
use crate::printable::printable;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(in crate::cli) struct Escalations {
    #[command(subcommand)]
    verb: Option<Verb>,
    #[command(flatten)]
    list: List,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// List what people are called for, oldest first; what is resolved only with --all
    List(List),
    /// Show one call, who has answered it, and how far each channel has taken it
    Show {
        /// The escalation
        id: String,
    },
    /// Say that you look after it: it is not sent again
    Ack(Answer),
    /// Say that it is settled
    Resolve(Answer),
    /// Send a message of no consequence by each channel, with the secrets of this shell; exit 9 when one fails
    Test {
        /// Only by this one
        #[arg(long)]
        channel: Option<ChannelName>,
        /// Those of this policy file, before it is put in force
        #[arg(long, value_name = "FILE")]
        policy: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
struct List {
    /// Those that are resolved too
    #[arg(long)]
    all: bool,
    /// Only those that have come so far
    #[arg(long, value_enum, conflicts_with = "all")]
    state: Option<StateName>,
    /// Only those about this swarm
    #[arg(long)]
    swarm: Option<SwarmId>,
    /// Only those about this task
    #[arg(long)]
    task: Option<TaskId>,
}

#[derive(Debug, Args)]
struct Answer {
    /// The escalation
    id: String,
    /// What there is to say about it
    #[arg(long, value_name = "TEXT")]
    note: Option<Remark>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StateName {
    /// Nobody has answered
    Triggered,
    /// Somebody looks after it
    Acknowledged,
    /// It is settled
    Resolved,
}

impl From<StateName> for EscalationState {
    fn from(name: StateName) -> Self {
        match name {
            StateName::Triggered => Self::Triggered,
            StateName::Acknowledged => Self::Acknowledged,
            StateName::Resolved => Self::Resolved,
        }
    }
}

impl List {
    fn shows(&self, Called { escalation, .. }: &Called) -> bool {
        let right_state = match self.state {
            Some(state) => escalation.state == state.into(),
            None => self.all || escalation.is_open(),
        };
        right_state
            && (self.swarm.is_none() || self.swarm == escalation.swarm)
            && (self.task.is_none() || self.task == escalation.task)
    }
}

pub(super) async fn escalations(arguments: Escalations, context: &Context) -> Result<Exit, Failure> {
    match arguments.verb.unwrap_or(Verb::List(arguments.list)) {
        Verb::List(wish) => list(&wish, context).await,
        Verb::Show { id } => {
            let call = context.governor().await?.call(&id).await?;
            context.output.answer(&call, view::governor::call)?;
            Ok(Exit::Done)
        }
        Verb::Ack(Answer { id, note }) => {
            let call = context.governor().await?.acknowledge(&id, note.as_ref(), &context.person()).await?;
            context.output.answer(&call, view::governor::answered)?;
            Ok(Exit::Done)
        }
        Verb::Resolve(Answer { id, note }) => {
            let call = context.governor().await?.resolve(&id, note.as_ref(), &context.person()).await?;
            context.output.answer(&call, view::governor::answered)?;
            Ok(Exit::Done)
        }
        Verb::Test { channel, policy } => test(channel.as_ref(), policy.as_deref(), context).await,
    }
}

async fn list(wish: &List, context: &Context) -> Result<Exit, Failure> {
    let mut calls = context.governor().await?.calls().await?;
    calls.retain(|call| wish.shows(call));
    context.output.answer(&calls, |calls| view::governor::calls(calls))?;
    Ok(Exit::Done)
}

async fn test(only: Option<&ChannelName>, file: Option<&Path>, context: &Context) -> Result<Exit, Failure> {
    let (policy, own) = match file {
        Some(file) => {
            let policy = read_policy(file)?.policy.escalation;
            (policy.clone(), policy)
        }
        None => (context.governor().await?.policy().await?.escalation, own_channels(context)?),
    };
    let tried = try_out(&policy, &own, only, &context.person(), context.clock.now()).await;
    if tried.is_empty() {
        let what = only.map_or_else(|| "no channel".to_owned(), |name| format!("no channel {name}"));
        let hint = "ifctl governor policy show --default shows how to write one, under escalation.channels";
        return Err(Failure::message(Exit::NothingFound, format!("{what} is configured")).hint(hint));
    }
    context.output.answer(&tried, |tried| view::governor::tried(tried))?;
    match tried.iter().filter(|tried| !tried.delivered).count() {
        0 => Ok(Exit::Done),
        failed => {
            let message = format!("{failed} of {} channels failed", tried.len());
            let hint = if tried.iter().any(|tried| tried.foreign) {
                let file = context.home.policy();
                format!(
                    "write the channel into {} just as `ifctl governor policy show` has it, or try those of a file: --policy FILE",
                    printable(&file.to_string_lossy())
                )
            } else {
                "mend them in the policy, or give this shell the secrets that it names".to_owned()
            };
            Err(Failure::message(Exit::WorkFailed, message).hint(hint))
        }
    }
}

/// The channels that the policy file of this machine has.
fn own_channels(context: &Context) -> Result<EscalationPolicy, Failure> {
    let file = context.home.policy();
    let policy = if file.exists() { read_policy(&file)?.policy } else { Policy::default() };
    Ok(policy.escalation)
}
