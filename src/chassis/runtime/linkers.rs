//! What guests may import, for either kind of them.

use std::sync::{Arc, OnceLock};

use wasmtime::{Engine, Linker, component};

use super::error::InvalidModule;
use super::{ModuleRefused, SandboxError, TaskState, abi, component as components, wasi};

/// The offers to core modules and to components. Clones share them.
#[derive(Clone)]
pub(super) struct Linkers {
    engine: Engine,
    pub(super) core: Arc<Linker<TaskState>>,
    /// Made for the first component: WASI is large, and a command that runs one core module needs none of it.
    component: Arc<OnceLock<component::Linker<TaskState>>>,
}

impl Linkers {
    pub(super) fn new(engine: &Engine) -> Result<Self, SandboxError> {
        let mut core = Linker::new(engine);
        abi::offer(&mut core).map_err(|error| SandboxError::Engine(error.into_boxed_dyn_error()))?;
        Ok(Self { engine: engine.clone(), core: Arc::new(core), component: Arc::default() })
    }

    pub(super) fn component(&self) -> Result<&component::Linker<TaskState>, ModuleRefused> {
        if let Some(linker) = self.component.get() {
            return Ok(linker);
        }
        let mut linker = component::Linker::new(&self.engine);
        components::offer(&mut linker)
            .and_then(|()| wasi::offer(&mut linker))
            .map_err(|error| ModuleRefused::NotOffered(InvalidModule::new(&error)))?;
        Ok(self.component.get_or_init(|| linker))
    }
}
