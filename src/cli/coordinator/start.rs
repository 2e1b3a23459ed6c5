//! Running a coordinator, and asking it how it is.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use crate::cli::output::Output;
use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::runtime::start::{Backend, Settings, run};
use crate::coordinator::service::CoordinatorStatus;
use crate::governor::Policy;
use crate::store::Connection;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BackendName {
    /// The engine in this process: an etcd v3 server over one file
    Engine,
    /// An etcd that runs elsewhere, at --host
    Etcd,
}

#[derive(Debug, Args)]
pub(in crate::cli) struct Start {
    /// What holds the data
    #[arg(long, value_enum, default_value = "engine")]
    backend: BackendName,
    /// Where the etcd is, host:port[,host:port] [default: what --endpoints says]
    #[arg(long, value_delimiter = ',', value_name = "HOST:PORT")]
    host: Vec<String>,
    /// Where the engine listens; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:2379", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The engine's directory [default: ~/.if/coordinator]
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
    /// The policy [default: ~/.if/governor/policy.yaml if it is there, else the built-in one]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

pub(super) async fn start(arguments: Start, context: &Context) -> Result<Exit, Failure> {
    // Builds for tests have failpoints, which FAILPOINTS in the environment switches on.
    let _failpoints = fail::has_failpoints().then(fail::FailScenario::setup);
    let policy = read_policy(arguments.policy.as_deref(), context)?;
    let mut connection = context.connection();
    let backend = match arguments.backend {
        BackendName::Engine if !arguments.host.is_empty() => {
            return Err(Failure::message(Exit::Usage, "--host names an etcd, but the backend is the engine")
                .hint(
                    "ifctl coordinator start --backend etcd --host HOST:PORT, or --listen for the engine",
                ));
        }
        BackendName::Engine => Backend::Engine {
            listen: arguments.listen,
            data: arguments.data_dir.unwrap_or_else(|| context.home.coordinator()),
        },
        BackendName::Etcd => {
            if !arguments.host.is_empty() {
                connection = Connection { endpoints: arguments.host, ..connection };
            }
            Backend::Etcd
        }
    };
    let stop = stop_signal()?;
    let settings = Settings { backend, connection, policy, clock: context.clock.clone() };
    run(settings, stop, |ready| {
        if let Err(failure) = Output::event(ready) {
            let _ = failure.report();
        }
        eprintln!(
            "anybody who can connect is trusted; listening on this machine only is what protects the data"
        );
    })
    .await?;
    Ok(Exit::Done)
}

fn read_policy(named: Option<&Path>, context: &Context) -> Result<Policy, Failure> {
    let file = named.map_or_else(|| context.home.policy(), Path::to_owned);
    match std::fs::read_to_string(&file) {
        Ok(text) => Ok(Policy::parse(&text, &file)?),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && named.is_none() => {
            Ok(Policy::default())
        }
        Err(error) => Err(Failure::usage(error)
            .context(format!("cannot read the policy {}", file.display()))
            .hint("name a readable file with --policy")),
    }
}

/// Completes at SIGINT or SIGTERM.
pub(in crate::cli) fn stop_signal() -> Result<impl Future<Output = ()>, Failure> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(Failure::internal)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(Failure::internal)?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

pub(super) async fn status(context: &Context) -> Result<Exit, Failure> {
    let status = context.coordinator().await?.status().await?;
    context.output.answer(&status, view::coordinator::status)?;
    Ok(Exit::Done)
}

/// What is well and what is not.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Health {
    pub(in crate::cli) healthy: bool,
    /// How long the store took to say what it is, in microseconds.
    pub(in crate::cli) round_trip_us: u128,
    pub(in crate::cli) problems: Vec<String>,
    pub(in crate::cli) status: CoordinatorStatus,
}

/// What an error of the store means to who reads it.
fn problem(error: &str) -> String {
    if error.contains("NOSPACE") {
        return "the store has no space left: nothing can be written until there is room".to_owned();
    }
    format!("the store says: {}", error.trim())
}

pub(super) async fn health(context: &Context) -> Result<Exit, Failure> {
    let coordinator = context.coordinator().await?;
    let watch = crate::clock::stopwatch();
    let store = coordinator.store().status().await?;
    let round_trip_us = watch.elapsed().as_micros();
    let status = coordinator.status().await?;
    let mut problems: Vec<_> = store.errors.iter().map(|error| problem(error)).collect();
    if status.leader.is_none() {
        problems.push("no coordinator leads: nothing is dispatched, returned or escalated".to_owned());
    }
    let health = Health { healthy: problems.is_empty(), round_trip_us, problems, status };
    context.output.answer(&health, view::coordinator::health)?;
    Ok(if health.healthy { Exit::Done } else { Exit::Unhealthy })
}
