//! Secrets of this host: where each comes from. They are in one file of the owner's, and nowhere in the store.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::process::Command;
use zeroize::Zeroizing;

use super::modules::{open_file, private, replace};
use crate::chassis::egress::{Secret, SecretError, SecretName};
use crate::config::{Home, create_private_directory, environment};

/// How long a program may take that knows a secret.
const PATIENCE: Duration = Duration::from_secs(20);
/// More is read of nothing that claims to be a secret, in bytes.
const MOST: u64 = 1 << 20;

/// Where a secret comes from.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretSource {
    /// It is kept in the file itself.
    Value(String),
    /// A variable of the environment of whoever runs tasks.
    Environment(String),
    /// What a program prints: `pass show openai`.
    Command(Vec<String>),
}

impl SecretSource {
    /// Where from, in words; never the value.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Self::Value(_) => "kept here".to_owned(),
            Self::Environment(variable) => format!("variable {variable}"),
            Self::Command(words) => format!("command {}", words.join(" ")),
        }
    }
}

impl std::fmt::Debug for SecretSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe())
    }
}

/// Why a secret is not to be had, or cannot be kept. No message quotes a value.
#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    /// Nobody has set it.
    #[error("the secret {0} is not set on this host")]
    NotSet(SecretName),
    /// The file cannot be read or written.
    #[error("cannot use {}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Others than its owner may read the file.
    #[error("{} can be read by others: its mode is {mode:o}", path.display())]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its mode.
        mode: u32,
    },
    /// The file is not what it should be.
    #[error("{} is no file of secrets", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
    },
    /// The variable is not there.
    #[error("the variable {0} is not set")]
    NoVariable(String),
    /// The program could not be run.
    #[error("cannot run {program}")]
    Program {
        /// The program.
        program: String,
        /// What the system said.
        source: io::Error,
    },
    /// The program failed.
    #[error("{program} ended with {status}")]
    Failed {
        /// The program.
        program: String,
        /// How.
        status: ExitStatus,
    },
    /// The program did not end.
    #[error("{program} did not end within {} s", PATIENCE.as_secs())]
    TimedOut {
        /// The program.
        program: String,
    },
    /// What is there is no secret.
    #[error("what is given as {name} is no secret")]
    Invalid {
        /// Its name.
        name: SecretName,
        /// Why.
        source: SecretError,
    },
}

/// The secrets of this host.
#[derive(Debug, Clone)]
pub struct Secrets {
    path: PathBuf,
}

type Sources = BTreeMap<SecretName, SecretSource>;

impl Secrets {
    /// Those under `home`.
    #[must_use]
    pub fn of(home: &Home) -> Self {
        Self { path: home.chassis().join("secrets.json") }
    }

