//! Looking at tasks, workers and the coordinator itself. Every figure is read from the store.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::diagnosis::Overdue;
use super::finish::record_of;
use super::situation::Epoch;
use super::{Coordinator, CoordinatorError};
use crate::clock::Timestamp;
use crate::coordinator::hold::{Hold, Session};
use crate::coordinator::pace::Pace;
use crate::coordinator::runtime::leader::Leader;
use crate::coordinator::task::{State, TaskRecord};
use crate::coordinator::token::Token;
use crate::coordinator::vitals::Vitals;
use crate::governor::service::Governor;
use crate::governor::{Budget, Profile, Settlement};
use crate::id::{Capability, SessionId, SwarmId, TaskId};
use crate::money::{Money, dollars};
use crate::printable::printable;
use crate::store::{Entry, Key, Prefix, Query, Scope, StoreError};

/// A task with everything around it.
#[derive(Debug, Clone, Serialize)]
pub struct TaskDetail {
    /// The record.
    pub record: TaskRecord,
    /// Who works on it now.
    pub hold: Option<Hold>,
    /// The present holder's token.
    pub token: Option<Token>,
    /// What its attempts came to, oldest first.
    pub settlements: Vec<Settlement>,
    /// The payload, as text.
    pub payload: Option<String>,
    /// The result, as text.
    pub result: Option<String>,
}

/// A swarm with its workers and money.
#[derive(Debug, Clone, Serialize)]
pub struct SwarmSummary {
    /// The swarm.
    pub swarm: SwarmId,
    /// Its status word.
    pub status: String,
    /// What it can do.
    pub capabilities: BTreeSet<Capability>,
    /// What it charges, in dollars.
    #[serde(with = "dollars::option")]
    pub cost_per_hour: Option<Money>,
    /// Its connected workers.
    pub sessions: BTreeMap<SessionId, Session>,
    /// How many tasks it holds.
    pub holding: usize,
    /// Its budget, in micro-dollars.
    pub budget: Option<Budget>,
}

/// What the coordinator says of itself.
#[derive(Debug, Clone, Serialize)]
pub struct CoordinatorStatus {
    /// Where it was asked.
    pub endpoints: String,
    /// The version of the etcd API.
    pub version: String,
    /// The store's revision.
    pub revision: i64,
    /// The size of the database in bytes.
    pub db_size: i64,
    /// How much of it is in use, in bytes.
    pub db_size_in_use: i64,
    /// What the store says is wrong with it.
    pub errors: Vec<String>,
    /// How the engine is, when the leader has one.
    pub vitals: Option<Published>,
    /// How fast the leader works.
    pub pace: Option<Pace>,
    /// Who leads.
    pub leader: Option<Leader>,
    /// Raised by every restore or migration.
    pub epoch: u64,
    /// Tasks by state.
    pub tasks: BTreeMap<State, usize>,
    /// Tasks that anybody qualified may claim.
    pub ready: usize,
    /// The one of them that has been ready for longest.
    pub oldest_ready: Option<OldestReady>,
    /// Tasks by state and reason, such as `submitted/waiting`; those without a reason by state alone.
    pub queues: BTreeMap<String, usize>,
    /// Tasks whose holder lives and does not get on.
    pub stalled: usize,
    /// A task that has been ready for too long although somebody qualified is free.
    pub overdue: Option<Overdue>,
    /// Why nobody can read the policy in force: then nothing is done under it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_error: Option<String>,
    /// Connected workers.
    pub sessions: usize,
}

/// The task that has been ready for longest.
#[derive(Debug, Clone, Serialize)]
pub struct OldestReady {
    /// The task.
    pub task: TaskId,
    /// Since when it has been ready.
    pub since: Timestamp,
    /// For how long, in seconds.
    pub age_seconds: u64,
}

/// The vitals that the leader has published.
#[derive(Debug, Clone, Serialize)]
pub struct Published {
    /// How old they are. They are rewritten when there is news, so old ones tell of a store at rest.
    pub age_seconds: u64,
    /// The figures.
    #[serde(flatten)]
    pub vitals: Vitals,
}

/// An error with its cause, in one line.
fn unreadable(error: &StoreError) -> String {
    let cause = error.source().map_or_else(String::new, |cause| format!(": {cause}"));
    printable(&format!("{error}{cause}"))
}

