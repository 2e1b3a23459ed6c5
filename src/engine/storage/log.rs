//! One log: a file that batches are appended to.
//!
//! Its space is reserved ahead, for a batch that makes the file longer takes the file system half as long again to
//! make durable. What is reserved reads as zeros.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::OpenError;
use super::directory::Directory;
use super::frame::{self, BadHead, Found, Head};

/// The number of a file's head.
pub(super) const HEAD: u64 = 0;
/// A buffer that has grown beyond this for one batch is given back.
const ROOMY: usize = 4 << 20;
/// How much space is reserved at once, in bytes.
const RESERVE: u64 = 4 << 20;

#[derive(Debug)]
pub(super) struct Log {
    file: File,
    first: u64,
    next: u64,
    /// Up to here everything is durable.
    length: u64,
    /// Up to here space is reserved.
    reserved: u64,
    /// Whether something may lie after the durable part that is neither a batch nor zeros.
    dirty: bool,
    buffer: Vec<u8>,
}

impl Log {
    /// Makes a new log, durable under its name. After an error there is none: it would contradict what is appended to
    /// the one before it.
    pub(super) fn create(directory: &Directory, head: Head) -> io::Result<Self> {
        let path = directory.log(head.sequence);
        let created = Self::create_at(&path, directory, head);
        if created.is_err() {
            // Where nothing can be removed, nothing can be appended either.
            let _ = fs::remove_file(&path);
        }
        created
    }

    fn create_at(path: &Path, directory: &Directory, head: Head) -> io::Result<Self> {
        let mut buffer = Vec::new();
        frame::write(&mut buffer, 0, HEAD, |body| head.encode(body));
        let file = File::options().create(true).truncate(true).read(true).write(true).open(path)?;
        file.write_all_at(&buffer, 0)?;
        fail::fail_point!("engine-log-before-sync");
        file.sync_all()?;
        directory.sync()?;
        fail::fail_point!("engine-log-created");
        fail::fail_point!("engine-log-fails", refuse);
        let length = buffer.len() as u64;
        Ok(Self {
            file,
            first: head.sequence,
            next: head.sequence,
            length,
            reserved: length,
            dirty: false,
            buffer,
        })
    }

    /// Opens a log, shows its head to `accepts` and every body to `replay`. The end of the `last` one may have been cut
    /// short by a crash: that batch was never acknowledged, and is dropped.
    pub(super) fn open(
        path: &Path,
        last: bool,
        accepts: impl FnOnce(Head) -> bool,
        mut replay: impl FnMut(&[u8]) -> Result<(), &'static str>,
    ) -> Result<Self, OpenError> {
        let corrupt = |what: String| OpenError::corrupt(path, what);
        let failed = |error| OpenError::storage(path, error);
        let file = File::options().read(true).write(true).open(path).map_err(failed)?;
        let bytes = std::fs::read(path).map_err(failed)?;
        let (head, mut end) = read_head(&bytes, path)?;
        if !accepts(head) {
            return Err(corrupt("it belongs to another store or another place".to_owned()));
        }
        let mut next = head.sequence;
        let cut = loop {
            match frame::read(&bytes, end, next) {
                Found::Frame { body, end: after } => {
                    replay(body).map_err(|what| corrupt(format!("{what}, in batch {next}")))?;
                    (end, next) = (after, next + 1);
                }
                Found::End => break false,
                Found::Cut if last => break true,
                Found::Cut => {
                    return Err(corrupt(format!("it ends within batch {next}, but another log follows")));
                }
                Found::Damaged => {
                    return Err(corrupt(format!(
                        "a checksum of batch {next}, at byte {end}, does not match"
                    )));
                }
            }
        };
        let length = end as u64;
        if cut {
            let dropped = bytes.len() as u64 - length;
            tracing::warn!(path = %path.display(), batch = next, dropped, "the last batch was cut short by a crash before it was acknowledged, and is dropped");
        }
        let reserved = bytes.len() as u64;
        Ok(Self { file, first: head.sequence, next, length, reserved, dirty: cut, buffer: Vec::new() })
    }

    /// Appends a batch and makes it durable.
    pub(super) fn append(&mut self, fill: impl FnOnce(&mut Vec<u8>)) -> io::Result<()> {
        self.settle()?;
        self.buffer.shrink_to(ROOMY);
        frame::write(&mut self.buffer, self.length, self.next, fill);
        if u32::try_from(self.buffer.len()).is_err() {
            return Err(io::Error::other("a batch of more than four gigabytes"));
        }
        self.dirty = true;
        self.reserve();
        self.write().inspect_err(|_| {
            // If this fails as well, whatever comes next does it again before anything else.
            let _ = self.settle();
        })?;
        self.dirty = false;
        self.length += self.buffer.len() as u64;
        self.next += 1;
        Ok(())
    }

