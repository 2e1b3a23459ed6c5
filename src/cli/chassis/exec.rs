//! `ifctl chassis exec`: one task in the sandbox.

use std::io::{self, Read, Write};

use clap::Args;

use crate::chassis::{ChassisError, Job, MAX_INPUT_BYTES, TaskInput};
use crate::cli::{Context, Exit, Failure};
use crate::id::{SwarmId, TaskId};

#[derive(Debug, Args)]
pub(in crate::cli) struct Exec {
    /// The swarm whose code runs
    swarm: SwarmId,
    /// The name of the task, for the record
    #[arg(long, env = "IF_TASK_ID")]
    task_id: Option<TaskId>,
}

pub(super) async fn exec(arguments: Exec, context: &Context) -> Result<Exit, Failure> {
    let chassis = context.chassis().await?;
    let input = read_task()?;
    let swarm = arguments.swarm;
    let name = swarm.clone();
    // A log that nobody reads any more is no reason to stop.
    let log = move |line: &str| drop(writeln!(io::stderr(), "{name}: {line}"));
    let guest = chassis.prepare(&swarm).await?;
    let job = Job { task: arguments.task_id, ..Job::default() };
    let executed = chassis.run(&guest, &job, &input, log).await?;
    if let Some(error) = executed.unrecorded {
        tracing::warn!(%swarm, error = &error as &dyn std::error::Error, "the task is missing from the record");
    }
    let answer = executed.execution.outcome.map_err(|source| ChassisError::Guest { swarm, source })?;
    let value: serde_json::Value = serde_json::from_str(&answer).map_err(Failure::internal)?;
    context.output.answer(&value, |_| answer)?;
    Ok(Exit::Done)
}

fn read_task() -> Result<TaskInput, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_INPUT_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let read = io::stdin().lock().take(limit).read_to_end(&mut bytes);
    read.map_err(|error| Failure::usage(error).context("cannot read the task from standard input"))?;
    TaskInput::parse(bytes).map_err(|error| {
        Failure::usage(error)
            .hint("give the task as JSON on standard input: echo '{}' | ifctl chassis exec …")
    })
}
