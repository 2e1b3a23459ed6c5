//! Cells: processes of their own in which a tool works on somebody's file, and of this host sees what its order names.
//!
//! The process gives up its user, mounts, network, processes and everything else that Linux keeps apart, puts together the
//! little that the tool may read, and runs the tool as nobody, without rights and under limits. It stays outside of the
//! tool's process namespace, takes the one output, and ends with it: there is nothing on the host that the tool can write.

#[cfg(target_os = "linux")]
mod namespaces;

use std::process::ExitCode;

/// The only argument of the process that becomes a cell.
pub(in crate::chassis) const ARGUMENT: &str = "--cell-of-a-tool";

/// Becomes a cell, if the arguments of this process say so. Must be called before there is a second thread.
#[must_use]
pub fn become_cell(mut arguments: impl Iterator<Item = std::ffi::OsString>) -> Option<ExitCode> {
    let is_cell = arguments.nth(1).is_some_and(|argument| argument == ARGUMENT);
    is_cell.then(serve)
}

#[cfg(target_os = "linux")]
fn serve() -> ExitCode {
    // Nobody who waits for the cell is there any more when it cannot answer.
    if namespaces::serve().is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

#[cfg(not(target_os = "linux"))]
fn serve() -> ExitCode {
    ExitCode::FAILURE
}
