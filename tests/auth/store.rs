//! A store whose passwords only the test knows, and talking with it.

use tokio::runtime::{Builder, Runtime};

use super::wire::Wire;
use crate::support::bare::Bare;
use crate::support::servers::Backend;

/// An empty store, and a runtime for whoever talks with it.
pub(super) struct Store {
    bare: Bare,
    runtime: Runtime,
}

impl Store {
    pub(super) fn start(backend: Backend) -> Self {
        Self::over(Bare::start(backend))
    }

    fn over(bare: Bare) -> Self {
        Self { bare, runtime: Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap() }
    }

    /// Ends the engine and opens its directory again.
    pub(super) fn restarted(self) -> Self {
        drop(self.runtime);
        Self::over(self.bare.restarted())
    }

    pub(super) fn endpoint(&self) -> &str {
        self.bare.endpoint()
    }

    /// Runs a dialogue with the store to its end.
    pub(super) fn talk<T>(&self, dialogue: impl AsyncFnOnce(&mut Wire) -> T) -> T {
        self.runtime.block_on(async {
            let mut wire = Wire::connect(self.endpoint()).await;
            dialogue(&mut wire).await
        })
    }
}
