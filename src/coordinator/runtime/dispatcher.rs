//! The leader's loop: watches the store, hands out ready tasks, takes back what was lost.
//!
//! Every step looks at the whole view and does what is due; the watch then shows what came of it. What a
//! rival made stale is refused by its compare and seen again in the next step.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::leader::Leadership;
use super::view::{View, Worker};
use crate::clock::{Clock, Timestamp};
use crate::coordinator::assignment::{Candidate, choose};
use crate::coordinator::hold::Assignment;
use crate::coordinator::service::{Authority, Claim, Coordinator, CoordinatorError, Prepared, prepare};
use crate::coordinator::task::TaskRecord;
use crate::governor::service::Governor;
use crate::id::{ClaimId, SessionId, SwarmId, TaskId};
use crate::store::{Commit, Key, MAX_BATCH, Prefix, Precondition, Store, StoreError, Transaction};

/// How often time alone may bring something about: a pause that ends, an assignment that nobody took up.
const TICK: Duration = Duration::from_millis(200);

/// The leader at work.
#[derive(Debug)]
pub struct Dispatcher {
    coordinator: Coordinator,
    store: Store,
    clock: Clock,
    authority: Authority,
    /// Workers that did not take a task up: it goes to others first.
    passed_over: HashSet<(TaskId, SessionId)>,
    /// When this leader first saw each assignment, for machines whose clocks disagree.
    seen: HashMap<ClaimId, Timestamp>,
}

impl Dispatcher {
    /// A leader over `coordinator`'s store.
    #[must_use]
    pub fn new(coordinator: Coordinator, clock: Clock, leadership: &Leadership, name: &str) -> Self {
        Self {
            store: coordinator.store().clone(),
            authority: Authority::leader(name, leadership.create_revision),
            coordinator,
            clock,
            passed_over: HashSet::new(),
            seen: HashMap::new(),
        }
    }

    /// Leads until leadership is lost.
    ///
    /// # Errors
    /// When the store refuses what a leader needs.
    pub async fn run(mut self, leadership: &Leadership) -> Result<(), CoordinatorError> {
        tokio::select! {
            ended = self.lead() => ended,
            () = leadership.lost() => Ok(()),
        }
    }

    async fn lead(&mut self) -> Result<(), CoordinatorError> {
        loop {
            let mut view = View::read(&self.store).await?;
            match self.follow(&mut view).await {
                Err(CoordinatorError::Store(StoreError::Compacted { .. })) => {
                    tracing::warn!("the history was compacted faster than it was read: reading everything anew");
                }
                ended => return ended,
            }
        }
    }

    async fn follow(&mut self, view: &mut View) -> Result<(), CoordinatorError> {
        let mut watch = self.store.watch(&Prefix::All, view.revision + 1);
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut settled = 0;
        loop {
            tokio::select! {
                batch = watch.next() => view.apply(&batch?),
                _ = tick.tick() => {}
            }
            if view.revision < settled {
                continue;
            }
            match self.step(view).await {
                Ok(revision) => settled = settled.max(revision),
                Err(error) if error.is_retryable() => tracing::warn!(%error, "a step is tried again"),
                Err(error) => return Err(error),
            }
        }
    }

    /// Does what is due. Gives the revision that the view must show before the next step, so that no step
    /// decides on what its predecessor has already changed.
    async fn step(&mut self, view: &View) -> Result<i64, CoordinatorError> {
        let now = self.clock.now();
        let assigned = self.assign(view, now).await?;
        self.take_back(view, now).await?;
        for task in view.orphans() {
            if self.coordinator.reap(task, &self.authority).await? {
                tracing::info!(%task, "its holder vanished: the task is ready again");
            }
        }
        for task in view.backing_off().filter(|record| record.is_due(now)) {
            self.coordinator.promote(&task.id, &self.authority).await?;
        }
        for (task, dependent) in view.left_over() {
            self.coordinator.free(task, dependent, &self.authority).await?;
        }
        for task in view.raw_claims() {
            self.coordinator.adopt(task, &self.authority).await?;
        }
        for task in view.unanswered() {
            let outcome = self.coordinator.request_help(task, &self.authority).await?;
            tracing::info!(%task, ?outcome, "help was asked for");
        }
        Ok(assigned)
    }

    async fn assign(&self, view: &View, now: Timestamp) -> Result<i64, CoordinatorError> {
        let planned = self.plan(view, now);
        if planned.is_empty() {
            return Ok(0);
        }
        let transactions: Vec<_> = planned.iter().map(|(_, transaction)| transaction.clone()).collect();
        let commits = match self.store.commit_each(transactions.clone()).await {
            Ok(commits) => commits,
            Err(StoreError::LeaseLost) => self.one_by_one(transactions).await?,
            Err(error) => return Err(error.into()),
        };
        let mut settled = 0;
        for ((task, _), commit) in planned.iter().zip(commits) {
            match commit {
                Commit::Done { revision } => settled = settled.max(revision),
                Commit::Refused(_) => tracing::debug!(%task, "somebody was faster"),
            }
        }
        Ok(settled)
    }

