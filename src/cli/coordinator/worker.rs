//! Staying connected: as a listener, or as a worker that runs an executable.

use std::ffi::OsString;

use clap::Args;

use super::start::stop_signal;
use crate::cli::{Context, Exit, Failure, Span, view};
use crate::coordinator::runtime::listener::{Ended, Push, listen as listen_until};
use crate::coordinator::runtime::program::Program;
use crate::coordinator::runtime::programs::Programs;
use crate::coordinator::runtime::session::Terms;
use crate::coordinator::runtime::worker::{Report, WorkOrder, Worker};
use crate::id::SwarmId;

/// How a worker is connected.
#[derive(Debug, Args)]
struct Connection {
    /// The swarm it belongs to
    #[arg(long, env = "IF_SWARM")]
    swarm: SwarmId,
    /// How many tasks it takes at a time
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=256))]
    slots: u32,
    /// How long it may be silent before its tasks go to others
    #[arg(long, default_value = "30s", value_name = "TIME")]
    session_ttl: Span,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Listen {
    #[command(flatten)]
    connection: Connection,
    /// Begin with what was pushed to the swarm from this revision on: messages, and assignments that are still held
    #[arg(long, value_name = "REVISION", value_parser = clap::value_parser!(i64).range(1..))]
    since: Option<i64>,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Work {
    #[command(flatten)]
    connection: Connection,
    /// Claim tasks in a race with everybody else, instead of being assigned
    #[arg(long)]
    pull: bool,
    /// End after the first task
    #[arg(long)]
    once: bool,
    /// How long the program may take to end after SIGTERM, before SIGKILL: when its task is lost, or the worker ends
    #[arg(long, default_value = "5s", value_name = "TIME")]
    grace: Span,
    /// The program and its arguments; exit status 0 completes the task, 75 fails it for now, any other leaves it to people
    #[arg(last = true, required = true)]
    command: Vec<OsString>,
}

pub(super) async fn listen(arguments: Listen, context: &Context) -> Result<Exit, Failure> {
    let coordinator = context.coordinator().await?;
    let terms = terms(arguments.connection, true);
    let deliver = |push: &Push| context.output.stream(push, view::events::push);
    match listen_until(&coordinator, &context.clock, &terms, arguments.since, stop_signal()?, deliver).await?
    {
        Ended::Unheard | Ended::Stopped => Ok(Exit::Done),
    }
}

pub(super) async fn work(arguments: Work, context: &Context) -> Result<Exit, Failure> {
    let mut command = arguments.command.into_iter();
    let name = command.next().unwrap_or_default();
    // Before anything is connected: no task is to find out.
    let program = Program::find(name, command.collect())?;
    let user = context.user_for_programs();
    if user.is_none() && context.connection().user.is_some() {
        eprintln!(
            "the program is not told the password of --password: set IF_USER and IF_PASSWORD if it calls ifctl"
        );
    }
    let coordinator = context.coordinator().await?;
    let order = WorkOrder {
        terms: terms(arguments.connection, !arguments.pull),
        pull: arguments.pull,
        once: arguments.once,
        grace: arguments.grace.0,
    };
    let swarm = order.terms.swarm.clone();
    let namespace = context.connection().namespace;
    let programs = Programs::new(program, user, coordinator.store(), namespace)?;
    let worker = Worker::new(coordinator, context.clock.clone(), order, programs);
    worker.run(stop_signal()?, move |report| tell(&swarm, report)).await?;
    Ok(Exit::Done)
}

/// Says on standard error what a worker does.
pub(in crate::cli) fn tell(swarm: &SwarmId, report: Report) {
    match report {
        Report::Connected { session } => eprintln!("{swarm}: connected as {session}"),
        Report::Began { task, token } => eprintln!("{swarm}: {task} began, token {token}"),
        Report::Ended { task, how } => eprintln!("{swarm}: {task} {how}"),
    }
}

fn terms(connection: Connection, assignable: bool) -> Terms {
    let Connection { swarm, slots, session_ttl } = connection;
    Terms { swarm, slots, assignable, ttl: session_ttl.0 }
}
