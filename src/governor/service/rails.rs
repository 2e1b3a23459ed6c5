//! Rails over the store: who is to be used, and how it went.
//!
//! What is known of a provider is one key, replaced by compare-and-swap together with its breaker: of two reports at
//! once none is lost, and none moves the breaker unseen.

mod error;

use std::collections::BTreeMap;
use std::time::Duration;

use rand::SeedableRng;
use rand::rngs::StdRng;
use serde::Serialize;

pub use error::RailError;

use super::{Governor, GovernorError};
use crate::clock::Timestamp;
use crate::governor::account::Dated;
use crate::governor::breaker::{Breaker, BreakerState};
use crate::governor::policy::{Policy, RailPolicy, Strategy};
use crate::governor::rails::{
    Candidate, RailScore, RailStanding, RailStatistics, RailUse, after_use, choose, outage,
};
use crate::governor::share::Share;
use crate::id::{ProviderId, Purpose};
use crate::money::Money;
use crate::store::{
    Entry, Key, Precondition, Query, Scope, Snapshot, StoreError, Transaction, yield_to_rivals,
};

/// How often a change is tried when somebody else was faster.
const ATTEMPTS: u32 = 200;

/// The operation that gives a trial out.
pub(super) const CHOICE: &str = "governor.rails.choose";

/// How many keys tell of one provider.
const KEYS: usize = 3;

/// Somebody looks for a provider.
#[derive(Debug, Clone, Default)]
pub struct RailWish {
    /// How much is to be moved, or may be spent.
    pub amount: Option<Money>,
    /// What each would cost, where that is known better than by what it has cost so far.
    pub costs: BTreeMap<ProviderId, Money>,
    /// Makes the choice one that can be repeated.
    pub seed: Option<u64>,
}

/// Who is to be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RailChoice {
    /// For what.
    pub purpose: Purpose,
    /// Who.
    pub provider: ProviderId,
    /// Whether this is the one trial of its breaker: whoever makes it should report how it went.
    pub trial: bool,
}

/// What is known of the providers of one purpose.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RailReport {
    /// For what.
    pub purpose: Purpose,
    /// How one of them is chosen.
    pub strategy: Strategy,
    /// They, in the order of the policy.
    pub providers: Vec<RailLine>,
}

/// What is known of one provider.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RailLine {
    /// Who.
    pub provider: ProviderId,
    /// How often it did what was asked.
    pub success: u64,
    /// How often it did not.
    pub failure: u64,
    /// How many of its uses succeeded.
    pub success_rate: Option<Share>,
    /// How long a use takes, in microseconds.
    pub average_micros: Option<u64>,
    /// When it was used last.
    pub last_used: Option<Timestamp>,
    /// What a use costs.
    pub cost: Option<Money>,
    /// Its breaker.
    pub breaker: BreakerState,
    /// Whether it may be used.
    pub standing: RailStanding,
    /// The weighted sum of the parts.
    pub score: f64,
    /// The parts.
    pub parts: RailScore,
}

/// A use that is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RailRecorded {
    /// For what.
    pub purpose: Purpose,
    /// Who.
    pub provider: ProviderId,
    /// What is known of it now.
    pub statistics: RailStatistics,
    /// Its breaker now.
    pub breaker: BreakerState,
    /// Whether it had been counted before.
    pub repeated: bool,
}

/// What was read of one provider.
struct Known {
    provider: ProviderId,
    statistics: Result<RailStatistics, StoreError>,
    statistics_revision: i64,
    breaker: Result<Option<Breaker>, StoreError>,
    breaker_revision: i64,
    on_trial: bool,
}

impl Governor {
    /// What is known of the providers of one purpose, or of all.
    ///
    /// # Errors
    /// [`RailError::UnknownPurpose`], or when the store does not answer.
    pub async fn rails(&self, purpose: Option<&Purpose>) -> Result<Vec<RailReport>, GovernorError> {
        let policy = self.policy().await?;
        if let Some(purpose) = purpose {
            rail_of(&policy, purpose)?;
        }
        let mut reports = Vec::new();
        for (name, rail) in policy.rails.iter().filter(|(name, _)| purpose.is_none_or(|asked| asked == *name))
        {
            let snapshot = self.store.read(queries(name, &rail.providers)).await?;
            let known = all_known(&rail.providers, &snapshot, 0);
            let now = self.clock.now();
            let providers = known.iter().map(|known| known.line(now)).collect();
            reports.push(RailReport { purpose: name.clone(), strategy: rail.strategy, providers });
        }
        Ok(reports)
    }

