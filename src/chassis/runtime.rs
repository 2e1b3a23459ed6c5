//! The sandbox: the only place that runs untrusted code, and the only user of wasmtime.
//!
//! Every task gets a fresh store and instance: nothing survives a task, nothing is shared between swarms. What a
//! guest says (pointers, lengths, texts) is checked before it is used. Compiled code is never accepted, only compiled.

mod abi;
mod answer;
mod backtrace;
pub mod broker;
mod call;
pub mod cell;
mod component;
pub mod container;
mod core_module;
mod cpu;
mod diagnosis;
mod engine;
mod error;
mod exception;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
mod guest_log;
mod kind;
mod linkers;
mod meter;
mod module;
#[cfg(target_os = "linux")]
mod stacks;
#[cfg(test)]
mod tests;
mod wasi;
mod weight;

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use wasmtime::{Engine, ResourceLimiter, Store, UpdateDeadline};

pub use call::{Egress, Response};
pub(in crate::chassis) use cpu::wait_for_share;
pub use error::{InvalidModule, ModuleRefused, SandboxError};
pub use module::{GuestModule, MAX_MODULE_BYTES};

use self::call::Closed;
use self::cpu::CpuMeter;
use self::guest_log::SharedLog;
use self::linkers::Linkers;
use self::meter::MemoryMeter;
use self::wasi::Wasi;
use super::cpu_share::{CpuAccount, SharedCpu};
use super::digest::Digest;
use super::failure::GuestFailure;
use super::gauge::Gauge;
use super::input::TaskInput;
use super::inspection::GuestKind;
use super::limits::Limits;
use crate::clock::{stopwatch, uptime};

/// How one task went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Execution {
    /// The answer as JSON, or why there is none.
    pub outcome: Result<String, GuestFailure>,
    /// How long it took on the wall clock; for a task that ran out of time, its limit.
    pub latency: Duration,
    /// How long it kept a core busy, up to its last pause or its end.
    pub cpu: Duration,
    /// The most that memories and tables took together, in bytes.
    pub memory_peak_bytes: usize,
    /// How often it asked for an outside service.
    pub calls: u64,
    /// How many lines it logged.
    pub log_lines: u64,
}

/// Compiles and runs guests. Clones share the engine.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
    linkers: Linkers,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

/// Under which terms a task runs.
#[derive(Clone)]
pub struct Terms {
    /// What it may use.
    pub limits: Limits,
    /// The way to outside services.
    pub egress: Arc<dyn Egress>,
}

impl std::fmt::Debug for Terms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Terms").field("limits", &self.limits).finish_non_exhaustive()
    }
}

impl From<&Limits> for Terms {
    /// Nothing leaves.
    fn from(limits: &Limits) -> Self {
        Self { limits: limits.clone(), egress: Arc::new(Closed) }
    }
}

/// Who looks on while a task runs.
pub struct Observer {
    /// Takes each line that the guest logs, safe to be shown.
    pub log: Box<dyn FnMut(&str) + Send>,
    /// Shows what the task uses.
    pub gauge: Arc<Gauge>,
    /// The share of a core that the task has together with others; else it has that of its limits for itself.
    pub cpu_share: Option<Arc<dyn CpuAccount>>,
}

impl std::fmt::Debug for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Observer").field("gauge", &self.gauge).finish_non_exhaustive()
    }
}

impl<L: FnMut(&str) + Send + 'static> From<L> for Observer {
    fn from(log: L) -> Self {
        Self { log: Box::new(log), gauge: Arc::default(), cpu_share: None }
    }
}

/// What the host keeps for one running task.
struct TaskState {
    memory: MemoryMeter,
    log: SharedLog,
    cpu: CpuMeter,
    gauge: Arc<Gauge>,
    limits: Limits,
    egress: Arc<dyn Egress>,
    /// Whether a call of an outside service is under way.
    calling: bool,
    wasi: Option<Box<Wasi>>,
}

impl Sandbox {
    /// Sets up the engine and starts its ticker, which ends with the last clone.
    ///
    /// # Errors
    /// [`SandboxError::Engine`] when this machine cannot run one.
    pub fn new() -> Result<Self, SandboxError> {
        let engine = engine::start()?;
        let linkers = Linkers::new(&engine)?;
        Ok(Self { engine, linkers })
    }

    /// Names the settings and the version under which machine code is made: [`Self::restore`] takes only what was made
    /// under the same.
    #[must_use]
    pub fn compatibility(&self) -> Digest {
        engine::compatibility(&self.engine)
    }

    /// Checks and compiles a core module or a component: a binary, or text that begins with a parenthesis. Takes long
    /// for large ones.
    ///
    /// # Errors
    /// [`ModuleRefused`] when it is neither, needs what is not offered, or lacks what is called.
    pub fn compile(&self, bytes: &[u8]) -> Result<GuestModule, ModuleRefused> {
        GuestModule::compile(&self.engine, &self.linkers, bytes)
    }

