//! Requests: what is refused before anything is looked up.
//!
//! Pure. The rules and their order are etcd 3.5's, oddities included.

use std::collections::HashSet;

use etcd_client::proto::{
    PbDeleteRequest, PbPutRequest, PbRangeRequest, PbTxnOpRequest, PbTxnRequest, PbTxnRequestOp,
};
use prost::Message;

use super::error::Refusal;
use super::key_range::KeyRange;

/// How many compares, or operations of one branch, a transaction may have; nested ones share what is left.
const MAX_OPERATIONS: usize = 128;
/// The largest write, in bytes.
pub(crate) const MAX_BYTES: usize = 3 * 512 * 1024;
/// What etcd's own envelope adds to a request, roughly.
const ENVELOPE: usize = 16;

/// Refuses a write that is too large.
pub(crate) fn check_size(request: &impl Message) -> Result<(), Refusal> {
    if request.encoded_len() + ENVELOPE > MAX_BYTES { Err(Refusal::RequestTooLarge) } else { Ok(()) }
}

pub(crate) fn check_range(request: &PbRangeRequest) -> Result<(), Refusal> {
    if request.key.is_empty() {
        return Err(Refusal::EmptyKey);
    }
    if !(0..=2).contains(&request.sort_order) || !(0..=4).contains(&request.sort_target) {
        return Err(Refusal::InvalidSortOption);
    }
    Ok(())
}

pub(crate) fn check_put(request: &PbPutRequest) -> Result<(), Refusal> {
    if request.key.is_empty() {
        return Err(Refusal::EmptyKey);
    }
    if request.ignore_value && !request.value.is_empty() {
        return Err(Refusal::ValueProvided);
    }
    if request.ignore_lease && request.lease != 0 {
        return Err(Refusal::LeaseProvided);
    }
    Ok(())
}

pub(crate) fn check_delete(request: &PbDeleteRequest) -> Result<(), Refusal> {
    if request.key.is_empty() { Err(Refusal::EmptyKey) } else { Ok(()) }
}

pub(crate) fn check_txn(request: &PbTxnRequest) -> Result<(), Refusal> {
    check_operations(request, MAX_OPERATIONS)?;
    for branch in [&request.success, &request.failure] {
        // One operation is no second one's duplicate, unless it holds others.
        if !matches!(
            branch.as_slice(),
            [] | [PbTxnRequestOp { request: Some(PbTxnOpRequest::RequestPut(_)) }]
        ) {
            Writes::of(branch)?;
        }
    }
    Ok(())
}

fn check_operations(request: &PbTxnRequest, allowed: usize) -> Result<(), Refusal> {
    let count = request.compare.len().max(request.success.len()).max(request.failure.len());
    let Some(left) = allowed.checked_sub(count) else { return Err(Refusal::TooManyOps) };
    if request.compare.iter().any(|compare| compare.key.is_empty()) {
        return Err(Refusal::EmptyKey);
    }
    request.success.iter().chain(&request.failure).try_for_each(|operation| match &operation.request {
        Some(PbTxnOpRequest::RequestRange(range)) => check_range(range),
        Some(PbTxnOpRequest::RequestPut(put)) => check_put(put),
        Some(PbTxnOpRequest::RequestDeleteRange(delete)) => check_delete(delete),
        Some(PbTxnOpRequest::RequestTxn(nested)) => check_operations(nested, left),
        None => Err(Refusal::KeyNotFound),
    })
}

/// What a list of operations writes, nested transactions included.
struct Writes<'r> {
    puts: HashSet<&'r [u8]>,
    deletes: Vec<KeyRange<'r>>,
}

impl<'r> Writes<'r> {
    /// Collects the writes; refuses a key that is put twice, or put and deleted. Both branches of a nested
    /// transaction may put the same key.
    fn of(operations: &'r [PbTxnRequestOp]) -> Result<Self, Refusal> {
        let mut writes = Self { puts: HashSet::with_capacity(operations.len()), deletes: Vec::new() };
        for operation in operations {
            if let Some(PbTxnOpRequest::RequestDeleteRange(delete)) = &operation.request {
                writes.deletes.push(KeyRange::new(&delete.key, &delete.range_end));
            }
        }
        for operation in operations {
            if let Some(PbTxnOpRequest::RequestTxn(nested)) = &operation.request {
                writes.nest(Self::of(&nested.success)?, Self::of(&nested.failure)?)?;
            }
        }
        for operation in operations {
            if let Some(PbTxnOpRequest::RequestPut(put)) = &operation.request {
                writes.put(&put.key)?;
            }
        }
        Ok(writes)
    }

    fn nest(&mut self, success: Self, failure: Self) -> Result<(), Refusal> {
        for &key in &success.puts {
            self.put(key)?;
        }
        for key in failure.puts {
            if success.puts.contains(key) {
                continue;
            }
            self.put(key)?;
        }
        self.deletes.extend(success.deletes);
        self.deletes.extend(failure.deletes);
        Ok(())
    }

    fn put(&mut self, key: &'r [u8]) -> Result<(), Refusal> {
        let deleted = self.deletes.iter().any(|&delete| collides(delete, key));
        if deleted || !self.puts.insert(key) { Err(Refusal::DuplicateKey) } else { Ok(()) }
    }
}

/// Whether a deletion and a put of `key` exclude each other. etcd lets a deletion "from this key on" pass.
fn collides(delete: KeyRange<'_>, key: &[u8]) -> bool {
    match delete {
        KeyRange::From(_) => false,
        KeyRange::Key(_) | KeyRange::Span(..) => delete.contains(key),
    }
}
