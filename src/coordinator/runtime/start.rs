//! Starting a coordinator: the engine or a connection, then leadership, then the leader's loop.

use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::data;
use super::dispatcher::Dispatcher;
use super::housekeeping::Housekeeping;
use super::leader::{Leader, Leadership, bury_predecessor};
use super::session::host_name;
use crate::certificate::{Authorities, CertificateError, Identity};
use crate::clock::{Clock, Timestamp};
use crate::config::create_private_directory;
use crate::coordinator::history::Limits;
use crate::coordinator::service::{Coordinator, CoordinatorError};
pub use crate::engine::OpenError;
use crate::engine::{self, Engine, Exposed, Listener, ServeError, Tls};
use crate::governor::{Chores, PolicyFile};
use crate::id::unique;
use crate::store::{Connection, Store, StoreError};

/// How long a newcomer waits for leadership before it says that it stands by.
const PATIENCE: Duration = Duration::from_millis(300);

/// What holds the data.
#[derive(Debug, Clone)]
pub enum Backend {
    /// The engine in this process.
    Engine {
        /// Where it listens.
        listening: Listening,
        /// The directory of its data.
        data: PathBuf,
        /// How much history it keeps; none for all of it.
        history: Option<Limits>,
    },
    /// An etcd that runs elsewhere.
    Etcd,
}

/// How the engine is to be reached.
#[derive(Debug, Clone)]
pub struct Listening {
    /// The address; port 0 for any free one.
    pub address: SocketAddr,
    /// With these it speaks TLS, and nothing else.
    pub tls: Option<ServerFiles>,
    /// Whether anybody may come in, unasked, who can reach an address that is not this machine's own.
    pub strangers: bool,
}

/// The files of a server that speaks TLS.
#[derive(Debug, Clone)]
pub struct ServerFiles {
    /// Its certificate.
    pub certificate: PathBuf,
    /// The certificate's key.
    pub key: PathBuf,
    /// The authorities one of which must have signed a client's certificate; without, clients need none.
    pub clients: Option<PathBuf>,
}

/// What a coordinator is started with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// What holds the data.
    pub backend: Backend,
    /// How to reach an etcd; for the engine, all but the endpoints.
    pub connection: Connection,
    /// The policy to put in force and to follow while leading.
    pub policy: PolicyFile,
    /// Where the time comes from.
    pub clock: Clock,
}

/// What a coordinator says once it is ready.
#[derive(Debug, Clone, Serialize)]
pub struct Ready {
    /// Always true: there is no line before.
    pub ready: bool,
    /// Where clients connect.
    pub endpoints: Vec<String>,
    /// `engine` or `etcd`.
    pub backend: &'static str,
    /// The version of the etcd API.
    pub version: String,
    /// The store's revision.
    pub revision: i64,
    /// `leader` or `standby`.
    pub role: &'static str,
    /// This process.
    pub pid: u32,
}

/// Why a coordinator cannot start or go on.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The address is not free, or not ours.
    #[error("cannot listen on {address}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Anybody who can reach the address could do anything.
    #[error(transparent)]
    Exposed(Exposed),
    /// A file for TLS cannot be used.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// The directory cannot be used.
    #[error("cannot use the directory {}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A version of before the log has left its file there, and it would look as if everything were lost.
    #[error("{} is from an older version, and this one cannot read it", file.display())]
    Relic {
        /// The file.
        file: PathBuf,
    },
    /// The engine's files cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The engine stopped serving.
    #[error("the engine has stopped")]
    Serve(#[source] ServeError),
    /// The engine ended by itself.
    #[error("the engine has ended unexpectedly")]
    Stopped,
    /// The store does not do its part.
    #[error(transparent)]
    Coordinator(#[from] CoordinatorError),
}

impl From<ServeError> for StartError {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::Exposed(exposed) => Self::Exposed(exposed),
            error => Self::Serve(error),
        }
    }
}

impl From<StoreError> for StartError {
    fn from(error: StoreError) -> Self {
        Self::Coordinator(error.into())
    }
}

