//! What a fuzzer reaches of the interface to core modules.

use std::sync::{Arc, Mutex, PoisonError};

use super::super::guest_log::{Channel, SharedLog};
use super::{accept, pack, slice, slice_mut, unpack};
use crate::chassis::input::TaskInput;
use crate::chassis::limits::Limits;
use crate::printable::printable;

/// The most memory of a guest that is played, so that its edges are met often.
const MEMORY: usize = 4096;

/// Plays a guest that says what the input says: two bytes are the size of its memory, then come eight for each place it
/// names, and all of it lies in its memory, again and again. A place is inside or refused, what is written stays inside
/// of it, and what is there is an answer only if it is JSON, and a line of log that
/// can be shown.
///
/// # Panics
/// When it is not so.
pub fn guest(input: &[u8]) {
    let Some((size, places)) = input.split_first_chunk::<2>() else { return };
    let size = usize::from(u16::from_le_bytes(*size)) % MEMORY;
    let mut memory: Vec<u8> = places.iter().copied().cycle().take(size).collect();
    memory.resize(size, 0);
    for packed in places.as_chunks::<8>().0 {
        let packed = u64::from_le_bytes(*packed);
        let (pointer, length) = unpack(packed);
        assert_eq!(pack(pointer, length), packed);
        visit(&mut memory, pointer, length);
        // So that most are near an edge.
        let edge = u32::try_from(size + 2).unwrap_or(u32::MAX);
        visit(&mut memory, pointer % edge, length % edge);
    }
}

/// Reads what is at a place, and writes there.
fn visit(memory: &mut [u8], pointer: u32, length: u32) {
    let before = memory.to_vec();
    let inside =
        usize::try_from(u64::from(pointer) + u64::from(length)).ok().filter(|end| *end <= before.len());
    let Some(end) = inside else {
        assert!(slice(memory, pointer, length).is_none() && slice_mut(memory, pointer, length).is_none());
        return;
    };
    let place = end - usize::try_from(length).unwrap_or(0)..end;
    let told = slice(memory, pointer, length).expect("it is inside");
    assert_eq!(told, &before[place.clone()]);
    judge(told);
    slice_mut(memory, pointer, length).expect("it is inside").fill(0x5a);
    assert!(memory[place.clone()].iter().all(|byte| *byte == 0x5a));
    assert_eq!((&memory[..place.start], &memory[end..]), (&before[..place.start], &before[end..]));
    memory.copy_from_slice(&before);
}

/// The most of an answer and of a log line, so that both are met often.
const ANSWER: usize = 64;
const LINE: usize = 16;
const LOG: usize = 512;

/// What is an answer is a task, too, and short; what is logged can be shown, and ends.
fn judge(told: &[u8]) {
    let answer = accept(told, ANSWER);
    assert_eq!(answer.is_ok(), told.len() <= ANSWER && TaskInput::parse(told).is_ok());
    if let Ok(answer) = answer {
        assert_eq!(answer.as_bytes(), told);
    }
    let limits = Limits { log_line_bytes: LINE, log_bytes: LOG, ..Limits::default() };
    let passed = Arc::new(Mutex::new(0));
    let sum = Arc::clone(&passed);
    let log = SharedLog::new(
        Box::new(move |line| {
            assert_eq!(printable(line), line);
            *sum.lock().unwrap_or_else(PoisonError::into_inner) += line.len();
        }),
        &limits,
    );
    let mut log = log.lock();
    // That it is full is as good an answer as any.
    let _ = log.line(told);
    let _ = log.print(Channel::Out, told);
    let _ = log.finish();
    assert!(*passed.lock().unwrap_or_else(PoisonError::into_inner) <= LOG);
}
