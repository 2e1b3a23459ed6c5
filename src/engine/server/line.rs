//! Lines: what Lock and Election share. Whoever waits puts a key of its own under a prefix; its turn has come when no
//! key there is older.
//!
//! The steps are those of etcd's client library, which etcd's own services run, and so are the keys and the errors.
//! Nothing here is kept in memory: who stands in line is what is in the store.

use std::convert::Infallible;

use etcd_client::CompareOp;
use etcd_client::proto::{
    PbCompare, PbCompareTarget, PbDeleteRequest, PbKeyValue, PbPutRequest, PbRangeRequest, PbResponseHeader,
    PbTargetUnion, PbTxnOpRequest, PbTxnOpResponse, PbTxnRequest, PbTxnRequestOp, PbTxnResponse,
};
use tokio::sync::oneshot;
use tonic::{Request, Status};

use super::super::auth::{Caller, Right};
use super::super::command::Command;
use super::super::key_range::KeyRange;
use super::super::record::Record;
use super::super::state::{State, View};
use super::super::watch::{Selector, Subscription};
use super::{Refusal, Service};

/// The TTL of the lease that is granted to who brings none, in seconds: etcd's.
const SESSION_TTL: i64 = 60;

/// The keys of all who wait for the same thing.
#[derive(Debug, Clone)]
pub(super) struct Line {
    prefix: Vec<u8>,
    end: Vec<u8>,
}

impl Line {
    pub(super) fn named(name: &[u8]) -> Self {
        // In ASCII, `0` follows `/`.
        Self { prefix: [name, b"/"].concat(), end: [name, b"0"].concat() }
    }

    /// The key of who waits with this lease.
    pub(super) fn key(&self, lease: i64) -> Vec<u8> {
        let sign = if lease < 0 { "-" } else { "" };
        let id = format!("{sign}{:x}", lease.unsigned_abs());
        [self.prefix.as_slice(), id.as_bytes()].concat()
    }

    pub(super) fn selector(&self) -> Selector {
        Selector { key: self.prefix.clone(), range_end: self.end.clone(), ..Selector::default() }
    }

    /// Who is first.
    pub(super) fn first<'s>(&'s self, state: &'s State) -> Option<&'s Record> {
        self.records(state).min_by_key(|record| record.created)
    }

    /// Who stands before the one that came at revision `created`.
    fn before<'s>(&'s self, state: &'s State, created: i64) -> Option<&'s Record> {
        self.records(state).filter(|record| record.created < created).max_by_key(|record| record.created)
    }

    fn records<'s>(&'s self, state: &'s State) -> impl Iterator<Item = &'s Record> {
        state.scan(KeyRange::new(&self.prefix, &self.end), i64::MAX)
    }
}

/// A place in a line.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) key: Vec<u8>,
    /// The revision that created the key.
    pub(super) created: i64,
    /// What was there before; none when the key is new.
    pub(super) former: Option<PbKeyValue>,
    /// Of the answer that gave the place.
    pub(super) header: PbResponseHeader,
}

/// Resolves when the caller is gone.
pub(super) type Absence = oneshot::Receiver<Infallible>;

/// Carries out `work` to its end whatever becomes of the caller, so that what has been begun can be undone.
pub(super) async fn attended<T, W>(work: impl FnOnce(Absence) -> W) -> Result<T, Status>
where
    T: Send + 'static,
    W: Future<Output = Result<T, Status>> + Send + 'static,
{
    let (_present, absence) = oneshot::channel();
    let working = tokio::spawn(work(absence));
    working.await.unwrap_or_else(|_| Err(Refusal::Stopped.into()))
}

/// Who stands in line, and what serves them.
#[derive(Debug, Clone)]
pub(super) struct Visitor {
    pub(super) service: Service,
    pub(super) caller: Caller,
}

/// etcd's services answer what its client library says, and that has lost the code.
#[expect(clippy::needless_pass_by_value, reason = "it is what errors are mapped with")]
pub(super) fn unknown(reason: impl ToString) -> Status {
    Status::unknown(reason.to_string())
}

impl Service {
    /// Who asks, as somebody who can stand in line.
    pub(super) fn visitor<T>(&self, request: &Request<T>) -> Result<Visitor, Refusal> {
        Ok(Visitor { service: self.clone(), caller: self.caller(request)? })
    }
}

impl Visitor {
    /// The lease to wait with: the caller's, or a new one that nobody renews.
    pub(super) async fn session(&self, lease: i64) -> Result<i64, Refusal> {
        if lease != 0 {
            return Ok(lease);
        }
        let grant = |reply| Command::Grant { id: 0, ttl: SESSION_TTL, reply };
        let granted = self.service.engine.ask(self.caller.clone(), grant).await?;
        Ok(granted.id)
    }

