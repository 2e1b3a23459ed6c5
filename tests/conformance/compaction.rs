//! Compaction: what can still be read afterwards, and which revisions can be compacted.

use etcd_client::proto::{PbCompactionRequest, PbHashKvRequest, PbRangeRequest};

use super::table::{compare, row};
use crate::support::requests::{all, calls, compact, delete, get, grant, leased, ops, put, span, when};
use crate::support::wire::Call;
use etcd_client::CompareOp;
use etcd_client::proto::PbTargetUnion;

fn lazily(revision: i64) -> PbCompactionRequest {
    PbCompactionRequest { revision, physical: false }
}

fn hash(revision: i64) -> PbHashKvRequest {
    PbHashKvRequest { revision }
}

/// A range of everything at each of the last revisions, and the checksum up to it.
fn look_back(now: i64) -> Vec<Call> {
    (now - 12..now + 3)
        .flat_map(|revision| calls![PbRangeRequest { revision, ..span("\0", "\0") }, hash(revision)])
        .collect()
}

#[test]
fn compaction_leaves_what_etcd_leaves() {
    compare(&[
        row("an empty store", |_| {
            calls![hash(0), compact(0), compact(1), compact(2), compact(-1), hash(0), hash(1)]
        }),
        row("a history", |_| {
            calls![
                grant(31, 600),
                put("c/a", "1"),
                put("c/b", "1"),
                put("c/a", "2"),
                delete("c/b"),
                leased("c/c", 31),
                all(ops![put("c/a", "3"), put("c/d", "1"), delete("c/c")]),
                put("c/b", "2"),
                delete("c/b"),
                hash(0),
            ]
        }),
        row("before", look_back),
        row("refused", |now| {
            calls![compact(now + 1), lazily(now + 7), compact(-5), compact(0), compact(i64::MAX)]
        }),
        row("some of it", |now| calls![compact(now - 4)]),
        row("after some", look_back),
        row("again, and earlier", |now| {
            calls![compact(now - 4), compact(now - 5), lazily(now - 4), compact(1)]
        }),
        row("transactions that read what is gone", |now| {
            let at = |revision| PbRangeRequest { revision, ..get("c/a") };
            let never = when("c/a", CompareOp::Equal, PbTargetUnion::Version(0));
            calls![
                all(ops![at(now - 5)]),
                all(ops![put("c/x", "x"), at(now - 5)]),
                all(ops![at(now - 4), put("c/x", "x")]),
                crate::support::requests::txn(vec![never], ops![at(now - 5)], ops![get("c/a")]),
            ]
        }),
        row("without waiting", |now| {
            let mut script = calls![lazily(now - 1)];
            script.extend((now - 3..now).map(|revision| PbRangeRequest { revision, ..get("c/a") }.into()));
            script
        }),
        row("all of it", |now| calls![compact(now), span("\0", "\0"), hash(0), hash(now), hash(now - 1)]),
        row("after all", look_back),
        row("and on", |_| calls![put("c/b", "3"), delete("c/a"), get("c/b"), hash(0)]),
        row("after a deletion", |now| calls![compact(now), hash(0), put("c/a", "new"), get("c/a"), hash(0)]),
    ]);
}
