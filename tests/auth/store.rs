//! A store and nothing beside it: only the test writes, and only the test knows passwords.

use std::path::Path;

use infrafabric::engine::{Engine, Options};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use super::wire::Wire;
use crate::support::servers::{Backend, Server};

/// An empty store. Dropping it ends it and removes its data.
pub(super) struct Store {
    runtime: Runtime,
    endpoint: String,
    serving: Serving,
}

enum Serving {
    Engine(Engine, TempDir),
    Etcd(#[expect(dead_code, reason = "it runs until it is dropped")] Server),
}

fn runtime() -> Runtime {
    Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

fn serve(runtime: &Runtime, directory: &Path) -> (Engine, String) {
    let engine = Engine::open(&directory.join("engine.redb"), Options::default()).unwrap();
    let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
    let endpoint = listener.local_addr().unwrap().to_string();
    let serving = engine.clone();
    runtime.spawn(async move { serving.serve(listener, std::future::pending()).await });
    (engine, endpoint)
}

impl Store {
    pub(super) fn start(backend: Backend) -> Self {
        let runtime = runtime();
        if backend == Backend::Engine {
            let directory = TempDir::new().unwrap();
            let (engine, endpoint) = serve(&runtime, directory.path());
            return Self { runtime, endpoint, serving: Serving::Engine(engine, directory) };
        }
        let server = Server::start(backend);
        Self { runtime, endpoint: server.endpoint().to_owned(), serving: Serving::Etcd(server) }
    }

    /// Ends the engine and opens its file again.
    pub(super) fn restarted(self) -> Self {
        let Serving::Engine(engine, directory) = self.serving else { panic!("only the engine is restarted") };
        self.runtime.shutdown_background();
        engine.close();
        let runtime = runtime();
        let (engine, endpoint) = serve(&runtime, directory.path());
        Self { runtime, endpoint, serving: Serving::Engine(engine, directory) }
    }

    pub(super) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// Runs a dialogue with the store to its end.
    pub(super) fn talk<T>(&self, dialogue: impl AsyncFnOnce(&mut Wire) -> T) -> T {
        self.runtime.block_on(async {
            let mut wire = Wire::connect(&self.endpoint).await;
            dialogue(&mut wire).await
        })
    }
}