    /// Takes a place in a line, or finds the one that the lease has.
    pub(super) async fn enter(&self, line: &Line, lease: i64, value: Vec<u8>) -> Result<Place, Refusal> {
        let key = line.key(lease);
        let put = put(&key, value, lease);
        let get = PbTxnOpRequest::RequestRange(PbRangeRequest { key: key.clone(), ..Default::default() });
        let answer = self.service.transact(self.caller.clone(), transaction(&key, 0, put, Some(get))).await?;
        let header = answer.header.unwrap_or_default();
        let former = found(answer);
        let created = former.as_ref().map_or(header.revision, |former| former.create_revision);
        Ok(Place { key, created, former, header })
    }

    /// Writes a new value into a place; none when it is no longer there.
    pub(super) async fn rewrite(
        &self,
        key: &[u8],
        created: i64,
        value: Vec<u8>,
        lease: i64,
    ) -> Result<Option<PbResponseHeader>, Refusal> {
        let answer = self
            .service
            .transact(self.caller.clone(), transaction(key, created, put(key, value, lease), None))
            .await?;
        Ok(answer.header.filter(|_| answer.succeeded))
    }

    /// Gives a place up, if it is still there.
    pub(super) async fn leave(&self, key: &[u8], created: i64) -> Result<PbResponseHeader, Refusal> {
        let delete = PbDeleteRequest { key: key.to_vec(), ..Default::default() };
        let delete = PbTxnOpRequest::RequestDeleteRange(delete);
        let answer =
            self.service.transact(self.caller.clone(), transaction(key, created, delete, None)).await?;
        Ok(answer.header.unwrap_or_default())
    }

    /// Waits until it is the turn of `place`, and returns whether it had to. Gives the place up when that fails, and
    /// when the caller goes away from a place that it took with this very call or has waited in.
    pub(super) async fn turn(
        &self,
        line: &Line,
        place: &Place,
        mut absence: Absence,
    ) -> Result<bool, Refusal> {
        let mut waited = false;
        let mut outcome = Ok(());
        loop {
            let predecessor = match self.predecessor(line, place.created) {
                Ok(Some(predecessor)) => predecessor,
                Ok(None) => break,
                Err(refusal) => {
                    outcome = Err(refusal);
                    break;
                }
            };
            waited = true;
            outcome = tokio::select! {
                _ = predecessor.news() => continue,
                _ = &mut absence => Err(Refusal::Stopped),
                () = self.service.stopped() => Err(Refusal::Stopped),
            };
            break;
        }
        let deserted = absence.try_recv() == Err(oneshot::error::TryRecvError::Closed);
        if outcome.is_err() || deserted && (waited || place.former.is_none()) {
            self.leave(&place.key, place.created).await?;
        }
        outcome.map(|()| waited)
    }

    /// A watch for the end of the one before; none when nobody is.
    fn predecessor(&self, line: &Line, created: i64) -> Result<Option<Subscription>, Refusal> {
        let published = self.service.engine.published();
        let state = published.read();
        self.may_read(&state, line)?;
        let Some(before) = line.before(&state, created) else { return Ok(None) };
        let selector = Selector { key: before.key.to_vec(), no_put: true, ..Selector::default() };
        Ok(Some(Subscription::after(&state, published, &selector)))
    }

    /// Refuses who may not see who stands in line.
    pub(super) fn may_read(&self, state: &State, line: &Line) -> Result<(), Refusal> {
        state.directory().may(&self.caller, Right::Read, KeyRange::new(&line.prefix, &line.end))
    }
}

/// *If* `key` was created at revision `created` (0: does not exist), *then* one operation, *else* another.
fn transaction(
    key: &[u8],
    created: i64,
    then: PbTxnOpRequest,
    otherwise: Option<PbTxnOpRequest>,
) -> PbTxnRequest {
    let compare = PbCompare {
        result: CompareOp::Equal as i32,
        target: PbCompareTarget::Create as i32,
        key: key.to_vec(),
        target_union: Some(PbTargetUnion::CreateRevision(created)),
        ..Default::default()
    };
    let operation = |request| PbTxnRequestOp { request: Some(request) };
    PbTxnRequest {
        compare: vec![compare],
        success: vec![operation(then)],
        failure: otherwise.map(operation).into_iter().collect(),
    }
}

fn put(key: &[u8], value: Vec<u8>, lease: i64) -> PbTxnOpRequest {
    PbTxnOpRequest::RequestPut(PbPutRequest { key: key.to_vec(), value, lease, ..Default::default() })
}

/// The key that the other branch of a transaction has found.
fn found(answer: PbTxnResponse) -> Option<PbKeyValue> {
    match answer.responses.into_iter().next()?.response? {
        PbTxnOpResponse::ResponseRange(range) => range.kvs.into_iter().next(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_name_and_the_lease_in_hexadecimal() {
        let line = Line::named(b"build");
        assert_eq!(line.key(0x1f), b"build/1f");
        assert_eq!(line.key(-1), b"build/-1", "as Go writes it");
        let keys = line.selector();
        assert_eq!(keys.range().prefix(), Some(&b"build/"[..]));
    }
}
