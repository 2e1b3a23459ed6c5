//! A few numbers that all processes of this host share: one record in a file, locked while it is read and written.
//!
//! Not a mapping: whoever makes a mapped file shorter ends every process that reads it, and all of this costs six microseconds.
//! What was written is whole or not taken for it. A process that is killed unlocks; one that stands still while it has the
//! file makes the others give up after a moment, not wait.

use std::fs::{File, TryLockError};
use std::io;
use std::marker::PhantomData;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::open_private;
use crate::clock::uptime;

/// How many numbers a record has.
const WORDS: usize = 8;
/// What every such file begins with; a record of another form would begin otherwise.
const MARK: [u8; 4] = *b"ifs1";
/// The mark, a checksum, the numbers.
const LENGTH: usize = 8 + 8 * WORDS;
/// How often a file that another process has is tried without a pause, and with one: a second, for on a busy machine whoever
/// has it may have to wait for a core.
const TRIES: (u32, u32) = (100, 2000);
/// That pause.
const BETWEEN_TRIES: Duration = Duration::from_micros(500);

pub(super) type Words = [u64; WORDS];

/// What is kept in such a file.
pub(super) trait Record: Clone + PartialEq + Sized {
    /// Where nothing was counted yet.
    fn fresh() -> Self;
    /// Where it is not known what was counted: nothing is to be had of it at first.
    fn unknown(now: Duration) -> Self;
    fn from_words(words: Words) -> Self;
    fn words(&self) -> Words;
}

/// A file with one record.
pub(super) struct SharedFile<R> {
    path: PathBuf,
    /// Locks of a file do not keep out threads of one process.
    file: Mutex<File>,
    record: PhantomData<fn() -> R>,
}

impl<R: Record> SharedFile<R> {
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        let file = Mutex::new(open_private(&path)?);
        Ok(Self { path, file, record: PhantomData })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads the record, lets `change` change it, who is told the machine's uptime, and writes it, while nobody else does.
    ///
    /// # Errors
    /// What the system says; [`io::ErrorKind::TimedOut`] when another process does not let go of it.
    pub(super) fn update<T>(&self, change: impl FnOnce(&mut R, Duration) -> T) -> io::Result<T> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        hold(&file)?;
        if file.metadata().is_ok_and(|found| found.nlink() == 0) {
            // Somebody has removed it: others count in a new one.
            *file = open_private(&self.path)?;
            hold(&file)?;
        }
        // Not before, so that time goes on from one to the next.
        let changed = self.change(&file, uptime(), change);
        file.unlock()?;
        changed
    }

    fn change<T>(
        &self,
        file: &File,
        now: Duration,
        change: impl FnOnce(&mut R, Duration) -> T,
    ) -> io::Result<T> {
        let found = self.read(file, now)?;
        let mut record = found.clone().unwrap_or_else(R::fresh);
        let outcome = change(&mut record, now);
        if found.as_ref() != Some(&record) {
            file.write_all_at(&encoded(&record.words()), 0)?;
        }
        Ok(outcome)
    }

    /// Nothing in a new file.
    fn read(&self, file: &File, now: Duration) -> io::Result<Option<R>> {
        let mut bytes = [0; LENGTH];
        let mut length = 0;
        while length < LENGTH {
            match file.read_at(&mut bytes[length..], u64::try_from(length).unwrap_or_default())? {
                0 => break,
                more => length += more,
            }
        }
        if length == 0 {
            return Ok(None);
        }
        let record = decoded(&bytes[..length]).map(R::from_words);
        Ok(Some(record.unwrap_or_else(|| {
            tracing::warn!(path = %self.path.display(), "what was counted there is not legible, and is counted anew");
            let record = R::unknown(now);
            // What cannot be written now is as illegible the next time.
            let _ = file.write_all_at(&encoded(&record.words()), 0);
            record
        })))
    }
}

