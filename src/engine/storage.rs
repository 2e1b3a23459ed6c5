//! Storage: what makes the store durable. A log of batches, and snapshots that take its place when it has grown.
//!
//! ```text
//! DIRECTORY/lock                    held by the process that has the directory open
//!           0000000000000042.snapshot   everything before batch 42
//!           0000000000000042.log        batches from 42 on
//! ```
//!
//! A batch is one frame of the log: one append and one `fdatasync`, whatever it holds. Every frame carries its number
//! and two checksums, so that a frame that a crash cut short (it was never acknowledged, and is dropped) can be told
//! from one that is damaged (the directory is refused). Owns the files; what a row means is decided by [`State`].

mod directory;
mod error;
mod export;
mod frame;
#[cfg(any(test, fuzzing))]
mod fuzzing;
mod log;
mod row;
mod snapshot;

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

use self::directory::Directory;
pub use self::directory::vacate;
pub use self::error::OpenError;
pub(crate) use self::export::export;
pub use self::export::{RestoreError, Restored, restore};
use self::frame::Head;
#[cfg(any(test, fuzzing))]
pub use self::fuzzing::files;
#[cfg(any(test, fuzzing))]
pub(crate) use self::fuzzing::rewritten;
use self::log::Log;
use self::snapshot::Base;
use super::header::Identity;
use super::published::Published;
use super::state::{Batch, State, View};

/// A log up to this size is left alone, in bytes.
const SMALL: u64 = 64 << 20;

/// The open directory.
#[derive(Debug)]
pub(crate) struct Storage {
    identity: Identity,
    log: Log,
    /// Bytes in logs before the present one.
    older: u64,
    /// Bytes of the newest snapshot.
    snapshot: u64,
    /// A snapshot has failed, and the next one waits until the logs have grown beyond this, in bytes.
    postponed: u64,
    writing: Option<Writing>,
    /// Let go of last: nobody else may have the directory before the log has given back what it reserved.
    directory: Directory,
}

/// A snapshot that is being written.
#[derive(Debug)]
struct Writing {
    thread: JoinHandle<io::Result<u64>>,
    abandoned: Arc<AtomicBool>,
}

impl Storage {
    /// Opens or makes the directory, checks every byte in it, and reads it into memory.
    pub(crate) fn open(path: &Path) -> Result<(Self, Identity, State), OpenError> {
        let directory = Directory::open(path)?;
        let found = directory.find()?;
        let Some(first) = found.first() else { return Self::create(directory) };
        let mut loader =
            Loader { directory: &directory, identity: None, state: State::default(), next: first };
        let mut snapshot = 0;
        if let Some(sequence) = found.snapshot {
            snapshot = loader.snapshot(sequence)?;
        }
        let mut logs = Vec::new();
        for &sequence in &found.logs {
            logs.push(loader.log(sequence, found.logs.last() == Some(&sequence))?);
        }
        let Loader { identity, mut state, next, .. } = loader;
        let identity = identity.ok_or_else(|| directory.corrupt("there is no log in it".to_owned()))?;
        // A snapshot may be ahead of its batches in this, but then a log follows that it was taken beside.
        if state.compacted() > state.revision() {
            return Err(directory.corrupt("a log is missing".to_owned()));
        }
        state.finish_sweeping();
        let older = logs.iter().rev().skip(1).map(|log: &Log| log.length()).sum();
        // A crash between the snapshot and its log leaves none to append to.
        let log = match logs.pop() {
            Some(log) => log,
            None => {
                Log::create(&directory, Head { sequence: next, identity }).map_err(|e| directory.failed(e))?
            }
        };
        directory.tidy(found.snapshot.unwrap_or(0));
        Ok((Self { directory, identity, log, older, snapshot, postponed: 0, writing: None }, identity, state))
    }

    fn create(directory: Directory) -> Result<(Self, Identity, State), OpenError> {
        let identity = Identity::draw();
        let log = Log::create(&directory, Head { sequence: 1, identity }).map_err(|e| directory.failed(e))?;
        directory.sync_name();
        let storage = Self { directory, identity, log, older: 0, snapshot: 0, postponed: 0, writing: None };
        Ok((storage, identity, State::default()))
    }

    /// Writes a batch; when this returns, it is on disk. After an error nothing of it is, unless the error came from
    /// making it durable: then nobody can say, and the next commit makes sure that it is gone.
    pub(crate) fn commit(&mut self, batch: &Batch) -> io::Result<()> {
        self.log.append(|body| row::encode(batch, body))
    }

