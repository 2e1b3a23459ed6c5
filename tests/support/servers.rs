//! Real stores to test against: the embedded engine and two versions of etcd, each with data of its own.

use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use super::command;
use super::process::{Process, STARTING};

/// How often a server is started anew when another process was faster to bind its port.
const ATTEMPTS: usize = 5;

/// What serves the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    Engine,
    Etcd34,
    Etcd35,
}

impl Backend {
    pub(crate) const ALL: [Self; 3] = [Self::Engine, Self::Etcd34, Self::Etcd35];
}

/// The path of a fetched program, such as `etcd-3.5/etcdctl`; fetches it when it is not there yet.
pub(crate) fn fetched(name: &str) -> PathBuf {
    static FETCHING: Mutex<()> = Mutex::new(());
    let servers = Path::new(env!("CARGO_TARGET_TMPDIR")).with_file_name("servers");
    let program = servers.join(name);
    let _one_at_a_time = FETCHING.lock().unwrap_or_else(PoisonError::into_inner);
    if !program.exists() {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/support/fetch.sh");
        let server = name.split('/').next().unwrap();
        let output = Command::new(script).arg(&servers).arg(server).output().unwrap();
        assert!(output.status.success(), "cannot fetch {name}:\n{}", String::from_utf8_lossy(&output.stderr));
    }
    program
}

/// A running store. Dropping it kills it and removes its data.
pub(crate) struct Server {
    backend: Backend,
    endpoint: String,
    /// Where etcd would speak to its peers.
    peer: String,
    /// What the engine is started with besides.
    options: Vec<String>,
    process: Process,
    directory: TempDir,
}

impl Server {
    /// Starts an empty store on a free port and waits until it answers.
    pub(crate) fn start(backend: Backend) -> Self {
        Self::start_in(TempDir::new().unwrap(), backend, &[])
    }

    /// Starts an engine with more options of `coordinator start`; a restart keeps them.
    pub(crate) fn start_with(options: &[&str]) -> Self {
        Self::start_in(TempDir::new().unwrap(), Backend::Engine, options)
    }

    /// Starts an engine over the data directory `data` in `directory`.
    pub(crate) fn start_over(directory: TempDir) -> Self {
        Self::start_in(directory, Backend::Engine, &[])
    }

    /// Starts an empty store whose coordinator keeps to `policy`.
    pub(crate) fn start_under(backend: Backend, policy: &str) -> Self {
        let directory = TempDir::new().unwrap();
        write_policy(directory.path(), policy);
        Self::start_in(directory, backend, &[])
    }

    /// Starts an engine whose data is in `data` of this directory.
    pub(crate) fn start_engine_in(directory: TempDir) -> Self {
        Self::start_in(directory, Backend::Engine, &[])
    }

    fn start_in(directory: TempDir, backend: Backend, options: &[&str]) -> Self {
        let options: Vec<String> = options.iter().map(|&option| option.to_owned()).collect();
        if backend == Backend::Engine {
            let (process, ready) = start_engine(directory.path(), "127.0.0.1:0", &options, "");
            let endpoint =
                ready["endpoints"][0].as_str().expect("the ready line names an endpoint").to_owned();
            return Self { backend, endpoint, peer: String::new(), options, process, directory };
        }
        for _ in 0..ATTEMPTS {
            let [endpoint, peer] = free_addresses();
            if let Some(process) = start_etcd(backend, directory.path(), &endpoint, &peer) {
                return Self { backend, endpoint, peer, options, process, directory };
            }
        }
        panic!("{backend:?} does not start");
    }

