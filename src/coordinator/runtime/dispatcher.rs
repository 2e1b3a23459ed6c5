//! The leader's loop: watches the store, hands out ready tasks, takes back what was lost.
//!
//! Every step looks at the whole view and does what is due; the watch then shows what came of it. What a
//! rival made stale is refused by its compare and seen again in the next step.

mod duty;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::leader::Leadership;
use super::view::{View, Worker};
use crate::clock::{Clock, Timestamp};
use crate::coordinator::assignment::{Candidate, choose};
use crate::coordinator::hold::{Assignment, Session};
use crate::coordinator::service::{
    Authority, Claim, Coordinator, CoordinatorError, Ground, Situation, assess, prepare,
};
use crate::coordinator::task::TaskRecord;
use crate::governor::service::Governor;
use crate::id::{ClaimId, SessionId, SwarmId, TaskId};
use crate::store::{
    Commit, Key, MAX_BATCH, Precondition, Prefix, Snapshot, Store, StoreError, Transaction, Versioned,
};

/// How often time alone may bring something about: a pause that ends, an assignment that nobody took up.
const TICK: Duration = Duration::from_millis(200);

/// How long a task is left alone that could not be helped.
const LEFT_ALONE: Duration = Duration::from_secs(30);

/// The leader at work.
#[derive(Debug)]
pub struct Dispatcher {
    coordinator: Coordinator,
    store: Store,
    clock: Clock,
    authority: Authority,
    /// Workers that did not take a task up: it goes to others first.
    passed_over: HashSet<(TaskId, SessionId)>,
    /// Tasks that could not be helped, and until when they are left alone.
    left_alone: HashMap<TaskId, Timestamp>,
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
            left_alone: HashMap::new(),
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
            let ended = match View::read(&self.store).await {
                Ok(mut view) => self.follow(&mut view).await,
                Err(error) => Err(error.into()),
            };
            match ended {
                Err(CoordinatorError::Store(StoreError::Compacted { .. })) => {
                    tracing::warn!(
                        "the history was compacted faster than it was read: reading everything anew"
                    );
                }
                ended => return ended,
            }
        }
    }

    /// Keeps the view current and does what is due. The watch runs in a task of its own, so that no tick
    /// interrupts it.
    async fn follow(&mut self, view: &mut View) -> Result<(), CoordinatorError> {
        let mut changes = self.store.watch(&Prefix::All, view.revision + 1).into_channel();
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut settled = 0;
        loop {
            tokio::select! {
                batch = changes.recv() => match batch {
                    Some(batch) => view.apply(&batch?),
                    None => return Ok(()),
                },
                _ = tick.tick() => {}
            }
            while let Ok(batch) = changes.try_recv() {
                view.apply(&batch?);
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
        self.left_alone.retain(|_, until| *until > now);
        let assigned = self.assign(view, now).await?;
        self.take_back(view, now).await?;
        let duties = duty::due(view, now, |task| self.left_alone.contains_key(task));
        for duty in duties {
            let task = duty.task().clone();
            match duty.perform(&self.coordinator, &self.authority).await {
                Ok(()) => {}
                Err(error) if error.is_retryable() => return Err(error),
                Err(error) => {
                    // One task that cannot be helped must not keep the leader from all others.
                    tracing::error!(%task, %error, "the task is left alone for a while");
                    self.left_alone.insert(task, now.after(LEFT_ALONE));
                }
            }
        }
        Ok(assigned)
    }

    async fn assign(&mut self, view: &View, now: Timestamp) -> Result<i64, CoordinatorError> {
        let planned = self.plan(view, now);
        if planned.is_empty() {
            return Ok(0);
        }
        let transactions: Vec<_> = planned.iter().map(|push| push.transaction.clone()).collect();
        let commits = match self.store.commit_each(transactions.clone()).await {
            Ok(commits) => commits,
            Err(StoreError::LeaseLost) => self.one_by_one(transactions).await?,
            Err(error) => return Err(error.into()),
        };
        let mut settled = 0;
        for (push, commit) in planned.into_iter().zip(commits) {
            match commit {
                Commit::Done { revision } => settled = settled.max(revision),
                // Mostly somebody was faster; if not, another worker is tried first.
                Commit::Refused(_) => drop(self.passed_over.insert((push.task, push.session))),
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
                    commits.push(Commit::Refused(Snapshot { revision: 0, answers: Vec::new() }));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(commits)
    }

    /// Chooses a worker for as many tasks as one batch takes; each swarm at most once, for its budget can
    /// be written only once in a batch.
    fn plan(&mut self, view: &View, now: Timestamp) -> Vec<Push> {
        let ready = view.ready();
        let names: HashSet<&TaskId> = ready.iter().map(|task| &task.id).collect();
        self.passed_over.retain(|(task, _)| names.contains(task));
        let mut used = view.used();
        let mut charged: HashSet<SwarmId> = HashSet::new();
        let mut planned = Vec::new();
        for task in ready {
            if planned.len() == MAX_BATCH {
                break;
            }
            let situation = view.situation(&task.id);
            let candidates = self.candidates(view, task, &situation, &used, &charged, now);
            let Some(best) = choose(&candidates) else { continue };
            let worker = (best.swarm.clone(), best.session.clone());
            let Some(push) = self.push(view, task, &situation, &worker, now) else { continue };
            *used.entry(push.session.clone()).or_default() += 1;
            charged.insert(worker.0);
            planned.push(push);
        }
        planned
    }

    /// Every worker that could take the task; those that did not take it before only when there is no other.
    fn candidates(
        &self,
        view: &View,
        task: &TaskRecord,
        situation: &Situation,
        used: &HashMap<SessionId, u32>,
        charged: &HashSet<SwarmId>,
        now: Timestamp,
    ) -> Vec<Candidate> {
        let candidate = |(worker, entry): (&Worker, &Versioned<Session>)| {
            let (swarm, session) = worker;
            let busy = used.get(session).copied().unwrap_or(0);
            if busy >= entry.value.slots || charged.contains(swarm) {
                return None;
            }
            let account = view.account(swarm);
            let claim = claim_by(&task.id, worker, now)?;
            assess(situation, &account, &claim, Ground::Free, view.policy(), now).ok()?;
            let (coverage, governor_score) =
                Governor::suitability(&account, &task.required_capabilities, view.policy());
            Some(Candidate {
                swarm: swarm.clone(),
                session: session.clone(),
                slots: entry.value.slots,
                used: busy,
                health: 1.0,
                coverage,
                governor_score,
                preferred: task.preferred.as_ref() == Some(swarm),
            })
        };
        let mut candidates: Vec<_> = view.workers().filter_map(candidate).collect();
        let is_new =
            |candidate: &Candidate| !self.passed_over.contains(&(task.id.clone(), candidate.session.clone()));
        if candidates.iter().any(is_new) {
            candidates.retain(is_new);
        }
        candidates
    }

    /// The claim with its entry in the worker's inbox; nothing when the worker is gone.
    fn push(
        &self,
        view: &View,
        task: &TaskRecord,
        situation: &Situation,
        worker: &Worker,
        now: Timestamp,
    ) -> Option<Push> {
        let claim = claim_by(&task.id, worker, now)?;
        let account = view.account(&worker.0);
        let admissible = assess(situation, &account, &claim, Ground::Free, view.policy(), now).ok()?;
        let prepared = prepare(situation, &account, &claim, &admissible, &self.authority, now);
        let (swarm, session) = worker.clone();
        let connected = view.worker(worker)?;
        let assignment = Assignment {
            task: task.id.clone(),
            claim_id: prepared.claim_id.clone(),
            epoch: view.epoch().number,
            at: now,
            by: self.authority.by().to_owned(),
            op: "assign".to_owned(),
        };
        let inbox = Key::Inbox(swarm.clone(), session.clone(), prepared.claim_id);
        let transaction = prepared
            .transaction
            .when(Precondition::created_at(&Key::Session(swarm, session.clone()), connected.create_revision))
            .put_json_leased(&inbox, &assignment, claim.lease);
        Some(Push { task: task.id.clone(), session, transaction })
    }

    async fn take_back(&mut self, view: &View, now: Timestamp) -> Result<(), CoordinatorError> {
        let patience = Duration::from_secs(view.policy().coordination.acknowledge_within_seconds);
        let present: HashSet<_> =
            view.pushed().map(|(_, assignment)| assignment.value.claim_id.clone()).collect();
        self.seen.retain(|claim, _| present.contains(claim));
        for ((swarm, session), assignment) in view.pushed() {
            let claim = assignment.value.claim_id.clone();
            let since = *self.seen.entry(claim).or_insert(now);
            if now.since(since) < patience {
                continue;
            }
            let task = &assignment.value.task;
            if self.left_alone.contains_key(task) {
                continue;
            }
            let recalled = self.coordinator.recall(swarm, session, assignment, &self.authority).await;
            if let Err(error) = &recalled
                && !error.is_retryable()
            {
                tracing::error!(%task, %error, "the task is left alone for a while");
                self.left_alone.insert(task.clone(), now.after(LEFT_ALONE));
                continue;
            }
            if recalled? {
                tracing::warn!(%task, %swarm, "an assignment was not taken up: it goes to another worker");
                self.passed_over.insert((task.clone(), session.clone()));
            }
        }
        Ok(())
    }
}

/// An assignment to be committed.
#[derive(Debug)]
struct Push {
    task: TaskId,
    session: SessionId,
    transaction: Transaction,
}

/// The claim that the dispatcher makes for a worker; none for a worker whose name is no lease.
fn claim_by(task: &TaskId, (swarm, session): &Worker, now: Timestamp) -> Option<Claim> {
    Some(Claim {
        task: task.clone(),
        swarm: swarm.clone(),
        claim_id: ClaimId::fresh(now),
        lease: session.lease()?,
        session: Some(session.clone()),
        pushed: true,
    })
}
