//! `ifctl chassis …`: arguments and one short function per verb.

use std::io::{self, Read, Write};
use std::path::PathBuf;

use clap::Subcommand;

use super::view::chassis as view;
use super::{Context, Exit, Failure};
use crate::chassis::{Chassis, ChassisError, GuestFailure, MAX_INPUT_BYTES, ModuleRefused, TaskInput};
use crate::id::{SwarmId, TaskId};

/// What the chassis can be asked.
#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Put a swarm's code under a contract
    Load {
        /// The swarm, the same as in the contract
        swarm: SwarmId,
        /// The code: a WebAssembly module, binary or text [default: that of the contract]
        #[arg(long, value_name = "FILE")]
        wasm: Option<PathBuf>,
        /// The contract, in YAML
        #[arg(long, value_name = "FILE")]
        contract: PathBuf,
    },
    /// Run one task in the sandbox: JSON from standard input, the answer to standard output
    Exec {
        /// The swarm whose code runs
        swarm: SwarmId,
        /// The name of the task, for the record
        #[arg(long, env = "IF_TASK_ID")]
        task_id: Option<TaskId>,
    },
    /// Show how a swarm's tasks went, held against the promises of its contract
    Performance {
        /// The swarm
        swarm: SwarmId,
    },
}

pub(super) async fn run(verb: Verb, context: &Context) -> Result<Exit, Failure> {
    let store = context.store().await?;
    let chassis = Chassis::new(store, &context.home, context.clock.clone(), context.person())?;
    match verb {
        Verb::Load { swarm, wasm, contract } => {
            let loaded = chassis.load(&swarm, wasm.as_deref(), &contract).await?;
            context.output.answer(&loaded, view::loaded)?;
        }
        Verb::Exec { swarm, task_id } => exec(&chassis, swarm, task_id, context).await?,
        Verb::Performance { swarm } => {
            let report = chassis.performance(&swarm).await?;
            context.output.answer(&report, view::performance)?;
        }
    }
    Ok(Exit::Done)
}

async fn exec(
    chassis: &Chassis,
    swarm: SwarmId,
    task: Option<TaskId>,
    context: &Context,
) -> Result<(), Failure> {
    let input = read_task()?;
    let name = swarm.clone();
    // A log that nobody reads any more is no reason to stop.
    let log = move |line: &str| drop(writeln!(io::stderr(), "{name}: {line}"));
    let executed = chassis.exec(&swarm, task, &input, log).await?;
    if let Some(error) = executed.unrecorded {
        tracing::warn!(%swarm, error = &error as &dyn std::error::Error, "the task is missing from the record");
    }
    let answer = executed.execution.outcome.map_err(|source| ChassisError::Guest { swarm, source })?;
    let value: serde_json::Value = serde_json::from_str(&answer).map_err(Failure::internal)?;
    context.output.answer(&value, |_| answer)
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

impl From<ChassisError> for Failure {
    fn from(error: ChassisError) -> Self {
        let (exit, hint) = match &error {
            ChassisError::Store(_) => return store_failure(error),
            ChassisError::NotLoaded { swarm } | ChassisError::ModuleElsewhere { swarm, .. } => {
                (Exit::NothingFound, Some(load_hint(swarm)))
            }
            ChassisError::Unreadable { .. } => {
                (Exit::Usage, Some("name readable files with --contract and --wasm".to_owned()))
            }
            ChassisError::Contract(_) => (Exit::Usage, Some(EXAMPLE.to_owned())),
            ChassisError::OtherSwarm { path, bound, .. } => {
                (Exit::Usage, Some(format!("ifctl chassis load {bound} --contract {}", path.display())))
            }
            ChassisError::NoModule { .. } => {
                (Exit::Usage, Some("name it with --wasm, or as wasm_module in the contract".to_owned()))
            }
            ChassisError::Refused { source, .. } => (Exit::Refused, refusal_hint(source)),
            ChassisError::Damaged { .. } => {
                (Exit::Refused, Some("load it again: ifctl chassis load …".to_owned()))
            }
            ChassisError::Disk { .. } | ChassisError::Sandbox(_) => (Exit::Internal, None),
            ChassisError::Guest { source, .. } => guest_failure(source),
            ChassisError::Contended { .. } => (Exit::Unavailable, Some("try again".to_owned())),
        };
        let failure = Self::new(exit, error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

const EXAMPLE: &str = "every key with its default is in examples/contracts/session-4-sip.yaml";

fn load_hint(swarm: &SwarmId) -> String {
    format!("ifctl chassis load {swarm} --wasm FILE --contract FILE")
}

fn store_failure(error: ChassisError) -> Failure {
    match error {
        ChassisError::Store(error) => error.into(),
        other => Failure::internal(other),
    }
}

fn refusal_hint(refused: &ModuleRefused) -> Option<String> {
    let hint = match refused {
        ModuleRefused::Imports(_) => "build it without WASI, for wasm32-unknown-unknown",
        ModuleRefused::Component | ModuleRefused::MachineCode => "build it as a core module (.wasm or .wat)",
        ModuleRefused::Missing { .. }
        | ModuleRefused::ExportType { .. }
        | ModuleRefused::ImportType { .. } => "examples/guests/echo.wat shows the interface of a module",
        ModuleRefused::TooLarge | ModuleRefused::Tables { .. } | ModuleRefused::Invalid(_) => return None,
    };
    Some(hint.to_owned())
}

/// A limit of the contract is a refusal; what the guest does wrong by itself is failed work.
fn guest_failure(failure: &GuestFailure) -> (Exit, Option<String>) {
    let hint = match failure {
        GuestFailure::OutOfMemory { .. } => "its contract can allow it more: max_memory_mb",
        GuestFailure::TimedOut { .. } => {
            "its contract can allow it more: max_execution_time_seconds, max_cpu_percent"
        }
        GuestFailure::BadResult { .. } => "examples/guests/echo.wat shows the interface of a module",
        GuestFailure::Trap { .. } | GuestFailure::StackOverflow => return (Exit::WorkFailed, None),
    };
    let exit = if failure.is_limit() { Exit::Refused } else { Exit::WorkFailed };
    (exit, Some(hint.to_owned()))
}