    /// `127.0.0.1:PORT`; a restart does not change it.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    pub(crate) fn backend(&self) -> Backend {
        self.backend
    }

    pub(crate) fn pid(&self) -> u32 {
        self.process.pid()
    }

    /// Where its data is.
    pub(crate) fn data(&self) -> PathBuf {
        self.directory.path().join("data")
    }

    /// Where an engine keeps its files.
    pub(crate) fn engine_directory(&self) -> PathBuf {
        self.directory.path().join("data/engine")
    }

    /// Where the coordinator of an engine has its policy.
    pub(crate) fn policy_file(&self) -> PathBuf {
        policy_file(self.directory.path())
    }

    /// What the server wrote to standard error.
    pub(crate) fn said(&self) -> String {
        self.process.said()
    }

    /// Whether it has ended by itself.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.process.has_ended()
    }

    /// Ends the server with SIGKILL; its data stays.
    pub(crate) fn kill(&mut self) {
        self.process.kill();
    }

    /// Starts the server again, after killing it if need be, on the same data and port.
    pub(crate) fn restart(&mut self) {
        self.restart_with("");
    }

    /// As [`Self::restart`]; an engine is given failpoints, in the syntax of the crate `fail`.
    pub(crate) fn restart_with(&mut self, failpoints: &str) {
        self.kill();
        let directory = self.directory.path();
        self.process = match self.backend {
            Backend::Engine => start_engine(directory, &self.endpoint, &self.options, failpoints).0,
            backend => (0..ATTEMPTS)
                .find_map(|_| start_etcd(backend, directory, &self.endpoint, &self.peer))
                .unwrap_or_else(|| {
                    panic!("{backend:?} does not start again; it said:\n{}", self.process.said())
                }),
        };
    }
}

/// Dispatcher, reaper and governor of a store: beside etcd a process of its own, in the engine part of it.
pub(crate) struct Coordinator {
    beside: Option<(Process, TempDir)>,
}

impl Coordinator {
    /// Starts a coordinator for `server` and waits until it is ready.
    pub(crate) fn start(server: &Server) -> Self {
        Self::start_with(server, "")
    }

    /// As [`Self::start`], with failpoints in the syntax of the crate `fail`. In the engine they are its [`Server`]'s.
    pub(crate) fn start_with(server: &Server, failpoints: &str) -> Self {
        if server.backend == Backend::Engine {
            return Self { beside: None };
        }
        let home = TempDir::new().unwrap();
        if let Ok(policy) = fs::read_to_string(policy_file(server.directory.path())) {
            write_policy(home.path(), &policy);
        }
        let mut command = command::ifctl(home.path());
        command.args(["coordinator", "start", "--backend", "etcd", "--host", server.endpoint()]);
        if !failpoints.is_empty() {
            command.env("FAILPOINTS", failpoints);
        }
        let (process, _) = start_ifctl(&mut command, home.path());
        Self { beside: Some((process, home)) }
    }

    /// The process; in the engine there is none of its own.
    pub(crate) fn pid(&self) -> Option<u32> {
        self.beside.as_ref().map(|(process, _)| process.pid())
    }

    /// Where it has its policy; in the engine that is the server's.
    pub(crate) fn policy_file(&self) -> Option<PathBuf> {
        self.beside.as_ref().map(|(_, home)| policy_file(home.path()))
    }

    /// Whether it has ended by itself; in the engine it does so with its [`Server`].
    pub(crate) fn has_ended(&mut self) -> bool {
        self.beside.as_mut().is_some_and(|(process, _)| process.has_ended())
    }

    /// Ends the coordinator with SIGKILL. In the engine it ends with its [`Server`] only.
    pub(crate) fn kill(&mut self) {
        let (process, _) = self.beside.as_mut().expect("the engine's coordinator dies with its server");
        process.kill();
    }

    /// What it wrote to standard error; in the engine that is the server's.
    pub(crate) fn said(&self) -> String {
        self.beside.as_ref().map(|(process, _)| process.said()).unwrap_or_default()
    }
}

fn policy_file(home: &Path) -> PathBuf {
    home.join("governor/policy.yaml")
}

pub(super) fn write_policy(home: &Path, policy: &str) {
    fs::create_dir_all(home.join("governor")).unwrap();
    fs::write(policy_file(home), policy).unwrap();
}

fn start_engine(directory: &Path, listen: &str, options: &[String], failpoints: &str) -> (Process, Value) {
    let mut command = command::ifctl(directory);
    if !failpoints.is_empty() {
        command.env("FAILPOINTS", failpoints);
    }
    command
        .args(["coordinator", "start", "--listen", listen, "--data-dir"])
        .arg(directory.join("data"))
        .args(options);
    start_ifctl(&mut command, directory)
}

