//! `ifctl chassis logs`: what guests have logged on this host.

use std::str::FromStr;
use std::time::Duration;

use clap::Args;

use crate::chassis::{GuestLogs, LogFilter, LogLine};
use crate::cli::coordinator::stop_signal;
use crate::cli::output::Format;
use crate::cli::{Context, Exit, Failure, Span, view};
use crate::clock::Timestamp;
use crate::id::{SwarmId, TaskId};

/// How often a log is looked at for what has come.
const POLL: Duration = Duration::from_millis(200);

#[derive(Debug, Args)]
pub(in crate::cli) struct Logs {
    /// The swarm
    swarm: SwarmId,
    /// Only lines of this task
    #[arg(long)]
    task: Option<TaskId>,
    /// Only lines since then: 10m ago, or 2026-03-01T12:00:00Z
    #[arg(long, value_name = "WHEN")]
    since: Option<Since>,
    /// Only so many of the lines that there are, the newest
    #[arg(short = 'n', long, value_name = "LINES")]
    lines: Option<usize>,
    /// Go on with what comes, until interrupted
    #[arg(short, long)]
    follow: bool,
}

/// A moment in the past.
#[derive(Debug, Clone, Copy)]
enum Since {
    /// On the clock.
    At(Timestamp),
    /// So long ago.
    Ago(Span),
}

impl FromStr for Since {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let moment = text.parse().map(Self::At);
        moment.or_else(|_| {
            let wrong =
                |_| format!("`{text}` is no moment such as 2026-03-01T12:00:00Z, or 10m for ten minutes ago");
            text.parse().map(Self::Ago).map_err(wrong)
        })
    }
}

impl Since {
    fn moment(self, present: Timestamp) -> Timestamp {
        match self {
            Self::At(moment) => moment,
            Self::Ago(Span(span)) => present.before(span),
        }
    }
}

pub(super) async fn logs(arguments: Logs, context: &Context) -> Result<Exit, Failure> {
    let stop = stop_signal()?;
    let since = arguments.since.map(|since| since.moment(context.clock.now()));
    let filter = LogFilter { task: arguments.task.clone(), since };
    let mut reader = GuestLogs::of(&context.home).reader(&arguments.swarm);
    let lines = reader.more()?;
    if !lines.iter().any(|line| filter.concerns(line)) {
        nothing_logged(&arguments, context).await?;
    }
    let wanted: Vec<&LogLine> = lines.iter().filter(|line| filter.wants(line)).collect();
    let passed_over = wanted.len() - arguments.lines.unwrap_or(wanted.len()).min(wanted.len());
    if !show(context, wanted.into_iter().skip(passed_over))? || !arguments.follow {
        return Ok(Exit::Done);
    }
    let mut stop = std::pin::pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => return Ok(Exit::Done),
            () = tokio::time::sleep(POLL) => {}
        }
        let lines = reader.more()?;
        if !show(context, lines.iter().filter(|line| filter.wants(line)))? {
            return Ok(Exit::Done);
        }
    }
}

/// Prints lines; false when nobody reads any more.
fn show<'a>(context: &Context, lines: impl Iterator<Item = &'a LogLine>) -> Result<bool, Failure> {
    for line in lines {
        if !context.output.or(Format::Table).stream(line, view::chassis::log_line)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Says why there is nothing, unless it may still come.
async fn nothing_logged(arguments: &Logs, context: &Context) -> Result<(), Failure> {
    let swarm = &arguments.swarm;
    context.chassis().await?.is_loaded(swarm).await?;
    if arguments.follow {
        return Ok(());
    }
    let of_task = arguments.task.as_ref().map_or_else(String::new, |task| format!(" in task {task}"));
    let message = format!("{swarm} has logged nothing{of_task} on this host");
    let hint = format!(
        "logs stay on the host that ran the task: ifctl chassis logs {swarm} there, or wait here with --follow"
    );
    Err(Failure::message(Exit::NothingFound, message).hint(hint))
}
