//! The data directory of a coordinator with an engine: what lies where in it.

use std::path::{Path, PathBuf};

/// The directory of the store.
pub(super) fn store(data: &Path) -> PathBuf {
    data.join("engine")
}

/// Where a store is put together before it is moved to its place.
pub(super) fn restoring(data: &Path) -> PathBuf {
    data.join("engine.restoring")
}

/// The file that was the store before there was a log, while nothing has taken its place.
pub(super) fn relic(data: &Path) -> Option<PathBuf> {
    let relic = data.join("engine.redb");
    (relic.exists() && !store(data).exists()).then_some(relic)
}
