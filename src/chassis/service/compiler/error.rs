//! Why a file does not become a guest.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::chassis::compilation::{Complaint, Tool, endings};
use crate::chassis::service::toolbox::{Said, ToolboxError};
use crate::chassis::{ModuleRefused, SandboxError};

/// How much of what a tool says is told, in lines.
const LINES: usize = 20;

/// Why a file does not become a guest.
#[derive(Debug, thiserror::Error)]
pub enum CompileError {
    /// Nobody knows what it is written in.
    #[error("{} is in no language that can be compiled, which are known by {}", path.display(), endings())]
    Unknown {
        /// The file.
        path: PathBuf,
    },
    /// The file is unreadable.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is too large.
    #[error("{} is larger than {} MiB", path.display(), limit >> 20)]
    TooLarge {
        /// The file.
        path: PathBuf,
        /// What is read, in bytes.
        limit: usize,
    },
    /// The output would replace the file.
    #[error("{} is the file that is to be compiled", path.display())]
    Overwriting {
        /// The file.
        path: PathBuf,
    },
    /// There is no tool.
    #[error(transparent)]
    Toolbox(#[from] ToolboxError),
    /// The tool has nowhere to work.
    #[error("cannot make a directory to compile in")]
    NoRoom(#[source] io::Error),
    /// The tool could not be run.
    #[error("cannot run {tool}")]
    NotRun {
        /// The tool.
        tool: Tool,
        /// What the system said.
        source: io::Error,
    },
    /// The kernel does not confine the tool.
    #[error(
        "the tool would run what is in the file, and cannot be confined: the kernel does not {step}: {cause}"
    )]
    Unconfined {
        /// What it did not do.
        step: String,
        /// What it said.
        cause: String,
    },
    /// Something is wrong with the file.
    #[error("{}", located(name, complaint))]
    Source {
        /// Its name.
        name: String,
        /// What is wrong, and where.
        complaint: Complaint,
    },
    /// The tool did not come to an end.
    #[error("{name} is not compiled after {} s", limit.as_secs())]
    TimedOut {
        /// The name of the file.
        name: String,
        /// How long it was given.
        limit: Duration,
    },
    /// The tool failed, and does not say where in the file.
    #[error("{tool} made nothing of {name}")]
    Failed {
        /// The tool.
        tool: Tool,
        /// The name of the file.
        name: String,
        /// What it said.
        source: Said,
    },
    /// What the tool made is not accepted.
    #[error("what was made of {name} is refused")]
    Refused {
        /// The name of the file.
        name: String,
        /// Why.
        source: ModuleRefused,
    },
    /// The guest cannot be put where it should be.
    #[error("cannot write {}", path.display())]
    Unwritable {
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The sandbox itself failed.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
}

/// As compilers say it, so that editors find the place.
fn located(name: &str, complaint: &Complaint) -> String {
    match complaint.line {
        Some(line) => format!("{name}:{line}: {}", complaint.message),
        None => format!("{name}: {}", complaint.message),
    }
}

/// The beginning of what a tool said.
pub(super) fn said(text: &str) -> Said {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).take(LINES).collect();
    Said(if lines.is_empty() { "it does not say why".to_owned() } else { lines.join("\n") })
}