fn hold(file: &File) -> io::Result<()> {
    for attempt in 0..TRIES.0 + TRIES.1 {
        match file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::Error(error)) => return Err(error),
            Err(TryLockError::WouldBlock) if attempt < TRIES.0 => std::thread::yield_now(),
            Err(TryLockError::WouldBlock) => std::thread::sleep(BETWEEN_TRIES),
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

fn encoded(words: &Words) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    for (word, place) in words.iter().zip(bytes[8..].chunks_exact_mut(8)) {
        place.copy_from_slice(&word.to_le_bytes());
    }
    let checksum = crc32c::crc32c(&bytes[8..]);
    bytes[..4].copy_from_slice(&MARK);
    bytes[4..8].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

fn decoded(bytes: &[u8]) -> Option<Words> {
    let (mark, rest) = bytes.split_first_chunk::<4>()?;
    let (checksum, numbers) = rest.split_first_chunk::<4>()?;
    if *mark != MARK || numbers.len() != 8 * WORDS || crc32c::crc32c(numbers) != u32::from_le_bytes(*checksum)
    {
        return None;
    }
    let mut words = [0; WORDS];
    for (word, bytes) in words.iter_mut().zip(numbers.as_chunks::<8>().0) {
        *word = u64::from_le_bytes(*bytes);
    }
    Some(words)
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;
    use std::sync::Arc;

    use super::*;

    /// Counts, in its first number.
    #[derive(Debug, Clone, PartialEq)]
    struct Count(u64);

    impl Record for Count {
        fn fresh() -> Self {
            Self(0)
        }

        fn unknown(_: Duration) -> Self {
            Self(1000)
        }

        fn from_words(words: Words) -> Self {
            Self(words[0])
        }

        fn words(&self) -> Words {
            [self.0, 2, 3, 4, 5, 6, 7, u64::MAX]
        }
    }

    fn count(file: &SharedFile<Count>) -> u64 {
        let counted = file.update(|count, _| {
            count.0 += 1;
            count.0
        });
        counted.unwrap()
    }

    #[test]
    fn everybody_counts_in_one_file_which_is_its_owners_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("count");
        let open = || Arc::new(SharedFile::<Count>::open(path.clone()).unwrap());
        // Each is opened twice, and used by two threads.
        let files: Vec<_> = (0..2).map(|_| open()).flat_map(|file| [Arc::clone(&file), file]).collect();
        std::thread::scope(|scope| {
            for file in &files {
                scope.spawn(|| {
                    for _ in 0..500 {
                        count(file);
                    }
                });
            }
        });
        assert_eq!(count(&open()), 2001);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn what_is_not_whole_is_not_known_and_what_is_new_is_fresh() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("count");
        let file = SharedFile::<Count>::open(path.clone()).unwrap();
        count(&file);
        let whole = fs::read(&path).unwrap();
        let mut flipped = whole.clone();
        flipped[20] ^= 1;
        for damaged in [&whole[..10], &whole[..LENGTH - 1], &[0; LENGTH], b"foreign", &flipped[..]] {
            fs::write(&path, damaged).unwrap();
            assert_eq!([count(&file), count(&file)], [1001, 1002], "{damaged:?}");
        }
        fs::write(&path, &whole).unwrap();
        assert_eq!(count(&file), 2);
        fs::write(&path, "").unwrap();
        assert_eq!(count(&file), 1);
        fs::remove_file(&path).unwrap();
        count(&file);
        assert_eq!(count(&SharedFile::open(path).unwrap()), 2, "they count in one file again");
    }

    #[test]
    fn whoever_stands_still_with_the_file_holds_nobody_up_for_long() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("count");
        let file = SharedFile::<Count>::open(path.clone()).unwrap();
        let other = File::open(&path).unwrap();
        other.lock().unwrap();
        let given_up = file.update(|count, _| count.0).unwrap_err();
        assert_eq!(given_up.kind(), io::ErrorKind::TimedOut);
        drop(other);
        assert_eq!(count(&file), 1);
    }
}
