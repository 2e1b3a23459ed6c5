//! Watch responses: records as events, packed so that every message can be received.
//!
//! Pure.

use std::sync::Arc;

use etcd_client::EventType;
use etcd_client::proto::{PbEvent, PbWatchResponse};
use prost::Message;

use super::super::super::header::Identity;
use super::super::super::record::Record;
use super::super::super::request::MAX_BYTES;
use super::super::super::state::{State, View};

/// Several revisions share a response up to this size, so that a client with the usual limit of 4 MiB can take it.
const SHARED_BYTES: usize = 1 << 20;

/// A response to a watch that asked for fragments is split when it is larger: as etcd does it, at the largest write
/// and what gRPC may add to it.
const FRAGMENT_BYTES: usize = MAX_BYTES + 512 * 1024;

/// How a watch wants its events.
#[derive(Debug, Clone, Copy)]
pub(super) struct Form {
    pub(super) watch_id: i64,
    pub(super) prev_kv: bool,
    pub(super) fragment: bool,
}

/// Packs records, in order, into responses. A revision is never spread over several, unless the watch asked for
/// fragments. The headers name the last revision of their events, or `newest` when that is later: as in etcd, who
/// catches up is told the store's.
pub(super) fn pack(
    state: &State,
    identity: Identity,
    form: Form,
    records: &[Arc<Record>],
    newest: i64,
) -> Vec<PbWatchResponse> {
    let mut responses = Vec::new();
    let mut events = Vec::new();
    let (mut size, mut last) = (0, 0);
    for revision in records.chunk_by(|a, b| a.main == b.main) {
        let more: Vec<PbEvent> = revision.iter().map(|record| event(state, form, record)).collect();
        let weight = more.iter().map(weigh).sum::<usize>();
        if size + weight > SHARED_BYTES && !events.is_empty() {
            finish(&mut responses, identity, form, last.max(newest), std::mem::take(&mut events));
            size = 0;
        }
        events.extend(more);
        (size, last) = (size + weight, revision[0].main);
    }
    finish(&mut responses, identity, form, last.max(newest), events);
    responses
}

/// Makes a response of events, or several fragments when they are many and the watch can take fragments.
fn finish(
    responses: &mut Vec<PbWatchResponse>,
    identity: Identity,
    form: Form,
    revision: i64,
    events: Vec<PbEvent>,
) {
    let blank = empty(identity, form.watch_id, revision);
    let mut size = blank.encoded_len();
    let mut response = blank.clone();
    for event in events {
        let weight = weigh(&event);
        if form.fragment && size + weight >= FRAGMENT_BYTES && !response.events.is_empty() {
            response.fragment = true;
            responses.push(std::mem::replace(&mut response, blank.clone()));
            size = blank.encoded_len();
        }
        response.events.push(event);
        size += weight;
    }
    if !response.events.is_empty() {
        responses.push(response);
    }
}

/// A response without events.
pub(super) fn empty(identity: Identity, watch_id: i64, revision: i64) -> PbWatchResponse {
    PbWatchResponse { header: Some(identity.header(revision)), watch_id, ..PbWatchResponse::default() }
}

/// What an event adds to a message, with its tag and length.
fn weigh(event: &PbEvent) -> usize {
    let length = event.encoded_len();
    1 + prost::length_delimiter_len(length) + length
}

fn event(state: &State, form: Form, record: &Record) -> PbEvent {
    let kv = Some(record.to_key_value());
    let kind = if record.deleted { EventType::Delete } else { EventType::Put };
    let before = record.main - 1;
    let asks = form.prev_kv && record.created != record.main && before >= state.compacted();
    let previous = if asks { state.get(&record.key, before) } else { None };
    PbEvent { r#type: kind as i32, kv, prev_kv: previous.map(Record::to_key_value) }
}
