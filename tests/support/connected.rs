//! Workers that are connected and do nothing by themselves: what they take up, and when they vanish, the test says.

use std::time::Duration;

use infrafabric::clock::Clock;
use infrafabric::coordinator::Assignment;
use infrafabric::coordinator::runtime::session::{Connected, Received, Terms, legible};
use infrafabric::coordinator::service::Coordinator;
use infrafabric::store::{Certificates, Connection, Store, Versioned};
use tokio::runtime::Runtime;

use super::patience::{PATIENCE, eventually};
use super::servers::Server;

/// How a test reaches the store at `endpoint` without a command.
pub(crate) fn connection_to(endpoint: &str) -> Connection {
    Connection {
        endpoints: vec![endpoint.to_owned()],
        namespace: String::new(),
        timeout: PATIENCE,
        user: None,
        certificates: Certificates::default(),
    }
}

/// Idle workers that share a connection. Dropping them is a crash: nobody says goodbye.
pub(crate) struct Crowd {
    runtime: Runtime,
    coordinator: Coordinator,
    workers: Vec<Connected>,
}

impl Crowd {
    /// Nobody yet.
    pub(crate) fn beside(server: &Server) -> Self {
        let runtime = Runtime::new().unwrap();
        let connection = connection_to(server.endpoint());
        let store = runtime.block_on(Store::connect(&connection)).unwrap();
        Self { runtime, coordinator: Coordinator::new(store, Clock::System), workers: Vec::new() }
    }

    /// One worker more, whose lease ends when it was silent for `ttl`; its place in the crowd.
    pub(crate) fn connect(&mut self, swarm: &str, ttl: Duration) -> usize {
        let terms = Terms { swarm: swarm.parse().unwrap(), slots: 1, assignable: true, ttl };
        let opening = Connected::open(&self.coordinator, &Clock::System, &terms);
        self.workers.push(self.runtime.block_on(opening).unwrap());
        self.workers.len() - 1
    }

    /// Waits until something lies in a worker's inbox, and leaves it there.
    pub(crate) fn wait_for_a_push(&self, worker: usize) -> Versioned<Assignment> {
        let inbox = || self.runtime.block_on(self.workers[worker].inbox()).unwrap().0;
        eventually("something is pushed", || inbox().first().and_then(legible))
    }

    /// Takes up what was pushed to a worker.
    pub(crate) fn take_up(&self, worker: usize) -> Received {
        let assignment = self.wait_for_a_push(worker);
        let taken = self.workers[worker].acknowledge(&assignment, Clock::System.now());
        self.runtime.block_on(taken).unwrap().expect("it was not taken back")
    }

    /// Completes what was taken up.
    pub(crate) fn complete(&self, received: &Received) {
        let completing = self.coordinator.complete(&received.record.id, received.token, Vec::new(), None);
        self.runtime.block_on(completing).unwrap();
    }
}
