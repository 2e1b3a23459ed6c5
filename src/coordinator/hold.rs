//! What the store keeps of workers: who is connected, who holds a task, what was pushed to whom.

use serde::{Deserialize, Serialize};

use super::task::TaskRecord;
use crate::clock::Timestamp;
use crate::id::{ClaimId, SessionId, SwarmId, TaskId};

/// Who works on a task now. Hangs on the claim's lease: when the lease ends, so does the hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// The swarm.
    pub swarm: SwarmId,
    /// Its connected worker; absent for a claim by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionId>,
    /// The attempt.
    pub claim_id: ClaimId,
    /// Who wrote this.
    pub by: String,
    /// By what operation.
    pub op: String,
}

/// A connected worker. Its id is its lease in hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    /// The machine.
    pub host: String,
    /// The process.
    pub pid: u32,
    /// How many tasks it works on at a time.
    pub slots: u32,
    /// Whether the dispatcher may assign to it; one that claims for itself says no.
    pub assignable: bool,
    /// Since when it is connected.
    pub since: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// By what operation.
    pub op: String,
}

/// That a worker has connected and has not said goodbye. Unlike its entry this outlives it, so that a leader knows whom
/// to miss who was none when the worker vanished.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Since when.
    pub since: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// By what operation.
    pub op: String,
}

/// The operation of a worker that leaves of its own will, which nobody has to worry about.
pub const GOODBYE: &str = "disconnect";

impl Session {
    /// Whether the worker has said that it leaves.
    #[must_use]
    pub fn has_said_goodbye(&self) -> bool {
        self.op == GOODBYE
    }
}

/// A task pushed to a worker: the worker deletes it from its inbox to acknowledge. The token is the create
/// revision of the entry itself, for one transaction writes both entry and hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assignment {
    /// The task.
    pub task: TaskId,
    /// The attempt.
    pub claim_id: ClaimId,
    /// The epoch of the token.
    pub epoch: u64,
    /// The task's record, as it was written together with this: whoever takes it up need not read it first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Box<TaskRecord>>,
    /// When it was pushed.
    pub at: Timestamp,
    /// Who wrote this.
    pub by: String,
    /// By what operation.
    pub op: String,
}
