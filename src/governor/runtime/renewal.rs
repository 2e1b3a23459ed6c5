//! The chore of beginning budgets anew whose period is over.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use crate::governor::service::Governor;

/// How long after its end a period is renewed at the latest. Nobody waits for it.
const BETWEEN: Duration = Duration::from_mins(1);

/// Looks again and again. What fails is tried again with the next look.
pub(super) async fn run(governor: Governor, leader: i64) {
    let mut tick = interval(BETWEEN);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        match governor.renew_budgets(leader).await {
            Ok(0) => {}
            Ok(budgets) => tracing::info!(budgets, "their periods are over: they begin anew"),
            Err(error) => tracing::warn!(%error, "budgets are renewed later"),
        }
    }
}
