//! Leases: who gets one, for how long, and what goes with it.

use etcd_client::proto::{PbLeaseLeasesRequest, PbPutRequest};

use super::table::{compare, row};
use crate::support::requests::{
    all, calls, delete, delete_span, get, grant, keep_alive, leased, ops, put, revoke, span, time_to_live,
};

#[test]
fn leases_are_granted_and_refused_as_in_etcd() {
    let list = || PbLeaseLeasesRequest::default();
    compare(&[
        row("none yet", move |_| calls![list(), time_to_live(7, true), revoke(7), keep_alive(7)]),
        row("an id of one's own", |_| {
            calls![grant(7, 600), grant(7, 700), grant(8, 60), grant(i64::MAX, 60)]
        }),
        row("a negative id", |_| calls![grant(-7, 600), time_to_live(-7, false), revoke(-7)]),
        row("an id that the store draws", |_| calls![grant(0, 60)]),
        row("short lives", |_| {
            calls![grant(21, 0), grant(22, 1), grant(23, -1), grant(24, i64::MIN), grant(25, 2)]
        }),
        row("long lives", |_| {
            calls![grant(26, 9_000_000_000), grant(27, 9_000_000_001), grant(28, i64::MAX), revoke(26)]
        }),
        row("renewed", |_| calls![keep_alive(7), keep_alive(8), keep_alive(99), keep_alive(0)]),
        row("asked for", |_| calls![time_to_live(8, true), time_to_live(0, true), time_to_live(99, false)]),
        row("gone", move |_| {
            calls![
                revoke(8),
                revoke(8),
                revoke(i64::MAX),
                time_to_live(8, true),
                keep_alive(8),
                grant(8, 60),
                revoke(0),
            ]
        }),
    ]);
}

#[test]
fn keys_hang_on_leases_as_in_etcd() {
    compare(&[
        row("some keys", |_| {
            calls![
                grant(7, 600),
                grant(8, 600),
                leased("l/c", 7),
                leased("l/a", 7),
                leased("l/b", 8),
                put("l/d", "free"),
                time_to_live(7, true),
                time_to_live(8, true),
                time_to_live(7, false),
            ]
        }),
        row("a key changes its lease, leaves it, is deleted and comes back", |_| {
            calls![
                leased("l/a", 8),
                time_to_live(7, true),
                time_to_live(8, true),
                put("l/b", "free"),
                time_to_live(8, true),
                delete("l/c"),
                time_to_live(7, true),
                leased("l/c", 7),
                PbPutRequest { ignore_lease: true, ..put("l/c", "still") },
                time_to_live(7, true),
            ]
        }),
        row("a transaction that moves keys", |_| {
            calls![
                all(ops![leased("l/e", 7), leased("l/f", 8), put("l/c", "free"), delete("l/a")]),
                time_to_live(7, true),
                time_to_live(8, true),
                all(ops![delete_span("l/e", "\0"), leased("l/e", 8)]),
                time_to_live(7, true),
                time_to_live(8, true),
            ]
        }),
        row("revoking deletes all keys in one revision", |_| {
            calls![
                leased("l/z", 8),
                leased("l/y", 8),
                span("l/", "l0"),
                revoke(8),
                span("l/", "l0"),
                get("l/y"),
                put("l/y", "new"),
                get("l/y"),
            ]
        }),
        row("revoking a lease without keys makes no revision", |_| {
            calls![grant(9, 60), revoke(9), get("l/d"), put("l/d", "next")]
        }),
    ]);
}