    /// All that are set, and where each comes from.
    ///
    /// # Errors
    /// [`SecretsError`] when the file cannot be trusted or read.
    pub fn list(&self) -> Result<Sources, SecretsError> {
        let mut file = match open_file(&self.path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Sources::new()),
            Err(source) => return Err(self.failed(source)),
        };
        self.check_mode(&file)?;
        let mut bytes = Zeroizing::new(Vec::new());
        Read::by_ref(&mut file).take(MOST).read_to_end(&mut bytes).map_err(|source| self.failed(source))?;
        serde_json::from_slice(&bytes).map_err(|_| SecretsError::Malformed { path: self.path.clone() })
    }

    /// Sets a secret, whatever it was before.
    ///
    /// # Errors
    /// [`SecretsError`] when it is none or cannot be kept; then nothing has changed.
    pub fn set(&self, name: &SecretName, source: SecretSource) -> Result<(), SecretsError> {
        if let SecretSource::Value(value) = &source {
            check(name, value)?;
        }
        self.change(|sources| sources.insert(name.clone(), source)).map(drop)
    }

    /// Forgets a secret.
    ///
    /// # Errors
    /// [`SecretsError::NotSet`] when there is none of that name.
    pub fn remove(&self, name: &SecretName) -> Result<(), SecretsError> {
        let removed = self.change(|sources| sources.remove(name))?;
        removed.map(drop).ok_or_else(|| SecretsError::NotSet(name.clone()))
    }

    /// The secret of that name, as it is now.
    ///
    /// # Errors
    /// [`SecretsError`] says why it is not to be had.
    pub async fn get(&self, name: &SecretName) -> Result<Secret, SecretsError> {
        let source = self.list()?.remove(name).ok_or_else(|| SecretsError::NotSet(name.clone()))?;
        match source {
            SecretSource::Value(value) => check(name, &Zeroizing::new(value)),
            SecretSource::Environment(variable) => {
                let value = environment(&variable).and_then(|value| value.into_string().ok());
                check(name, &Zeroizing::new(value.ok_or(SecretsError::NoVariable(variable))?))
            }
            SecretSource::Command(words) => check(name, &printed(&words).await?),
        }
    }

    /// One change at a time, also among processes; whoever reads sees the file before or after it.
    fn change<T>(&self, change: impl FnOnce(&mut Sources) -> T) -> Result<T, SecretsError> {
        let failed = |source| self.failed(source);
        let directory = self.path.parent().unwrap_or(Path::new(""));
        create_private_directory(directory).map_err(failed)?;
        let lock =
            private().create(true).truncate(false).open(self.path.with_extension("lock")).map_err(failed)?;
        lock.lock().map_err(failed)?;
        let mut sources = self.list()?;
        let outcome = change(&mut sources);
        let bytes = Zeroizing::new(serde_json::to_vec(&sources).map_err(|error| failed(error.into()))?);
        replace(&self.path, &[&bytes], &format!("{:016x}", rand::random::<u64>())).map_err(failed)?;
        Ok(outcome)
    }

    /// As `ssh` does with its keys: a file that others can read holds no secrets any more.
    #[cfg(unix)]
    fn check_mode(&self, file: &File) -> Result<(), SecretsError> {
        use std::os::unix::fs::PermissionsExt;

        let mode = file.metadata().map_err(|source| self.failed(source))?.permissions().mode() & 0o777;
        if mode.trailing_zeros() >= 6 {
            Ok(())
        } else {
            Err(SecretsError::Exposed { path: self.path.clone(), mode })
        }
    }

    #[cfg(not(unix))]
    fn check_mode(&self, _: &File) -> Result<(), SecretsError> {
        Ok(())
    }

    fn failed(&self, source: io::Error) -> SecretsError {
        SecretsError::File { path: self.path.clone(), source }
    }
}

fn check(name: &SecretName, value: &str) -> Result<Secret, SecretsError> {
    Secret::new(value).map_err(|source| SecretsError::Invalid { name: name.clone(), source })
}

