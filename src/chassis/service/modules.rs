//! Modules on the disk of the host that loaded them: as they were given, named by their digest, for the owner only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::chassis::Digest;
use crate::chassis::runtime::MAX_MODULE_BYTES;
use crate::config::{Home, create_private_directory};

/// Where modules are kept.
#[derive(Debug, Clone)]
pub(super) struct ModuleDirectory(PathBuf);

impl ModuleDirectory {
    pub(super) fn of(home: &Home) -> Self {
        Self(home.chassis().join("modules"))
    }

    pub(super) fn path(&self, digest: &Digest) -> PathBuf {
        self.0.join(format!("{digest}.wasm"))
    }

    /// Keeps a module; a reader sees all of it or nothing, also after a crash. `unique` names the draft.
    pub(super) fn keep(&self, digest: &Digest, bytes: &[u8], unique: &str) -> io::Result<()> {
        create_private_directory(&self.0)?;
        let draft = self.0.join(format!(".{unique}"));
        let written = write_private(&draft, bytes).and_then(|()| fs::rename(&draft, self.path(digest)));
        if written.is_err() {
            // Nothing more can be done about a draft that cannot be removed either.
            let _ = fs::remove_file(&draft);
        }
        written?;
        File::open(&self.0)?.sync_all()
    }
}

fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Reads a module, but never more than one byte beyond what is accepted.
pub(super) fn read_module(path: &Path) -> io::Result<Vec<u8>> {
    read_limited(path, MAX_MODULE_BYTES)
}

/// Reads a file up to one byte beyond `limit`, so that the caller sees that it is too long.
pub(super) fn read_limited(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = u64::try_from(limit).unwrap_or(u64::MAX);
    File::open(path)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
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
        for unique in ["first", "again"] {
            modules.keep(&digest, b"(module)", unique).unwrap();
        }
        let path = modules.path(&digest);
        assert_eq!(read_module(&path).unwrap(), b"(module)");
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no draft is left");
    }

    #[test]
    fn a_file_is_read_no_further_than_its_limit() {
        assert_eq!(read_limited(Path::new("/dev/zero"), 1000).unwrap().len(), 1001);
    }
}
