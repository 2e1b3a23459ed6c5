//! Running a coordinator, and asking it how it is.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde::Serialize;
use tokio::signal::unix::{SignalKind, signal};

use super::retention::Retention;
use crate::cli::output::Output;
use crate::cli::{Context, Exit, Failure, view};
use crate::coordinator::runtime::start::{Backend, Listening, ServerFiles, Settings, run};
use crate::coordinator::service::{CoordinatorStatus, Overdue};
use crate::governor::runtime::{PolicyFile, PolicyFileError};
use crate::store::Connection;

/// Where an engine listens unless told otherwise: where clients of etcd look.
const LISTEN: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 2379);

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BackendName {
    /// The engine in this process: an etcd v3 server over one directory
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
    /// Where the engine listens; port 0 takes any free one. Addresses that others can reach need TLS and
    /// authentication [default: 127.0.0.1:2379]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    doors: Doors,
    /// The engine's directory [default: ~/.if/coordinator]
    #[arg(long, value_name = "DIRECTORY")]
    data_dir: Option<PathBuf>,
    /// How long the engine keeps history; 0 keeps all of it. Of more than 5 million revisions or 4 GiB the oldest go
    /// earlier [default: 1h]
    #[arg(long, value_name = "TIME")]
    auto_compaction_retention: Option<Retention>,
    /// The policy; what changes in the file later is followed [default: ~/.if/governor/policy.yaml if it is there, else
    /// the built-in one]
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
}

/// Who may come in to the engine.
#[derive(Debug, Args)]
struct Doors {
    /// The engine's certificate, in PEM form; it speaks nothing but TLS then
    #[arg(long, value_name = "FILE", requires = "key_file")]
    cert_file: Option<PathBuf>,
    /// The key of the certificate
    #[arg(long, value_name = "FILE", requires = "cert_file")]
    key_file: Option<PathBuf>,
    /// Let in only clients with a certificate that one of these authorities has signed
    #[arg(long, value_name = "FILE", requires = "cert_file")]
    trusted_ca_file: Option<PathBuf>,
    /// Ask every client for a certificate; as in etcd, --trusted-ca-file alone does so too
    #[arg(long, requires = "trusted_ca_file")]
    client_cert_auth: bool,
    /// Listen for others without TLS or without authentication: whoever can reach the address can then read, change
    /// and delete everything
    #[arg(long)]
    insecure_listen: bool,
}

impl Start {
    /// The first option given that an etcd which runs elsewhere cannot heed.
    fn for_the_engine(&self) -> Option<&'static str> {
        [
            ("--listen", self.listen.is_some()),
            ("--data-dir", self.data_dir.is_some()),
            ("--cert-file", self.doors.cert_file.is_some()),
            ("--insecure-listen", self.doors.insecure_listen),
        ]
        .into_iter()
        .find_map(|(option, given)| given.then_some(option))
    }
}

impl Doors {
    fn listening(self, address: SocketAddr) -> Listening {
        let clients = self.trusted_ca_file;
        let files = self.cert_file.zip(self.key_file);
        let tls = files.map(|(certificate, key)| ServerFiles { certificate, key, clients });
        Listening { address, tls, strangers: self.insecure_listen }
    }
}

/// Whom those trust who use this store, in one sentence for the person who starts it.
fn trust(backend: &Backend) -> &'static str {
    match backend {
        Backend::Engine { listening, .. } if !listening.address.ip().is_loopback() && listening.strangers => {
            "warning: whoever can reach this address can read, change and delete everything (--insecure-listen)"
        }
        Backend::Engine {
            listening: Listening { tls: Some(ServerFiles { clients: Some(_), .. }), .. },
            ..
        } => "anybody is trusted whose certificate the authorities of --trusted-ca-file have signed",
        Backend::Engine { .. } | Backend::Etcd => {
            "unless auth is on, anybody who can connect is trusted; listening on this machine only is what protects the data"
        }
    }
}

/// Has the system give memory in small pages: it clears a large one of two megabytes while a push waits, and where the
/// machine itself is a guest that can take a tenth of a second.
fn use_small_pages() {
    #[cfg(target_os = "linux")]
    if let Err(error) = nix::sys::prctl::set_thp_disable(true) {
        tracing::debug!(%error, "the system goes on with large pages");
    }
}

