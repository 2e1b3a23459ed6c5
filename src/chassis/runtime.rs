//! The sandbox: the only place that runs untrusted code, and the only user of wasmtime.
//!
//! Every task gets a fresh store and instance: nothing survives a task, nothing is shared between swarms. What a
//! guest says (pointers, lengths, texts) is checked before it is used. Compiled code is never accepted, only compiled.

mod abi;
mod cpu;
mod engine;
mod error;
mod guest_log;
mod meter;
mod module;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use wasmtime::{Engine, Linker, ResourceLimiter, Store, Trap, UpdateDeadline, WasmBacktrace};

#[cfg(any(test, fuzzing))]
pub use abi::fuzzing;
pub use error::{InvalidModule, ModuleRefused, SandboxError};
pub use module::{GuestModule, MAX_MODULE_BYTES};

use self::cpu::CpuMeter;
use self::error::Stop;
use self::guest_log::GuestLog;
use self::meter::MemoryMeter;
use super::failure::GuestFailure;
use super::gauge::Gauge;
use super::input::TaskInput;
use super::limits::Limits;
use crate::clock::stopwatch;
use crate::printable::excerpt;

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
    linker: Linker<TaskState>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").finish_non_exhaustive()
    }
}

/// Who looks on while a task runs.
pub struct Observer {
    /// Takes each line that the guest logs, safe to be shown.
    pub log: Box<dyn FnMut(&str) + Send>,
    /// Shows what the task uses.
    pub gauge: Arc<Gauge>,
}

impl std::fmt::Debug for Observer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Observer").field("gauge", &self.gauge).finish_non_exhaustive()
    }
}

impl<L: FnMut(&str) + Send + 'static> From<L> for Observer {
    fn from(log: L) -> Self {
        Self { log: Box::new(log), gauge: Arc::default() }
    }
}

/// What the host keeps for one running task.
struct TaskState {
    memory: MemoryMeter,
    log: GuestLog,
    cpu: CpuMeter,
}

impl Sandbox {
    /// Sets up the engine and starts its ticker, which ends with the last clone.
    ///
    /// # Errors
    /// [`SandboxError::Engine`] when this machine cannot run one.
    pub fn new() -> Result<Self, SandboxError> {
        let engine = engine::start()?;
        let mut linker = Linker::new(&engine);
        abi::offer(&mut linker)?;
        Ok(Self { engine, linker })
    }

    /// Checks and compiles a module: a binary, or text that begins with a parenthesis. Takes long for large modules.
    ///
    /// # Errors
    /// [`ModuleRefused`] when it is no core module, needs what is not offered, or lacks what is called.
    pub fn compile(&self, bytes: &[u8]) -> Result<GuestModule, ModuleRefused> {
        GuestModule::compile(&self.engine, &self.linker, bytes)
    }

    /// Makes a guest of machine code that [`GuestModule::machine_code`] gave, in this or another process.
    ///
    /// The caller vouches that nobody could have changed the bytes: machine code runs unconfined.
    ///
    /// # Errors
    /// [`ModuleRefused`] when it was made by another version, for another machine or under other settings.
    pub fn restore(&self, trusted: &[u8]) -> Result<GuestModule, ModuleRefused> {
        GuestModule::restore(&self.engine, &self.linker, trusted)
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
        limits: &Limits,
        task: &TaskInput,
        observer: impl Into<Observer>,
    ) -> Result<Execution, SandboxError> {
        let watch = stopwatch();
        let Observer { log, gauge } = observer.into();
        let mut store = self.store(limits, log, &gauge);
        let run = abi::run(module, &mut store, task.as_bytes(), limits.result_bytes);
        let ended = tokio::time::timeout(limits.execution_time, run).await;
        let latency = watch.elapsed();
        let state = store.data_mut();
        state.cpu.pause_due();
        let (outcome, latency) = match ended {
            Ok(Ok(answer)) => (Ok(answer), latency),
            Ok(Err(stop)) => (Err(diagnose(stop, &state.memory)?), latency),
            Err(_) => (Err(GuestFailure::TimedOut { after: limits.execution_time }), limits.execution_time),
        };
        Ok(Execution {
            outcome,
            latency,
            cpu: gauge.cpu(),
            memory_peak_bytes: gauge.memory_bytes(),
            calls: gauge.calls(),
            log_lines: state.log.lines(),
        })
    }

    fn store(&self, limits: &Limits, sink: guest_log::Sink, gauge: &Arc<Gauge>) -> Store<TaskState> {
        let state = TaskState {
            memory: MemoryMeter::new(limits.memory_bytes, Arc::clone(gauge)),
            log: GuestLog::new(sink, limits),
            cpu: CpuMeter::start(limits.cpu_percent, Arc::clone(gauge)),
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

/// Whose fault it was: the guest's is a [`GuestFailure`], anything else the host's.
fn diagnose(stop: Stop, memory: &MemoryMeter) -> Result<GuestFailure, SandboxError> {
    let error = match stop {
        Stop::Broken(why) => return Ok(GuestFailure::BadResult { why }),
        Stop::Failed(error) => error,
    };
    if let Some(violation) = error.downcast_ref::<abi::Violation>() {
        return Ok(GuestFailure::Trap { what: describe(&violation.to_string(), &error) });
    }
    match error.downcast_ref::<Trap>().copied() {
        Some(Trap::StackOverflow) => Ok(GuestFailure::StackOverflow),
        // A guest whose allocator was refused memory gives up, or writes where it is not.
        None | Some(Trap::UnreachableCodeReached | Trap::MemoryOutOfBounds | Trap::TableOutOfBounds)
            if memory.was_refused() =>
        {
            Ok(GuestFailure::OutOfMemory { limit: memory.limit() })
        }
        Some(trap) => Ok(GuestFailure::Trap { what: describe(&trap.to_string(), &error) }),
        None => Err(SandboxError::Host(error.into_boxed_dyn_error())),
    }
}

fn describe(what: &str, error: &wasmtime::Error) -> String {
    let what = what.trim_start_matches("wasm trap: ");
    let frames = error.downcast_ref::<WasmBacktrace>().map_or(&[][..], WasmBacktrace::frames);
    match frames.first().and_then(|frame| frame.func_name()) {
        Some(function) => format!("{what} in `{}`", excerpt(function)),
        None => what.to_owned(),
    }
}
