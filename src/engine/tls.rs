//! TLS on the server's side: what it shows, and whom it lets in.

use std::fmt;
use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;

use crate::certificate::{Authorities, Identity};

/// What clients may speak once TLS is agreed on: gRPC, and HTTP for probes.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// How a listener speaks TLS; clones share it.
#[derive(Clone)]
pub struct Tls {
    config: Arc<ServerConfig>,
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

impl Tls {
    /// TLS with this identity. With `clients`, only those get in who show a certificate that one of these has signed.
    #[must_use]
    pub fn new(identity: &Identity, clients: Option<&Authorities>) -> Self {
        let builder = match clients {
            None => ServerConfig::builder().with_no_client_auth(),
            Some(authorities) => ServerConfig::builder().with_client_cert_verifier(verifier(authorities)),
        };
        let mut config = builder.with_cert_resolver(identity.resolver());
        config.alpn_protocols = PROTOCOLS.map(<[u8]>::to_vec).to_vec();
        Self { config: Arc::new(config) }
    }

    pub(super) fn acceptor(&self) -> TlsAcceptor {
        TlsAcceptor::from(Arc::clone(&self.config))
    }
}

fn verifier(authorities: &Authorities) -> Arc<dyn ClientCertVerifier> {
    let verifier = WebPkiClientVerifier::builder(Arc::clone(authorities.roots())).build();
    verifier.unwrap_or_else(|_| unreachable!("there is an authority, and no list of revocations"))
}
