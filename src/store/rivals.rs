//! Rivals: others who write the same keys at the same time.

use std::time::Duration;

/// The longest pause grows by this with every try.
const STEP_MICROS: u64 = 1000;

/// It grows no further after so many.
const MOST_STEPS: u64 = 100;

/// Lets rivals finish before the next try, for a random time; the longer, the more often there were some.
pub async fn yield_to_rivals(attempt: u32) {
    let longest = (u64::from(attempt) + 1).min(MOST_STEPS) * STEP_MICROS;
    tokio::time::sleep(Duration::from_micros(rand::random_range(0..=longest))).await;
}
