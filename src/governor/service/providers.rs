//! Breakers of providers over the store: who may try again, and what has come of calls.
//!
//! A call that went well while both breakers are closed needs no word here; whoever calls keeps count of such calls and
//! tells of them with the next that is worth one. The provider's breaker and the swarm's own change in one transaction.

use std::time::Duration;

use super::account::dated;
use super::rails::CHOICE;
use super::{Governor, GovernorError};
use crate::clock::Timestamp;
use crate::governor::account::Dated;
use crate::governor::breaker::{Breaker, BreakerState};
use crate::governor::provider::{CallFailure, CallReport, Pair, Trials};
use crate::governor::rails::{RailStanding, outage};
use crate::governor::reservation::ProviderProbe;
use crate::id::ClaimId;
use crate::store::{
    Commit, Entry, Key, Precondition, Prefix, Query, Scope, Snapshot, StoreError, Transaction,
    yield_to_rivals,
};

/// How often a breaker that others keep writing is tried to be written: as many as may call one provider at once.
const ATTEMPTS: u32 = 200;

const OP: &str = "chassis.call";

/// The one trial of a breaker, taken by whoever has this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// Whose.
    pub scope: Scope,
    call: ClaimId,
    lease: i64,
}

/// What becomes of a wish to try again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tried {
    /// It needs no trial: the breaker is closed.
    Free,
    /// It is the trial.
    Trial(Trial),
    /// It must not be made.
    Refused(RailStanding),
}

/// Both breakers after a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotedCall {
    /// The provider's.
    pub common: Dated<Breaker>,
    /// The swarm's own at this provider.
    pub own: Dated<Breaker>,
}

