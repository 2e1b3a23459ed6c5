//! The breakers of providers as this process sees them: told by the store, asked with every call, and written when a call
//! says something new.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use tokio::sync::OnceCell;
use tokio::task::AbortHandle;

use super::ChassisError;
use crate::clock::{Clock, Timestamp};
use crate::governor::service::{Governor, Trial, Tried};
use crate::governor::{Breaker, BreakerState, CallReport, RailStanding};
use crate::id::{ProviderId, SwarmId};
use crate::store::{Batch, Entry, Key, Prefix, Scope, Store, StoreError, Watch};

/// How long the store is left alone when it has said that somebody else makes the trial.
const TRIAL_OF_OTHERS: Duration = Duration::from_millis(500);
/// How long a view waits that could not be made anew.
const PAUSE: Duration = Duration::from_secs(1);

/// The breakers of providers, for all tasks of this process. Clones share it.
#[derive(Debug, Clone)]
pub(super) struct Providers(Arc<Inside>);

#[derive(Debug)]
struct Inside {
    store: Store,
    governor: Governor,
    clock: Clock,
    by: String,
    view: Mutex<View>,
    following: OnceCell<AbortHandle>,
    /// One report after the other: what the first has changed, those that waited need not say again.
    reporting: tokio::sync::Mutex<()>,
}

impl Drop for Inside {
    fn drop(&mut self) {
        if let Some(following) = self.following.get() {
            following.abort();
        }
    }
}

#[derive(Debug, Default)]
struct View {
    breakers: HashMap<Scope, Known>,
    /// Calls of a swarm that went well and that nobody was told of.
    successes: HashMap<(ProviderId, SwarmId), u32>,
}

#[derive(Debug)]
struct Known {
    /// Nothing when nobody can read it.
    breaker: Option<Breaker>,
    revision: i64,
    /// Until when it is known that somebody else makes its trial.
    on_trial_until: Option<Timestamp>,
}

/// What the store says of a breaker.
#[derive(Debug)]
enum Told {
    /// It is so.
    Is(Box<Breaker>),
    /// Nobody can read it.
    Illegible,
    /// It is gone.
    Gone,
}

/// A call that was let pass. Trials that it is end with it, also when it is not made.
#[derive(Debug)]
pub(super) struct Passed {
    governor: Governor,
    trials: Vec<Trial>,
}

impl Drop for Passed {
    fn drop(&mut self) {
        let trials = std::mem::take(&mut self.trials);
        let (false, Ok(runtime)) = (trials.is_empty(), tokio::runtime::Handle::try_current()) else { return };
        let governor = self.governor.clone();
        runtime.spawn(async move {
            for trial in trials {
                if let Err(error) = governor.end_trial(&trial).await {
                    tracing::debug!(%error, "a trial ends by itself");
                }
            }
        });
    }
}

impl Providers {
    pub(super) fn new(store: Store, governor: Governor, clock: Clock, by: String) -> Self {
        Self(Arc::new(Inside {
            store,
            governor,
            clock,
            by,
            view: Mutex::default(),
            following: OnceCell::new(),
            reporting: tokio::sync::Mutex::default(),
        }))
    }

    /// Sees to it that the breakers are known here, from now on.
    ///
    /// # Errors
    /// [`ChassisError::Store`] when they cannot be read.
    pub(super) async fn follow(&self) -> Result<(), ChassisError> {
        let begin = || async {
            let watch = self.0.read().await?;
            let inside = Arc::downgrade(&self.0);
            Ok::<_, StoreError>(tokio::spawn(follow(inside, watch)).abort_handle())
        };
        self.0.following.get_or_try_init(begin).await?;
        Ok(())
    }

    /// Lets a call pass, or says why not: the provider's breaker, or the swarm's own there. A call that is the trial of
    /// either has `patience` to end; any other asks nobody.
    pub(super) async fn admit(
        &self,
        provider: &ProviderId,
        swarm: &SwarmId,
        patience: Duration,
    ) -> Result<Passed, String> {
        let mut passed = Passed { governor: self.0.governor.clone(), trials: Vec::new() };
        // The swarm's own first: who must not call does not take the trial that others wait for.
        let scopes = [Scope::Caller(provider.clone(), swarm.clone()), Scope::Provider(provider.clone())];
        let standings = scopes.each_ref().map(|scope| self.0.standing(scope));
        let objection = scopes.iter().zip(standings).find(|(_, standing)| !standing.admits());
        if let Some((scope, standing)) = objection {
            return Err(refusal(scope, standing));
        }
        for (scope, _) in
            scopes.iter().zip(standings).filter(|(_, standing)| *standing == RailStanding::TrialDue)
        {
            let tried = self.0.governor.try_provider(scope, patience, &self.0.by).await;
            match tried.map_err(|error| format!("the breaker of {scope} cannot be asked: {error}"))? {
                Tried::Free => {}
                Tried::Trial(trial) => passed.trials.push(trial),
                Tried::Refused(standing) => {
                    self.0.others_try(scope);
                    return Err(refusal(scope, standing));
                }
            }
        }
        Ok(passed)
    }

    /// Takes note of how a call has ended. A store that does not take it hears of it no more: the next failure counts.
    pub(super) async fn ended(&self, passed: &Passed, report: CallReport) {
        if passed.trials.is_empty() && !self.0.is_news(&report) {
            return;
        }
        let _reporting = self.0.reporting.lock().await;
        if passed.trials.is_empty() && !self.0.changes_anything(&report) {
            return;
        }
        let successes = self.0.view().successes.remove(&(report.provider.clone(), report.swarm.clone()));
        let report = CallReport { successes: successes.unwrap_or(0), ..report };
        match self.0.governor.note_call(&report, &passed.trials, &self.0.by).await {
            Ok(noted) => {
                let CallReport { provider, swarm, .. } = report;
                let scopes = [Scope::Provider(provider.clone()), Scope::Caller(provider, swarm)];
                for (scope, breaker) in scopes.into_iter().zip([noted.common, noted.own]) {
                    self.0.learn(scope, Told::Is(Box::new(breaker.value)), breaker.revision);
                }
            }
            Err(error) => {
                let (provider, error) = (&report.provider, &error as &dyn std::error::Error);
                tracing::warn!(%provider, error, "the circuit breakers were not told how a call has ended");
            }
        }
    }
}