    /// Whether there is room again, and the log takes a batch: one without rows.
    pub(crate) fn probe(&mut self) -> io::Result<()> {
        self.directory.has_room()?;
        self.commit(&Batch::default())
    }

    /// Bytes of all files.
    pub(crate) fn size(&self) -> u64 {
        self.snapshot + self.logged()
    }

    /// Whether the log has grown so much that a snapshot should take its place.
    pub(crate) fn has_outgrown(&self) -> bool {
        let allowed = SMALL.max(self.snapshot).max(self.postponed);
        self.writing.is_none() && self.logged() > allowed
    }

    /// Bytes in all logs.
    fn logged(&self) -> u64 {
        self.older + self.log.length()
    }

    /// Lets the log grow for a while before a snapshot is tried again, which takes time and may take the last space.
    fn postpone(&mut self) {
        self.postponed = self.logged() + SMALL;
    }

    /// Begins a snapshot of what is published, which is everything that was committed; batches from now on go to a new
    /// log. Does nothing while one is being written.
    pub(crate) fn begin_snapshot(&mut self, published: &Arc<Published>) -> io::Result<()> {
        if self.writing.is_some() {
            return Ok(());
        }
        self.writing = Some(self.begin(published).inspect_err(|_| self.postpone())?);
        Ok(())
    }

    fn begin(&mut self, published: &Arc<Published>) -> io::Result<Writing> {
        // Only the last log may end in what is no batch.
        self.log.settle()?;
        let sequence = self.log.next_sequence();
        if !self.log.is_empty() {
            let next = Log::create(&self.directory, Head { sequence, identity: self.identity })?;
            self.older += std::mem::replace(&mut self.log, next).length();
        }
        let base = Base::of(&published.read(), Head { sequence, identity: self.identity });
        let abandoned = Arc::new(AtomicBool::new(false));
        let (published, stop) = (Arc::clone(published), Arc::clone(&abandoned));
        let places = self.directory.places(sequence);
        let thread = std::thread::Builder::new()
            .name("engine-snapshot".to_owned())
            .spawn(move || snapshot::save(&*published, &base, &places, &stop))?;
        Ok(Writing { thread, abandoned })
    }

    /// What became of the snapshot that was being written, once it is done: the files it took the place of are gone.
    pub(crate) fn finish_snapshot(&mut self) -> Option<io::Result<()>> {
        let Writing { thread, .. } = self.writing.take_if(|writing| writing.thread.is_finished())?;
        let outcome = thread.join().unwrap_or_else(|_| Err(io::Error::other("the snapshot thread panicked")));
        let Ok(size) = outcome else {
            self.postpone();
            return Some(outcome.map(drop));
        };
        (self.snapshot, self.older, self.postponed) = (size, 0, 0);
        self.directory.tidy(self.log.first_sequence());
        Some(Ok(()))
    }
}

impl Drop for Storage {
    fn drop(&mut self) {
        if let Some(Writing { thread, abandoned }) = self.writing.take() {
            abandoned.store(true, Ordering::Relaxed);
            // What it has written so far is a file that the next start removes.
            let _ = thread.join();
        }
    }
}

/// Where the files of one snapshot go.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    directory: PathBuf,
    partial: PathBuf,
    snapshot: PathBuf,
}

/// Reads the files one after the other.
struct Loader<'d> {
    directory: &'d Directory,
    identity: Option<Identity>,
    state: State,
    /// The number of the batch that must come next.
    next: u64,
}

impl Loader<'_> {
    fn snapshot(&mut self, sequence: u64) -> Result<u64, OpenError> {
        let path = self.directory.snapshot(sequence);
        let (head, state, size) = snapshot::load(&path)?;
        if head.sequence != sequence {
            return Err(OpenError::corrupt(&path, format!("it holds what precedes batch {}", head.sequence)));
        }
        self.identity = Some(head.identity);
        self.state = state;
        Ok(size)
    }

    fn log(&mut self, sequence: u64, last: bool) -> Result<Log, OpenError> {
        let path = self.directory.log(sequence);
        if sequence != self.next {
            return Err(OpenError::corrupt(
                &path,
                format!("batch {} should be in it, or in a log before it", self.next),
            ));
        }
        let (state, identity) = (&mut self.state, &mut self.identity);
        let log = Log::open(
            &path,
            last,
            |head| head.sequence == sequence && *identity.get_or_insert(head.identity) == head.identity,
            |body| {
                let batch = row::decode(body).ok_or("a row has a shape that was never written")?;
                state.replay(batch)
            },
        )?;
        self.next = log.next_sequence();
        Ok(log)
    }
}
