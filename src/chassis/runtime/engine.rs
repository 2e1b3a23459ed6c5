//! The engine: what WebAssembly is here, configured in one place, and the ticker that interrupts it.

use std::time::Duration;

use wasmtime::{Config, Engine, EngineWeak, Strategy};

use super::SandboxError;

/// How often running guests are interrupted.
const TICK: Duration = Duration::from_millis(5);

/// The stack of a guest, in bytes; host functions run on what is left of the whole.
const GUEST_STACK: usize = 512 << 10;
const WHOLE_STACK: usize = 1 << 20;

/// Makes an engine and its ticker.
pub(super) fn start() -> Result<Engine, SandboxError> {
    let engine =
        Engine::new(&configuration()).map_err(|error| SandboxError::Engine(error.into_boxed_dyn_error()))?;
    let weak = engine.weak();
    std::thread::Builder::new()
        .name("sandbox-ticker".to_owned())
        .spawn(move || tick(&weak))
        .map_err(|error| SandboxError::Engine(Box::new(error)))?;
    Ok(engine)
}

fn configuration() -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .epoch_interruption(true)
        .max_wasm_stack(GUEST_STACK)
        .async_stack_size(WHOLE_STACK)
        .concurrency_support(false)
        .gc_support(false)
        .wasm_memory64(false)
        .wasm_multi_memory(false)
        .wasm_stack_switching(false)
        .wasm_custom_page_sizes(false)
        .wasm_shared_everything_threads(false)
        .shared_memory(false);
    config
}

/// Raises the epoch until the engine is gone.
fn tick(engine: &EngineWeak) {
    while let Some(engine) = engine.upgrade() {
        engine.increment_epoch();
        drop(engine);
        std::thread::sleep(TICK);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ticker_ends_with_the_engine() {
        let engine = Engine::new(&configuration()).unwrap();
        let weak = engine.weak();
        let ticker = std::thread::spawn(move || tick(&weak));
        drop(engine);
        ticker.join().unwrap();
    }
}