impl Coordinator {
    /// All tasks, by name.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn tasks(&self) -> Result<Vec<TaskRecord>, CoordinatorError> {
        let is_record = |key: &Key| matches!(key, Key::Record(_));
        let (entries, _) = self.store.range_where(&Prefix::Tasks, is_record).await?;
        Ok(entries.iter().filter_map(legible).collect())
    }

    /// One task with everything around it.
    ///
    /// # Errors
    /// [`CoordinatorError::NoTask`] when there is none.
    pub async fn show(&self, task: &TaskId) -> Result<TaskDetail, CoordinatorError> {
        let queries = vec![
            Query::One(Key::Record(task.clone())),
            Query::One(Key::Hold(task.clone())),
            Query::One(Key::Epoch),
            Query::Family(Prefix::SettlementsOf(task.clone())),
            Query::One(Key::Payload(task.clone())),
            Query::One(Key::Result(task.clone())),
        ];
        let snapshot = self.store.read(queries).await?;
        let record = record_of(task, snapshot.one(0))?.value;
        let hold = snapshot.one(1).map(Entry::versioned::<Hold>).transpose()?;
        let epoch = Epoch::from_entry(snapshot.one(2)).number;
        Ok(TaskDetail {
            record,
            token: hold.as_ref().map(|hold| Token { epoch, revision: hold.create_revision }),
            hold: hold.map(|hold| hold.value),
            settlements: snapshot.all(3).iter().map(Entry::json).collect::<Result<_, _>>()?,
            payload: snapshot.one(4).map(Entry::text),
            result: snapshot.one(5).map(Entry::text),
        })
    }

    /// All swarms that are registered or connected.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn swarms(&self) -> Result<Vec<SwarmSummary>, CoordinatorError> {
        let of_interest = |key: &Key| matches!(key, Key::Profile(_) | Key::SwarmStatus(_) | Key::Session(..));
        let (entries, _) = self.store.range_where(&Prefix::Swarms, of_interest).await?;
        let (budgets, _) = self.store.range(&Prefix::Budgets).await?;
        let (holds, _) = self.store.range_where(&Prefix::Tasks, |key| matches!(key, Key::Hold(_))).await?;
        let mut swarms = BTreeMap::new();
        for entry in entries.iter().chain(&budgets) {
            if let Err(error) = note(&mut swarms, entry) {
                tracing::error!(%error, "left out");
            }
        }
        let now = self.now();
        for summary in swarms.values_mut() {
            summary.budget = summary.budget.take().map(|budget| budget.at(now));
        }
        for hold in holds.iter().filter_map(legible::<Hold>) {
            summary(&mut swarms, &hold.swarm).holding += 1;
        }
        Ok(swarms.into_values().collect())
    }

    /// What the coordinator says of itself, as measured now.
    ///
    /// # Errors
    /// When the store does not answer.
    pub async fn status(&self) -> Result<CoordinatorStatus, CoordinatorError> {
        let store = self.store.status().await?;
        let queries = [Key::Leader, Key::Epoch, Key::Vitals, Key::Pace, Key::Policy].map(Query::One).into();
        let snapshot = self.store.read(queries).await?;
        let tasks = self.tasks().await?;
        let policy = Governor::policy_from(snapshot.one(4));
        let overdue = match &policy {
            Ok(policy) => self.overdue(&tasks, policy).await?,
            Err(_) => None,
        };
        let (mut by_state, mut queues) = (BTreeMap::new(), BTreeMap::new());
        for task in &tasks {
            *by_state.entry(task.state).or_default() += 1;
            *queues.entry(queue_of(task)).or_default() += 1;
        }
        Ok(CoordinatorStatus {
            endpoints: self.store.endpoints().to_owned(),
            version: store.version,
            revision: store.revision,
            db_size: store.db_size,
            db_size_in_use: store.db_size_in_use,
            errors: store.errors,
            vitals: snapshot.one(2).and_then(legible).map(|vitals| self.dated(vitals)),
            pace: snapshot.one(3).and_then(legible),
            leader: snapshot.one(0).map(Entry::json).transpose()?,
            epoch: Epoch::from_entry(snapshot.one(1)).number,
            ready: tasks.iter().filter(|task| task.is_ready()).count(),
            oldest_ready: self.oldest_ready(&tasks),
            tasks: by_state,
            queues,
            stalled: tasks.iter().filter(|task| is_stalled(task)).count(),
            overdue,
            policy_error: policy.err().map(|error| unreadable(&error)),
            sessions: self.swarms().await?.iter().map(|swarm| swarm.sessions.len()).sum(),
        })
    }

    fn oldest_ready(&self, tasks: &[TaskRecord]) -> Option<OldestReady> {
        let ready = tasks.iter().filter(|task| task.is_ready());
        let (since, task) = ready.filter_map(|task| Some((task.ready_at?, &task.id))).min()?;
        Some(OldestReady { task: task.clone(), since, age_seconds: self.now().since(since).as_secs() })
    }

    fn dated(&self, vitals: Vitals) -> Published {
        Published { age_seconds: self.now().since(vitals.at).as_secs(), vitals }
    }
}

fn queue_of(task: &TaskRecord) -> String {
    task.reason.map_or_else(|| task.state.to_string(), |reason| format!("{}/{reason}", task.state))
}

fn is_stalled(task: &TaskRecord) -> bool {
    task.reason.is_some_and(|reason| reason.to_string() == "stalled")
}

/// A value as what it should be; one that nobody can read is reported and left out.
pub(super) fn legible<T: DeserializeOwned>(entry: &Entry) -> Option<T> {
    entry.json().inspect_err(|error| tracing::error!(%error, "left out")).ok()
}

fn summary<'a>(swarms: &'a mut BTreeMap<SwarmId, SwarmSummary>, swarm: &SwarmId) -> &'a mut SwarmSummary {
    swarms.entry(swarm.clone()).or_insert_with(|| SwarmSummary {
        swarm: swarm.clone(),
        status: "unregistered".to_owned(),
        capabilities: BTreeSet::new(),
        cost_per_hour: None,
        sessions: BTreeMap::new(),
        holding: 0,
        budget: None,
    })
}

fn note(swarms: &mut BTreeMap<SwarmId, SwarmSummary>, entry: &Entry) -> Result<(), StoreError> {
    match Key::parse(&entry.key) {
        Some(Key::Profile(swarm)) => {
            let profile: Profile = entry.json()?;
            let summary = summary(swarms, &swarm);
            summary.capabilities = profile.capabilities;
            summary.cost_per_hour = Some(profile.cost_per_hour);
        }
        Some(Key::SwarmStatus(swarm)) => summary(swarms, &swarm).status = entry.text(),
        Some(Key::Session(swarm, session)) => {
            summary(swarms, &swarm).sessions.insert(session, entry.json()?);
        }
        Some(Key::Budget(Scope::Swarm(swarm))) => summary(swarms, &swarm).budget = Some(entry.json()?),
        _ => {}
    }
    Ok(())
}
