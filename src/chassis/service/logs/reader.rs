//! Reading: what is there, and what comes, across all segments.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::MetadataExt;
use std::path::PathBuf;

use super::{segment, segments};
use crate::chassis::service::modules::open_file;
use crate::chassis::{ChassisError, LogLine};

/// Reads one swarm's log, and remembers how far.
///
/// Keeps every segment open until it is removed: whoever was late to write to a full one is read all the same.
#[derive(Debug)]
pub struct LogReader {
    directory: PathBuf,
    open: BTreeMap<u64, Segment>,
}

#[derive(Debug)]
struct Segment {
    file: File,
    /// What was read of a line whose end was not there yet.
    unended: Vec<u8>,
}

impl LogReader {
    pub(super) fn new(directory: PathBuf) -> Self {
        Self { directory, open: BTreeMap::new() }
    }

    /// What has been logged since the last look, or at all; in the order in which each process has written it. What is no
    /// line of a log is passed over.
    ///
    /// # Errors
    /// [`ChassisError::UnreadableLog`].
    pub fn more(&mut self) -> Result<Vec<LogLine>, ChassisError> {
        self.read().map_err(|source| ChassisError::UnreadableLog { path: self.directory.clone(), source })
    }

    fn read(&mut self) -> io::Result<Vec<LogLine>> {
        let mut lines = Vec::new();
        // Whoever goes on to the next segment has written to the one before: so first look, then read upwards.
        for number in segments(&self.directory)? {
            if let Some(segment) = self.open.get_mut(&number) {
                if segment.is_there()? {
                    continue;
                }
                segment.read(&mut lines)?;
            }
            match open_file(&segment(&self.directory, number)) {
                Ok(file) => drop(self.open.insert(number, Segment { file, unended: Vec::new() })),
                // Removed meanwhile.
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        for segment in self.open.values_mut() {
            segment.read(&mut lines)?;
        }
        self.forget_removed()?;
        Ok(lines)
    }

    fn forget_removed(&mut self) -> io::Result<()> {
        let mut removed = Vec::new();
        for (number, segment) in &self.open {
            if !segment.is_there()? {
                removed.push(*number);
            }
        }
        for number in removed {
            self.open.remove(&number);
        }
        Ok(())
    }
}

impl Segment {
    fn is_there(&self) -> io::Result<bool> {
        Ok(self.file.metadata()?.nlink() > 0)
    }

    fn read(&mut self, lines: &mut Vec<LogLine>) -> io::Result<()> {
        self.file.read_to_end(&mut self.unended)?;
        let Some(end) = self.unended.iter().rposition(|byte| *byte == b'\n') else { return Ok(()) };
        let rest = self.unended.split_off(end + 1);
        let ended = std::mem::replace(&mut self.unended, rest);
        lines.extend(ended.split(|byte| *byte == b'\n').filter_map(LogLine::parse));
        Ok(())
    }
}
