//! Claiming: exactly one of all who try becomes the owner.

use super::situation::Situation;
use super::{Authority, Coordinator, CoordinatorError, TRIES, yield_to_rival};
use crate::clock::Timestamp;
use crate::coordinator::hold::Hold;
use crate::coordinator::task::{Attempt, Reason, State, TaskRecord};
use crate::coordinator::token::Token;
use crate::governor::service::Governor;
use crate::governor::{Account, Policy, Refusal, Work, authorise};
use crate::id::{ClaimId, SessionId, SwarmId, TaskId, UNCLAIMED};
use crate::money::Money;
use crate::store::{Commit, Key, Precondition, Query, StoreError, Transaction};

/// A wish to own a task.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The task.
    pub task: TaskId,
    /// Who wants it.
    pub swarm: SwarmId,
    /// The attempt; the same again after a lost reply finds that it had won.
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
        let authority = Authority::of(&claim.swarm);
        for attempt in 0..TRIES {
            let mut queries = Situation::queries(&claim.task);
            queries.push(Query::One(Key::Policy));
            queries.extend(Governor::account_queries(&claim.swarm));
            let snapshot = self.store.read(queries).await?;
            let situation = Situation::from_snapshot(&claim.task, &snapshot)?;
            let policy = Governor::policy_from(snapshot.one(Situation::WIDTH))?;
            let account = Governor::account_from(&claim.swarm, &snapshot, Situation::WIDTH + 1)?;
            let prepared = match prepare(&situation, &account, claim, &policy, &authority, self.now()) {
                Ok(prepared) => prepared,
                Err(outcome) => return Ok(outcome),
            };
            match self.store.commit(prepared.transaction).await? {
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
            yield_to_rival(attempt).await;
        }
        Err(CoordinatorError::Contended { task: claim.task.clone() })
    }
}

/// Builds the transaction of a claim from what was read, or says why there can be none.
///
/// # Errors
/// The outcome that is certain without asking the store.
pub fn prepare(
    situation: &Situation,
    account: &Account,
    claim: &Claim,
    policy: &Policy,
    authority: &Authority,
    now: Timestamp,
) -> Result<Prepared, ClaimOutcome> {
    let record = claimable(situation, claim, now)?;
    let prepaid = record.prepaid.as_ref().filter(|prepaid| prepaid.swarm == claim.swarm);
    let (hours, max_cost) = match prepaid {
        Some(_) => (0.0, Some(Money::ZERO)),
        None => (record.estimated_hours, record.max_cost),
    };
    let work = Work { task: &claim.task, required: &record.required_capabilities, hours, max_cost };
    let authorisation = authorise(account, &work, policy, now).map_err(ClaimOutcome::Refused)?;
    let claim_id = prepaid.map_or(&claim.claim_id, |prepaid| &prepaid.claim_id).clone();
    let reserved = prepaid.map_or(authorisation.amount, |prepaid| prepaid.amount);
    let attempt = Attempt { claim_id: claim_id.clone(), reserved, pushed: claim.pushed };
    let next = record.claimed(&claim.swarm, &attempt, authority.by(), now);
    let mut transaction = authority.fence(owning(situation, &next, claim, &claim_id, authority));
    if prepaid.is_none() {
        let (task, by) = (&claim.task, authority.by());
        let booking = Governor::reserve(account, &authorisation, task, &claim_id, claim.lease, by, now);
        transaction = transaction.and(booking);
    }
    Ok(Prepared { transaction, record: next, claim_id })
}

/// The record to be claimed, when the owner key says that anybody may.
fn claimable(situation: &Situation, claim: &Claim, now: Timestamp) -> Result<TaskRecord, ClaimOutcome> {
    let record = situation.record.as_ref().map(|record| &record.value);
    match &situation.owner {
        Some(owner) if owner.name == UNCLAIMED => {}
        Some(owner) => {
            let ours = |hold: &Hold| hold.claim_id == claim.claim_id;
            return Err(match (&situation.hold, situation.token(), record) {
                (Some(hold), Some(token), Some(record)) if ours(&hold.value) => {
                    ClaimOutcome::Won { token, record: Box::new(record.clone()) }
                }
                (_, _, Some(record)) if record.state.is_terminal() => not_ready(record),
                _ => ClaimOutcome::Lost { holder: owner.name.clone() },
            });
        }
        None => return Err(record.map_or(ClaimOutcome::Missing, not_ready)),
    }
    let record = record.cloned().unwrap_or_else(|| TaskRecord::new(claim.task.clone(), "raw", now));
    match &record.directed_to {
        Some(to) if *to != claim.swarm => Err(ClaimOutcome::Directed { to: to.clone() }),
        _ => Ok(record),
    }
}

fn not_ready(record: &TaskRecord) -> ClaimOutcome {
    ClaimOutcome::NotReady {
        state: record.state,
        reason: record.reason,
        unmet: record.unmet.iter().cloned().collect(),
    }
}

fn owning(
    situation: &Situation,
    record: &TaskRecord,
    claim: &Claim,
    claim_id: &ClaimId,
    authority: &Authority,
) -> Transaction {
    let task = &claim.task;
    let hold = Hold {
        swarm: claim.swarm.clone(),
        session: claim.session.clone(),
        claim_id: claim_id.clone(),
        by: authority.by().to_owned(),
        op: record.op.clone(),
    };
    Transaction::new()
        .when(Precondition::value(&Key::Owner(task.clone()), UNCLAIMED))
        .when(Precondition::as_read(&Key::Record(task.clone()), situation.record.as_ref()))
        .when(situation.epoch.unchanged())
        .put(&Key::Owner(task.clone()), claim.swarm.as_str())
        .put_json_leased(&Key::Hold(task.clone()), &hold, claim.lease)
        .put_json(&Key::Record(task.clone()), record)
        .otherwise(Query::One(Key::Record(task.clone())))
        .otherwise(Query::One(Key::Owner(task.clone())))
        .otherwise(Query::One(Key::Hold(task.clone())))
        .otherwise(Query::One(Key::Epoch))
}

/// What a refused claim's own reading decides; `None` when it may be tried again.
fn decided(
    claim: &Claim,
    prepared: &Prepared,
    after: &crate::store::Snapshot,
) -> Result<Option<ClaimOutcome>, StoreError> {
    let situation = Situation::from_snapshot(&claim.task, after)?;
    if let (Some(hold), Some(token)) = (&situation.hold, situation.token())
        && hold.value.claim_id == prepared.claim_id
    {
        return Ok(Some(ClaimOutcome::Won { token, record: Box::new(prepared.record.clone()) }));
    }
    match situation.owner {
        Some(owner) if owner.name == UNCLAIMED => Ok(None),
        Some(owner) => Ok(Some(ClaimOutcome::Lost { holder: owner.name })),
        None => Ok(None),
    }
}
