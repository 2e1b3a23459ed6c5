//! Tasks as they are submitted and looked at.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;

use super::bulk;
use super::conditions::Conditions;
use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::State;
use crate::coordinator::backlog::NewTask;
use crate::coordinator::service::Authority;
use crate::id::{Capability, SwarmId, TaskId};
use crate::money::Money;

#[derive(Debug, Args)]
pub(in crate::cli) struct Named {
    /// The task
    pub(super) task: TaskId,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct List {
    /// Only tasks in this state, such as submitted, working, input-required or completed
    #[arg(long, value_parser = parse_state)]
    state: Option<State>,
    /// Only tasks of this swarm
    #[arg(long)]
    owner: Option<SwarmId>,
}

fn parse_state(text: &str) -> Result<State, String> {
    serde_json::from_value(text.into()).map_err(|_| {
        "known states: submitted, working, input-required, auth-required, completed, failed, canceled, rejected"
            .to_owned()
    })
}

/// What a file of tasks looks like: the example is one.
const FORM: &str = "\
A file of tasks is YAML as below, a list of tasks without `tasks:`, the same in JSON, or one task
as JSON a line:

tasks:
- {id: compile, title: Build it, required_capabilities: [code:rust], priority: 7, payload: all}
- {id: verify, depends_on: [compile], on_dependency_failure: cancel, deadline: 2h}

Besides: not_before, stall_after, estimated_hours, max_cost, max_attempts, directed_to,
idempotency_key. Submitting the same file again submits what is missing.";

#[derive(Debug, Args)]
#[command(after_help = FORM)]
pub(in crate::cli) struct Submit {
    /// The task's name
    #[arg(required_unless_present = "file")]
    task: Option<TaskId>,
    /// A file of tasks, YAML or JSON; - for standard input
    #[arg(long, conflicts_with_all = ["task", "title", "capabilities", "priority", "depends_on", "estimated_hours", "max_cost",
        "max_attempts", "direct_to", "payload", "payload_file", "idempotency_key"])]
    file: Option<PathBuf>,
    /// What it is, in a line
    #[arg(long, default_value = "")]
    title: String,
    /// What a swarm must be able to do, domain:skill[,domain:skill]
    #[arg(long, value_delimiter = ',')]
    capabilities: Vec<Capability>,
    /// 0 to 9; 9 goes first
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u8).range(0..=9))]
    priority: u8,
    /// Tasks that must be completed before
    #[arg(long, value_delimiter = ',')]
    depends_on: Vec<TaskId>,
    #[command(flatten)]
    conditions: Conditions,
    /// How long it should take, in hours
    #[arg(long, default_value_t = 1.0)]
    estimated_hours: f64,
    /// The most one attempt may cost, in dollars
    #[arg(long, allow_negative_numbers = true)]
    max_cost: Option<Money>,
    /// How many attempts there may be [default: what the policy says]
    #[arg(long)]
    max_attempts: Option<u32>,
    /// Only this swarm may work on it
    #[arg(long)]
    direct_to: Option<SwarmId>,
    /// What the worker gets, as text
    #[arg(long, conflicts_with = "payload_file")]
    payload: Option<String>,
    /// What the worker gets, from a file; - for standard input
    #[arg(long)]
    payload_file: Option<PathBuf>,
    /// Submitting again with the same key changes nothing
    #[arg(long)]
    idempotency_key: Option<String>,
    /// In whose name [default: the swarm of this worker, else you]
    #[arg(long, env = "IF_SWARM")]
    by: Option<SwarmId>,
}

pub(super) async fn submit(arguments: Submit, context: &Context) -> Result<Exit, Failure> {
    let by = arguments.by.as_ref().map_or_else(|| context.person(), ToString::to_string);
    let authority = Authority::of(by);
    if let Some(file) = &arguments.file {
        return bulk::submit(file, &authority, context).await;
    }
    let Some(task) = described(arguments)? else { return Ok(Exit::Usage) };
    let submitted = context.coordinator().await?.submit(&task, &authority).await?;
    context.output.answer(&submitted, view::tasks::submitted)?;
    Ok(Exit::Done)
}

/// The task that the arguments describe; nothing when they name none, which the parser does not let through.
fn described(arguments: Submit) -> Result<Option<NewTask>, Failure> {
    let payload = match arguments.payload_file {
        Some(file) => Some(read(&file)?),
        None => arguments.payload,
    };
    let Some(id) = arguments.task else { return Ok(None) };
    Ok(Some(NewTask {
        title: arguments.title,
        required_capabilities: arguments.capabilities,
        priority: arguments.priority,
        depends_on: arguments.depends_on.into_iter().collect(),
        estimated_hours: arguments.estimated_hours,
        max_cost: arguments.max_cost,
        max_attempts: arguments.max_attempts,
        payload,
        directed_to: arguments.direct_to,
        idempotency_key: arguments.idempotency_key,
        ..arguments.conditions.task(id)
    }))
}

/// Reads a file, or standard input for `-`.
pub(super) fn read(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let done = if file == Path::new("-") {
        std::io::stdin().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(file).map(|content| text = content)
    };
    done.map_err(|error| Failure::usage(error).context(format!("cannot read {}", file.display())))?;
    Ok(text)
}

pub(super) async fn list(arguments: List, context: &Context) -> Result<Exit, Failure> {
    let mut tasks = context.coordinator().await?.tasks().await?;
    tasks.retain(|task| {
        arguments.state.is_none_or(|state| task.state == state)
            && arguments.owner.as_ref().is_none_or(|owner| task.owner.as_ref() == Some(owner))
    });
    context.output.answer(&tasks, |tasks| view::tasks::list(tasks))?;
    Ok(Exit::Done)
}

pub(super) async fn show(arguments: Named, context: &Context) -> Result<Exit, Failure> {
    let detail = context.coordinator().await?.show(&arguments.task).await?;
    context.output.answer(&detail, view::tasks::detail)?;
    Ok(Exit::Done)
}

pub(super) async fn swarms(context: &Context) -> Result<Exit, Failure> {
    let swarms = context.coordinator().await?.swarms().await?;
    context.output.answer(&swarms, |swarms| view::coordinator::swarms(swarms))?;
    Ok(Exit::Done)
}
