//! A user restricted to one prefix reaches nothing else, by any request: also not where etcd 3.5.1 had holes, which
//! later releases closed (GHSA-rfx7-8w68-q57q, GHSA-q8m4-xhhv-38mg, GHSA-x35m-3gp4-4fh5, GHSA-xg4h-6gfc-h4m8).

use etcd_client::PermissionType::Readwrite;
use etcd_client::proto::{
    PbAlarmRequest, PbAlarmResponse, PbCompactionRequest, PbCompactionResponse, PbDeleteResponse,
    PbHashKvRequest, PbHashKvResponse, PbLeaseGrantRequest, PbLeaseGrantResponse, PbLeaseKeepAliveRequest,
    PbLeaseKeepAliveResponse, PbLeaseLeasesRequest, PbLeaseLeasesResponse, PbLeaseRevokeRequest,
    PbLeaseRevokeResponse, PbLeaseTimeToLiveRequest, PbLeaseTimeToLiveResponse, PbMemberListRequest,
    PbMemberListResponse, PbPutRequest, PbPutResponse, PbRangeRequest, PbRangeResponse, PbStatusRequest,
    PbStatusResponse, PbTxnOpRequest, PbTxnRequest, PbTxnResponse,
};

use super::store::Store;
use super::wire::{Wire, requests};
use crate::support::servers::Backend;

const DENIED: &str = r#"PermissionDenied "etcdserver: permission denied""#;
const UNKNOWN: &str = r#"InvalidArgument "etcdserver: user name is empty""#;
const INVALID: &str = r#"Unauthenticated "etcdserver: invalid auth token""#;

/// A store with auth on, and the swarm `s` on the wire, which may read and write below `/swarms/s/` only. Lease 1 is its
/// own, lease 2 carries a key of somebody else beside one of its own, lease 3 is empty.
async fn restrict(wire: &mut Wire) {
    for name in ["root", "s"] {
        wire.user_add(name, "secret").await;
    }
    wire.user_grant_role("root", "root").await;
    wire.role_add("swarm-s").await;
    wire.grant_permission("swarm-s", Readwrite, "/swarms/s/", "/swarms/s0").await;
    wire.user_grant_role("s", "swarm-s").await;
    for lease in 1..=3 {
        wire.grant_lease(lease).await;
    }
    for (key, lease) in [("/swarms/s/a", 1), ("/swarms/s/b", 2), ("/swarms/t/a", 2), ("/budgets/s", 0)] {
        wire.say_put(PbPutRequest { lease, ..requests::put(key, "v") }).await;
    }
    wire.auth_enable().await;
    wire.log_in("root", "secret").await.log_in("s", "secret").await.speak_as("s");
}

async fn everything(wire: &mut Wire) -> String {
    let all = wire.speak_as("root").ask::<_, PbRangeResponse>("KV/Range", requests::range("\0", "\0")).await;
    wire.speak_as("s");
    format!("{:?}", all.unwrap().kvs)
}

/// Keys and ranges that are not, or not wholly, below `/swarms/s/`.
const ELSEWHERE: [(&str, &str); 9] = [
    ("/swarms/t/a", ""),
    ("/budgets/s", ""),
    ("/swarms/s", ""),
    ("/swarms/s0", ""),
    ("/swarms/", "/swarms0"),
    ("/swarms/s/", "/swarms/t0"),
    ("/swarms/s/", "\0"),
    ("/swarms/s/a", "\0"),
    ("\0", "\0"),
];

#[test]
fn it_reads_and_writes_its_own_keys() {
    Store::start(Backend::Engine).talk(async |wire| {
        restrict(wire).await;
        let key = "/swarms/s/a";
        assert_eq!(wire.outcome::<_, PbPutResponse>("KV/Put", requests::put(key, "w")).await, "ok");
        for request in [requests::range(key, ""), requests::range("/swarms/s/", "/swarms/s0")] {
            let found = wire.ask::<_, PbRangeResponse>("KV/Range", request).await.unwrap();
            assert_eq!(
                (found.kvs[0].key.as_slice(), found.kvs[0].value.as_slice()),
                (key.as_bytes(), &b"w"[..])
            );
        }
        let watch = wire.watch(requests::watch("/swarms/s/", "/swarms/s0")).await;
        assert!(watch.created && !watch.canceled, "{watch:?}");
        let transaction = requests::nested(requests::then(requests::put_op(key)));
        let all = PbTxnRequest { compare: requests::when(key, "").compare, ..transaction };
        let done = wire.ask::<_, PbTxnResponse>("KV/Txn", all).await.unwrap();
        assert!(done.succeeded);
        let gone = requests::delete("/swarms/s/", "/swarms/s0");
        assert_eq!(wire.ask::<_, PbDeleteResponse>("KV/DeleteRange", gone).await.unwrap().deleted, 2);
    });
}

