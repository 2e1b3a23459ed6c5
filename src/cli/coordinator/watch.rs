//! Watching what happens to tasks and swarms.

use clap::Args;

use super::start::stop_signal;
use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::Event;
use crate::coordinator::runtime::watching::{Interest, watch as watch_until};
use crate::id::{SwarmId, TaskId};

#[derive(Debug, Args)]
pub(in crate::cli) struct Watch {
    /// Begin with what this revision brought about [default: what comes]
    #[arg(long, value_name = "REVISION", value_parser = clap::value_parser!(i64).range(1..))]
    since: Option<i64>,
    /// Only events of this task
    #[arg(long)]
    task: Option<TaskId>,
    /// Only events of this swarm and of the tasks that it has
    #[arg(long)]
    swarm: Option<SwarmId>,
}

pub(super) async fn watch(arguments: Watch, context: &Context) -> Result<Exit, Failure> {
    let Watch { since, task, swarm } = arguments;
    let coordinator = context.coordinator().await?;
    let interest = Interest { task, swarm, since };
    let begun = |revision| eprintln!("watching from revision {revision} on");
    let deliver = |event: &Event| context.output.stream(event, view::events::event);
    watch_until(&coordinator, &interest, stop_signal()?, begun, deliver).await?;
    Ok(Exit::Done)
}
