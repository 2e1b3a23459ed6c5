//! Rows: what the body of a frame is made of.
//!
//! A tag, then the fields; numbers are little-endian, lengths are four bytes. Pure.

use std::ops::RangeInclusive;
use std::sync::Arc;

use bytes::Bytes;

use super::super::record::Record;
use super::super::state::{Batch, FIRST_REVISION};

const PUT: u8 = 1;
const TOMBSTONE: u8 = 2;
const GRANT: u8 = 3;
const REVOKE: u8 = 4;
const NOTE: u8 = 5;
const UNNOTE: u8 = 6;
const COMPACT: u8 = 7;

/// The revisions that a record can have. The last ones would leave no room for the next.
pub(super) const REVISIONS: RangeInclusive<i64> = FIRST_REVISION + 1..=i64::MAX / 2;

/// Appends the rows of a batch.
pub(super) fn encode(batch: &Batch, body: &mut Vec<u8>) {
    batch.records.iter().for_each(|record| encode_record(record, body));
    for (&id, granted) in &batch.leases {
        encode_lease(id, *granted, body);
    }
    for (name, value) in &batch.notes {
        encode_note(name, value.as_deref(), body);
    }
    if let Some(revision) = batch.compacted {
        body.push(COMPACT);
        body.extend(revision.to_le_bytes());
    }
}

pub(super) fn encode_record(record: &Record, body: &mut Vec<u8>) {
    body.push(if record.deleted { TOMBSTONE } else { PUT });
    body.extend(record.main.to_le_bytes());
    body.extend(record.sub.to_le_bytes());
    encode_bytes(&record.key, body);
    if !record.deleted {
        for number in [record.created, record.version, record.lease] {
            body.extend(number.to_le_bytes());
        }
        encode_bytes(&record.value, body);
    }
}

pub(super) fn encode_lease(id: i64, granted: Option<i64>, body: &mut Vec<u8>) {
    body.push(if granted.is_some() { GRANT } else { REVOKE });
    body.extend(id.to_le_bytes());
    if let Some(ttl) = granted {
        body.extend(ttl.to_le_bytes());
    }
}

pub(super) fn encode_note(name: &[u8], value: Option<&[u8]>, body: &mut Vec<u8>) {
    body.push(if value.is_some() { NOTE } else { UNNOTE });
    encode_bytes(name, body);
    if let Some(value) = value {
        encode_bytes(value, body);
    }
}

fn encode_bytes(bytes: &[u8], body: &mut Vec<u8>) {
    body.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
    body.extend(bytes);
}

/// The batch whose rows these are; nothing when they were never written so.
pub(super) fn decode(body: &[u8]) -> Option<Batch> {
    let mut batch = Batch::default();
    let mut rows = Rows(body);
    while let Some(tag) = rows.tag() {
        match tag {
            PUT | TOMBSTONE => batch.records.push(Arc::new(rows.record(tag == TOMBSTONE)?)),
            GRANT => drop(batch.leases.insert(rows.number()?, Some(rows.number()?))),
            REVOKE => drop(batch.leases.insert(rows.number()?, None)),
            NOTE => drop(batch.notes.insert(rows.bytes()?, Some(rows.bytes()?))),
            UNNOTE => drop(batch.notes.insert(rows.bytes()?, None)),
            COMPACT => batch.compacted = Some(rows.number()?),
            _ => return None,
        }
    }
    Some(batch)
}

struct Rows<'b>(&'b [u8]);

impl Rows<'_> {
    fn tag(&mut self) -> Option<u8> {
        let (&tag, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(tag)
    }

    fn chunk<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (chunk, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*chunk)
    }

    fn number(&mut self) -> Option<i64> {
        self.chunk().map(i64::from_le_bytes)
    }

    fn bytes(&mut self) -> Option<Bytes> {
        let length = u32::from_le_bytes(self.chunk()?);
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(Bytes::copy_from_slice(bytes))
    }

    fn record(&mut self, deleted: bool) -> Option<Record> {
        let (main, sub, key) = (self.number()?, u32::from_le_bytes(self.chunk()?), self.bytes()?);
        if !REVISIONS.contains(&main) {
            return None;
        }
        if deleted {
            return Some(Record::tombstone(key, main, sub));
        }
        let (created, version, lease) = (self.number()?, self.number()?, self.number()?);
        // A key has at most one version for each revision since it was created.
        if !REVISIONS.contains(&created) || !(1..=main - created + 1).contains(&version) {
            return None;
        }
        Some(Record { key, value: self.bytes()?, created, main, sub, version, lease, deleted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn batch() -> Batch {
        let put = Record {
            key: "k".into(),
            value: "value".into(),
            created: 2,
            main: 3,
            sub: 1,
            version: 2,
            lease: 5,
            deleted: false,
        };
        Batch {
            records: vec![Arc::new(put), Arc::new(Record::tombstone("gone".into(), 3, 2))],
            leases: [(7, Some(60)), (-8, None)].into(),
            notes: [("a".into(), Some("b".into())), ("c".into(), None)].into(),
            compacted: Some(2),
            ..Batch::default()
        }
    }

    #[test]
    fn a_batch_survives() {
        let mut body = Vec::new();
        encode(&batch(), &mut body);
        let read = decode(&body).unwrap();
        assert_eq!(format!("{read:?}"), format!("{:?}", batch()));
    }

    #[test]
    fn rows_that_end_too_early_are_refused() {
        let mut body = Vec::new();
        encode(&batch(), &mut body);
        let whole: Vec<usize> = (0..body.len()).filter(|&length| decode(&body[..length]).is_some()).collect();
        assert_eq!(whole.len(), 7, "only between rows: {whole:?}");
        assert!(decode(&[99]).is_none());
    }
}
