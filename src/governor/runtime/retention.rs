//! The chore of removing records that nobody needs any more.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::governor::service::Governor;

/// Ages are counted in days.
const BETWEEN: Duration = Duration::from_hours(1);

/// Looks again and again. What fails is tried again with the next look.
pub(super) async fn run(governor: Governor, leader: i64) {
    let mut tick = interval(BETWEEN);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        match governor.remove_outlived(leader).await {
            Ok(0) => {}
            Ok(keys) => tracing::info!(keys, "records that nobody needs any more are removed"),
            Err(error) => tracing::warn!(%error, "old records are removed later"),
        }
    }
}