    /// Makes the file longer than it need be, now and then.
    fn reserve(&mut self) {
        let end = self.length + self.buffer.len() as u64;
        if end > self.reserved && reserve(&self.file, end + RESERVE).is_ok() {
            self.reserved = end + RESERVE;
        }
    }

    /// Sees to it that nothing lies after the last batch: neither what a crash cut short nor what failed.
    pub(super) fn settle(&mut self) -> io::Result<()> {
        if self.dirty {
            self.file.set_len(self.length)?;
            self.file.sync_all()?;
            self.reserved = self.length;
            self.dirty = false;
        }
        Ok(())
    }

    fn write(&self) -> io::Result<()> {
        fail::fail_point!("engine-before-write");
        fail::fail_point!("engine-write-fails", refuse);
        fail::fail_point!("engine-write-cut-short", |_| self.write_half());
        self.file.write_all_at(&self.buffer, self.length)?;
        fail::fail_point!("engine-before-sync");
        fail::fail_point!("engine-sync-fails", refuse);
        self.file.sync_data()?;
        fail::fail_point!("engine-after-sync");
        Ok(())
    }

    /// Writes about half of what there is, in whole sectors as a disk does, and then nothing more until the process is
    /// killed.
    #[allow(dead_code, reason = "called by a failpoint, which release builds do not have")]
    fn write_half(&self) -> io::Result<()> {
        let half = self.length + self.buffer.len() as u64 / 2;
        let half = half.next_multiple_of(frame::SECTOR as u64) - self.length;
        let half = usize::try_from(half).map_or(self.buffer.len(), |half| half.min(self.buffer.len()));
        self.file.write_all_at(&self.buffer[..half], self.length)?;
        loop {
            std::thread::park();
        }
    }

    /// The number of the first batch that was or will be in it.
    pub(super) fn first_sequence(&self) -> u64 {
        self.first
    }

    /// The number of the next batch.
    pub(super) fn next_sequence(&self) -> u64 {
        self.next
    }

    /// Whether it holds no batch.
    pub(super) fn is_empty(&self) -> bool {
        self.first == self.next
    }

    /// Its size in bytes.
    pub(super) fn length(&self) -> u64 {
        self.length
    }
}

impl Drop for Log {
    /// Gives back what is reserved; if that fails, the zeros do no harm.
    fn drop(&mut self) {
        if !self.dirty && self.reserved > self.length {
            let _ = self.file.set_len(self.length);
        }
    }
}

/// Makes a file `length` bytes long, and has the file system set the space aside. Where that is refused, appending
/// takes the space as it goes.
#[cfg(target_os = "linux")]
fn reserve(file: &File, length: u64) -> io::Result<()> {
    let length = length.try_into().map_err(io::Error::other)?;
    Ok(nix::fcntl::fallocate(file, nix::fcntl::FallocateFlags::empty(), 0, length)?)
}

#[cfg(not(target_os = "linux"))]
fn reserve(_: &File, _: u64) -> io::Result<()> {
    Err(ErrorKind::Unsupported.into())
}

/// The error of a failpoint, by name.
#[allow(dead_code, reason = "called by failpoints, which release builds do not have")]
#[allow(clippy::needless_pass_by_value, reason = "as failpoints pass it")]
pub(super) fn refuse<T>(kind: Option<String>) -> io::Result<T> {
    let kind = kind.as_deref().map_or(ErrorKind::Other, |kind| match kind {
        "full" => ErrorKind::StorageFull,
        _ => ErrorKind::Other,
    });
    Err(io::Error::new(kind, "a failpoint"))
}

/// Reads the head of a file, and where it ends.
pub(super) fn read_head(bytes: &[u8], path: &Path) -> Result<(Head, usize), OpenError> {
    let Found::Frame { body, end } = frame::read(bytes, 0, HEAD) else {
        if frame::is_of_the_first_format(bytes) {
            return Err(OpenError::Format { path: path.to_owned(), found: 1 });
        }
        return Err(OpenError::corrupt(path, "its head does not match its checksum"));
    };
    match Head::decode(body) {
        Ok(head) => Ok((head, end)),
        Err(BadHead::Format(found)) => Err(OpenError::Format { path: path.to_owned(), found }),
        Err(BadHead::Foreign) => Err(OpenError::corrupt(path, "the engine never wrote it")),
    }
}
