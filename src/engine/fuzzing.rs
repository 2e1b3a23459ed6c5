//! What a fuzzer reaches: requests as they come off the wire, and files as they come off the disk.
//!
//! Only in builds for fuzzing (`fuzz/`) and for tests, where the committed inputs are played again. Neither function may
//! panic, whatever it is given.

use etcd_client::proto::{PbDeleteRequest, PbPutRequest, PbRangeRequest, PbTxnRequest};
use prost::Message;

use super::error::Refusal;
use super::key_range::KeyRange;
use super::lease::granted_ttl;
use super::staged::Staged;
use super::state::{State, View};
use super::storage;
use super::{range, request, transaction, writer};

pub use super::storage::files;

/// How many records a commit's share of compaction looks at: few, so that it takes several.
const SWEEP: usize = 3;

/// Plays a script of requests: each is a byte that says what it is and ends a batch when its highest bit is set, a length
/// of two bytes, and a message as a client would send it. What is written must survive the disk, and what is counted
/// must be there.
///
/// # Panics
/// When it does not.
pub fn requests(script: &[u8]) {
    let (mut state, mut reread) = (State::default(), State::default());
    let mut pieces = Pieces(script).peekable();
    while pieces.peek().is_some() {
        let mut staged = Staged::over(&state);
        for (kind, message) in pieces.by_ref() {
            // A refusal is as good an answer as any.
            let _ = play(&mut staged, kind & 0x7f, message);
            if kind & 0x80 != 0 {
                break;
            }
        }
        let mut batch = staged.into_batch();
        batch.sweep = state.sweep(SWEEP);
        let written = storage::rewritten(&batch).expect("what was written can be read");
        state.apply(batch);
        reread.replay(written).expect("it follows on what was written before");
    }
    state.finish_sweeping();
    reread.finish_sweeping();
    assert_eq!(format!("{reread:?}"), format!("{state:?}"));
    let everything = KeyRange::From(b"");
    assert_eq!(state.count(everything, i64::MAX), state.scan(everything, i64::MAX).count());
}

fn play(staged: &mut Staged<'_>, kind: u8, message: &[u8]) -> Option<()> {
    match kind % 7 {
        0 => put(staged, PbPutRequest::decode(message).ok()?).ok(),
        1 => delete(staged, &PbDeleteRequest::decode(message).ok()?).ok(),
        2 => read(staged, &PbRangeRequest::decode(message).ok()?).ok(),
        3 => transact(staged, PbTxnRequest::decode(message).ok()?).ok(),
        4 => {
            let (id, ttl) = message.split_first_chunk()?;
            let (id, ttl) = (i64::from(i16::from_le_bytes(*id)), i64::from_le_bytes(*ttl.first_chunk()?));
            (id != 0 && !staged.has_lease(id)).then(|| granted_ttl(ttl).map(|ttl| staged.grant(id, ttl)))?
        }
        5 => {
            let id = i64::from(i16::from_le_bytes(*message.first_chunk()?));
            staged.has_lease(id).then(|| staged.revoke(id))
        }
        _ => writer::compact(staged, i64::from(i16::from_le_bytes(*message.first_chunk()?))).ok(),
    }
}

fn put(staged: &mut Staged<'_>, put: PbPutRequest) -> Result<(), Refusal> {
    request::check_put(&put)?;
    request::check_size(&put)?;
    transaction::put(staged, put).map(drop)
}

fn delete(staged: &mut Staged<'_>, delete: &PbDeleteRequest) -> Result<(), Refusal> {
    request::check_delete(delete)?;
    transaction::delete(staged, delete);
    Ok(())
}

fn read(staged: &Staged<'_>, read: &PbRangeRequest) -> Result<(), Refusal> {
    request::check_range(read)?;
    let answer = range::range(staged, read)?;
    assert!(read.limit <= 0 || i64::try_from(answer.kvs.len()).is_ok_and(|length| length <= read.limit));
    Ok(())
}

fn transact(staged: &mut Staged<'_>, request: PbTxnRequest) -> Result<(), Refusal> {
    request::check_txn(&request)?;
    let only_reads = transaction::only_reads(staged, &request);
    let before = staged.revision();
    let answer = transaction::transact(staged, request)?;
    let wrote = staged.revision() > before;
    assert!(!(only_reads && wrote), "{answer:?}");
    Ok(())
}

/// The pieces of an input: a byte, a length of two bytes, as many bytes as that says and there are.
pub(super) struct Pieces<'d>(pub(super) &'d [u8]);

impl<'d> Iterator for Pieces<'d> {
    type Item = (u8, &'d [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let ([kind, low, high], rest) = self.0.split_first_chunk()?;
        let length = usize::from(u16::from_le_bytes([*low, *high])).min(rest.len());
        let (piece, rest) = rest.split_at(length);
        self.0 = rest;
        Some((*kind, piece))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::inputs;

    #[test]
    fn no_request_that_was_found_worth_keeping_makes_the_engine_panic() {
        for input in inputs("requests") {
            requests(&input);
        }
    }

    #[test]
    fn no_file_that_was_found_worth_keeping_makes_the_engine_panic() {
        for input in inputs("files") {
            files(&input);
        }
    }
}
