//! Why a directory cannot be opened.

use std::io;
use std::path::{Path, PathBuf};

/// Why the engine could not be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Another process (or another engine of this one) has the directory open.
    #[error("{} is in use by another process", path.display())]
    Locked {
        /// The directory.
        path: PathBuf,
    },
    /// A file is not what was written.
    #[error("{} is corrupt: {what}", path.display())]
    Corrupt {
        /// The file, or the directory when something is missing from it.
        path: PathBuf,
        /// What does not match.
        what: String,
    },
    /// The file was written by a newer version.
    #[error("{} has format {found}, this version reads format {}", path.display(), super::frame::FORMAT)]
    Format {
        /// The file.
        path: PathBuf,
        /// The format it has.
        found: u32,
    },
    /// A file could not be read or written.
    #[error("cannot open {}", path.display())]
    Storage {
        /// The file or directory.
        path: PathBuf,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// The system gave no thread.
    #[error("cannot start the writer thread")]
    Thread(#[source] io::Error),
}

impl OpenError {
    pub(super) fn corrupt(path: &Path, what: impl Into<String>) -> Self {
        Self::Corrupt { path: path.to_owned(), what: what.into() }
    }

    pub(super) fn storage(path: &Path, source: io::Error) -> Self {
        Self::Storage { path: path.to_owned(), source }
    }
}
