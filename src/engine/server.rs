//! The gRPC services over an engine, and what etcd says over plain HTTP on the same port.
//!
//! Translates between the wire and the engine; decides nothing about keys, leases or revisions itself.

mod auth;
mod cluster;
mod connections;
mod deadline;
mod election;
mod express;
mod http;
mod kv;
mod lease;
mod line;
mod lock;
mod maintenance;
mod protocol;
mod watch;

use std::pin::Pin;
use std::time::Duration;

use axum::http::Request;
use etcd_client::proto::{
    PbClusterServer, PbKvServer, PbLeaseServer, PbMaintenanceServer, PbResponseHeader, PbWatchServer,
};
use futures::{Stream, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::watch as latch;
use tonic::Status;
use tonic::body::Body;
use tonic::service::Routes;
use tonic::transport::server::Connected;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceExt};

use self::express::Express;
use self::protocol::{ElectionServer, LockServer};
use super::listener::{self, Exposed, Listener};
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
    /// Strangers could reach it.
    #[error(transparent)]
    Exposed(#[from] Exposed),
    /// The listener has no address.
    #[error("cannot use the listener")]
    Listener(#[source] std::io::Error),
}

/// A stream of answers.
type Streamed<T> = Pin<Box<dyn Stream<Item = Result<T, Status>> + Send + 'static>>;

/// What every service holds.
#[derive(Debug, Clone)]
struct Service {
    engine: Engine,
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

    /// The answers until the server stops, and then word of that.
    fn until_stopped<T: Send + 'static>(
        &self,
        answers: impl Stream<Item = Result<T, Status>> + Send + 'static,
    ) -> Streamed<T> {
        let stopping = self.stopping.clone();
        let farewell = futures::stream::once(async { Err(Refusal::Stopped.into()) });
        let ended = farewell.filter(move |_| std::future::ready(*stopping.borrow()));
        Box::pin(answers.take_until(self.stopped()).chain(ended))
    }
}

/// What is not built answers so, rather than with a guess.
fn unimplemented(what: &str) -> Status {
    Status::unimplemented(format!("{what} is not implemented by the embedded engine"))
}

pub(super) async fn serve(
    engine: Engine,
    listener: Listener,
    shutdown: impl Future<Output = ()> + Send,
) -> Result<(), ServeError> {
    engine.may_serve(&listener)?;
    engine.published().answering.by_way_of_this_runtime();
    let (stop, stopping) = latch::channel(false);
    let service = Service { engine, stopping: stopping.clone() };
    let signal = async {
        shutdown.await;
        // The services hold receivers.
        let _ = stop.send(true);
    };
    let serving = async {
        match &listener.tls {
            None => run(service, listener::plain(listener.socket), signal).await,
            Some(tls) => run(service, listener::encrypted(listener.socket, tls), signal).await,
        }
    };
    tokio::select! {
        () = serving => {}
        () = patience(stopping) => {}
    }
    Ok(())
}

async fn run<C>(
    service: Service,
    connections: impl Stream<Item = std::io::Result<C>>,
    signal: impl Future<Output = ()>,
) where
    C: AsyncRead + AsyncWrite + Connected + Unpin + Send + 'static,
{
    let options = service.engine.published().options.clone();
    let rest = routes(&service).prepare();
    connections::serve(Express::new(service, rest), &options, connections, signal).await;
}

/// The services without a server around them.
pub(super) fn channel(engine: Engine, stopping: latch::Receiver<bool>) -> etcd_client::Channel {
    let routes = routes(&Service { engine, stopping }).prepare();
    let services = ServiceExt::<Request<Body>>::map_err(routes, BoxError::from);
    etcd_client::Channel::Custom(BoxCloneSyncService::new(services))
}

fn routes(service: &Service) -> Routes {
    let service = || service.clone();
    let grpc = Routes::new(PbKvServer::new(service()).max_decoding_message_size(MAX_MESSAGE))
        .add_service(PbWatchServer::new(service()))
        .add_service(PbLeaseServer::new(service()))
        .add_service(PbMaintenanceServer::new(service()))
        .add_service(PbClusterServer::new(service()))
        .add_service(auth::AuthServer(service()))
        .add_service(LockServer::new(service()).max_decoding_message_size(MAX_MESSAGE))
        .add_service(ElectionServer::new(service()).max_decoding_message_size(MAX_MESSAGE));
    http::beside(grpc.into_axum_router(), service()).into()
}

/// Resolves when the grace after the shutdown is over.
async fn patience(mut stopping: latch::Receiver<bool>) {
    // The sender outlives this future.
    let _ = stopping.wait_for(|&stopping| stopping).await;
    tokio::time::sleep(GRACE).await;
}
