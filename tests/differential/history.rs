//! Histories: random operations from a seed.
//!
//! Revisions are written as distances from the newest at the time of the request, so that an operation makes sense
//! wherever it stands and whatever is left out before it.

use std::fmt;

use etcd_client::CompareOp;
use etcd_client::proto::{
    PbCompactionRequest, PbCompare, PbDeleteRequest, PbHashKvRequest, PbLeaseLeasesRequest, PbPutRequest,
    PbRangeRequest, PbTargetUnion, PbTxnRequest, PbTxnRequestOp,
};

use crate::support::requests::{Create, compact, grant, keep_alive, op, revoke, time_to_live, txn, when};
use crate::support::wire::Call;

/// Prefixes of each other, neighbours, and one that stands alone.
pub(super) const KEYS: [&str; 12] =
    ["a", "a/", "a/1", "a/1/x", "a/2", "a0", "ab", "b", "b/1", "b/2", "c", "d"];
/// Ends of ranges: of prefixes, the one that means everything, and some that make a range empty.
const ENDS: [&str; 7] = ["a0", "b", "b0", "c", "d", "e", "\0"];
const LEASES: u64 = 6;

/// One step of a history.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    Call(Call),
    Watch(Create),
    /// Ends the watch of this id, if there is one.
    Cancel(i64),
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(call) => write!(f, "{call:?}"),
            Self::Watch(create) => write!(f, "{create:?}"),
            Self::Cancel(id) => write!(f, "Cancel({id})"),
        }
    }
}

/// The history of a seed.
pub(super) fn history(seed: u64, length: usize) -> Vec<Operation> {
    let mut dice = Dice(seed);
    (0..length).map(|_| dice.operation()).collect()
}

/// Numbers from a seed (splitmix64), the same for ever.
struct Dice(u64);

