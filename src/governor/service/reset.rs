//! Closing breakers by hand: what a person has approved, in one transaction with all that it settles.

use serde::Serialize;

use super::account::dated;
use super::{BREAKER_ATTEMPTS, BreakerLine, Governor, GovernorError};
use crate::governor::account::Dated;
use crate::governor::breaker::{Breaker, BreakerState};
use crate::governor::budget::Budget;
use crate::governor::decision::{Decision, Remark};
use crate::governor::escalation::{Answer, Answered, Escalation, EscalationKind, EscalationState};
use crate::governor::profile::ACTIVE;
use crate::governor::reset;
use crate::id::unique;
use crate::money::Money;
use crate::store::{
    Key, Precondition, Prefix, Query, Scope, Snapshot, StoreError, Transaction, yield_to_rivals,
};

const OP: &str = "governor.reset";

/// etcd takes 128 operations in one transaction; each call compares and puts.
const CALLS_AT_ONCE: usize = 50;

/// A person wants a breaker closed.
#[derive(Debug, Clone)]
pub struct Reset {
    /// Whose.
    pub scope: Scope,
    /// Who approves it.
    pub approved_by: Remark,
    /// Why.
    pub reason: Remark,
    /// What the swarm may spend from now on; none keeps what it has.
    pub new_budget: Option<Money>,
    /// The revision of the breaker that the person was shown; none when nothing was shown.
    pub shown: Option<i64>,
    /// Who acts.
    pub by: String,
}

/// The record that a person had a breaker closed.
#[derive(Debug, Serialize)]
struct Approval<'a> {
    scope: &'a Scope,
    approved_by: &'a str,
    reason: &'a str,
    at: crate::clock::Timestamp,
    /// As it was before; none when nobody could read it.
    breaker: Option<&'a Breaker>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new_budget: Option<Money>,
    by: &'a str,
    op: &'a str,
}

/// A call for a human, and where it is.
type Call = (Key, Dated<Escalation>);

/// What a reset goes by.
struct Found {
    breaker: Option<Dated<Breaker>>,
    /// Nobody can read the breaker: it is taken for one that is open, and begins anew.
    is_illegible: bool,
    budget: Option<Dated<Budget>>,
    enforced: bool,
}

impl Governor {
    /// The breaker as it is, if it can be reset so.
    ///
    /// # Errors
    /// As [`Governor::reset`].
    pub async fn resettable(
        &self,
        scope: &Scope,
        new_budget: Option<Money>,
    ) -> Result<BreakerLine, GovernorError> {
        // The line first: what changes after it is found by the reset itself.
        let line = self.breaker(scope).await?;
        self.found(scope).await?.budget_after(scope, new_budget)?;
        Ok(line)
    }

