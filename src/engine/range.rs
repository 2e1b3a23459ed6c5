//! Range: reading keys, now or at an older revision.
//!
//! Pure; the same code answers from what is published and from inside a transaction.

use std::cmp::Ordering;

use etcd_client::proto::{PbRangeRequest, PbRangeResponse};
use etcd_client::{SortOrder, SortTarget};

use super::error::Refusal;
use super::header;
use super::key_range::KeyRange;
use super::record::Record;
use super::state::View;

/// Answers a range request.
///
/// # Errors
/// [`Refusal::FutureRevision`] and [`Refusal::Compacted`] for a revision that cannot be read.
pub(crate) fn range(view: &impl View, request: &PbRangeRequest) -> Result<PbRangeResponse, Refusal> {
    check_revision(view, request.revision)?;
    let revision = if request.revision > 0 { request.revision } else { view.revision() };
    let asked = KeyRange::new(&request.key, &request.range_end);
    let mut answer = PbRangeResponse { header: Some(header::at(view.revision())), ..Default::default() };
    answer.count = i64::try_from(view.count(asked, revision)).unwrap_or(i64::MAX);
    if request.count_only {
        return Ok(answer);
    }
    let limit = usize::try_from(request.limit).ok().filter(|&limit| limit > 0);
    let taken = if selects(request) { usize::MAX } else { limit.map_or(usize::MAX, |limit| limit + 1) };
    let mut records: Vec<&Record> = view.scan(asked, revision).take(taken).collect();
    records.retain(|record| admits(request, record));
    sort(request, &mut records);
    if let Some(limit) = limit {
        answer.more = records.len() > limit;
        records.truncate(limit);
    }
    answer.kvs = records.into_iter().map(Record::to_key_value).collect();
    if request.keys_only {
        answer.kvs.iter_mut().for_each(|kv| kv.value.clear());
    }
    Ok(answer)
}

/// Refuses a revision that cannot be read; 0 and less mean the newest.
pub(crate) fn check_revision(view: &impl View, revision: i64) -> Result<(), Refusal> {
    if revision > view.revision() {
        return Err(Refusal::FutureRevision);
    }
    if revision > 0 && revision < view.compacted() {
        return Err(Refusal::Compacted);
    }
    Ok(())
}

/// Whether everything must be read before the limit applies, as etcd does: it ignores the target here, so that a
/// limit with a target and no order cuts by key first.
fn selects(request: &PbRangeRequest) -> bool {
    request.sort_order != SortOrder::None as i32
        || request.min_mod_revision != 0
        || request.max_mod_revision != 0
        || request.min_create_revision != 0
        || request.max_create_revision != 0
}

fn admits(request: &PbRangeRequest, record: &Record) -> bool {
    (request.max_mod_revision == 0 || record.main <= request.max_mod_revision)
        && (request.min_mod_revision == 0 || record.main >= request.min_mod_revision)
        && (request.max_create_revision == 0 || record.created <= request.max_create_revision)
        && (request.min_create_revision == 0 || record.created >= request.min_create_revision)
}

/// Sorts what is in order of keys. What is equal stays in that order, also when the rest is reversed.
fn sort(request: &PbRangeRequest, records: &mut [&Record]) {
    let target = request.sort_target;
    if request.sort_order == SortOrder::Descend as i32 {
        records.sort_by(|a, b| by_target(target, b, a));
    } else if target != SortTarget::Key as i32 {
        records.sort_by(|a, b| by_target(target, a, b));
    }
}

fn by_target(target: i32, a: &Record, b: &Record) -> Ordering {
    match target {
        t if t == SortTarget::Version as i32 => a.version.cmp(&b.version),
        t if t == SortTarget::Create as i32 => a.created.cmp(&b.created),
        t if t == SortTarget::Mod as i32 => a.main.cmp(&b.main),
        t if t == SortTarget::Value as i32 => a.value.cmp(&b.value),
        _ => a.key.cmp(&b.key),
    }
}
