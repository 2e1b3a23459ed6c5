//! The overall budget: drawing on it, recalling what others do not need, and calling people before it is spent.
//!
//! Every transfer is one transaction that compares and writes the overall budget and one swarm's. Whoever dies between a
//! transfer and what it was for leaves an allotment that is not used: others recall it.

use std::cmp::Reverse;

use super::account::dated;
use super::{Governor, GovernorError, TRIES};
use crate::clock::Timestamp;
use crate::governor::account::{Account, Dated};
use crate::governor::alert;
use crate::governor::authorisation::Refusal;
use crate::governor::budget::Budget;
use crate::governor::escalation::{Escalation, EscalationKind};
use crate::governor::overall::{Drawn, Overall};
use crate::governor::policy::Policy;
use crate::id::SwarmId;
use crate::money::Money;
use crate::store::{
    Commit, Entry, Key, Precondition, Prefix, Query, Scope, StoreError, Transaction, yield_to_rivals,
};

const OP: &str = "governor.allot";

/// A wish to draw on the overall budget.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// What the swarm is about to commit.
    pub amount: Money,
    /// Whether that is gone anyway: then what is left is drawn, if not all is, and nothing is refused.
    pub incurred: bool,
    /// What other swarms are about to commit in the same transaction: it is not recalled from them.
    pub kept: &'a [(SwarmId, Money)],
    /// Who draws.
    pub by: &'a str,
    /// What every transfer compares as well.
    pub fence: Transaction,
}

/// What came of a wish to draw.
#[derive(Debug, Clone)]
pub enum Allotting {
    /// The swarm may go on with what was read of it.
    Covered,
    /// Something was drawn, or somebody else has changed something: it is to be read anew.
    Drawn {
        /// The revision of the transfer; 0 when others made it.
        revision: i64,
    },
    /// Not even what no swarm needs is enough.
    Refused(Refusal),
}

/// A swarm that draws.
#[derive(Debug, Clone)]
pub(super) struct Drawing<'a> {
    pub(super) swarm: &'a SwarmId,
    pub(super) wish: Wish<'a>,
}

/// The overall budget and all that draw on it, at one revision.
pub(super) struct Books {
    pub(super) overall: Option<Dated<Overall>>,
    /// The revision of an overall budget that nobody can read: it is as good as none.
    pub(super) illegible: Option<i64>,
    pub(super) swarms: Vec<(SwarmId, Dated<Budget>)>,
}

impl Books {
    /// What swarms have of it.
    pub(super) fn allotted(&self) -> Money {
        let allotments = self.swarms.iter().filter_map(|(_, budget)| budget.value.allotment);
        allotments.fold(Money::ZERO, |sum, allotment| sum.plus(allotment.amount))
    }

    /// A new overall budget. What swarms have of one that was deleted by hand is part of it.
    pub(super) fn first(&self, cap: Money) -> Overall {
        Overall { unallotted: cap.minus(self.allotted()), ..Overall::with_cap(cap, None) }
    }

    /// What of it is spent in its present period.
    pub(super) fn spent(&self, now: Timestamp) -> Money {
        let each = self.swarms.iter().filter_map(|(_, budget)| budget.value.allotment);
        each.fold(Money::ZERO, |sum, allotment| sum.plus(allotment.at(now).spent))
    }

    /// What can be recalled, except what swarms are to keep.
    fn recallable(&self, kept: &[(SwarmId, Money)], now: Timestamp) -> Money {
        let each = self.swarms.iter().map(|(swarm, budget)| recallable(swarm, &budget.value, kept, now));
        each.fold(Money::ZERO, Money::plus)
    }
}

impl Governor {
    /// Sees to it that the allotment of a swarm has as much as is wished for: draws on what is not allotted, and recalls what
    /// others do not need before it refuses. A human is called when it does, once for each period and cap. Where the policy
    /// does not enforce budgets, nothing is refused.
    ///
    /// # Errors
    /// [`GovernorError::OverallConflict`] when others keep writing the same budgets, [`GovernorError::Store`].
    pub async fn allot(
        &self,
        account: &Account,
        wish: Wish<'_>,
        policy: &Policy,
    ) -> Result<Allotting, GovernorError> {
        if account.is_covered(wish.amount, self.clock.now()) {
            return Ok(Allotting::Covered);
        }
        let incurred = wish.incurred || !policy.resources.enable_budget_enforcement;
        let drawing = Drawing { swarm: &account.swarm, wish: Wish { incurred, ..wish } };
        match self.draw(&drawing).await? {
            Allotting::Refused(refusal) if incurred => {
                tracing::warn!(swarm = %account.swarm, "it is booked all the same: {refusal}");
                Ok(Allotting::Covered)
            }
            allotting => Ok(allotting),
        }
    }

