//! One swarm, with everything the governor knows of it.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Governor, GovernorError};
use crate::clock::Timestamp;
use crate::coordinator::{Hold, Session};
use crate::governor::account::{Account, Dated};
use crate::governor::breaker::Breaker;
use crate::governor::budget::Budget;
use crate::governor::escalation::{Escalation, EscalationState};
use crate::governor::profile::Profile;
use crate::governor::reservation::{Probe, Reservation};
use crate::governor::share::Share;
use crate::id::{ClaimId, SessionId, SwarmId, TaskId};
use crate::money::Money;
use crate::store::{Entry, Key, MAX_BATCH, Prefix, Query};

/// Everything the governor knows of one swarm.
#[derive(Debug, Clone, Serialize)]
pub struct SwarmDetail {
    /// Who.
    pub swarm: SwarmId,
    /// Whether it is registered; else this is what is left of it.
    pub registered: bool,
    /// What it says of itself.
    pub profile: Option<Profile>,
    /// Its status word.
    pub status: Option<String>,
    /// Its money, in micro-dollars; no cap without.
    pub budget: Option<Budget>,
    /// What of it can still be reserved, in micro-dollars.
    pub left: Option<Money>,
    /// Its breaker; closed without.
    pub breaker: Option<Breaker>,
    /// The trial under way, when that is half-open.
    pub probe: Option<Probe>,
    /// Its reputation.
    pub reputation: Share,
    /// Whether that was measured, and not only told.
    pub reputation_is_measured: bool,
    /// How many calls for a human are about it and not settled.
    pub open_escalations: usize,
    /// Its connected workers.
    pub sessions: BTreeMap<SessionId, Session>,
    /// The tasks it holds, and the help it was asked for.
    pub tasks: Vec<SwarmTask>,
}

/// A task that money of the swarm is set aside for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SwarmTask {
    /// Which.
    pub task: TaskId,
    /// The attempt.
    pub claim_id: ClaimId,
    /// How much is set aside, in micro-dollars.
    pub reserved: Money,
    /// Since when.
    pub since: Timestamp,
    /// Whether it holds the task now; else the claim is still to come, or its end to be settled.
    pub held: bool,
}

impl Governor {
    /// Everything about one swarm. Reads all reservations and escalations.
    ///
    /// # Errors
    /// [`GovernorError::UnknownSwarm`] when nothing is known of it, [`GovernorError::Store`].
    pub async fn swarm(&self, swarm: &SwarmId) -> Result<SwarmDetail, GovernorError> {
        let mut queries = Self::account_queries(swarm);
        let rest = queries.len();
        queries.push(Query::One(Key::SwarmStatus(swarm.clone())));
        queries.push(Query::Family(Prefix::Sessions(swarm.clone())));
        let snapshot = self.store.read(queries).await?;
        let account = Self::account_from(swarm, &snapshot, 0)?.at(self.clock.now()).into_owned();
        let sessions = sessions(snapshot.all(rest + 1));
        let tasks = self.tasks_of(swarm).await?;
        if is_unknown(&account) && sessions.is_empty() && tasks.is_empty() {
            return Err(GovernorError::UnknownSwarm { swarm: swarm.clone() });
        }
        Ok(SwarmDetail {
            swarm: swarm.clone(),
            registered: account.profile.is_some(),
            reputation: account.reputation(),
            reputation_is_measured: account.reputation.is_some(),
            profile: account.profile.map(value),
            status: snapshot.one(rest).map(Entry::text),
            left: account.budget.as_ref().map(|budget| budget.value.at(self.clock.now()).left()),
            budget: account.budget.map(value),
            breaker: account.breaker.map(value),
            probe: account.probe.map(value),
            open_escalations: self.open_escalations_about(swarm).await?,
            sessions,
            tasks,
        })
    }

    async fn tasks_of(&self, swarm: &SwarmId) -> Result<Vec<SwarmTask>, GovernorError> {
        let reserved = self.reservations_of(swarm).await?;
        let mut tasks = Vec::with_capacity(reserved.len());
        for batch in reserved.chunks(MAX_BATCH) {
            let holds = batch.iter().map(|reserved| Query::One(Key::Hold(reserved.task.clone()))).collect();
            let snapshot = self.store.read(holds).await?;
            tasks.extend(batch.iter().enumerate().map(|(index, reserved)| {
                let hold = snapshot.one(index).and_then(legible::<Hold>);
                SwarmTask::new(reserved, hold.is_some_and(|hold| hold.claim_id == reserved.claim))
            }));
        }
        Ok(tasks)
    }

    async fn open_escalations_about(&self, swarm: &SwarmId) -> Result<usize, GovernorError> {
        let (entries, _) = self.store.range(&Prefix::Escalations).await?;
        let calls = entries.iter().filter_map(legible::<Escalation>);
        let is_open_about_it =
            |call: &Escalation| call.state != EscalationState::Resolved && call.swarm.as_ref() == Some(swarm);
        Ok(calls.filter(is_open_about_it).count())
    }
}

impl SwarmTask {
    fn new(reserved: &Reservation, held: bool) -> Self {
        Self {
            task: reserved.task.clone(),
            claim_id: reserved.claim.clone(),
            reserved: reserved.amount,
            since: reserved.at,
            held,
        }
    }
}

fn value<T>(dated: Dated<T>) -> T {
    dated.value
}

fn is_unknown(account: &Account) -> bool {
    let draws = account.draws;
    *account == Account { draws, ..Account::unregistered(account.swarm.clone()) }
}

fn sessions(entries: &[Entry]) -> BTreeMap<SessionId, Session> {
    let session = |entry: &Entry| match Key::parse(&entry.key) {
        Some(Key::Session(_, id)) => Some((id, legible(entry)?)),
        _ => None,
    };
    entries.iter().filter_map(session).collect()
}

/// A value as what it should be; one that nobody can read is reported and left out.
fn legible<T: DeserializeOwned>(entry: &Entry) -> Option<T> {
    entry.json().inspect_err(|error| tracing::error!(%error, "left out")).ok()
}
