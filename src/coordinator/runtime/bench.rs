//! The benchmark that a user runs against a store of their own: claims a second, and how long a push takes.
//!
//! Works in a namespace of its own, beside everything else in the store, and removes it in the end, also when it is
//! interrupted; what one has left that was killed, the next one removes. It measures this store as `claim` and `listen`
//! use it, from this machine.

pub mod agents;
mod claims;
pub mod disk;
mod error;
mod pushes;
mod sweep;

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::clock::{Clock, stopwatch};
use crate::coordinator::bench::{Figures, Latency, Plan};
use crate::id::unique;
use crate::store::{Connection, Prefix, Store};

pub use error::BenchError;

/// What is done next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Clients claim.
    Claiming,
    /// Workers connect.
    Connecting,
    /// Tasks are pushed to them.
    Pushing,
    /// What was written is removed.
    Removing,
}

/// Measures, until `stop` at the latest; with `disk`, also that directory's disk if the store is on this machine.
///
/// # Errors
/// [`BenchError`] when something could not be measured, or nothing be removed.
pub async fn run(
    connection: &Connection,
    clock: &Clock,
    plan: &Plan,
    disk: Option<PathBuf>,
    stop: impl Future<Output = ()>,
    tell: impl Fn(Step),
) -> Result<Figures, BenchError> {
    let beside = Store::connect(connection).await?;
    if let Err(error) = sweep::sweep(&beside).await {
        tracing::warn!(%error, "what earlier benchmarks may have left is not removed");
    }
    let namespace = format!("{}{}{}", connection.namespace, sweep::STEM, unique(clock.now()));
    let connection = Connection { namespace, ..connection.clone() };
    let store = beside.under(&connection.namespace);
    let mark = sweep::mark(&store).await?;
    let (call_off, called_off) = watch::channel(false);
    let bench = Bench { connection: &connection, clock, plan, called_off };
    let mut measuring = std::pin::pin!(bench.measure(&store, disk, &tell));
    let measured = tokio::select! {
        measured = &mut measuring => measured,
        () = stop => {
            call_off.send_replace(true);
            // Whatever is under way is waited for, so that nothing is written after it was removed.
            measuring.await.and(Err(BenchError::Interrupted))
        }
    };
    tell(Step::Removing);
    let removed = store.remove(&Prefix::All).await;
    if let Err(error) = store.revoke(mark.id()).await {
        tracing::debug!(%error, "a lease without keys is left to run out");
    }
    let figures = measured?;
    removed?;
    Ok(figures)
}

/// What all measurements share.
struct Bench<'a> {
    connection: &'a Connection,
    clock: &'a Clock,
    plan: &'a Plan,
    called_off: watch::Receiver<bool>,
}

impl Bench<'_> {
    async fn measure(
        &self,
        store: &Store,
        disk: Option<PathBuf>,
        tell: &impl Fn(Step),
    ) -> Result<Figures, BenchError> {
        let version = store.status().await?.version;
        let fdatasync = match disk.filter(|_| self.connection.endpoints.iter().all(|one| is_here(one))) {
            Some(directory) => Some(fdatasync(directory).await?),
            None => None,
        };
        tell(Step::Claiming);
        let claims = claims::race(self).await?;
        let pushes = pushes::relay(self, tell).await?;
        let Plan { clients, watchers, .. } = *self.plan;
        Ok(Figures { version, clients, claims, watchers, pushes, fdatasync })
    }

    /// A measurement that begins now.
    fn term(&self) -> Term {
        Term { begun: stopwatch(), time: self.plan.duration, called_off: self.called_off.clone() }
    }
}

/// How long a measurement goes on.
#[derive(Clone)]
struct Term {
    begun: Instant,
    time: Duration,
    called_off: watch::Receiver<bool>,
}

impl Term {
    fn is_over(&self) -> bool {
        self.begun.elapsed() >= self.time || *self.called_off.borrow()
    }
}

async fn fdatasync(directory: PathBuf) -> Result<Latency, BenchError> {
    let place = directory.clone();
    let times = tokio::task::spawn_blocking(move || disk::fdatasync(&place)).await?;
    Ok(times.map_err(|source| BenchError::Disk { directory, source })?.latency())
}

/// Whether an endpoint is on this machine, as far as its name tells.
fn is_here(endpoint: &str) -> bool {
    let address = endpoint.split_once("://").map_or(endpoint, |(_, address)| address);
    let host = address.rsplit_once(':').map_or(address, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse().is_ok_and(|address: IpAddr| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_here;

    #[test]
    fn an_endpoint_on_this_machine_is_known_by_its_name() {
        for here in ["127.0.0.1:2379", "localhost:2379", "https://localhost:2379", "[::1]:2379", "127.0.0.1"]
        {
            assert!(is_here(here), "{here}");
        }
        for elsewhere in ["10.0.0.1:2379", "https://etcd.example:2379", "localhost.example:2379", "[::2]:1"] {
            assert!(!is_here(elsewhere), "{elsewhere}");
        }
    }
}
