//! Claiming: exactly one of all who try becomes the owner.

use std::borrow::Cow;

use super::situation::Situation;
use super::{Authority, Coordinator, CoordinatorError, TRIES};
use crate::clock::Timestamp;
use crate::coordinator::hold::Hold;
use crate::coordinator::task::{Attempt, Prepaid, Reason, State, TaskRecord};
use crate::coordinator::token::Token;
use crate::governor::service::{ACCOUNT_QUERIES, Allotting, Claiming, Governor, TaskBudgets, authorise};
use crate::governor::{Account, Authorisation, Policy, Refusal, TaskBudget, Work};
use crate::id::{ClaimId, SessionId, SwarmId, TaskId, UNCLAIMED};
use crate::money::Money;
use crate::store::{
    Commit, Entry, Key, Precondition, Query, Scope, Snapshot, StoreError, Transaction, yield_to_rivals,
};

/// How far help for help for help is paid from the budget of the task that it began with.
pub(in crate::coordinator) const DEEPEST: usize = 8;

/// A wish to own a task.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The task.
    pub task: TaskId,
    /// Who wants it.
    pub swarm: SwarmId,
    /// The attempt; the same claim again after a lost reply finds that it had won.
    pub claim_id: ClaimId,
    /// The lease the hold hangs on.
    pub lease: i64,
    /// The connected worker, if one claims.
    pub session: Option<SessionId>,
    /// Whether the dispatcher chose.
    pub pushed: bool,
}

/// What became of a claim.
#[derive(Debug, Clone)]
pub enum ClaimOutcome {
    /// The claimant owns the task.
    Won {
        /// Proof of it.
        token: Token,
        /// The record as it was written.
        record: Box<TaskRecord>,
    },
    /// Somebody else does.
    Lost {
        /// Who.
        holder: String,
    },
    /// Nobody can own it now.
    NotReady {
        /// Where it stands.
        state: State,
        /// More precisely.
        reason: Option<Reason>,
        /// What it waits for.
        unmet: Vec<TaskId>,
        /// Who had it last.
        last_holder: Option<SwarmId>,
    },
    /// It was meant for another swarm.
    Directed {
        /// Which.
        to: SwarmId,
    },
    /// The governor said no.
    Refused(Refusal),
    /// There is no such task.
    Missing,
}

/// A claim that can be committed.
#[derive(Debug)]
pub struct Prepared {
    /// The transaction that decides.
    pub transaction: Transaction,
    /// The record it writes.
    pub record: TaskRecord,
    /// The attempt it makes: the one that was paid for in advance, else the claimant's.
    pub claim_id: ClaimId,
}

impl Coordinator {
    /// Claims a task.
    ///
    /// # Errors
    /// When the store does not answer; after a timeout the same claim id may be tried again.
    pub async fn claim(&self, claim: &Claim) -> Result<ClaimOutcome, CoordinatorError> {
        let authority = Authority::of(claim.swarm.as_str());
        for attempt in 0..TRIES {
            let mut queries = Situation::queries(&claim.task);
            queries.push(Query::One(Key::Policy));
            queries.extend(Governor::account_queries(&claim.swarm));
            queries.push(Query::One(Key::Budget(Scope::Task(claim.task.clone()))));
            let snapshot = self.store.read(queries).await?;
            let mut situation = Situation::from_snapshot(&claim.task, &snapshot)?;
            let budget = snapshot.one(Situation::WIDTH + 1 + ACCOUNT_QUERIES);
            situation.budgets = self.budgets_for(&situation, budget).await?;
            let policy = Governor::policy_from(snapshot.one(Situation::WIDTH))?;
            let account = Governor::account_from(&claim.swarm, &snapshot, Situation::WIDTH + 1)?;
            let now = self.now();
            let admissible = match assess(&situation, &account, claim, Ground::Free, &policy, now) {
                Ok(admissible) => admissible,
                Err(outcome) => return Ok(outcome),
            };
            match self.allot(&account, admissible.amount(), &policy, &authority).await? {
                Allotting::Covered => {}
                Allotting::Drawn { .. } => {
                    fail::fail_point!("claim-drawn", |_| {
                        let _ = nix::sys::signal::raise(nix::sys::signal::Signal::SIGKILL);
                        std::process::abort()
                    });
                    yield_to_rivals(attempt).await;
                    continue;
                }
                Allotting::Refused(refusal) => return Ok(ClaimOutcome::Refused(refusal)),
            }
            let prepared = prepare(&situation, &account, claim, &admissible, &authority, now);
            let unended =
                Precondition::absent(&Key::Settlement(claim.task.clone(), prepared.claim_id.clone()));
            match self.store.commit(prepared.transaction.clone().when(unended)).await? {
                Commit::Done { revision } => {
                    let token = Token { epoch: situation.epoch.number, revision };
                    return Ok(ClaimOutcome::Won { token, record: Box::new(prepared.record) });
                }
                Commit::Refused(after) => {
                    if let Some(outcome) = decided(claim, &prepared, &after)? {
                        return Ok(outcome);
                    }
                }
            }
            yield_to_rivals(attempt).await;
        }
        Err(CoordinatorError::Contended { task: claim.task.clone() })
    }

