//! Transactions: applying puts, deletes and their combinations to staged state.
//!
//! Pure. As in etcd, all compares (nested ones too) are decided before the first write, and everything that can be
//! refused is refused before anything is written.

use bytes::Bytes;
use etcd_client::proto::{
    PbDeleteRequest, PbDeleteResponse, PbPutRequest, PbPutResponse, PbResponseOp, PbTxnOpRequest,
    PbTxnOpResponse, PbTxnRequest, PbTxnRequestOp, PbTxnResponse,
};

use super::compare;
use super::error::Refusal;
use super::header;
use super::key_range::KeyRange;
use super::range::{check_revision, range};
use super::record::Record;
use super::staged::Staged;
use super::state::View;

/// Puts one key, in a revision of its own.
pub(crate) fn put(staged: &mut Staged<'_>, request: PbPutRequest) -> Result<PbPutResponse, Refusal> {
    check_lease(staged, &request)?;
    check_kept(staged, &request)?;
    let answer = write_put(staged, request)?;
    staged.seal();
    Ok(answer)
}

/// Deletes the keys of a range, in one revision.
pub(crate) fn delete(staged: &mut Staged<'_>, request: &PbDeleteRequest) -> PbDeleteResponse {
    let answer = write_delete(staged, request);
    staged.seal();
    answer
}

/// Carries out a transaction, in one revision or in none.
pub(crate) fn transact(staged: &mut Staged<'_>, request: PbTxnRequest) -> Result<PbTxnResponse, Refusal> {
    let path = Path::choose(staged, &request);
    path.check(staged, &request)?;
    let answer = path.apply(staged, request);
    if answer.is_err() {
        staged.abandon();
    }
    let revision = staged.seal();
    answer.map(|answer| PbTxnResponse { header: Some(header::at(revision)), ..answer })
}

/// Whether the transaction writes nothing in this state, whatever its other branches would.
pub(crate) fn only_reads(view: &impl View, request: &PbTxnRequest) -> bool {
    Path::choose(view, request).only_reads(request)
}

/// Whether the transaction puts anything in either branch. As in etcd, what nested transactions put does not count.
pub(crate) fn puts(request: &PbTxnRequest) -> bool {
    let is_put =
        |operation: &PbTxnRequestOp| matches!(operation.request, Some(PbTxnOpRequest::RequestPut(_)));
    request.success.iter().chain(&request.failure).any(is_put)
}

/// Which branch a transaction takes, and which its nested transactions take.
struct Path {
    succeeded: bool,
    nested: Vec<Path>,
}

impl Path {
    fn choose(view: &impl View, request: &PbTxnRequest) -> Self {
        let succeeded = compare::all_hold(view, &request.compare);
        let mut path = Self { succeeded, nested: Vec::new() };
        for operation in path.branch(request) {
            if let Some(PbTxnOpRequest::RequestTxn(nested)) = &operation.request {
                path.nested.push(Self::choose(view, nested));
            }
        }
        path
    }

