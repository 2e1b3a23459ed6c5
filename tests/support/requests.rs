//! Requests in few words.

use etcd_client::CompareOp;
use etcd_client::proto::{
    PbCompactionRequest, PbCompare, PbCompareTarget, PbDeleteRequest, PbLeaseGrantRequest,
    PbLeaseKeepAliveRequest, PbLeaseRevokeRequest, PbLeaseTimeToLiveRequest, PbPutRequest, PbRangeRequest,
    PbTargetUnion, PbTxnOpRequest, PbTxnRequest, PbTxnRequestOp, PbWatchRequest, PbWatchRequestUnion,
};

use super::wire::Call;

/// A list of calls from requests of any kind.
macro_rules! calls {
    ($($request:expr),* $(,)?) => { vec![$($crate::support::wire::Call::from($request)),*] };
}

/// A list of a transaction's operations from requests of any kind.
macro_rules! ops {
    ($($request:expr),* $(,)?) => { vec![$($crate::support::requests::op($request)),*] };
}

pub(crate) use {calls, ops};

pub(crate) fn put(key: &str, value: &str) -> PbPutRequest {
    PbPutRequest { key: key.into(), value: value.into(), ..Default::default() }
}

/// A put whose key hangs on a lease.
pub(crate) fn leased(key: &str, lease: i64) -> PbPutRequest {
    PbPutRequest { lease, ..put(key, "leased") }
}

pub(crate) fn get(key: &str) -> PbRangeRequest {
    PbRangeRequest { key: key.into(), ..Default::default() }
}

/// All keys from the first up to the second; `"\0"` as the second means to the end.
pub(crate) fn span(from: &str, to: &str) -> PbRangeRequest {
    PbRangeRequest { range_end: to.into(), ..get(from) }
}

pub(crate) fn delete(key: &str) -> PbDeleteRequest {
    PbDeleteRequest { key: key.into(), ..Default::default() }
}

pub(crate) fn delete_span(from: &str, to: &str) -> PbDeleteRequest {
    PbDeleteRequest { range_end: to.into(), ..delete(from) }
}

pub(crate) fn compact(revision: i64) -> PbCompactionRequest {
    PbCompactionRequest { revision, physical: true }
}

pub(crate) fn grant(id: i64, ttl: i64) -> PbLeaseGrantRequest {
    PbLeaseGrantRequest { ttl, id }
}

pub(crate) fn revoke(id: i64) -> PbLeaseRevokeRequest {
    PbLeaseRevokeRequest { id }
}

pub(crate) fn keep_alive(id: i64) -> PbLeaseKeepAliveRequest {
    PbLeaseKeepAliveRequest { id }
}

pub(crate) fn time_to_live(id: i64, keys: bool) -> PbLeaseTimeToLiveRequest {
    PbLeaseTimeToLiveRequest { id, keys }
}

/// A transaction with both branches.
pub(crate) fn txn(
    compare: Vec<PbCompare>,
    success: Vec<PbTxnRequestOp>,
    failure: Vec<PbTxnRequestOp>,
) -> PbTxnRequest {
    PbTxnRequest { compare, success, failure }
}

/// A transaction without conditions.
pub(crate) fn all(success: Vec<PbTxnRequestOp>) -> PbTxnRequest {
    txn(Vec::new(), success, Vec::new())
}

/// A request as one operation of a transaction.
///
/// # Panics
/// When a transaction cannot contain it.
pub(crate) fn op(request: impl Into<Call>) -> PbTxnRequestOp {
    let request = match request.into() {
        Call::Range(request) => PbTxnOpRequest::RequestRange(request),
        Call::Put(request) => PbTxnOpRequest::RequestPut(request),
        Call::Delete(request) => PbTxnOpRequest::RequestDeleteRange(request),
        Call::Transact(request) => PbTxnOpRequest::RequestTxn(request),
        other => panic!("no operation: {other:?}"),
    };
    PbTxnRequestOp { request: Some(request) }
}

/// A condition; what it compares with says what is compared.
pub(crate) fn when(key: &str, result: CompareOp, with: PbTargetUnion) -> PbCompare {
    let target = match with {
        PbTargetUnion::Version(_) => PbCompareTarget::Version,
        PbTargetUnion::CreateRevision(_) => PbCompareTarget::Create,
        PbTargetUnion::ModRevision(_) => PbCompareTarget::Mod,
        PbTargetUnion::Value(_) => PbCompareTarget::Value,
        PbTargetUnion::Lease(_) => PbCompareTarget::Lease,
    };
    PbCompare {
        key: key.into(),
        result: result as i32,
        target: target as i32,
        target_union: Some(with),
        ..Default::default()
    }
}

/// What a watch asks for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Create {
    pub(crate) key: &'static str,
    pub(crate) range_end: &'static str,
    pub(crate) start_revision: i64,
    pub(crate) progress_notify: bool,
    pub(crate) filters: Vec<i32>,
    pub(crate) prev_kv: bool,
    pub(crate) watch_id: i64,
    pub(crate) fragment: bool,
}

/// A watch of one key, or of all keys up to an end, from now on.
pub(crate) fn watch(key: &'static str, range_end: &'static str) -> Create {
    Create { key, range_end, ..Create::default() }
}

impl From<Create> for PbWatchRequest {
    fn from(create: Create) -> Self {
        request(PbWatchRequestUnion::CreateRequest, |wire| {
            wire.key = create.key.into();
            wire.range_end = create.range_end.into();
            wire.start_revision = create.start_revision;
            wire.progress_notify = create.progress_notify;
            wire.filters = create.filters;
            wire.prev_kv = create.prev_kv;
            wire.watch_id = create.watch_id;
            wire.fragment = create.fragment;
        })
    }
}

/// Ends a watch.
pub(crate) fn cancel(watch_id: i64) -> PbWatchRequest {
    request(PbWatchRequestUnion::CancelRequest, |wire| wire.watch_id = watch_id)
}

/// Asks how far the stream is.
pub(crate) fn progress() -> PbWatchRequest {
    request(PbWatchRequestUnion::ProgressRequest, |_| {})
}

/// Fills in a message whose type the library does not name.
fn request<M: Default>(
    wrap: impl FnOnce(M) -> PbWatchRequestUnion,
    fill: impl FnOnce(&mut M),
) -> PbWatchRequest {
    let mut message = M::default();
    fill(&mut message);
    PbWatchRequest { request_union: Some(wrap(message)) }
}
