//! What every queue is to the measurement, and its server.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::board::Board;
use crate::support::servers::{fetched, free_addresses};

/// A queue at work.
pub(super) trait Peer: Sized {
    type Producer: Producer;

    /// Starts it with so many consumers, who report to the board what is done; all of them wait when it returns.
    fn start(consumers: usize, board: &Board) -> impl Future<Output = Self>;

    fn producer(&self) -> impl Future<Output = Self::Producer>;

    /// Sends the consumers home before the server goes.
    fn stop(self) -> impl Future<Output = ()>;
}

/// Somebody who hands in work.
pub(super) trait Producer: Send + 'static {
    /// Returns when the piece is on disk.
    fn hand_in(&mut self, number: u64) -> impl Future<Output = ()> + Send;
}

/// A server that was fetched, on a port of its own, with a directory of its own. Dropping it kills it.
pub(super) struct Daemon {
    process: Child,
    pub(super) address: String,
    pub(super) consumers: JoinSet<()>,
    _directory: TempDir,
}

impl Daemon {
    /// Starts a program; what it is told depends on its directory and port.
    pub(super) async fn start(program: &str, arguments: impl Fn(&Path, &str) -> Vec<String>) -> Self {
        let directory = TempDir::new().unwrap();
        let [address, _] = free_addresses();
        let port = address.rsplit_once(':').unwrap().1;
        let process = Command::new(fetched(program))
            .args(arguments(directory.path(), port))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let daemon = Self { process, address, consumers: JoinSet::new(), _directory: directory };
        for _ in 0..500 {
            if TcpStream::connect(&daemon.address).await.is_ok() {
                return daemon;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{program} does not listen");
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}