    /// Says who is to be used. A provider whose breaker is due for its trial is given out once, until that use was
    /// reported or for as long as the breaker stays open at first.
    ///
    /// # Errors
    /// [`RailError::UnknownPurpose`], [`RailError::UnknownProvider`] for a cost, [`RailError::Broken`] when every
    /// breaker is open, or when the store does not answer.
    pub async fn choose_rail(
        &self,
        purpose: &Purpose,
        wish: &RailWish,
        by: &str,
    ) -> Result<RailChoice, GovernorError> {
        let seed = wish.seed.unwrap_or_else(rand::random);
        for attempt in 0..ATTEMPTS {
            let (policy, rail, known) = self.known_rails(purpose).await?;
            for provider in wish.costs.keys() {
                is_of(purpose, &rail, provider)?;
            }
            let now = self.clock.now();
            let candidates: Vec<Candidate> = known
                .iter()
                .map(|known| known.candidate(wish.costs.get(&known.provider).copied(), now))
                .collect();
            let mut rng = StdRng::seed_from_u64(seed);
            let Some(chosen) = choose(&candidates, rail.strategy, wish.amount, now, &mut rng) else {
                return Err(RailError::broken(purpose, &candidates).into());
            };
            let trial = chosen.standing == RailStanding::TrialDue;
            let taken = match known.iter().find(|known| trial && known.provider == chosen.provider) {
                Some(known) => self.take_trial(known, &policy, by).await?,
                None => true,
            };
            if taken {
                return Ok(RailChoice { purpose: purpose.clone(), provider: chosen.provider.clone(), trial });
            }
            yield_to_rivals(attempt).await;
        }
        Err(RailError::Busy { purpose: purpose.clone(), attempts: ATTEMPTS }.into())
    }

    /// Counts one use of a provider, and lets its breaker know.
    ///
    /// # Errors
    /// [`RailError::UnknownPurpose`], [`RailError::UnknownProvider`], [`RailError::Busy`] when others keep reporting,
    /// or when the store does not answer.
    pub async fn record_rail(
        &self,
        purpose: &Purpose,
        provider: &ProviderId,
        used: &RailUse,
        by: &str,
    ) -> Result<RailRecorded, GovernorError> {
        const OP: &str = "governor.rails.record";
        for attempt in 0..ATTEMPTS {
            let mut queries = queries(purpose, std::slice::from_ref(provider));
            queries.push(Query::One(Key::Policy));
            let snapshot = self.store.read(queries).await?;
            let policy = Self::policy_from(snapshot.one(KEYS))?;
            is_of(purpose, rail_of(&policy, purpose)?, provider)?;
            let known = Known::read(provider, &snapshot, 0);
            let (before, breaker) = (known.statistics?, known.breaker?);
            let now = self.clock.now();
            let breaker_before = breaker.unwrap_or_else(|| Breaker::closed(now));
            let recorded = |statistics, breaker: &Breaker, repeated| RailRecorded {
                purpose: purpose.clone(),
                provider: provider.clone(),
                statistics,
                breaker: breaker.state,
                repeated,
            };
            if before.has_counted(used) {
                return Ok(recorded(before, &breaker_before, true));
            }
            let after = before.after(used, by, OP, now);
            let breaker_after =
                after_use(&breaker_before, used, &policy.resources.breaker_limits(), now, rand::random());
            let scope = || Scope::Provider(provider.clone());
            let (rail_key, breaker_key) =
                (Key::Rail(purpose.clone(), provider.clone()), Key::Breaker(scope()));
            let mut transaction = Transaction::new()
                .when(Precondition::unchanged(&rail_key, known.statistics_revision))
                .when(Precondition::unchanged(&breaker_key, known.breaker_revision))
                .put_json(&rail_key, &after);
            if breaker_after != breaker_before {
                transaction = transaction.put_json(&breaker_key, &breaker_after.clone().signed(by, OP));
            }
            if breaker_after.trips > breaker_before.trips {
                let call = outage(provider, &breaker_after, by, now);
                transaction = transaction.put_json(&Key::Escalation(call.id.clone()), &call);
            }
            if breaker_before.state == BreakerState::HalfOpen && breaker_after.state != BreakerState::HalfOpen
            {
                transaction = transaction.delete(&Key::Probe(scope()));
            }
            if self.store.commit(transaction).await?.is_done() {
                return Ok(recorded(after, &breaker_after, false));
            }
            yield_to_rivals(attempt).await;
        }
        Err(RailError::Busy { purpose: purpose.clone(), attempts: ATTEMPTS }.into())
    }

