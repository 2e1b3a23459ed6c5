//! The writer: one thread that orders every write and commits many of them at once.
//!
//! It drains its queue, stages the whole batch, commits it with one fsync, and only then publishes it, tells the
//! watches and answers the callers. A commit that fails fails its batch, and nothing of the batch is published. From
//! time to time it has a snapshot written, by another thread, so that the log does not grow for ever.

use std::io::{self, ErrorKind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::answering::Answer;
use super::auth;
use super::command::{Command, Granted, Job, LeaseLife, NO_SPACE, Renewed, Reply, later};
use super::error::Refusal;
use super::lease::{Deadlines, LeaseTime, granted_ttl};
use super::published::Published;
use super::staged::Staged;
use super::state::{Batch, State, View};
use super::storage::Storage;
use super::transaction;
use crate::clock::stopwatch;

/// How often leases are looked at while nothing else happens.
const TICK: Duration = Duration::from_millis(200);
/// How often it is tried whether a store that could not be written can be again.
const PROBE: Duration = Duration::from_secs(1);
/// The most requests in one commit.
const MAX_BATCH: usize = 1024;
/// The most leases that end in one commit.
const MAX_EXPIRIES: usize = 500;
/// The most records one commit's share of compaction looks at.
const SWEEP: usize = 4096;

/// The note that a probe writes.
const PROBE_NOTE: Bytes = Bytes::from_static(b"health/probe");

/// A question that is answered from what is published after the commit, whatever becomes of the batch.
type Question = Box<dyn FnOnce(&State, &Deadlines, Duration) -> Answer + Send>;

pub(crate) struct Writer {
    published: Arc<Published>,
    queue: Receiver<Job>,
    storage: Storage,
    started: Instant,
    lease_time: LeaseTime,
    deadlines: Deadlines,
    /// Compactions that are answered when the last old version is gone.
    physical: Vec<Reply<i64>>,
    /// Answered after the commit of the present batch.
    questions: Vec<Question>,
    /// When it was last tried whether the store can be written again.
    probed: Duration,
    /// Answered when the next snapshot is in place.
    defragmenting: Vec<Reply<()>>,
    stopping: bool,
}

impl Writer {
    pub(crate) fn new(published: Arc<Published>, queue: Receiver<Job>, storage: Storage) -> Self {
        let mut writer = Self {
            published,
            queue,
            storage,
            started: stopwatch(),
            lease_time: LeaseTime::default(),
            deadlines: Deadlines::default(),
            physical: Vec::new(),
            questions: Vec::new(),
            probed: Duration::ZERO,
            defragmenting: Vec::new(),
            stopping: false,
        };
        writer.restart_leases();
        writer
    }

    /// Works until it is told to stop or nobody can ask any more.
    pub(crate) fn run(mut self) {
        let mut sweeping = true;
        while !self.stopping {
            let Some(jobs) = self.next_jobs(if sweeping { Duration::ZERO } else { TICK }) else { return };
            sweeping = self.turn(jobs);
        }
    }

    /// Waits for a job, and takes along what else is in the queue. None when the queue is closed.
    fn next_jobs(&self, patience: Duration) -> Option<Vec<Job>> {
        let mut jobs = Vec::new();
        match self.queue.recv_timeout(patience) {
            Ok(job) => jobs.push(job),
            Err(RecvTimeoutError::Timeout) => return Some(jobs),
            Err(RecvTimeoutError::Disconnected) => return None,
        }
        while jobs.len() < MAX_BATCH {
            match self.queue.try_recv() {
                Ok(job) => jobs.push(job),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
            }
        }
        Some(jobs)
    }

    /// One batch from staging to answers; returns whether compaction has more to do.
    fn turn(&mut self, jobs: Vec<Job>) -> bool {
        let now = self.lease_time.observe(self.started.elapsed());
        let published = Arc::clone(&self.published);
        let mut answers = Vec::with_capacity(jobs.len());
        let mut permits = Vec::with_capacity(jobs.len());
        let state = published.read();
        let mut staged = Staged::over(&state);
        for Job { command, caller, permit } in jobs {
            let permitted =
                auth::check(&staged, &caller, &command).and_then(|()| check_space(&staged, &command));
            answers.extend(match permitted {
                Ok(()) => self.stage(&mut staged, command, now),
                Err(refusal) => command.refuse(refusal),
            });
            permits.extend(permit);
        }
        self.expire(&mut staged, now);
        let mut batch = staged.into_batch();
        batch.sweep = state.sweep(SWEEP);
        drop(state);

        let outcome = self.commit(batch);
        fail::fail_point!("engine-before-notify");
        published.hub.dispatch(&published.read());
        fail::fail_point!("engine-before-answer");
        answers.extend(self.inform(now));
        published.answering.give(answers, outcome.clone());
        let sweeping = outcome.is_ok() && published.read().must_sweep();
        if !sweeping {
            self.answer_physical(&outcome);
        }
        self.look_after_snapshots();
        sweeping
    }

    fn stage(&mut self, staged: &mut Staged<'_>, command: Command, now: Duration) -> Option<Answer> {
        match command {
            Command::Put(request, reply) => later(reply, transaction::put(staged, request)),
            Command::Delete(request, reply) => later(reply, Ok(transaction::delete(staged, &request))),
            Command::Transact(request, reply) => later(reply, transaction::transact(staged, request)),
            Command::Compact { revision, physical, reply } => match compact(staged, revision) {
                Ok(()) if physical => {
                    self.physical.push(reply);
                    None
                }
                outcome => later(reply, outcome.map(|()| staged.revision())),
            },
            Command::Grant { id, ttl, reply } => later(reply, self.grant(staged, id, ttl, now)),
            Command::Revoke { id, reply } => later(reply, self.revoke(staged, id)),
            Command::KeepAlive { id, reply } => {
                self.keep_alive(staged, id, now);
                self.ask(reply, move |state, _, _| renewed(state, id))
            }
            Command::TimeToLive { id, keys, reply } => {
                self.ask(reply, move |state, deadlines, now| life(state, deadlines, id, keys, now))
            }
            Command::Leases(reply) => {
                self.ask(reply, |state, deadlines, _| (state.revision(), deadlines.by_deadline().collect()))
            }
            Command::Alarm { raised, reply } => {
                let changed = alarmed(staged) != raised;
                if changed {
                    staged.set_note(Bytes::from_static(NO_SPACE), raised.then(Bytes::new));
                }
                later(reply, Ok(changed))
            }
            Command::Defragment(reply) => {
                self.defragmenting.push(reply);
                None
            }
            Command::Auth(change, reply) => {
                later(reply, auth::stage(staged, change).map(|()| staged.revision()))
            }
            Command::Probe(reply) => {
                staged.set_note(PROBE_NOTE, Some(Bytes::new()));
                later(reply, Ok(()))
            }
            Command::Stop => {
                self.stopping = true;
                None
            }
        }
    }

    fn grant(
        &mut self,
        staged: &mut Staged<'_>,
        id: i64,
        ttl: i64,
        now: Duration,
    ) -> Result<Granted, Refusal> {
        let ttl = granted_ttl(ttl).ok_or(Refusal::LeaseTtlTooLarge)?;
        let id = if id == 0 { free_lease(staged) } else { id };
        if staged.has_lease(id) {
            return Err(Refusal::LeaseExists);
        }
        staged.grant(id, ttl);
        self.deadlines.grant(id, ttl, now);
        Ok(Granted { id, ttl, revision: staged.revision() })
    }

    fn revoke(&mut self, staged: &mut Staged<'_>, id: i64) -> Result<i64, Refusal> {
        if !staged.has_lease(id) {
            return Err(Refusal::LeaseNotFound);
        }
        staged.revoke(id);
        self.deadlines.revoke(id);
        Ok(staged.revision())
    }

    fn keep_alive(&mut self, staged: &Staged<'_>, id: i64, now: Duration) {
        if let Some(ttl) = staged.granted_ttl(id) {
            self.deadlines.grant(id, ttl, now);
        }
    }

    /// Keeps a question until the batch is committed. It needs no disk: a full one does not keep it from its answer.
    fn ask<T: Send + 'static>(
        &mut self,
        reply: Reply<T>,
        answer: impl FnOnce(&State, &Deadlines, Duration) -> T + Send + 'static,
    ) -> Option<Answer> {
        self.questions.push(Box::new(move |state, deadlines, now| {
            let answer = answer(state, deadlines, now);
            // A caller that went away needs no answer.
            Box::new(move |_| drop(reply.send(Ok(answer))))
        }));
        None
    }

    /// The answers to the questions of the present batch.
    fn inform(&mut self, now: Duration) -> Vec<Answer> {
        let questions = std::mem::take(&mut self.questions);
        let state = self.published.read();
        questions.into_iter().map(|question| question(&state, &self.deadlines, now)).collect()
    }

    /// Ends the leases whose time is over. Keep-alives that were queued before now have been applied.
    fn expire(&mut self, staged: &mut Staged<'_>, now: Duration) {
        for id in self.deadlines.due(now, MAX_EXPIRIES) {
            staged.revoke(id);
            self.deadlines.revoke(id);
        }
    }

    /// Makes a batch durable and publishes it.
    fn commit(&mut self, batch: Batch) -> Result<(), Refusal> {
        if batch.is_empty() {
            self.probe();
        } else {
            let watch = stopwatch();
            if let Err(error) = self.storage.commit(&batch) {
                return Err(self.failed(&error));
            }
            self.published.commit_times.record(watch.elapsed());
            self.published.health.succeeded(self.storage.size());
        }
        if batch.is_empty() && batch.sweep.is_idle() {
            return Ok(());
        }
        fail::fail_point!("engine-before-publish");
        self.published.write().apply(batch);
        Ok(())
    }

    /// Tries, now and then, whether a store that could not be written can be again, so that it need not wait for the
    /// next write to say so.
    fn probe(&mut self) {
        let now = self.started.elapsed();
        if !self.published.health.is_troubled() || now < self.probed + PROBE {
            return;
        }
        self.probed = now;
        match self.storage.probe() {
            Ok(()) => self.published.health.succeeded(self.storage.size()),
            Err(error) => drop(self.note(&error)),
        }
    }

    /// Forgets what the batch that failed did to the leases.
    fn failed(&mut self, error: &io::Error) -> Refusal {
        self.restart_leases();
        self.note(error)
    }

    /// Notes that nothing can be written; what to say of it.
    fn note(&self, error: &io::Error) -> Refusal {
        let full = matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded);
        if self.published.health.failed(error, full) {
            let path = self.published.path.display();
            tracing::error!(%error, %path, "nothing can be written; reads go on");
        }
        if full { Refusal::NoSpace } else { Refusal::Storage(error.to_string()) }
    }

    /// Begins a snapshot when one is due, and sees to one that is done.
    fn look_after_snapshots(&mut self) {
        if self.storage.has_outgrown() || !self.defragmenting.is_empty() {
            let begun = self.storage.begin_snapshot(&self.published);
            self.defragmented(begun, true);
        }
        if let Some(outcome) = self.storage.finish_snapshot() {
            self.published.health.resized(self.storage.size());
            self.defragmented(outcome, false);
        }
    }

    fn defragmented(&mut self, outcome: io::Result<()>, more_to_come: bool) {
        match outcome {
            Ok(()) if more_to_come => {}
            Ok(()) => self.defragmenting.drain(..).for_each(|reply| drop(reply.send(Ok(())))),
            Err(error) => {
                tracing::error!(%error, "the snapshot failed; the log goes on growing");
                let refused = Refusal::Storage(error.to_string());
                self.defragmenting.drain(..).for_each(|reply| drop(reply.send(Err(refused.clone()))));
            }
        }
    }

    /// Gives every lease its full TTL, as etcd does after a restart.
    fn restart_leases(&mut self) {
        let now = self.lease_time.observe(self.started.elapsed());
        self.deadlines = Deadlines::default();
        for (&id, lease) in self.published.read().leases() {
            self.deadlines.grant(id, lease.ttl, now);
        }
    }

    fn answer_physical(&mut self, outcome: &Result<(), Refusal>) {
        let revision = self.published.read().revision();
        for reply in self.physical.drain(..) {
            // A caller that went away needs no answer.
            let _ = reply.send(outcome.clone().map(|()| revision));
        }
    }
}

