//! What every command shares: where the store is, how to print, how long to wait.

use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::time::Duration;

use clap::{ArgAction, Args};
use tracing_subscriber::EnvFilter;

use super::output::{Format, Output};
use super::{Exit, Failure};
use crate::clock::Clock;
pub use crate::clock::Span;
use crate::config::{ConfigFile, Home, environment};
use crate::store::{Certificates, Connection, Store, StoreError};

const DEFAULT_ENDPOINT: &str = "127.0.0.1:2379";
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(5);

/// Options that may stand before or after any verb.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalOptions {
    /// Where the store is, host:port[,host:port] [default: 127.0.0.1:2379]
    #[arg(long, global = true, env = "IF_ENDPOINTS", value_delimiter = ',')]
    endpoints: Vec<String>,
    /// Put before every key, so that several teams share one store
    #[arg(long, global = true, env = "IF_NAMESPACE")]
    namespace: Option<String>,
    /// How long one call may take, such as 500ms or 5s [default: 5s]
    #[arg(long, global = true, env = "IF_COMMAND_TIMEOUT", value_name = "TIME")]
    command_timeout: Option<Span>,
    /// User of the store, where it asks for one
    #[arg(long, global = true, env = "IF_USER", requires = "password")]
    user: Option<String>,
    /// The user's password
    #[arg(long, global = true, env = "IF_PASSWORD", hide_env_values = true, requires = "user")]
    password: Option<String>,
    /// Authorities that may have signed the store's certificate, in PEM form [default: the system's]
    #[arg(long, global = true, env = "IF_CACERT", value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Certificate to show to the store, where it asks for one
    #[arg(long, global = true, env = "IF_CERT", value_name = "FILE")]
    cert: Option<PathBuf>,
    /// The certificate's key
    #[arg(long, global = true, env = "IF_KEY", value_name = "FILE")]
    key: Option<PathBuf>,
    /// How to print [default: table; what goes on and on: one JSON document a line]
    #[arg(short, long, global = true, env = "IF_OUTPUT", value_enum)]
    output: Option<Format>,
    /// Say more on standard error; twice for still more (`IF_LOG` takes a filter)
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub(super) verbose: u8,
}

/// What a verb needs to do its work.
#[derive(Debug)]
pub struct Context {
    /// The directory of this user.
    pub home: Home,
    /// Where the time comes from.
    pub clock: Clock,
    /// Where and how to print.
    pub output: Output,
    connection: Connection,
}

impl Context {
    /// Settles every option: flag, then environment, then file, then default.
    ///
    /// # Errors
    /// When the configuration file is unreadable or invalid.
    pub fn resolve(options: GlobalOptions) -> Result<Self, Failure> {
        let home = Home::find()?;
        let file = ConfigFile::read(&home)?;
        let endpoints = [options.endpoints, file.endpoints, vec![DEFAULT_ENDPOINT.to_owned()]]
            .into_iter()
            .find(|endpoints| !endpoints.is_empty())
            .unwrap_or_default();
        let timeout = options
            .command_timeout
            .map(|span| span.0)
            .or(file.command_timeout_seconds.map(Duration::from_secs))
            .unwrap_or(DEFAULT_TIMEOUT);
        // Names in the file are seen from where the file is.
        let beside = |path: Option<PathBuf>| path.map(|path| home.path().join(path));
        let certificates = Certificates {
            authorities: options.cacert.or(beside(file.cacert)),
            identity: pair(options.cert.or(beside(file.cert)), options.key.or(beside(file.key)))?,
        };
        let connection = Connection {
            endpoints,
            namespace: options.namespace.or(file.namespace).unwrap_or_default(),
            timeout,
            user: options.user.zip(options.password),
            certificates,
        };
        Ok(Self { home, clock: Clock::System, output: Output::new(options.output), connection })
    }

    /// The connection as configured, to be pointed elsewhere.
    #[must_use]
    pub fn connection(&self) -> Connection {
        self.connection.clone()
    }

    /// Who programs are to the store that this process starts, when they call it themselves: its own user, if they find
    /// the password in the environment that they inherit. One that was given as an option is not handed on.
    #[must_use]
    pub fn user_for_programs(&self) -> Option<String> {
        let (user, password) = self.connection.user.as_ref()?;
        let inherited = environment("IF_PASSWORD").is_some_and(|inherited| inherited == password.as_str());
        inherited.then(|| user.clone())
    }

    /// Connects to the store.
    ///
    /// # Errors
    /// When an endpoint is none.
    pub async fn store(&self) -> Result<Store, StoreError> {
        Store::connect(&self.connection).await
    }

    /// Who acts, where no swarm does: the person at this machine.
    #[must_use]
    pub fn person(&self) -> String {
        let name = environment("USER")
            .map_or_else(|| "somebody".to_owned(), |name| name.to_string_lossy().into_owned());
        format!("human:{name}")
    }
}

/// How long to wait for something: unlike other times it may be 0, which is to look once.
pub(super) fn patience(text: &str) -> Result<Span, String> {
    match text {
        "0" | "0s" | "0ms" => Ok(Span(Duration::ZERO)),
        text => text.parse(),
    }
}

/// A certificate and its key: both or none.
fn pair(certificate: Option<PathBuf>, key: Option<PathBuf>) -> Result<Option<(PathBuf, PathBuf)>, Failure> {
    let (has, lacks) = match (certificate, key) {
        (Some(certificate), Some(key)) => return Ok(Some((certificate, key))),
        (None, None) => return Ok(None),
        (Some(certificate), None) => (certificate, "--key"),
        (None, Some(key)) => (key, "--cert"),
    };
    let message = format!("{} is of no use without {lacks}", has.display());
    Err(Failure::message(Exit::Usage, message).hint("give --cert and --key, both in PEM form"))
}

pub(super) fn start_log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = environment("IF_LOG").map_or_else(
        || EnvFilter::new(format!("error,infrafabric={level}")),
        |filter| EnvFilter::new(filter.to_string_lossy()),
    );
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(io::stderr().is_terminal())
        .without_time()
        .with_target(false)
        .init();
}
