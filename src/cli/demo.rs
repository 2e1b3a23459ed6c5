//! `ifctl demo`: the whole story, watched from the first row.

use clap::Args;

use super::output::Output;
use super::{Context, Exit, Failure, progress, view};
use crate::demo::{DemoError, Options, Progress, run};

#[derive(Debug, Args)]
pub(super) struct Demo {
    /// Print JSON; the same as -o json
    #[arg(long)]
    json: bool,
    /// Leave the directory for looking around
    #[arg(long)]
    keep: bool,
}

pub(super) async fn demo(arguments: Demo, context: &Context) -> Result<Exit, Failure> {
    let bar = progress::bar(0, "the backlog");
    let tell = |step| match step {
        Progress::Submitted(tasks) => bar.set_length(u64::try_from(tasks).unwrap_or(u64::MAX)),
        Progress::Completed => bar.inc(1),
        Progress::Note(note) => bar.suspend(|| eprintln!("{note}")),
    };
    let stop = super::coordinator::stop_signal()?;
    let (outcome, home) = tokio::select! {
        told = run(Options { keep: arguments.keep }, context.clock.clone(), tell) => told?,
        () = stop => return Err(Failure::interrupted()),
    };
    bar.finish_and_clear();
    let output = if arguments.json { Output::json() } else { context.output };
    output.answer(&outcome, view::demo::outcome)?;
    if let Some(home) = home {
        let home = home.display();
        eprintln!("kept: {home}");
        eprintln!("look around: IF_HOME={home} ifctl coordinator start");
    }
    if outcome.violations.is_empty() { Ok(Exit::Done) } else { Err(broken(outcome.violations.len())) }
}

fn broken(count: usize) -> Failure {
    Failure::message(Exit::Internal, format!("{count} promises were broken; they are listed above"))
        .hint("please report it, with the directory that --keep leaves")
}

impl From<DemoError> for Failure {
    fn from(error: DemoError) -> Self {
        match error {
            DemoError::Store(error) => error.into(),
            DemoError::Coordinator(error) => error.into(),
            DemoError::Governor(error) => error.into(),
            DemoError::TimedOut { .. } => {
                Self::new(Exit::TimedOut, error).hint("ifctl demo --keep leaves the logs")
            }
            DemoError::Stage(_) | DemoError::Backlog(_) | DemoError::Name(_) => Self::internal(error),
        }
    }
}
