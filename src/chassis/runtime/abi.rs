//! The interface between host and core modules: JSON in and out through the guest's memory.
//!
//! `alloc(length) -> pointer` gives room for the task, `execute_task(pointer, length) -> i64` the answer: its pointer
//! in the high 32 bits, its length in the low ones. `env.log(pointer, length)` logs a line.

#[cfg(any(test, fuzzing))]
pub mod fuzzing;

use wasmtime::{Caller, Linker, Memory, Store};

use super::error::Stop;
use super::{GuestModule, SandboxError, TaskState};
use crate::chassis::input::check_json;

pub(super) const MEMORY: &str = "memory";
pub(super) const ALLOC: &str = "alloc";
pub(super) const EXECUTE: &str = "execute_task";
/// The one function that is offered, and its module.
pub(super) const LOG: (&str, &str) = ("env", "log");

/// What a guest did wrong in a call of the host: ends it as a trap does.
#[derive(Debug, thiserror::Error)]
pub(super) enum Violation {
    #[error("env.log of {length} bytes at {pointer}, outside its memory")]
    LogOutside { pointer: u32, length: u32 },
}

/// Offers guests all that they may import.
pub(super) fn offer(linker: &mut Linker<TaskState>) -> Result<(), SandboxError> {
    linker
        .func_wrap(LOG.0, LOG.1, log)
        .map(drop)
        .map_err(|error| SandboxError::Engine(error.into_boxed_dyn_error()))
}

fn log(mut caller: Caller<'_, TaskState>, pointer: u32, length: u32) -> wasmtime::Result<()> {
    let memory = caller.get_export(MEMORY).and_then(wasmtime::Extern::into_memory);
    let (data, state) = match &memory {
        Some(memory) => memory.data_and_store_mut(&mut caller),
        None => return Err(Violation::LogOutside { pointer, length }.into()),
    };
    match slice(data, pointer, length) {
        Some(line) => state.log.line(line),
        None => return Err(Violation::LogOutside { pointer, length }.into()),
    }
    Ok(())
}

/// Starts an instance, gives it the task and takes its answer.
pub(super) async fn run(
    module: &GuestModule,
    store: &mut Store<TaskState>,
    task: &[u8],
    result_limit: usize,
) -> Result<String, Stop> {
    let instance = module.instantiate(store).await?;
    let alloc = instance.get_typed_func::<u32, u32>(&mut *store, ALLOC)?;
    let execute = instance.get_typed_func::<(u32, u32), u64>(&mut *store, EXECUTE)?;
    let memory = instance.get_memory(&mut *store, MEMORY).ok_or_else(|| broken("it has no memory"))?;

    let length = u32::try_from(task.len()).map_err(|_| broken("the task is too long"))?;
    let pointer = alloc.call_async(&mut *store, length).await?;
    slice_mut(memory.data_mut(&mut *store), pointer, length)
        .ok_or_else(|| broken(format!("alloc({length}) gave {pointer}, outside its memory")))?
        .copy_from_slice(task);
    let answer = execute.call_async(&mut *store, (pointer, length)).await?;
    read_answer(store, memory, answer, result_limit)
}

fn read_answer(store: &Store<TaskState>, memory: Memory, answer: u64, limit: usize) -> Result<String, Stop> {
    let (pointer, length) = unpack(answer);
    if usize::try_from(length).is_ok_and(|length| length > limit) {
        return Err(broken(format!("{length} bytes, {limit} are allowed")));
    }
    let bytes = slice(memory.data(store), pointer, length)
        .ok_or_else(|| broken(format!("{length} bytes at {pointer}, outside its memory")))?;
    let text = std::str::from_utf8(bytes).map_err(|_| broken("it is not UTF-8"))?;
    check_json(bytes).map_err(|error| broken(format!("it is no JSON: {error}")))?;
    Ok(text.to_owned())
}

fn broken(why: impl Into<String>) -> Stop {
    Stop::Broken(why.into())
}

fn unpack(answer: u64) -> (u32, u32) {
    let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap_or(u32::MAX);
    (half(answer >> 32), half(answer))
}

/// The part of `memory` that a guest names; `None` when any of it lies outside. Cannot overflow.
fn slice(memory: &[u8], pointer: u32, length: u32) -> Option<&[u8]> {
    memory.get(usize::try_from(pointer).ok()?..)?.get(..usize::try_from(length).ok()?)
}

fn slice_mut(memory: &mut [u8], pointer: u32, length: u32) -> Option<&mut [u8]> {
    memory.get_mut(usize::try_from(pointer).ok()?..)?.get_mut(..usize::try_from(length).ok()?)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_answer_is_pointer_and_length() {
        assert_eq!(unpack(0x0000_0400_0000_0011), (1024, 17));
        assert_eq!(unpack(u64::MAX), (u32::MAX, u32::MAX));
    }

    proptest! {
        #[test]
        fn whatever_a_guest_names_is_inside_or_refused(size in 0_usize..512, pointer: u32, length: u32) {
            let memory = vec![7; size];
            for (pointer, length) in [(pointer, length), (pointer % 600, length % 600)] {
                let inside = u64::from(pointer) + u64::from(length) <= size as u64;
                prop_assert_eq!(slice(&memory, pointer, length).is_some(), inside);
            }
        }
    }
}
