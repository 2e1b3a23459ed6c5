//! The program of a worker: looked for before the worker takes any work, the way the system will look for it then.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{self, ErrorKind};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use nix::fcntl::{AT_FDCWD, AtFlags};
use nix::unistd::{AccessFlags, faccessat};

use crate::config::search_path;
use crate::printable::printable;

/// Where the C library looks when PATH is not set.
const USUAL: &str = "/bin:/usr/bin";

/// A program that can be run, as far as can be told without running it, with its arguments.
#[derive(Debug, Clone)]
pub struct Program {
    name: OsString,
    arguments: Vec<OsString>,
}

/// Why a program cannot be run.
#[derive(Debug, thiserror::Error)]
pub enum ProgramError {
    /// No directory of PATH has it.
    #[error("there is no program {name} in PATH")]
    Unknown {
        /// What was asked for.
        name: String,
    },
    /// It is not there, or nothing that this user may run.
    #[error("the program {name} cannot be run")]
    Unusable {
        /// What was asked for.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// It could be run before, and now cannot be started. That is no task's fault.
    #[error("the program {name} cannot be started any more")]
    Unstartable {
        /// What was asked for.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// The system has no thread for it.
    #[error("the thread that starts programs cannot be started")]
    Thread(#[source] io::Error),
}

impl Program {
    /// Looks for a program as `execvp` does: a name with a slash in it is a path, any other is looked for in PATH.
    ///
    /// # Errors
    /// [`ProgramError`] names it.
    pub fn find(name: OsString, arguments: Vec<OsString>) -> Result<Self, ProgramError> {
        find(&name, search_path().as_deref())?;
        Ok(Self { name, arguments })
    }

    /// Its name, as it was given.
    #[must_use]
    pub fn name(&self) -> &OsStr {
        &self.name
    }

    /// Its arguments.
    #[must_use]
    pub fn arguments(&self) -> &[OsString] {
        &self.arguments
    }
}

fn find(name: &OsStr, path: Option<&OsStr>) -> Result<(), ProgramError> {
    let shown = || printable(&name.to_string_lossy());
    let unusable = |source| ProgramError::Unusable { name: shown(), source };
    if name.as_bytes().contains(&b'/') {
        return executable(Path::new(name)).map_err(unusable);
    }
    let mut denied = None;
    let directories = path.unwrap_or(OsStr::new(USUAL)).as_bytes().split(|byte| *byte == b':');
    for directory in directories.filter(|_| !name.is_empty()) {
        // Nothing between two colons is the working directory.
        let directory = if directory.is_empty() { OsStr::new(".") } else { OsStr::from_bytes(directory) };
        match executable(&Path::new(directory).join(name)) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => denied = Some(error),
            Err(_) => {}
        }
    }
    Err(denied.map_or_else(|| ProgramError::Unknown { name: shown() }, unusable))
}

fn executable(path: &Path) -> io::Result<()> {
    faccessat(AT_FDCWD, path, AccessFlags::X_OK, AtFlags::AT_EACCESS)?;
    // A directory may be entered, which is not what is meant.
    if fs::metadata(path)?.is_file() { Ok(()) } else { Err(ErrorKind::PermissionDenied.into()) }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn a_program_is_looked_for_as_the_system_does() {
        let place = tempfile::tempdir().unwrap();
        let [first, second] = ["first", "second"].map(|name| place.path().join(name));
        for (directory, name, mode) in
            [(&first, "plain", 0o644), (&second, "plain", 0o755), (&first, "text", 0o644)]
        {
            fs::create_dir_all(directory).unwrap();
            let file = directory.join(name);
            fs::write(&file, "#!/bin/sh\n").unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        }
        fs::create_dir(first.join("directory")).unwrap();
        let path = format!("/nowhere:{}:{}", first.display(), second.display());
        let found = |name: &str| {
            let found = find(OsStr::new(name), Some(OsStr::new(&path)));
            found.map_err(|error| {
                let cause = std::error::Error::source(&error).map(ToString::to_string);
                format!("{error}: {}", cause.unwrap_or_default())
            })
        };
        assert_eq!(found("plain"), Ok(()), "the first that may be run");
        for (name, says) in [
            ("nothing", "there is no program nothing in PATH: "),
            ("", "there is no program  in PATH: "),
            ("text", "the program text cannot be run: permission denied"),
            ("directory", "the program directory cannot be run: permission denied"),
            ("/nowhere/x\u{1b}", "the program /nowhere/x\\u{1b} cannot be run: No such file"),
        ] {
            let error = found(name).unwrap_err();
            assert!(error.to_lowercase().starts_with(&says.to_lowercase()), "{error}");
        }
        assert_eq!(found(second.join("plain").to_str().unwrap()), Ok(()));
        assert!(find(OsStr::new("sh"), None).is_ok(), "without PATH it is looked for in the usual places");
    }
}
