//! `ifctl chassis performance`: how a swarm does.

use clap::Args;

use crate::chassis::PerformanceReport;
use crate::cli::coordinator::stop_signal;
use crate::cli::{Context, Exit, Failure, view};
use crate::id::SwarmId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Performance {
    /// The swarm
    swarm: SwarmId,
    /// Show it anew whenever a task ends: in place on a terminal, else one JSON document a line
    #[arg(long)]
    watch: bool,
    /// Show the last hours and minutes instead
    #[arg(long, conflicts_with = "watch")]
    history: bool,
}

pub(super) async fn performance(arguments: Performance, context: &Context) -> Result<Exit, Failure> {
    let (chassis, swarm) = (context.chassis().await?, arguments.swarm);
    if arguments.watch {
        let mut screen = context.output.screen();
        let show = |report: &PerformanceReport| match &mut screen {
            Some(screen) => screen.show(&view::chassis::performance(report)),
            None => context.output.stream(report, view::chassis::performance),
        };
        chassis.follow_performance(&swarm, stop_signal()?, show).await?;
    } else if arguments.history {
        let history = chassis.performance_history(&swarm).await?;
        context.output.answer(&history, view::chassis::history)?;
    } else {
        let report = chassis.performance(&swarm).await?;
        context.output.answer(&report, view::chassis::performance)?;
    }
    Ok(Exit::Done)
}
