//! The next task, for whoever asks once and goes: a session of one slot, until something is assigned.

use std::time::Duration;

use super::session::{Connected, Received, Terms, legible, written};
use crate::clock::Clock;
use crate::coordinator::service::{Coordinator, CoordinatorError};
use crate::id::SwarmId;
use crate::store::{Entry, Key, StoreError};

/// How long a session outlives whoever waits, when that dies: what is assigned meanwhile is late by as much.
const SESSION_TTL: Duration = Duration::from_secs(10);

/// A wish for a task.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Whose.
    pub swarm: SwarmId,
    /// How long the claim is to last without a sign of life.
    pub ttl: Duration,
    /// How long to wait for one.
    pub wait: Duration,
}

/// Waits for the best ready task of a swarm, as the dispatcher sees it; nothing when none came in time, or `stop` did.
///
/// # Errors
/// [`CoordinatorError::NoLeader`] when nobody hands out tasks, others when the store does not answer.
pub async fn next(
    coordinator: &Coordinator,
    clock: &Clock,
    wish: &Wish,
    stop: impl Future<Output = ()>,
) -> Result<Option<Received>, CoordinatorError> {
    if coordinator.store().get(&Key::Leader).await?.is_none() {
        return Err(CoordinatorError::NoLeader);
    }
    let terms = Terms { swarm: wish.swarm.clone(), slots: 1, assignable: true, ttl: SESSION_TTL };
    let connected = Connected::open(coordinator, clock, &terms).await?;
    let enough = async {
        tokio::select! {
            () = tokio::time::sleep(wish.wait) => {}
            () = stop => {}
        }
    };
    match assigned(&connected, enough).await {
        Ok(Some(received)) => {
            connected.leave_with(&received, wish.ttl).await?;
            Ok(Some(received))
        }
        nothing => {
            connected.close().await;
            nothing
        }
    }
}

/// The first assignment that is taken up. Taking up is not interrupted: what is acknowledged is kept.
async fn assigned(
    connected: &Connected,
    enough: impl Future<Output = ()>,
) -> Result<Option<Received>, CoordinatorError> {
    let mut enough = std::pin::pin!(enough);
    loop {
        let (mut waiting, mut inbox) = connected.inbox().await?;
        loop {
            if let Some(received) = take_up(connected, &waiting).await? {
                return Ok(Some(received));
            }
            let batch = tokio::select! {
                batch = inbox.next() => batch,
                () = connected.lost() => return Err(CoordinatorError::SessionLost),
                () = &mut enough => return Ok(None),
            };
            match batch {
                Ok(batch) => waiting = written(&batch),
                // The history was compacted while the connection was away: look anew.
                Err(StoreError::Compacted { .. }) => break,
                Err(error) => return Err(error.into()),
            }
        }
    }
}

async fn take_up(connected: &Connected, waiting: &[Entry]) -> Result<Option<Received>, CoordinatorError> {
    for assignment in waiting.iter().filter_map(legible) {
        if let Some(received) = connected.acknowledge(&assignment, connected.now()).await? {
            return Ok(Some(received));
        }
    }
    Ok(None)
}