    /// Makes sure that a file is WebAssembly, as far as its beginning tells. Takes no time.
    ///
    /// # Errors
    /// [`ModuleRefused`] when it is none.
    pub fn recognise(&self, bytes: &[u8]) -> Result<(), ModuleRefused> {
        GuestModule::recognise(&self.engine, &self.linkers, bytes)
    }

    /// Makes a guest of machine code that [`GuestModule::machine_code`] gave, in this or another process.
    ///
    /// The caller vouches that nobody could have changed the bytes: machine code runs unconfined.
    ///
    /// # Errors
    /// [`ModuleRefused`] when it was made by another version, for another machine or under other settings.
    pub fn restore(&self, trusted: &[u8]) -> Result<GuestModule, ModuleRefused> {
        GuestModule::restore(&self.engine, &self.linkers, trusted)
    }

    /// Runs one task in a fresh instance.
    ///
    /// Yields at least every few milliseconds, so that neighbours and timers run. Dropping the future ends the guest.
    ///
    /// # Errors
    /// [`SandboxError::Host`] when the host lacks what it takes to start any guest; what the guest does wrong is an
    /// [`Execution`] without an answer.
    pub async fn execute(
        &self,
        module: &GuestModule,
        terms: impl Into<Terms>,
        task: &TaskInput,
        observer: impl Into<Observer>,
    ) -> Result<Execution, SandboxError> {
        let watch = stopwatch();
        let observer = observer.into();
        let gauge = Arc::clone(&observer.gauge);
        let terms = terms.into();
        let (execution_time, result_bytes) = (terms.limits.execution_time, terms.limits.result_bytes);
        let mut store = self.store(module.kind(), terms, observer);
        let stretch = store.data().cpu.stretch();
        let ended = {
            let mut run = pin!(module.run(&mut store, task.as_bytes(), result_bytes));
            let metered = poll_fn(|context| stretch.poll(|| run.as_mut().poll(context)));
            tokio::time::timeout(execution_time, metered).await
        };
        let latency = watch.elapsed();
        let state = store.data_mut();
        state.cpu.finish();
        let logged = state.log.lock().finish();
        let (outcome, latency) = match ended {
            Ok(Ok(answer)) => (logged.map(|()| answer).map_err(GuestFailure::from), latency),
            Ok(Err(stop)) => (Err(diagnosis::diagnose(stop, state)?), latency),
            Err(_) => (Err(GuestFailure::TimedOut { after: execution_time }), execution_time),
        };
        let log_lines = state.log.lock().lines();
        Ok(Execution {
            outcome,
            latency,
            cpu: gauge.cpu(),
            memory_peak_bytes: gauge.memory_bytes(),
            calls: gauge.calls(),
            log_lines,
        })
    }

    /// Starts an instance under `limits` and lets it go, no task given: what ends in this ends every task.
    ///
    /// # Errors
    /// [`SandboxError::Host`] when the host lacks what it takes to start any guest; the guest's own failure is the
    /// answer.
    pub async fn probe(
        &self,
        module: &GuestModule,
        limits: &Limits,
    ) -> Result<Result<(), GuestFailure>, SandboxError> {
        let mut store = self.store(module.kind(), limits.into(), (|_: &str| ()).into());
        let stretch = store.data().cpu.stretch();
        let started = {
            let mut start = pin!(module.start(&mut store));
            let metered = poll_fn(|context| stretch.poll(|| start.as_mut().poll(context)));
            tokio::time::timeout(limits.execution_time, metered).await
        };
        let state = store.data_mut();
        match started {
            Ok(Ok(())) => Ok(state.log.lock().finish().map_err(GuestFailure::from)),
            Ok(Err(stop)) => diagnosis::diagnose(stop, state).map(Err),
            Err(_) => Ok(Err(GuestFailure::TimedOut { after: limits.execution_time })),
        }
    }

    fn store(&self, kind: GuestKind, terms: Terms, observer: Observer) -> Store<TaskState> {
        let Observer { log, gauge, cpu_share } = observer;
        let alone =
            || -> Arc<dyn CpuAccount> { Arc::new(SharedCpu::new(terms.limits.cpu_percent, uptime())) };
        let state = TaskState {
            memory: MemoryMeter::new(kind, terms.limits.memory_bytes, Arc::clone(&gauge)),
            log: SharedLog::new(log, &terms.limits),
            cpu: CpuMeter::start(cpu_share.unwrap_or_else(alone), Arc::clone(&gauge)),
            gauge,
            limits: terms.limits,
            egress: terms.egress,
            calling: false,
            wasi: None,
        };
        let mut store = Store::new(&self.engine, state);
        store.limiter(|state| &mut state.memory as &mut dyn ResourceLimiter);
        // Before instantiation: a start function can spin, too.
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut context| {
            Ok(UpdateDeadline::YieldCustom(1, context.data_mut().cpu.pause()))
        });
        store
    }
}

impl From<guest_log::LogFull> for GuestFailure {
    fn from(full: guest_log::LogFull) -> Self {
        Self::LogFull { limit: full.limit }
    }
}
