//! Why a module is not accepted, and why the sandbox itself fails.

use super::MAX_MODULE_BYTES;
use super::meter::MAX_TABLES;
use crate::printable::printable;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a module is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ModuleRefused {
    /// Too long to be compiled.
    #[error("the module is longer than {} MiB", MAX_MODULE_BYTES >> 20)]
    TooLarge,
    /// A component rather than a core module.
    #[error("the file is a WebAssembly component; only core modules can be loaded yet")]
    Component,
    /// Machine code that somebody else compiled.
    #[error("the file is compiled machine code; only WebAssembly is accepted, it is compiled here")]
    MachineCode,
    /// Neither binary nor text of WebAssembly, or not valid, or using what is switched off.
    #[error("the file is no valid WebAssembly module")]
    Invalid(#[source] InvalidModule),
    /// It imports what is not offered.
    #[error("the module imports {}; only env.log is offered", some(.0))]
    Imports(Vec<String>),
    /// It imports something offered under another type.
    #[error("the module imports env.log as {found}; it is (i32, i32) -> ()")]
    ImportType {
        /// The type it asks for.
        found: String,
    },
    /// It has more tables than a task may have.
    #[error("the module has {found} tables, {MAX_TABLES} are allowed")]
    Tables {
        /// How many it has.
        found: u32,
    },
    /// It does not export what is called.
    #[error("the module does not export {name}, {expected}")]
    Missing {
        /// The export.
        name: &'static str,
        /// Its type.
        expected: &'static str,
    },
    /// It exports something else under the name of what is called.
    #[error("the module exports {name} as {found}; it must be {expected}")]
    ExportType {
        /// The export.
        name: &'static str,
        /// Its type.
        expected: &'static str,
        /// The type it has.
        found: String,
    },
}

/// What the compiler says of a module that is none.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InvalidModule(String);

impl ModuleRefused {
    /// The message may quote the module: it is made safe to show, line by line.
    pub(super) fn invalid(error: &wasmtime::Error) -> Self {
        let message = format!("{error:#}");
        Self::Invalid(InvalidModule(message.lines().map(printable).collect::<Vec<_>>().join("\n")))
    }
}

/// The first few of many names.
fn some(names: &[String]) -> String {
    const MANY: usize = 8;
    let more = names.len().saturating_sub(MANY);
    let listed = names[..names.len() - more].join(", ");
    if more == 0 { listed } else { format!("{listed} and {more} more") }
}

/// Why the sandbox itself fails, through no fault of a guest.
#[derive(Debug, thiserror::Error)]
pub enum SandboxError {
    /// The engine cannot be set up.
    #[error("the sandbox cannot be set up on this machine")]
    Engine(#[source] Cause),
    /// A guest could not be started for want of something of the host's.
    #[error("the host could not run the guest")]
    Host(#[source] Cause),
}

/// Why a task stopped before its answer.
#[derive(Debug)]
pub(super) enum Stop {
    /// The guest broke the interface.
    Broken(String),
    /// It trapped, or could not be started.
    Failed(wasmtime::Error),
}

impl From<wasmtime::Error> for Stop {
    fn from(error: wasmtime::Error) -> Self {
        Self::Failed(error)
    }
}
