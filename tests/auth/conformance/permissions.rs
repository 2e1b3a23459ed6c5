//! What users may do with keys, watches and leases.

use etcd_client::PermissionType::{Read, Readwrite, Write};
use etcd_client::proto::{PbDeleteRequest, PbPutRequest, PbRangeRequest};

use super::super::wire::Wire;
use super::super::wire::requests;
use super::compare;

/// Users root, and s, which may read and write from `s/` to `s0`, read `r` and from `m` to `p` in two parts, and write
/// `w`; u has no role. All are logged in, and auth is on.
async fn populate(wire: &mut Wire) {
    for name in ["root", "s", "u"] {
        wire.user_add(name, "secret").await;
    }
    wire.user_grant_role("root", "root").await;
    for role in ["own", "more"] {
        wire.role_add(role).await;
        wire.user_grant_role("s", role).await;
    }
    for (role, kind, key, end) in [
        ("own", Readwrite, "s/", "s0"),
        ("more", Read, "r", ""),
        ("own", Read, "m", "n"),
        ("more", Read, "n", "p"),
        ("more", Write, "w", ""),
    ] {
        wire.grant_permission(role, kind, key, end).await;
    }
    for key in ["s/a", "s/b", "r", "m", "n", "w", "other"] {
        wire.put(key, "v").await;
    }
    wire.auth_enable().await;
    for name in ["root", "s", "u"] {
        wire.log_in(name, "secret").await;
    }
}

/// Has root, s, u and somebody unknown do the same.
async fn by_everybody(wire: &mut Wire, script: impl AsyncFn(&mut Wire)) {
    for speaker in ["s", "u", "root"] {
        wire.speak_as(speaker);
        script(wire).await;
    }
    wire.speak_as_nobody();
    script(wire).await;
    wire.speak_with("invalid.1");
    script(wire).await;
}

const RANGES: [(&str, &str); 16] = [
    ("s/a", ""),
    ("s/", "s0"),
    ("s/", "s/z"),
    ("s/", "s1"),
    ("s/", "\0"),
    ("s", "s0"),
    ("r", ""),
    ("r", "r\0"),
    ("r", "s"),
    ("m", "p"),
    ("m\0", "o"),
    ("m", "p\0"),
    ("w", ""),
    ("other", ""),
    ("\0", "\0"),
    ("", ""),
];

#[test]
fn ranges_are_read_and_deleted_by_whom_etcd_lets() {
    compare(async |wire: &mut Wire| {
        populate(wire).await;
        by_everybody(wire, async |wire| {
            for (key, end) in RANGES {
                wire.get(key, end).await;
                wire.say_range(PbRangeRequest { revision: 99, ..requests::range(key, end) }).await;
                wire.say_delete(requests::delete(key, end)).await;
                wire.say_delete(PbDeleteRequest { prev_kv: true, ..requests::delete(key, end) }).await;
            }
        })
        .await;
    });
}

#[test]
fn keys_are_put_by_whom_etcd_lets() {
    compare(async |wire: &mut Wire| {
        populate(wire).await;
        wire.speak_as("root");
        for (lease, key) in [(1, "s/leased"), (2, "foreign"), (2, "s/beside"), (3, "")] {
            wire.grant_lease(lease).await;
            if !key.is_empty() {
                wire.say_put(PbPutRequest { lease, ..requests::put(key, "") }).await;
            }
        }
        by_everybody(wire, async |wire| {
            for key in ["s/a", "s/new", "w", "r", "other", ""] {
                for prev_kv in [false, true] {
                    wire.say_put(PbPutRequest { prev_kv, ..requests::put(key, "v") }).await;
                }
                wire.say_put(PbPutRequest { ignore_value: true, ..requests::put(key, "") }).await;
                for lease in [1, 2, 3, 4] {
                    wire.say_put(PbPutRequest { lease, ..requests::put(key, "v") }).await;
                }
            }
        })
        .await;
    });
}

#[test]
fn transactions_are_carried_out_for_whom_etcd_does() {
    compare(async |wire: &mut Wire| {
        populate(wire).await;
        by_everybody(wire, async |wire| {
            for (key, end) in RANGES {
                wire.say_txn(requests::when(key, end)).await;
                wire.say_txn(requests::then(requests::range_op(key, end))).await;
                wire.say_txn(requests::or_else(requests::range_op(key, end))).await;
                wire.say_txn(requests::then(requests::delete_op(key, end))).await;
                wire.say_txn(requests::or_else(requests::delete_op(key, end))).await;
            }
            for key in ["s/a", "w", "r", "other"] {
                wire.say_txn(requests::then(requests::put_op(key))).await;
                wire.say_txn(requests::or_else(requests::put_op(key))).await;
            }
        })
        .await;
    });
}

#[test]
fn watches_are_refused_where_etcd_refuses_them() {
    compare(async |wire: &mut Wire| {
        populate(wire).await;
        for speaker in ["s", "u", "root"] {
            wire.speak_as(speaker);
            for (key, end) in RANGES {
                // etcd 3.5.1 lets who may read one key watch everything after it: shown apart.
                if (speaker, end) != ("s", "\0") {
                    wire.say_watch(key, end).await;
                }
            }
        }
    });
}

#[test]
fn leases_end_at_the_hand_of_whom_etcd_lets() {
    compare(async |wire: &mut Wire| {
        populate(wire).await;
        wire.speak_as("root");
        for lease in 1..=8 {
            wire.grant_lease(lease).await;
        }
        for (lease, key) in [(1, "s/1"), (2, "s/2"), (2, "foreign"), (3, "r"), (4, "w"), (5, "other")] {
            wire.say_put(PbPutRequest { lease, ..requests::put(key, "") }).await;
        }
        wire.speak_as("u");
        for lease in [1, 2, 5, 6, 99] {
            wire.revoke_lease(lease).await;
        }
        wire.speak_as("s");
        for lease in [1, 2, 3, 4, 5, 7, 99] {
            wire.revoke_lease(lease).await;
        }
        wire.grant_lease(10).await;
        wire.speak_with("invalid.1").grant_lease(11).await;
        wire.revoke_lease(8).await;
        wire.speak_as("root").get("\0", "\0").await;
    });
}
