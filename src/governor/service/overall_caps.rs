//! Setting the overall budget, and taking it away.

use super::caps::{BudgetResult, Budgetary, Budgeted, Budgeting, OP, renewed};
use super::overall::{Books, Drawing, Wish};
use super::{Governor, GovernorError, TRIES};
use crate::clock::Timestamp;
use crate::governor::account::Dated;
use crate::governor::budget::Budget;
use crate::governor::overall::Overall;
use crate::id::SwarmId;
use crate::money::Money;
use crate::store::{Key, Precondition, Scope, Transaction, yield_to_rivals};

impl Governor {
    /// Creates or changes the overall budget, and lets every swarm have what it has set aside of it.
    pub(super) async fn set_overall(
        &self,
        cap: Money,
        budgeting: &Budgeting,
    ) -> Result<Budgeted, GovernorError> {
        for attempt in 0..TRIES {
            let (books, now) = (self.books().await?, self.clock.now());
            let before = books.overall.as_ref().map(|overall| overall.value.cap);
            let present = books.overall.as_ref().and_then(|overall| overall.value.period);
            let period = renewed(budgeting, present);
            let answer = |result| Budgeted {
                scope: Budgetary::Scope(Scope::Overall),
                before,
                after: Some(cap),
                period: period.map(|period| period.at(now)),
                result,
            };
            let committed = committed(&books, now);
            if cap < committed && before.is_none_or(|before| cap < before) {
                return Ok(answer(BudgetResult::Refused { committed }));
            }
            let result = match &books.overall {
                None if books.illegible.is_some() => BudgetResult::Replaced,
                None => BudgetResult::Created,
                Some(Dated { value, .. }) if (value.cap, value.period) == (cap, period) => {
                    BudgetResult::Unchanged
                }
                Some(_) => BudgetResult::Changed,
            };
            if budgeting.dry_run {
                return Ok(answer(result));
            }
            if result == BudgetResult::Unchanged || self.replace(&books, cap, budgeting).await? {
                self.allot_all(budgeting).await?;
                return Ok(answer(result));
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::OverallConflict { attempts: TRIES })
    }

    /// Writes the overall budget, once enough is recalled; false when it is to be looked at again.
    async fn replace(&self, books: &Books, cap: Money, budgeting: &Budgeting) -> Result<bool, GovernorError> {
        let key = Key::Budget(Scope::Overall);
        let revision =
            books.overall.as_ref().map(|overall| overall.revision).or(books.illegible).unwrap_or(0);
        let next = match books.overall.as_ref().map(|overall| (overall, overall.value.with_new_cap(cap))) {
            None => books.first(cap),
            Some((_, Ok(next))) => next,
            Some((overall, Err(missing))) => {
                self.recall(overall, missing, None, &nothing(budgeting)).await?;
                return Ok(false);
            }
        };
        let period = renewed(budgeting, next.period);
        let next =
            Overall { period, ..next }.rearmed(books.spent(self.clock.now())).signed(&budgeting.by, OP);
        let unchanged = Precondition::unchanged(&key, revision);
        let transaction = Transaction::new().when(unchanged).put_json(&key, &next);
        Ok(self.store.commit(transaction).await?.is_done())
    }

    /// Gives all swarms with a budget an allotment of the present period, for what they have set aside.
    async fn allot_all(&self, budgeting: &Budgeting) -> Result<(), GovernorError> {
        for (swarm, _) in self.books().await?.swarms {
            self.draw(&Drawing { swarm: &swarm, wish: nothing(budgeting) }).await?;
        }
        Ok(())
    }

    /// Takes the overall budget away: every swarm may spend what its own budget has. What swarms were allotted is forgotten
    /// after it; whoever dies in between leaves some of that, which counts as part of the next overall budget, or is
    /// forgotten when this is done again.
    pub(super) async fn remove_overall(&self, budgeting: &Budgeting) -> Result<Budgeted, GovernorError> {
        let key = Key::Budget(Scope::Overall);
        for attempt in 0..TRIES {
            let books = self.books().await?;
            let before = books.overall.as_ref().map(|overall| overall.value.cap);
            let revision = books.overall.as_ref().map(|overall| overall.revision).or(books.illegible);
            let result = if revision.is_some() { BudgetResult::Removed } else { BudgetResult::Unchanged };
            let scope = Budgetary::Scope(Scope::Overall);
            let budgeted = Budgeted { scope, before, after: None, period: None, result };
            if budgeting.dry_run {
                return Ok(budgeted);
            }
            let gone = match revision {
                Some(revision) => {
                    let unchanged = Precondition::unchanged(&key, revision);
                    self.store.commit(Transaction::new().when(unchanged).delete(&key)).await?.is_done()
                }
                None => true,
            };
            if gone {
                for (swarm, budget) in books.swarms {
                    self.forget_allotment(&swarm, budget, budgeting).await?;
                }
                return Ok(budgeted);
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::OverallConflict { attempts: TRIES })
    }

    /// Lets a swarm forget its allotment, unless there is an overall budget again.
    async fn forget_allotment(
        &self,
        swarm: &SwarmId,
        mut budget: Dated<Budget>,
        budgeting: &Budgeting,
    ) -> Result<(), GovernorError> {
        let key = Key::Budget(Scope::Swarm(swarm.clone()));
        for attempt in 0..TRIES {
            if budget.value.allotment.is_none() {
                return Ok(());
            }
            let next = Budget { allotment: None, ..budget.value }.signed(&budgeting.by, OP);
            let transaction = Transaction::new()
                .when(Precondition::absent(&Key::Budget(Scope::Overall)))
                .when(Precondition::unchanged(&key, budget.revision))
                .put_json(&key, &next);
            if self.store.commit(transaction).await?.is_done() {
                return Ok(());
            }
            yield_to_rivals(attempt).await;
            let books = self.books().await?;
            let Some((_, present)) = books.swarms.into_iter().find(|(other, _)| other == swarm) else {
                return Ok(());
            };
            if books.overall.is_some() {
                return Ok(());
            }
            budget = present;
        }
        Err(GovernorError::Conflict { swarm: swarm.clone(), attempts: TRIES })
    }

    /// Gives a swarm a budget in the place of one that nobody can read: what it has set aside is known, what it has spent
    /// is not. Its part of the overall budget goes back. Nothing when something has changed; what stands in the way may
    /// also be another key of the swarm.
    pub(super) async fn replace_illegible(
        &self,
        swarm: &SwarmId,
        cap: Option<Money>,
        illegible: &str,
        budgeting: &Budgeting,
    ) -> Result<Option<Budgeted>, GovernorError> {
        let scope = Scope::Swarm(swarm.clone());
        let key = Key::Budget(scope.clone());
        let answer = |result, period| Budgeted {
            scope: Budgetary::Scope(scope.clone()),
            before: None,
            after: cap,
            period,
            result,
        };
        let Some(cap) = cap.filter(|_| illegible == key.to_string()) else {
            return Ok(Some(answer(BudgetResult::Illegible { key: illegible.to_owned() }, None)));
        };
        let Some(entry) = self.store.get(&key).await? else { return Ok(None) };
        let books = self.books().await?;
        let reserved = self.reservations_of(swarm).await?;
        let reserved = reserved.iter().fold(Money::ZERO, |sum, claim| sum.plus(claim.remaining()));
        if cap < reserved {
            return Ok(Some(answer(BudgetResult::Refused { committed: reserved }, None)));
        }
        let budget = Budget::with_cap(cap).book(reserved).with_renewal(budgeting.period, self.clock.now());
        let period = budget.period;
        if !budgeting.dry_run {
            let overall = Key::Budget(Scope::Overall);
            let revision = books.overall.as_ref().map(|overall| overall.revision).or(books.illegible);
            let mut transaction = Transaction::new()
                .when(Precondition::unchanged(&key, entry.mod_revision))
                .when(Precondition::unchanged(&overall, revision.unwrap_or(0)))
                .put_json(&key, &budget.signed(&budgeting.by, OP));
            if let Some(Dated { value, .. }) = &books.overall {
                let unallotted = value.cap.minus(books.allotted());
                let next = Overall { unallotted, ..value.clone() }.signed(&budgeting.by, OP);
                transaction = transaction.put_json(&overall, &next);
            }
            if !self.store.commit(transaction).await?.is_done() {
                return Ok(None);
            }
        }
        Ok(Some(answer(BudgetResult::Replaced, period)))
    }
}

/// A wish for no more than what is set aside already.
fn nothing(budgeting: &Budgeting) -> Wish<'_> {
    Wish { amount: Money::ZERO, incurred: true, kept: &[], by: &budgeting.by, fence: Transaction::new() }
}

/// What is spent or set aside, of the overall budget, or would be of the first one.
fn committed(books: &Books, now: Timestamp) -> Money {
    let each = books.swarms.iter().map(|(_, budget)| {
        let spent = budget.value.allotment.unwrap_or_default().at(now).spent;
        let committed = spent.plus(budget.value.reserved);
        // What swarms have of one that was deleted by hand is not there for others.
        let kept = budget.value.allotment.filter(|_| books.overall.is_none());
        kept.map_or(committed, |kept| kept.amount.max(committed))
    });
    each.fold(Money::ZERO, Money::plus)
}