    /// One worker's lease that ended fails a whole batch; alone, each stands or falls by itself.
    async fn one_by_one(&self, transactions: Vec<Transaction>) -> Result<Vec<Commit>, StoreError> {
        let mut commits = Vec::with_capacity(transactions.len());
        for transaction in transactions {
            match self.store.commit(transaction).await {
                Ok(commit) => commits.push(commit),
                Err(StoreError::LeaseLost) => {
                    commits.push(Commit::Refused(crate::store::Snapshot { revision: 0, answers: Vec::new() }));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(commits)
    }

    /// Chooses a worker for as many tasks as one batch takes; each swarm at most once, for its budget can
    /// be written only once in a batch.
    fn plan(&self, view: &View, now: Timestamp) -> Vec<(TaskId, Transaction)> {
        let mut used = view.used();
        let mut charged: HashSet<SwarmId> = HashSet::new();
        let mut planned = Vec::new();
        for task in view.ready() {
            if planned.len() == MAX_BATCH {
                break;
            }
            let offers = self.offers(view, task, &used, &charged, now);
            let candidates: Vec<_> = offers.iter().map(|offer| offer.candidate.clone()).collect();
            let Some(chosen) = choose(&candidates).and_then(|best| candidates.iter().position(|c| c == best)) else {
                continue;
            };
            let Some(offer) = offers.into_iter().nth(chosen) else { continue };
            let Candidate { swarm, session, .. } = offer.candidate;
            *used.entry(session.clone()).or_default() += 1;
            charged.insert(swarm.clone());
            planned.push((task.id.clone(), self.push(view, task, (swarm, session), offer.prepared, now)));
        }
        planned
    }

    fn offers(
        &self,
        view: &View,
        task: &TaskRecord,
        used: &HashMap<SessionId, u32>,
        charged: &HashSet<SwarmId>,
        now: Timestamp,
    ) -> Vec<Offer> {
        let situation = view.situation(&task.id);
        let free = view.workers().filter(|((swarm, session), worker)| {
            let busy = used.get(session).copied().unwrap_or(0);
            let meant = task.directed_to.as_ref().is_none_or(|to| to == swarm);
            busy < worker.value.slots && meant && !charged.contains(swarm)
        });
        let mut offers: Vec<_> = free
            .filter_map(|((swarm, session), worker)| {
                let account = view.account(swarm);
                let claim = Claim {
                    task: task.id.clone(),
                    swarm: swarm.clone(),
                    claim_id: ClaimId::fresh(now),
                    lease: session.lease()?,
                    session: Some(session.clone()),
                    pushed: true,
                };
                let prepared = prepare(&situation, &account, &claim, view.policy(), &self.authority, now).ok()?;
                let (coverage, governor_score) = Governor::suitability(&account, &task.required_capabilities);
                let candidate = Candidate {
                    swarm: swarm.clone(),
                    session: session.clone(),
                    slots: worker.value.slots,
                    used: used.get(session).copied().unwrap_or(0),
                    health: 1.0,
                    coverage,
                    governor_score,
                    preferred: task.preferred.as_ref() == Some(swarm),
                };
                Some(Offer { candidate, prepared })
            })
            .collect();
        let is_new = |offer: &Offer| !self.passed_over.contains(&(task.id.clone(), offer.candidate.session.clone()));
        if offers.iter().any(is_new) {
            offers.retain(is_new);
        }
        offers
    }

    /// The claim with its entry in the worker's inbox; nothing when the worker is gone.
    fn push(&self, view: &View, task: &TaskRecord, worker: Worker, prepared: Prepared, now: Timestamp) -> Transaction {
        let (swarm, session) = worker;
        let lease = session.lease().unwrap_or(0);
        let connected = view.workers().find(|((s, id), _)| *s == swarm && *id == session);
        let since = connected.map_or(0, |(_, entry)| entry.create_revision);
        let assignment = Assignment {
            task: task.id.clone(),
            claim_id: prepared.claim_id.clone(),
            epoch: view.epoch().number,
            at: now,
            by: self.authority.by().to_owned(),
            op: "assign".to_owned(),
        };
        let inbox = Key::Inbox(swarm.clone(), session.clone(), prepared.claim_id);
        prepared
            .transaction
            .when(Precondition::created_at(&Key::Session(swarm, session), since))
            .put_json_leased(&inbox, &assignment, lease)
    }

    async fn take_back(&mut self, view: &View, now: Timestamp) -> Result<(), CoordinatorError> {
        let patience = view.policy().acknowledge_within();
        let present: HashSet<_> = view.pushed().map(|(_, assignment)| assignment.value.claim_id.clone()).collect();
        self.seen.retain(|claim, _| present.contains(claim));
        for ((swarm, session), assignment) in view.pushed() {
            let claim = assignment.value.claim_id.clone();
            let since = *self.seen.entry(claim).or_insert(now);
            if now.since(since) < patience {
                continue;
            }
            if self.coordinator.recall(swarm, session, assignment, &self.authority).await? {
                let task = &assignment.value.task;
                tracing::warn!(%task, %swarm, "an assignment was not taken up: it goes to another worker");
                self.passed_over.insert((task.clone(), session.clone()));
            }
        }
        Ok(())
    }
}

/// A worker that could take a task, with the transaction that would give it.
#[derive(Debug)]
struct Offer {
    candidate: Candidate,
    prepared: Prepared,
}
