//! A handshake for its own sake: to learn why a server hangs up.
//!
//! In TLS 1.3 a server says that it misses a client's certificate only after the client has begun to talk, and a server
//! that expects TLS hangs up on who does not speak it. Whether the client's HTTP/2 notices the reason or only that the
//! line is dead is a matter of luck.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::ClientConfig;
use tokio_rustls::rustls::pki_types::ServerName;

use super::{Certificates, Distrust, reason};
use crate::certificate::{Authorities, CertificateError, Identity, roots_of_the_system};
use crate::clock::Timestamp;

/// How an HTTP/2 client begins.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// How a TLS server begins to complain.
const ALERT: u8 = 21;

pub(in crate::store) struct Handshake {
    /// None where no TLS is spoken.
    config: Option<Arc<ClientConfig>>,
}

impl Handshake {
    /// For endpoints without TLS.
    pub(in crate::store) fn plain() -> Self {
        Self { config: None }
    }

    /// For endpoints with TLS, with these files.
    pub(super) fn with(files: &Certificates, now: Timestamp) -> Result<Self, CertificateError> {
        let roots = match &files.authorities {
            Some(path) => Arc::clone(Authorities::read(path, now)?.roots()),
            None => Arc::new(roots_of_the_system()),
        };
        let builder = ClientConfig::builder().with_root_certificates(roots);
        let mut config = match &files.identity {
            Some((certificate, key)) => {
                builder.with_client_cert_resolver(Identity::read(certificate, key, now)?.resolver())
            }
            None => builder.with_no_client_auth(),
        };
        config.alpn_protocols = vec![b"h2".to_vec()];
        Ok(Self { config: Some(Arc::new(config)) })
    }

    /// Why one of the endpoints does not let this client in, if it says so.
    pub(in crate::store) async fn distrust(&self, endpoints: &str) -> Option<Distrust> {
        for endpoint in endpoints.split(',') {
            if let Some(distrust) = self.try_one(endpoint).await {
                return Some(distrust);
            }
        }
        None
    }

    async fn try_one(&self, endpoint: &str) -> Option<Distrust> {
        let address = endpoint.rsplit("://").next()?.trim_end_matches('/');
        let Some(config) = &self.config else {
            return expects_tls(address).await.ok()?.then_some(Distrust::Encrypted);
        };
        let host = address.rsplit_once(':')?.0.trim_start_matches('[').trim_end_matches(']');
        let name = ServerName::try_from(host.to_owned()).ok()?;
        let stream = TcpStream::connect(address).await.ok()?;
        let connector = TlsConnector::from(Arc::clone(config));
        let agreed = match connector.connect(name, stream).await {
            // The server speaks first, if only to say what it expects of the client.
            Ok(mut stream) => stream.read_u8().await.map(drop),
            Err(error) => Err(error),
        };
        agreed.err().and_then(|error| reason(&error))
    }
}

/// Whether a server answers HTTP/2 with a complaint of TLS.
async fn expects_tls(address: &str) -> io::Result<bool> {
    let mut stream = TcpStream::connect(address).await?;
    stream.write_all(PREFACE).await?;
    Ok(stream.read_u8().await? == ALERT)
}