#[test]
fn it_reads_and_writes_nothing_elsewhere() {
    Store::start(Backend::Engine).talk(async |wire| {
        restrict(wire).await;
        let before = everything(wire).await;
        for (key, end) in ELSEWHERE {
            let what = format!("{key:?} {end:?}");
            let range = requests::range(key, end);
            assert_eq!(wire.outcome::<_, PbRangeResponse>("KV/Range", range.clone()).await, DENIED, "{what}");
            for narrow in [
                PbRangeRequest { count_only: true, ..range.clone() },
                PbRangeRequest { keys_only: true, limit: 1, ..range.clone() },
                PbRangeRequest { serializable: true, revision: 2, ..range },
            ] {
                assert_eq!(wire.outcome::<_, PbRangeResponse>("KV/Range", narrow).await, DENIED, "{what}");
            }
            let delete = requests::delete(key, end);
            assert_eq!(wire.outcome::<_, PbDeleteResponse>("KV/DeleteRange", delete).await, DENIED, "{what}");
            let watch = wire.watch(requests::watch(key, end)).await;
            assert!(watch.created && watch.canceled, "{what}: {watch:?}");
            assert!(watch.cancel_reason.ends_with("desc = etcdserver: permission denied"), "{watch:?}");
            assert_eq!(watch.watch_id, -1, "{what}");
            for transaction in smuggled(key, end) {
                let what = format!("{transaction:?}");
                assert_eq!(wire.outcome::<_, PbTxnResponse>("KV/Txn", transaction).await, DENIED, "{what}");
            }
        }
        assert_eq!(everything(wire).await, before);
    });
}

/// Transactions that name a range in any place where one can be named.
fn smuggled(key: &str, end: &str) -> Vec<PbTxnRequest> {
    let operations = || [requests::range_op(key, end), requests::delete_op(key, end), requests::put_op(key)];
    let puts_key = |operation: &PbTxnOpRequest| {
        // A put speaks of its key alone, which may be one of its own.
        !matches!(operation, PbTxnOpRequest::RequestPut(_)) || end.is_empty()
    };
    let single: Vec<PbTxnRequest> = operations()
        .into_iter()
        .filter(puts_key)
        .flat_map(|operation| [requests::then(operation.clone()), requests::or_else(operation)])
        .chain([requests::when(key, end)])
        .collect();
    let nested = single.iter().cloned().map(requests::nested);
    let twice = single.iter().cloned().map(|inner| requests::nested(requests::nested(inner)));
    let untaken = single.iter().cloned().map(|inner| requests::or_else(PbTxnOpRequest::RequestTxn(inner)));
    let beside = single.iter().cloned().map(|inner| {
        let mut outer = requests::then(requests::range_op("/swarms/s/a", ""));
        outer.success.extend(requests::nested(inner).success);
        outer
    });
    single.iter().cloned().chain(nested).chain(twice).chain(untaken).chain(beside).collect()
}

#[test]
fn it_ends_renews_and_looks_into_no_lease_of_others() {
    Store::start(Backend::Engine).talk(async |wire| {
        restrict(wire).await;
        let before = everything(wire).await;
        let revoke = PbLeaseRevokeRequest { id: 2 };
        assert_eq!(wire.outcome::<_, PbLeaseRevokeResponse>("Lease/LeaseRevoke", revoke).await, DENIED);
        let renew = PbLeaseKeepAliveRequest { id: 2 };
        assert_eq!(wire.outcome::<_, PbLeaseKeepAliveResponse>("Lease/LeaseKeepAlive", renew).await, DENIED);
        for (id, keys, expected) in [(1, true, "ok"), (2, true, DENIED), (2, false, "ok"), (3, true, "ok")] {
            let request = PbLeaseTimeToLiveRequest { id, keys };
            let said = wire.outcome::<_, PbLeaseTimeToLiveResponse>("Lease/LeaseTimeToLive", request).await;
            assert_eq!(said, expected, "{id} {keys}");
        }
        let list = PbLeaseLeasesRequest {};
        assert_eq!(wire.outcome::<_, PbLeaseLeasesResponse>("Lease/LeaseLeases", list).await, DENIED);
        let joined = PbPutRequest { lease: 2, ..requests::put("/swarms/s/a", "") };
        assert_eq!(wire.outcome::<_, PbPutResponse>("KV/Put", joined.clone()).await, DENIED);
        let within = requests::then(PbTxnOpRequest::RequestPut(joined));
        assert_eq!(wire.outcome::<_, PbTxnResponse>("KV/Txn", within).await, DENIED);
        assert_eq!(everything(wire).await, before);
        for id in [1, 3] {
            let renew = PbLeaseKeepAliveRequest { id };
            assert_eq!(
                wire.outcome::<_, PbLeaseKeepAliveResponse>("Lease/LeaseKeepAlive", renew).await,
                "ok"
            );
            let revoke = PbLeaseRevokeRequest { id };
            assert_eq!(wire.outcome::<_, PbLeaseRevokeResponse>("Lease/LeaseRevoke", revoke).await, "ok");
        }
    });
}