fn refusal(scope: &Scope, standing: RailStanding) -> String {
    format!("the circuit breaker of {scope} is open: {standing}")
}

impl Inside {
    fn view(&self) -> MutexGuard<'_, View> {
        // Whoever panicked did so between whole changes.
        self.view.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn standing(&self, scope: &Scope) -> RailStanding {
        let now = self.clock.now();
        let view = self.view();
        let Some(known) = view.breakers.get(scope) else { return RailStanding::Free };
        let on_trial = known.on_trial_until.is_some_and(|until| now < until);
        known
            .breaker
            .as_ref()
            .map_or(RailStanding::Illegible, |breaker| RailStanding::of(breaker, on_trial, now))
    }

    fn others_try(&self, scope: &Scope) {
        let until = self.clock.now().after(TRIAL_OF_OTHERS);
        if let Some(known) = self.view().breakers.get_mut(scope) {
            known.on_trial_until = Some(until);
        }
    }

    /// Whether anybody is to be told of the call: of one that went well nobody is, but for the first after failures.
    fn is_news(&self, report: &CallReport) -> bool {
        if report.failure.is_some() || self.changes_anything(report) {
            return true;
        }
        let caller = (report.provider.clone(), report.swarm.clone());
        let mut view = self.view();
        let own = Scope::Caller(caller.0.clone(), caller.1.clone());
        let remembers = |scope: &Scope| {
            view.breakers
                .get(scope)
                .and_then(|known| known.breaker.as_ref())
                .is_some_and(|breaker| !breaker.recent.is_empty())
        };
        if remembers(&own) || remembers(&Scope::Provider(caller.0.clone())) {
            let successes = view.successes.entry(caller).or_default();
            *successes = successes.saturating_add(1);
        }
        false
    }

    /// Whether the call, which is no trial, can change what is known of either breaker.
    fn changes_anything(&self, report: &CallReport) -> bool {
        let view = self.view();
        let scopes = [
            Scope::Provider(report.provider.clone()),
            Scope::Caller(report.provider.clone(), report.swarm.clone()),
        ];
        scopes.iter().any(|scope| {
            let known = view.breakers.get(scope).map(|known| known.breaker.as_ref());
            match (known, report.failure) {
                (None, failure) => failure.is_some(),
                // Nobody can write what nobody can read.
                (Some(None), _) => false,
                (Some(Some(breaker)), _) if breaker.state != BreakerState::Closed => report.wait.is_some(),
                (Some(Some(_)), Some(_)) => true,
                (Some(Some(breaker)), None) => breaker.failures > 0,
            }
        })
    }

    /// Takes in what a scope's breaker is at a revision.
    fn learn(&self, scope: Scope, told: Told, revision: i64) {
        let mut view = self.view();
        if view.breakers.get(&scope).is_some_and(|known| known.revision >= revision) {
            return;
        }
        let breaker = match told {
            Told::Is(breaker) => Some(*breaker),
            Told::Illegible => None,
            Told::Gone => {
                view.breakers.remove(&scope);
                return;
            }
        };
        view.breakers.insert(scope, Known { breaker, revision, on_trial_until: None });
    }

    fn note(&self, entry: &Entry, deleted: bool) {
        let Some(Key::Breaker(scope)) = Key::parse(&entry.key) else { return };
        let told = match entry.json() {
            _ if deleted => Told::Gone,
            Ok(breaker) => Told::Is(Box::new(breaker)),
            Err(error) => {
                tracing::warn!(%scope, %error, "it counts as open");
                Told::Illegible
            }
        };
        self.learn(scope, told, entry.mod_revision);
    }

    /// Reads all breakers anew; what tells of those to come.
    async fn read(&self) -> Result<Watch, StoreError> {
        let (entries, revision) = self.store.range(&Prefix::ProviderBreakers).await?;
        let present: Vec<&str> = entries.iter().map(|entry| entry.key.as_str()).collect();
        let is_gone = |scope: &Scope, known: &Known| {
            known.revision <= revision && !present.contains(&Key::Breaker(scope.clone()).to_string().as_str())
        };
        self.view().breakers.retain(|scope, known| !is_gone(scope, known));
        for entry in &entries {
            self.note(entry, false);
        }
        Ok(self.store.watch(&Prefix::ProviderBreakers, revision + 1).without_previous())
    }
}

/// Follows the breakers as long as somebody asks for them. While the store is not heard of, what was known last counts.
async fn follow(weak: Weak<Inside>, mut watch: Watch) {
    loop {
        let news = watch.next().await;
        let Some(inside) = weak.upgrade() else { return };
        let error = match news {
            Ok(Batch { events, .. }) => {
                for event in &events {
                    inside.note(&event.entry, event.deleted);
                }
                continue;
            }
            Err(error) => error,
        };
        tracing::debug!(%error, "the breakers of providers are read anew");
        let mut read = inside.read().await;
        drop(inside);
        watch = loop {
            match read {
                Ok(watch) => break watch,
                Err(error) => tracing::debug!(%error, "the breakers of providers cannot be read"),
            }
            tokio::time::sleep(PAUSE).await;
            let Some(inside) = weak.upgrade() else { return };
            read = inside.read().await;
        };
    }
}