    async fn known_rails(
        &self,
        purpose: &Purpose,
    ) -> Result<(Policy, RailPolicy, Vec<Known>), GovernorError> {
        let policy = self.policy().await?;
        let rail = rail_of(&policy, purpose)?.clone();
        let snapshot = self.store.read(queries(purpose, &rail.providers)).await?;
        let known = all_known(&rail.providers, &snapshot, 0);
        Ok((policy, rail, known))
    }

    /// Whoever asked makes the one trial of the breaker; false when somebody else was faster.
    async fn take_trial(&self, known: &Known, policy: &Policy, by: &str) -> Result<bool, GovernorError> {
        let Ok(Some(breaker)) = &known.breaker else { return Ok(false) };
        let breaker = Dated { value: breaker.clone(), revision: known.breaker_revision };
        let scope = Scope::Provider(known.provider.clone());
        let patience = Duration::from_secs(policy.resources.circuit_breaker_open_seconds);
        Ok(self.begin_trial(&scope, &breaker, 0, patience, (by, CHOICE)).await?.is_some())
    }
}

fn rail_of<'a>(policy: &'a Policy, purpose: &Purpose) -> Result<&'a RailPolicy, RailError> {
    policy.rails.get(purpose).ok_or_else(|| RailError::unknown_purpose(purpose, &policy.rails))
}

fn is_of(purpose: &Purpose, rail: &RailPolicy, provider: &ProviderId) -> Result<(), RailError> {
    if rail.providers.contains(provider) {
        return Ok(());
    }
    Err(RailError::unknown_provider(purpose, provider, &rail.providers))
}

fn queries(purpose: &Purpose, providers: &[ProviderId]) -> Vec<Query> {
    let of = |provider: &ProviderId| -> [Key; KEYS] {
        let scope = || Scope::Provider(provider.clone());
        [Key::Rail(purpose.clone(), provider.clone()), Key::Breaker(scope()), Key::Probe(scope())]
    };
    providers.iter().flat_map(of).map(Query::One).collect()
}

fn all_known(providers: &[ProviderId], snapshot: &Snapshot, first: usize) -> Vec<Known> {
    let numbered = providers.iter().enumerate();
    numbered.map(|(index, provider)| Known::read(provider, snapshot, first + index * KEYS)).collect()
}

impl Known {
    /// From the answers to [`queries`] for this provider, which start at `first`.
    fn read(provider: &ProviderId, snapshot: &Snapshot, first: usize) -> Self {
        let (rail, breaker) = (snapshot.one(first), snapshot.one(first + 1));
        let revision = |entry: Option<&Entry>| entry.map_or(0, |entry| entry.mod_revision);
        Self {
            provider: provider.clone(),
            statistics: rail.map_or_else(|| Ok(RailStatistics::default()), Entry::json),
            statistics_revision: revision(rail),
            breaker: breaker.map(Entry::json).transpose(),
            breaker_revision: revision(breaker),
            on_trial: snapshot.one(first + 2).is_some(),
        }
    }

    /// Statistics that nobody can read are as good as none; a breaker that nobody can read is open.
    fn candidate(&self, cost: Option<Money>, now: Timestamp) -> Candidate {
        let statistics = self.statistics.as_ref().map_or_else(
            |error| {
                tracing::warn!(provider = %self.provider, %error, "it counts as never used");
                RailStatistics::default()
            },
            RailStatistics::clone,
        );
        let standing = match &self.breaker {
            Ok(None) => RailStanding::Free,
            Ok(Some(breaker)) => RailStanding::of(breaker, self.on_trial, now),
            Err(error) => {
                tracing::warn!(provider = %self.provider, %error, "it is not used");
                RailStanding::Illegible
            }
        };
        Candidate { provider: self.provider.clone(), statistics, cost, standing }
    }

    fn line(&self, now: Timestamp) -> RailLine {
        let Candidate { provider, statistics, standing, .. } = self.candidate(None, now);
        let parts = statistics.score(None, None, now);
        let average = statistics.average_time();
        let breaker = match &self.breaker {
            Ok(breaker) => breaker.as_ref().map_or(BreakerState::Closed, |breaker| breaker.state),
            Err(_) => BreakerState::Open,
        };
        RailLine {
            provider,
            success: statistics.success,
            failure: statistics.failure,
            success_rate: statistics.success_rate(),
            average_micros: average.map(|time| u64::try_from(time.as_micros()).unwrap_or(u64::MAX)),
            last_used: statistics.last_used,
            cost: statistics.average_cost(),
            breaker,
            standing,
            score: parts.total(),
            parts,
        }
    }
}
