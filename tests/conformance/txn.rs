//! Transactions: what is compared, which branch is taken, what it writes, and what is refused.

use etcd_client::CompareOp;
use etcd_client::proto::{
    PbCompare, PbPutRequest, PbRangeRequest, PbTargetUnion, PbTxnRequest, PbTxnRequestOp,
};

use super::table::{Row, compare, row};
use crate::support::requests::{
    all, calls, delete, delete_span, get, grant, leased, ops, put, span, txn, when,
};
use crate::support::wire::Call;

const OPERATORS: [CompareOp; 4] =
    [CompareOp::Equal, CompareOp::Greater, CompareOp::Less, CompareOp::NotEqual];

/// A transaction that tells whether its conditions hold.
fn asks(compare: Vec<PbCompare>) -> PbTxnRequest {
    txn(compare, ops![get("t/yes")], ops![get("t/no")])
}

#[test]
fn compares_decide_as_in_etcd() {
    let mut rows = vec![row("keys to compare", |_| {
        calls![
            grant(51, 600),
            put("t/a", "m"),
            put("t/a", "n"),
            leased("t/b", 51),
            put("t/c", ""),
            put("t/gone", "x"),
            delete("t/gone"),
        ]
    })];
    for (from, to) in
        [("t/a", ""), ("t/b", ""), ("t/gone", ""), ("t/", "t0"), ("t/b", "\0"), ("u", "v"), ("t/b", "t/a")]
    {
        for operator in OPERATORS {
            rows.push(row("a condition", move |_| {
                let over = |with| PbCompare { range_end: to.into(), ..when(from, operator, with) };
                targets().into_iter().map(|with| asks(vec![over(with)]).into()).collect()
            }));
        }
    }
    rows.extend(odd_compares());
    compare(&rows);
}

fn targets() -> Vec<PbTargetUnion> {
    use PbTargetUnion::{CreateRevision, Lease, ModRevision, Value, Version};
    let mut targets = Vec::new();
    for number in [-1, 0, 1, 2, 3, 4, 51] {
        targets.extend([Version(number), CreateRevision(number), ModRevision(number), Lease(number)]);
    }
    targets.extend(["", "a", "n", "z"].map(|value| Value(value.into())));
    targets
}

fn odd_compares() -> Vec<Row<Call>> {
    let version = || when("t/a", CompareOp::Equal, PbTargetUnion::Version(2));
    vec![
        row("no condition", |_| calls![asks(Vec::new())]),
        row("two that hold, and one that does not", move |_| {
            let fails = when("t/a", CompareOp::Less, PbTargetUnion::ModRevision(1));
            calls![asks(vec![version(), version()]), asks(vec![version(), fails])]
        }),
        row("nothing to compare with, or something of another kind", move |_| {
            let mut script = Vec::new();
            for target in 0..5 {
                for target_union in [None, Some(PbTargetUnion::Lease(7)), Some(PbTargetUnion::Version(7))] {
                    for key in ["t/a", "t/none"] {
                        for result in 0..4 {
                            let key = key.into();
                            let target_union = target_union.clone();
                            let odd = PbCompare { result, target, key, target_union, range_end: Vec::new() };
                            script.push(Call::from(asks(vec![odd])));
                        }
                    }
                }
            }
            script
        }),
        row("an operator or a target that there is not", move |_| {
            calls![
                asks(vec![PbCompare { result: 4, ..version() }]),
                asks(vec![PbCompare { target: 5, ..version() }]),
                asks(vec![PbCompare { result: 9, target: 9, ..version() }]),
                asks(vec![PbCompare { target: 5, result: 3, ..version() }]),
                asks(vec![PbCompare { target: 5, result: 2, key: b"t/none".to_vec(), ..version() }]),
            ]
        }),
        row("no key", move |_| calls![asks(vec![PbCompare { key: Vec::new(), ..version() }])]),
    ]
}

