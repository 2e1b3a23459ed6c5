//! Writing: a line goes to the newest segment in one write, or is lost.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::{SEGMENTS, segment, segments};
use crate::chassis::LogLine;
use crate::chassis::service::modules::{in_place, only_file};
use crate::config::create_private_directory;

/// How often the newest segment is looked for when others are always faster.
const ATTEMPTS: u32 = 100;

/// Writes the lines of one task. Opens nothing before the first.
#[derive(Debug)]
pub(super) struct LogWriter {
    directory: PathBuf,
    segment_bytes: u64,
    open: Option<File>,
    /// Whether the last line was written in part, so that the next has to begin on a line of its own.
    torn: bool,
}

impl LogWriter {
    pub(super) fn new(directory: PathBuf, segment_bytes: u64) -> Self {
        Self { directory, segment_bytes, open: None, torn: false }
    }

    /// Keeps a line. After an error the next one is tried all the same.
    pub(super) fn write(&mut self, line: &LogLine) -> io::Result<()> {
        let mut record = if self.torn { vec![b'\n'] } else { Vec::new() };
        serde_json::to_writer(&mut record, line)?;
        record.push(b'\n');
        let mut file = match self.open.take() {
            Some(file) if has_room(&file, self.segment_bytes)? => file,
            _ => newest(&self.directory, self.segment_bytes)?,
        };
        let written = file.write(&record)?;
        self.torn = written < record.len();
        if self.torn {
            return Err(ErrorKind::StorageFull.into());
        }
        self.open = Some(file);
        Ok(())
    }
}

/// Whether the segment is still there and not full. There is no newer one then: a newer one is begun when it is full.
fn has_room(file: &File, segment_bytes: u64) -> io::Result<bool> {
    let metadata = file.metadata()?;
    Ok(metadata.nlink() > 0 && metadata.len() < segment_bytes)
}

/// Opens the newest segment, and begins one when there is none or it is full.
fn newest(directory: &Path, segment_bytes: u64) -> io::Result<File> {
    create_private_directory(directory)?;
    for _ in 0..ATTEMPTS {
        let last = segments(directory)?.last().copied();
        if let Some(number) = last
            && let Some(file) = open(directory, number, false)?
            && has_room(&file, segment_bytes)?
        {
            return Ok(file);
        }
        // Only looked at again is it known to be the newest: this process may have slept since it looked.
        let next = last.unwrap_or(0).checked_add(1).ok_or(ErrorKind::InvalidData)?;
        open(directory, next, true)?;
        prune(directory, next)?;
    }
    Err(ErrorKind::ResourceBusy.into())
}

fn open(directory: &Path, number: u64, create: bool) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.append(true).create(create).mode(0o600);
    match in_place(&mut options).open(segment(directory, number)) {
        Ok(file) => only_file(file).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound && !create => Ok(None),
        Err(error) => Err(error),
    }
}

/// Removes what is older than the segments that are kept.
fn prune(directory: &Path, newest: u64) -> io::Result<()> {
    let oldest = newest.saturating_sub(SEGMENTS - 1);
    for number in segments(directory)?.into_iter().filter(|number| *number < oldest) {
        match fs::remove_file(segment(directory, number)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            // Removed, by this process or another.
            _ => {}
        }
    }
    Ok(())
}
