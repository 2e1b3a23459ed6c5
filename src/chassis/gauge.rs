//! Gauges: what a running task uses, for those who look on while it runs.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

/// What one task uses. The sandbox writes, others read; what they read is a tick old at most.
#[derive(Debug, Default)]
pub struct Gauge {
    memory_bytes: AtomicUsize,
    cpu_nanos: AtomicU64,
    calls: AtomicU64,
}

impl Gauge {
    /// What memories and tables take together, in bytes. Guests cannot give memory back, so this is the peak, too.
    #[must_use]
    pub fn memory_bytes(&self) -> usize {
        self.memory_bytes.load(Ordering::Relaxed)
    }

    /// How long the task has kept a core busy, up to its last tick.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        Duration::from_nanos(self.cpu_nanos.load(Ordering::Relaxed))
    }

    /// How often it asked for an outside service, refused calls as well.
    #[must_use]
    pub fn calls(&self) -> u64 {
        self.calls.load(Ordering::Relaxed)
    }

    pub(super) fn set_memory(&self, bytes: usize) {
        self.memory_bytes.store(bytes, Ordering::Relaxed);
    }

    pub(super) fn add_cpu(&self, time: Duration) {
        self.cpu_nanos.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(super) fn add_call(&self) {
        self.calls.fetch_add(1, Ordering::Relaxed);
    }
}
