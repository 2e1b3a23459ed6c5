//! Pauses that grow from try to try and differ from worker to worker, so that ten thousand that lost the same store
//! do not come back in the same moment.

use std::fmt::Display;
use std::time::Duration;

/// The pauses between tries.
#[derive(Debug)]
pub struct Backoff {
    next: Duration,
}

impl Default for Backoff {
    fn default() -> Self {
        Self::new()
    }
}

impl Backoff {
    const FIRST: Duration = Duration::from_millis(250);
    const LONGEST: Duration = Duration::from_secs(4);

    /// The first pause is the shortest.
    #[must_use]
    pub fn new() -> Self {
        Self { next: Self::FIRST }
    }

    /// The next pause; `chance` is from 0 to 1. It doubles up to the longest, and the half of it is by chance.
    pub fn next(&mut self, chance: f64) -> Duration {
        let pause = self.next;
        self.next = (pause * 2).min(Self::LONGEST);
        pause.mul_f64(0.5 + 0.5 * chance.clamp(0.0, 1.0))
    }

    /// Waits for the next pause.
    pub async fn wait(&mut self) {
        tokio::time::sleep(self.next(rand::random())).await;
    }

    /// Tries again, with pauses, as long as a failure is worth it.
    pub async fn retry<T, E: Display, F>(
        operation: impl Fn() -> F,
        is_retryable: impl Fn(&E) -> bool,
    ) -> Result<T, E>
    where
        F: Future<Output = Result<T, E>>,
    {
        let mut backoff = Self::new();
        loop {
            match operation().await {
                Err(error) if is_retryable(&error) => {
                    tracing::warn!(%error, "trying again");
                    backoff.wait().await;
                }
                ended => return ended,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_up_to_the_longest_and_half_of_each_is_by_chance() {
        for (chance, millis) in [
            (1.0, [250, 500, 1000, 2000, 4000, 4000]),
            (0.0, [125, 250, 500, 1000, 2000, 2000]),
            (9.0, [250, 500, 1000, 2000, 4000, 4000]),
        ] {
            let mut backoff = Backoff::new();
            let pauses: Vec<_> = millis.iter().map(|_| backoff.next(chance).as_millis()).collect();
            assert_eq!(pauses, millis, "{chance}");
        }
    }
}
