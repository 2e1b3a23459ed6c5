//! `ifctl chassis exec`: one task in the sandbox.

use std::io::{self, Read, Write};

use clap::Args;

use super::narrowing::Narrowed;
use crate::chassis::credential::Handle;
use crate::chassis::{ChassisError, Job, MAX_INPUT_BYTES, TaskInput};
use crate::cli::{Context, Exit, Failure};
use crate::coordinator::Token;
use crate::id::{SwarmId, TaskId};

#[derive(Debug, Args)]
pub(in crate::cli) struct Exec {
    /// The swarm whose code runs
    swarm: SwarmId,
    /// The task, for the record; one of somebody else that the swarm works on counts for its reputation
    #[arg(long, env = "IF_TASK_ID")]
    task_id: Option<TaskId>,
    /// The token of its claim: what the task calls outside is paid from what was set aside for it
    #[arg(long, env = "IF_TASK_TOKEN", requires = "task_id")]
    token: Option<Token>,
    /// The handle of a credential, which narrows what the task may call outside; better in the environment, for
    /// everybody on this machine can read arguments [default: one of its own, with all that the contract allows]
    #[arg(long, env = "IF_CREDENTIAL", hide_env_values = true, value_name = "HANDLE",
        conflicts_with_all = ["ttl", "allow_urls", "methods"])]
    // Not parsed here: what is wrong would be quoted.
    credential: Option<String>,
    #[command(flatten)]
    narrowed: Narrowed,
}

pub(super) async fn exec(arguments: Exec, context: &Context) -> Result<Exit, Failure> {
    let chassis = context.chassis().await?;
    let input = read_task("exec")?;
    let swarm = arguments.swarm;
    let name = swarm.clone();
    // A log that nobody reads any more is no reason to stop.
    let log = move |line: &str| drop(writeln!(io::stderr(), "{name}: {line}"));
    let credential = arguments.credential.map(|text| text.parse::<Handle>()).transpose();
    let credential = credential.map_err(Failure::usage)?;
    let guest = chassis.prepare(&swarm).await?;
    let known = chassis.job(&swarm, arguments.task_id).await?;
    let job = Job { token: arguments.token, credential, narrowing: arguments.narrowed.into(), ..known };
    let executed = chassis.run(&guest, &job, &input, log).await;
    chassis.give_shares_back().await;
    let executed = executed?;
    if let Some(error) = executed.unrecorded {
        tracing::warn!(%swarm, error = &error as &dyn std::error::Error, "the task is missing from the record");
    }
    let answer = executed.execution.outcome.map_err(|source| ChassisError::Guest { swarm, source })?;
    context.output.pass_on(&answer)?;
    Ok(Exit::Done)
}

pub(super) fn read_task(verb: &str) -> Result<TaskInput, Failure> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(MAX_INPUT_BYTES).unwrap_or(u64::MAX).saturating_add(1);
    let read = io::stdin().lock().take(limit).read_to_end(&mut bytes);
    read.map_err(|error| Failure::usage(error).context("cannot read the task from standard input"))?;
    TaskInput::parse(bytes).map_err(|error| {
        Failure::usage(error)
            .hint(format!("give the task as JSON on standard input: echo '{{}}' | ifctl chassis {verb} …"))
    })
}