#[test]
fn transactions_write_and_answer_as_in_etcd() {
    let with_previous = |key, value| PbPutRequest { prev_kv: true, ..put(key, value) };
    let fails = || vec![when("w/none", CompareOp::Greater, PbTargetUnion::Version(0))];
    let mut rows = vec![
        row("every kind of operation, in one revision", move |_| {
            calls![
                put("w/a", "1"),
                put("w/b", "1"),
                all(ops![
                    get("w/a"),
                    with_previous("w/a", "2"),
                    get("w/a"),
                    delete("w/b"),
                    get("w/b"),
                    span("w/", "w0"),
                    put("w/c", "3"),
                    PbRangeRequest { count_only: true, ..span("w/", "w0") },
                ]),
                span("w/", "w0"),
            ]
        }),
        row("the other branch", move |_| {
            calls![txn(fails(), ops![put("w/never", "x")], ops![put("w/a", "3"), get("w/a")]), get("w/a")]
        }),
        row("nothing to do", move |_| calls![all(Vec::new()), txn(fails(), ops![put("w/a", "x")], ops![])]),
        row("only reads", |now| {
            let at = PbRangeRequest { revision: now - 1, ..span("w/", "w0") };
            calls![all(ops![get("w/a"), at]), all(ops![PbRangeRequest { limit: 1, ..span("w/", "\0") }])]
        }),
        row("deletes what is not there", |_| calls![all(ops![delete("w/none"), get("w/a")]), get("w/a")]),
        row("reads the past beside what it writes", |now| {
            let at = PbRangeRequest { revision: now, ..get("w/a") };
            calls![all(ops![put("w/a", "4"), at.clone(), get("w/a")]), all(ops![at, put("w/a", "5")])]
        }),
        row("reads the revision that it makes", |now| {
            let at = PbRangeRequest { revision: now + 1, ..get("w/a") };
            calls![all(ops![put("w/a", "6"), at.clone()]), all(ops![at]), get("w/a")]
        }),
        row("deletes from a key on and puts behind it", |_| {
            calls![
                all(ops![put("w/x", "1"), delete_span("w/b", "\0"), put("w/y", "2")]),
                span("w/", "\0"),
                all(ops![delete_span("w/b", "\0"), put("w/x", "3")]),
                all(ops![put("w/x", "4"), delete_span("w/b", "\0")]),
                span("w/", "\0"),
            ]
        }),
        row("the value and the lease stay", |_| {
            let stays = PbPutRequest { ignore_value: true, ..put("w/a", "") };
            let fresh = PbPutRequest { ignore_value: true, ..put("w/fresh", "") };
            calls![
                all(ops![stays.clone(), get("w/a")]),
                all(ops![PbPutRequest { ignore_lease: true, ..stays }]),
                all(ops![put("w/fresh", "x"), fresh.clone()]),
                all(ops![fresh]),
            ]
        }),
    ];
    rows.extend(nested());
    compare(&rows);
}

fn nested() -> Vec<Row<Call>> {
    let holds = |key: &str| vec![when(key, CompareOp::Greater, PbTargetUnion::Version(0))];
    vec![
        row("compares of nested ones are decided before anything is written", move |_| {
            let inner = txn(holds("n/a"), ops![put("n/b", "there")], ops![put("n/b", "not there")]);
            calls![all(ops![put("n/a", "1"), inner, get("n/b")]), span("n/", "n0")]
        }),
        row("three deep, one branch each", move |_| {
            let third = txn(holds("n/none"), ops![put("n/c", "x")], ops![get("n/a"), put("n/c", "y")]);
            let second = txn(holds("n/a"), ops![third, get("n/c")], ops![]);
            calls![txn(holds("n/a"), ops![second, put("n/d", "z"), get("n/d")], ops![]), span("n/", "n0")]
        }),
        row("a nested one without effect", |_| {
            calls![all(ops![all(ops![])]), all(ops![all(ops![get("n/a")])])]
        }),
        row("both branches of a nested one put the same key", move |_| {
            calls![all(ops![txn(holds("n/a"), ops![put("n/e", "1")], ops![put("n/e", "2")])]), get("n/e")]
        }),
        row("refused deep inside", |_| {
            calls![
                all(ops![put("n/a", "undone"), all(ops![leased("n/f", 99)])]),
                all(ops![
                    all(ops![PbRangeRequest { revision: 1 << 40, ..get("n/a") }]),
                    put("n/a", "undone")
                ]),
                get("n/a"),
            ]
        }),
    ]
}

