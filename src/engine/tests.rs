//! The engine as its clients see it: a real server on a free port, a real client, a real file.

mod durability;
mod kv;
mod lease;
mod listening;
mod vanish;
mod watch;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use etcd_client::Client;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::{Engine, Options, ServeError};

/// A server over a file in a directory of its own.
struct TestServer {
    engine: Engine,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
    directory: TempDir,
}

impl TestServer {
    async fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap(), Options::default()).await
    }

    async fn start_in(directory: TempDir, options: Options) -> Self {
        let engine = Engine::open(&store_in(directory.path()), options).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = engine.clone();
        let task = tokio::spawn(async move { serving.serve(listener, async { drop(stopped.await) }).await });
        Self { engine, address, stop, task, directory }
    }

    async fn client(&self) -> Client {
        Client::connect([self.address.to_string()], None).await.unwrap()
    }

    /// Stops serving, closes the file and hands it over.
    async fn stop(self) -> TempDir {
        drop(self.stop);
        self.task.await.unwrap().unwrap();
        self.engine.close();
        self.directory
    }
}

fn store_in(directory: &Path) -> PathBuf {
    directory.join("engine")
}

fn message(error: &etcd_client::Error) -> (tonic::Code, String) {
    match error {
        etcd_client::Error::GRpcStatus(status) => (status.code(), status.message().to_owned()),
        other => panic!("not a status: {other}"),
    }
}