    /// Closes a breaker: failures are forgotten, a trial under way is none any more, the calls about it are resolved,
    /// and who approved it is recorded; all in one transaction.
    ///
    /// # Errors
    /// [`GovernorError::NotReset`] when it is closed, or when the swarm has nothing left to spend;
    /// [`GovernorError::NoBudget`], [`GovernorError::BreakerChanged`], [`GovernorError::BreakerBusy`],
    /// [`GovernorError::Store`].
    pub async fn reset(&self, reset: &Reset) -> Result<BreakerLine, GovernorError> {
        let scope = &reset.scope;
        for attempt in 0..BREAKER_ATTEMPTS {
            let found = self.found(scope).await?;
            if reset.shown.is_some_and(|shown| shown != found.revision()) {
                return Err(GovernorError::BreakerChanged { scope: scope.clone() });
            }
            let budget = found.budget_after(scope, reset.new_budget)?;
            let calls = self.open_calls(scope).await?;
            let (now, later) = calls.split_at(calls.len().min(CALLS_AT_ONCE));
            let closing = self.closing(reset, &found, budget).and(self.resolving(now, reset));
            if self.store.commit(closing).await?.is_done() {
                for calls in later.chunks(CALLS_AT_ONCE) {
                    if !self.store.commit(self.resolving(calls, reset)).await?.is_done() {
                        tracing::warn!(%scope, "some calls about it were changed by others and are left open");
                    }
                }
                return self.breaker(scope).await;
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::BreakerBusy { scope: scope.clone(), attempts: BREAKER_ATTEMPTS })
    }

    async fn found(&self, scope: &Scope) -> Result<Found, GovernorError> {
        let keys = [Key::Breaker(scope.clone()), Key::Budget(scope.clone()), Key::Policy];
        let snapshot: Snapshot = self.store.read(keys.map(Query::One).into()).await?;
        let now = self.clock.now();
        let read = snapshot.one(0).map(dated::<Breaker>);
        let is_illegible = matches!(read, Some(Err(_)));
        let unknown = || Breaker { state: BreakerState::Open, ..Breaker::closed(now) };
        let mut breaker = snapshot.one(0).zip(read).map(|(entry, read)| {
            read.unwrap_or_else(|_| Dated { value: unknown(), revision: entry.mod_revision })
        });
        let budget = snapshot.one(1).filter(|_| *scope != Scope::Overall);
        let mut budget: Option<Dated<Budget>> = budget.map(dated).transpose()?;
        if let Some(budget) = budget.as_mut().filter(|budget| budget.value.is_over(now)) {
            budget.value = budget.value.at(now);
            if let Some(breaker) = &mut breaker {
                breaker.value = breaker.value.renewed(now).unwrap_or_else(|| breaker.value.clone());
            }
        }
        Ok(Found {
            breaker,
            is_illegible,
            budget,
            enforced: Self::policy_from(snapshot.one(2))?.resources.enable_budget_enforcement,
        })
    }

    /// The calls about a breaker that are not resolved, oldest first.
    async fn open_calls(&self, scope: &Scope) -> Result<Vec<Call>, StoreError> {
        let Some(beginning) = beginning_of_calls(scope) else { return Ok(Vec::new()) };
        let (entries, _) = self.store.range(&Prefix::EscalationsLike(beginning.clone())).await?;
        let mut calls = Vec::new();
        for entry in &entries {
            let Some(Key::Escalation(id)) = Key::parse(&entry.key) else { continue };
            // Of names that begin alike, such as `a` and `a.1`, only the rest of the own calls is a number.
            if id.strip_prefix(&beginning).is_none_or(|rest| rest.parse::<u32>().is_err()) {
                continue;
            }
            match dated::<Escalation>(entry) {
                Ok(call) if call.value.state == EscalationState::Resolved => {}
                Ok(call) => calls.push((Key::Escalation(id), call)),
                Err(error) => tracing::error!(id, %error, "not resolved"),
            }
        }
        calls.sort_by_key(|(_, call)| call.value.triggered_at);
        Ok(calls)
    }

    fn closing(&self, reset: &Reset, found: &Found, budget: Option<Budget>) -> Transaction {
        let Some(breaker) = &found.breaker else { return Transaction::new() };
        let (scope, now, by) = (&reset.scope, self.clock.now(), reset.by.as_str());
        let (approved_by, reason) = (reset.approved_by.to_string(), reset.reason.to_string());
        let approval = Approval {
            scope,
            approved_by: &approved_by,
            reason: &reason,
            at: now,
            breaker: Some(&breaker.value).filter(|_| !found.is_illegible),
            new_budget: reset.new_budget,
            by,
            op: OP,
        };
        let decision = Decision { by: approved_by.clone(), reason: reason.clone(), at: now };
        let budget_key = Key::Budget(scope.clone());
        let budget_revision = found.budget.as_ref().map_or(0, |budget| budget.revision);
        let mut transaction = Transaction::new()
            .when(Precondition::unchanged(&Key::Breaker(scope.clone()), breaker.revision))
            .when(Precondition::unchanged(&budget_key, budget_revision))
            .put_json(&Key::Breaker(scope.clone()), &breaker.value.reset(decision).signed(by, OP))
            .delete(&Key::Probe(scope.clone()))
            .put_json(&Key::Approval(scope.clone(), unique(now)), &approval);
        if let Some(budget) = budget {
            transaction = transaction.put_json(&budget_key, &budget.signed(by, OP));
        }
        if let Scope::Swarm(swarm) = scope {
            // How well it is, the leader says when it looks next.
            transaction = transaction.put(&Key::SwarmStatus(swarm.clone()), ACTIVE);
        }
        transaction
    }

    fn resolving(&self, calls: &[Call], reset: &Reset) -> Transaction {
        let (by, note) = (reset.by.clone(), Some(reset.reason.to_string()));
        let answer = Answer { by, at: self.clock.now(), note };
        calls.iter().fold(Transaction::new(), |transaction, (key, call)| {
            match call.value.resolve(answer.clone()) {
                Answered::Changed(resolved) => {
                    transaction.when(Precondition::unchanged(key, call.revision)).put_json(key, &resolved)
                }
                Answered::Already | Answered::Settled => transaction,
            }
        })
    }
}

impl Found {
    fn revision(&self) -> i64 {
        self.breaker.as_ref().map_or(0, |breaker| breaker.revision)
    }

    fn budget_after(&self, scope: &Scope, new: Option<Money>) -> Result<Option<Budget>, GovernorError> {
        if new.is_some() && !matches!(scope, Scope::Swarm(_)) {
            return Err(GovernorError::NoBudget { scope: scope.clone() });
        }
        let breaker = self.breaker.as_ref().map(|breaker| &breaker.value);
        let budget = self.budget.as_ref().map(|budget| &budget.value);
        reset::reset(breaker, budget, new, self.enforced)
            .map_err(|refusal| GovernorError::NotReset { scope: scope.clone(), refusal })
    }
}

/// How the ids of the calls about a breaker begin; a count of trips follows.
fn beginning_of_calls(scope: &Scope) -> Option<String> {
    match scope {
        Scope::Swarm(swarm) => Some(format!("{}.{swarm}.", EscalationKind::CircuitBreaker)),
        Scope::Provider(provider) => Some(format!("{}.{provider}.", EscalationKind::ProviderBreaker)),
        Scope::Task(_) | Scope::Caller(..) | Scope::Overall => None,
    }
}