/// Runs a coordinator until `stop`.
///
/// # Errors
/// [`StartError`] when it cannot start or go on.
pub async fn run(
    settings: Settings,
    stop: impl Future<Output = ()>,
    announce: impl FnOnce(&Ready),
) -> Result<(), StartError> {
    match settings.backend.clone() {
        Backend::Etcd => {
            let store = Store::connect(&settings.connection).await?;
            let version = store.status().await?.version;
            if corrupts_when_killed(&version) {
                tracing::warn!(
                    "etcd {version} can corrupt its data when it is killed: 3.5.0 to 3.5.2 do; use another version"
                );
            }
            serve(&settings, store, None, stop, announce).await
        }
        Backend::Engine { listening, data, history } => {
            let served = Served::open(listening, data, settings.clock.now()).await?;
            let connection =
                Connection { endpoints: vec![served.endpoint.clone()], ..settings.connection.clone() };
            let store = Store::within(served.engine.channel(), &connection).await?;
            match bury_predecessor(&store).await {
                // Its lease runs out by itself; a full disk keeps nobody from reading.
                Err(error) if error.is_retryable() => {
                    tracing::warn!(%error, "the last leader's time is waited for");
                }
                buried => buried?,
            }
            let Served { mut task, stop: stop_engine, engine, .. } = served;
            let house = Housekeeping { engine: engine.clone(), history, clock: settings.clock.clone() };
            let ended = tokio::select! {
                ended = serve(&settings, store, Some(&house), stop, announce) => ended,
                ended = &mut task => return Err(engine_ended(ended)),
            };
            let _ = stop_engine.send(());
            let _ = task.await;
            engine.close();
            ended
        }
    }
}

fn engine_ended(ended: Result<Result<(), ServeError>, tokio::task::JoinError>) -> StartError {
    match ended {
        Ok(Err(error)) => error.into(),
        Ok(Ok(())) | Err(_) => StartError::Stopped,
    }
}

impl ServerFiles {
    fn read(&self, now: Timestamp) -> Result<Tls, CertificateError> {
        let identity = Identity::read(&self.certificate, &self.key, now)?;
        let clients = self.clients.as_ref().map(|path| Authorities::read(path, now)).transpose()?;
        Ok(Tls::new(&identity, clients.as_ref()))
    }
}

/// The engine while it serves.
struct Served {
    endpoint: String,
    engine: Engine,
    task: JoinHandle<Result<(), ServeError>>,
    stop: oneshot::Sender<()>,
}

impl Served {
    async fn open(listening: Listening, data: PathBuf, now: Timestamp) -> Result<Self, StartError> {
        let Listening { address, tls, strangers } = listening;
        let asked = address;
        let tls = tls.map(|files| files.read(now)).transpose()?;
        let cannot_listen = |source| StartError::Listen { address, source };
        let socket = TcpListener::bind(address).await.map_err(cannot_listen)?;
        let address = socket.local_addr().map_err(cannot_listen)?;
        let endpoint = if tls.is_some() { format!("https://{address}") } else { address.to_string() };
        let mut listener = Listener::from(socket);
        if let Some(tls) = tls {
            listener = listener.with_tls(tls);
        }
        if strangers {
            listener = listener.open_to_strangers();
        }
        create_private_directory(&data)
            .map_err(|source| StartError::Directory { path: data.clone(), source })?;
        if let Some(file) = data::relic(&data) {
            return Err(StartError::Relic { file });
        }
        let directory = data::store(&data);
        let engine =
            tokio::task::spawn_blocking(move || Engine::open(&directory, engine::Options::default()));
        let engine =
            engine.await.map_err(|error| StartError::Directory { path: data, source: error.into() })??;
        engine.may_serve(&listener).map_err(|error| match error {
            ServeError::Exposed(exposed) => StartError::Exposed(Exposed { address: asked, ..exposed }),
            error => StartError::Serve(error),
        })?;
        let (stop, stopped) = oneshot::channel();
        let serving = engine.clone();
        let task = tokio::spawn(async move {
            let shutdown = async {
                let _ = stopped.await;
            };
            serving.serve(listener, shutdown).await
        });
        Ok(Self { endpoint, engine, task, stop })
    }
}