pub(super) async fn start(arguments: Start, context: &Context) -> Result<Exit, Failure> {
    use_small_pages();
    let policy = open_policy(arguments.policy.as_deref(), context)?;
    let mut connection = context.connection();
    let backend = match arguments.backend {
        BackendName::Engine if !arguments.host.is_empty() => {
            return Err(Failure::message(Exit::Usage, "--host names an etcd, but the backend is the engine")
                .hint(
                    "ifctl coordinator start --backend etcd --host HOST:PORT, or --listen for the engine",
                ));
        }
        BackendName::Engine => Backend::Engine {
            listening: arguments.doors.listening(arguments.listen.unwrap_or(LISTEN)),
            data: arguments.data_dir.unwrap_or_else(|| context.home.coordinator()),
            history: arguments.auto_compaction_retention.unwrap_or_default().limits(),
        },
        BackendName::Etcd if arguments.auto_compaction_retention.is_some() => {
            return Err(Failure::message(
                Exit::Usage,
                "--auto-compaction-retention is for the engine, but the backend is an etcd, which compacts by itself",
            )
            .hint("start the etcd with its own --auto-compaction-retention"));
        }
        BackendName::Etcd => {
            if let Some(option) = arguments.for_the_engine() {
                return Err(Failure::message(
                    Exit::Usage,
                    format!("{option} is for the engine, but the backend is an etcd"),
                )
                .hint("--host says where the etcd is; --cacert, --cert and --key are for connecting to it"));
            }
            if !arguments.host.is_empty() {
                connection = Connection { endpoints: arguments.host, ..connection };
            }
            Backend::Etcd
        }
    };
    let stop = stop_signal()?;
    let trust = trust(&backend);
    let settings = Settings { backend, connection, policy, clock: context.clock.clone() };
    run(settings, stop, |ready| {
        if let Err(failure) = Output::event(ready) {
            let _ = failure.report();
        }
        eprintln!("{trust}");
    })
    .await?;
    Ok(Exit::Done)
}

fn open_policy(named: Option<&Path>, context: &Context) -> Result<PolicyFile, Failure> {
    match named {
        Some(file) => PolicyFile::open(file, false),
        None => PolicyFile::open(&context.home.policy(), true),
    }
    .map_err(|error| match error {
        error @ PolicyFileError::Unreadable { .. } => {
            Failure::from(error).hint("name a readable file with --policy")
        }
        error => error.into(),
    })
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
    coordinator.store().status().await?;
    let round_trip_us = watch.elapsed().as_micros();
    let status = coordinator.status().await?;
    let mut problems: Vec<_> = status.errors.iter().map(|error| problem(error)).collect();
    if status.leader.is_none() {
        problems.push("no coordinator leads: nothing is dispatched, returned or escalated".to_owned());
    }
    if let Some(error) = &status.policy_error {
        problems.push(format!(
            "nobody can read the policy in force, so nothing is handed out before the leader has put its own in its place: \
             {error}"
        ));
    }
    if let Some(Overdue { task, ready_seconds, free }) = &status.overdue {
        problems.push(format!(
            "task {task} has been ready for {ready_seconds} s although {free} is free and qualified"
        ));
    }
    let health = Health { healthy: problems.is_empty(), round_trip_us, problems, status };
    context.output.answer(&health, view::coordinator::health)?;
    Ok(if health.healthy { Exit::Done } else { Exit::Unhealthy })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_opens_the_door_to_strangers_is_warned() {
        let backend = |address: &str, clients: bool, strangers: bool| {
            let files = |clients| ServerFiles { certificate: "c".into(), key: "k".into(), clients };
            let tls = clients.then(|| files(Some("ca".into())));
            let listening = Listening { address: address.parse().unwrap(), tls, strangers };
            Backend::Engine { listening, data: PathBuf::new(), history: None }
        };
        for (address, clients, strangers, says) in [
            ("127.0.0.1:1", false, false, "unless auth is on, anybody who can connect"),
            ("127.0.0.1:1", false, true, "unless auth is on, anybody who can connect"),
            ("127.0.0.1:1", true, false, "--trusted-ca-file"),
            ("0.0.0.0:1", true, false, "--trusted-ca-file"),
            ("0.0.0.0:1", false, true, "warning: whoever can reach this address"),
            ("0.0.0.0:1", true, true, "warning: whoever can reach this address"),
        ] {
            let said = trust(&backend(address, clients, strangers));
            assert!(said.contains(says), "{address} {clients} {strangers}: {said}");
        }
    }
}
