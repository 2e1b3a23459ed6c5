//! Compaction: lets history go as the rules of [`history`](crate::coordinator::history) say, while this process leads.

use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::leader::Leadership;
use crate::clock::{Clock, Timestamp};
use crate::coordinator::history::{Consumer, Decision, History, Limits, Stock};
use crate::engine::{Engine, Refusal};
use crate::store::{Entry, Key, Precondition, Prefix, Store, StoreError, Transaction};

/// The least and the most time between two looks.
const SHORTEST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(10);

/// The one who lets history go.
#[derive(Debug)]
pub(super) struct Compactor {
    engine: Engine,
    store: Store,
    clock: Clock,
    leader: i64,
    history: History,
    period: Duration,
    /// What was said last about too much history, so that it is said once.
    said: Decision,
}

impl Compactor {
    pub(super) fn new(
        engine: Engine,
        store: Store,
        clock: Clock,
        leadership: &Leadership,
        limits: Limits,
    ) -> Self {
        let period = (limits.retention / 10).clamp(SHORTEST, LONGEST);
        let (leader, history) = (leadership.create_revision, History::new(limits));
        Self { engine, store, clock, leader, history, period, said: Decision::default() }
    }

    /// Looks again and again. What fails is tried again with the next look.
    pub(super) async fn run(mut self) {
        let mut tick = interval(self.period);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            let now = self.clock.now();
            self.history.note(now, self.engine.revision());
            if let Err(error) = self.step(now).await {
                tracing::warn!(%error, "the consumers of history are unknown: nothing is let go");
            }
        }
    }

    async fn step(&mut self, now: Timestamp) -> Result<(), StoreError> {
        // Who writes itself down after this reads on from what is left.
        let consumers = self.consumers().await?;
        for consumer in self.history.lapsed(now, &consumers) {
            self.drop_lapsed(consumer).await?;
        }
        let statistics = self.engine.statistics();
        let stock = Stock {
            revision: statistics.revision,
            compacted: statistics.compact_revision,
            bytes: statistics.history_bytes as u64,
        };
        let decision = self.history.decide(now, stock, &consumers);
        self.say(&decision);
        if let Some(revision) = decision.compact_to {
            self.compact(revision).await;
        }
        Ok(())
    }

    async fn consumers(&self) -> Result<Vec<Consumer>, StoreError> {
        let (entries, _) = self.store.range(&Prefix::Consumers).await?;
        Ok(entries.iter().filter_map(consumer).collect())
    }

    /// Removes a consumer that has not come back, unless it does right now.
    async fn drop_lapsed(&self, consumer: &Consumer) -> Result<(), StoreError> {
        let key = Key::Consumer(consumer.id.clone());
        let transaction = Transaction::new()
            .when(Precondition::created_at(&Key::Leader, self.leader))
            .when(Precondition::unchanged(&key, consumer.mod_revision))
            .delete(&key);
        if self.store.commit(transaction).await?.is_done() {
            tracing::warn!(
                consumer = consumer.id,
                "it has not been heard of for a day: history is not kept for it"
            );
        }
        Ok(())
    }

    /// Warns of too much history, and of who holds it, when that is new.
    fn say(&mut self, decision: &Decision) {
        let is_new = (decision.excess, &decision.held_by) != (self.said.excess, &self.said.held_by);
        if let (Some(excess), true) = (decision.excess, is_new) {
            let held_by = decision.held_by.as_deref().unwrap_or("nobody");
            tracing::warn!(
                ?excess,
                held_by,
                "there is too much history: the oldest is let go before its time"
            );
        }
        self.said.clone_from(decision);
    }

    async fn compact(&self, revision: i64) {
        match self.engine.compact(revision).await {
            Ok(()) => tracing::debug!(revision, "the history before it was let go"),
            // Somebody else was faster.
            Err(Refusal::Compacted) => {}
            Err(error) => tracing::warn!(%error, revision, "the history cannot be let go"),
        }
    }
}

fn consumer(entry: &Entry) -> Option<Consumer> {
    let Some(Key::Consumer(id)) = Key::parse(&entry.key) else { return None };
    let from = entry.text().trim().parse().ok();
    if from.is_none() {
        tracing::warn!(consumer = id, "what it wrote is no revision: no history is kept for it");
    }
    Some(Consumer { id, from, mod_revision: entry.mod_revision })
}
