//! Finding out whether tasks wait that need not wait.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use serde::Serialize;

use super::claim::{DEEPEST, work};
use super::inspect::legible;
use super::{Coordinator, CoordinatorError};
use crate::clock::Timestamp;
use crate::coordinator::assignment::Rank;
use crate::coordinator::health::Health;
use crate::coordinator::hold::{Hold, Session};
use crate::coordinator::task::TaskRecord;
use crate::governor::service::authorise;
use crate::governor::{Account, Policy, TaskBudget};
use crate::id::{SessionId, SwarmId, TaskId};
use crate::money::Money;
use crate::store::{Key, MAX_BATCH, Prefix};

/// How many of the tasks that wait for too long are looked at: those that should have gone first.
const LOOKED_AT: usize = 100;

/// A task that waits although somebody qualified is free.
#[derive(Debug, Clone, Serialize)]
pub struct Overdue {
    /// The task.
    pub task: TaskId,
    /// How long it has been ready.
    pub ready_seconds: u64,
    /// Who could have it.
    pub free: SwarmId,
}

impl Coordinator {
    /// The first of these tasks that waits for longer than the policy bears although somebody qualified is free.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn overdue(
        &self,
        tasks: &[TaskRecord],
        policy: &Policy,
    ) -> Result<Option<Overdue>, CoordinatorError> {
        let now = self.now();
        let most = Duration::from_secs(policy.health.overdue_after_seconds);
        let waited = |task: &TaskRecord| task.ready_at.map(|ready| now.since(ready)).unwrap_or_default();
        let step = Duration::from_secs(policy.coordination.priority_step_seconds);
        let mut late: Vec<_> = tasks.iter().filter(|task| task.is_ready() && waited(task) > most).collect();
        if late.is_empty() {
            return Ok(None);
        }
        late.sort_by_cached_key(|task| Rank::of(task, step));
        late.truncate(LOOKED_AT);
        let free = self.free_swarms().await?;
        let accounts = self.governor.legible_accounts(&free).await?;
        let draws = accounts.iter().any(|account| account.draws);
        let available = if draws { self.governor.available().await? } else { None };
        let helped: HashMap<&TaskId, &TaskId> =
            tasks.iter().filter_map(|task| Some((&task.id, task.helps.as_ref()?))).collect();
        let budgets = self.budgets_of(&late, &helped).await?;
        let pair = late.into_iter().find_map(|task| {
            let paying = paying(&task.id, &helped);
            let own: Vec<TaskBudget> = paying.filter_map(|task| budgets.get(task).cloned()).collect();
            let funds = Funds { available, own: &own };
            let able = accounts.iter().find(|account| may_take(account, task, &funds, policy, now))?;
            Some((task, able.swarm.clone()))
        });
        Ok(pair.map(|(task, free)| Overdue {
            task: task.id.clone(),
            ready_seconds: waited(task).as_secs(),
            free,
        }))
    }

    /// The budgets of tasks that work on these is paid from.
    async fn budgets_of(
        &self,
        late: &[&TaskRecord],
        helped: &HashMap<&TaskId, &TaskId>,
    ) -> Result<HashMap<TaskId, TaskBudget>, CoordinatorError> {
        let named: BTreeSet<&TaskId> = late.iter().flat_map(|task| paying(&task.id, helped)).collect();
        let named: Vec<TaskId> = named.into_iter().cloned().collect();
        let mut budgets = HashMap::new();
        for some in named.chunks(MAX_BATCH) {
            let read = self.governor.task_budgets(some).await?;
            budgets.extend(read.into_iter().map(|budget| (budget.task.clone(), budget)));
        }
        Ok(budgets)
    }

    /// Swarms with a worker that could be assigned to, and that are well enough.
    async fn free_swarms(&self) -> Result<BTreeSet<SwarmId>, CoordinatorError> {
        let of_interest = |key: &Key| matches!(key, Key::Session(..) | Key::SwarmStatus(_));
        let (entries, _) = self.store.range_where(&Prefix::Swarms, of_interest).await?;
        let (holds, _) = self.store.range_where(&Prefix::Tasks, |key| matches!(key, Key::Hold(_))).await?;
        let mut used: HashMap<SessionId, u32> = HashMap::new();
        for session in holds.iter().filter_map(legible::<Hold>).filter_map(|hold| hold.session) {
            *used.entry(session).or_default() += 1;
        }
        let mut words = BTreeMap::new();
        let mut free = BTreeSet::new();
        for entry in &entries {
            match Key::parse(&entry.key) {
                Some(Key::SwarmStatus(swarm)) => drop(words.insert(swarm, entry.text())),
                Some(Key::Session(swarm, session)) if session.lease() == Some(entry.lease) => {
                    let slots =
                        legible::<Session>(entry).filter(|entry| entry.assignable).map(|entry| entry.slots);
                    if slots.is_some_and(|slots| used.get(&session).copied().unwrap_or(0) < slots) {
                        free.insert(swarm);
                    }
                }
                _ => {}
            }
        }
        let health =
            |swarm: &SwarmId| words.get(swarm).and_then(|word| Health::of_status(word)).unwrap_or_default();
        free.retain(|swarm| health(swarm).weight() > 0.0);
        Ok(free)
    }
}

/// The tasks whose budgets pay for a task: itself, and those that it helps.
fn paying<'t>(
    task: &'t TaskId,
    helped: &'t HashMap<&'t TaskId, &'t TaskId>,
) -> impl Iterator<Item = &'t TaskId> {
    std::iter::successors(Some(task), move |task| helped.get(task).copied()).take(1 + DEEPEST)
}

/// What pays for a task besides a swarm's own budget.
struct Funds<'f> {
    /// What the overall budget has, if there is one.
    available: Option<Money>,
    /// The budgets of the task, and of those that it helps.
    own: &'f [TaskBudget],
}

fn may_take(
    account: &Account,
    task: &TaskRecord,
    funds: &Funds<'_>,
    policy: &Policy,
    now: Timestamp,
) -> bool {
    if task.directed_to.as_ref().is_some_and(|directed| *directed != account.swarm) {
        return false;
    }
    let enforced = policy.resources.enable_budget_enforcement;
    let available = funds.available.filter(|_| enforced);
    authorise(account, &work(task, &account.swarm), policy, now)
        .and_then(|authorised| authorised.within(funds.own, policy, now))
        .is_ok_and(|authorised| available.is_none_or(|available| authorised.amount <= available))
}
