//! Enforcement: what a request needs, asked again when it is applied.
//!
//! Pure. Every branch of a transaction is judged, whichever is taken. The lists are etcd's at its latest patch level:
//! 3.5 once let anybody compact, use leases, and reach any key through a nested transaction.

use etcd_client::proto::{PbDeleteRequest, PbPutRequest, PbTxnOpRequest, PbTxnRequest, PbTxnRequestOp};

use super::super::command::Command;
use super::super::error::Refusal;
use super::super::key_range::KeyRange;
use super::super::staged::Staged;
use super::{Caller, Right};

/// Refuses a command that its caller may not give, as things are staged.
pub(crate) fn check(staged: &Staged<'_>, caller: &Caller, command: &Command) -> Result<(), Refusal> {
    let directory = staged.directory();
    if directory.trusts(caller) {
        return Ok(());
    }
    match command {
        Command::Put(request, _) => check_put(staged, caller, request),
        Command::Delete(request, _) => check_delete(staged, caller, request),
        Command::Transact(request, _) => check_transaction(staged, caller, request),
        Command::Compact { .. } | Command::Auth(..) | Command::Alarm { .. } | Command::Defragment(_) => {
            directory.may_administer(caller)
        }
        Command::Grant { .. } => directory.must_be_known(caller),
        Command::Revoke { id, .. } | Command::KeepAlive { id, .. } => {
            directory.must_be_known(caller)?;
            check_lease(staged, caller, *id, Right::Write)
        }
        Command::TimeToLive { id, keys, .. } => {
            directory.must_be_known(caller)?;
            if *keys { check_lease(staged, caller, *id, Right::Read) } else { Ok(()) }
        }
        Command::Leases(_) => {
            directory.must_be_known(caller)?;
            staged.lease_ids().try_for_each(|id| check_lease(staged, caller, id, Right::Read))
        }
        Command::Probe(_) | Command::Stop => Ok(()),
    }
}

/// Refuses a transaction that names anything its caller may not reach.
pub(crate) fn check_transaction(
    staged: &Staged<'_>,
    caller: &Caller,
    request: &PbTxnRequest,
) -> Result<(), Refusal> {
    for compare in &request.compare {
        let range = KeyRange::new(&compare.key, &compare.range_end);
        staged.directory().may(caller, Right::Read, range)?;
    }
    let operations = request.success.iter().chain(&request.failure);
    operations.into_iter().try_for_each(|operation| check_operation(staged, caller, operation))
}

fn check_operation(staged: &Staged<'_>, caller: &Caller, operation: &PbTxnRequestOp) -> Result<(), Refusal> {
    match &operation.request {
        Some(PbTxnOpRequest::RequestRange(request)) => {
            let range = KeyRange::new(&request.key, &request.range_end);
            staged.directory().may(caller, Right::Read, range)
        }
        Some(PbTxnOpRequest::RequestPut(request)) => check_put(staged, caller, request),
        Some(PbTxnOpRequest::RequestDeleteRange(request)) => check_delete(staged, caller, request),
        Some(PbTxnOpRequest::RequestTxn(request)) => check_transaction(staged, caller, request),
        // Refused for what it is before it comes here.
        None => Err(Refusal::PermissionDenied),
    }
}

/// Whoever puts a key on a lease could let it end with the lease, so the lease's other keys count too.
fn check_put(staged: &Staged<'_>, caller: &Caller, request: &PbPutRequest) -> Result<(), Refusal> {
    let key = KeyRange::Key(&request.key);
    staged.directory().may(caller, Right::Write, key)?;
    check_lease(staged, caller, request.lease, Right::Write)?;
    if request.prev_kv { staged.directory().may(caller, Right::Read, key) } else { Ok(()) }
}

fn check_delete(staged: &Staged<'_>, caller: &Caller, request: &PbDeleteRequest) -> Result<(), Refusal> {
    let range = KeyRange::new(&request.key, &request.range_end);
    staged.directory().may(caller, Right::Write, range)?;
    if request.prev_kv { staged.directory().may(caller, Right::Read, range) } else { Ok(()) }
}

/// Refuses who lacks a right to any key that hangs on the lease.
fn check_lease(staged: &Staged<'_>, caller: &Caller, lease: i64, right: Right) -> Result<(), Refusal> {
    if lease == 0 {
        return Ok(());
    }
    let keys = staged.lease_keys(lease);
    keys.iter().try_for_each(|key| staged.directory().may(caller, right, KeyRange::Key(key)))
}

#[cfg(test)]
mod tests;
