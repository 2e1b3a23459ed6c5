//! Why a benchmark came to nothing.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use tokio::task::JoinError;

use crate::coordinator::service::CoordinatorError;
use crate::id::{IdError, TaskId};
use crate::store::StoreError;

/// What can go wrong while something is measured.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// The coordinator did not do its part.
    #[error(transparent)]
    Coordinator(#[from] CoordinatorError),
    /// A name is none.
    #[error(transparent)]
    Name(#[from] IdError),
    /// A claim was lost, although nobody else claims there.
    #[error("the claim of {task} was not won, although nobody else wants it")]
    NotWon {
        /// The task.
        task: TaskId,
    },
    /// Workers did not connect, or a task did not arrive.
    #[error("{what} within {} s", limit.as_secs())]
    TooSlow {
        /// What did not happen.
        what: &'static str,
        /// How long it was waited for.
        limit: Duration,
    },
    /// The disk cannot be measured.
    #[error("cannot measure the disk of {}", directory.display())]
    Disk {
        /// Where.
        directory: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A part of it broke.
    #[error("a part of the benchmark has failed")]
    Broken(#[from] JoinError),
    /// It was called off.
    #[error("interrupted")]
    Interrupted,
}

impl From<StoreError> for BenchError {
    fn from(error: StoreError) -> Self {
        Self::Coordinator(error.into())
    }
}
