//! How long a task that failed waits before it is tried again.

use std::time::Duration;

/// What is to become of a task that failed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetryRule {
    /// The pause after the first failure.
    pub base: Duration,
    /// The longest pause.
    pub cap: Duration,
    /// A number from 0 to 1 that spreads the retries.
    pub jitter: f64,
}

impl RetryRule {
    /// The pause before the next attempt: chance × min(cap, base × 2^(attempt − 1)), "full jitter".
    #[must_use]
    pub fn pause(&self, attempt: u32) -> Duration {
        let doubled =
            self.base.saturating_mul(1_u32.checked_shl(attempt.saturating_sub(1)).unwrap_or(u32::MAX));
        doubled.min(self.cap).mul_f64(self.jitter.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pause_doubles_up_to_the_cap_and_chance_only_shortens_it() {
        let rule = RetryRule { base: Duration::from_secs(1), cap: Duration::from_mins(15), jitter: 1.0 };
        for (attempt, seconds) in [(1, 1), (2, 2), (5, 16), (11, 900), (400, 900)] {
            assert_eq!(rule.pause(attempt), Duration::from_secs(seconds), "attempt {attempt}");
        }
        assert_eq!(RetryRule { jitter: 0.0, ..rule }.pause(5), Duration::ZERO);
    }
}
