//! Saving: a snapshot of the running store as a file, whole or not at all.
//!
//! It is written beside its place, checked against the digest it ends with, made durable, and only then given its name.

use std::io;
use std::path::{Path, PathBuf};

use serde::Serialize;
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

use crate::coordinator::snapshot::{Check, Format};
use crate::store::{Store, StoreError};

/// A snapshot that was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Saved {
    /// The file.
    pub file: PathBuf,
    /// Its size in bytes.
    pub bytes: u64,
    /// Whose it is, which decides what can restore it.
    pub format: Format,
}

/// Why no snapshot was saved.
#[derive(Debug, thiserror::Error)]
pub enum SaveError {
    /// The file is there.
    #[error("{} exists already", file.display())]
    Exists {
        /// The file.
        file: PathBuf,
    },
    /// The file cannot be written.
    #[error("cannot write {}", file.display())]
    Unwritable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Less came than the store has sent, or something else.
    #[error("the snapshot from {endpoints} did not arrive whole")]
    Incomplete {
        /// Who was asked.
        endpoints: String,
    },
    /// The store does not do its part.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Saves a snapshot of the store as `file`; over one that is there only if told to `replace` it.
///
/// # Errors
/// [`SaveError`]; then `file` is as it was.
pub async fn save(store: &Store, file: &Path, replace: bool) -> Result<Saved, SaveError> {
    refuse_existing(file, replace)?;
    let mut partial = file.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let saved = fill(store, &partial).await.and_then(|check| {
        let bytes = check.size();
        let incomplete = || SaveError::Incomplete { endpoints: store.endpoints().to_owned() };
        Ok(Saved { file: file.to_owned(), bytes, format: check.finish().ok_or_else(incomplete)? })
    });
    let settled = match saved {
        Ok(saved) => settle(&partial, file, replace).await.map(|()| saved),
        Err(error) => Err(error),
    };
    if settled.is_err() {
        // If it stays, the next one is written over it.
        let _ = fs::remove_file(&partial).await;
    }
    settled
}

fn refuse_existing(file: &Path, replace: bool) -> Result<(), SaveError> {
    if !replace && file.exists() { Err(SaveError::Exists { file: file.to_owned() }) } else { Ok(()) }
}

/// Writes what the store sends, durably.
async fn fill(store: &Store, partial: &Path) -> Result<Check, SaveError> {
    let mut export = store.export().await?;
    let unwritable = |source| SaveError::Unwritable { file: partial.to_owned(), source };
    let mut file = create(partial).await.map_err(unwritable)?;
    let mut check = Check::default();
    while let Some(piece) = export.next().await? {
        check.take(&piece);
        file.write_all(&piece).await.map_err(unwritable)?;
    }
    file.flush().await.map_err(unwritable)?;
    file.sync_all().await.map_err(unwritable)?;
    Ok(check)
}

/// A file that only its owner may read: it holds all that the store holds.
async fn create(partial: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    #[cfg(unix)]
    options.mode(0o600);
    options.create(true).truncate(true).write(true).open(partial).await
}

async fn settle(partial: &Path, file: &Path, replace: bool) -> Result<(), SaveError> {
    refuse_existing(file, replace)?;
    let unwritable = |source| SaveError::Unwritable { file: file.to_owned(), source };
    fs::rename(partial, file).await.map_err(unwritable)?;
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = File::open(directory.unwrap_or(Path::new("."))).await.map_err(unwritable)?;
    directory.sync_all().await.map_err(unwritable)
}
