//! Why a module is not accepted, why a task stops, and why the sandbox itself fails.

use super::MAX_MODULE_BYTES;
use super::meter::MAX_TABLES;
use crate::chassis::inspection::GuestKind;
use crate::chassis::limits::Limits;
use crate::printable::printable;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a module is not accepted.
#[derive(Debug, thiserror::Error)]
pub enum ModuleRefused {
    /// Too long to be compiled.
    #[error("the module is longer than {} MiB", MAX_MODULE_BYTES >> 20)]
    TooLarge,
    /// Machine code that somebody else compiled.
    #[error("the file is compiled machine code; only WebAssembly is accepted, it is compiled here")]
    MachineCode,
    /// What was to be machine code of this sandbox is none.
    #[error("the file is no machine code")]
    NoMachineCode,
    /// Neither binary nor text of WebAssembly, or not valid, or using what is switched off.
    #[error("the file is no valid WebAssembly module")]
    Invalid(#[source] InvalidModule),
    /// The compiler itself fails on it.
    #[error("the compiler cannot compile the module")]
    Uncompilable,
    /// A component whose imports have the right names and other types.
    #[error("the component does not fit the interface")]
    Mismatch(#[source] InvalidModule),
    /// What components may import could not be made ready, through no fault of theirs.
    #[error("the sandbox cannot offer what components may import")]
    NotOffered(#[source] InvalidModule),
    /// A component whose instances would take too much of the host.
    #[error("the component is too heavy: its instances have too many functions and globals together")]
    TooHeavy,
    /// A component as text that is too long to be weighed by its length.
    #[error("the component is text of more than 128 KiB; give it as a binary")]
    TextTooLarge,
    /// A component that cannot be weighed.
    #[error("the component cannot be read")]
    Unreadable,
    /// It imports what is not offered.
    #[error("the module imports {}; only {} are offered", some(names), offer(*kind))]
    Imports {
        /// What it imports.
        names: Vec<String>,
        /// What it is.
        kind: GuestKind,
    },
    /// It imports something offered under another type.
    #[error("the module imports {name} as {found}; it is {expected}")]
    ImportType {
        /// What it imports.
        name: String,
        /// Its type.
        expected: &'static str,
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

impl InvalidModule {
    /// The message may quote the module: it is made safe to show, line by line.
    pub(super) fn new(error: &wasmtime::Error) -> Self {
        let message = format!("{error:#}");
        Self(message.lines().map(printable).collect::<Vec<_>>().join("\n"))
    }
}

impl ModuleRefused {
    pub(super) fn invalid(error: &wasmtime::Error) -> Self {
        Self::Invalid(InvalidModule::new(error))
    }

    pub(super) fn mismatch(error: &wasmtime::Error) -> Self {
        Self::Mismatch(InvalidModule::new(error))
    }
}

/// The first few of many names.
fn some(names: &[String]) -> String {
    const MANY: usize = 8;
    let more = names.len().saturating_sub(MANY);
    let listed = names[..names.len() - more].join(", ");
    if more == 0 { listed } else { format!("{listed} and {more} more") }
}

fn offer(kind: GuestKind) -> &'static str {
    match kind {
        GuestKind::Core => "env.log and env.http_request",
        GuestKind::Component => "log, http-request and WASI 0.2 without HTTP",
    }
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
    /// The guest says why it gives no answer.
    Refused(String),
    /// It trapped, or could not be started.
    Failed(wasmtime::Error),
    /// As [`Stop::Failed`], once it had been started: whatever went wrong, the guest had a hand in it.
    InCall(wasmtime::Error),
}

impl Stop {
    pub(super) fn in_call(error: wasmtime::Error) -> Self {
        Self::InCall(error)
    }
}

impl From<wasmtime::Error> for Stop {
    fn from(error: wasmtime::Error) -> Self {
        Self::Failed(error)
    }
}

/// What a guest did wrong in a call of the host: ends it as a trap does.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Violation {
    #[error("{function} of {length} bytes at {pointer}, outside its memory")]
    Outside { function: &'static str, pointer: u32, length: u32 },
    #[error("env.http_request of what is not UTF-8")]
    NotText,
    #[error("alloc({length}) gave {pointer}, outside its memory")]
    RoomOutside { pointer: u32, length: u32 },
    #[error("there is no room for the response")]
    NoRoom,
    #[error("env.http_request from within alloc")]
    Reentered,
    #[error("a request of {length} bytes, {limit} are allowed")]
    RequestTooLong { length: usize, limit: usize },
}

impl Violation {
    pub(super) fn request_too_long(length: usize, limits: &Limits) -> Self {
        Self::RequestTooLong { length, limit: limits.request_bytes }
    }

    /// Whether a limit was exceeded, rather than the interface broken.
    pub(super) fn is_limit(&self) -> bool {
        match self {
            Self::RequestTooLong { .. } => true,
            Self::Outside { .. }
            | Self::NotText
            | Self::RoomOutside { .. }
            | Self::NoRoom
            | Self::Reentered => false,
        }
    }
}
