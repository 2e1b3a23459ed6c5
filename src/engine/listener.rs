//! Listeners: where clients come in, and who may.
//!
//! Fails closed: an address that others can reach is served only when TLS and authentication are both on, or when it
//! was said that strangers are welcome.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures::{Stream, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use tonic::transport::server::TcpIncoming;

use super::tls::Tls;

/// How long a client may take to agree on TLS.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// A bound socket and its rules.
#[derive(Debug)]
pub struct Listener {
    pub(super) socket: TcpListener,
    pub(super) tls: Option<Tls>,
    strangers: bool,
}

/// An address that strangers could reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{address} can be reached from elsewhere, and {}", .lacks.says())]
pub struct Exposed {
    /// The address.
    pub address: SocketAddr,
    /// What keeps nobody out.
    pub lacks: Lacks,
}

/// What an exposed listener lacks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lacks {
    /// Neither TLS nor authentication.
    Both,
    /// TLS.
    Tls,
    /// Authentication.
    Authentication,
}

impl Lacks {
    fn says(self) -> &'static str {
        match self {
            Self::Both => "nothing asks who connects",
            Self::Tls => "passwords would travel in the clear",
            Self::Authentication => "TLS alone does not ask who connects",
        }
    }
}

impl From<TcpListener> for Listener {
    /// Without TLS, for this machine only.
    fn from(socket: TcpListener) -> Self {
        Self { socket, tls: None, strangers: false }
    }
}

impl Listener {
    /// Lets only those in who speak TLS.
    #[must_use]
    pub fn with_tls(self, tls: Tls) -> Self {
        Self { tls: Some(tls), ..self }
    }

    /// Lets anybody in who can reach the address, whether or not anything asks who that is.
    #[must_use]
    pub fn open_to_strangers(self) -> Self {
        Self { strangers: true, ..self }
    }

    /// Refuses an address that others can reach when they would not be asked who they are.
    pub(super) fn check(&self, address: SocketAddr, authenticated: bool) -> Result<(), Exposed> {
        let lacks = match (self.tls.is_some(), authenticated) {
            (true, true) => return Ok(()),
            (false, false) => Lacks::Both,
            (false, true) => Lacks::Tls,
            (true, false) => Lacks::Authentication,
        };
        if self.strangers || address.ip().is_loopback() { Ok(()) } else { Err(Exposed { address, lacks }) }
    }
}

/// The connections of a listener without TLS.
pub(super) fn plain(socket: TcpListener) -> TcpIncoming {
    TcpIncoming::from(socket).with_nodelay(Some(true))
}

/// The connections of a listener with TLS, each once it has been agreed on. Who does not get that far is dropped, and
/// holds up nobody.
pub(super) fn encrypted(
    socket: TcpListener,
    tls: &Tls,
) -> impl Stream<Item = io::Result<TlsStream<TcpStream>>> + Send + 'static {
    let acceptor = tls.acceptor();
    plain(socket)
        .map(move |accepted| tokio::spawn(agree(acceptor.clone(), accepted)))
        .buffer_unordered(usize::MAX)
        .filter_map(|agreed| std::future::ready(agreed.ok().flatten()))
}

/// Nothing for a client that does not agree; an error only when the listener itself fails.
async fn agree(
    acceptor: TlsAcceptor,
    accepted: io::Result<TcpStream>,
) -> Option<io::Result<TlsStream<TcpStream>>> {
    let stream = match accepted {
        Ok(stream) => stream,
        Err(error) => return Some(Err(error)),
    };
    let peer = stream.peer_addr().ok();
    match tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => return Some(Ok(stream)),
        Ok(Err(error)) => tracing::info!(?peer, %error, "a client was refused: no agreement on TLS"),
        Err(_) => tracing::info!(?peer, "a client was refused: it said nothing for {HANDSHAKE:?}"),
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn listener() -> Listener {
        TcpListener::bind("127.0.0.1:0").await.unwrap().into()
    }

    #[tokio::test]
    async fn strangers_stay_outside_unless_both_locks_are_on_or_they_are_welcome() {
        let (here, there): (SocketAddr, _) = ("127.0.0.1:1".parse().unwrap(), "0.0.0.0:1".parse().unwrap());
        let tls = Tls::new(&crate::certificate::tests::identity(), None);
        for (encrypted, authenticated, lacks) in [
            (false, false, Some(Lacks::Both)),
            (false, true, Some(Lacks::Tls)),
            (true, false, Some(Lacks::Authentication)),
            (true, true, None),
        ] {
            let mut listener = listener().await;
            listener.tls = encrypted.then(|| tls.clone());
            let refused = listener.check(there, authenticated).err();
            assert_eq!(refused.map(|exposed| exposed.lacks), lacks, "{encrypted} {authenticated}");
            assert_eq!(listener.check(here, authenticated), Ok(()));
            assert_eq!(listener.open_to_strangers().check(there, authenticated), Ok(()));
        }
    }
}
