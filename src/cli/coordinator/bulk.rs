//! Submitting a file of tasks.

use std::path::Path;

use crate::cli::{Context, Exit, Failure, progress, view};
use crate::coordinator::runtime::intake::{Intake, IntakeError, Tally};
use crate::coordinator::service::Authority;

pub(super) async fn submit(file: &Path, authority: &Authority, context: &Context) -> Result<Exit, Failure> {
    let intake = Intake::open(file).map_err(|error| failure(file, error))?;
    let coordinator = context.coordinator().await?;
    let bar = progress::bar(intake.len(), "submitting");
    let mut last = Tally::default();
    let taken_in = intake.submit(&coordinator, authority, |tally| {
        bar.set_position(u64::try_from(tally.total()).unwrap_or(u64::MAX));
        last = tally;
    });
    let taken_in = taken_in.await;
    bar.finish_and_clear();
    match taken_in {
        Ok(tally) => context.output.answer(&tally, view::tasks::taken_in)?,
        Err(error) => {
            let rest = if error.is_retryable() {
                "the same command goes on with the rest"
            } else {
                "the rest waits until that is put right"
            };
            eprintln!("{}; {rest}", view::tasks::taken_in(&last));
            return Err(failure(file, error));
        }
    }
    Ok(Exit::Done)
}

/// Says which file, and which line of it, it is about.
fn failure(file: &Path, error: IntakeError) -> Failure {
    let place = match error.line() {
        Some(line) => format!("{}:{line}", file.display()),
        None => file.display().to_string(),
    };
    match error {
        IntakeError::Unreadable(error) => Failure::usage(error).context(format!("cannot read {place}")),
        IntakeError::Backlog { source, .. } => Failure::usage(source)
            .context(format!("cannot submit {place}"))
            .hint("ifctl coordinator submit --help shows the form"),
        IntakeError::NotText { .. } => {
            Failure::message(Exit::Usage, format!("{place} is not UTF-8")).hint("save the file as UTF-8")
        }
        IntakeError::Changed { .. } => {
            Failure::message(Exit::Conflict, format!("{place} has changed while it was read"))
                .hint("run it again when nobody writes to it")
        }
        IntakeError::Task { source, .. } => Failure::from(*source).context(format!("cannot submit {place}")),
        IntakeError::Store(error) => error.into(),
    }
}