/// What a program prints on its standard output.
async fn printed(words: &[String]) -> Result<Zeroizing<String>, SecretsError> {
    let program = words.first().cloned().unwrap_or_default();
    let running = Command::new(&program)
        .args(words.iter().skip(1))
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .output();
    let Ok(ended) = tokio::time::timeout(PATIENCE, running).await else {
        return Err(SecretsError::TimedOut { program });
    };
    let output = ended.map_err(|source| SecretsError::Program { program: program.clone(), source })?;
    if !output.status.success() {
        return Err(SecretsError::Failed { program, status: output.status });
    }
    Ok(Zeroizing::new(String::from_utf8_lossy(&output.stdout).into_owned()))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn secrets() -> (tempfile::TempDir, Secrets) {
        let home = tempfile::tempdir().unwrap();
        let secrets = Secrets::of(&Home::at(home.path().join("if")));
        (home, secrets)
    }

    fn name(text: &str) -> SecretName {
        text.parse().unwrap()
    }

    #[test]
    fn a_pipe_and_a_link_are_no_file_of_secrets() {
        let (home, secrets) = secrets();
        create_private_directory(secrets.path.parent().unwrap()).unwrap();
        let elsewhere = home.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, secrets.path.with_extension("draft")).unwrap();
        secrets.set(&name("KEPT"), SecretSource::Value("12345678".to_owned())).unwrap();
        assert!(!elsewhere.exists());
        fs::remove_file(&secrets.path).unwrap();
        nix::unistd::mkfifo(&secrets.path, nix::sys::stat::Mode::S_IRWXU).unwrap();
        assert!(matches!(secrets.list(), Err(SecretsError::File { .. })));
    }

    #[tokio::test]
    async fn a_secret_comes_from_where_it_was_said_to() {
        let (_home, secrets) = secrets();
        assert!(secrets.list().unwrap().is_empty());
        let words =
            |words: &[&str]| SecretSource::Command(words.iter().map(|&word| word.to_owned()).collect());
        secrets.set(&name("KEPT"), SecretSource::Value("12345678".to_owned())).unwrap();
        secrets.set(&name("FROM_PATH"), SecretSource::Environment("PATH".to_owned())).unwrap();
        secrets.set(&name("PRINTED"), words(&["echo", "from a program"])).unwrap();
        secrets.set(&name("FAILING"), words(&["false"])).unwrap();
        secrets.set(&name("MISSING"), words(&["/no/such/program"])).unwrap();
        secrets.set(&name("NOWHERE"), SecretSource::Environment("NO_SUCH_VARIABLE".to_owned())).unwrap();
        assert_eq!(secrets.get(&name("KEPT")).await.unwrap().reveal(), "12345678");
        assert_eq!(secrets.get(&name("PRINTED")).await.unwrap().reveal(), "from a program");
        assert!(secrets.get(&name("FROM_PATH")).await.unwrap().reveal().contains('/'));
        for (missing, words) in [
            ("FAILING", "false ended with exit status: 1"),
            ("MISSING", "cannot run /no/such/program"),
            ("NOWHERE", "the variable NO_SUCH_VARIABLE is not set"),
            ("NEVER_SET", "the secret NEVER_SET is not set on this host"),
        ] {
            assert_eq!(secrets.get(&name(missing)).await.unwrap_err().to_string(), words);
        }
        secrets.remove(&name("KEPT")).unwrap();
        assert!(matches!(secrets.get(&name("KEPT")).await, Err(SecretsError::NotSet(_))));
        assert!(matches!(secrets.remove(&name("KEPT")), Err(SecretsError::NotSet(_))));
        assert!(!format!("{:?}", secrets.list().unwrap()).contains("12345678"));
    }

    #[test]
    fn only_the_owner_reads_the_file() {
        let (_home, secrets) = secrets();
        let value = || SecretSource::Value("12345678".to_owned());
        secrets.set(&name("KEPT"), value()).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&secrets.path), mode(secrets.path.parent().unwrap())), (0o600, 0o700));
        fs::set_permissions(&secrets.path, fs::Permissions::from_mode(0o640)).unwrap();
        for refused in [secrets.list().map(drop), secrets.set(&name("OTHER"), value())] {
            assert!(matches!(refused, Err(SecretsError::Exposed { mode: 0o640, .. })), "{refused:?}");
        }
    }

    #[test]
    fn what_is_no_secret_is_not_kept_and_not_quoted() {
        let (_home, secrets) = secrets();
        for value in ["short", "hunter2hunter2\nX-Evil: 1"] {
            let refused = secrets.set(&name("KEPT"), SecretSource::Value(value.to_owned())).unwrap_err();
            let said = format!("{refused}: {}", std::error::Error::source(&refused).unwrap());
            assert!(
                said.starts_with("what is given as KEPT is no secret: it has ") && !said.contains("hunter2"),
                "{said}"
            );
        }
        assert!(secrets.list().unwrap().is_empty());
    }

    #[test]
    fn many_who_set_secrets_at_once_lose_none() {
        let (_home, secrets) = secrets();
        std::thread::scope(|scope| {
            for number in 0..16 {
                let secrets = &secrets;
                scope.spawn(move || {
                    secrets
                        .set(&name(&format!("S{number}")), SecretSource::Value("12345678".to_owned()))
                        .unwrap();
                });
            }
        });
        assert_eq!(secrets.list().unwrap().len(), 16);
    }
}