#[test]
fn transactions_are_refused_as_in_etcd() {
    let no_operation = PbTxnRequestOp { request: None };
    let many =
        |count: usize| (0..count).map(|n| crate::support::requests::op(put(&format!("r/{n}"), ""))).collect();
    let conditions = |count: usize| vec![when("r/a", CompareOp::Equal, PbTargetUnion::Version(9)); count];
    let ignoring = |key| PbPutRequest { ignore_value: true, ..put(key, "") };
    compare(&[
        row("a key twice", move |_| {
            calls![
                all(ops![put("r/a", "1"), put("r/a", "2")]),
                all(ops![put("r/a", "1"), delete("r/a")]),
                all(ops![delete("r/a"), put("r/a", "1")]),
                all(ops![delete_span("r/", "r0"), put("r/a", "1")]),
                all(ops![delete_span("r/b", "r0"), put("r/a", "1")]),
                all(ops![delete("r/a"), delete("r/a"), delete_span("r/", "r0")]),
                all(ops![delete_span("r/c", "r/a"), put("r/b", "1")]),
                txn(conditions(1), ops![put("r/a", "1"), put("r/a", "2")], ops![]),
                txn(Vec::new(), ops![], ops![put("r/a", "1"), put("r/a", "2")]),
            ]
        }),
        row("a key twice, in and around nested ones", move |_| {
            calls![
                all(ops![put("r/a", "1"), all(ops![put("r/a", "2")])]),
                all(ops![all(ops![put("r/a", "1")]), all(ops![put("r/a", "2")])]),
                all(ops![txn(Vec::new(), ops![put("r/a", "1")], ops![put("r/b", "1")]), put("r/b", "2")]),
                all(ops![delete("r/a"), all(ops![put("r/a", "1")])]),
                all(ops![all(ops![delete("r/a")]), put("r/a", "1")]),
                all(ops![all(ops![delete("r/a")]), all(ops![put("r/a", "1")])]),
                all(ops![all(ops![put("r/a", "1")]), all(ops![delete("r/a")])]),
                all(ops![txn(Vec::new(), ops![delete("r/a")], ops![put("r/a", "1")])]),
                all(ops![txn(Vec::new(), ops![put("r/a", "1")], ops![delete("r/a")])]),
                all(ops![all(ops![delete_span("r/", "\0")]), put("r/a", "1")]),
            ]
        }),
        row("too many", move |_| {
            calls![
                all(many(128)),
                all(many(129)),
                txn(Vec::new(), ops![], many(129)),
                txn(conditions(128), ops![], ops![]),
                txn(conditions(129), ops![], ops![]),
                all(ops![all(many(127))]),
                all(ops![all(many(128))]),
                all(ops![all(many(64)), txn(Vec::new(), ops![], ops![])]),
                all(ops![all(ops![all(many(126))])]),
                all(ops![all(ops![all(many(127))])]),
            ]
        }),
        row("operations that are none, or wrong", move |_| {
            calls![
                all(vec![no_operation.clone()]),
                txn(Vec::new(), ops![], vec![no_operation.clone()]),
                all(ops![put("", "x")]),
                all(ops![get("")]),
                all(ops![delete("")]),
                txn(conditions(1), ops![put("", "x")], ops![]),
                all(ops![PbPutRequest { value: b"x".to_vec(), ..ignoring("r/a") }]),
                all(ops![PbPutRequest { ignore_lease: true, lease: 1, ..put("r/a", "x") }]),
            ]
        }),
        row("what cannot be done is done nowhere", move |_| {
            calls![
                all(ops![put("r/x", "1"), leased("r/y", 99)]),
                all(ops![put("r/x", "1"), ignoring("r/none")]),
                all(ops![put("r/x", "1"), PbRangeRequest { revision: 1 << 40, ..get("r/a") }]),
                all(ops![PbRangeRequest { revision: -7, ..get("r/a") }]),
                all(ops![put("r/x", "1"), PbRangeRequest { revision: -7, ..get("r/a") }]),
                span("r/x", "r/z"),
            ]
        }),
        row("too large", |_| {
            let half = || put(&"k".repeat(10), &"x".repeat(800 * 1024));
            let mut other = half();
            other.key.push(b'!');
            calls![all(ops![half(), other]), span("k", "l")]
        }),
    ]);
}
