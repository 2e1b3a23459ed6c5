//! The directory: which files are in it, and that only one process has it open.

use std::fs::{self, File, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use crate::config::create_private_directory;

use super::frame::{self, Found, HEAD_SIZE};
use super::log::HEAD;
use super::{OpenError, Places, RestoreError};

const LOCK: &str = "lock";
const LOG: &str = "log";
const SNAPSHOT: &str = "snapshot";
/// A snapshot that is not whole yet.
const PARTIAL: &str = "partial";
/// More than the largest request takes, in bytes.
const ROOM: usize = 2 << 20;

/// A directory that is ours while this lives.
#[derive(Debug)]
pub(super) struct Directory {
    path: PathBuf,
    _lock: File,
}

/// The files that count, by the number of their first batch.
#[derive(Debug, Default)]
pub(super) struct Files {
    pub(super) snapshot: Option<u64>,
    /// From the snapshot on, in order.
    pub(super) logs: Vec<u64>,
}

impl Files {
    /// The number of the batch to begin with; nothing when there is no file.
    pub(super) fn first(&self) -> Option<u64> {
        self.snapshot.or_else(|| self.logs.first().copied())
    }
}

impl Directory {
    pub(super) fn open(path: &Path) -> Result<Self, OpenError> {
        create_private_directory(path).map_err(|error| OpenError::storage(path, error))?;
        Ok(Self { path: path.to_owned(), _lock: lock(path)? })
    }

    pub(super) fn log(&self, sequence: u64) -> PathBuf {
        self.file(sequence, LOG)
    }

    pub(super) fn snapshot(&self, sequence: u64) -> PathBuf {
        self.file(sequence, SNAPSHOT)
    }

    pub(super) fn places(&self, sequence: u64) -> Places {
        Places {
            directory: self.path.clone(),
            partial: self.file(sequence, PARTIAL),
            snapshot: self.snapshot(sequence),
        }
    }

    fn file(&self, sequence: u64, kind: &str) -> PathBuf {
        self.path.join(format!("{sequence:016}.{kind}"))
    }

    /// The newest snapshot and the logs that follow it.
    pub(super) fn find(&self) -> Result<Files, OpenError> {
        let snapshot = self.numbers(SNAPSHOT).map_err(|error| self.failed(error))?.pop();
        let mut logs = self.numbers(LOG).map_err(|error| self.failed(error))?;
        logs.retain(|&sequence| Some(sequence) >= snapshot);
        // A crash while the newest log was being made leaves one without a head.
        if let Some(&newest) = logs.last() {
            let path = self.log(newest);
            if is_unfinished(&path).map_err(|error| OpenError::storage(&path, error))? {
                fs::remove_file(&path).map_err(|error| OpenError::storage(&path, error))?;
                logs.pop();
            }
        }
        Ok(Files { snapshot, logs })
    }

    fn numbers(&self, kind: &str) -> io::Result<Vec<u64>> {
        let mut numbers = Vec::new();
        for entry in fs::read_dir(&self.path)? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == kind) {
                numbers.extend(path.file_stem().and_then(|stem| stem.to_str()?.parse::<u64>().ok()));
            }
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Removes what the snapshot `sequence` has taken the place of, and snapshots that were never finished.
    pub(super) fn tidy(&self, sequence: u64) {
        fail::fail_point!("engine-before-tidying");
        for (kind, below) in [(LOG, sequence), (SNAPSHOT, sequence), (PARTIAL, u64::MAX)] {
            for number in self.numbers(kind).unwrap_or_default() {
                if number < below {
                    // What cannot be removed now is removed at the next opportunity.
                    let _ = fs::remove_file(self.file(number, kind));
                    fail::fail_point!("engine-while-tidying");
                }
            }
        }
    }

    /// Makes the names of new and removed files durable.
    pub(super) fn sync(&self) -> io::Result<()> {
        sync(&self.path)
    }

    /// Makes the name of a directory that may be new durable, and those of the directories it is in.
    pub(super) fn sync_name(&self) {
        let Ok(path) = std::path::absolute(&self.path) else { return };
        for parent in path.ancestors().skip(1) {
            // One that cannot be opened has not been made for this store.
            let _ = sync(parent);
        }
    }

    /// Whether something of the size of the largest request can be written: by trying.
    pub(super) fn has_room(&self) -> io::Result<()> {
        let path = self.places(0).partial;
        let written = fs::write(&path, vec![1; ROOM]).and_then(|()| File::open(&path)?.sync_all());
        fs::remove_file(&path).and(written)
    }

    pub(super) fn failed(&self, error: io::Error) -> OpenError {
        OpenError::storage(&self.path, error)
    }

    pub(super) fn corrupt(&self, what: String) -> OpenError {
        OpenError::corrupt(&self.path, what)
    }
}

/// Makes sure that a store can be moved to `path`: nothing is there then, or an empty directory.
///
/// # Errors
/// [`OpenError::Locked`] when a process has a store open there, [`RestoreError::Occupied`] when anything else is there.
pub fn vacate(path: &Path) -> Result<(), RestoreError> {
    let failed = |source| OpenError::storage(path, source);
    let found = match fs::read_dir(path) {
        Ok(entries) => entries.map(|entry| Ok(entry?.file_name())).collect::<io::Result<Vec<_>>>(),
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => Err(error),
    };
    let found = found.map_err(failed)?;
    // An open that failed may leave its lock behind.
    let locked = found.iter().any(|name| name == LOCK);
    let ours = locked.then(|| lock(path)).transpose()?;
    if found.iter().any(|name| name != LOCK) {
        return Err(RestoreError::Occupied { directory: path.to_owned() });
    }
    if ours.is_some() {
        fs::remove_file(path.join(LOCK)).map_err(failed)?;
    }
    Ok(())
}

/// How often the lock is tried, and how long to wait in between: whoever had the directory may just be ending.
const LOCK_TRIES: u32 = 25;
const LOCK_PAUSE: Duration = Duration::from_millis(20);

/// Takes the directory for this process, as long as the file is open.
fn lock(path: &Path) -> Result<File, OpenError> {
    let place = path.join(LOCK);
    let failed = |error| OpenError::storage(&place, error);
    let lock = File::options().create(true).truncate(false).write(true).open(&place).map_err(failed)?;
    for _ in 0..LOCK_TRIES {
        match lock.try_lock() {
            Ok(()) => return Ok(lock),
            Err(TryLockError::WouldBlock) => thread::sleep(LOCK_PAUSE),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
    }
    Err(OpenError::Locked { path: path.to_owned() })
}

/// Whether a log has no head yet, and so nothing after it.
fn is_unfinished(path: &Path) -> io::Result<bool> {
    if fs::metadata(path)?.len() > HEAD_SIZE {
        return Ok(false);
    }
    Ok(matches!(frame::read(&fs::read(path)?, 0, HEAD), Found::End | Found::Cut))
}

/// Makes the names in a directory durable.
pub(super) fn sync(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Engine, Options};

    #[test]
    fn only_a_place_without_a_store_is_vacant() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("engine");
        vacate(&path).unwrap();
        let engine = Engine::open(&path, Options::default()).unwrap();
        assert!(matches!(vacate(&path), Err(RestoreError::Open(OpenError::Locked { .. }))));
        engine.close();
        assert!(matches!(vacate(&path), Err(RestoreError::Occupied { .. })));
    }

    #[test]
    fn what_an_open_that_failed_leaves_behind_is_no_store() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("engine");
        drop(Engine::open(&path, Options::default()).unwrap());
        for file in fs::read_dir(&path).unwrap().map(|entry| entry.unwrap()) {
            if file.file_name() != LOCK {
                fs::remove_file(file.path()).unwrap();
            }
        }
        vacate(&path).unwrap();
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    }
}
