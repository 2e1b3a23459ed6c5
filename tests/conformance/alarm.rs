//! The alarm that the space is used up: how it is set, seen and cleared, and what it refuses meanwhile.

use etcd_client::proto::{PbAlarmRequest, PbTargetUnion};
use etcd_client::{AlarmAction, AlarmType, CompareOp};

use super::table::{compare, row};
use crate::support::requests::{
    all, calls, compact, delete, get, grant, leased, ops, put, revoke, txn, when,
};

fn alarm(action: AlarmAction) -> PbAlarmRequest {
    PbAlarmRequest { action: action as i32, alarm: AlarmType::Nospace as i32, ..PbAlarmRequest::default() }
}

#[test]
fn the_alarm_refuses_what_it_refuses_in_etcd() {
    use AlarmAction::{Activate, Deactivate, Get};
    compare(&[
        row("nothing is wrong", |_| calls![alarm(Get), put("k", "1"), put("l", "1"), grant(7, 60)]),
        row("it is raised, twice", |_| calls![alarm(Activate), alarm(Activate), alarm(Get)]),
        row("puts and grants", |_| calls![put("k", "2"), leased("k", 7), grant(8, 60)]),
        row("puts of a transaction, taken or not", |_| {
            let is_new = |key| vec![when(key, CompareOp::Equal, PbTargetUnion::Version(0))];
            calls![
                all(ops![put("k", "2")]),
                txn(is_new("k"), ops![put("k", "2")], ops![get("k")]),
                txn(is_new("k"), ops![get("k")], ops![delete("l")]),
                all(ops![get("k"), delete("nothing")]),
            ]
        }),
        row("puts of a nested transaction", |_| calls![all(ops![all(ops![put("nested", "2")])])]),
        row("reading and what makes room", |revision| {
            calls![get("k"), delete("k"), revoke(7), compact(revision - 1), get("nested")]
        }),
        row("it is cleared, twice", |_| calls![alarm(Deactivate), alarm(Deactivate), alarm(Get)]),
        row("everything goes again", |_| calls![put("k", "3"), grant(8, 60), all(ops![put("l", "3")])]),
    ]);
}
