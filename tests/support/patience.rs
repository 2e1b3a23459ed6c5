//! Waiting for what another process does.

use std::thread;
use std::time::Duration;

use infrafabric::clock::stopwatch;

/// How long anything may take before a test gives up on it; nothing that works comes near it.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

/// Looks again and again until there is something to see.
///
/// # Panics
/// When `what` has not come about after a minute.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let watch = stopwatch();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(watch.elapsed() < PATIENCE, "not within {PATIENCE:?}: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
