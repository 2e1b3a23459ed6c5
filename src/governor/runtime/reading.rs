//! Reading a policy file.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::governor::policy::{LeadersPolicy, MAX_SIZE, Policy, PolicyError, PolicyFileName};
use crate::hexadecimal::hexadecimal;
use crate::printable::printable;

/// Why a file gives no policy.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFileError {
    /// It is not there, or not for us.
    #[error("cannot read the policy {}", printable(&path.to_string_lossy()))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What is in it is no policy.
    #[error(transparent)]
    Invalid(#[from] PolicyError),
}

impl PolicyFileError {
    /// Whether there is no such file.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }
}

/// Reads the policy in a file.
///
/// # Errors
/// [`PolicyFileError`] names the file, and the place in it where that is what is wrong.
pub fn read_policy(path: &Path) -> Result<LeadersPolicy, PolicyFileError> {
    let bytes = read(path).map_err(|source| PolicyFileError::Unreadable { path: path.to_owned(), source })?;
    Ok(parse(path, &bytes)?)
}

/// The bytes of a file; of one that is too large only so many that it is known to be.
pub(super) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(MAX_SIZE as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn parse(path: &Path, bytes: &[u8]) -> Result<LeadersPolicy, PolicyError> {
    let policy = Policy::read(bytes, path)?;
    let known_everywhere = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let path = known_everywhere.to_string_lossy().into_owned();
    Ok(LeadersPolicy { policy, file: Some(PolicyFileName { path, digest: digest(bytes) }) })
}

/// The SHA-256, in hexadecimal.
pub(super) fn digest(bytes: &[u8]) -> String {
    hexadecimal(&Sha256::digest(bytes))
}
