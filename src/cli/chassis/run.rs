//! `ifctl chassis run`: one task in a container.

use std::io::{self, Write};

use clap::Args;

use super::exec::read_task;
use crate::chassis::container::{ContainerRuntime, CpuLimit, MemoryLimit, Narrowing};
use crate::chassis::contract::{ContainerCommand, Image};
use crate::chassis::credential::Handle;
use crate::chassis::{ChassisError, Contained, ContainerWish, GuestFailure, Job};
use crate::cli::coordinator::stop_signal;
use crate::cli::{Context, Exit, Failure};
use crate::coordinator::Token;
use crate::id::{SwarmId, TaskId};

#[derive(Debug, Args)]
pub(in crate::cli) struct Run {
    /// The swarm whose contract governs it
    swarm: SwarmId,
    /// What runs it, docker or podman [default: docker, where it is not installed podman]
    #[arg(long)]
    runtime: Option<ContainerRuntime>,
    /// How much memory it has, such as 256m [default, and at most: what the contract allows]
    #[arg(long, value_name = "AMOUNT")]
    memory_limit: Option<MemoryLimit>,
    /// Its share of a core, such as 0.25 [default, and at most: what the contract allows]
    #[arg(long, value_name = "SHARE")]
    cpu_limit: Option<CpuLimit>,
    /// What it runs in, an image that is on this host [default: that of the contract]
    #[arg(long)]
    image: Option<Image>,
    /// The task, for the record; one of somebody else that the swarm works on counts for its reputation
    #[arg(long, env = "IF_TASK_ID")]
    task_id: Option<TaskId>,
    /// The token of its claim: calls are paid from what was set aside for it, and the container ends with it
    #[arg(long, env = "IF_TASK_TOKEN", requires = "task_id")]
    token: Option<Token>,
    /// The handle of a credential, which narrows what the task may call outside; better in the environment, for
    /// everybody on this machine can read arguments [default: one of its own, with all that the contract allows]
    #[arg(long, env = "IF_CREDENTIAL", hide_env_values = true, value_name = "HANDLE")]
    // Not parsed here: what is wrong would be quoted.
    credential: Option<String>,
    /// What is run [default: what the contract says, or the image]
    #[arg(last = true)]
    command: Vec<String>,
}

pub(super) async fn run(arguments: Run, context: &Context) -> Result<Exit, Failure> {
    let credential = arguments.credential.as_deref().map(str::parse::<Handle>).transpose();
    let credential = credential.map_err(Failure::usage)?;
    let wish = ContainerWish {
        runtime: arguments.runtime,
        narrowing: Narrowing { memory: arguments.memory_limit, cpu: arguments.cpu_limit },
        image: arguments.image,
        command: ContainerCommand::try_from(arguments.command).map_err(Failure::usage)?,
    };
    let chassis = context.chassis().await?;
    let input = read_task("run")?;
    let swarm = arguments.swarm;
    let contained = chassis.prepare_container(&swarm, wish).await?;
    if arguments.runtime.is_none() {
        tell(&contained);
    }
    let known = chassis.job(&swarm, arguments.task_id).await?;
    let job = Job { token: arguments.token, credential, ..known };
    let name = swarm.clone();
    // A log that nobody reads any more is no reason to stop.
    let log = move |line: &str| drop(writeln!(io::stderr(), "{name}: {line}"));
    let stop = stop_signal()?;
    let Some(executed) = chassis.run_contained(&contained, &job, &input, log, stop).await? else {
        return Err(Failure::interrupted());
    };
    if let Some(error) = executed.unrecorded {
        tracing::warn!(%swarm, error = &error as &dyn std::error::Error, "the task is missing from the record");
    }
    let answer = executed.execution.outcome.map_err(|source| unanswered(swarm, source))?;
    let value: serde_json::Value = serde_json::from_str(&answer).map_err(Failure::internal)?;
    context.output.answer(&value, |_| answer)?;
    Ok(Exit::Done)
}

fn unanswered(swarm: SwarmId, source: GuestFailure) -> Failure {
    let is_unusable = matches!(source, GuestFailure::BadResult { .. });
    let failure = Failure::from(ChassisError::Guest { swarm, source });
    if is_unusable { failure.hint("a container answers with JSON on standard output") } else { failure }
}

/// Which of the two was chosen.
fn tell(contained: &Contained) {
    eprintln!("{} runs {}", contained.runtime(), contained.code().image);
}