    pub(super) async fn draw(&self, drawing: &Drawing<'_>) -> Result<Allotting, GovernorError> {
        let Wish { amount, incurred, .. } = drawing.wish;
        let scope = Scope::Swarm(drawing.swarm.clone());
        for attempt in 0..TRIES {
            let keys = [Key::Budget(Scope::Overall), Key::Budget(scope.clone())];
            let snapshot = self.store.read(keys.map(Query::One).into()).await?;
            let (Some(overall), Some(budget)) = (snapshot.one(0), snapshot.one(1)) else {
                return Ok(Allotting::Drawn { revision: 0 });
            };
            let (overall, budget) = (dated::<Overall>(overall)?, dated::<Budget>(budget)?);
            let now = self.clock.now();
            let drawn = match overall.value.draw(&budget.value, amount, now) {
                Drawn::Short(missing)
                    if self.recall(&overall, missing, Some(drawing.swarm), &drawing.wish).await? =>
                {
                    yield_to_rivals(attempt).await;
                    continue;
                }
                Drawn::Short(_) => {
                    let Some(refusal) = self.shortage(drawing).await? else { continue };
                    if !incurred {
                        return Ok(Allotting::Refused(refusal));
                    }
                    match overall.value.draw_what_is_left(&budget.value, amount, now) {
                        Drawn::Covered | Drawn::Short(_) => return Ok(Allotting::Refused(refusal)),
                        transfer @ Drawn::Transfer(_) => transfer,
                    }
                }
                drawn => drawn,
            };
            let Drawn::Transfer(both) = drawn else { return Ok(Allotting::Drawn { revision: 0 }) };
            let revisions = (overall.revision, budget.revision);
            let commit = self.transfer(*both, revisions, drawing.swarm, &drawing.wish).await?;
            if let Commit::Done { revision } = commit {
                return Ok(Allotting::Drawn { revision });
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::OverallConflict { attempts: TRIES })
    }

    /// Recalls from swarms, except this one, what they do not need until `missing` is there, those that have most of it first; false
    /// when all of them together do not have it. What others were faster with is left to the next try.
    pub(super) async fn recall(
        &self,
        overall: &Dated<Overall>,
        missing: Money,
        except: Option<&SwarmId>,
        wish: &Wish<'_>,
    ) -> Result<bool, GovernorError> {
        let now = self.clock.now();
        let mut books = self.books().await?;
        let Some(mut present) = books.overall.take() else { return Ok(true) };
        books.swarms.retain(|(swarm, _)| Some(swarm) != except);
        let since = present.value.unallotted.minus(overall.value.unallotted);
        if books.recallable(wish.kept, now).plus(since) < missing {
            return Ok(false);
        }
        books.swarms.sort_by_key(|(_, budget)| Reverse(budget.value.recallable(now)));
        let enough = present.value.unallotted.plus(missing.minus(since));
        for (swarm, budget) in &books.swarms {
            let still =
                enough.minus(present.value.unallotted).min(recallable(swarm, &budget.value, wish.kept, now));
            if still == Money::ZERO {
                continue;
            }
            let Some(both) = present.value.recall(&budget.value, still, now) else { continue };
            let (after, revisions) = (both.0.clone(), (present.revision, budget.revision));
            match self.transfer(both, revisions, swarm, wish).await? {
                Commit::Done { revision } => present = Dated { value: after, revision },
                Commit::Refused(_) => break,
            }
        }
        Ok(true)
    }

    async fn transfer(
        &self,
        (overall, budget): (Overall, Budget),
        (overall_revision, budget_revision): (i64, i64),
        swarm: &SwarmId,
        Wish { by, fence, .. }: &Wish<'_>,
    ) -> Result<Commit, StoreError> {
        let (from, to) = (Key::Budget(Scope::Overall), Key::Budget(Scope::Swarm(swarm.clone())));
        let transaction = fence
            .clone()
            .when(Precondition::unchanged(&from, overall_revision))
            .when(Precondition::unchanged(&to, budget_revision))
            .put_json(&from, &overall.signed(by, OP))
            .put_json(&to, &budget.signed(by, OP));
        self.store.commit(transaction).await
    }

    /// The refusal, if at one revision all that nobody needs is too little; a human is called then.
    async fn shortage(&self, drawing: &Drawing<'_>) -> Result<Option<Refusal>, GovernorError> {
        let (books, now) = (self.books().await?, self.clock.now());
        let Some(overall) = &books.overall else { return Ok(None) };
        let left = overall.value.unallotted.plus(books.recallable(drawing.wish.kept, now));
        let own = books.swarms.iter().find(|(swarm, _)| swarm == drawing.swarm);
        let Some((_, own)) = own else { return Ok(None) };
        let (allotment, reserved) = (own.value.allotment.unwrap_or_default().at(now), own.value.reserved);
        let overdrawn = allotment.spent.plus(reserved).minus(allotment.amount);
        let needed = drawing.wish.amount.plus(overdrawn);
        if needed <= left {
            return Ok(None);
        }
        let call = exhausted(&overall.value, left, drawing.wish.by, now);
        let fenced = drawing.wish.fence.clone().and(Self::escalate(&call));
        // Who was called before is not called again.
        self.store.commit(fenced).await?;
        Ok(Some(Refusal::Overall { left, needed }))
    }

    /// What can still be committed of the overall budget, by whoever asks first; none while there is none.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer, or nobody can read it.
    pub async fn available(&self) -> Result<Option<Money>, GovernorError> {
        let (books, now) = (self.books().await?, self.clock.now());
        let recallable = books.recallable(&[], now);
        Ok(books.overall.map(|overall| overall.value.unallotted.plus(recallable)))
    }

    /// The overall budget, from its key; one that nobody can read has nothing.
    #[must_use]
    pub fn overall_from(entry: &Entry) -> Overall {
        entry.json().unwrap_or_else(|_| Overall::with_cap(Money::ZERO, None))
    }

    /// Whether people want to know that so much of the overall budget is spent, and do not yet.
    #[must_use]
    pub fn is_alarming(overall: &Overall, spent: Money, policy: &Policy, now: Timestamp) -> bool {
        overall.alert(spent, &policy.resources.budget_alerts, now).is_some()
    }

    /// Calls a human because so much of the overall budget is spent, if they want to know and do not yet; what others wrote
    /// meanwhile is looked at the next time. `fence` is what the call compares as well.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer, or nobody can read the overall budget.
    pub async fn alert_overall(
        &self,
        spent: Money,
        policy: &Policy,
        by: &str,
        fence: Transaction,
    ) -> Result<bool, GovernorError> {
        let key = Key::Budget(Scope::Overall);
        let Some(entry) = self.store.get(&key).await? else { return Ok(false) };
        let (overall, now) = (dated::<Overall>(&entry)?, self.clock.now());
        let alert = overall.value.alert(spent, &policy.resources.budget_alerts, now);
        let Some((told, percent)) = alert else { return Ok(false) };
        let call = alert::of_overall(&told, spent, percent, by, now);
        let transaction = fence
            .when(Precondition::unchanged(&key, overall.revision))
            .put_json(&key, &told.signed(by, OP))
            .put_json(&Key::Escalation(call.id.clone()), &call);
        Ok(self.store.commit(transaction).await?.is_done())
    }

    pub(super) async fn books(&self) -> Result<Books, GovernorError> {
        let (entries, _) = self.store.range(&Prefix::Budgets).await?;
        let mut books = Books { overall: None, illegible: None, swarms: Vec::new() };
        for entry in &entries {
            match Key::parse(&entry.key) {
                Some(Key::Budget(Scope::Overall)) => match dated(entry) {
                    Ok(overall) => books.overall = Some(overall),
                    Err(error) => {
                        tracing::error!(%error, "left out");
                        books.illegible = Some(entry.mod_revision);
                    }
                },
                Some(Key::Budget(Scope::Swarm(swarm))) => match dated(entry) {
                    Ok(budget) => books.swarms.push((swarm, budget)),
                    Err(error) => tracing::error!(%swarm, %error, "left out"),
                },
                _ => {}
            }
        }
        Ok(books)
    }
}

fn recallable(swarm: &SwarmId, budget: &Budget, kept: &[(SwarmId, Money)], now: Timestamp) -> Money {
    let kept = kept.iter().filter(|(keeping, _)| keeping == swarm);
    let kept = kept.fold(Money::ZERO, |sum, (_, amount)| sum.plus(*amount));
    budget.recallable(now).minus(kept)
}

fn exhausted(overall: &Overall, left: Money, by: &str, now: Timestamp) -> Escalation {
    let period = overall.period.map(|period| period.at(now).to_string().replace('/', "-"));
    let period = period.unwrap_or_else(|| "ever".to_owned());
    let cause = format!("overall.{period}.{}", overall.cap.micros());
    let issue = format!("work is refused: the overall budget has {left} of {} dollars left", overall.cap);
    let action = "look at it: ifctl governor budgets; then: ifctl governor set-budgets --overall DOLLARS";
    Escalation::triggered(EscalationKind::BudgetAlert, &cause, issue, action, by, now)
}
