//! The connector: resolves a name once, checks every address, and connects to one that was checked.

use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tower::Service;

use super::resolver::Resolve;
use crate::chassis::egress::{Reach, reach};

tokio::task_local! {
    /// Where the host of this call is, if that was found and checked before.
    static CHECKED: Vec<IpAddr>;
}

/// Carries out a call whose new connections, if it needs any, go to these addresses and no others.
pub(super) async fn pinned_to<F: Future>(addresses: Vec<IpAddr>, call: F) -> F::Output {
    CHECKED.scope(addresses, call).await
}

/// How long a name is looked for, and one address tried.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unconnected {
    /// The host lies in this machine's own network, and the rule does not say `allow_private`.
    #[error("the host leads to the private address {0}")]
    Private(IpAddr),
    /// The host leads nowhere that may be reached.
    #[error("the host leads to {0}, which is no address of a service")]
    Never(IpAddr),
    /// Nobody knows the host.
    #[error("the host is not known")]
    Unknown(#[source] io::Error),
    /// Nobody answers there.
    #[error("no connection to the host: {0}")]
    Io(io::Error),
}

/// Opens connections to addresses that were checked, and to no others.
#[derive(Debug, Clone)]
pub(super) struct Pinned {
    resolver: Arc<dyn Resolve>,
    private: bool,
}

impl Pinned {
    pub(super) fn new(resolver: Arc<dyn Resolve>, private: bool) -> Self {
        Self { resolver, private }
    }

    async fn connect(
        self,
        uri: Uri,
        checked: Option<Vec<IpAddr>>,
    ) -> Result<TokioIo<TcpStream>, Unconnected> {
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
        let addresses = match checked {
            Some(addresses) => addresses,
            None => self.addresses(uri.host().unwrap_or_default()).await?,
        };
        let mut last = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for address in addresses {
            let connecting = tokio::time::timeout(PATIENCE, TcpStream::connect((address, port)));
            match connecting.await.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())) {
                Ok(stream) => {
                    stream.set_nodelay(true).map_err(Unconnected::Io)?;
                    return Ok(TokioIo::new(stream));
                }
                Err(error) => last = error,
            }
        }
        Err(Unconnected::Io(last))
    }

    /// The addresses of a host, all of which may be reached: of a host with one that may not, none is.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Unconnected> {
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse();
        let addresses = if let Ok(address) = literal {
            vec![address]
        } else {
            let found = tokio::time::timeout(PATIENCE, self.resolver.resolve(host)).await;
            found.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into())).map_err(Unconnected::Unknown)?
        };
        for &address in &addresses {
            check(address, self.private)?;
        }
        Ok(addresses)
    }
}

/// Whether an address may be reached.
pub(super) fn check(address: IpAddr, private: bool) -> Result<(), Unconnected> {
    match reach(address) {
        Reach::Public => Ok(()),
        Reach::Private if private => Ok(()),
        Reach::Private => Err(Unconnected::Private(address)),
        Reach::Never => Err(Unconnected::Never(address)),
    }
}

impl Service<Uri> for Pinned {
    type Response = TokioIo<TcpStream>;
    type Error = Unconnected;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Unconnected>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Unconnected>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        Box::pin(self.clone().connect(uri, CHECKED.try_with(Clone::clone).ok()))
    }
}
