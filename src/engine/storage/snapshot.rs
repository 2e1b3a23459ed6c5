//! Snapshots: everything that can be read, as of one batch, in one file.
//!
//! A head, then rows by key in frames of about a megabyte, then a last frame that says what there must have been. It is
//! written a piece at a time while the store goes on: records newer than its revision are left out (the log after it
//! has them), and what compaction removes meanwhile is gone from the end of the snapshot as it is from the store; so
//! the compact revision is the one at its end.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;

use super::super::published::Published;
use super::super::state::{Batch, Contents, FIRST_REVISION, NEVER_COMPACTED, Piece, State, View};
use super::frame::{self, Found, Head};
use super::log::{HEAD, read_head};
use super::row::REVISIONS;
use super::{OpenError, Places, directory, row};

/// How many records are taken under one lock.
const PIECE: usize = 4096;
/// A frame with this much in it takes no further record, in bytes: frames must stay far below four gigabytes.
const FULL: usize = 1 << 20;
/// The tag of the last frame's body; no row has it.
const END: u8 = 0;

/// What a snapshot begins with: all but the records, which are many.
#[derive(Debug)]
pub(crate) struct Base {
    head: Head,
    revision: i64,
    rest: Batch,
}

impl Base {
    /// Of what is published now.
    pub(crate) fn of(state: &State, head: Head) -> Self {
        let leases = state.leases().iter().map(|(&id, lease)| (id, Some(lease.ttl))).collect();
        let notes = state.notes().iter().map(|(name, value)| (name.clone(), Some(value.clone()))).collect();
        Self { head, revision: state.revision(), rest: Batch { leases, notes, ..Batch::default() } }
    }
}

/// Where the records come from.
pub(crate) trait Source {
    /// See [`State::piece_of`].
    fn piece(&self, after: Option<&Bytes>, until: i64) -> Piece;
    /// The compact revision of this moment.
    fn compacted(&self) -> i64;
}

impl Source for State {
    fn piece(&self, after: Option<&Bytes>, until: i64) -> Piece {
        self.piece_of(after, until, PIECE)
    }

    fn compacted(&self) -> i64 {
        View::compacted(self)
    }
}

impl Source for Published {
    fn piece(&self, after: Option<&Bytes>, until: i64) -> Piece {
        Source::piece(&*self.read(), after, until)
    }

    fn compacted(&self) -> i64 {
        Source::compacted(&*self.read())
    }
}

/// Writes a snapshot, frame by frame, to `sink`; ends early with what the sink says.
pub(crate) fn write(
    source: &impl Source,
    base: &Base,
    mut sink: impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut frames = Frames { at: 0, number: HEAD, frame: Vec::new() };
    sink(frames.next(|body| base.head.encode(body)))?;
    sink(frames.next(|body| row::encode(&base.rest, body)))?;
    let (mut after, mut count) = (None, 0_u64);
    loop {
        let piece = source.piece(after.as_ref(), base.revision);
        let Some(last) = piece.last else { break };
        count += piece.records.len() as u64;
        let mut records = piece.records.iter().peekable();
        while records.peek().is_some() {
            sink(frames.next(|body| {
                while body.len() < FULL
                    && let Some(record) = records.next()
                {
                    row::encode_record(record, body);
                }
            }))?;
        }
        after = Some(last);
    }
    let compacted = source.compacted();
    sink(frames.next(|body| {
        body.push(END);
        body.extend(base.revision.to_le_bytes());
        body.extend(compacted.to_le_bytes());
        body.extend(count.to_le_bytes());
    }))
}

struct Frames {
    /// Where the next one goes.
    at: u64,
    number: u64,
    frame: Vec<u8>,
}

impl Frames {
    fn next(&mut self, fill: impl FnOnce(&mut Vec<u8>)) -> &[u8] {
        frame::write(&mut self.frame, self.at, self.number, fill);
        self.at += self.frame.len() as u64;
        self.number += 1;
        &self.frame
    }
}

