//! Providers: whether calls pass to one, and what came of them. Every process sees the same breaker.

use serde::Serialize;

use super::account::dated;
use super::{BREAKER_ATTEMPTS, Governor, GovernorError, yield_to_rival};
use crate::clock::Timestamp;
use crate::governor::account::Dated;
use crate::governor::breaker::{Admission, Breaker, BreakerState, TripReason};
use crate::governor::escalation::{Escalation, EscalationKind};
use crate::governor::policy::Policy;
use crate::governor::reservation::ProviderProbe;
use crate::id::{ClaimId, ProviderId};
use crate::store::{Key, Precondition, Query, Scope, Snapshot, Transaction};

const OP: &str = "governor.provider";

/// What a provider's breaker says to a call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ProviderAdmission {
    /// It passes.
    Pass,
    /// It passes as the one trial, and must be recorded as this call.
    Trial(ClaimId),
    /// It does not: the breaker is open.
    Open {
        /// Why.
        reason: TripReason,
        /// When a trial is due; none when only a person closes it.
        until: Option<Timestamp>,
    },
    /// It does not: the trial is somebody else's.
    OnTrial,
}

/// What is known of a provider's breaker.
struct Known {
    scope: Scope,
    breaker: Option<Dated<Breaker>>,
    probe: Option<Dated<ProviderProbe>>,
    policy: Policy,
}

impl Governor {
    /// Asks whether a call may pass to a provider. The call that is the trial holds it for as long as `lease` lives, and
    /// no other call passes meanwhile, whichever process asks.
    ///
    /// # Errors
    /// [`GovernorError::BreakerBusy`] when others keep writing the breaker, [`GovernorError::Store`].
    pub async fn provider_admission(
        &self,
        provider: &ProviderId,
        lease: i64,
        by: &str,
    ) -> Result<ProviderAdmission, GovernorError> {
        for attempt in 0..BREAKER_ATTEMPTS {
            let known = self.known_provider(provider).await?;
            let now = self.clock.now();
            let Some(breaker) = &known.breaker else { return Ok(ProviderAdmission::Pass) };
            match (breaker.value.admission(now), &known.probe) {
                (Admission::Pass, _) => return Ok(ProviderAdmission::Pass),
                (Admission::Refused { reason, until }, _) => {
                    return Ok(ProviderAdmission::Open { reason, until });
                }
                (Admission::Probe, Some(_)) => return Ok(ProviderAdmission::OnTrial),
                (Admission::Probe, None) => {}
            }
            let call = ClaimId::fresh(now);
            let probe =
                ProviderProbe { call: Some(call.clone()), at: now, by: by.to_owned(), op: OP.to_owned() };
            let probing = known
                .as_read()
                .put_json_leased(&Key::Probe(known.scope.clone()), &probe, lease)
                .put_json(&Key::Breaker(known.scope.clone()), &breaker.value.probing(now).signed(by, OP));
            if self.store.commit(probing).await?.is_done() {
                return Ok(ProviderAdmission::Trial(call));
            }
            yield_to_rival(attempt).await;
        }
        Err(busy(provider))
    }

    /// Notes how a call to a provider ended, with the rules of every breaker; `trial` is what the call was admitted as.
    /// A human is called when the breaker opens. Gives what the breaker is after that.
    ///
    /// # Errors
    /// [`GovernorError::BreakerBusy`] when others keep writing the breaker, [`GovernorError::Store`].
    pub async fn record_provider(
        &self,
        provider: &ProviderId,
        trial: Option<&ClaimId>,
        succeeded: bool,
        by: &str,
    ) -> Result<BreakerState, GovernorError> {
        for attempt in 0..BREAKER_ATTEMPTS {
            let known = self.known_provider(provider).await?;
            let now = self.clock.now();
            let is_trial =
                trial.is_some() && known.probe.as_ref().and_then(|probe| probe.value.call.as_ref()) == trial;
            let before = known.breaker.as_ref().map(|breaker| breaker.value.clone());
            let before = before.unwrap_or_else(|| Breaker::closed(now));
            let limits = known.policy.resources.breaker_limits();
            let after = before.after_work(succeeded, is_trial, &limits, now, rand::random());
            if after == before && !is_trial {
                return Ok(after.state);
            }
            let state = after.state;
            let mut transaction = known.as_read();
            if is_trial {
                transaction = transaction.delete(&Key::Probe(known.scope.clone()));
            }
            if after.trips > before.trips {
                let call = call(provider, &after, by, now);
                transaction = transaction.put_json(&Key::Escalation(call.id.clone()), &call);
            }
            let transaction = transaction.put_json(&Key::Breaker(known.scope.clone()), &after.signed(by, OP));
            if self.store.commit(transaction).await?.is_done() {
                return Ok(state);
            }
            yield_to_rival(attempt).await;
        }
        Err(busy(provider))
    }

    async fn known_provider(&self, provider: &ProviderId) -> Result<Known, GovernorError> {
        let scope = Scope::Provider(provider.clone());
        let keys = [Key::Breaker(scope.clone()), Key::Probe(scope.clone()), Key::Policy];
        let snapshot: Snapshot = self.store.read(keys.map(Query::One).into()).await?;
        Ok(Known {
            scope,
            breaker: snapshot.one(0).map(dated).transpose()?,
            probe: snapshot.one(1).map(dated).transpose()?,
            policy: Self::policy_from(snapshot.one(2))?,
        })
    }
}

impl Known {
    /// Nothing of it has changed.
    fn as_read(&self) -> Transaction {
        let breaker = self.breaker.as_ref().map_or(0, |breaker| breaker.revision);
        let probe = self.probe.as_ref().map_or(0, |probe| probe.revision);
        Transaction::new()
            .when(Precondition::unchanged(&Key::Breaker(self.scope.clone()), breaker))
            .when(Precondition::unchanged(&Key::Probe(self.scope.clone()), probe))
    }
}

fn busy(provider: &ProviderId) -> GovernorError {
    GovernorError::BreakerBusy { scope: Scope::Provider(provider.clone()), attempts: BREAKER_ATTEMPTS }
}

fn call(provider: &ProviderId, breaker: &Breaker, by: &str, now: Timestamp) -> Escalation {
    let failed = match breaker.reason {
        Some(TripReason::FailureRate) => {
            let (failed, count) = breaker.recent.tally();
            format!("{failed} of the last {count} calls failed")
        }
        _ => format!("{} calls in a row failed", breaker.failures),
    };
    Escalation::triggered(
        EscalationKind::ProviderBreaker,
        &format!("{provider}.{}", breaker.trips),
        format!("{failed} at provider {provider}: its circuit breaker opened"),
        "see what is wrong with the provider; it is tried again by itself",
        by,
        now,
    )
}
