//! The share of a core that guests may use: how long they must pause for what they have used.
//!
//! Pure: callers measure, this decides.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// What a guest that used less than its share may catch up on, so that waiting does not buy a long burst.
const MAX_CREDIT: Duration = Duration::from_millis(50);

/// Keeps guests at a share of one core.
#[derive(Debug, Clone)]
struct CpuShare {
    percent: i128,
    /// Percent × nanoseconds of CPU time used beyond the share; below zero: not used.
    excess: i128,
}

impl CpuShare {
    fn new(percent: u32) -> Self {
        Self { percent: i128::from(percent.clamp(1, 100)), excess: 0 }
    }

    /// Books `cpu` used within `wall`, the time since the last call, and says how long to pause.
    fn charge(&mut self, cpu: Duration, wall: Duration) -> Duration {
        let floor = -self.percent * nanos(MAX_CREDIT);
        self.excess = (self.excess + 100 * nanos(cpu) - self.percent * nanos(wall)).max(floor);
        Duration::from_nanos(u64::try_from(self.excess / self.percent).unwrap_or(0))
    }
}

/// The share of a core that all running tasks of a swarm have together, as far as they run in this process.
///
/// Each pauses for what all have used. So together they are never ahead by more than one stretch of each of them, and
/// what [`MAX_CREDIT`] allows.
#[derive(Debug)]
pub struct SharedCpu(Mutex<Shared>);

#[derive(Debug)]
struct Shared {
    share: CpuShare,
    /// Up to when the share was granted.
    granted: Instant,
}

impl SharedCpu {
    /// A share of `percent` of a core, from `now` on.
    #[must_use]
    pub fn new(percent: u32, now: Instant) -> Self {
        Self(Mutex::new(Shared { share: CpuShare::new(percent), granted: now }))
    }

    /// Goes on with another percentage. What was used stays used.
    pub fn resize(&self, percent: u32) {
        self.lock().share.percent = CpuShare::new(percent).percent;
    }

    /// Books `cpu` used up to `now`, and says how long whoever used it must pause.
    #[must_use]
    pub fn charge(&self, cpu: Duration, now: Instant) -> Duration {
        let mut shared = self.lock();
        let wall = now.saturating_duration_since(shared.granted);
        shared.granted += wall;
        shared.share.charge(cpu, wall)
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        // Whoever panicked had written a whole value or none.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn nanos(duration: Duration) -> i128 {
    i128::try_from(duration.as_nanos()).unwrap_or(i128::MAX >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(5);

    #[test]
    fn a_busy_guest_gets_exactly_its_share() {
        for percent in [1, 10, 25, 50, 80, 100] {
            let mut share = CpuShare::new(percent);
            let (mut cpu, mut wall, mut pause) = (Duration::ZERO, Duration::ZERO, Duration::ZERO);
            for _ in 0..1000 {
                cpu += TICK;
                wall += pause + TICK;
                pause = share.charge(TICK, pause + TICK);
            }
            wall += pause;
            let used = cpu.as_secs_f64() / wall.as_secs_f64() * 100.0;
            assert!((used - f64::from(percent)).abs() < 0.01, "{percent}: {used}");
        }
    }

    #[test]
    fn waiting_buys_only_a_short_burst() {
        let mut share = CpuShare::new(50);
        assert_eq!(share.charge(Duration::ZERO, Duration::from_hours(1)), Duration::ZERO);
        assert_eq!(share.charge(Duration::from_millis(100), Duration::from_millis(100)), MAX_CREDIT);
    }

    /// Several guests that never rest, on as many cores as they like.
    #[test]
    fn busy_guests_together_get_one_share() {
        for (percent, guests) in [(25, 2), (25, 8), (50, 3), (100, 4), (1, 2)] {
            let start = crate::clock::stopwatch();
            let shared = SharedCpu::new(percent, start);
            let mut ready = vec![start; guests];
            let (mut cpu, mut end) = (Duration::ZERO, start);
            for _ in 0..1000 {
                // Whoever may run first, runs for a tick.
                let next = ready.iter_mut().min().unwrap();
                end = *next + TICK;
                cpu += TICK;
                *next = end + shared.charge(TICK, end);
            }
            let allowed = (end - start).mul_f64(f64::from(percent) / 100.0);
            let ahead = TICK * u32::try_from(guests + 1).unwrap();
            assert!(cpu <= allowed + ahead, "{guests} at {percent}: {cpu:?} of {allowed:?}");
            assert!(cpu + ahead >= allowed, "{guests} at {percent} are held back: {cpu:?} of {allowed:?}");
        }
    }

    #[test]
    fn a_swarm_that_is_granted_less_still_owes_what_it_has_used() {
        let start = crate::clock::stopwatch();
        let shared = SharedCpu::new(50, start);
        let now = start + TICK;
        assert_eq!(shared.charge(TICK, now), TICK);
        shared.resize(25);
        assert_eq!(shared.charge(Duration::ZERO, now), 2 * TICK);
        assert_eq!(shared.charge(Duration::ZERO, now + 2 * TICK), Duration::ZERO);
    }
}
