//! The time a guest keeps a core busy: measured at every tick, paid for by pausing.

use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use crate::chassis::cpu_share::{CpuAccount, Pause};
use crate::chassis::gauge::Gauge;
use crate::clock::{stopwatch, uptime};

/// How often whoever has no share asks for one.
const BETWEEN_ASKS: Duration = Duration::from_millis(100);

/// Measures one task and makes it pause.
pub(super) struct CpuMeter {
    share: Arc<dyn CpuAccount>,
    gauge: Arc<Gauge>,
    stretch: Arc<Stretch>,
    since: Instant,
}

impl CpuMeter {
    pub(super) fn start(share: Arc<dyn CpuAccount>, gauge: Arc<Gauge>) -> Self {
        Self { share, gauge, stretch: Arc::default(), since: stopwatch() }
    }

    /// What the future of the task must be polled under.
    pub(super) fn stretch(&self) -> Arc<Stretch> {
        Arc::clone(&self.stretch)
    }

    /// Pauses for as long as is due.
    pub(super) fn pause(&mut self) -> Pin<Box<dyn Future<Output = ()> + Send>> {
        let due = self.book(self.stretch.take());
        let share = Arc::clone(&self.share);
        Box::pin(async move { rest(share.as_ref(), due).await })
    }

    /// Books what is left once the task has ended.
    pub(super) fn finish(&mut self) {
        let left = self.stretch.ended();
        self.book(left);
    }

    /// Books CPU time and says what the guest must do for it.
    fn book(&mut self, cpu: Duration) -> Pause {
        let now = stopwatch();
        let wall = now - self.since;
        self.since = now;
        self.gauge.add_cpu(cpu.min(wall));
        self.share.charge(cpu.min(wall), uptime())
    }
}

/// Waits until nothing is due: short tasks are over before they can be paused, so their swarm owes it.
pub(in crate::chassis) async fn wait_for_share(share: &dyn CpuAccount) {
    loop {
        let due = share.charge(Duration::ZERO, uptime());
        if due == Pause::For(Duration::ZERO) {
            return;
        }
        rest(share, due).await;
    }
}

async fn rest(share: &dyn CpuAccount, mut due: Pause) {
    while due == Pause::UntilGranted {
        tokio::time::sleep(BETWEEN_ASKS).await;
        due = share.charge(Duration::ZERO, uptime());
    }
    match due {
        Pause::For(pause) if !pause.is_zero() => tokio::time::sleep(pause).await,
        _ => tokio::task::yield_now().await,
    }
}

/// The time in which a task is polled. It may change threads between two polls and nowhere else, so the time of a
/// thread is only compared within one.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// CPU time of the current thread when this poll began, or when it was taken last, in nanoseconds.
    began: AtomicU64,
    /// What earlier polls took and nobody has booked, in nanoseconds.
    unbooked: AtomicU64,
}

impl Stretch {
    /// Polls the task.
    pub(super) fn poll<T>(&self, poll: impl FnOnce() -> T) -> T {
        self.began.store(thread_nanos(), Ordering::Relaxed);
        let polled = poll();
        let spent = thread_nanos().saturating_sub(self.began.load(Ordering::Relaxed));
        self.unbooked.fetch_add(spent, Ordering::Relaxed);
        polled
    }

    /// Takes what is not booked, from within a poll.
    fn take(&self) -> Duration {
        let now = thread_nanos();
        let current = now.saturating_sub(self.began.swap(now, Ordering::Relaxed));
        self.ended() + Duration::from_nanos(current)
    }

    /// Takes what is not booked of polls that have ended.
    fn ended(&self) -> Duration {
        Duration::from_nanos(self.unbooked.swap(0, Ordering::Relaxed))
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

#[cfg(test)]
mod tests {
    use super::*;

    const BUSY: Duration = Duration::from_millis(5);

    fn keep_busy() {
        let end = thread_nanos() + u64::try_from(BUSY.as_nanos()).unwrap();
        while thread_nanos() < end {}
    }

    #[test]
    fn a_task_that_changes_threads_is_booked_for_what_it_used_on_each() {
        let stretch = Stretch::default();
        keep_busy();
        stretch.poll(keep_busy);
        std::thread::scope(|scope| {
            scope.spawn(|| stretch.poll(keep_busy)).join().unwrap();
        });
        let taken = stretch.poll(|| {
            keep_busy();
            stretch.take()
        });
        assert!((3 * BUSY..10 * BUSY).contains(&taken), "{taken:?}");
        assert!(stretch.ended() < BUSY, "nothing is booked twice");
    }
}
