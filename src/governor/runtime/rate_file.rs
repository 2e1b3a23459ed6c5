//! The file of rates on this host: read when it is needed, and again once it is another one.

use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::reading::read;
use crate::governor::policy::{PolicyError, RateTable};
use crate::printable::printable;

/// Why a file gives no rates.
#[derive(Debug, thiserror::Error)]
pub enum RateFileError {
    /// It is not there, or not for us.
    #[error("cannot read the rates {}", printable(&path.to_string_lossy()))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What is in it are no rates.
    #[error(transparent)]
    Invalid(#[from] PolicyError),
}

/// Rates as they stand in a file; clones share what was read last.
#[derive(Debug, Clone)]
pub struct RateFile {
    path: Arc<Path>,
    known: Arc<Mutex<Option<Known>>>,
}

/// What was read last.
#[derive(Debug)]
struct Known {
    signature: Signature,
    table: Arc<RateTable>,
}

/// What a file is, for what changes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Signature {
    modified: (i64, i64),
    size: u64,
    inode: u64,
}

impl RateFile {
    /// Those at `path`; nothing is read yet.
    #[must_use]
    pub fn at(path: PathBuf) -> Self {
        Self { path: path.into(), known: Arc::default() }
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What the file says now. Reads it only when it is another one than the last time.
    ///
    /// # Errors
    /// [`RateFileError`] when it is not there, or says no rates.
    pub fn table(&self) -> Result<Arc<RateTable>, RateFileError> {
        let signature = signature(&self.path).map_err(|source| unreadable(&self.path, source))?;
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known.as_ref().filter(|known| known.signature == signature) {
            return Ok(Arc::clone(&known.table));
        }
        let table = Arc::new(read_rates(&self.path)?);
        *known = Some(Known { signature, table: Arc::clone(&table) });
        Ok(table)
    }
}

/// Reads the rates in a file.
///
/// # Errors
/// [`RateFileError`] names the file, and the place in it where that is what is wrong.
pub fn read_rates(path: &Path) -> Result<RateTable, RateFileError> {
    let bytes = read(path).map_err(|source| unreadable(path, source))?;
    Ok(RateTable::read(&bytes, path)?)
}

fn unreadable(path: &Path, source: io::Error) -> RateFileError {
    RateFileError::Unreadable { path: path.to_owned(), source }
}

fn signature(path: &Path) -> io::Result<Signature> {
    let metadata = path.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    Ok(Signature {
        modified: (metadata.mtime(), metadata.mtime_nsec()),
        size: metadata.len(),
        inode: metadata.ino(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_again_once_it_is_another_one() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("rates.yaml");
        let file = RateFile::at(path.clone());
        assert!(file.table().unwrap_err().to_string().starts_with("cannot read the rates "));
        std::fs::write(&path, "a: {units: {x: /x}, prices: {default: {x: 1}}}").unwrap();
        let first = file.table().unwrap();
        assert!(Arc::ptr_eq(&first, &file.table().unwrap()));
        std::fs::write(&path, "longer: {units: {x: /x}, prices: {default: {x: 1}}}").unwrap();
        assert!(file.table().unwrap().get(&"longer".parse().unwrap()).is_some());
        std::fs::write(&path, "a: {units: 7}").unwrap();
        assert!(file.table().unwrap_err().to_string().contains("rates.yaml:1:"));
    }
}