impl Dice {
    /// A number below `n`.
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % n
    }

    /// Whether a case of one in `n` has come up.
    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn number(&mut self, n: u64) -> i64 {
        i64::try_from(self.below(n)).unwrap()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).unwrap()]
    }

    fn operation(&mut self) -> Operation {
        Operation::Call(match self.below(1000) {
            0..300 => self.put(true).into(),
            300..400 => self.delete(true).into(),
            400..600 => self.range(true).into(),
            600..820 => self.txn(2, true).into(),
            820..870 => grant(self.lease(), 600).into(),
            870..900 => revoke(self.lease()).into(),
            900..930 => time_to_live(self.lease(), true).into(),
            930..940 => keep_alive(self.lease()).into(),
            940..945 => PbLeaseLeasesRequest::default().into(),
            945..970 => PbHashKvRequest { revision: self.distance(40) }.into(),
            970..975 => self.compaction().into(),
            975..994 => return Operation::Watch(self.watch()),
            _ => return Operation::Cancel(self.number(12)),
        })
    }

    fn lease(&mut self) -> i64 {
        self.number(LEASES) + 1
    }

    /// 0, or a distance from the newest revision, mostly back.
    fn distance(&mut self, n: u64) -> i64 {
        if self.one_in(3) { 0 } else { 2 - self.number(n) }
    }

    fn key(&mut self) -> &'static str {
        if self.one_in(200) { "" } else { self.pick(&KEYS) }
    }

    fn range_end(&mut self) -> &'static str {
        if self.one_in(2) { "" } else { self.pick(&ENDS) }
    }

    /// `ignoring` says whether value or lease may be left as they are.
    fn put(&mut self, ignoring: bool) -> PbPutRequest {
        let ignore_value = ignoring && self.one_in(8);
        let ignore_lease = ignoring && self.one_in(8);
        let value = if ignore_value && !self.one_in(9) { String::new() } else { self.below(6).to_string() };
        let leased = self.one_in(3) && (!ignore_lease || self.one_in(9));
        PbPutRequest {
            key: self.key().into(),
            value: value.into(),
            lease: if leased { self.lease() } else { 0 },
            prev_kv: self.one_in(3),
            ignore_value,
            ignore_lease,
        }
    }

    /// `to_the_end` says whether the range may have no end.
    fn delete(&mut self, to_the_end: bool) -> PbDeleteRequest {
        let end = if self.one_in(3) { self.pick(&ENDS) } else { "" };
        let end = if end == "\0" && !to_the_end { "e" } else { end };
        PbDeleteRequest { key: self.key().into(), range_end: end.into(), prev_kv: self.one_in(2) }
    }

    /// Where `sorted`, by more than the key. What is equal then has no order in etcd, so there is no limit.
    fn range(&mut self, sorted: bool) -> PbRangeRequest {
        let sort_target = if sorted && self.one_in(3) { i32::try_from(self.below(5)).unwrap() } else { 0 };
        let bound = |dice: &mut Self| if dice.one_in(8) { -dice.number(30) } else { 0 };
        PbRangeRequest {
            key: self.key().into(),
            range_end: self.range_end().into(),
            limit: if sort_target == 0 && self.one_in(2) { self.number(6) } else { 0 },
            revision: if self.one_in(2) { self.distance(40) } else { 0 },
            sort_order: i32::try_from(self.below(3)).unwrap(),
            sort_target,
            serializable: self.one_in(4),
            keys_only: self.one_in(6),
            count_only: self.one_in(6),
            min_mod_revision: bound(self),
            max_mod_revision: bound(self),
            min_create_revision: bound(self),
            max_create_revision: bound(self),
        }
    }

    /// A deletion that has no end may come before a put of the same key, and then etcd does not survive a put that
    /// keeps the value; so there are transactions with the one and with the other.
    fn txn(&mut self, depth: u32, ignoring: bool) -> PbTxnRequest {
        let ignoring = ignoring && self.one_in(2);
        let compare = (0..self.below(3)).map(|_| self.compare()).collect();
        let success = self.operations(depth, ignoring);
        let failure = if self.one_in(2) { self.operations(depth, ignoring) } else { Vec::new() };
        txn(compare, success, failure)
    }

    fn operations(&mut self, depth: u32, ignoring: bool) -> Vec<PbTxnRequestOp> {
        let count = self.below(5);
        (0..count).map(|_| self.inner(depth, ignoring)).collect()
    }

    fn inner(&mut self, depth: u32, ignoring: bool) -> PbTxnRequestOp {
        match self.below(10) {
            0..4 => op(self.put(ignoring)),
            4..6 => op(self.delete(!ignoring)),
            6..9 => op(self.range(false)),
            _ if depth > 0 => {
                let nested = self.nested(depth - 1, ignoring);
                op(nested)
            }
            _ => op(self.put(ignoring)),
        }
    }

    fn nested(&mut self, depth: u32, ignoring: bool) -> PbTxnRequest {
        let compare = (0..self.below(2)).map(|_| self.compare()).collect();
        txn(compare, self.operations(depth, ignoring), self.operations(depth, ignoring))
    }

    fn compare(&mut self) -> PbCompare {
        let operator =
            self.pick(&[CompareOp::Equal, CompareOp::Greater, CompareOp::Less, CompareOp::NotEqual]);
        let with = match self.below(5) {
            0 => PbTargetUnion::Version(self.number(4)),
            1 => PbTargetUnion::CreateRevision(-self.number(20)),
            2 => PbTargetUnion::ModRevision(-self.number(20)),
            3 => PbTargetUnion::Value(self.below(6).to_string().into()),
            _ => PbTargetUnion::Lease(self.number(LEASES)),
        };
        let range_end = if self.one_in(3) { self.pick(&ENDS) } else { "" };
        PbCompare { range_end: range_end.into(), ..when(self.key(), operator, with) }
    }

    fn compaction(&mut self) -> PbCompactionRequest {
        compact(1 - self.number(60))
    }

    fn watch(&mut self) -> Create {
        Create {
            key: self.key(),
            range_end: self.range_end(),
            start_revision: self.distance(80),
            filters: if self.one_in(4) { vec![i32::try_from(self.below(2)).unwrap()] } else { Vec::new() },
            prev_kv: self.one_in(2),
            fragment: self.one_in(2),
            ..Create::default()
        }
    }
}

/// The call with its distances made revisions.
pub(super) fn placed(call: &Call, now: i64) -> Call {
    let mut call = call.clone();
    match &mut call {
        Call::Range(request) => place_range(request, now),
        Call::Transact(request) => place_txn(request, now),
        Call::Compact(request) => request.revision += now,
        Call::HashKv(request) => place(&mut request.revision, now),
        _ => {}
    }
    call
}

/// Makes a distance a revision; 0 has a meaning of its own.
pub(super) fn place(distance: &mut i64, now: i64) {
    if *distance != 0 {
        *distance += now;
    }
}

fn place_range(request: &mut PbRangeRequest, now: i64) {
    place(&mut request.revision, now);
    place(&mut request.min_mod_revision, now);
    place(&mut request.max_mod_revision, now);
    place(&mut request.min_create_revision, now);
    place(&mut request.max_create_revision, now);
}

fn place_txn(request: &mut PbTxnRequest, now: i64) {
    use etcd_client::proto::PbTxnOpRequest::{RequestRange, RequestTxn};
    for compare in &mut request.compare {
        if let Some(PbTargetUnion::CreateRevision(n) | PbTargetUnion::ModRevision(n)) =
            &mut compare.target_union
        {
            place(n, now);
        }
    }
    for operation in request.success.iter_mut().chain(&mut request.failure) {
        match &mut operation.request {
            Some(RequestRange(range)) => place_range(range, now),
            Some(RequestTxn(nested)) => place_txn(nested, now),
            _ => {}
        }
    }
}
