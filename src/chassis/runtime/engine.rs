//! The engine: what WebAssembly is here, configured in one place, and the ticker that interrupts it.

use std::hash::{Hash, Hasher};
use std::time::Duration;

use wasmtime::{Config, Engine, EngineWeak, Strategy};

use super::SandboxError;
use crate::chassis::digest::Digest;

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
    // Elsewhere no system call makes memory zero again, and wasmtime maps every stack anew.
    #[cfg(target_os = "linux")]
    config.with_host_stack(std::sync::Arc::new(super::stacks::Stacks::default()));
    config
}

/// What machine code of one engine has in common with another that can run it, down to the version of this program.
pub(super) fn compatibility(engine: &Engine) -> Digest {
    let mut settings = Settings::default();
    engine.precompile_compatibility_hash().hash(&mut settings);
    env!("CARGO_PKG_VERSION").hash(&mut settings);
    Digest::of(&settings.0)
}

/// Keeps what is hashed, for a hash that is the same in every process.
#[derive(Default)]
struct Settings(Vec<u8>);

impl Hasher for Settings {
    fn write(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    fn finish(&self) -> u64 {
        u64::try_from(self.0.len()).unwrap_or(u64::MAX)
    }
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
    fn engines_of_the_same_settings_are_compatible_and_others_are_not() {
        let one = compatibility(&Engine::new(&configuration()).unwrap());
        assert_eq!(one, compatibility(&Engine::new(&configuration()).unwrap()));
        let mut other = configuration();
        other.epoch_interruption(false);
        assert_ne!(one, compatibility(&Engine::new(&other).unwrap()));
    }

    #[test]
    fn the_ticker_ends_with_the_engine() {
        let engine = Engine::new(&configuration()).unwrap();
        let weak = engine.weak();
        let ticker = std::thread::spawn(move || tick(&weak));
        drop(engine);
        ticker.join().unwrap();
    }
}