impl Governor {
    /// Takes the trial of a provider's breaker, or of a swarm's own there, if one is due. It is free for others again after
    /// `patience` if nobody has heard of it. What [`Governor::choose_rail`] has given out as a trial is made by the first
    /// call that comes.
    ///
    /// # Errors
    /// [`GovernorError::BreakerBusy`] when others keep writing the breaker, [`GovernorError::Store`].
    pub async fn try_provider(
        &self,
        scope: &Scope,
        patience: Duration,
        by: &str,
    ) -> Result<Tried, GovernorError> {
        for attempt in 0..ATTEMPTS {
            let keys = [Key::Breaker(scope.clone()), Key::Probe(scope.clone())];
            let snapshot = self.store.read(keys.map(Query::One).into()).await?;
            let Some(entry) = snapshot.one(0) else { return Ok(Tried::Free) };
            let Ok(breaker) = entry.json::<Breaker>() else {
                return Ok(Tried::Refused(RailStanding::Illegible));
            };
            let breaker = Dated { value: breaker, revision: entry.mod_revision };
            let probe = snapshot.one(1);
            match RailStanding::of(&breaker.value, probe.is_some_and(is_being_made), self.clock.now()) {
                RailStanding::Free => return Ok(Tried::Free),
                RailStanding::TrialDue => {
                    let given_out = probe.map_or(0, |entry| entry.mod_revision);
                    if let Some(trial) =
                        self.begin_trial(scope, &breaker, given_out, patience, (by, OP)).await?
                    {
                        return Ok(Tried::Trial(trial));
                    }
                }
                refused => return Ok(Tried::Refused(refused)),
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::BreakerBusy { scope: scope.clone(), attempts: ATTEMPTS })
    }

    /// Makes the breaker half-open and whoever asks its one trial, in place of the one at revision `before`, 0 for none;
    /// nothing when somebody else was faster.
    pub(super) async fn begin_trial(
        &self,
        scope: &Scope,
        breaker: &Dated<Breaker>,
        before: i64,
        patience: Duration,
        (by, op): (&str, &str),
    ) -> Result<Option<Trial>, StoreError> {
        let (probe, key) = (Key::Probe(scope.clone()), Key::Breaker(scope.clone()));
        let now = self.clock.now();
        let lease = self.store.grant(patience).await?;
        let call = ClaimId::fresh(now);
        let trial = ProviderProbe { call: call.clone(), at: now, by: by.to_owned(), op: op.to_owned() };
        let transaction = Transaction::new()
            .when(Precondition::unchanged(&key, breaker.revision))
            .when(Precondition::unchanged(&probe, before))
            .put_json_leased(&probe, &trial, lease.id)
            .put_json(&key, &breaker.value.probing(now).signed(by, op));
        if self.store.commit(transaction).await?.is_done() {
            return Ok(Some(Trial { scope: scope.clone(), call, lease: lease.id }));
        }
        if let Err(error) = self.store.revoke(lease.id).await {
            tracing::debug!(%error, "a lease without keys is left to run out");
        }
        Ok(None)
    }

    /// Gives a trial back that has come to nothing, or that was told of; until then it is nobody else's.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer: then it ends by itself.
    pub async fn end_trial(&self, trial: &Trial) -> Result<(), StoreError> {
        self.store.revoke(trial.lease).await
    }

    /// Takes note of calls; `trials` are those that the last of them was. Calls a human when the provider's breaker opens.
    ///
    /// # Errors
    /// [`GovernorError::BreakerBusy`] when others keep writing the breakers, [`GovernorError::Store`].
    pub async fn note_call(
        &self,
        report: &CallReport,
        trials: &[Trial],
        by: &str,
    ) -> Result<NotedCall, GovernorError> {
        let called = Called::of(report);
        for attempt in 0..ATTEMPTS {
            let snapshot = self.store.read(called.queries(report)).await?;
            let now = self.clock.now();
            let limits = Self::policy_from(snapshot.one(POLICY))?.resources.breaker_limits();
            let (common, own) = (breaker(snapshot.one(0), now)?, breaker(snapshot.one(1), now)?);
            let others = called.others(&snapshot);
            let before = Pair { common: common.value.clone(), own: own.value.clone() };
            let made = called.trials(&snapshot, trials);
            let after = before.after(report, made, &others, &limits, now, rand::random());
            if after == before {
                return Ok(NotedCall { common, own });
            }
            let mut transaction = moved(&called.common, &common, &after.common, by).and(moved(
                &called.own,
                &own,
                &after.own,
                by,
            ));
            if after.common.trips > before.common.trips {
                let call = outage(&report.provider, &after.common, by, now);
                transaction = transaction.put_json(&Key::Escalation(call.id.clone()), &call);
            }
            if let Commit::Done { revision } = self.store.commit(transaction).await? {
                let dated = |after: Breaker, read: Dated<Breaker>| {
                    if after == read.value { read } else { Dated { value: after, revision } }
                };
                return Ok(NotedCall { common: dated(after.common, common), own: dated(after.own, own) });
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::BreakerBusy { scope: called.common, attempts: ATTEMPTS })
    }
}

/// Where the policy stands in what is read for a report.
const POLICY: usize = 4;

/// The two breakers that a report is about.
struct Called {
    common: Scope,
    own: Scope,
}

impl Called {
    fn of(report: &CallReport) -> Self {
        let (provider, swarm) = (report.provider.clone(), report.swarm.clone());
        Self { common: Scope::Provider(provider.clone()), own: Scope::Caller(provider, swarm) }
    }

    /// Both breakers, their trials, the policy, and where others may have to be asked, theirs.
    fn queries(&self, report: &CallReport) -> Vec<Query> {
        let scopes = [&self.common, &self.own];
        let breakers = scopes.map(|scope| Key::Breaker(scope.clone()));
        let probes = scopes.map(|scope| Key::Probe(scope.clone()));
        let keys = breakers.into_iter().chain(probes).chain([Key::Policy]).map(Query::One);
        let asks = report.failure == Some(CallFailure::Unserved);
        let others = asks.then(|| Query::Family(Prefix::CallersOf(report.provider.clone())));
        keys.chain(others).collect()
    }

    /// The breakers of other swarms at the provider. One that nobody can read speaks for nobody.
    fn others(&self, snapshot: &Snapshot) -> Vec<Breaker> {
        let own = Key::Breaker(self.own.clone()).to_string();
        let others = snapshot.all(POLICY + 1).iter().filter(|entry| entry.key != own);
        others.filter_map(|entry| entry.json().ok()).collect()
    }

    /// Of which of the two the call is the trial still.
    fn trials(&self, snapshot: &Snapshot, trials: &[Trial]) -> Trials {
        let is_mine = |index: usize, scope: &Scope| {
            let made = snapshot.one(index).and_then(|entry| entry.json::<ProviderProbe>().ok());
            let mine = trials.iter().find(|trial| trial.scope == *scope);
            mine.zip(made).is_some_and(|(mine, made)| made.call == mine.call)
        };
        Trials { common: is_mine(2, &self.common), own: is_mine(3, &self.own) }
    }
}

fn breaker(entry: Option<&Entry>, now: Timestamp) -> Result<Dated<Breaker>, StoreError> {
    entry.map_or_else(|| Ok(Dated { value: Breaker::closed(now), revision: 0 }), dated)
}

/// The fragment that writes a breaker if it is another one than was read. Once it is not half-open its trial is over.
fn moved(scope: &Scope, read: &Dated<Breaker>, after: &Breaker, by: &str) -> Transaction {
    let key = Key::Breaker(scope.clone());
    let mut transaction = Transaction::new().when(Precondition::unchanged(&key, read.revision));
    if *after != read.value {
        transaction = transaction.put_json(&key, &after.clone().signed(by, OP));
    }
    if read.value.state == BreakerState::HalfOpen && after.state != BreakerState::HalfOpen {
        transaction = transaction.delete(&Key::Probe(scope.clone()));
    }
    transaction
}

/// Whether a trial is under way, rather than given out by a choice.
fn is_being_made(probe: &Entry) -> bool {
    probe.json::<ProviderProbe>().is_ok_and(|probe| probe.op != CHOICE)
}
