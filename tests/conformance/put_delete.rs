//! Put and delete: what they write, what they give back, and what they refuse.

use etcd_client::proto::{PbDeleteRequest, PbPutRequest};

use super::table::{compare, row};
use crate::support::requests::{calls, delete, delete_span, get, grant, leased, put, span, time_to_live};

#[test]
fn puts_answer_as_in_etcd() {
    let with_previous = |key, value| PbPutRequest { prev_kv: true, ..put(key, value) };
    let same_value = |key| PbPutRequest { ignore_value: true, ..put(key, "") };
    let same_lease = |key, value| PbPutRequest { ignore_lease: true, ..put(key, value) };
    compare(&[
        row("a new key, and again", |_| calls![put("p/a", "1"), put("p/a", "2"), get("p/a")]),
        row("an empty value", |_| calls![put("p/a", ""), get("p/a")]),
        row("no key", |_| calls![put("", "value")]),
        row("a key of one zero byte", |_| calls![put("\0", "zero"), get("\0"), delete("\0")]),
        row("the previous of none and of some", move |_| {
            calls![with_previous("p/b", "1"), with_previous("p/b", "2"), with_previous("p/b", "")]
        }),
        row("the previous of a deleted key", move |_| {
            calls![put("p/c", "1"), delete("p/c"), with_previous("p/c", "2"), get("p/c")]
        }),
        row("the value stays", move |_| {
            calls![
                put("p/d", "kept"),
                same_value("p/d"),
                PbPutRequest { prev_kv: true, ..same_value("p/d") },
                get("p/d"),
                PbPutRequest { value: b"other".to_vec(), ..same_value("p/d") },
                same_value("p/none"),
                same_value(""),
            ]
        }),
        row("a lease stays, changes and goes", move |_| {
            calls![
                grant(71, 600),
                grant(72, 600),
                leased("p/e", 71),
                same_lease("p/e", "still"),
                get("p/e"),
                PbPutRequest { lease: 72, ..same_value("p/e") },
                get("p/e"),
                time_to_live(71, true),
                time_to_live(72, true),
                PbPutRequest { ignore_lease: true, prev_kv: true, ..same_value("p/e") },
                put("p/e", "free"),
                time_to_live(72, true),
                get("p/e"),
            ]
        }),
        row("what cannot go together", move |_| {
            calls![
                PbPutRequest { lease: 71, ..same_lease("p/e", "x") },
                same_lease("p/none", "x"),
                leased("p/f", 99),
                leased("p/f", -1),
                PbPutRequest { lease: 99, ..same_value("p/none") },
                PbPutRequest { lease: 99, value: b"x".to_vec(), ..same_value("p/e") },
                PbPutRequest { ignore_lease: true, lease: 71, value: b"x".to_vec(), ..same_value("p/e") },
            ]
        }),
        row("as large as may be, and larger", |_| {
            let large = |bytes| put("p/large", &"x".repeat(bytes));
            let limit = 1536 * 1024;
            let sizes = [limit - 64, limit - 20, limit, limit + 1, limit + 256 * 1024];
            let mut script = sizes.map(|bytes| large(bytes).into()).to_vec();
            script.extend(calls![delete("p/large")]);
            script
        }),
        row("all of it", |_| calls![span("p/", "p0")]),
    ]);
}

#[test]
fn deletes_answer_as_in_etcd() {
    let with_previous = |request| PbDeleteRequest { prev_kv: true, ..request };
    let some = || calls![put("d/c", "3"), put("d/a", "1"), put("d/b", "2"), put("e", "4")];
    let after = move |request: PbDeleteRequest| {
        let mut script = some();
        script.extend(calls![request, span("d", "f")]);
        script
    };
    let mut rows = vec![row("nothing there", |_| calls![delete("d/none"), delete_span("d/x", "d/z")])];
    for request in [
        delete("d/a"),
        delete_span("d/", "d0"),
        delete_span("d/b", "\0"),
        delete_span("d/a", "d/c"),
        delete_span("d/c", "d/a"),
        delete_span("d/a", "d/a"),
        delete(""),
        delete_span("", "\0"),
        delete_span("\0", "\0"),
    ] {
        for request in [request.clone(), with_previous(request)] {
            rows.push(row("a deletion", move |_| after(request.clone())));
        }
    }
    rows.push(row("a key lives again", |_| {
        calls![put("d/again", "1"), delete("d/again"), delete("d/again"), put("d/again", "2"), get("d/again")]
    }));
    rows.push(row("a deleted key leaves its lease", |_| {
        calls![grant(81, 600), leased("d/leased", 81), delete("d/leased"), time_to_live(81, true)]
    }));
    compare(&rows);
}
