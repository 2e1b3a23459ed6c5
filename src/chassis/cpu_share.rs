//! The share of a core that a guest may use: how long it must pause for what it has used.
//!
//! Pure: callers measure, this decides.

use std::time::Duration;

/// What a guest that used less than its share may catch up on, so that waiting does not buy a long burst.
const MAX_CREDIT: Duration = Duration::from_millis(50);

/// Keeps a guest at a share of one core.
#[derive(Debug, Clone)]
pub(super) struct CpuShare {
    percent: i128,
    /// Percent × nanoseconds of CPU time used beyond the share; below zero: not used.
    excess: i128,
}

impl CpuShare {
    pub(super) fn new(percent: u32) -> Self {
        Self { percent: i128::from(percent.clamp(1, 100)), excess: 0 }
    }

    /// Books `cpu` used within `wall`, the time since the last call, and says how long to pause.
    pub(super) fn charge(&mut self, cpu: Duration, wall: Duration) -> Duration {
        let floor = -self.percent * nanos(MAX_CREDIT);
        self.excess = (self.excess + 100 * nanos(cpu) - self.percent * nanos(wall)).max(floor);
        Duration::from_nanos(u64::try_from(self.excess / self.percent).unwrap_or(0))
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
}
