//! `ifctl chassis serve`: tasks of the coordinator in the sandbox.

use std::io::{self, Write};

use clap::Args;

use super::narrowing::Narrowed;
use crate::chassis::{Chassis, Job, Observer, Serving, ServingOrder, ServingReport, Wanted};
use crate::cli::coordinator::{stop_signal, tell};
use crate::cli::{Context, Exit, Failure, Span};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Serve {
    /// The swarms it serves [default: all whose code is on this host, also those that are loaded later]
    swarms: Vec<SwarmId>,
    /// How many tasks of one swarm run at a time; by default contracts give each a quarter of a core
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=256))]
    slots: u32,
    /// How long it may be silent before its tasks go to others
    #[arg(long, default_value = "30s", value_name = "TIME")]
    session_ttl: Span,
    /// How long running tasks may go on after SIGTERM, before they are given back
    #[arg(long, default_value = "20s", value_name = "TIME")]
    grace: Span,
    /// How much memory the contracts of all running tasks together may allow, in MiB; others wait [default: no limit]
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u32).range(1..))]
    max_memory_mb: Option<u32>,
    #[command(flatten)]
    narrowed: Narrowed,
}

pub(super) async fn serve(arguments: Serve, context: &Context) -> Result<Exit, Failure> {
    let coordinator = context.coordinator().await?;
    let store = coordinator.store().clone();
    let chassis = Chassis::new(store, &context.home, context.clock.clone(), context.person())?;
    let order = ServingOrder {
        wanted: wanted(arguments.swarms),
        slots: arguments.slots,
        ttl: arguments.session_ttl.0,
        grace: arguments.grace.0,
        max_memory_mb: arguments.max_memory_mb,
        narrowing: arguments.narrowed.into(),
    };
    let strays = chassis.clone();
    let serving = Serving::new(chassis, coordinator, context.clock.clone(), order, observer)?;
    tokio::spawn(async move { strays.remove_stray_containers().await });
    serving.run(stop_signal()?, report).await?;
    Ok(Exit::Done)
}

fn wanted(swarms: Vec<SwarmId>) -> Wanted {
    if swarms.is_empty() { Wanted::Everybody } else { Wanted::Only(swarms.into_iter().collect()) }
}

/// Who looks on while a task of a swarm runs.
fn observer(swarm: &SwarmId, job: &Job) -> Observer {
    let task = job.task.as_ref().map(|task| format!("{task}: ")).unwrap_or_default();
    let name = format!("{swarm}: {task}");
    // A log that nobody reads any more is no reason to stop.
    Observer::from(move |line: &str| drop(writeln!(io::stderr(), "{name}{line}")))
}

fn report(report: ServingReport) {
    match report {
        ServingReport::Idle => {
            eprintln!("the code of no swarm is on this host yet: ifctl chassis load SWARM …");
        }
        ServingReport::Work(swarm, report) => tell(&swarm, report),
        ServingReport::NotServed(swarm, error) => {
            let failure = Failure::from(error).context(format!("{swarm} is not served"));
            // It goes on with the others.
            let _ = failure.report();
        }
    }
}
