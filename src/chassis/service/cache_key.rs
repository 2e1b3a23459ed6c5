//! The key of the cache: whoever knows it can make machine code that is run unchecked.
//!
//! It lies outside the cache, is made once, and is refused as soon as others could have read or replaced it, as ssh does
//! with keys.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::modules::{draft_name, in_place, write_private};
use crate::config::create_private_directory;

/// The length of the key, in bytes.
const LENGTH: usize = 32;

/// Why compiled modules are not kept or not trusted.
#[derive(Debug, thiserror::Error)]
pub enum CacheError {
    /// Others may read or write what decides which machine code is run.
    #[error("{} is open to others, its mode is {mode:04o}: they could have machine code of theirs run", path.display())]
    Open {
        /// The file or directory.
        path: PathBuf,
        /// Its permissions.
        mode: u32,
        /// Whether it is the key, which is known to others then.
        is_key: bool,
    },
    /// It is somebody else's.
    #[error("{} belongs to another user, uid {owner}", path.display())]
    Foreign {
        /// The file or directory.
        path: PathBuf,
        /// Whose it is.
        owner: u32,
    },
    /// It is no key.
    #[error("{} is no file of {LENGTH} bytes", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The disk does not do as asked.
    #[error("cannot use {}", path.display())]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

impl CacheError {
    pub(super) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path, source }
    }
}

/// The key.
pub(super) struct CacheKey([u8; LENGTH]);

impl CacheKey {
    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Reads the key, if there is one.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, CacheError> {
        let file = match open(path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(source) => return Err(CacheError::Io { path: path.to_owned(), source }),
        };
        if let Some(directory) = path.parent() {
            check_directory(directory)?;
        }
        let metadata = file.metadata().map_err(CacheError::io(path))?;
        check(path, &metadata, true)?;
        let malformed = || CacheError::Malformed { path: path.to_owned() };
        if !metadata.is_file() {
            return Err(malformed());
        }
        let mut bytes = Vec::with_capacity(LENGTH + 1);
        file.take(LENGTH as u64 + 1).read_to_end(&mut bytes).map_err(CacheError::io(path))?;
        Ok(Some(Self(bytes.try_into().map_err(|_| malformed())?)))
    }

    /// Reads the key, or makes one. However many make one at once, all get the same.
    pub(super) fn read_or_make(path: &Path, unique: &str) -> Result<Self, CacheError> {
        if let Some(key) = Self::read(path)? {
            return Ok(key);
        }
        make(path, unique).map_err(CacheError::io(path))?;
        let vanished = || CacheError::Io { path: path.to_owned(), source: io::ErrorKind::NotFound.into() };
        Self::read(path)?.ok_or_else(vanished)
    }
}

/// Puts a fresh key in place, unless there is one by then.
fn make(path: &Path, unique: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new(""));
    create_private_directory(directory)?;
    let draft = directory.join(draft_name(unique));
    // A link, unlike a rename, never replaces what somebody else has made meanwhile.
    let linked =
        write_private(&draft, &[&rand::random::<[u8; LENGTH]>()]).and_then(|()| fs::hard_link(&draft, path));
    // Nothing more can be done about a draft that cannot be removed; it is no key.
    let _ = fs::remove_file(&draft);
    match linked {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        Ok(()) | Err(_) => File::open(directory)?.sync_all(),
    }
}

/// Checks that a directory is its owner's alone.
pub(super) fn check_directory(path: &Path) -> Result<(), CacheError> {
    let metadata = fs::metadata(path).map_err(CacheError::io(path))?;
    check(path, &metadata, false)
}

/// Opens a key where it is, not where a link leads.
fn open(path: &Path) -> io::Result<File> {
    in_place(OpenOptions::new().read(true)).open(path)
}

#[cfg(unix)]
fn check(path: &Path, metadata: &fs::Metadata, is_key: bool) -> Result<(), CacheError> {
    use std::os::unix::fs::MetadataExt;
    let (owner, mode) = (metadata.uid(), metadata.mode() & 0o7777);
    if owner != nix::unistd::geteuid().as_raw() {
        return Err(CacheError::Foreign { path: path.to_owned(), owner });
    }
    if mode & 0o077 != 0 {
        return Err(CacheError::Open { path: path.to_owned(), mode, is_key });
    }
    Ok(())
}

#[cfg(not(unix))]
fn check(_: &Path, _: &fs::Metadata, _: bool) -> Result<(), CacheError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn set_mode(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// A private directory and the path of a key in it.
    fn place() -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("chassis/cache.key");
        (directory, path)
    }

    #[test]
    fn however_many_make_the_key_all_get_the_same() {
        let (_directory, path) = place();
        let keys: Vec<CacheKey> = std::thread::scope(|scope| {
            let make = |n: usize| {
                let path = &path;
                scope.spawn(move || CacheKey::read_or_make(path, &n.to_string()).unwrap())
            };
            let threads: Vec<_> = (0..16).map(make).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(keys.iter().all(|key| key.0 == keys[0].0 && key.0 != [0; LENGTH]));
        let names: Vec<_> =
            fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(names, ["cache.key"]);
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn a_key_that_others_could_have_read_or_replaced_is_refused() {
        let (_directory, path) = place();
        CacheKey::read_or_make(&path, "1").unwrap();
        for mode in [0o640, 0o604, 0o620, 0o602, 0o610] {
            set_mode(&path, mode);
            let refused = CacheKey::read(&path).err().unwrap();
            assert!(matches!(refused, CacheError::Open { mode: found, is_key: true, .. } if found == mode));
        }
        set_mode(&path, 0o600);
        for mode in [0o755, 0o770, 0o707] {
            set_mode(path.parent().unwrap(), mode);
            let refused = CacheKey::read(&path).err().unwrap();
            assert!(matches!(refused, CacheError::Open { is_key: false, .. }), "{mode:o}");
        }
        set_mode(path.parent().unwrap(), 0o700);
        assert!(CacheKey::read(&path).unwrap().is_some());
    }

    #[test]
    fn what_is_no_key_is_refused() {
        let (_directory, path) = place();
        CacheKey::read_or_make(&path, "1").unwrap();
        for length in [0, LENGTH - 1, LENGTH + 1] {
            fs::write(&path, vec![7; length]).unwrap();
            assert!(matches!(CacheKey::read(&path), Err(CacheError::Malformed { .. })), "{length}");
        }
        fs::remove_file(&path).unwrap();
        let elsewhere = path.with_file_name("elsewhere");
        fs::write(&elsewhere, [7; LENGTH]).unwrap();
        symlink(&elsewhere, &path).unwrap();
        assert!(matches!(CacheKey::read(&path), Err(CacheError::Io { .. })), "a link is not followed");
    }
}
