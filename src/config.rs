//! Settings: flag, then environment, then `~/.if/config.yaml`, then default. The only reader of the environment.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use serde::Deserialize;

/// Reads one environment variable; an empty one counts as unset.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn environment(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// Where programs are looked for, exactly as the environment has it: an empty PATH is not a PATH that is not set.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub fn search_path() -> Option<OsString> {
    std::env::var_os("PATH")
}

/// Why the settings cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Neither `IF_HOME` nor a home directory is known.
    #[error("no home directory is known for this user")]
    NoHome,
    /// The file is there and cannot be read.
    #[error("cannot read {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The file is not what it should be.
    #[error("{} is no valid configuration", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// Where the reading failed.
        source: serde_yaml::Error,
    },
}

/// The directory that holds everything of one user: `IF_HOME`, else `~/.if`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Home(PathBuf);

impl Home {
    /// A home at `path`.
    #[must_use]
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// The user's home.
    ///
    /// # Errors
    /// [`ConfigError::NoHome`] when the system knows none.
    pub fn find() -> Result<Self, ConfigError> {
        if let Some(path) = environment("IF_HOME") {
            return Ok(Self(path.into()));
        }
        let directories = directories::BaseDirs::new().ok_or(ConfigError::NoHome)?;
        Ok(Self(directories.home_dir().join(".if")))
    }

    /// The directory itself.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The governor's policy file.
    #[must_use]
    pub fn policy(&self) -> PathBuf {
        self.0.join("governor").join("policy.yaml")
    }

    /// The file that says what calls cost by what their answers say was used.
    #[must_use]
    pub fn rates(&self) -> PathBuf {
        self.0.join("governor").join("rates.yaml")
    }

    /// The directory of the embedded engine's data.
    #[must_use]
    pub fn coordinator(&self) -> PathBuf {
        self.0.join("coordinator")
    }

    /// The directory of loaded modules and keys.
    #[must_use]
    pub fn chassis(&self) -> PathBuf {
        self.0.join("chassis")
    }

    fn config(&self) -> PathBuf {
        self.0.join("config.yaml")
    }
}

/// Creates a directory that only its owner may enter, with its parents.
///
/// # Errors
/// What the system says.
pub fn create_private_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// `~/.if/config.yaml`: what a user does not want to type each time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    /// Where the store is.
    pub endpoints: Vec<String>,
    /// Put before every key.
    pub namespace: Option<String>,
    /// How long one call may take, in seconds.
    pub command_timeout_seconds: Option<u64>,
    /// Authorities that may have signed the store's certificate; like the two below a file in PEM form, named as seen
    /// from the directory of this file.
    pub cacert: Option<PathBuf>,
    /// Certificate to show to the store.
    pub cert: Option<PathBuf>,
    /// The certificate's key.
    pub key: Option<PathBuf>,
}

impl ConfigFile {
    /// Reads the file of `home`; a missing one is empty.
    ///
    /// # Errors
    /// When it is unreadable or malformed: never ignored.
    pub fn read(home: &Home) -> Result<Self, ConfigError> {
        let path = home.config();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(source) => return Err(ConfigError::Unreadable { path, source }),
        };
        if text.trim().is_empty() {
            return Ok(Self::default());
        }
        serde_yaml::from_str(&text).map_err(|source| ConfigError::Invalid { path, source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_in_the_file_is_refused() {
        let home = tempfile::tempdir().unwrap();
        std::fs::write(home.path().join("config.yaml"), "endpoint: x\n").unwrap();
        let error = ConfigFile::read(&Home::at(home.path())).unwrap_err();
        assert!(matches!(error, ConfigError::Invalid { .. }));
    }

    #[test]
    fn a_missing_file_is_an_empty_one() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(ConfigFile::read(&Home::at(home.path())).unwrap(), ConfigFile::default());
    }
}
