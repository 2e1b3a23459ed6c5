//! What the governor does for as long as a coordinator leads: each chore is a task of its own, so that none keeps another
//! waiting, and none that fails ends the leadership.

pub mod channel;
mod delivering;
mod policy_file;
mod rate_file;
mod reading;
mod renewal;
mod retention;

use tokio::task::JoinSet;

pub use policy_file::PolicyFile;
pub use rate_file::{RateFile, RateFileError, read_rates};
pub use reading::{PolicyFileError, read_policy};

use super::service::Governor;

/// The chores of a leader, under way; they end when this is dropped.
#[derive(Debug)]
pub struct Chores {
    _running: JoinSet<()>,
}

impl Chores {
    /// Begins them. `leader` is the revision that created the leader's key, which everything a chore writes compares; `name`
    /// is who writes.
    #[must_use]
    pub fn begin(governor: &Governor, leader: i64, name: &str, policy: &PolicyFile) -> Self {
        Self { _running: begin(governor, leader, name, policy) }
    }
}

fn begin(governor: &Governor, leader: i64, name: &str, policy: &PolicyFile) -> JoinSet<()> {
    let mut chores = JoinSet::new();
    chores.spawn(renewal::run(governor.clone(), leader));
    chores.spawn(retention::run(governor.clone(), leader));
    chores.spawn(delivering::run(governor.clone(), leader, policy.clone()));
    if policy.is_followed() {
        chores.spawn(policy.clone().follow(governor.clone(), leader, name.to_owned()));
    }
    chores
}
