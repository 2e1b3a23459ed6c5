//! What the governor does for as long as a coordinator leads: each chore is a task of its own, so that none keeps another
//! waiting, and none that fails ends the leadership.

mod renewal;

use tokio::task::JoinSet;

use super::service::Governor;

/// Begins the chores; they end when what it gives is dropped. `leader` is the revision that created the leader's key, which
/// everything a chore writes compares.
#[must_use]
pub fn begin(governor: &Governor, leader: i64) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    chores.spawn(renewal::run(governor.clone(), leader));
    chores
}
