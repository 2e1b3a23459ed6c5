//! What guests may import, for either kind of them.

use wasmtime::{Engine, Linker, component};

use super::{SandboxError, TaskState, abi, component as components, wasi};

/// The offers to core modules and to components.
#[derive(Clone)]
pub(super) struct Linkers {
    pub(super) core: Linker<TaskState>,
    pub(super) component: component::Linker<TaskState>,
}

impl Linkers {
    pub(super) fn new(engine: &Engine) -> Result<Self, SandboxError> {
        let mut linkers = Self { core: Linker::new(engine), component: component::Linker::new(engine) };
        abi::offer(&mut linkers.core)
            .and_then(|()| components::offer(&mut linkers.component))
            .and_then(|()| wasi::offer(&mut linkers.component))
            .map_err(|error| SandboxError::Engine(error.into_boxed_dyn_error()))?;
        Ok(linkers)
    }
}