/// Writes a snapshot to its place, where it appears whole and durable or not at all; returns its size.
pub(super) fn save(
    source: &impl Source,
    base: &Base,
    places: &Places,
    abandoned: &AtomicBool,
) -> io::Result<u64> {
    let saved = save_partial(source, base, places, abandoned);
    if saved.is_err() {
        // If it stays, the next start removes it.
        let _ = fs::remove_file(&places.partial);
    }
    saved
}

fn save_partial(
    source: &impl Source,
    base: &Base,
    places: &Places,
    abandoned: &AtomicBool,
) -> io::Result<u64> {
    let mut file = File::create(&places.partial)?;
    let mut size = 0;
    write(source, base, |frame| {
        if abandoned.load(Ordering::Relaxed) {
            return Err(io::Error::from(io::ErrorKind::Interrupted));
        }
        size += frame.len() as u64;
        file.write_all(frame)?;
        fail::fail_point!("engine-snapshot-frame");
        fail::fail_point!("engine-snapshot-fails", super::log::refuse);
        Ok(())
    })?;
    fail::fail_point!("engine-snapshot-before-sync");
    file.sync_all()?;
    fail::fail_point!("engine-snapshot-written");
    fs::rename(&places.partial, &places.snapshot)?;
    directory::sync(&places.directory)?;
    fail::fail_point!("engine-snapshot-in-place");
    Ok(size)
}

/// Reads a snapshot file: its head, what it holds, its size.
pub(super) fn load(path: &Path) -> Result<(Head, State, u64), OpenError> {
    let bytes = fs::read(path).map_err(|error| OpenError::storage(path, error))?;
    let (head, state, end) = parse(&bytes, path)?;
    if end != bytes.len() {
        return Err(OpenError::corrupt(path, "something follows its end"));
    }
    Ok((head, state, end as u64))
}

/// Reads a snapshot, and where it ends.
pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<(Head, State, usize), OpenError> {
    let corrupt = |what: String| OpenError::corrupt(path, what);
    let (head, mut at) = read_head(bytes, path)?;
    let mut number = HEAD;
    let mut contents = Contents::default();
    loop {
        number += 1;
        let (body, end) = match frame::read(bytes, at, number) {
            Found::Frame { body, end } => (body, end),
            Found::End | Found::Cut => return Err(corrupt("it is not whole".to_owned())),
            Found::Damaged => return Err(corrupt(format!("a checksum at byte {at} does not match"))),
        };
        at = end;
        if let Some((&END, rest)) = body.split_first() {
            let whole = finish(&mut contents, rest);
            whole.ok_or_else(|| corrupt("its end does not fit its contents".to_owned()))?;
            return Ok((head, State::rebuild(contents), at));
        }
        let batch = row::decode(body).ok_or_else(|| corrupt(format!("no rows at byte {at}")))?;
        contents.records.extend(batch.records);
        contents.leases.extend(batch.leases.into_iter().filter_map(|(id, ttl)| Some((id, ttl?))));
        contents.notes.extend(batch.notes.into_iter().filter_map(|(name, value)| Some((name, value?))));
    }
}

/// Takes in the last frame; nothing when it does not fit.
fn finish(contents: &mut Contents, rest: &[u8]) -> Option<()> {
    let (revision, rest) = rest.split_first_chunk()?;
    let (compacted, rest) = rest.split_first_chunk()?;
    let count = u64::from_le_bytes(rest.try_into().ok()?);
    contents.revision = i64::from_le_bytes(*revision);
    contents.compacted = i64::from_le_bytes(*compacted);
    let sorted = contents.records.is_sorted_by(|a, b| (&a.key, a.main, a.sub) < (&b.key, b.main, b.sub));
    let newest = contents.records.iter().map(|record| record.main).max();
    let fits = newest.is_none_or(|newest| newest <= contents.revision)
        && (FIRST_REVISION..=*REVISIONS.end()).contains(&contents.revision)
        && (NEVER_COMPACTED..=*REVISIONS.end()).contains(&contents.compacted);
    (count == contents.records.len() as u64 && sorted && fits).then_some(())
}