/// What remains to be asked beside keys, watches and the Auth service: what a user without the role root is told, and
/// what somebody unknown is.
async fn general_outcomes(wire: &Wire) -> Vec<(&'static str, String)> {
    let alarm = |action| PbAlarmRequest { action, ..PbAlarmRequest::default() };
    let compact = PbCompactionRequest { revision: 2, physical: false };
    let grant = PbLeaseGrantRequest { ttl: 60, id: 0 };
    let renew = PbLeaseKeepAliveRequest { id: 3 };
    let members = PbMemberListRequest { linearizable: false };
    let hash = PbHashKvRequest { revision: 0 };
    vec![
        ("status", wire.outcome::<_, PbStatusResponse>("Maintenance/Status", PbStatusRequest {}).await),
        ("members", wire.outcome::<_, PbMemberListResponse>("Cluster/MemberList", members).await),
        ("alarms", wire.outcome::<_, PbAlarmResponse>("Maintenance/Alarm", alarm(0)).await),
        ("lease", wire.outcome::<_, PbLeaseGrantResponse>("Lease/LeaseGrant", grant).await),
        ("renewal", wire.outcome::<_, PbLeaseKeepAliveResponse>("Lease/LeaseKeepAlive", renew).await),
        ("disarming", wire.outcome::<_, PbAlarmResponse>("Maintenance/Alarm", alarm(2)).await),
        ("hash", wire.outcome::<_, PbHashKvResponse>("Maintenance/HashKV", hash).await),
        ("compaction", wire.outcome::<_, PbCompactionResponse>("KV/Compact", compact).await),
    ]
}

#[test]
fn the_store_itself_is_for_root_and_strangers_learn_nothing() {
    Store::start(Backend::Engine).talk(async |wire| {
        restrict(wire).await;
        for (what, said) in general_outcomes(wire).await {
            let open = ["status", "members", "alarms", "lease", "renewal"].contains(&what);
            assert_eq!(said, if open { "ok" } else { DENIED }, "{what}");
        }
        for (what, said) in general_outcomes(wire.speak_as_nobody()).await {
            assert_eq!(said, UNKNOWN, "{what}");
        }
        for (what, said) in general_outcomes(wire.speak_with("invalid.1")).await {
            assert_eq!(said, INVALID, "{what}");
        }
        let watch = wire.watch(requests::watch("/swarms/s/", "/swarms/s0")).await;
        assert!(watch.cancel_reason.ends_with("desc = etcdserver: invalid auth token"), "{watch:?}");
        let watch = wire.speak_as_nobody().watch(requests::watch("/swarms/s/", "/swarms/s0")).await;
        assert!(watch.cancel_reason.ends_with("desc = etcdserver: user name is empty"), "{watch:?}");
        for (what, said) in general_outcomes(wire.speak_as("root")).await {
            assert_eq!(said, "ok", "{what}");
        }
    });
}

#[test]
fn a_permission_for_no_key_at_all_is_refused() {
    Store::start(Backend::Engine).talk(async |wire| {
        wire.role_add("r").await;
        for (key, end) in [("", ""), ("", "b"), ("b", "a"), ("a", "a")] {
            wire.grant_permission("r", Readwrite, key, end).await;
            let said = wire.transcript.pop().unwrap();
            assert!(said.ends_with(r#"InvalidArgument "etcdserver: invalid auth management""#), "{said}");
        }
    });
}

/// Puts that race with the revocation of the right to put: from the moment of the revocation on, none goes through.
#[test]
fn of_puts_that_wait_behind_a_revocation_none_is_carried_out() {
    let store = Store::start(Backend::Engine);
    for _ in 0..10 {
        store.talk(async |wire| {
            restrict_again(wire).await;
            let put = requests::put("/swarms/s/a", "raced");
            let puts = futures::future::join_all(
                (0..100).map(|_| wire.ask::<_, PbPutResponse>("KV/Put", put.clone())),
            );
            let mut admin = Wire::connect(store.endpoint()).await;
            admin.log_in("root", "secret").await.speak_as("root");
            let revoked = async {
                admin.user_revoke_role("s", "swarm-s").await;
                admin.ask::<_, PbRangeResponse>("KV/Range", requests::range("/swarms/s/a", "")).await.unwrap()
            };
            let (answers, after) = futures::join!(puts, revoked);
            let last = after.kvs[0].mod_revision;
            for answer in answers {
                match answer {
                    Ok(done) => assert!(done.header.unwrap().revision <= last),
                    Err(status) => assert!(
                        ["etcdserver: permission denied", "etcdserver: revision of auth store is old"]
                            .contains(&status.message()),
                        "{status:?}"
                    ),
                }
            }
        });
    }
}

/// The same store as before, made anew where a round has changed it.
async fn restrict_again(wire: &mut Wire) {
    if wire.outcome::<_, PbRangeResponse>("KV/Range", requests::range("k", "")).await == "ok" {
        restrict(wire).await;
        return;
    }
    wire.log_in("root", "secret").await.speak_as("root").user_grant_role("s", "swarm-s").await;
    wire.log_in("s", "secret").await.speak_as("s");
}