    /// The budgets of tasks that work on a task is paid from; `own` is the entry of its own.
    pub(super) async fn budgets_for(
        &self,
        situation: &Situation,
        own: Option<&Entry>,
    ) -> Result<Vec<TaskBudget>, CoordinatorError> {
        let mut budgets = Vec::from_iter(Governor::task_budget_from(&situation.task, own)?);
        let mut helped = situation.record.as_ref().and_then(|record| record.value.helps.clone());
        for _ in 0..DEEPEST {
            let Some(task) = helped.take() else { break };
            let keys = [Key::Budget(Scope::Task(task.clone())), Key::Record(task.clone())];
            let snapshot = self.store.read(keys.map(Query::One).into()).await?;
            budgets.extend(Governor::task_budget_from(&task, snapshot.one(0))?);
            let record = snapshot.one(1).and_then(|entry| entry.json::<TaskRecord>().ok());
            helped = record.and_then(|record| record.helps);
        }
        Ok(budgets)
    }

    /// The token and the task of a claim that the swarm has made under this name before, while it holds the task.
    ///
    /// # Errors
    /// [`CoordinatorError::Ended`] when that claim has ended: a name is for one claim.
    pub async fn claimed_before(
        &self,
        task: &TaskId,
        swarm: &SwarmId,
        claim_id: &ClaimId,
    ) -> Result<Option<(Token, Box<TaskRecord>)>, CoordinatorError> {
        let mut queries = Situation::queries(task);
        queries.push(Query::One(Key::Settlement(task.clone(), claim_id.clone())));
        let snapshot = self.store.read(queries).await?;
        let situation = Situation::from_snapshot(task, &snapshot)?;
        if snapshot.one(Situation::WIDTH).is_some() {
            return Err(CoordinatorError::Ended { task: task.clone(), claim: claim_id.clone() });
        }
        let token = situation.token();
        let ours =
            situation.hold.is_some_and(|hold| hold.value.claim_id == *claim_id && hold.value.swarm == *swarm);
        let record = situation.record.map(|record| Box::new(record.value));
        Ok(token.filter(|_| ours).zip(record))
    }
}

/// What a claimant finds in the owner key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// `unclaimed`.
    Free,
    /// Its own name, which it wrote there itself as a raw client, at this revision.
    Written(i64),
}

/// A claim that nothing speaks against, as far as was read.
#[derive(Debug)]
pub struct Admissible<'a> {
    record: Cow<'a, TaskRecord>,
    authorisation: Authorisation,
    ground: Ground,
}

impl Admissible<'_> {
    /// What is to be set aside for it.
    #[must_use]
    pub fn amount(&self) -> Money {
        self.authorisation.amount
    }
}

/// Says whether the claim may succeed, from what was read.
///
/// # Errors
/// The outcome that is certain without asking the store.
pub fn assess<'a>(
    situation: &'a Situation,
    account: &Account,
    claim: &Claim,
    ground: Ground,
    policy: &Policy,
    now: Timestamp,
) -> Result<Admissible<'a>, ClaimOutcome> {
    let record = claimable(situation, claim, ground, now)?;
    let authorisation = authorise(account, &work(&record, &claim.swarm), policy, now)
        .and_then(|authorisation| authorisation.within(&situation.budgets, policy, now))
        .map_err(ClaimOutcome::Refused)?;
    Ok(Admissible { record, authorisation, ground })
}

/// Builds the transaction of an admissible claim.
#[must_use]
pub fn prepare(
    situation: &Situation,
    account: &Account,
    claim: &Claim,
    admissible: &Admissible<'_>,
    authority: &Authority,
    now: Timestamp,
) -> Prepared {
    let Admissible { record, authorisation, ground } = admissible;
    let prepaid = prepaid(record, &claim.swarm);
    let claim_id = prepaid.map_or(&claim.claim_id, |prepaid| &prepaid.claim_id).clone();
    let reserved = prepaid.map_or(authorisation.amount, |prepaid| prepaid.amount);
    let attempt = Attempt { claim_id: claim_id.clone(), reserved, pushed: claim.pushed };
    let next = record.claimed(&claim.swarm, &attempt, authority.by(), now);
    let epoch = Some(situation.epoch.number);
    let task_budgets = match prepaid {
        Some(prepaid) => TaskBudgets::Booked(&prepaid.task_budgets),
        None => TaskBudgets::Read(&situation.budgets),
    };
    let (lease, by) = (claim.lease, authority.by());
    let claiming = Claiming { task: &claim.task, claim: &claim_id, lease, task_budgets, epoch, by };
    let money = match prepaid {
        Some(prepaid) => Governor::admit(account, authorisation, prepaid.amount, &claiming, now),
        None => Governor::reserve(account, authorisation, &claiming, now),
    };
    let owning = owning(situation, &next, claim, &claim_id, *ground, authority).and(unbudgeted(situation));
    Prepared { transaction: authority.fence(owning).and(money), record: next, claim_id }
}

