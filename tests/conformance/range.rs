//! Range: which keys, in which order, of which revision, and how many.

use etcd_client::proto::PbRangeRequest;
use etcd_client::{SortOrder, SortTarget};

use super::table::{Row, compare, row};
use crate::support::requests::{calls, compact, delete, get, put, span};
use crate::support::wire::Call;

#[test]
fn ranges_answer_as_in_etcd() {
    let mut rows = vec![row("some keys with a history", |_| fruit())];
    rows.extend(plain());
    rows.extend(sorted());
    rows.extend(selected());
    rows.extend(at_revisions());
    rows.push(row("and some are compacted", |now| calls![compact(now - 4)]));
    rows.extend(at_revisions());
    compare(&rows);
}

/// Six keys of one prefix and some around it. No two are equal in what they can be sorted by, but for versions.
fn fruit() -> Vec<Call> {
    calls![
        put("f/pear", "6"),
        put("f/apple", "5"),
        put("e", "before"),
        put("f/fig", "4"),
        put("f/gone", "x"),
        put("f/kiwi", "3"),
        put("f/pear", "2"),
        put("g", "after"),
        put("f/lime", "1"),
        delete("f/gone"),
        put("f/pear", "0"),
        put("f/fig", "7"),
        put("f/empty", ""),
    ]
}

fn one(says: &'static str, request: PbRangeRequest) -> Row<Call> {
    row(says, move |_| calls![request.clone()])
}

fn prefix() -> PbRangeRequest {
    span("f/", "f0")
}

fn plain() -> Vec<Row<Call>> {
    vec![
        one("a key", get("f/fig")),
        one("a key that is not there", get("f/none")),
        one("a key that was deleted", get("f/gone")),
        one("a prefix", prefix()),
        one("a span", span("f/fig", "f/lime")),
        one("from a key on", span("f/kiwi", "\0")),
        one("all keys", span("\0", "\0")),
        one("an inverted span", span("f/lime", "f/fig")),
        one("an empty span", span("f/fig", "f/fig")),
        one("no key", get("")),
        one("no key, with an end", span("", "\0")),
        one("no key, counted", PbRangeRequest { count_only: true, ..get("") }),
        one("limited", PbRangeRequest { limit: 2, ..prefix() }),
        one("limited to what there is", PbRangeRequest { limit: 6, ..prefix() }),
        one("limited to more", PbRangeRequest { limit: 7, ..prefix() }),
        one("a negative limit", PbRangeRequest { limit: -1, ..prefix() }),
        one("a limit on one key", PbRangeRequest { limit: 1, ..get("f/fig") }),
        one("counted", PbRangeRequest { count_only: true, ..prefix() }),
        one("counted with a limit", PbRangeRequest { count_only: true, limit: 1, ..prefix() }),
        one("nothing counted", PbRangeRequest { count_only: true, ..get("f/none") }),
        one("counted in an inverted span", PbRangeRequest { count_only: true, ..span("g", "f") }),
        one("keys only", PbRangeRequest { keys_only: true, ..prefix() }),
        one("keys only and counted", PbRangeRequest { keys_only: true, count_only: true, ..prefix() }),
        one("serializable", PbRangeRequest { serializable: true, ..prefix() }),
    ]
}

fn sorted() -> Vec<Row<Call>> {
    let mut rows = Vec::new();
    let targets =
        [SortTarget::Key, SortTarget::Version, SortTarget::Create, SortTarget::Mod, SortTarget::Value];
    for target in targets {
        for order in [SortOrder::None, SortOrder::Ascend, SortOrder::Descend] {
            for limit in [0, 1, 3] {
                for keys_only in [false, true] {
                    let request = PbRangeRequest {
                        sort_target: target as i32,
                        sort_order: order as i32,
                        limit,
                        keys_only,
                        ..prefix()
                    };
                    rows.push(one("sorted", request));
                }
            }
        }
    }
    // A target or an order that there is not is refused as etcd 3.5 came to do it; 3.5.1 does not survive it.
    rows
}

fn selected() -> Vec<Row<Call>> {
    let mut rows = Vec::new();
    let bounds: [fn(&mut PbRangeRequest) -> &mut i64; 4] = [
        |request| &mut request.min_mod_revision,
        |request| &mut request.max_mod_revision,
        |request| &mut request.min_create_revision,
        |request| &mut request.max_create_revision,
    ];
    for bound in bounds {
        for revision in [-1, 1, 3, 5, 8, 12, 13, 99] {
            for limit in [0, 2] {
                for count_only in [false, true] {
                    let mut request = PbRangeRequest { limit, count_only, ..prefix() };
                    *bound(&mut request) = revision;
                    rows.push(one("bounded by a revision", request));
                }
            }
        }
    }
    let between = PbRangeRequest { min_mod_revision: 5, max_mod_revision: 10, ..prefix() };
    rows.push(one("between two", between.clone()));
    rows.push(one("between two, limited", PbRangeRequest { limit: 1, ..between.clone() }));
    let descending = PbRangeRequest {
        sort_order: SortOrder::Descend as i32,
        sort_target: SortTarget::Mod as i32,
        ..between
    };
    rows.push(one("between two, the last first", PbRangeRequest { limit: 1, ..descending }));
    rows
}

fn at_revisions() -> Vec<Row<Call>> {
    let mut rows = Vec::new();
    for ago in -2..16 {
        for (count_only, serializable, limit) in [(false, false, 0), (true, false, 0), (false, true, 2)] {
            rows.push(row("at a revision", move |now| {
                let at = PbRangeRequest { revision: now - ago, count_only, serializable, limit, ..prefix() };
                calls![at, PbRangeRequest { revision: now - ago, ..get("f/gone") }]
            }));
        }
    }
    for revision in [-1, -100, i64::MIN, i64::MAX] {
        rows.push(one("at no revision", PbRangeRequest { revision, ..prefix() }));
    }
    rows
}