/// Starts a coordinator and waits for its ready line.
pub(crate) fn start_ifctl(command: &mut Command, home: &Path) -> (Process, Value) {
    let mut process = Process::spawn(command, &home.join("stderr"));
    let line = process.first_line();
    let ready: Value = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error} in {line:?}"));
    assert_eq!(ready["ready"], true, "{line}");
    (process, ready)
}

/// Starts etcd; nothing when it gave up, which it does when a port is taken.
fn start_etcd(backend: Backend, directory: &Path, endpoint: &str, peer: &str) -> Option<Process> {
    let program = match backend {
        Backend::Etcd34 => "etcd-3.4/etcd",
        Backend::Etcd35 => "etcd-3.5/etcd",
        Backend::Engine => unreachable!("the engine is no etcd"),
    };
    let client_url = format!("http://{endpoint}");
    let peer_url = format!("http://{peer}");
    let mut command = Command::new(fetched(program));
    command
        .env_clear()
        .arg("--data-dir")
        .arg(directory.join("data"))
        .args(["--logger", "zap", "--log-level", "error"])
        .args(["--listen-client-urls", &client_url, "--advertise-client-urls", &client_url])
        .args(["--listen-peer-urls", &peer_url, "--initial-advertise-peer-urls", &peer_url])
        .args(["--initial-cluster", &format!("default={peer_url}")]);
    let mut process = Process::spawn(&mut command, &directory.join("stderr"));
    let pause = Duration::from_millis(10);
    for _ in 0..STARTING.as_millis() / pause.as_millis() {
        if process.has_ended() {
            return None;
        }
        if is_healthy(endpoint) {
            return Some(process);
        }
        // Only until it is up; nothing is synchronised by this.
        thread::sleep(pause);
    }
    panic!("{backend:?} is not healthy within {STARTING:?}; it said:\n{}", process.said());
}

/// Asks etcd how it is; anything but a good answer counts as no.
fn is_healthy(endpoint: &str) -> bool {
    let ask = || -> std::io::Result<String> {
        let mut stream = TcpStream::connect(endpoint)?;
        stream.set_read_timeout(Some(Duration::from_secs(1)))?;
        stream.write_all(b"GET /health HTTP/1.0\r\nHost: localhost\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    };
    ask().is_ok_and(|answer| answer.contains(r#""health":"true""#))
}

/// Two addresses on loopback that nobody listens on, and that this process has not handed out before.
pub(crate) fn free_addresses() -> [String; 2] {
    static HANDED_OUT: Mutex<Vec<u16>> = Mutex::new(Vec::new());
    let mut handed_out = HANDED_OUT.lock().unwrap_or_else(PoisonError::into_inner);
    [(); 2].map(|()| {
        loop {
            let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            if !handed_out.contains(&port) {
                handed_out.push(port);
                return format!("127.0.0.1:{port}");
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn etcdctl(server: &Server, args: &[&str]) -> String {
        let etcdctl = Command::new(fetched("etcd-3.5/etcdctl"))
            .args(["--endpoints", server.endpoint()])
            .args(args)
            .env("ETCDCTL_API", "3")
            .output()
            .unwrap();
        assert!(etcdctl.status.success(), "{}", String::from_utf8_lossy(&etcdctl.stderr));
        String::from_utf8(etcdctl.stdout).unwrap()
    }

    #[test]
    fn a_killed_etcd_comes_back_with_its_data() {
        // 3.5.0 to 3.5.2 can lose what they acknowledged when they are killed.
        let mut server = Server::start(Backend::Etcd34);
        etcdctl(&server, &["put", "a", "1"]);
        server.kill();
        assert!(!is_healthy(server.endpoint()));
        server.restart();
        assert_eq!(etcdctl(&server, &["get", "a", "--print-value-only"]), "1\n");
    }

    #[test]
    fn servers_do_not_share_data() {
        let servers = [Server::start(Backend::Etcd35), Server::start(Backend::Etcd35)];
        etcdctl(&servers[0], &["put", "a", "1"]);
        assert_eq!(etcdctl(&servers[1], &["get", "a"]), "");
    }
}
