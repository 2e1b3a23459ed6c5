//! Measuring a store: engine or cluster, on one's own machine.

use clap::Args;

use super::start::stop_signal;
use crate::cli::{Context, Exit, Failure, Span, view};
use crate::coordinator::bench::Plan;
use crate::coordinator::runtime::bench::{Step, run};

#[derive(Debug, Args)]
pub(in crate::cli) struct Bench {
    /// How long each of the two measurements lasts
    #[arg(long, default_value = "10s", value_name = "TIME")]
    duration: Span,
    /// How many clients claim at the same time
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u16).range(1..=4096))]
    clients: u16,
    /// How many workers are connected while tasks are pushed, one at a time
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=20_000))]
    watchers: u16,
}

pub(super) async fn bench(arguments: Bench, context: &Context) -> Result<Exit, Failure> {
    let plan = Plan {
        duration: arguments.duration.0,
        clients: arguments.clients.into(),
        watchers: arguments.watchers.into(),
    };
    let seconds = plan.duration.as_secs_f64();
    let tell = |step| match step {
        Step::Claiming => eprintln!("{} clients claim for {seconds} s", plan.clients),
        Step::Connecting => eprintln!("{} workers connect", plan.watchers),
        Step::Pushing => eprintln!("tasks are pushed to them for {seconds} s"),
        Step::Removing => eprintln!("what was written is removed"),
    };
    let home = context.home.path();
    let disk = home.is_dir().then(|| home.to_owned());
    let figures = run(&context.connection(), &context.clock, &plan, disk, stop_signal()?, tell).await?;
    context.output.answer(&figures, view::coordinator::figures)?;
    Ok(Exit::Done)
}
