//! Failures: what went wrong, why, and what to type next; the only place where an error becomes an exit code.

use std::fmt::{self, Display};

use super::Exit;
use crate::config::ConfigError;
use crate::store::StoreError;

/// An error on its way to the user.
#[derive(Debug)]
pub struct Failure {
    exit: Exit,
    error: anyhow::Error,
    hint: Option<String>,
}

impl Failure {
    /// An error that ends the program with `exit`.
    pub fn new(exit: Exit, error: impl Into<anyhow::Error>) -> Self {
        Self { exit, error: error.into(), hint: None }
    }

    /// A failure that is a sentence of its own.
    pub fn message(exit: Exit, message: impl Display + fmt::Debug + Send + Sync + 'static) -> Self {
        Self::new(exit, anyhow::Error::msg(message))
    }

    /// A fault of the program or its machine.
    pub fn internal(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Internal, error)
    }

    /// Invalid input.
    pub fn usage(error: impl Into<anyhow::Error>) -> Self {
        Self::new(Exit::Usage, error)
    }

    /// Says what to type next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Puts what was attempted before the error.
    #[must_use]
    pub fn context(mut self, context: impl Display + Send + Sync + 'static) -> Self {
        self.error = self.error.context(context);
        self
    }

    /// Writes the failure to standard error and gives its exit code.
    #[must_use]
    pub fn report(self) -> Exit {
        eprintln!("error: {}", self.error);
        for cause in self.error.chain().skip(1) {
            eprintln!("cause: {cause}");
        }
        if let Some(hint) = self.hint {
            eprintln!("hint: {hint}");
        }
        self.exit
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let (exit, hint) = match &error {
            StoreError::Endpoint { .. } => (Exit::Usage, Some("ifctl --endpoints 127.0.0.1:2379 …")),
            StoreError::Unavailable { .. } => {
                (Exit::Unavailable, Some("ifctl coordinator start, or name another with --endpoints"))
            }
            StoreError::TimedOut { .. } => {
                (Exit::TimedOut, Some("ifctl coordinator health, or wait longer with --command-timeout"))
            }
            StoreError::LeaseLost => (Exit::StaleToken, Some("claim the task again")),
            StoreError::Compacted { .. } => (Exit::NothingFound, None),
            StoreError::Malformed { .. } => {
                (Exit::Internal, Some("somebody else wrote this key: mend or delete it"))
            }
            StoreError::Rejected(_) => (Exit::Refused, None),
        };
        let failure = Self::new(exit, error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        let hint = match &error {
            ConfigError::NoHome => "set IF_HOME to a directory of your own".to_owned(),
            ConfigError::Unreadable { path, .. } | ConfigError::Invalid { path, .. } => {
                format!("known keys of {}: endpoints, namespace, command_timeout_seconds", path.display())
            }
        };
        Self::usage(error).hint(hint)
    }
}
