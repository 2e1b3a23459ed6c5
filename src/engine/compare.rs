//! Compares: the conditions of a transaction.
//!
//! Pure.

use std::cmp::Ordering;

use bytes::Bytes;
use etcd_client::CompareOp;
use etcd_client::proto::{PbCompare, PbCompareTarget, PbTargetUnion};

use super::key_range::KeyRange;
use super::record::Record;
use super::state::View;

/// Whether every compare holds.
pub(crate) fn all_hold(view: &impl View, compares: &[PbCompare]) -> bool {
    compares.iter().all(|compare| holds(view, compare))
}

/// Over a range, every key must satisfy the compare. A key that does not exist counts as all zeros, except that no
/// compare of its value holds.
fn holds(view: &impl View, compare: &PbCompare) -> bool {
    let range = KeyRange::new(&compare.key, &compare.range_end);
    if let KeyRange::Key(key) = range {
        return view
            .get(key, view.revision())
            .map_or_else(|| holds_for_nothing(compare), |record| satisfies(compare, record));
    }
    let mut found = view.scan(range, view.revision()).peekable();
    if found.peek().is_none() {
        return holds_for_nothing(compare);
    }
    found.all(|record| satisfies(compare, record))
}

fn holds_for_nothing(compare: &PbCompare) -> bool {
    let absent = Record::tombstone(Bytes::new(), 0, 0);
    compare.target != PbCompareTarget::Value as i32 && satisfies(compare, &absent)
}

fn satisfies(compare: &PbCompare, record: &Record) -> bool {
    let order = order(compare, record);
    match compare.result {
        r if r == CompareOp::Equal as i32 => order == Ordering::Equal,
        r if r == CompareOp::NotEqual as i32 => order != Ordering::Equal,
        r if r == CompareOp::Greater as i32 => order == Ordering::Greater,
        r if r == CompareOp::Less as i32 => order == Ordering::Less,
        // An operator from the future: etcd lets it hold.
        _ => true,
    }
}

/// How the record's side compares to the given one; a side that is missing or of another kind counts as zero.
fn order(compare: &PbCompare, record: &Record) -> Ordering {
    use PbTargetUnion::{CreateRevision, Lease, ModRevision, Value, Version};
    let given = compare.target_union.as_ref();
    match PbCompareTarget::try_from(compare.target) {
        Ok(PbCompareTarget::Version) => {
            record.version.cmp(&given.map_or(0, |u| if let Version(n) = u { *n } else { 0 }))
        }
        Ok(PbCompareTarget::Create) => {
            record.created.cmp(&given.map_or(0, |u| if let CreateRevision(n) = u { *n } else { 0 }))
        }
        Ok(PbCompareTarget::Mod) => {
            record.main.cmp(&given.map_or(0, |u| if let ModRevision(n) = u { *n } else { 0 }))
        }
        Ok(PbCompareTarget::Lease) => {
            record.lease.cmp(&given.map_or(0, |u| if let Lease(n) = u { *n } else { 0 }))
        }
        Ok(PbCompareTarget::Value) => {
            let value = given.map_or(&[][..], |u| if let Value(v) = u { v.as_slice() } else { &[] });
            record.value.as_ref().cmp(value)
        }
        Err(_) => Ordering::Equal,
    }
}
