//! Why the store did not answer as asked.

use std::time::Duration;

use etcd_client::Error as EtcdError;
use tonic::Code;

/// What can go wrong between a caller and the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The endpoint is no address.
    #[error("endpoint `{endpoint}` is not of the form host:port or http://host:port")]
    Endpoint {
        /// What was given.
        endpoint: String,
    },
    /// Nobody answers.
    #[error("no coordinator answers at {endpoints}")]
    Unavailable {
        /// Where it was looked for.
        endpoints: String,
        /// What the connection said.
        source: Box<EtcdError>,
    },
    /// No answer in time; whether a write happened is unknown.
    #[error("{endpoints} did not answer within {} ms", limit.as_millis())]
    TimedOut {
        /// Who was asked.
        endpoints: String,
        /// The limit that passed.
        limit: Duration,
    },
    /// The lease has ended.
    #[error("the lease has ended")]
    LeaseLost,
    /// The history asked for is gone.
    #[error("the history asked for has been compacted")]
    Compacted {
        /// The oldest revision that can still be watched; 0 when the store did not say.
        oldest: i64,
    },
    /// A value is not what its key promises.
    #[error("the value of {key} is malformed")]
    Malformed {
        /// The key.
        key: String,
        /// Where the reading failed.
        source: serde_json::Error,
    },
    /// The store's disk is full; nothing was written.
    #[error("the store at {endpoints} has no space left")]
    Full {
        /// Who was asked.
        endpoints: String,
    },
    /// The server understood and refused.
    #[error("the store refused the request")]
    Rejected(#[source] Box<EtcdError>),
}

impl StoreError {
    /// Whether the same call may go through later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Unavailable { .. } | Self::TimedOut { .. } | Self::Full { .. } => true,
            Self::Endpoint { .. }
            | Self::LeaseLost
            | Self::Compacted { .. }
            | Self::Malformed { .. }
            | Self::Rejected(_) => false,
        }
    }

    pub(super) fn from_wire(error: EtcdError, endpoints: &str) -> Self {
        match &error {
            EtcdError::GRpcStatus(status) => match status.code() {
                Code::ResourceExhausted if status.message().contains("space exceeded") => {
                    Self::Full { endpoints: endpoints.to_owned() }
                }
                Code::Unavailable
                | Code::Cancelled
                | Code::Unknown
                | Code::Internal
                | Code::Aborted
                | Code::DeadlineExceeded
                | Code::ResourceExhausted => {
                    Self::Unavailable { endpoints: endpoints.to_owned(), source: Box::new(error) }
                }
                Code::OutOfRange if status.message().contains("compacted") => Self::Compacted { oldest: 0 },
                Code::NotFound if status.message().contains("lease not found") => Self::LeaseLost,
                _ => Self::Rejected(Box::new(error)),
            },
            EtcdError::LeaseKeepAliveError(reason) if reason == "lease not found" => Self::LeaseLost,
            EtcdError::TransportError(_)
            | EtcdError::IoError(_)
            | EtcdError::LeaseKeepAliveError(_)
            | EtcdError::WatchError(_) => {
                Self::Unavailable { endpoints: endpoints.to_owned(), source: Box::new(error) }
            }
            _ => Self::Rejected(Box::new(error)),
        }
    }
}
