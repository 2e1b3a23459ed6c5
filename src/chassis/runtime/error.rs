//! Why a module is not accepted, and why the sandbox itself fails.

use super::MAX_MODULE_BYTES;

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
    Invalid(#[source] Cause),
    /// It imports what is not offered.
    #[error("the module imports {}; only env.log is offered", .0.join(", "))]
    Imports(Vec<String>),
    /// It imports something offered under another type.
    #[error("the module imports env.log as {found}; it is (i32, i32) -> ()")]
    ImportType {
        /// The type it asks for.
        found: String,
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
