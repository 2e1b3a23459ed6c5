//! Exports: a snapshot as a file that leaves the directory, and the way back.
//!
//! As etcd's, an export is filled up to a multiple of 512 bytes and ends with the SHA-256 of all that. What is before
//! is a snapshot of the engine, not of etcd.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use serde::Serialize;
use sha2::{Digest, Sha256};

use super::super::header::Identity;
use super::super::published::Published;
use super::super::state::{State, View};
use super::OpenError;
use super::directory::Directory;
use super::frame::Head;
use super::log::Log;
use super::snapshot::{self, Base};

/// etcd fills its snapshots up to pages, and its clients insist on it.
const PAGE: u64 = 512;
const DIGEST: usize = 32;

/// Writes an export of what is published now, piece by piece, to `sink`.
pub(crate) fn export(published: &Published, mut sink: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let base = Base::of(&published.read(), Head { sequence: 1, identity: published.identity });
    let (mut digest, mut size) = (Sha256::new(), 0_u64);
    snapshot::write(published, &base, |frame| {
        digest.update(frame);
        size += frame.len() as u64;
        sink(frame)
    })?;
    let filling = size.next_multiple_of(PAGE) - size;
    let filling = vec![0; usize::try_from(filling).unwrap_or(0)];
    digest.update(&filling);
    sink(&filling)?;
    sink(&digest.finalize())
}

/// What a restored store holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restored {
    /// Its revision.
    pub revision: i64,
    /// Keys that exist.
    pub keys: usize,
    /// The directory it is in now.
    pub directory: PathBuf,
}

/// Why an export cannot be restored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// The file cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The file is no export, or not whole.
    #[error("{} is not a snapshot of the engine, or not whole: {what}", path.display())]
    Unsound {
        /// The file.
        path: PathBuf,
        /// What does not match.
        what: String,
    },
    /// There is a store already.
    #[error("{} holds a store already", directory.display())]
    Occupied {
        /// The directory.
        directory: PathBuf,
    },
    /// The directory cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
}

/// Makes a store of an export in a directory that has none. It gets an identity of its own, so that no client takes
/// it for the one it was copied from.
///
/// # Errors
/// [`RestoreError`] when the export is not whole or the directory cannot be used.
pub fn restore(file: &Path, path: &Path) -> Result<Restored, RestoreError> {
    let unsound = |what: String| RestoreError::Unsound { path: file.to_owned(), what };
    let bytes = fs::read(file).map_err(|source| RestoreError::Read { path: file.to_owned(), source })?;
    let (body, digest) = bytes
        .len()
        .checked_sub(DIGEST)
        .map(|length| bytes.split_at(length))
        .ok_or_else(|| unsound("it is too short".to_owned()))?;
    if digest != Sha256::digest(body).as_slice() {
        return Err(unsound("its SHA-256 does not match".to_owned()));
    }
    let (_, state, _) = snapshot::parse(body, file).map_err(|error| unsound(what(error)))?;
    let directory = Directory::open(path)?;
    if directory.find()?.first().is_some() {
        return Err(RestoreError::Occupied { directory: path.to_owned() });
    }
    let restored =
        Restored { revision: state.revision(), keys: state.live_keys(), directory: path.to_owned() };
    let head = Head { sequence: 1, identity: Identity::draw() };
    settle(&directory, head, &state).map_err(|error| directory.failed(error))?;
    Ok(restored)
}

/// What is wrong, without naming the file again.
fn what(error: OpenError) -> String {
    match error {
        OpenError::Corrupt { what, .. } => what,
        error => error.to_string(),
    }
}

/// Writes the first snapshot of a new store, and its log.
fn settle(directory: &Directory, head: Head, state: &State) -> io::Result<()> {
    let base = Base::of(state, head);
    let places = directory.places(head.sequence);
    snapshot::save(state, &base, &places, &AtomicBool::new(false))?;
    Log::create(directory, head)?;
    directory.sync_name();
    Ok(())
}
