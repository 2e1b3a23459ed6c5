//! Waiting for the end of tasks.

use clap::Args;

use super::start::stop_signal;
use crate::cli::options::patience;
use crate::cli::{Context, Exit, Failure, Span, view};
use crate::coordinator::State;
use crate::coordinator::runtime::awaiting::Awaited;
use crate::coordinator::task::TaskRecord;
use crate::id::TaskId;

#[derive(Debug, Args)]
pub(in crate::cli) struct Wait {
    /// The tasks
    #[arg(required = true)]
    tasks: Vec<TaskId>,
    /// How long to wait at most; 0 looks once [default: for ever]
    #[arg(long, value_name = "TIME", value_parser = patience)]
    timeout: Option<Span>,
}

pub(super) async fn wait(arguments: Wait, context: &Context) -> Result<Exit, Failure> {
    let coordinator = context.coordinator().await?;
    let (mut awaited, revision) = Awaited::read(&coordinator, arguments.tasks).await?;
    let open = awaited.open().count();
    if open > 0 && !arguments.timeout.is_some_and(|timeout| timeout.0.is_zero()) {
        eprintln!("waiting for {open} tasks");
    }
    let late = async {
        match arguments.timeout {
            Some(timeout) => tokio::time::sleep(timeout.0).await,
            None => std::future::pending().await,
        }
    };
    let stop = stop_signal()?;
    let ended = tokio::select! {
        // What has ended has ended, however late it is.
        biased;
        ended = awaited.end(revision) => Some(ended),
        () = stop => return Err(Failure::interrupted()),
        () = late => None,
    };
    match ended {
        Some(ended) => ended?,
        None => return Err(missing(&awaited)),
    }
    let records = awaited.records();
    context.output.answer(&records, |records| view::tasks::list(records.iter().copied()))?;
    let unfinished: Vec<_> = records.into_iter().filter(|record| record.state != State::Completed).collect();
    let Some(first) = unfinished.first() else { return Ok(Exit::Done) };
    let names: Vec<_> = unfinished.iter().copied().map(described).collect();
    Err(Failure::message(Exit::WorkFailed, format!("not completed: {}", names.join(", ")))
        .hint(format!("ifctl coordinator show {}", first.id)))
}

fn described(record: &TaskRecord) -> String {
    format!("{} ({})", record.id, record.standing())
}

fn missing(awaited: &Awaited) -> Failure {
    let open: Vec<_> = awaited.open().map(described).collect();
    Failure::message(Exit::TimedOut, format!("not in time: {}", open.join(", ")))
        .hint("ifctl coordinator tasks, or wait longer with --timeout")
}
