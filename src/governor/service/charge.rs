//! Charging: money that moves while work goes on, booked once under its name.

use super::account::dated;
use super::claim::{as_read, change_task_budgets, scope};
use super::overall::{Allotting, Wish};
use super::{Governor, GovernorError, TRIES};
use crate::clock::Timestamp;
use crate::coordinator::Token;
use crate::governor::account::{Account, Dated};
use crate::governor::authorisation::Refusal;
use crate::governor::charge::{self, Booking, Change, Charge, Charging, Decision, Urgency};
use crate::governor::policy::Policy;
use crate::governor::reservation::Reservation;
use crate::governor::settlement::Settlement;
use crate::governor::task_budget::TaskBudget;
use crate::money::Money;
use crate::store::{Commit, Entry, Key, Precondition, Query, StoreError, Transaction, yield_to_rivals};

/// What became of a wish to charge.
#[derive(Debug, Clone)]
pub enum Charged {
    /// It is booked, or was before.
    Booked(Box<Charge>),
    /// The swarm has no budget: nothing was booked.
    NoBudget,
    /// It is not booked.
    Refused(Refusal),
}

/// Where a charge is to be amended, as it was read.
#[derive(Debug, Clone, Copy)]
pub struct Amending<'a> {
    /// Who was charged.
    pub account: &'a Account,
    /// What is set aside for the claim that was charged.
    pub claim: Option<&'a Dated<Reservation>>,
    /// The budgets of tasks in which it was booked as well.
    pub task_budgets: &'a [TaskBudget],
    /// The policy in force.
    pub policy: &'a Policy,
}

