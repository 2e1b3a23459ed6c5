//! Modules in memory: compiled once, however many ask for them at once, and kept for as long as somebody uses them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OnceCell, Semaphore};

use super::ChassisError;
use crate::chassis::{Digest, GuestModule};

type Slot = OnceCell<GuestModule>;

/// The modules that are in use on this host. Clones share them.
#[derive(Debug, Clone)]
pub(super) struct ReadyModules {
    slots: Arc<Mutex<HashMap<Digest, Weak<Slot>>>>,
    /// Compiling takes a core and much memory: no more at once than there are cores.
    turns: Arc<Semaphore>,
}

/// A module that is ready to run. As long as one of its clones lives it is not compiled again.
#[derive(Debug, Clone)]
pub(super) struct ReadyModule {
    module: GuestModule,
    _slot: Arc<Slot>,
}

impl ReadyModule {
    pub(super) fn module(&self) -> &GuestModule {
        &self.module
    }
}

impl ReadyModules {
    pub(super) fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { slots: Arc::default(), turns: Arc::new(Semaphore::new(cores)) }
    }

    /// The module of this digest, which `compile` makes if nobody uses it yet.
    ///
    /// # Errors
    /// What `compile` says; the next one who asks has it tried again.
    pub(super) async fn get(
        &self,
        digest: &Digest,
        compile: impl Future<Output = Result<GuestModule, ChassisError>>,
    ) -> Result<ReadyModule, ChassisError> {
        let slot = self.slot(digest);
        let turns = &self.turns;
        let in_turn = || async move {
            let _turn = turns.acquire().await;
            compile.await
        };
        let module = slot.get_or_try_init(in_turn).await?.clone();
        Ok(ReadyModule { module, _slot: slot })
    }

    fn slot(&self, digest: &Digest) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(slot) = slots.get(digest).and_then(Weak::upgrade) {
            return slot;
        }
        slots.retain(|_, slot| slot.strong_count() > 0);
        let slot = Arc::new(Slot::new());
        slots.insert(digest.clone(), Arc::downgrade(&slot));
        slot
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::chassis::Sandbox;

    const ECHO: &str = include_str!("../../../examples/guests/echo.wat");

    #[tokio::test]
    async fn a_module_is_compiled_once_for_all_who_use_it_and_anew_when_nobody_did() {
        let sandbox = Sandbox::new().unwrap();
        let (modules, compiled) = (ReadyModules::new(), AtomicUsize::new(0));
        let digest = Digest::of(ECHO.as_bytes());
        let get = || {
            modules.get(&digest, async {
                compiled.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
                Ok(sandbox.compile(ECHO.as_bytes()).unwrap())
            })
        };
        let (first, second) = tokio::join!(get(), get());
        drop(first.unwrap());
        get().await.unwrap();
        assert_eq!(compiled.load(Ordering::Relaxed), 1, "the second one is in use");
        drop(second.unwrap());
        get().await.unwrap();
        assert_eq!(compiled.load(Ordering::Relaxed), 2);
        modules.slot(&Digest::of(b"another"));
        assert_eq!(modules.slots.lock().unwrap().len(), 1, "what nobody uses is forgotten");
    }

    #[tokio::test]
    async fn a_module_that_could_not_be_compiled_is_tried_again() {
        let (modules, digest) = (ReadyModules::new(), Digest::of(ECHO.as_bytes()));
        let sandbox = Sandbox::new().unwrap();
        let swarm: crate::id::SwarmId = "s1".parse().unwrap();
        let failed = modules.get(&digest, async { Err(ChassisError::NotLoaded { swarm }) }).await;
        assert!(matches!(failed, Err(ChassisError::NotLoaded { .. })));
        let compile = async { Ok(sandbox.compile(ECHO.as_bytes()).unwrap()) };
        assert!(modules.get(&digest, compile).await.is_ok());
    }
}