fn renewed(state: &State, id: i64) -> Renewed {
    Renewed { ttl: state.leases().get(&id).map_or(0, |lease| lease.ttl), revision: state.revision() }
}

fn life(state: &State, deadlines: &Deadlines, id: i64, keys: bool, now: Duration) -> LeaseLife {
    let revision = state.revision();
    let (Some(lease), Some(remaining)) = (state.leases().get(&id), deadlines.remaining(id, now)) else {
        return LeaseLife { remaining: -1, granted: 0, keys: Vec::new(), revision };
    };
    let remaining = i64::try_from(remaining.as_secs()).unwrap_or(i64::MAX);
    let keys = if keys { lease.keys.iter().map(|key| key.to_vec()).collect() } else { Vec::new() };
    LeaseLife { remaining, granted: lease.ttl, keys, revision }
}

pub(super) fn compact(staged: &mut Staged<'_>, revision: i64) -> Result<(), Refusal> {
    if revision <= staged.compacted() {
        return Err(Refusal::Compacted);
    }
    if revision > staged.revision() {
        return Err(Refusal::FutureRevision);
    }
    staged.compact(revision);
    Ok(())
}

/// A positive id that no lease has.
fn free_lease(staged: &Staged<'_>) -> i64 {
    loop {
        let id = rand::random::<i64>() & i64::MAX;
        if id != 0 && !staged.has_lease(id) {
            return id;
        }
    }
}

/// Refuses what takes more space once somebody has said that there is none.
fn check_space(staged: &Staged<'_>, command: &Command) -> Result<(), Refusal> {
    if alarmed(staged) && command.takes_space() { Err(Refusal::NoSpace) } else { Ok(()) }
}

/// Whether somebody has said that the space is used up.
fn alarmed(staged: &Staged<'_>) -> bool {
    staged.note(NO_SPACE).is_some()
}
