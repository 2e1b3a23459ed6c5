//! A runner that starts a program for each task.

use super::child::Running;
use super::parent::Parent;
use super::program::{Program, ProgramError};
use super::runner::{Assigned, Ending, Runner, Stops};
use crate::coordinator::task::TaskError;
use crate::money::Money;
use crate::printable::printable;
use crate::store::{Certificates, Store};

/// Runs each task in a process of its own.
#[derive(Debug, Clone)]
pub struct Programs {
    pub(super) program: Program,
    /// Who a program is to the store, if the password for that stands in the environment.
    pub(super) user: Option<String>,
    /// Where the store is.
    pub(super) endpoints: String,
    /// What it takes to speak to it.
    pub(super) certificates: Certificates,
    /// Put before every key.
    pub(super) namespace: String,
    pub(super) parent: Parent,
}

impl Programs {
    /// A runner that starts `program` and tells it of the store as this process knows it.
    ///
    /// # Errors
    /// [`ProgramError::Thread`] when the system has no thread for it.
    pub fn new(
        program: Program,
        user: Option<String>,
        store: &Store,
        namespace: String,
    ) -> Result<Self, ProgramError> {
        Ok(Self {
            program,
            user,
            endpoints: store.endpoints().to_owned(),
            certificates: store.certificates().clone(),
            namespace,
            parent: Parent::start().map_err(ProgramError::Thread)?,
        })
    }
}

impl Runner for Programs {
    type Error = ProgramError;

    async fn run(&self, task: Assigned, mut stops: Stops) -> Result<Ending, ProgramError> {
        let (mut running, feed) = Running::start(self, &task).map_err(|source| {
            let name = printable(&self.program.name().to_string_lossy());
            ProgramError::Unstartable { name, source }
        })?;
        let fed = tokio::spawn(feed);
        let ended = tokio::select! {
            ended = running.finish() => Some(ended),
            _ = stops.told() => None,
        };
        fed.abort();
        if let Some(ended) = ended {
            return Ok(ended.unwrap_or_else(|error| unknown(&error)));
        }
        // Whatever the reason, it gets its grace, to clean up behind itself.
        running.stop().await;
        Ok(Ending::Stopped { cost: running.cost() })
    }
}

/// The system cannot say how the program ended.
fn unknown(error: &std::io::Error) -> Ending {
    let message = format!("how the program ended is not known: {error}");
    let error = TaskError { class: "exit".to_owned(), message, retryable: true };
    Ending::Failed { error, cost: Some(Money::ZERO) }
}
