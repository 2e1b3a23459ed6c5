//! Diagnoses: whose fault it was that a task ended without an answer, and what to say of it.

use wasmtime::component::ResourceTableError;
use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::I32Exit;

use super::backtrace::place;
use super::error::{Stop, Violation};
use super::exception::uncaught;
use super::guest_log::LogFull;
use super::{SandboxError, TaskState};
use crate::chassis::failure::GuestFailure;
use crate::printable::{abridged, printable};

/// Whose fault it was: the guest's is a [`GuestFailure`], anything else the host's.
pub(super) fn diagnose(stop: Stop, state: &TaskState) -> Result<GuestFailure, SandboxError> {
    let memory = &state.memory;
    let out_of_memory = memory.was_refused().then(|| GuestFailure::OutOfMemory { limit: memory.limit() });
    let (error, in_call) = match stop {
        Stop::Broken(why) => return Ok(GuestFailure::BadResult { why }),
        // A language that tells its program that memory is out makes an error of it.
        Stop::Refused(message) => {
            let failed = || GuestFailure::Failed { message: abridged(&message) };
            return Ok(out_of_memory.unwrap_or_else(failed));
        }
        Stop::Failed(error) => (error, false),
        Stop::InCall(error) => (error, true),
    };
    if let Some(failure) = limit(&error, state) {
        return Ok(failure);
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::StackOverflow) => return Ok(GuestFailure::StackOverflow),
        // A guest whose allocator was refused memory gives up, or writes where it is not.
        None | Some(Trap::UnreachableCodeReached | Trap::MemoryOutOfBounds | Trap::TableOutOfBounds) => {
            if let Some(out_of_memory) = out_of_memory {
                return Ok(out_of_memory);
            }
        }
        Some(_) => {}
    }
    if let Some(Trap::UnreachableCodeReached) = error.downcast_ref::<Trap>()
        && let Some(what) = uncaught(&state.log.lock().last_words())
    {
        return Ok(GuestFailure::Trap { what });
    }
    match word(&error) {
        Some(word) => Ok(GuestFailure::Trap { what: word + &place(&error) }),
        None if in_call => Ok(GuestFailure::BadResult { why: printable(&error.root_cause().to_string()) }),
        None => Err(SandboxError::Host(error.into_boxed_dyn_error())),
    }
}

/// The limit of the host that was exceeded, if it was one.
fn limit(error: &wasmtime::Error, state: &TaskState) -> Option<GuestFailure> {
    if let Some(LogFull { limit }) = error.downcast_ref() {
        return Some(GuestFailure::LogFull { limit: *limit });
    }
    let hostcall = |what: String| Some(GuestFailure::Hostcall { what });
    if let Some(violation) = error.downcast_ref::<Violation>()
        && violation.is_limit()
    {
        return hostcall(violation.to_string());
    }
    let handles = || format!("more than {} handles at a time", state.limits.handles);
    if matches!(error.downcast_ref(), Some(ResourceTableError::Full)) {
        return hostcall(handles());
    }
    // These have no type that could be asked for.
    let cause = error.root_cause().to_string();
    if cause.contains("store handle limit exceeded") {
        hostcall(handles())
    } else if cause.contains("fuel allocated for hostcalls has been exhausted") {
        hostcall(format!("more than {} bytes in one call", state.limits.hostcall_bytes))
    } else {
        cause.strip_prefix("resource limit exceeded: ").and_then(|what| hostcall(printable(what)))
    }
}

/// What the guest did, if it is known to have done anything.
fn word(error: &wasmtime::Error) -> Option<String> {
    if let Some(violation) = error.downcast_ref::<Violation>() {
        return Some(violation.to_string());
    }
    if let Some(trap) = error.downcast_ref::<Trap>() {
        return Some(trap.to_string().trim_start_matches("wasm trap: ").to_owned());
    }
    if let Some(I32Exit(status)) = error.downcast_ref() {
        return Some(format!("it exited with status {status}"));
    }
    // Refused by a function of the host, for what it was given.
    error.downcast_ref::<WasmBacktrace>()?;
    Some(printable(&error.root_cause().to_string()))
}
