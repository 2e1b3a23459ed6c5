//! What is compared: the engine alone, in a process of its own, and etcd 3.5.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::time::Duration;

use infrafabric::clock::stopwatch;
use infrafabric::engine::{Engine, Options};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::support::servers::{Backend, Server};

/// The argument with which this program is the engine and nothing else.
pub(crate) const SERVE: &str = "serve-engine";

/// A store without any coordinator, so that only the two stores are compared.
pub(crate) enum Store {
    Engine { process: Child, endpoint: String, directory: TempDir },
    Etcd(Server),
}

impl Store {
    pub(crate) fn start(backend: Backend) -> Self {
        if backend != Backend::Engine {
            return Self::Etcd(Server::start(backend));
        }
        let directory = TempDir::new().unwrap();
        let (process, endpoint) = spawn(directory.path());
        Self::Engine { process, endpoint, directory }
    }

    pub(crate) fn endpoint(&self) -> &str {
        match self {
            Self::Engine { endpoint, .. } => endpoint,
            Self::Etcd(server) => server.endpoint(),
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        match self {
            Self::Engine { process, .. } => process.id(),
            Self::Etcd(server) => server.pid(),
        }
    }

    /// Kills it and starts it again on its data; how long that took until it answered.
    pub(crate) fn restart(&mut self) -> Duration {
        match self {
            Self::Engine { process, endpoint, directory } => {
                process.kill().unwrap();
                process.wait().unwrap();
                let watch = stopwatch();
                (*process, *endpoint) = spawn(directory.path());
                watch.elapsed()
            }
            Self::Etcd(server) => {
                server.kill();
                let watch = stopwatch();
                server.restart();
                watch.elapsed()
            }
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        if let Self::Engine { process, .. } = self {
            process.kill().unwrap();
            process.wait().unwrap();
        }
    }
}

fn spawn(directory: &Path) -> (Child, String) {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .arg(SERVE)
        .arg(directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut address = String::new();
    BufReader::new(process.stdout.take().unwrap()).read_line(&mut address).unwrap();
    (process, address.trim().to_owned())
}

/// Serves the store in `directory` until it is killed, and says where.
pub(crate) fn serve(directory: &str) -> ExitCode {
    tokio::runtime::Runtime::new().unwrap().block_on(async {
        let engine = Engine::open(Path::new(directory), Options::default()).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        println!("{}", listener.local_addr().unwrap());
        engine.serve(listener, std::future::pending()).await.unwrap();
    });
    ExitCode::SUCCESS
}
