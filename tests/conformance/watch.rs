//! Watches: what is told, from when on, in which form, and how a watch ends.

mod script;

use etcd_client::WatchFilterType;

use self::script::Step::{Control, Events, EventsUntil, Fragments};
use self::script::{Step, compare, steps};
use super::table::{Row, row};
use crate::support::requests::{
    Create, all, cancel, compact, delete, delete_span, grant, leased, ops, progress, put, revoke, watch,
};

#[test]
fn watches_begin_and_tell_as_in_etcd() {
    let mut rows = vec![
        row("from now on", |_| {
            steps![
                watch("k", ""),
                Control,
                put("k", "1"),
                put("other", "1"),
                delete("k"),
                put("k", "2"),
                Events(3)
            ]
        }),
        row("a prefix, a span, a tail, and everything", |_| {
            let mut script = Vec::new();
            for (key, end) in [("k", "l"), ("k/b", "k/d"), ("k/c", "\0"), ("\0", "\0"), ("", "\0"), ("", "")]
            {
                script.extend(steps![watch(key, end), Control]);
            }
            script.extend(steps![
                put("k", "0"),
                put("k/a", "1"),
                put("k/b", "1"),
                put("k/d", "1"),
                delete("k/b")
            ]);
            script.extend(steps![delete_span("k/", "k0"), put("z", "last"), Events(28)]);
            script
        }),
        row("an empty range", |_| {
            steps![
                watch("b", "a"),
                Control,
                watch("b", "b"),
                Control,
                watch("b", "c"),
                Control,
                put("b", "1"),
                Events(1)
            ]
        }),
        row("a transaction, and a lease that is revoked", |_| {
            steps![
                grant(5, 600),
                watch("k", "l"),
                Control,
                all(ops![leased("k/z", 5), leased("k/y", 5), put("k/x", "1"), delete("k/none")]),
                leased("k/a", 5),
                revoke(5),
                Events(7),
            ]
        }),
        row("puts without a change of value", |_| {
            steps![watch("k", ""), Control, put("k", "same"), put("k", "same"), Events(2)]
        }),
    ];
    rows.extend(from_a_revision());
    compare(&rows);
}

fn from_a_revision() -> Vec<Row<Step>> {
    let mut rows = vec![row("a history", |_| {
        steps![
            put("h/a", "1"),
            put("h/a", "2"),
            put("other", "x"),
            all(ops![put("h/b", "1"), delete("h/a"), put("h/c", "1")]),
            delete("h/b"),
            put("h/a", "3"),
        ]
    })];
    for ago in [-3, -2, -1, 0, 1, 3, 5, 6] {
        for prev_kv in [false, true] {
            rows.push(row("from a revision on", move |now| {
                let from =
                    |key, range_end| Create { start_revision: now - ago, prev_kv, ..watch(key, range_end) };
                let mut script = steps![from("h/", "h0"), Control, from("h/a", ""), Control];
                // Three more revisions, so that every one of the watches has something to tell in the end.
                script.extend(steps![put("h/a", "x"), delete("h/a"), put("h/a", "y"), put("h/a", "z")]);
                script.push(EventsUntil(now + 4, 2));
                script
            }));
        }
    }
    rows
}

#[test]
fn watches_are_filtered_named_and_ended_as_in_etcd() {
    let no_put = WatchFilterType::NoPut as i32;
    let no_delete = WatchFilterType::NoDelete as i32;
    compare(&[
        row("filters", move |_| {
            let filtered = |filters: &[i32]| Create { filters: filters.to_vec(), ..watch("k", "") };
            let mut script = Vec::new();
            for filters in [&[no_put][..], &[no_delete], &[no_put, no_delete], &[no_put, no_put], &[7], &[]] {
                script.extend(steps![filtered(filters), Control]);
            }
            script.extend(steps![put("k", "1"), delete("k"), put("k", "2"), delete("k"), Events(14)]);
            script
        }),
        row("previous values", |_| {
            let with = |key, end| Create { prev_kv: true, ..watch(key, end) };
            steps![
                with("k", "l"),
                Control,
                put("k", "1"),
                put("k", "2"),
                delete("k"),
                put("k", "3"),
                all(ops![put("k", "4"), put("k/a", "1"), delete("k/a0")]),
                delete_span("k", "l"),
                Events(8),
            ]
        }),
        row("ids", |_| {
            let named = |watch_id| Create { watch_id, ..watch("k", "") };
            let mut script = Vec::new();
            for id in [2, 0, 0, 0, 2, 1, -5, 7, -5, i64::MAX, 0] {
                script.extend(steps![named(id), Control]);
            }
            script.extend(steps![put("k", "1"), Events(8)]);
            script
        }),
        row("canceling", |_| {
            let named = |watch_id| Create { watch_id, ..watch("k", "") };
            steps![
                named(3),
                Control,
                named(4),
                Control,
                put("k", "1"),
                Events(2),
                cancel(3),
                Control,
                // Nobody is told of these.
                cancel(3),
                cancel(99),
                put("k", "2"),
                Events(1),
                named(3),
                Control,
                put("k", "3"),
                Events(2),
            ]
        }),
        row("progress", |_| {
            steps![
                progress(),
                Control,
                watch("k", ""),
                Control,
                progress(),
                Control,
                put("k", "1"),
                Events(1),
                put("other", "1"),
                progress(),
                Control,
            ]
        }),
        row("a request for nothing", |_| {
            steps![
                etcd_client::proto::PbWatchRequest::default(),
                watch("k", ""),
                Control,
                put("k", "1"),
                Events(1)
            ]
        }),
    ]);
}

