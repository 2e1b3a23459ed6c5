//! A store and nothing beside it: only the test writes, so that every revision can be compared.

use std::path::Path;

use infrafabric::engine::{Engine, Options};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};

use super::servers::{Backend, Server};

/// A store without a coordinator. Dropping it ends it and removes its data.
pub(crate) struct Bare {
    backend: Backend,
    endpoint: String,
    serving: Serving,
}

enum Serving {
    /// In this process. The runtime goes first, then the engine, then its directory.
    Engine(Runtime, Engine, TempDir),
    Etcd(#[expect(dead_code, reason = "it runs until it is dropped")] Server),
}

impl Bare {
    /// Starts an empty store on a free port.
    pub(crate) fn start(backend: Backend) -> Self {
        if backend == Backend::Engine {
            return Self::serve(TempDir::new().unwrap());
        }
        let server = Server::start(backend);
        Self { backend, endpoint: server.endpoint().to_owned(), serving: Serving::Etcd(server) }
    }

    fn serve(directory: TempDir) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let engine = open(directory.path());
        let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
        let endpoint = listener.local_addr().unwrap().to_string();
        let serving = engine.clone();
        runtime.spawn(async move { serving.serve(listener, std::future::pending()).await });
        Self { backend: Backend::Engine, endpoint, serving: Serving::Engine(runtime, engine, directory) }
    }

    /// Ends the engine and opens its directory again, on another port.
    pub(crate) fn restarted(self) -> Self {
        let Serving::Engine(runtime, engine, directory) = self.serving else {
            panic!("only the engine is restarted")
        };
        runtime.shutdown_background();
        engine.close();
        Self::serve(directory)
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    /// The engine itself, where it is one.
    pub(crate) fn engine(&self) -> Option<&Engine> {
        match &self.serving {
            Serving::Engine(_, engine, _) => Some(engine),
            Serving::Etcd(_) => None,
        }
    }
}

fn open(directory: &Path) -> Engine {
    Engine::open(&directory.join("engine"), Options::default()).unwrap()
}
