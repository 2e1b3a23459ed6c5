//! Setting budgets: many at once, each by itself.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::claim::{as_read, replaced, scope};
use super::{Governor, GovernorError, TRIES};
use crate::clock::Timestamp;
use crate::governor::account::Dated;
use crate::governor::budget::Budget;
use crate::governor::period::{Period, PeriodId, Renewal};
use crate::id::{SwarmId, TaskId};
use crate::money::Money;
use crate::store::{Entry, Key, Precondition, Scope, StoreError, Transaction, yield_to_rivals};

pub(super) const OP: &str = "governor.set-budgets";

/// The budgets that people want.
#[derive(Debug, Clone)]
pub struct Budgeting {
    /// For every registered swarm that is not named, and for newcomers.
    pub default: Option<Money>,
    /// For these swarms.
    pub swarms: BTreeMap<SwarmId, Money>,
    /// For these tasks, and the help for them.
    pub tasks: BTreeMap<TaskId, Money>,
    /// For all swarms together.
    pub overall: Option<OverallWish>,
    /// How often these budgets begin anew; alone, those of all registered swarms and of newcomers.
    pub period: Option<Renewal>,
    /// Only say what would change.
    pub dry_run: bool,
    /// Who wants them.
    pub by: String,
}

/// What people want of the overall budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OverallWish {
    /// All swarms together may spend so much.
    Cap(Money),
    /// There is to be none.
    Gone,
}

/// What became of one budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Budgeted {
    /// Which.
    pub scope: Budgetary,
    /// The cap before; none when there was none.
    pub before: Option<Money>,
    /// The cap that was wanted.
    pub after: Option<Money>,
    /// The period that what is spent counts for.
    pub period: Option<PeriodId>,
    /// What became of the wish.
    #[serde(flatten)]
    pub result: BudgetResult,
}

/// A scope, or what newcomers get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Budgetary {
    /// What a swarm gets that registers without a budget.
    Default,
    /// One budget.
    Scope(Scope),
}

impl fmt::Display for Budgetary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.pad("default"),
            Self::Scope(scope) => scope.fmt(f),
        }
    }
}

impl Serialize for Budgetary {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What became of a wish for a budget.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum BudgetResult {
    /// There was none.
    Created,
    /// It is another one now.
    Changed,
    /// It was so before.
    Unchanged,
    /// Nobody can read what stands there, and it is left out.
    Illegible {
        /// Where.
        key: String,
    },
    /// Nobody could read it: it begins anew.
    Replaced,
    /// It is there no more.
    Removed,
    /// More is spent or reserved already.
    Refused {
        /// How much.
        committed: Money,
    },
}

impl fmt::Display for BudgetResult {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Created => f.pad("created"),
            Self::Changed => f.pad("changed"),
            Self::Unchanged => f.pad("unchanged"),
            Self::Illegible { key } => write!(f, "left out: nobody can read {key}"),
            Self::Replaced => f.pad("replaced: nobody could read it"),
            Self::Removed => f.pad("removed"),
            Self::Refused { committed } => write!(f, "refused: {committed} are spent or reserved"),
        }
    }
}

/// What a swarm gets that registers without a budget.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DefaultBudget {
    /// The cap; else what the policy says.
    #[serde(default)]
    pub cap: Option<Money>,
    /// How often it begins anew.
    #[serde(default)]
    pub period: Option<Period>,
    /// Who wrote this.
    #[serde(default)]
    pub by: String,
    /// In which operation.
    #[serde(default)]
    pub op: String,
}

impl Governor {
    /// Sets budgets, and says of each what became of it. They are many keys, so that a part may be refused or, when the
    /// store fails, left out; doing it again does the rest.
    ///
    /// # Errors
    /// [`GovernorError::Conflict`] when others keep writing the same budget, [`GovernorError::Store`].
    pub async fn set_budgets(&self, budgeting: &Budgeting) -> Result<Vec<Budgeted>, GovernorError> {
        let names_nobody =
            budgeting.swarms.is_empty() && budgeting.tasks.is_empty() && budgeting.overall.is_none();
        let for_all = budgeting.default.is_some() || names_nobody;
        let mut wanted: BTreeMap<SwarmId, Option<Money>> =
            budgeting.swarms.iter().map(|(swarm, cap)| (swarm.clone(), Some(*cap))).collect();
        let mut done = Vec::new();
        if for_all {
            // First, so that whoever registers meanwhile gets it, or is among those that are registered.
            done.push(self.set_default(budgeting).await?);
            for swarm in self.registered().await? {
                wanted.entry(swarm).or_insert(budgeting.default);
            }
        }
        for (swarm, cap) in wanted {
            done.push(self.set_budget(&swarm, cap, budgeting).await?);
        }
        match budgeting.overall {
            Some(OverallWish::Cap(cap)) => done.push(self.set_overall(cap, budgeting).await?),
            Some(OverallWish::Gone) => done.push(self.remove_overall(budgeting).await?),
            None => {}
        }
        for (task, cap) in &budgeting.tasks {
            done.push(self.set_task_budget(task, *cap, budgeting).await?);
        }
        Ok(done)
    }

