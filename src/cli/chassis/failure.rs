//! What the chassis refuses or cannot do, as an exit code and a hint.

use crate::chassis::{CacheError, ChassisError, ContainerError, GuestFailure, GuestKind, ModuleRefused};
use crate::cli::{Exit, Failure};
use crate::id::SwarmId;

impl From<ChassisError> for Failure {
    fn from(error: ChassisError) -> Self {
        let (exit, hint) = match &error {
            ChassisError::Store(_) | ChassisError::Governor(_) => return foreign_failure(error),
            ChassisError::NotLoaded { swarm } | ChassisError::ModuleElsewhere { swarm, .. } => {
                (Exit::NothingFound, Some(load_hint(swarm)))
            }
            ChassisError::NoContainer { swarm } => (
                Exit::Usage,
                Some(format!("ifctl chassis run {swarm} --image IMAGE -- COMMAND, or give the contract a container")),
            ),
            ChassisError::TooWide(_) => (Exit::Refused, None),
            ChassisError::Container(source) => container_failure(source),
            ChassisError::NotHeld { task } => {
                (Exit::StaleToken, Some(format!("ifctl coordinator show {task}")))
            }
            ChassisError::ContainerOnly { swarm } => {
                (Exit::NothingFound, Some(format!("ifctl chassis run {swarm}")))
            }
            ChassisError::Unreadable { .. } => {
                (Exit::Usage, Some("name readable files with --contract and --wasm".to_owned()))
            }
            ChassisError::Contract(_) => (Exit::Usage, Some(EXAMPLE.to_owned())),
            ChassisError::OtherSwarm { path, wasm, bound, .. } => {
                let wasm =
                    wasm.as_ref().map(|wasm| format!("--wasm {} ", wasm.display())).unwrap_or_default();
                (Exit::Usage, Some(format!("ifctl chassis load {bound} {wasm}--contract {}", path.display())))
            }
            ChassisError::NoModule { .. } => {
                (Exit::Usage, Some("name a module with --wasm or as wasm_module in the contract, or give the contract a container".to_owned()))
            }
            ChassisError::Refused { source, .. } => (Exit::Refused, refusal_hint(source)),
            ChassisError::Unstartable { source, .. } => (Exit::Refused, guest_failure(source).1),
            ChassisError::Weaker { .. } => {
                (Exit::Refused, Some("--replace does it all the same, and is recorded".to_owned()))
            }
            ChassisError::Damaged { .. } => {
                (Exit::Refused, Some("load it again: ifctl chassis load …".to_owned()))
            }
            ChassisError::Cache(source) => cache_failure(source),
            ChassisError::NotCredited(_) => (
                Exit::Refused,
                Some("ifctl chassis credentials SWARM --task-id TASK issues another".to_owned()),
            ),
            ChassisError::NoCredential { swarm, .. } => {
                (Exit::NothingFound, Some(format!("ifctl chassis credentials {swarm} --list")))
            }
            ChassisError::Disk { .. }
            | ChassisError::Uncounted { .. }
            | ChassisError::UnreadableLog { .. }
            | ChassisError::Sandbox(_) => (Exit::Internal, None),
            ChassisError::NoRoom { .. } => (
                Exit::Refused,
                Some(
                    "give more with --max-memory-mb, or load a contract with a smaller max_memory_mb"
                        .to_owned(),
                ),
            ),
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

const INTERFACE: &str = "examples/guests/echo.wat shows the interface of a module";
const EXAMPLE: &str = "every key with its default is in examples/contracts/session-4-sip.yaml";

fn load_hint(swarm: &SwarmId) -> String {
    format!("ifctl chassis load {swarm} --wasm FILE --contract FILE")
}

fn foreign_failure(error: ChassisError) -> Failure {
    match error {
        ChassisError::Store(error) => error.into(),
        ChassisError::Governor(error) => error.into(),
        other => Failure::internal(other),
    }
}

/// What is missing can be had, what is not held is refused.
fn container_failure(error: &ContainerError) -> (Exit, Option<String>) {
    match error {
        ContainerError::NoRuntime | ContainerError::NotInstalled(_) => (
            Exit::Unavailable,
            Some("install one of them, on Debian: sudo apt-get install docker.io".to_owned()),
        ),
        ContainerError::Failed { runtime, .. }
        | ContainerError::Silent { runtime, .. }
        | ContainerError::Io { runtime, .. } => (
            Exit::Unavailable,
            Some(format!("{runtime} info says whether it is at work; DOCKER_HOST, where")),
        ),
        ContainerError::NoImage { runtime, image } => (
            Exit::NothingFound,
            Some(format!("{runtime} pull {image}: nothing is fetched while a task waits")),
        ),
        ContainerError::Volumes { .. } => (
            Exit::Refused,
            Some("build the image without VOLUME; what a task writes goes to /tmp".to_owned()),
        ),
        ContainerError::Discarded { runtime, .. } => {
            (Exit::Refused, Some(format!("{runtime} info says which control groups it has")))
        }
        ContainerError::Place { .. } => {
            (Exit::Internal, Some("IF_HOME takes another directory, of a short name".to_owned()))
        }
    }
}

/// What others may have read or replaced is not to be trusted again; what is made anew is.
fn cache_failure(error: &CacheError) -> (Exit, Option<String>) {
    match error {
        CacheError::Open { path, is_key: false, .. } => {
            (Exit::Refused, Some(format!("chmod 700 {}", path.display())))
        }
        CacheError::Open { path, .. } | CacheError::Malformed { path } => {
            let hint = format!("rm {}: a new one is made, and modules are compiled again", path.display());
            (Exit::Refused, Some(hint))
        }
        CacheError::Foreign { .. } => {
            (Exit::Refused, Some("IF_HOME takes another directory, of your own".to_owned()))
        }
        CacheError::Io { .. } => (Exit::Internal, None),
    }
}

fn refusal_hint(refused: &ModuleRefused) -> Option<String> {
    let hint = match refused {
        ModuleRefused::Imports { kind: GuestKind::Core, .. } => {
            "build it without WASI, for wasm32-unknown-unknown"
        }
        ModuleRefused::Imports { kind: GuestKind::Component, .. } | ModuleRefused::Mismatch(_) => {
            "build it for the world `swarm` of src/chassis/wit/swarm.wit"
        }
        ModuleRefused::MachineCode => "load the module itself (.wasm or .wat)",
        ModuleRefused::Missing { .. }
        | ModuleRefused::ExportType { .. }
        | ModuleRefused::ImportType { .. } => INTERFACE,
        ModuleRefused::TooLarge
        | ModuleRefused::NoMachineCode
        | ModuleRefused::Tables { .. }
        | ModuleRefused::TooHeavy
        | ModuleRefused::TextTooLarge
        | ModuleRefused::Unreadable
        | ModuleRefused::Uncompilable
        | ModuleRefused::NotOffered(_)
        | ModuleRefused::Invalid(_) => return None,
    };
    Some(hint.to_owned())
}

/// A limit is a refusal; what the guest does wrong by itself is failed work.
fn guest_failure(failure: &GuestFailure) -> (Exit, Option<String>) {
    let exit = if failure.is_limit() { Exit::Refused } else { Exit::WorkFailed };
    let hint = match failure {
        GuestFailure::OutOfMemory { .. } => "its contract can allow it more: max_memory_mb",
        GuestFailure::TimedOut { .. } => {
            "its contract can allow it more: max_execution_time_seconds, max_cpu_percent"
        }
        GuestFailure::BadResult { .. } => INTERFACE,
        GuestFailure::CutShort { .. } => "its contract allows more: give the task more time",
        GuestFailure::Trap { .. }
        | GuestFailure::StackOverflow
        | GuestFailure::Failed { .. }
        | GuestFailure::LogFull { .. }
        | GuestFailure::Hostcall { .. } => return (exit, None),
    };
    (exit, Some(hint.to_owned()))
}
