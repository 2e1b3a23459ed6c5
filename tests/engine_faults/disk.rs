//! A small disk that can be filled.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A file system in memory. Dropping it takes it away, also when the test fails; whoever uses it must be gone before.
pub(super) struct Disk {
    place: TempDir,
}

impl Disk {
    /// A disk of so many megabytes.
    ///
    /// # Panics
    /// When nothing can be mounted.
    pub(super) fn mount(megabytes: usize) -> Self {
        let place = TempDir::new().unwrap();
        let size = format!("size={megabytes}m");
        let output = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "tmpfs"])
            .arg(place.path())
            .output()
            .unwrap_or_else(|error| panic!("this test needs the program mount: {error}"));
        assert!(
            output.status.success(),
            "this test fills a small tmpfs, and needs root or CAP_SYS_ADMIN to mount it: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        Self { place }
    }

    pub(super) fn path(&self) -> &Path {
        self.place.path()
    }

    /// A directory on it.
    pub(super) fn directory(&self) -> TempDir {
        TempDir::new_in(self.path()).unwrap()
    }

    /// Takes so many megabytes.
    pub(super) fn fill(&self, name: &str, megabytes: usize) {
        fs::write(self.file(name), vec![1; megabytes << 20]).unwrap();
    }

    /// Gives back what [`Self::fill`] has taken.
    pub(super) fn remove(&self, name: &str) {
        fs::remove_file(self.file(name)).unwrap();
    }

    fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Lazily, so that it goes even if a process that has not ended yet still uses it.
        let unmounted = Command::new("umount").arg("--lazy").arg(self.place.path()).status();
        if !unmounted.is_ok_and(|status| status.success()) {
            eprintln!("{} is still mounted", self.place.path().display());
        }
    }
}
