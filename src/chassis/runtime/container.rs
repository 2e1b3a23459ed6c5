//! Containers: code that is no WebAssembly yet, confined by Docker or Podman under the same contract.
//!
//! Its program is called, not its library: `docker` and `podman` take the same options. A container has no network; its way out
//! is a socket that this process serves. What the container runtime was asked to hold is read back before anything runs.
//! A container outlives nobody who waits for it: it is removed at the end, at a limit, when the caller stops, and by whoever
//! comes next ([`strays`]) when its caller was killed.

mod cgroup;
mod doorway;
mod error;
mod place;
mod program;
mod strays;
mod talk;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;

use tokio::process::{Child, Command};

pub use error::ContainerError;
pub use program::ContainerProgram;

use self::doorway::{Door, Doorway};
use self::place::Place;
use self::talk::Cut;
use super::guest_log::SharedLog;
use super::{Execution, Observer, Terms, answer};
use crate::chassis::container::{ContainerLimits, ContainerState, CpuLimit, HostConfig, MOST_PROCESSES};
use crate::chassis::contract::{ContainerTerms, Image};
use crate::chassis::credential::Handle;
use crate::chassis::{GuestFailure, TaskInput};
use crate::clock::stopwatch;
use crate::id::{SwarmId, TaskId};

/// Where a container finds its socket.
const INSIDE: &str = "/run/if";
/// The name of the socket there.
const SOCKET: &str = "egress.sock";
/// Nobody, in a container and on most hosts.
const USER: &str = "65534:65534";
/// What a container may write, and only while it runs: the memory counts as its own.
const SCRATCH: &str = "/tmp:rw,nosuid,nodev,noexec,mode=1777,size=64m";
/// Variables that programs of container runtimes would fill in from the host.
const PROXIES: [&str; 10] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "FTP_PROXY",
    "ftp_proxy",
    "NO_PROXY",
    "no_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// A host that runs containers for the tasks of this home.
#[derive(Debug, Clone)]
pub struct ContainerHost {
    /// What runs them.
    pub program: ContainerProgram,
    /// Where their sockets are.
    pub directory: PathBuf,
    /// The name of this host.
    pub name: String,
}

/// One task for a container.
#[derive(Debug)]
pub struct ContainerTask<'a> {
    /// Whose it is.
    pub swarm: &'a SwarmId,
    /// Its name, if it has one.
    pub task: Option<&'a TaskId>,
    /// A name that nobody else has.
    pub unique: String,
    /// What is run.
    pub code: &'a ContainerTerms,
    /// What it may use, and the way out.
    pub terms: Terms,
    /// Its share of cores.
    pub cpu: CpuLimit,
    /// What it shows to be let out; without, there is no way out.
    pub credential: Option<Handle>,
    /// The task itself.
    pub input: &'a TaskInput,
}

/// What became of a container.
enum Ended<S> {
    /// It closed its output, and wrote this.
    Answered(Vec<u8>),
    /// It was stopped.
    Cut(Cut),
    /// Its time was over.
    TimedOut,
    /// The caller does not want to know any more.
    Stopped(S),
}

impl ContainerHost {
    /// Runs one task in a container of its own; what `stop` said if that ended it.
    ///
    /// # Errors
    /// [`ContainerError`] when the host cannot run it, or not under these limits; what the guest does wrong is an
    /// [`Execution`] without an answer.
    pub async fn execute<S>(
        &self,
        task: &ContainerTask<'_>,
        observer: Observer,
        stop: impl Future<Output = S>,
    ) -> Result<Result<Execution, S>, ContainerError> {
        let watch = stopwatch();
        let (gauge, limits) = (Arc::clone(&observer.gauge), &task.terms.limits);
        let log = SharedLog::new(observer.log, limits);
        let image = self.program.image(&task.code.image).await?;
        let place = Place::take(&self.directory, &task.unique)?;
        let doorway = match &task.credential {
            Some(handle) => {
                let egress = Arc::clone(&task.terms.egress);
                let door = Door::new(egress, handle, Arc::clone(&gauge), limits);
                Some(Doorway::open(&place.sockets().join(SOCKET), door).map_err(|e| place.error(e))?)
            }
            None => None,
        };
        let container = self.create(task, &image, &place).await?;
        let ended = tokio::select! {
            ended = container.run(task, &log, &gauge) => ended?,
            said = stop => Ended::Stopped(said),
        };
        let verdict = match &ended {
            Ended::Answered(_) => Some(container.state().await?),
            Ended::Cut(_) | Ended::TimedOut | Ended::Stopped(_) => None,
        };
        container.remove().await;
        drop(doorway);
        drop(place);
        let logged = log.lock().finish().map_err(GuestFailure::from);
        let timed_out = matches!(ended, Ended::TimedOut);
        let outcome = match ended {
            Ended::Stopped(said) => return Ok(Err(said)),
            Ended::TimedOut => Err(GuestFailure::TimedOut { after: limits.execution_time }),
            Ended::Cut(cut) => Err(cut.into()),
            Ended::Answered(bytes) => match verdict.map(|state| state.verdict(limits.memory_bytes)) {
                Some(Err(fault)) => return Err(self.program.failed("run the container", fault.0)),
                Some(Ok(Err(failure))) => Err(failure),
                Some(Ok(Ok(()))) | None => {
                    logged.and_then(|()| read(&bytes).map_err(|why| GuestFailure::BadResult { why }))
                }
            },
        };
        let latency = if timed_out { limits.execution_time } else { watch.elapsed() };
        let log_lines = log.lock().lines();
        Ok(Ok(Execution {
            outcome,
            latency,
            cpu: gauge.cpu(),
            memory_peak_bytes: gauge.memory_bytes(),
            calls: gauge.calls(),
            log_lines,
        }))
    }

