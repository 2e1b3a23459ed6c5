//! The interface between host and core modules: JSON in and out through the guest's memory.
//!
//! `alloc(length) -> pointer` gives room for the task, `execute_task(pointer, length) -> i64` the answer: its pointer
//! in the high 32 bits, its length in the low ones. `env.log(pointer, length)` logs a line.
//! `env.http_request(pointer, length) -> i64` calls an outside service; the response lies in room that `alloc` gave.

#[cfg(any(test, fuzzing))]
pub(super) mod fuzzing;

use std::future::Future;

use serde_json::json;
use wasmtime::{Caller, Extern, InstancePre, Linker, Memory, Store};

use super::answer::{accept, broken, check_length};
use super::error::{Stop, Violation};
use super::{TaskState, call};

pub(super) const MEMORY: &str = "memory";
pub(super) const ALLOC: &str = "alloc";
pub(super) const EXECUTE: &str = "execute_task";
/// The functions that are offered, each with its module.
pub(super) const LOG: (&str, &str) = ("env", "log");
pub(super) const HTTP_REQUEST: (&str, &str) = ("env", "http_request");

/// Offers guests all that they may import.
pub(super) fn offer(linker: &mut Linker<TaskState>) -> wasmtime::Result<()> {
    linker.func_wrap(LOG.0, LOG.1, log)?;
    linker.func_wrap_async(HTTP_REQUEST.0, HTTP_REQUEST.1, http_request)?;
    Ok(())
}

fn log(mut caller: Caller<'_, TaskState>, pointer: u32, length: u32) -> wasmtime::Result<()> {
    let outside = Violation::Outside { function: "env.log", pointer, length };
    let Some(memory) = memory_of(&mut caller) else { return Err(outside.into()) };
    let (data, state) = memory.data_and_store_mut(&mut caller);
    let line = slice(data, pointer, length).ok_or(outside)?;
    Ok(state.log.lock().line(line)?)
}

fn http_request(
    caller: Caller<'_, TaskState>,
    (pointer, length): (u32, u32),
) -> Box<dyn Future<Output = wasmtime::Result<u64>> + Send + '_> {
    Box::new(async move {
        let mut caller = caller;
        let call = caller.data_mut().begin_call()?;
        let request = read_request(&mut caller, pointer, length)?;
        let response = match call::carry(&call, &request).await {
            Ok(response) => response,
            Err(refused) => json!({"error": refused.to_string()}).to_string(),
        };
        let packed = give(&mut caller, response.as_bytes()).await?;
        caller.data_mut().end_call();
        Ok(packed)
    })
}

fn read_request(caller: &mut Caller<'_, TaskState>, pointer: u32, length: u32) -> Result<String, Violation> {
    let outside = Violation::Outside { function: "env.http_request", pointer, length };
    let Some(memory) = memory_of(caller) else { return Err(outside) };
    let (data, state) = memory.data_and_store_mut(caller);
    let bytes = slice(data, pointer, length).ok_or(outside)?;
    if bytes.len() > state.limits.request_bytes {
        return Err(Violation::request_too_long(bytes.len(), &state.limits));
    }
    std::str::from_utf8(bytes).map(str::to_owned).map_err(|_| Violation::NotText)
}

/// Writes `bytes` into room that the guest gives, and says where, packed.
async fn give(caller: &mut Caller<'_, TaskState>, bytes: &[u8]) -> wasmtime::Result<u64> {
    let length = u32::try_from(bytes.len())?;
    let alloc = caller.get_export(ALLOC).and_then(Extern::into_func).ok_or(Violation::NoRoom)?;
    let pointer = alloc.typed::<u32, u32>(&*caller)?.call_async(&mut *caller, length).await?;
    let memory = memory_of(caller).ok_or(Violation::NoRoom)?;
    slice_mut(memory.data_mut(&mut *caller), pointer, length)
        .ok_or(Violation::RoomOutside { pointer, length })?
        .copy_from_slice(bytes);
    Ok(pack(pointer, length))
}

fn memory_of(caller: &mut Caller<'_, TaskState>) -> Option<Memory> {
    caller.get_export(MEMORY).and_then(Extern::into_memory)
}

/// Starts an instance, gives it the task and takes its answer.
pub(super) async fn run(
    module: &InstancePre<TaskState>,
    store: &mut Store<TaskState>,
    task: &[u8],
    answer_limit: usize,
) -> Result<String, Stop> {
    let instance = module.instantiate_async(&mut *store).await?;
    let alloc = instance.get_typed_func::<u32, u32>(&mut *store, ALLOC)?;
    let execute = instance.get_typed_func::<(u32, u32), u64>(&mut *store, EXECUTE)?;
    let memory = instance.get_memory(&mut *store, MEMORY).ok_or_else(|| broken("it has no memory"))?;

    let length = u32::try_from(task.len()).map_err(|_| broken("the task is too long"))?;
    let pointer = alloc.call_async(&mut *store, length).await?;
    slice_mut(memory.data_mut(&mut *store), pointer, length)
        .ok_or_else(|| broken(format!("alloc({length}) gave {pointer}, outside its memory")))?
        .copy_from_slice(task);
    let answer = execute.call_async(&mut *store, (pointer, length)).await?;
    read_answer(store, memory, answer, answer_limit)
}

fn read_answer(store: &Store<TaskState>, memory: Memory, answer: u64, limit: usize) -> Result<String, Stop> {
    let (pointer, length) = unpack(answer);
    check_length(usize::try_from(length).unwrap_or(usize::MAX), limit)?;
    let bytes = slice(memory.data(store), pointer, length)
        .ok_or_else(|| broken(format!("{length} bytes at {pointer}, outside its memory")))?;
    accept(bytes, limit)
}

fn pack(pointer: u32, length: u32) -> u64 {
    u64::from(pointer) << 32 | u64::from(length)
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

        #[test]
        fn what_is_packed_is_unpacked(pointer: u32, length: u32) {
            prop_assert_eq!(unpack(pack(pointer, length)), (pointer, length));
        }
    }
}
