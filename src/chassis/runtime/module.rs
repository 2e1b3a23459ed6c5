//! Guests that were checked, of either kind: a core module or a component.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::component::{self, Component};
use wasmtime::{Engine, InstancePre, Module, Precompiled, Store};

use super::component::PreparedComponent;
use super::error::Stop;
use super::linkers::Linkers;
use super::{ModuleRefused, SandboxError, TaskState, abi, core_module, kind, weight};
use crate::chassis::inspection::{GuestKind, Inspection};

/// The largest module that is compiled, in bytes, as text or binary.
pub const MAX_MODULE_BYTES: usize = 64 << 20;

/// A compiled guest that fits the sandbox. Clones share the code.
#[derive(Clone)]
pub struct GuestModule {
    prepared: Prepared,
}

#[derive(Clone)]
enum Prepared {
    Core(InstancePre<TaskState>),
    Component(PreparedComponent),
}

impl std::fmt::Debug for GuestModule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GuestModule").field("kind", &self.kind()).finish_non_exhaustive()
    }
}

impl GuestModule {
    pub(super) fn compile(engine: &Engine, linkers: &Linkers, bytes: &[u8]) -> Result<Self, ModuleRefused> {
        match kind::recognise(bytes)? {
            GuestKind::Core => Self::link_core(linkers, compiled(|| Module::new(engine, bytes))?),
            GuestKind::Component => {
                weight::check(bytes)?;
                Self::link_component(linkers, compiled(|| Component::new(engine, bytes))?)
            }
        }
    }

    /// Makes sure that `bytes` may be a guest at all, without compiling what may be one.
    pub(super) fn recognise(engine: &Engine, linkers: &Linkers, bytes: &[u8]) -> Result<(), ModuleRefused> {
        kind::recognise(bytes)?;
        if kind::is_webassembly(bytes) {
            return Ok(());
        }
        // What is wrong with it the compiler says at once.
        Self::compile(engine, linkers, bytes).map(drop)
    }

    /// Makes a guest of machine code.
    #[expect(unsafe_code, reason = "machine code cannot be checked, only vouched for; the caller does")]
    pub(super) fn restore(engine: &Engine, linkers: &Linkers, trusted: &[u8]) -> Result<Self, ModuleRefused> {
        match Engine::detect_precompiled(trusted) {
            // SAFETY: the caller vouches for the bytes, see `Sandbox::restore`.
            Some(Precompiled::Module) => {
                Self::link_core(linkers, unsafe { Module::deserialize(engine, trusted) })
            }
            // SAFETY: as above.
            Some(Precompiled::Component) => {
                Self::link_component(linkers, unsafe { Component::deserialize(engine, trusted) })
            }
            None => Err(ModuleRefused::NoMachineCode),
        }
    }

    /// Its machine code, for [`Sandbox::restore`](super::Sandbox::restore).
    ///
    /// # Errors
    /// [`SandboxError::Host`] when the host lacks the memory.
    pub fn machine_code(&self) -> Result<Vec<u8>, SandboxError> {
        let code = match &self.prepared {
            Prepared::Core(module) => module.module().serialize(),
            Prepared::Component(component) => component.compiled().serialize(),
        };
        code.map_err(|error| SandboxError::Host(error.into_boxed_dyn_error()))
    }

    /// What it is, asks for and gives, in names that are safe to show.
    #[must_use]
    pub fn describe(&self) -> Inspection {
        match &self.prepared {
            Prepared::Core(module) => core_module::describe(module.module()),
            Prepared::Component(component) => component.describe(),
        }
    }

    pub(super) fn kind(&self) -> GuestKind {
        match &self.prepared {
            Prepared::Core(_) => GuestKind::Core,
            Prepared::Component(_) => GuestKind::Component,
        }
    }

    /// Starts an instance and lets it go.
    pub(super) async fn start(&self, store: &mut Store<TaskState>) -> Result<(), Stop> {
        match &self.prepared {
            Prepared::Core(module) => module.instantiate_async(store).await.map(drop).map_err(Stop::from),
            Prepared::Component(component) => component.start(store).await.map(drop),
        }
    }

    /// Starts an instance, gives it the task and takes its answer.
    pub(super) async fn run(
        &self,
        store: &mut Store<TaskState>,
        task: &[u8],
        answer_limit: usize,
    ) -> Result<String, Stop> {
        match &self.prepared {
            Prepared::Core(module) => abi::run(module, store, task, answer_limit).await,
            Prepared::Component(component) => component.run(store, task, answer_limit).await,
        }
    }

    fn link_core(linkers: &Linkers, module: wasmtime::Result<Module>) -> Result<Self, ModuleRefused> {
        let module = module.map_err(|error| ModuleRefused::invalid(&error))?;
        Ok(Self { prepared: Prepared::Core(core_module::link(&linkers.core, &module)?) })
    }

    fn link_component(
        linkers: &Linkers,
        component: wasmtime::Result<component::Component>,
    ) -> Result<Self, ModuleRefused> {
        let component = component.map_err(|error| ModuleRefused::invalid(&error))?;
        Ok(Self { prepared: Prepared::Component(PreparedComponent::link(linkers.component()?, &component)?) })
    }
}

/// Compiles what somebody has written, who may have found what the compiler does not expect.
fn compiled<T>(compile: impl FnOnce() -> wasmtime::Result<T>) -> Result<wasmtime::Result<T>, ModuleRefused> {
    // Nothing of what it was at work on is used any more.
    catch_unwind(AssertUnwindSafe(compile)).map_err(|_| ModuleRefused::Uncompilable)
}