impl Governor {
    /// Charges a swarm beside its claims. What is asked for and not left is refused, and opens its breaker.
    ///
    /// # Errors
    /// [`GovernorError::ChargedOtherwise`] when the name was used for another charge, [`GovernorError::Conflict`] when
    /// others keep writing the same budget, [`GovernorError::Store`]. After a timeout the same charge may be tried again.
    pub async fn charge(&self, charging: &Charging) -> Result<Charged, GovernorError> {
        for attempt in 0..TRIES {
            let mut queries = Self::account_queries(&charging.swarm);
            queries.extend([Query::One(Key::Policy), Query::One(key(charging))]);
            let policy = queries.len() - 2;
            let snapshot = self.store.read(queries).await?;
            if let Some(charge) = Self::charge_from(charging, snapshot.one(policy + 1))? {
                return Ok(Charged::Booked(Box::new(charge)));
            }
            let account = Self::account_from(&charging.swarm, &snapshot, 0)?;
            let policy = Self::policy_from(snapshot.one(policy))?;
            let (transaction, charged) =
                Self::charging(&account, None, &[], charging, &policy, self.clock.now());
            match self.allot_charge(&account, Money::ZERO, charging, &charged, &policy).await? {
                Allotting::Refused(refusal) => return Ok(Charged::Refused(refusal)),
                Allotting::Covered if self.commit_charge(transaction).await? => return Ok(charged),
                Allotting::Covered | Allotting::Drawn { .. } => {}
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::Conflict { swarm: charging.swarm.clone(), attempts: TRIES })
    }

    /// Says that a charge of the most that something could cost has come to `cost`: the difference is booked, once.
    ///
    /// # Errors
    /// As [`Governor::charge`].
    pub async fn amend_charge(&self, charging: &Charging, cost: Money) -> Result<(), GovernorError> {
        for attempt in 0..TRIES {
            let Some(booked) = self.amendable(charging).await? else { return Ok(()) };
            let mut queries = Self::account_queries(&charging.swarm);
            queries.push(Query::One(Key::Policy));
            let snapshot = self.store.read(queries).await?;
            let account = Self::account_from(&charging.swarm, &snapshot, 0)?;
            let policy = Self::policy_from(snapshot.answers.last().and_then(|policy| policy.first()))?;
            let amending = Amending { account: &account, claim: None, task_budgets: &[], policy: &policy };
            let amended = self.amending(&amending, &booked, charging, cost).await?;
            if let Some(transaction) = amended
                && self.commit_charge(Some(transaction)).await?
            {
                return Ok(());
            }
            yield_to_rivals(attempt).await;
        }
        Err(GovernorError::Conflict { swarm: charging.swarm.clone(), attempts: TRIES })
    }

    /// The charge as it was booked, unless it was amended, or there was nothing to book it in.
    ///
    /// # Errors
    /// [`GovernorError::Store`].
    pub async fn amendable(&self, charging: &Charging) -> Result<Option<Dated<Charge>>, GovernorError> {
        let entry = self.store.get(&key(charging)).await?;
        let booked: Option<Dated<Charge>> = entry.as_ref().map(dated).transpose()?;
        Ok(booked.filter(|booked| booked.value.at_most))
    }

    /// The fragment that amends `booked` to `cost`. It compares what it was given as read; nothing when the overall budget
    /// had to be drawn on first, so that all is to be read anew.
    ///
    /// # Errors
    /// [`GovernorError::Store`].
    pub async fn amending(
        &self,
        amending: &Amending<'_>,
        booked: &Dated<Charge>,
        charging: &Charging,
        cost: Money,
    ) -> Result<Option<Transaction>, GovernorError> {
        let Amending { account, claim, task_budgets, policy } = *amending;
        let total = Charging { cost, urgency: Urgency::Total, ..charging.clone() };
        let reservation = claim.map(|claim| &claim.value);
        let (booking, amended) = charge::amend(
            account,
            reservation,
            task_budgets,
            &booked.value,
            &total,
            policy,
            self.clock.now(),
        );
        let charged = Charged::Booked(Box::new(booking.charge.clone()));
        if cost > booked.value.cost
            && !matches!(
                self.allot_charge(account, booked.value.cost, &total, &charged, policy).await?,
                Allotting::Covered
            )
        {
            return Ok(None);
        }
        let key = key(charging);
        let transaction = as_read(account)
            .when(Precondition::unchanged(&key, booked.revision))
            .put_json(&key, &booking.charge);
        let transaction =
            change_task_budgets(changed(transaction, account, &booking.change), &booking.task_budgets);
        Ok(Some(match claim.zip(amended) {
            Some((before, after)) => {
                let key = Key::Reservation(after.task.clone(), after.claim.clone());
                transaction.when(Precondition::unchanged(&key, before.revision)).put_json(&key, &after)
            }
            None => transaction,
        }))
    }

    /// Draws on the overall budget what a charge needs beyond what is set aside for it; what is gone already is not refused.
    ///
    /// # Errors
    /// [`GovernorError::Store`] when the store does not answer.
    pub async fn allot_charge(
        &self,
        account: &Account,
        set_aside: Money,
        charging: &Charging,
        charged: &Charged,
        policy: &Policy,
    ) -> Result<Allotting, GovernorError> {
        let amount = charging.cost.minus(set_aside);
        let incurred = matches!(charging.urgency, Urgency::Incurred | Urgency::Total);
        let by = charging.swarm.as_str();
        match charged {
            Charged::Booked(_) => {
                let wish = Wish { amount, incurred, kept: &[], by, fence: Transaction::new() };
                self.allot(account, wish, policy).await
            }
            Charged::NoBudget | Charged::Refused(_) => Ok(Allotting::Covered),
        }
    }

    /// The charge of this name, if it was booked before.
    ///
    /// # Errors
    /// [`GovernorError::ChargedOtherwise`] when it is another one.
    pub async fn charged_before(&self, charging: &Charging) -> Result<Option<Charge>, GovernorError> {
        let plain = Key::Charge(charging.swarm.clone(), charging.id.clone());
        let snapshot = self.store.read([key(charging), plain].map(Query::One).into()).await?;
        if let Some(charge) = Self::charge_from(charging, snapshot.one(0))? {
            return Ok(Some(charge));
        }
        // An older version booked charges of claims under the name alone.
        let older = snapshot.one(1).and_then(|entry| entry.json::<Charge>().ok());
        Ok(older.filter(|charge| charge.token.is_none() && charge.fulfils(charging)))
    }

    fn charge_from(charging: &Charging, entry: Option<&Entry>) -> Result<Option<Charge>, GovernorError> {
        let Some(charge) = entry.map(Entry::json::<Charge>).transpose()? else { return Ok(None) };
        if charge.fulfils(charging) {
            return Ok(Some(charge));
        }
        Err(GovernorError::ChargedOtherwise { swarm: charging.swarm.clone(), id: charging.id.clone() })
    }

    /// Commits what [`Governor::charging`] or [`Governor::correcting`] gave; false when others were faster.
    ///
    /// # Errors
    /// [`StoreError`] when the store does not answer.
    pub async fn commit_charge(&self, transaction: Option<Transaction>) -> Result<bool, StoreError> {
        match transaction {
            Some(transaction) => Ok(matches!(self.store.commit(transaction).await?, Commit::Done { .. })),
            None => Ok(true),
        }
    }

    /// The fragment that charges a swarm, and what it comes to; `claim` is what is set aside for the claim that is
    /// charged, and the claim's token. It compares that the charge was not booked, and budget, breaker and reservation
    /// as read. Nothing when nothing is to be written.
    #[must_use]
    pub fn charging(
        account: &Account,
        claim: Option<(&Dated<Reservation>, Token)>,
        task_budgets: &[TaskBudget],
        charging: &Charging,
        policy: &Policy,
        now: Timestamp,
    ) -> (Option<Transaction>, Charged) {
        let reservation = claim.map(|(reservation, _)| &reservation.value);
        match charge::charge(account, reservation, task_budgets, charging, policy, now) {
            Decision::NoBudget => (None, Charged::NoBudget),
            Decision::Refused { refusal, change } => {
                let transaction = change.map(|change| changed(as_read(account), account, &change));
                (transaction, Charged::Refused(refusal))
            }
            Decision::Booked(booking) => {
                let mut transaction = booked(account, charging, &booking);
                if let Some((reservation, token)) = claim {
                    let Reservation { task, claim, .. } = &reservation.value;
                    let key = Key::Reservation(task.clone(), claim.clone());
                    transaction = transaction
                        .when(Precondition::unchanged(&key, reservation.revision))
                        .put_json(&key, &reservation.charged(&booking.charge, token));
                }
                (Some(transaction), Charged::Booked(Box::new(booking.charge)))
            }
        }
    }

    /// The fragment that corrects what was booked for a claim that has ended, and what it comes to. It compares the
    /// settlement as read, so that a claim is never settled twice.
    #[must_use]
    pub fn correcting(
        account: &Account,
        settlement: &Dated<Settlement>,
        task_budgets: &[TaskBudget],
        charging: &Charging,
        policy: &Policy,
        now: Timestamp,
    ) -> (Option<Transaction>, Charged) {
        let correction = charge::correct(account, &settlement.value, task_budgets, charging, policy, now);
        let Some((booking, corrected)) = correction else {
            return (None, Charged::NoBudget);
        };
        let key = Key::Settlement(corrected.task.clone(), corrected.claim.clone());
        let transaction = booked(account, charging, &booking)
            .when(Precondition::unchanged(&key, settlement.revision))
            .put_json(&key, &corrected);
        (Some(transaction), Charged::Booked(Box::new(booking.charge)))
    }
}

fn key(charging: &Charging) -> Key {
    let (swarm, id) = (charging.swarm.clone(), charging.id.clone());
    match (&charging.task, charging.token) {
        (Some(task), Some(token)) => Key::ClaimCharge(swarm, id, task.clone(), token.to_string()),
        _ => Key::Charge(swarm, id),
    }
}

fn booked(account: &Account, charging: &Charging, booking: &Booking) -> Transaction {
    if let Some(waived) = &booking.waived {
        tracing::warn!("budgets are not enforced: {waived}");
    }
    let transaction =
        as_read(account).when(Precondition::absent(&key(charging))).put_json(&key(charging), &booking.charge);
    change_task_budgets(changed(transaction, account, &booking.change), &booking.task_budgets)
}

fn changed(mut transaction: Transaction, account: &Account, change: &Change) -> Transaction {
    if let Some(budget) = &change.budget {
        transaction = transaction.put_json(&Key::Budget(scope(account)), budget);
    }
    if let Some(breaker) = &change.breaker {
        transaction = transaction.put_json(&Key::Breaker(scope(account)), breaker);
    }
    if let Some(status) = change.status {
        transaction = transaction.put(&Key::SwarmStatus(account.swarm.clone()), status);
    }
    for call in &change.calls {
        // Even if one is there: the compares on budget and breaker make its cause unique.
        transaction = transaction.put_json(&Key::Escalation(call.id.clone()), call);
    }
    transaction
}
