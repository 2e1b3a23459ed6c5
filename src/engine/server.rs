//! The gRPC services over an engine.
//!
//! Translates between the wire and the engine; decides nothing about keys, leases or revisions itself.

mod auth;
mod cluster;
mod express;
mod kv;
mod lease;
mod maintenance;
mod watch;

use std::net::SocketAddr;
use std::time::Duration;

use etcd_client::proto::{
    PbClusterServer, PbKvServer, PbLeaseServer, PbMaintenanceServer, PbResponseHeader, PbWatchServer,
};
use tokio::net::TcpListener;
use tokio::sync::watch as latch;
use tonic::service::Routes;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;

use self::express::Express;
use super::request::MAX_BYTES;
use super::state::View;
use super::{Engine, Refusal};

/// What gRPC lets in; what lies between this and the largest write is refused with etcd's own error.
const MAX_MESSAGE: usize = MAX_BYTES + 512 * 1024;
/// How long a shutdown waits for clients to take what was answered.
const GRACE: Duration = Duration::from_secs(1);

/// Why serving ended early.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The listener has no address.
    #[error("cannot use the listener")]
    Listener(#[source] std::io::Error),
    /// The transport failed.
    #[error("cannot serve")]
    Transport(#[source] tonic::transport::Error),
}

/// What every service holds.
#[derive(Debug, Clone)]
struct Service {
    engine: Engine,
    address: SocketAddr,
    /// Becomes true when the streams are to end.
    stopping: latch::Receiver<bool>,
}

impl Service {
    /// A header with the newest revision.
    fn header(&self) -> PbResponseHeader {
        self.header_at(self.engine.published().read().revision())
    }

    fn header_at(&self, revision: i64) -> PbResponseHeader {
        self.engine.identity().header(revision)
    }

    /// Resolves when the streams are to end.
    fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut stopping = self.stopping.clone();
        async move {
            // When the sender is gone, the server is.
            let _ = stopping.wait_for(|&stopping| stopping).await;
        }
    }
}

/// What is not built answers so, rather than with a guess.
fn unimplemented(what: &str) -> tonic::Status {
    tonic::Status::unimplemented(format!("{what} is not implemented by the embedded engine"))
}

pub(super) async fn serve(
    engine: Engine,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    let address = listener.local_addr().map_err(ServeError::Listener)?;
    engine.published().answering.by_way_of_this_runtime();
    let (stop, stopping) = latch::channel(false);
    let service = Service { engine, address, stopping: stopping.clone() };
    let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
    let signal = async {
        shutdown.await;
        // The services hold receivers.
        let _ = stop.send(true);
    };
    let options = &service.engine.published().options;
    let (interval, timeout) = (options.keepalive_interval, options.keepalive_timeout);
    let rest = Routes::new(PbKvServer::new(service.clone()).max_decoding_message_size(MAX_MESSAGE))
        .add_service(PbWatchServer::new(service.clone()))
        .add_service(PbLeaseServer::new(service.clone()))
        .add_service(PbMaintenanceServer::new(service.clone()))
        .add_service(auth::AuthServer(service.clone()))
        .add_service(PbClusterServer::new(service.clone()))
        .prepare();
    let server = Server::builder()
        .http2_keepalive_interval(Some(interval))
        .http2_keepalive_timeout(Some(timeout))
        .serve_with_incoming_shutdown(Express { service, rest }, incoming, signal);
    tokio::select! {
        outcome = server => outcome.map_err(ServeError::Transport),
        () = patience(stopping) => Ok(()),
    }
}

/// Resolves when the grace after the shutdown is over.
async fn patience(mut stopping: latch::Receiver<bool>) {
    // The sender outlives this future.
    let _ = stopping.wait_for(|&stopping| stopping).await;
    tokio::time::sleep(GRACE).await;
}
