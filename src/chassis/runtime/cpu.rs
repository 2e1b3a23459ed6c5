//! The time a guest keeps a core busy: measured at every tick, paid for by pausing.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::chassis::cpu_share::SharedCpu;
use crate::chassis::gauge::Gauge;
use crate::clock::stopwatch;

/// Measures one task. The future of a task may change threads while it pauses and nowhere else, so the time of a
/// thread is only compared within one stretch between two pauses.
pub(super) struct CpuMeter {
    share: Arc<SharedCpu>,
    gauge: Arc<Gauge>,
    /// CPU time of the current thread when this stretch began, in nanoseconds.
    stretch: Arc<AtomicU64>,
    since: Instant,
}

impl CpuMeter {
    pub(super) fn start(share: Arc<SharedCpu>, gauge: Arc<Gauge>) -> Self {
        Self { share, gauge, stretch: Arc::new(AtomicU64::new(thread_nanos())), since: stopwatch() }
    }

    /// Ends this stretch and says how long the guest must pause.
    pub(super) fn pause_due(&mut self) -> Duration {
        let now = stopwatch();
        let before = self.stretch.load(Ordering::Relaxed);
        let cpu = Duration::from_nanos(thread_nanos().saturating_sub(before));
        let wall = now - self.since;
        self.since = now;
        self.gauge.add_cpu(cpu.min(wall));
        self.share.charge(cpu.min(wall), now)
    }

    /// Pauses for as long as is due; then the next stretch begins.
    pub(super) fn pause(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let due = self.pause_due();
        let stretch = Arc::clone(&self.stretch);
        Box::pin(async move {
            if due.is_zero() {
                tokio::task::yield_now().await;
            } else {
                tokio::time::sleep(due).await;
            }
            stretch.store(thread_nanos(), Ordering::Relaxed);
        })
    }
}

/// CPU time of the current thread. Where it is not to be had, the wall clock counts: the guest gets less than its
/// share then, never more.
fn thread_nanos() -> u64 {
    static BEGINNING: OnceLock<Instant> = OnceLock::new();
    let time = thread_time().unwrap_or_else(|| BEGINNING.get_or_init(stopwatch).elapsed());
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(unix)]
fn thread_time() -> Option<Duration> {
    use nix::time::{ClockId, clock_gettime};

    clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID).ok().map(Duration::from)
}

#[cfg(not(unix))]
fn thread_time() -> Option<Duration> {
    None
}
