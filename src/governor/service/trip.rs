//! Opening breakers by hand.

use super::account::dated;
use super::{BREAKER_ATTEMPTS, BreakerLine, Governor, GovernorError};
use crate::governor::account::Dated;
use crate::governor::breaker::Breaker;
use crate::governor::decision::{Decision, Remark};
use crate::governor::profile::TRIPPED;
use crate::store::{Key, Precondition, Scope, Transaction, yield_to_rivals};

const OP: &str = "governor.trip";

/// A person wants no more work to pass.
#[derive(Debug, Clone)]
pub struct Trip {
    /// To whom.
    pub scope: Scope,
    /// Why.
    pub reason: Remark,
    /// Who.
    pub by: String,
}

impl Governor {
    /// Opens a breaker until a person resets it. Work under way goes on; its success closes nothing.
    ///
    /// # Errors
    /// [`GovernorError::OpenByHand`] when a person has opened it before, [`GovernorError::BreakerBusy`],
    /// [`GovernorError::Store`].
    pub async fn trip(&self, trip: &Trip) -> Result<BreakerLine, GovernorError> {
        let scope = &trip.scope;
        let key = Key::Breaker(scope.clone());
        for attempt in 0..BREAKER_ATTEMPTS {
            let read: Option<Dated<Breaker>> = self.store.get(&key).await?.as_ref().map(dated).transpose()?;
            let now = self.clock.now();
            let decision = Decision { by: trip.by.clone(), reason: trip.reason.to_string(), at: now };
            let tripped = match &read {
                Some(breaker) if breaker.value.is_open_by_hand() => {
                    let Decision { by, reason, .. } = breaker.value.decision.clone().unwrap_or(decision);
                    return Err(GovernorError::OpenByHand { scope: scope.clone(), by, reason });
                }
                Some(breaker) => breaker.value.tripped_by(decision),
                None => Breaker::closed(now).tripped_by(decision),
            };
            let unchanged = Precondition::unchanged(&key, read.map_or(0, |breaker| breaker.revision));
            let mut transaction =
                Transaction::new().when(unchanged).put_json(&key, &tripped.signed(&trip.by, OP));
            if let Scope::Swarm(swarm) = scope {
                transaction = transaction.put(&Key::SwarmStatus(swarm.clone()), TRIPPED);
            }
            if self.store.commit(transaction).await?.is_done() {
                return self.breaker(scope).await;
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::BreakerBusy { scope: scope.clone(), attempts: BREAKER_ATTEMPTS })
    }
}
