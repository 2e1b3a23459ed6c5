//! Modules on the disk of the host that loaded them: as they were given, named by their digest, for the owner only.
//!
//! Whoever keeps a module holds the directory shared until a contract names it, and whoever removes one holds it alone: so
//! what is about to be named is not removed.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::chassis::Digest;
use crate::chassis::runtime::MAX_MODULE_BYTES;
use crate::config::{Home, create_private_directory};

/// The file that processes hold to keep others out.
const LOCK: &str = ".lock";

/// Where modules are kept.
#[derive(Debug, Clone)]
pub(super) struct ModuleDirectory(PathBuf);

/// A hold on the directory, until it is dropped.
#[derive(Debug)]
pub(super) struct Held {
    /// Unlocked when it is closed, also by a process that is killed.
    _lock: File,
}

impl ModuleDirectory {
    pub(super) fn of(home: &Home) -> Self {
        Self(home.chassis().join("modules"))
    }

    pub(super) fn as_path(&self) -> &Path {
        &self.0
    }

    pub(super) fn path(&self, digest: &Digest) -> PathBuf {
        self.0.join(format!("{digest}.wasm"))
    }

    /// Reads a module that was kept.
    pub(super) fn read(&self, digest: &Digest) -> io::Result<Vec<u8>> {
        read_kept(&self.path(digest), MAX_MODULE_BYTES)
    }

    /// Whether a module is here, by its name and size.
    pub(super) fn has(&self, digest: &Digest, bytes: u64) -> bool {
        fs::symlink_metadata(self.path(digest)).is_ok_and(|found| found.is_file() && found.len() == bytes)
    }

    /// Waits until nobody removes modules, and keeps it so.
    pub(super) fn hold_shared(&self) -> io::Result<Held> {
        let lock = self.lock_file()?;
        lock.lock_shared()?;
        Ok(Held { _lock: lock })
    }

    /// Waits until nobody keeps or removes modules, and keeps it so.
    pub(super) fn hold_alone(&self) -> io::Result<Held> {
        let lock = self.lock_file()?;
        lock.lock()?;
        Ok(Held { _lock: lock })
    }

