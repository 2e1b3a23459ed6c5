//! Why the store did not answer as asked.

use std::time::Duration;

use etcd_client::Error as EtcdError;
use tonic::{Code, Status};

use super::tls::{Distrust, distrust};
use crate::certificate::CertificateError;

/// What can go wrong between a caller and the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The endpoint is no address.
    #[error("endpoint `{endpoint}` is not of the form host:port, http://host:port or https://host:port")]
    Endpoint {
        /// What was given.
        endpoint: String,
    },
    /// Some endpoints speak TLS and some do not.
    #[error("of {endpoints}, some speak TLS and some do not")]
    Mixed {
        /// What was given.
        endpoints: String,
    },
    /// A certificate or a key cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// TLS does not come about.
    #[error("{endpoints} cannot be spoken to: {reason}")]
    Distrusted {
        /// Who was called.
        endpoints: String,
        /// Why.
        reason: Distrust,
        /// What the connection said.
        source: Box<EtcdError>,
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
    /// The store wants to know who asks, and was told nothing.
    #[error("{endpoints} asks who you are")]
    CredentialsNeeded {
        /// Who asks.
        endpoints: String,
    },
    /// The store does not know the user, or not with this password.
    #[error("{endpoints} does not accept this user and password")]
    WrongCredentials {
        /// Who was asked.
        endpoints: String,
        /// What it said.
        source: Box<EtcdError>,
    },
    /// The user lacks the permission.
    #[error("this user may not do that")]
    Forbidden(#[source] Box<EtcdError>),
    /// Users or roles changed while the call was under way; nothing was done.
    #[error("users or roles of {endpoints} changed meanwhile")]
    AuthChanged {
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
            Self::Unavailable { .. }
            | Self::TimedOut { .. }
            | Self::AuthChanged { .. }
            | Self::Full { .. } => true,
            Self::Endpoint { .. }
            | Self::Mixed { .. }
            | Self::Certificate(_)
            | Self::Distrusted { .. }
            | Self::LeaseLost
            | Self::Compacted { .. }
            | Self::Malformed { .. }
            | Self::CredentialsNeeded { .. }
            | Self::WrongCredentials { .. }
            | Self::Forbidden(_)
            | Self::Rejected(_) => false,
        }
    }

    pub(super) fn from_wire(error: EtcdError, endpoints: &str) -> Self {
        if let Some(reason) = distrust(&error) {
            return Self::Distrusted { endpoints: endpoints.to_owned(), reason, source: Box::new(error) };
        }
        match &error {
            EtcdError::GRpcStatus(status) if concerns_auth(status) => Self::from_auth(error, endpoints),
            EtcdError::GRpcStatus(status) => match status.code() {
                Code::ResourceExhausted if status.message().contains("space exceeded") => {
                    Self::Full { endpoints: endpoints.to_owned() }
                }
                // The message itself is beyond what gRPC lets through: so it will be next time.
                Code::ResourceExhausted if status.message().contains("larger than max") => {
                    Self::Rejected(Box::new(error))
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

    /// What the store says about users and permissions, in etcd's words: it has one code for several of them.
    fn from_auth(error: EtcdError, endpoints: &str) -> Self {
        let endpoints = endpoints.to_owned();
        let said = match &error {
            EtcdError::GRpcStatus(status) => status.message(),
            _ => "",
        };
        if said.contains("user name is empty") {
            Self::CredentialsNeeded { endpoints }
        } else if said.contains("authentication failed") {
            Self::WrongCredentials { endpoints, source: Box::new(error) }
        } else if said.contains("permission denied") {
            Self::Forbidden(Box::new(error))
        } else {
            // A token ran out, or the revision of users and roles is another one: the next call goes through.
            Self::AuthChanged { endpoints }
        }
    }
}

fn concerns_auth(status: &Status) -> bool {
    let words = [
        "user name is empty",
        "authentication failed",
        "permission denied",
        "invalid auth token",
        "revision of auth store is old",
        "revision in header is old",
    ];
    words.iter().any(|words| status.message().contains(words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_store_says_is_told_apart() {
        let error = |code, message: &str| {
            StoreError::from_wire(EtcdError::GRpcStatus(Status::new(code, message)), "here")
        };
        for (code, message, expected, retryable) in [
            (Code::InvalidArgument, "etcdserver: user name is empty", "here asks who you are", false),
            (Code::Unknown, "auth: user name is empty", "here asks who you are", false),
            (
                Code::InvalidArgument,
                "etcdserver: authentication failed, invalid user ID or password",
                "here does not accept this user and password",
                false,
            ),
            (Code::PermissionDenied, "etcdserver: permission denied", "this user may not do that", false),
            (
                Code::Unauthenticated,
                "etcdserver: invalid auth token",
                "users or roles of here changed meanwhile",
                true,
            ),
            (
                Code::InvalidArgument,
                "etcdserver: revision of auth store is old",
                "users or roles of here changed meanwhile",
                true,
            ),
            (
                Code::InvalidArgument,
                "etcdserver: key is not provided",
                "the store refused the request",
                false,
            ),
            (
                Code::ResourceExhausted,
                "grpc: received message larger than max (2204710 vs. 2097152)",
                "the store refused the request",
                false,
            ),
        ] {
            let error = error(code, message);
            assert_eq!(
                (error.to_string().as_str(), error.is_retryable()),
                (expected, retryable),
                "{message}"
            );
        }
    }
}
