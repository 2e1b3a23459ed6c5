//! Asking whether a token still counts, for what lies outside the store: a push, a deployment, a payment.

use serde::Serialize;

use super::{Coordinator, CoordinatorError};
use crate::coordinator::token::Token;
use crate::id::{ClaimId, SessionId, SwarmId, TaskId};

/// A task that is held by whoever has the token.
#[derive(Debug, Clone, Serialize)]
pub struct Held {
    /// The task.
    pub task: TaskId,
    /// The token.
    pub token: Token,
    /// Its holder.
    pub swarm: SwarmId,
    /// The holder's worker, if it is connected.
    pub session: Option<SessionId>,
    /// The attempt.
    pub claim_id: ClaimId,
}

impl Coordinator {
    /// Who holds the task by this token, as of the moment the store is asked. A hold is there as long as its lease
    /// lives, and only the last one is.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] names who holds the task otherwise.
    pub async fn held(&self, task: &TaskId, token: Token) -> Result<Held, CoordinatorError> {
        let situation = self.situation(task).await?;
        let is_present = situation.token() == Some(token);
        let holder = situation.holder();
        match situation.hold {
            Some(hold) if is_present => Ok(Held {
                task: task.clone(),
                token,
                swarm: hold.value.swarm,
                session: hold.value.session,
                claim_id: hold.value.claim_id,
            }),
            _ if situation.record.is_none() => Err(CoordinatorError::NoTask { task: task.clone() }),
            _ => Err(CoordinatorError::Stale { task: task.clone(), token, holder }),
        }
    }
}