#[test]
fn watches_of_compacted_revisions_end_as_in_etcd() {
    let from = |start_revision| Create { start_revision, ..watch("k", "") };
    let with_previous = move |start_revision| Create { prev_kv: true, ..from(start_revision) };
    compare(&[
        row("before there was any compaction", move |_| {
            steps![from(1), Control, put("k", "0"), Events(1), from(-2), Control, Control]
        }),
        row("a history", |_| steps![put("k", "1"), put("k", "2"), delete("k"), put("k", "3"), put("k", "4")]),
        row("and some of it is compacted", |now| steps![compact(now - 1)]),
        row("too early", move |now| steps![from(now - 2), Control, Control, from(1), Control, Control]),
        row("at the compact revision", move |now| steps![from(now - 1), Control, Events(2)]),
        row("the previous value is compacted", move |now| steps![with_previous(now - 1), Control, Events(2)]),
        row("the others live on", move |now| {
            steps![
                from(0),
                Control,
                from(2),
                Control,
                Control,
                put("k", "5"),
                Events(1),
                from(now),
                Control,
                Events(2)
            ]
        }),
        row("a key that is put and deleted in one revision, or the other way round", |_| {
            steps![
                all(ops![put("k", "x"), put("l", "x"), delete_span("k", "\0")]),
                put("k", "6"),
                all(ops![delete_span("k", "\0"), put("k", "y")]),
            ]
        }),
        row("which is then the compact revision", |now| {
            let all_from = |start_revision| Create { start_revision, prev_kv: true, ..watch("\0", "\0") };
            let mut script = steps![compact(now - 2), all_from(now - 2), Control, Events(3)];
            script.extend(steps![compact(now), all_from(now), Control, Events(1)]);
            script
        }),
        row("compaction at a deletion", |_| steps![put("k", "6"), delete("k")]),
        row("which is gone then", move |now| {
            steps![compact(now), with_previous(now), Control, put("k", "7"), Events(1)]
        }),
    ]);
}

#[test]
fn large_revisions_come_in_the_fragments_of_etcd() {
    let fragmented = Create { prev_kv: true, fragment: true, ..watch("f/", "f0") };
    let keys = ["f/a", "f/b", "f/c", "f/d", "f/e", "f/f", "f/g"];
    let rows = [300, 511, 600, 699, 701, 1200].map(|size| {
        let fragmented = fragmented.clone();
        row("seven large values go with their lease", move |_| {
            let mut script = steps![grant(9, 600)];
            for key in keys {
                script.extend(steps![leased(key, 9), large(key, size)]);
            }
            script.extend(steps![fragmented.clone(), Control, revoke(9), Fragments]);
            script
        })
    });
    compare(&rows);
}

/// A value of so many KiB under a key that keeps its lease.
fn large(key: &str, kibibytes: usize) -> etcd_client::proto::PbPutRequest {
    etcd_client::proto::PbPutRequest { ignore_lease: true, ..put(key, &"x".repeat(kibibytes * 1024)) }
}

#[test]
fn fifty_watches_on_one_stream_are_told_as_in_etcd() {
    const RANGES: [(&str, &str); 10] = [
        ("m/a", ""),
        ("m/b", ""),
        ("m/", "m0"),
        ("m/a", "m/c"),
        ("m/b", "\0"),
        ("\0", "\0"),
        ("m", "n"),
        ("m/c", "m/a"),
        ("m/a/", "m/a0"),
        ("n", ""),
    ];
    compare(&[row("of all kinds", |now| {
        let mut script = Vec::new();
        for round in 0..5 {
            for (key, end) in RANGES {
                let start_revision = if round % 2 == 0 { 0 } else { now + 1 };
                let prev_kv = round > 2;
                script.extend(steps![Create { start_revision, prev_kv, ..watch(key, end) }, Control]);
            }
            script.extend(steps![put("m/a", "1"), put("m/b", "2"), put("m/a/x", "3"), delete("m/a")]);
            script.extend(steps![all(ops![put("m/c", "4"), put("n", "5"), delete_span("m/b", "m/c")])]);
        }
        // Something for every watch in the end: no more can come after that.
        script.extend(steps![all(ops![put("m/a", "last"), put("m/b", ""), put("m/a/x", ""), put("n", "")])]);
        script.push(EventsUntil(now + 26, 5 * 19));
        script
    })]);
}
