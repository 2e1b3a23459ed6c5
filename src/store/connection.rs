//! The connection: endpoints, namespace, time limits.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use etcd_client::{Client, ConnectOptions, KvClient, ResponseHeader};

use super::endpoint::speak_tls;
use super::tls::Handshake;
use super::{Certificates, StoreError};

/// The largest answer that is accepted, in bytes: a hundred records of any size that the rules allow.
pub(super) const MAX_MESSAGE: usize = 256 << 20;

/// How long an explanation of a failure may take.
const EXPLANATION: Duration = Duration::from_secs(1);

/// How to reach the store.
#[derive(Clone)]
pub struct Connection {
    /// `host:port` or a URL, at least one.
    pub endpoints: Vec<String>,
    /// Put before every key; empty for none.
    pub namespace: String,
    /// How long one call may take.
    pub timeout: Duration,
    /// User and password, where the store asks for them.
    pub user: Option<(String, String)>,
    /// For endpoints that speak TLS.
    pub certificates: Certificates,
}

/// A connected store; clones share the connection.
#[derive(Clone)]
pub struct Store {
    pub(super) client: Client,
    pub(super) namespace: Arc<str>,
    pub(super) endpoints: Arc<str>,
    timeout: Duration,
    user: Option<(String, String)>,
    certificates: Arc<Certificates>,
    /// None inside this process.
    handshake: Option<Arc<Handshake>>,
}

impl fmt::Debug for Connection {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("endpoints", &self.endpoints)
            .field("namespace", &self.namespace)
            .field("timeout", &self.timeout)
            .field("user", &self.user.as_ref().map(|(name, _)| name))
            .field("certificates", &self.certificates)
            .finish()
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("endpoints", &self.endpoints).finish_non_exhaustive()
    }
}

impl Store {
    /// Connects; the first call finds out whether anybody answers.
    ///
    /// # Errors
    /// [`StoreError::Endpoint`] for an address that is none, [`StoreError::Certificate`] for a file that cannot be
    /// used; when a user is given, [`StoreError::Unavailable`] when nobody answers and
    /// [`StoreError::WrongCredentials`] when the store does not know it.
    pub async fn connect(connection: &Connection) -> Result<Self, StoreError> {
        let mut options = options()
            .with_connect_timeout(connection.timeout)
            .with_keep_alive(Duration::from_secs(10), Duration::from_secs(5))
            .with_keep_alive_while_idle(true);
        let mut handshake = Handshake::plain();
        if speak_tls(connection)? {
            options = options.with_tls(connection.certificates.options()?);
            handshake = connection.certificates.handshake()?;
        }
        let connecting = Client::connect(&connection.endpoints, Some(options));
        Self::once(connecting, connection, Some(Arc::new(handshake))).await
    }

    /// A store in this process, that `channel` leads to; the endpoints are how others reach it.
    ///
    /// # Errors
    /// [`StoreError`] when a user is given and the store refuses it.
    pub async fn within(channel: etcd_client::Channel, connection: &Connection) -> Result<Self, StoreError> {
        Self::once(Client::from_channel(channel, Some(options())), connection, None).await
    }

    async fn once(
        connecting: impl Future<Output = Result<Client, etcd_client::Error>>,
        connection: &Connection,
        handshake: Option<Arc<Handshake>>,
    ) -> Result<Self, StoreError> {
        let endpoints = connection.endpoints.join(",");
        let connecting = limited(connection.timeout, &endpoints, connecting);
        let store = Self {
            client: explained(connecting, handshake.as_deref()).await?,
            namespace: connection.namespace.as_str().into(),
            endpoints: endpoints.into(),
            timeout: connection.timeout,
            user: connection.user.clone(),
            certificates: Arc::new(connection.certificates.clone()),
            handshake,
        };
        if store.user.is_some() {
            store.log_in().await?;
        }
        Ok(store)
    }

    /// Shows user and password, and keeps the token. A store that asks for neither is content without.
    async fn log_in(&self) -> Result<(), StoreError> {
        let mut client = self.client.clone();
        let call = limited(self.timeout, &self.endpoints, client.update_user(self.user.clone()));
        match explained(call, self.handshake.as_deref()).await {
            Err(StoreError::Rejected(error)) if asks_for_nobody(&error) => Ok(()),
            outcome => outcome,
        }
    }

    /// The files that were given for TLS.
    #[must_use]
    pub fn certificates(&self) -> &Certificates {
        &self.certificates
    }

    /// The addresses of the store, joined by commas.
    #[must_use]
    pub fn endpoints(&self) -> &str {
        &self.endpoints
    }

    /// What is put before every key.
    #[must_use]
    pub fn namespace(&self) -> &str {
        &self.namespace
    }

    pub(super) async fn call<T>(
        &self,
        call: impl Future<Output = Result<T, etcd_client::Error>>,
    ) -> Result<T, StoreError> {
        match explained(limited(self.timeout, &self.endpoints, call), self.handshake.as_deref()).await {
            // Auth was turned on after the connection was made.
            Err(StoreError::CredentialsNeeded { endpoints }) if self.user.is_some() => {
                self.log_in().await?;
                Err(StoreError::AuthChanged { endpoints })
            }
            outcome => outcome,
        }
    }

    pub(super) fn kv(&self) -> KvClient {
        self.client.kv_client().max_decoding_message_size(MAX_MESSAGE)
    }

    pub(super) fn full_key(&self, key: &impl fmt::Display) -> String {
        format!("{}{key}", self.namespace)
    }
}

pub(super) fn revision_of(header: Option<&ResponseHeader>) -> i64 {
    header.map_or(0, ResponseHeader::revision)
}

async fn limited<T>(
    limit: Duration,
    endpoints: &str,
    call: impl Future<Output = Result<T, etcd_client::Error>>,
) -> Result<T, StoreError> {
    match tokio::time::timeout(limit, call).await {
        Ok(answer) => answer.map_err(|error| StoreError::from_wire(error, endpoints)),
        Err(_) => Err(StoreError::TimedOut { endpoints: endpoints.to_owned(), limit }),
    }
}

/// Whether the store has auth turned off.
fn asks_for_nobody(error: &etcd_client::Error) -> bool {
    matches!(error, etcd_client::Error::GRpcStatus(status) if status.message().contains("authentication is not enabled"))
}

/// Where a server hangs up, finds out whether TLS is why.
async fn explained<T>(
    call: impl Future<Output = Result<T, StoreError>>,
    handshake: Option<&Handshake>,
) -> Result<T, StoreError> {
    match (call.await, handshake) {
        (Err(StoreError::Unavailable { endpoints, source }), Some(handshake)) => {
            let distrust = tokio::time::timeout(EXPLANATION, handshake.distrust(&endpoints)).await;
            Err(match distrust {
                Ok(Some(reason)) => StoreError::Distrusted { endpoints, reason, source },
                Ok(None) | Err(_) => StoreError::Unavailable { endpoints, source },
            })
        }
        (outcome, _) => outcome,
    }
}

/// A token that runs out is renewed.
fn options() -> ConnectOptions {
    ConnectOptions::new().with_auto_token_refresh(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_printed_without_its_password() {
        let connection = Connection {
            endpoints: vec!["localhost:2379".to_owned()],
            namespace: String::new(),
            timeout: Duration::from_secs(1),
            user: Some(("root".to_owned(), "sesame".to_owned())),
            certificates: Certificates::default(),
        };
        let printed = format!("{connection:?}");
        assert!(printed.contains("root") && !printed.contains("sesame"), "{printed}");
    }
}
