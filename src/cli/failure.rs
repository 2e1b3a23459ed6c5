//! Failures: what went wrong, why, and what to type next; the only place where an error becomes an exit code.

mod coordinator;
mod governor;
mod runtime;
mod store;

use std::fmt::{self, Display};

use super::Exit;
use crate::printable::printable_lines;

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

    /// Told to stop while something was waited for that had not come.
    #[must_use]
    pub fn interrupted() -> Self {
        Self::message(Exit::TimedOut, "interrupted")
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
        eprintln!("error: {}", printable_lines(&self.error.to_string()));
        for cause in self.error.chain().skip(1) {
            eprintln!("cause: {}", printable_lines(&cause.to_string()));
        }
        if let Some(hint) = self.hint {
            eprintln!("hint: {}", printable_lines(&hint));
        }
        self.exit
    }
}
