//! Charging a claim: while it lives by its token, and when it has ended, by the same token, what it has cost in all.

use super::attempted::Attempted;
use super::situation::Situation;
use super::{Coordinator, CoordinatorError, TRIES};
use crate::coordinator::token::Token;
use crate::governor::service::{Allotting, Amending, Charged, Governor};
use crate::governor::{Account, Charging, Dated, Policy, Reservation, Settlement, Urgency};
use crate::id::TaskId;
use crate::money::Money;
use crate::store::{Key, Prefix, Query, Transaction, yield_to_rivals};

/// A charge to be committed, if there is something to write, and what it comes to.
type Prepared = (Option<Transaction>, Charged);

impl Coordinator {
    /// Charges the claim of `task` whose token this is: first from what is set aside for it. With [`Urgency::Total`] the
    /// claim must have ended, and what was booked for it is corrected. The same charge again books nothing more.
    ///
    /// # Errors
    /// [`CoordinatorError::Stale`] when the token is not that of the present holder, [`CoordinatorError::NotEnded`] or
    /// [`CoordinatorError::Unproven`] when there is nothing to correct.
    pub async fn charge(
        &self,
        task: &TaskId,
        token: Token,
        charging: &Charging,
    ) -> Result<Charged, CoordinatorError> {
        for attempt in 0..TRIES {
            if let Some(charge) = self.governor.charged_before(charging).await? {
                return Ok(Charged::Booked(Box::new(charge)));
            }
            let prepared = match charging.urgency {
                Urgency::Asked | Urgency::AtMost | Urgency::Incurred => {
                    self.charging(task, token, charging).await?
                }
                Urgency::Total => self.correcting(task, token, charging).await?,
            };
            if let Some((transaction, charged)) = prepared
                && self.governor.commit_charge(transaction).await?
            {
                return Ok(charged);
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// Says that a charge of the most that something could cost has come to `cost`. Of a claim that has ended meanwhile
    /// nothing comes back; what goes beyond is booked beside it.
    ///
    /// # Errors
    /// [`CoordinatorError::Contended`] when others keep writing the same keys, or the store does not answer.
    pub async fn amend_charge(
        &self,
        task: &TaskId,
        token: Token,
        charging: &Charging,
        cost: Money,
    ) -> Result<(), CoordinatorError> {
        for attempt in 0..TRIES {
            let Some(booked) = self.governor.amendable(charging).await? else { return Ok(()) };
            let attempted = match self.attempted(task, token).await {
                Ok(Ok(attempted)) => attempted,
                Ok(Err(_)) | Err(CoordinatorError::Stale { .. } | CoordinatorError::NoTask { .. }) => {
                    return self.charge_the_rest(charging, cost).await;
                }
                Err(error) => return Err(error),
            };
            let reservation = attempted.reservation();
            let amending = Amending {
                account: &attempted.account,
                claim: Some(&reservation),
                task_budgets: &attempted.task_budgets,
                policy: &attempted.policy,
            };
            let amended = self.governor.amending(&amending, &booked, charging, cost).await?;
            if let Some(money) = amended
                && self.governor.commit_charge(Some(attempted.guard(task).and(money))).await?
            {
                return Ok(());
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: task.clone() })
    }

    /// What a call has cost beyond what was booked for it, once its claim has ended.
    async fn charge_the_rest(&self, charging: &Charging, cost: Money) -> Result<(), CoordinatorError> {
        let rest = cost.minus(charging.cost);
        if rest > Money::ZERO {
            let urgency = Urgency::Incurred;
            let charging = Charging { cost: rest, token: None, urgency, ..charging.clone() };
            self.governor.charge(&charging).await?;
        }
        Ok(())
    }

    async fn charging(
        &self,
        task: &TaskId,
        token: Token,
        charging: &Charging,
    ) -> Result<Option<Prepared>, CoordinatorError> {
        let stale = |holder| CoordinatorError::Stale { task: task.clone(), token, holder };
        let attempted = self.attempted(task, token).await?.map_err(|_| stale(None))?;
        if attempted.hold.value.swarm != charging.swarm {
            return Err(stale(Some(attempted.hold.value.swarm.to_string())));
        }
        let reservation = attempted.reservation();
        let claim = Some((&reservation, token));
        let (account, policy) = (&attempted.account, &attempted.policy);
        let task_budgets = &attempted.task_budgets;
        let (money, charged) = Governor::charging(account, claim, task_budgets, charging, policy, self.now());
        let prepared = (money.map(|money| attempted.guard(task).and(money)), charged);
        self.allotted(account, reservation.value.remaining(), charging, prepared, policy).await
    }

    async fn correcting(
        &self,
        task: &TaskId,
        token: Token,
        charging: &Charging,
    ) -> Result<Option<Prepared>, CoordinatorError> {
        let mut queries = Situation::queries(task);
        queries.extend([Query::One(Key::Policy), Query::Family(Prefix::SettlementsOf(task.clone()))]);
        let snapshot = self.store.read(queries).await?;
        if Situation::from_snapshot(task, &snapshot)?.token() == Some(token) {
            return Err(CoordinatorError::NotEnded { task: task.clone() });
        }
        let policy = Governor::policy_from(snapshot.one(Situation::WIDTH))?;
        // A settlement that nobody can read proves nothing, and hides no other.
        let settlements = snapshot.all(Situation::WIDTH + 1).iter().filter_map(|entry| {
            Some(Dated { value: entry.json::<Settlement>().ok()?, revision: entry.mod_revision })
        });
        let is_meant = |settlement: &Dated<Settlement>| {
            settlement.value.token == Some(token) && settlement.value.swarm == charging.swarm
        };
        let Some(settlement) = { settlements }.find(is_meant) else {
            return Err(CoordinatorError::Unproven { task: task.clone(), token });
        };
        let account = self.governor.account(&charging.swarm).await?;
        let task_budgets = self.governor.task_budgets(&settlement.value.task_budgets).await?;
        let now = self.now();
        let prepared = Governor::correcting(&account, &settlement, &task_budgets, charging, &policy, now);
        self.allotted(&account, settlement.value.cost, charging, prepared, &policy).await
    }

    /// The charge, if the allotment has what it needs beyond what was set aside; nothing when that had to be drawn first.
    async fn allotted(
        &self,
        account: &Account,
        set_aside: Money,
        charging: &Charging,
        prepared: Prepared,
        policy: &Policy,
    ) -> Result<Option<Prepared>, CoordinatorError> {
        let allotting = self.governor.allot_charge(account, set_aside, charging, &prepared.1, policy).await?;
        Ok(match allotting {
            Allotting::Covered => Some(prepared),
            Allotting::Drawn { .. } => None,
            Allotting::Refused(refusal) => Some((None, Charged::Refused(refusal))),
        })
    }
}

impl Attempted {
    /// What is set aside for the attempt; as its record says, where nothing else does.
    fn reservation(&self) -> Dated<Reservation> {
        self.reservation.clone().unwrap_or_else(|| Dated {
            value: Reservation {
                swarm: self.hold.value.swarm.clone(),
                task: self.record.value.id.clone(),
                claim: self.hold.value.claim_id.clone(),
                amount: self.record.value.reserved,
                task_budgets: Vec::new(),
                charged: Money::ZERO,
                token: None,
                epoch: None,
                at: self.record.value.updated_at,
                by: String::new(),
                op: String::new(),
            },
            revision: 0,
        })
    }
}
