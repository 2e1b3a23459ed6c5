//! Measuring the leader's pace, and publishing it on the leader's lease.

use std::time::Duration;

use super::leader::Leadership;
use super::view::Receipt;
use crate::clock::Timestamp;
use crate::coordinator::pace::{Durations, Pace, WINDOW};
use crate::store::{Key, Precondition, Store, StoreError, Transaction};

/// How often it is written at most.
const PERIOD: Duration = Duration::from_secs(10);

/// How fast pushes and commits were.
#[derive(Debug)]
pub(super) struct Measured {
    leader: i64,
    lease: i64,
    name: String,
    waited: Durations,
    delivered: Durations,
    committed: Durations,
    published: Option<Pace>,
    next: Option<Timestamp>,
}

impl Measured {
    pub(super) fn new(leadership: &Leadership, name: &str) -> Self {
        Self {
            leader: leadership.create_revision,
            lease: leadership.lease(),
            name: name.to_owned(),
            waited: Durations::default(),
            delivered: Durations::default(),
            committed: Durations::default(),
            published: None,
            next: None,
        }
    }

    /// Notes the way of a push.
    pub(super) fn received(&mut self, receipt: Receipt, now: Timestamp) {
        self.waited.note(receipt.assigned.since(receipt.ready), now);
        self.delivered.note(receipt.received.since(receipt.assigned), now);
    }

    /// Notes how long a commit took.
    pub(super) fn committed(&mut self, took: Duration, now: Timestamp) {
        self.committed.note(took, now);
    }

    /// Publishes what was measured, when that is new and the last time was long enough ago.
    ///
    /// # Errors
    /// When the store does not answer.
    pub(super) async fn publish(&mut self, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        if self.next.is_some_and(|next| now < next) {
            return Ok(());
        }
        let pace = self.pace(now);
        let nothing_is_known = self.published.is_none() && pace.is_empty();
        if nothing_is_known {
            return Ok(());
        }
        self.next = Some(now.after(PERIOD));
        if self.published.as_ref().is_some_and(|published| Pace { at: now, ..published.clone() } == pace) {
            return Ok(());
        }
        let transaction = Transaction::new()
            .when(Precondition::created_at(&Key::Leader, self.leader))
            .put_json_leased(&Key::Pace, &pace, self.lease);
        if store.commit(transaction).await?.is_done() {
            self.published = Some(pace);
        }
        Ok(())
    }

    fn pace(&mut self, now: Timestamp) -> Pace {
        Pace {
            at: now,
            window_seconds: WINDOW.as_secs(),
            waited: self.waited.quantiles(now),
            delivered: self.delivered.quantiles(now),
            committed: self.committed.quantiles(now),
            by: self.name.clone(),
            op: "publish-pace".to_owned(),
        }
    }
}