    fn branch<'r>(&self, request: &'r PbTxnRequest) -> &'r [PbTxnRequestOp] {
        if self.succeeded { &request.success } else { &request.failure }
    }

    fn only_reads(&self, request: &PbTxnRequest) -> bool {
        let mut nested = self.nested.iter();
        self.branch(request).iter().all(|operation| match &operation.request {
            Some(PbTxnOpRequest::RequestTxn(inner)) => {
                nested.next().is_none_or(|path| path.only_reads(inner))
            }
            Some(PbTxnOpRequest::RequestPut(_) | PbTxnOpRequest::RequestDeleteRange(_)) => false,
            Some(PbTxnOpRequest::RequestRange(_)) | None => true,
        })
    }

    fn check(&self, staged: &Staged<'_>, request: &PbTxnRequest) -> Result<(), Refusal> {
        self.visit(request, &mut |operation| match operation {
            PbTxnOpRequest::RequestPut(put) => {
                check_kept(staged, put)?;
                check_lease(staged, put)
            }
            _ => Ok(()),
        })?;
        self.visit(request, &mut |operation| match operation {
            PbTxnOpRequest::RequestRange(range) => check_range(staged, range.revision),
            _ => Ok(()),
        })
    }

    /// Shows every operation on the path to `check`, depth first.
    fn visit(
        &self,
        request: &PbTxnRequest,
        check: &mut impl FnMut(&PbTxnOpRequest) -> Result<(), Refusal>,
    ) -> Result<(), Refusal> {
        let mut nested = self.nested.iter();
        for operation in self.branch(request).iter().filter_map(|operation| operation.request.as_ref()) {
            check(operation)?;
            if let PbTxnOpRequest::RequestTxn(inner) = operation
                && let Some(path) = nested.next()
            {
                path.visit(inner, check)?;
            }
        }
        Ok(())
    }

    fn apply(self, staged: &mut Staged<'_>, request: PbTxnRequest) -> Result<PbTxnResponse, Refusal> {
        let operations = if self.succeeded { request.success } else { request.failure };
        let mut nested = self.nested.into_iter();
        let mut responses = Vec::with_capacity(operations.len());
        for operation in operations.into_iter().filter_map(|operation| operation.request) {
            let response = match operation {
                PbTxnOpRequest::RequestRange(request) => {
                    PbTxnOpResponse::ResponseRange(range(staged, &request)?)
                }
                PbTxnOpRequest::RequestPut(request) => {
                    PbTxnOpResponse::ResponsePut(write_put(staged, request)?)
                }
                PbTxnOpRequest::RequestDeleteRange(request) => {
                    PbTxnOpResponse::ResponseDeleteRange(write_delete(staged, &request))
                }
                PbTxnOpRequest::RequestTxn(request) => {
                    let Some(path) = nested.next() else { continue };
                    PbTxnOpResponse::ResponseTxn(path.apply(staged, request)?)
                }
            };
            responses.push(PbResponseOp { response: Some(response) });
        }
        Ok(PbTxnResponse { header: Some(header::at(0)), succeeded: self.succeeded, responses })
    }
}

/// Refuses to keep the value or the lease of a key that does not exist. etcd finds this before an unknown lease in a
/// transaction, and after it in a plain put.
fn check_kept(staged: &Staged<'_>, request: &PbPutRequest) -> Result<(), Refusal> {
    if (request.ignore_value || request.ignore_lease) && staged.current(&request.key).is_none() {
        return Err(Refusal::KeyNotFound);
    }
    Ok(())
}

fn check_lease(staged: &Staged<'_>, request: &PbPutRequest) -> Result<(), Refusal> {
    if request.lease != 0 && !staged.has_lease(request.lease) {
        return Err(Refusal::LeaseNotFound);
    }
    Ok(())
}

/// Unlike a plain range, one in a transaction is held to the compact revision even when it asks for a negative one.
fn check_range(staged: &Staged<'_>, revision: i64) -> Result<(), Refusal> {
    if revision < 0 && revision < staged.compacted() {
        return Err(Refusal::Compacted);
    }
    check_revision(staged, revision)
}

fn write_put(staged: &mut Staged<'_>, request: PbPutRequest) -> Result<PbPutResponse, Refusal> {
    let previous = staged.current(&request.key);
    let kept = |wanted: bool| if wanted { previous.ok_or(Refusal::KeyNotFound).map(Some) } else { Ok(None) };
    let value = kept(request.ignore_value)?.map(|previous| previous.value.clone());
    let lease = kept(request.ignore_lease)?.map_or(request.lease, |previous| previous.lease);
    let prev_kv = previous.filter(|_| request.prev_kv).map(Record::to_key_value);
    let lineage = previous.map(Record::lineage);
    let value = value.unwrap_or_else(|| Bytes::from(request.value));
    staged.put_after(lineage, Bytes::from(request.key), value, lease);
    Ok(PbPutResponse { header: Some(header::at(staged.revision())), prev_kv })
}

fn write_delete(staged: &mut Staged<'_>, request: &PbDeleteRequest) -> PbDeleteResponse {
    let deleted = staged.delete(KeyRange::new(&request.key, &request.range_end));
    PbDeleteResponse {
        header: Some(header::at(staged.revision())),
        deleted: i64::try_from(deleted.len()).unwrap_or(i64::MAX),
        prev_kvs: if request.prev_kv {
            deleted.iter().map(Record::to_key_value).collect()
        } else {
            Vec::new()
        },
    }
}
