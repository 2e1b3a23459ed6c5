//! Keeping shares: leases are renewed, what other hosts do is followed, and what nobody uses any more is given back.
//!
//! One task for a process, as long as it has shares: it follows all swarms at once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use futures::{StreamExt, stream};
use tokio_stream::wrappers::ReceiverStream;

use super::{HostShares, Member};
use crate::chassis::service::ChassisError;
use crate::clock::uptime;
use crate::id::SwarmId;
use crate::store::{Batch, Event, Key, Prefix, StoreError};

/// How often it is looked whether anything is due.
const TICK: Duration = Duration::from_secs(1);
/// How long a share is kept for the next task.
const LINGER: Duration = Duration::from_secs(5);

type Changes = stream::SelectAll<ReceiverStream<Result<Batch, StoreError>>>;

impl HostShares {
    /// Sees to it that somebody does, who knows what the store says up to `from`.
    pub(super) fn have_kept(&self, from: i64) {
        if std::mem::replace(&mut self.lock().kept, true) {
            return;
        }
        let shares = self.clone();
        let keeping = async move { shares.keep(from).await };
        match &self.0.runtime {
            Some(runtime) => drop(runtime.spawn(keeping)),
            None => drop(tokio::spawn(keeping)),
        }
    }

    async fn keep(&self, from: i64) {
        let mut changes = self.changes(from);
        let mut ticks = tokio::time::interval(TICK);
        loop {
            tokio::select! {
                Some(change) = changes.next() => match change {
                    Ok(batch) => self.note(&batch).await,
                    Err(StoreError::Compacted { oldest }) => {
                        changes = self.changes(oldest);
                        self.settle_all(self.seated(|_| true)).await;
                    }
                    // Who has no share still asks once a second.
                    Err(error) => tracing::warn!(%error, "what other hosts use is not followed"),
                },
                _ = ticks.tick() => {
                    self.renew().await;
                    self.tend().await;
                    if self.has_ended() {
                        return;
                    }
                }
            }
        }
    }

    fn changes(&self, from: i64) -> Changes {
        let watches = [Prefix::Shares, Prefix::Contracts].map(|family| self.0.store.watch(&family, from));
        let channels = watches.map(|watch| ReceiverStream::new(watch.without_previous().into_channel()));
        stream::select_all(channels)
    }

    /// Settles anew what others have changed. Whoever has no task at the moment gives way.
    async fn note(&self, batch: &Batch) {
        let concerned: BTreeSet<_> = batch.events.iter().filter_map(|event| self.concerns(event)).collect();
        let (idle, busy): (Vec<_>, Vec<_>) = concerned.into_iter().partition(|(_, gives_way)| *gives_way);
        join_all(idle.iter().map(|(swarm, _)| self.leave_one(swarm))).await;
        self.settle_all(busy.iter().filter_map(|(swarm, _)| self.member(swarm)).collect()).await;
    }

    /// Of which swarm of this process the event tells something new, and whether its share is given back for that.
    fn concerns(&self, event: &Event) -> Option<(SwarmId, bool)> {
        let state = self.lock();
        match Key::parse(&event.entry.key)? {
            Key::Contract(swarm) => state.seats.contains_key(&swarm).then_some((swarm, false)),
            Key::Share(swarm, host) => {
                let seat = state.seats.get(&swarm)?;
                let revision = event.entry.mod_revision;
                let is_known = seat
                    .member
                    .standing(|account, _| !event.deleted && account.knows(host.lease(), revision));
                let gives_way = seat.tasks == 0 && !event.deleted;
                (!is_known.unwrap_or(false)).then_some((swarm, gives_way))
            }
            _ => None,
        }
    }

    async fn settle_all(&self, members: Vec<Arc<Member>>) {
        join_all(members.iter().map(|member| async move {
            if let Err(error) = self.settle(member).await {
                // Tried again within a second.
                tracing::debug!(swarm = %member.swarm, %error, "the share of this host is not settled yet");
            }
        }))
        .await;
    }

    /// Settles what has not come about, and gives back what nobody uses any more.
    async fn tend(&self) {
        let now = uptime();
        let idle: Vec<_> = {
            let state = self.lock();
            let idle =
                state.seats.iter().filter(|(_, seat)| seat.tasks == 0 && seat.idle_since + LINGER <= now);
            idle.map(|(swarm, _)| swarm.clone()).collect()
        };
        join_all(idle.iter().map(|swarm| self.leave_one(swarm))).await;
        let waits =
            |member: &Member| !matches!(member.standing(|account, now| account.held(now)), Ok(Some(_)));
        self.settle_all(self.seated(waits)).await;
    }

    /// The swarms of this process's tasks of which that is so.
    fn seated(&self, which: impl Fn(&Member) -> bool) -> Vec<Arc<Member>> {
        let state = self.lock();
        let busy = state.seats.values().filter(|seat| seat.tasks > 0 && which(&seat.member));
        busy.map(|seat| Arc::clone(&seat.member)).collect()
    }

    /// Renews what has lived for a third of its time.
    async fn renew(&self) {
        let members: Vec<_> = self.lock().seats.values().map(|seat| Arc::clone(&seat.member)).collect();
        let due =
            members.iter().filter_map(|member| member.standing(|account, now| account.due(now)).ok()?);
        for (lease, ttl) in due.collect::<BTreeMap<_, _>>() {
            if let Err(error) = self.renew_one(lease, ttl, &members).await {
                tracing::debug!(%error, "the lease of this host's shares is not renewed yet");
            }
        }
    }

    async fn renew_one(
        &self,
        lease: i64,
        ttl: Duration,
        members: &[Arc<Member>],
    ) -> Result<(), ChassisError> {
        let asked = uptime();
        match self.0.store.renew(lease).await {
            Ok(()) => {
                let until = asked + ttl;
                for member in members {
                    member.standing(|account, _| account.renewed(lease, until))?;
                }
                self.lease_renewed(lease, until)
            }
            Err(StoreError::LeaseLost) => {
                for member in members {
                    member.standing(|account, _| account.lost(lease))?;
                }
                self.lease_ended(lease)
            }
            Err(error) => Err(error.into()),
        }
    }

    fn has_ended(&self) -> bool {
        let mut state = self.lock();
        state.kept = !state.seats.is_empty();
        !state.kept
    }

    /// Gives back all that no task of this process uses.
    pub(super) async fn leave(&self) {
        let swarms: Vec<_> = self.lock().seats.keys().cloned().collect();
        join_all(swarms.iter().map(|swarm| self.leave_one(swarm))).await;
    }

    async fn leave_one(&self, swarm: &SwarmId) {
        let left = {
            let mut state = self.lock();
            let is_idle = state.seats.get(swarm).is_some_and(|seat| seat.tasks == 0);
            if is_idle { state.seats.remove(swarm) } else { None }
        };
        let Some(seat) = left else { return };
        if let Err(error) = self.give_back(&seat.member).await {
            tracing::debug!(%swarm, %error, "the share of this host is free when its lease ends");
        }
    }
}
