//! Certificates made for one test, and stores that speak TLS with them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tempfile::TempDir;

use super::command;
use super::patience::eventually;
use super::process::Process;
use super::servers::{Backend, fetched, free_addresses, start_ifctl};

/// The files of a certificate and its key.
#[derive(Debug, Clone)]
pub(crate) struct Pair {
    pub(crate) certificate: PathBuf,
    pub(crate) key: PathBuf,
}

/// Two authorities and what they have signed.
pub(crate) struct Certificates {
    pub(crate) authority: PathBuf,
    pub(crate) other_authority: PathBuf,
    /// For 127.0.0.1 and localhost.
    pub(crate) server: Pair,
    /// For another host.
    pub(crate) elsewhere: Pair,
    /// For 127.0.0.1, until 2020.
    pub(crate) expired: Pair,
    pub(crate) client: Pair,
    /// Signed by the other authority.
    pub(crate) stranger: Pair,
    pub(crate) directory: TempDir,
}

impl Certificates {
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let at = directory.path();
        let [ours, theirs] = ["ca", "other-ca"].map(|name| authority(at, name));
        let here = ["127.0.0.1", "localhost"];
        Self {
            authority: at.join("ca.pem"),
            other_authority: at.join("other-ca.pem"),
            server: issue(at, "server", &here, 2100, &ours),
            elsewhere: issue(at, "elsewhere", &["elsewhere.example"], 2100, &ours),
            expired: issue(at, "expired", &here, 2020, &ours),
            client: issue(at, "client", &["client"], 2100, &ours),
            stranger: issue(at, "stranger", &["stranger"], 2100, &theirs),
            directory,
        }
    }
}

fn authority(directory: &Path, name: &str) -> CertifiedIssuer<'static, KeyPair> {
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
    let issuer = CertifiedIssuer::self_signed(parameters, KeyPair::generate().unwrap()).unwrap();
    fs::write(directory.join(format!("{name}.pem")), issuer.pem()).unwrap();
    issuer
}

fn issue(
    directory: &Path,
    name: &str,
    hosts: &[&str],
    last_year: i32,
    issuer: &CertifiedIssuer<'static, KeyPair>,
) -> Pair {
    let hosts: Vec<_> = hosts.iter().map(|&host| host.to_owned()).collect();
    let mut parameters = CertificateParams::new(hosts).unwrap();
    parameters.not_after = date_time_ymd(last_year, 1, 1);
    parameters.distinguished_name.push(rcgen::DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    let pair = Pair {
        certificate: directory.join(format!("{name}.pem")),
        key: directory.join(format!("{name}-key.pem")),
    };
    fs::write(&pair.certificate, parameters.signed_by(&key, issuer).unwrap().pem()).unwrap();
    fs::write(&pair.key, key.serialize_pem()).unwrap();
    pair
}

/// A running store that speaks TLS. Dropping it ends it and removes its data.
pub(crate) struct SecureServer {
    endpoint: String,
    _process: Process,
    _directory: TempDir,
}

impl SecureServer {
    /// Starts a store that shows `identity`; with `clients` it lets in only those whom that authority has signed.
    pub(crate) fn start(backend: Backend, identity: &Pair, clients: Option<&Path>) -> Self {
        let directory = TempDir::new().unwrap();
        match backend {
            Backend::Engine => start_engine(directory, identity, clients),
            Backend::Etcd34 | Backend::Etcd35 => start_etcd(backend, directory, identity, clients),
        }
    }

    /// `https://127.0.0.1:PORT`.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// `127.0.0.1:PORT`.
    pub(crate) fn address(&self) -> &str {
        self.endpoint.trim_start_matches("https://")
    }
}

fn start_engine(directory: TempDir, identity: &Pair, clients: Option<&Path>) -> SecureServer {
    let mut command = command::ifctl(directory.path());
    command.args(["coordinator", "start", "--listen", "127.0.0.1:0"]);
    tls_options(&mut command, identity, clients);
    let (process, ready) = start_ifctl(&mut command, directory.path());
    let endpoint = ready["endpoints"][0].as_str().unwrap().to_owned();
    SecureServer { endpoint, _process: process, _directory: directory }
}

fn start_etcd(backend: Backend, directory: TempDir, identity: &Pair, clients: Option<&Path>) -> SecureServer {
    let [address, peer] = free_addresses();
    let (endpoint, peer) = (format!("https://{address}"), format!("http://{peer}"));
    let server = if backend == Backend::Etcd34 { "etcd-3.4/etcd" } else { "etcd-3.5/etcd" };
    let mut command = Command::new(fetched(server));
    command
        .env_clear()
        .arg("--data-dir")
        .arg(directory.path().join("data"))
        .args(["--logger", "zap", "--log-level", "error"])
        .args(["--listen-client-urls", &endpoint, "--advertise-client-urls", &endpoint])
        .args(["--listen-peer-urls", &peer, "--initial-advertise-peer-urls", &peer])
        .args(["--initial-cluster", &format!("default={peer}")]);
    tls_options(&mut command, identity, clients);
    let process = Process::spawn(&mut command, &directory.path().join("stderr"));
    // It listens only when it has elected itself.
    eventually("etcd listens", || std::net::TcpStream::connect(&address).ok());
    SecureServer { endpoint, _process: process, _directory: directory }
}

/// The flags have the same names in both.
fn tls_options(command: &mut Command, identity: &Pair, clients: Option<&Path>) {
    command.arg("--cert-file").arg(&identity.certificate).arg("--key-file").arg(&identity.key);
    if let Some(clients) = clients {
        command.arg("--client-cert-auth").arg("--trusted-ca-file").arg(clients);
    }
}
