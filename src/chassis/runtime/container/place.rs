//! The place of a container on its host: a directory for its socket, held for as long as its caller lives.
//!
//! The outer directory lets nobody in but its owner. The inner one, which the container sees in place of it, and the socket
//! let everybody in: whoever can name them is in the container.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::ContainerError;
use crate::config::create_private_directory;

/// The file that the caller holds.
const LOCK: &str = "lock";
/// What the container sees.
const SOCKETS: &str = "s";

/// A container's place. Dropping it removes it.
#[derive(Debug)]
pub(super) struct Place {
    directory: PathBuf,
    /// Unlocked when it is closed, also by a process that is killed.
    _lock: File,
}

impl Place {
    /// Takes a place of this name in `root`.
    pub(super) fn take(root: &Path, name: &str) -> Result<Self, ContainerError> {
        let take = || {
            create_private_directory(root)?;
            let root = root.canonicalize()?;
            let directory = root.join(name);
            // Until it is held, nobody may think that it is left over.
            let entry = lock_file(&root.join(LOCK))?;
            entry.lock_shared()?;
            DirBuilder::new().mode(0o700).create(&directory)?;
            let lock = lock_file(&directory.join(LOCK))?;
            lock.lock()?;
            let sockets = directory.join(SOCKETS);
            DirBuilder::new().create(&sockets)?;
            // Whatever the umask of the caller.
            fs::set_permissions(sockets, Permissions::from_mode(0o755))?;
            Ok(Self { directory, _lock: lock })
        };
        take().map_err(|source| ContainerError::Place { path: root.to_owned(), source })
    }

    /// Where its socket is to be.
    pub(super) fn sockets(&self) -> PathBuf {
        self.directory.join(SOCKETS)
    }

    /// The file that is held.
    pub(super) fn lock_path(&self) -> PathBuf {
        self.directory.join(LOCK)
    }

    /// How a container is shown its sockets, as a line of comma-separated values.
    pub(super) fn mount(&self, inside: &str) -> String {
        let source = self.sockets().display().to_string().replace('"', "\"\"");
        format!("type=bind,\"source={source}\",target={inside},readonly")
    }

    pub(super) fn error(&self, source: io::Error) -> ContainerError {
        ContainerError::Place { path: self.directory.clone(), source }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.directory) {
            tracing::debug!(%error, "a container's directory is left over");
        }
    }
}

/// Whether somebody holds this lock, or that cannot be known.
pub(super) fn is_held(lock: &Path) -> bool {
    let look = || {
        if !fs::symlink_metadata(lock)?.is_file() {
            return Err(io::Error::other("it is no regular file"));
        }
        File::open(lock)
    };
    match look() {
        Ok(file) => !matches!(file.try_lock(), Ok(())),
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Removes the places in `root` that nobody holds.
pub(super) fn tidy(root: &Path) -> io::Result<()> {
    if !root.is_dir() {
        return Ok(());
    }
    let entry = lock_file(&root.join(LOCK))?;
    match entry.try_lock() {
        Ok(()) => {}
        // Somebody is coming in: there is another day.
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(error)) => return Err(error),
    }
    for place in fs::read_dir(root)? {
        let place = place?.path();
        if place.is_dir() && !is_held(&place.join(LOCK)) {
            fs::remove_dir_all(place)?;
        }
    }
    Ok(())
}

fn lock_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn a_place_lets_nobody_in_but_shows_an_open_directory_to_its_container() {
        let home = tempfile::tempdir().unwrap();
        let place = Place::take(&home.path().join("a, \"b\""), "one").unwrap();
        assert_eq!((mode(&place.directory), mode(&place.sockets())), (0o700, 0o755));
        assert!(
            place.mount("/x").contains("a, \"\"b\"\"/one/s\",target=/x,readonly"),
            "{}",
            place.mount("/x")
        );
        assert!(Place::take(&home.path().join("a, \"b\""), "one").is_err(), "it is taken");
    }

    #[test]
    fn a_place_is_left_over_as_soon_as_nobody_holds_it() {
        let home = tempfile::tempdir().unwrap();
        let root = home.path().join("c");
        tidy(&root).unwrap();
        let held = Place::take(&root, "held").unwrap();
        let mut left = Place::take(&root, "left").unwrap();
        assert!(is_held(&held.lock_path()) && is_held(&left.lock_path()));
        let lock = left.lock_path();
        // As after a kill: unlocked, not removed.
        left.directory = home.path().join("nowhere");
        drop(left);
        assert!(!is_held(&lock));
        tidy(&root).unwrap();
        assert!(!lock.exists() && held.lock_path().exists());
        drop(held);
        assert!(!is_held(&lock), "what is not there is not held");
        assert!(is_held(&root), "of what is no file nothing is known");
        assert_eq!(fs::read_dir(&root).unwrap().count(), 1, "the lock at the entry stays");
    }
}