/// Leads whenever leadership can be had, until `stop`.
async fn serve(
    settings: &Settings,
    store: Store,
    house: Option<&Housekeeping>,
    stop: impl Future<Output = ()>,
    announce: impl FnOnce(&Ready),
) -> Result<(), StartError> {
    let backend = if house.is_some() { "engine" } else { "etcd" };
    let name = format!("coordinator-{}", unique(settings.clock.now()));
    let mut stop = std::pin::pin!(stop);
    let mut announce = Some(announce);
    loop {
        let leader = Leader {
            id: name.clone(),
            host: host_name(),
            pid: std::process::id(),
            backend: backend.to_owned(),
            since: settings.clock.now(),
            by: name.clone(),
            op: "lead".to_owned(),
        };
        let mut winning = std::pin::pin!(Leadership::win(&store, &leader));
        let leadership = loop {
            tokio::select! {
                won = &mut winning => break won,
                () = tokio::time::sleep(PATIENCE), if announce.is_some() => {
                    say_ready(&store, backend, "standby", &mut announce).await?;
                }
                () = &mut stop => return Ok(()),
            }
        };
        let leadership = match leadership {
            Ok(leadership) => leadership,
            Err(error) if error.is_retryable() || matches!(error, StoreError::LeaseLost) => {
                tracing::warn!(%error, "leadership is tried for again");
                tokio::time::sleep(PATIENCE).await;
                // A store that cannot be written can be read.
                if let Err(error) = say_ready(&store, backend, "standby", &mut announce).await {
                    tracing::warn!(%error, "the store does not answer");
                }
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let coordinator = Coordinator::new(store.clone(), settings.clock.clone());
        let governor = coordinator.governor();
        match settings.policy.begin_to_lead(governor, leadership.create_revision, &name).await {
            Err(error) if error.is_retryable() => {
                tracing::warn!(%error, "leading is tried again");
                leadership.resign().await;
                continue;
            }
            prepared => prepared.map_err(CoordinatorError::from)?,
        }
        say_ready(&store, backend, "leader", &mut announce).await?;
        let _governing = Chores::begin(governor, leadership.create_revision, &name, &settings.policy);
        let _chores = house.map(|house| house.begin(&coordinator, &leadership, &name));
        let dispatcher = Dispatcher::new(coordinator, settings.clock.clone(), &leadership, &name);
        tokio::select! {
            ended = dispatcher.run(&leadership) => match ended {
                Ok(()) => {
                    tracing::warn!("leadership was lost");
                    // The lease may live still, and what hangs on it.
                    leadership.resign().await;
                }
                Err(error) if error.is_retryable() => tracing::warn!(%error, "leading is tried again"),
                Err(error) => return Err(error.into()),
            },
            () = &mut stop => {
                leadership.resign().await;
                return Ok(());
            }
        }
    }
}

async fn say_ready(
    store: &Store,
    backend: &'static str,
    role: &'static str,
    announce: &mut Option<impl FnOnce(&Ready)>,
) -> Result<(), StoreError> {
    if announce.is_none() {
        return Ok(());
    }
    let status = store.status().await?;
    let Some(announce) = announce.take() else { return Ok(()) };
    announce(&Ready {
        ready: true,
        endpoints: store.endpoints().split(',').map(str::to_owned).collect(),
        backend,
        version: status.version,
        revision: status.revision,
        role,
        pid: std::process::id(),
    });
    Ok(())
}

/// etcd 3.5.0 to 3.5.2 may lose consistency when a member is killed (etcd's own advisory of March 2022).
fn corrupts_when_killed(version: &str) -> bool {
    matches!(version, "3.5.0" | "3.5.1" | "3.5.2")
}