    /// Makes the container, which does not run yet, and makes sure that it will be held to its limits.
    async fn create(
        &self,
        task: &ContainerTask<'_>,
        image: &Image,
        place: &Place,
    ) -> Result<Container, ContainerError> {
        let name = format!("if-{}", task.unique);
        let mut command = self.program.command(&["create", "--interactive", "--pull", "never"]);
        command.args(["--name", &name, "--network", "none", "--read-only", "--cap-drop", "ALL"]);
        command.args(["--security-opt", "no-new-privileges", "--user", USER]);
        let memory = task.terms.limits.memory_bytes.to_string();
        command.args(["--memory", &memory, "--memory-swap", &memory]);
        command.args(["--pids-limit", &MOST_PROCESSES.to_string(), "--cpus", &task.cpu.to_string()]);
        // Its output is read here, and nowhere kept without bounds.
        command.args(["--log-driver", "none", "--no-healthcheck", "--tmpfs", SCRATCH]);
        self.program.without_additions(&mut command, &PROXIES);
        for (label, value) in self.labels(task, place) {
            command.args(["--label", &format!("{label}={value}")]);
        }
        if let Some(handle) = &task.credential {
            command.args(["--mount", &place.mount(INSIDE)]);
            command.args(["--env", &format!("IF_EGRESS={INSIDE}/{SOCKET}"), "--env", "IF_CREDENTIAL"]);
            // By the environment, for everybody on this machine can read arguments.
            command.env("IF_CREDENTIAL", handle.reveal());
        }
        if let Some(id) = task.task {
            command.args(["--env", &format!("IF_TASK_ID={id}")]);
        }
        // Options end with the image, and no image begins like an option.
        command.arg(image.as_str()).args(task.code.command.words());
        self.program.call("create the container", command).await?;
        let container = Container { program: self.program.clone(), name, removed: false };
        let limits = ContainerLimits { limits: task.terms.limits.clone(), cpu: task.cpu };
        let held: HostConfig = container.inspect("{{json .HostConfig}}").await?;
        let discarded = held.discarded(&limits);
        if discarded.is_empty() {
            return Ok(container);
        }
        container.remove().await;
        Err(ContainerError::Discarded { runtime: self.program.runtime(), limits: discarded })
    }

    fn labels(&self, task: &ContainerTask<'_>, place: &Place) -> Vec<(&'static str, String)> {
        let mut labels = vec![
            (strays::HOST, self.name.clone()),
            (strays::LOCK, place.lock_path().display().to_string()),
            ("infrafabric.swarm", task.swarm.to_string()),
            ("infrafabric.pid", std::process::id().to_string()),
        ];
        labels.extend(task.task.map(|task| ("infrafabric.task", task.to_string())));
        labels
    }
}

/// A container that exists.
struct Container {
    program: ContainerProgram,
    name: String,
    removed: bool,
}

impl Container {
    async fn run<S>(
        &self,
        task: &ContainerTask<'_>,
        log: &SharedLog,
        gauge: &crate::chassis::Gauge,
    ) -> Result<Ended<S>, ContainerError> {
        let mut attached = self.start()?;
        let limits = &task.terms.limits;
        let talk = talk::talk(&mut attached, task.input, log, limits.result_bytes);
        let talk = tokio::time::timeout(limits.execution_time, talk);
        tokio::select! {
            talked = talk => match talked {
                Ok(Ok(answer)) => Ok(Ended::Answered(answer)),
                Ok(Err(talk::Broken::Cut(cut))) => Ok(Ended::Cut(cut)),
                Ok(Err(talk::Broken::Host(error))) => Err(self.program.io("listen to the container", error)),
                Err(_) => Ok(Ended::TimedOut),
            },
            never = cgroup::measure(|| self.pid(), gauge) => match never {},
        }
    }

    fn start(&self) -> Result<Child, ContainerError> {
        let mut command: Command = self.program.command(&["start", "--attach", "--interactive", &self.name]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().map_err(|error| self.program.io("start the container", error))
    }

    async fn state(&self) -> Result<ContainerState, ContainerError> {
        self.inspect("{{json .State}}").await
    }

    /// Its first process and its id, once it runs.
    async fn pid(&self) -> Option<(u32, String)> {
        let state = self.state().await.ok()?;
        let pid = u32::try_from(state.pid).ok().filter(|pid| *pid > 0)?;
        Some((pid, self.inspect("{{json .Id}}").await.ok()?))
    }

    async fn inspect<T: serde::de::DeserializeOwned>(&self, format: &str) -> Result<T, ContainerError> {
        let doing = "inspect the container";
        let command = self.program.command(&["inspect", "--format", format, &self.name]);
        let said = self.program.call(doing, command).await?;
        serde_json::from_slice(&said).map_err(|error| self.program.failed(doing, error.to_string()))
    }

    /// Kills it if it runs, and removes it. What cannot be removed is removed by whoever comes next.
    async fn remove(mut self) {
        let command = self.program.command(&["rm", "--force", "--volumes", &self.name]);
        if let Err(error) = self.program.call("remove the container", command).await {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(container = %self.name, error, "a container is left over");
        }
        self.removed = true;
    }
}

impl Drop for Container {
    /// Whoever dropped the future of a task wants it to end, too.
    fn drop(&mut self) {
        if self.removed {
            return;
        }
        let mut command = self.program.command(&["rm", "--force", "--volumes", &self.name]);
        command.kill_on_drop(false).stdout(Stdio::null()).stderr(Stdio::null());
        if let Err(error) = command.spawn() {
            tracing::warn!(container = %self.name, %error, "a container is left over");
        }
    }
}

fn read(bytes: &[u8]) -> Result<String, String> {
    answer::read(bytes).map(|text| text.trim().to_owned())
}