/// Whoever gives a task a budget writes its record anew, which a claim compares. Of a task without one the claim compares
/// that there still is no budget.
fn unbudgeted(situation: &Situation) -> Transaction {
    let is_budgeted = situation.budgets.iter().any(|budget| budget.task == situation.task);
    if situation.record.is_some() || is_budgeted {
        return Transaction::new();
    }
    Transaction::new().when(Precondition::absent(&Key::Budget(Scope::Task(situation.task.clone()))))
}

/// What a task asks of a swarm; what was paid for in advance costs it nothing more.
pub(super) fn work<'a>(record: &'a TaskRecord, swarm: &SwarmId) -> Work<'a> {
    let (hours, max_cost) = match prepaid(record, swarm) {
        Some(_) => (0.0, Some(Money::ZERO)),
        None => (record.estimated_hours, record.max_cost),
    };
    Work { task: &record.id, required: &record.required_capabilities, hours, max_cost }
}

fn prepaid<'a>(record: &'a TaskRecord, swarm: &SwarmId) -> Option<&'a Prepaid> {
    record.prepaid.as_ref().filter(|prepaid| prepaid.swarm == *swarm)
}

/// The record to be claimed, when owner key and record both say that the claimant may.
fn claimable<'a>(
    situation: &'a Situation,
    claim: &Claim,
    ground: Ground,
    now: Timestamp,
) -> Result<Cow<'a, TaskRecord>, ClaimOutcome> {
    let record = situation.record.as_ref().map(|record| &record.value);
    if let Some(hold) = &situation.hold {
        let token = situation.token().filter(|_| hold.lease == claim.lease);
        return Err(match token.zip(record) {
            Some((token, record)) => ClaimOutcome::Won { token, record: Box::new(record.clone()) },
            None => ClaimOutcome::Lost { holder: hold.value.swarm.to_string() },
        });
    }
    match (&situation.owner, ground) {
        (None, _) => return Err(record.map_or(ClaimOutcome::Missing, not_ready)),
        (Some(owner), Ground::Free) if owner.name != UNCLAIMED => {
            let over = record.filter(|record| record.state.is_terminal());
            return Err(over.map_or_else(|| ClaimOutcome::Lost { holder: owner.name.clone() }, not_ready));
        }
        (Some(_), _) => {}
    }
    let raw = || Cow::Owned(TaskRecord::new(claim.task.clone(), "raw", now));
    let record = record.map_or_else(raw, Cow::Borrowed);
    match &record.directed_to {
        _ if !record.is_ready() => Err(not_ready(&record)),
        Some(to) if *to != claim.swarm => Err(ClaimOutcome::Directed { to: to.clone() }),
        _ => Ok(record),
    }
}

fn not_ready(record: &TaskRecord) -> ClaimOutcome {
    ClaimOutcome::NotReady {
        state: record.state,
        reason: record.reason,
        unmet: record.unmet.iter().cloned().collect(),
        last_holder: record.owner.clone(),
    }
}

fn owning(
    situation: &Situation,
    record: &TaskRecord,
    claim: &Claim,
    claim_id: &ClaimId,
    ground: Ground,
    authority: &Authority,
) -> Transaction {
    let task = &claim.task;
    let owner = Key::Owner(task.clone());
    let hold = Hold {
        swarm: claim.swarm.clone(),
        session: claim.session.clone(),
        claim_id: claim_id.clone(),
        by: authority.by().to_owned(),
        op: record.op.clone(),
    };
    let transaction = match ground {
        Ground::Free => {
            Transaction::new().when(Precondition::value(&owner, UNCLAIMED)).put(&owner, claim.swarm.as_str())
        }
        Ground::Written(revision) => Transaction::new().when(Precondition::unchanged(&owner, revision)),
    };
    transaction
        .when(Precondition::absent(&Key::Hold(task.clone())))
        .when(Precondition::as_read(&Key::Record(task.clone()), situation.record.as_ref()))
        .when(situation.epoch.unchanged())
        .put_json_leased(&Key::Hold(task.clone()), &hold, claim.lease)
        .put_json(&Key::Record(task.clone()), record)
        .otherwise(Query::One(Key::Record(task.clone())))
        .otherwise(Query::One(owner))
        .otherwise(Query::One(Key::Hold(task.clone())))
        .otherwise(Query::One(Key::Epoch))
}

/// What a refused claim's own reading decides; `None` when it may be tried again.
fn decided(claim: &Claim, prepared: &Prepared, after: &Snapshot) -> Result<Option<ClaimOutcome>, StoreError> {
    let situation = Situation::from_snapshot(&claim.task, after)?;
    if let (Some(hold), Some(token)) = (&situation.hold, situation.token()) {
        let won = || ClaimOutcome::Won { token, record: Box::new(prepared.record.clone()) };
        let lost = || ClaimOutcome::Lost { holder: hold.value.swarm.to_string() };
        return Ok(Some(if hold.lease == claim.lease { won() } else { lost() }));
    }
    Ok(situation
        .owner
        .filter(|owner| owner.name != UNCLAIMED)
        .map(|owner| ClaimOutcome::Lost { holder: owner.name }))
}
