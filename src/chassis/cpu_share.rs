//! The share of a core that guests may use: how long they must pause for what they have used.
//!
//! Pure: callers measure, this decides.

use std::fmt::Debug;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::pace::PaidUntil;

/// What whoever has used processor time must do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Rest for so long.
    For(Duration),
    /// Rest, and ask again: for the time being there is no share.
    UntilGranted,
}

/// Who books the processor time of tasks that have one share of a core together.
pub trait CpuAccount: Debug + Send + Sync {
    /// Books `cpu` used up to `now`, in the machine's uptime, and says what whoever used it must do.
    fn charge(&self, cpu: Duration, now: Duration) -> Pause;
}

/// A share of a core that tasks of one process have together, and nobody else.
///
/// Each pauses for what all have used. So together they are never ahead by more than one stretch of each of them, and
/// what may be caught up on.
#[derive(Debug)]
pub struct SharedCpu {
    /// In thousandths of a percent.
    share: u32,
    paid: Mutex<PaidUntil>,
}

impl SharedCpu {
    /// A share of `percent` of a core, from `now` on.
    #[must_use]
    pub fn new(percent: u32, now: Duration) -> Self {
        Self { share: percent.clamp(1, 100) * 1000, paid: Mutex::new(PaidUntil::at(now)) }
    }
}

impl CpuAccount for SharedCpu {
    fn charge(&self, cpu: Duration, now: Duration) -> Pause {
        // Whoever panicked had written a whole value or none.
        let mut paid = self.paid.lock().unwrap_or_else(PoisonError::into_inner);
        Pause::For(paid.spend(cpu, self.share, now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chassis::pace::MAX_CREDIT;

    const TICK: Duration = Duration::from_millis(5);
    const START: Duration = Duration::from_hours(1);

    fn charge(share: &SharedCpu, cpu: Duration, now: Duration) -> Duration {
        match share.charge(cpu, now) {
            Pause::For(pause) => pause,
            Pause::UntilGranted => panic!("it is its own"),
        }
    }

    #[test]
    fn a_busy_guest_gets_exactly_its_share() {
        for percent in [1, 10, 25, 50, 80, 100] {
            let share = SharedCpu::new(percent, START);
            let (mut cpu, mut now) = (Duration::ZERO, START);
            for _ in 0..1000 {
                cpu += TICK;
                now += TICK;
                now += charge(&share, TICK, now);
            }
            let used = cpu.as_secs_f64() / now.checked_sub(START).unwrap().as_secs_f64() * 100.0;
            assert!((used - f64::from(percent)).abs() < 0.01, "{percent}: {used}");
        }
    }

    #[test]
    fn waiting_buys_only_a_short_burst() {
        let share = SharedCpu::new(50, START);
        let later = START + Duration::from_hours(1);
        assert_eq!(charge(&share, Duration::ZERO, later), Duration::ZERO);
        let stretch = Duration::from_millis(100);
        assert_eq!(charge(&share, stretch, later + stretch), MAX_CREDIT);
    }

    /// Several guests that never rest, on as many cores as they like.
    #[test]
    fn busy_guests_together_get_one_share() {
        for (percent, guests) in [(25, 2), (25, 8), (50, 3), (100, 4), (1, 2)] {
            let shared = SharedCpu::new(percent, START);
            let mut ready = vec![START; guests];
            let (mut cpu, mut end) = (Duration::ZERO, START);
            for _ in 0..1000 {
                // Whoever may run first, runs for a tick.
                let next = ready.iter_mut().min().unwrap();
                end = *next + TICK;
                cpu += TICK;
                *next = end + charge(&shared, TICK, end);
            }
            let allowed = end.checked_sub(START).unwrap().mul_f64(f64::from(percent) / 100.0);
            let ahead = TICK * u32::try_from(guests + 1).unwrap();
            assert!(cpu <= allowed + ahead, "{guests} at {percent}: {cpu:?} of {allowed:?}");
            assert!(cpu + ahead >= allowed, "{guests} at {percent} are held back: {cpu:?} of {allowed:?}");
        }
    }
}
