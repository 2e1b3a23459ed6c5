//! The next task, for whoever asks once and goes: a session of one slot, until something is assigned. Who does not want
//! to wait claims the best task that is ready by itself.

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
    /// How long to wait for one; not at all is to look once.
    pub wait: Duration,
}

/// What came of a wish.
#[derive(Debug)]
pub enum Answer {
    /// A task.
    Task(Box<Received>),
    /// None in time.
    Nothing,
    /// It was told to stop before there was one.
    Interrupted,
}

/// Waits for the best ready task of a swarm, as the dispatcher sees it, until `stop` at the latest.
///
/// # Errors
/// [`CoordinatorError::NoLeader`] when nobody hands out tasks, others when the store does not answer.
pub async fn next(
    coordinator: &Coordinator,
    clock: &Clock,
    wish: &Wish,
    stop: impl Future<Output = ()>,
) -> Result<Answer, CoordinatorError> {
    if coordinator.store().get(&Key::Leader).await?.is_none() {
        return Err(CoordinatorError::NoLeader);
    }
    if wish.wait.is_zero() {
        return look(coordinator, wish).await;
    }
    let terms = Terms { swarm: wish.swarm.clone(), slots: 1, assignable: true, ttl: SESSION_TTL };
    let connected = Connected::open(coordinator, clock, &terms).await?;
    let enough = async {
        tokio::select! {
            () = tokio::time::sleep(wish.wait) => Answer::Nothing,
            () = stop => Answer::Interrupted,
        }
    };
    match assigned(&connected, enough).await {
        Ok(Answer::Task(received)) => {
            connected.leave_with(&received, wish.ttl).await?;
            Ok(Answer::Task(received))
        }
        nothing => {
            connected.close().await;
            nothing
        }
    }
}

/// Takes the best task that is ready now.
async fn look(coordinator: &Coordinator, wish: &Wish) -> Result<Answer, CoordinatorError> {
    let store = coordinator.store();
    let lease = store.grant(wish.ttl).await?;
    let claimed = coordinator.claim_best(&wish.swarm, lease.id).await;
    if let Ok(Some((token, record))) = claimed {
        return Ok(Answer::Task(Box::new(Received { record: *record, token })));
    }
    // After an error it may have been won all the same, and nobody would know the token.
    if let Err(error) = store.revoke(lease.id).await {
        tracing::debug!(%error, "the lease is left to run out");
    }
    claimed.map(|_| Answer::Nothing)
}

/// The first assignment that is taken up. Taking up is not interrupted: what is acknowledged is kept.
async fn assigned(
    connected: &Connected,
    enough: impl Future<Output = Answer>,
) -> Result<Answer, CoordinatorError> {
    let mut enough = std::pin::pin!(enough);
    loop {
        let (mut waiting, mut inbox) = connected.inbox().await?;
        loop {
            if let Some(received) = take_up(connected, &waiting).await? {
                return Ok(Answer::Task(Box::new(received)));
            }
            let batch = tokio::select! {
                batch = inbox.next() => batch,
                () = connected.lost() => return Err(CoordinatorError::SessionLost),
                answer = &mut enough => return Ok(answer),
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