    /// The same if nobody does now.
    pub(super) fn try_hold_alone(&self) -> io::Result<Option<Held>> {
        let lock = self.lock_file()?;
        match lock.try_lock() {
            Ok(()) => Ok(Some(Held { _lock: lock })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    fn lock_file(&self) -> io::Result<File> {
        create_private_directory(&self.0)?;
        private().create(true).truncate(false).open(self.0.join(LOCK))
    }

    /// Keeps a module. `unique` names the draft.
    pub(super) fn keep(&self, digest: &Digest, bytes: &[u8], unique: &str, _: &Held) -> io::Result<()> {
        replace(&self.path(digest), &[bytes], unique)
    }

    /// Removes a module, if it is there; whether it was.
    pub(super) fn remove(&self, digest: &Digest, _: &Held) -> io::Result<bool> {
        match fs::remove_file(self.path(digest)) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// Puts a file in place of what is there: a reader sees all of it or nothing of it, also after a crash. `unique` names the
/// draft beside it.
pub(super) fn replace(path: &Path, parts: &[&[u8]], unique: &str) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new(""));
    let draft = directory.join(draft_name(unique));
    let written = write_private(&draft, parts).and_then(|()| fs::rename(&draft, path));
    if written.is_err() {
        // Nothing more can be done about a draft that cannot be removed either.
        let _ = fs::remove_file(&draft);
    }
    written?;
    File::open(directory)?.sync_all()
}

/// The name of a draft: hidden, and told from everything else by [`is_draft`].
pub(super) fn draft_name(unique: &str) -> String {
    format!(".draft-{unique}")
}

/// Whether a file of this name is a draft.
pub(super) fn is_draft(name: &str) -> bool {
    name.starts_with(".draft-")
}

/// Writes a new file for its owner only.
pub(super) fn write_private(path: &Path, parts: &[&[u8]]) -> io::Result<()> {
    let mut file = private().create_new(true).open(path)?;
    for part in parts {
        file.write_all(part)?;
    }
    file.sync_all()
}

/// For writing, by its owner only.
pub(super) fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Has files opened where they are, not where a link leads, and without waiting for the other end of a pipe.
pub(super) fn in_place(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use nix::fcntl::OFlag;
        let flags = OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK;
        std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags.bits());
    }
    options
}

/// Opens a file that was kept here, and nothing that somebody has put in its place.
pub(super) fn open_file(path: &Path) -> io::Result<File> {
    only_file(in_place(OpenOptions::new().read(true)).open(path)?)
}

/// Refuses what is no file.
pub(super) fn only_file(opened: File) -> io::Result<File> {
    if opened.metadata()?.is_file() { Ok(opened) } else { Err(io::Error::other("it is no regular file")) }
}

/// Reads a module that somebody names, but never more than one byte beyond what is accepted.
pub(super) fn read_module(path: &Path) -> io::Result<Vec<u8>> {
    read_limited(path, MAX_MODULE_BYTES)
}

/// Reads a file that somebody names, which may be a pipe, up to one byte beyond `limit`, so that the caller sees that it
/// is too long.
pub(super) fn read_limited(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    read_opened(File::open(path)?, limit)
}

/// The same of a file that was kept here.
pub(super) fn read_kept(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    read_opened(open_file(path)?, limit)
}

fn read_opened(file: File, limit: usize) -> io::Result<Vec<u8>> {
    let length = file.metadata().map_or(0, |found| usize::try_from(found.len()).unwrap_or(limit));
    let mut bytes = Vec::with_capacity(length.min(limit).saturating_add(1));
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_module_is_kept_for_its_owner_only() {
        let home = tempfile::tempdir().unwrap();
        let modules = ModuleDirectory::of(&Home::at(home.path().join("if")));
        let digest = Digest::of(b"(module)");
        let held = modules.hold_shared().unwrap();
        for unique in ["first", "again"] {
            modules.keep(&digest, b"(module)", unique, &held).unwrap();
        }
        let path = modules.path(&digest);
        assert_eq!(read_module(&path).unwrap(), b"(module)");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        let names = fs::read_dir(path.parent().unwrap()).unwrap().map(|entry| entry.unwrap().file_name());
        assert!(!names.into_iter().any(|name| is_draft(&name.to_string_lossy())), "no draft is left");
        assert!(modules.has(&digest, 8) && !modules.has(&digest, 9));
    }

    #[test]
    fn nobody_removes_a_module_that_somebody_is_about_to_name() {
        let home = tempfile::tempdir().unwrap();
        let modules = ModuleDirectory::of(&Home::at(home.path()));
        let (first, second) = (modules.hold_shared().unwrap(), modules.hold_shared().unwrap());
        let lock = modules.lock_file().unwrap();
        assert!(lock.try_lock().is_err());
        drop((first, second));
        assert!(lock.try_lock().is_ok());
    }

    #[test]
    fn a_pipe_or_a_link_in_the_place_of_a_module_is_none() {
        let home = tempfile::tempdir().unwrap();
        let modules = ModuleDirectory::of(&Home::at(home.path()));
        let (digest, other) = (Digest::of(b"one"), Digest::of(b"two"));
        let held = modules.hold_shared().unwrap();
        nix::unistd::mkfifo(&modules.path(&digest), nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(modules.read(&digest).is_err() && !modules.has(&digest, 0), "it does not wait");
        modules.keep(&other, b"two", "draft", &held).unwrap();
        let elsewhere = home.path().join("elsewhere");
        fs::rename(modules.path(&other), &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, modules.path(&other)).unwrap();
        assert!(modules.read(&other).is_err() && !modules.has(&other, 3));
        for (digest, bytes) in [(&digest, b"one"), (&other, b"two")] {
            modules.keep(digest, bytes, "mending", &held).unwrap();
            assert_eq!(modules.read(digest).unwrap(), bytes, "it is kept anew");
        }
    }

    #[test]
    fn a_file_is_read_no_further_than_its_limit() {
        assert_eq!(read_limited(Path::new("/dev/zero"), 1000).unwrap().len(), 1001);
    }
}