    async fn set_budget(
        &self,
        swarm: &SwarmId,
        cap: Option<Money>,
        budgeting: &Budgeting,
    ) -> Result<Budgeted, GovernorError> {
        for attempt in 0..TRIES {
            let now = self.clock.now();
            let account = match self.account(swarm).await {
                Err(StoreError::Malformed { key, .. }) => {
                    match self.replace_illegible(swarm, cap, &key, budgeting).await? {
                        Some(budgeted) => return Ok(budgeted),
                        None => continue,
                    }
                }
                account => account?,
            };
            let stored = account.budget.as_ref().map(|budget| &budget.value);
            let (budgeted, budget) = budgeted(scope(&account), stored, Money::ZERO, cap, budgeting, now);
            let Some(budget) = budget.filter(|_| !budgeting.dry_run) else { return Ok(budgeted) };
            let transaction = as_read(&account).and(replaced(&account, &budget, now));
            if self.store.commit(transaction).await?.is_done() {
                return Ok(budgeted);
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::Conflict { swarm: swarm.clone(), attempts: TRIES })
    }

    async fn set_default(&self, budgeting: &Budgeting) -> Result<Budgeted, GovernorError> {
        let entry = self.store.get(&Key::DefaultBudget).await?;
        let read = entry.as_ref().map(Entry::json::<DefaultBudget>);
        let is_illegible = matches!(read, Some(Err(_)));
        let before = read.and_then(Result::ok).unwrap_or_default();
        let (cap, period) = (budgeting.default.or(before.cap), renewed(budgeting, before.period));
        let after = DefaultBudget { cap, period, by: budgeting.by.clone(), op: OP.to_owned() };
        let is_same = !is_illegible && (cap, period) == (before.cap, before.period);
        if !is_same && !budgeting.dry_run {
            // Of two that want another one at once, the last wins.
            self.store.commit(Transaction::new().put_json(&Key::DefaultBudget, &after)).await?;
        }
        let result = match entry {
            None => BudgetResult::Created,
            Some(_) if is_illegible => BudgetResult::Replaced,
            Some(_) if is_same => BudgetResult::Unchanged,
            Some(_) => BudgetResult::Changed,
        };
        let period = period.map(|period| period.at(self.clock.now()));
        Ok(Budgeted { scope: Budgetary::Default, before: before.cap, after: cap, period, result })
    }

    /// What newcomers get, from its key.
    pub(super) fn default_budget_from(entry: Option<&Entry>) -> Result<Dated<DefaultBudget>, StoreError> {
        match entry {
            Some(entry) => Ok(Dated { value: entry.json()?, revision: entry.mod_revision }),
            None => Ok(Dated { value: DefaultBudget::default(), revision: 0 }),
        }
    }
}

impl Dated<DefaultBudget> {
    /// Nobody has decided otherwise for newcomers.
    pub(super) fn unchanged(&self) -> Precondition {
        Precondition::unchanged(&Key::DefaultBudget, self.revision)
    }
}

/// How often a budget begins anew after this, that did so as often as `before`.
pub(super) fn renewed(budgeting: &Budgeting, before: Option<Period>) -> Option<Period> {
    budgeting.period.map_or(before, Renewal::period)
}

/// What becomes of one budget, and what is to be written for it; `joining` is set aside in it from now on.
pub(super) fn budgeted(
    scope: Scope,
    stored: Option<&Budget>,
    joining: Money,
    cap: Option<Money>,
    budgeting: &Budgeting,
    now: Timestamp,
) -> (Budgeted, Option<Budget>) {
    let before = stored.map(|budget| budget.at(now));
    let joined = before.as_ref().map(|before| before.book(joining));
    let answer = |result, after, period| {
        let (scope, before) = (Budgetary::Scope(scope), stored.map(|budget| budget.cap));
        Budgeted { scope, before, after, period, result }
    };
    let (after, result) = match (joined, cap) {
        // A period alone says nothing of a swarm without a budget.
        (None, None) => return (answer(BudgetResult::Unchanged, None, None), None),
        (None, Some(cap)) if cap < joining => {
            return (answer(BudgetResult::Refused { committed: joining }, Some(cap), None), None);
        }
        (None, Some(cap)) => (Budget::with_cap(cap).book(joining), BudgetResult::Created),
        (Some(joined), cap) => {
            let cap = cap.unwrap_or(joined.cap);
            let is_news = cap != joined.cap || joining > Money::ZERO;
            if is_news && cap < joined.committed() {
                let refused = BudgetResult::Refused { committed: joined.committed() };
                return (answer(refused, Some(cap), joined.period), None);
            }
            (joined.with_new_cap(cap), BudgetResult::Changed)
        }
    };
    let after = after.with_renewal(budgeting.period, now);
    if before.as_ref() == Some(&after) {
        return (answer(BudgetResult::Unchanged, Some(after.cap), after.period), None);
    }
    (answer(result, Some(after.cap), after.period), Some(after.signed(&budgeting.by, OP)))
}
