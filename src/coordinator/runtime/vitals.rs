//! Publishing the engine's vitals, while this process leads: on the leader's lease, so that nobody reads figures of a
//! store that has gone.

use std::fs;
use std::time::Duration;

use tokio::time::{MissedTickBehavior, interval};

use super::leader::Leadership;
use crate::clock::Clock;
use crate::coordinator::vitals::Vitals;
use crate::engine::Engine;
use crate::store::{Commit, Key, Precondition, Store, StoreError, Transaction};

/// How often they are written at most.
const PERIOD: Duration = Duration::from_secs(10);

/// The one who publishes them.
#[derive(Debug)]
pub(super) struct Publisher {
    engine: Engine,
    store: Store,
    clock: Clock,
    leader: i64,
    lease: i64,
    name: String,
    /// What was published last, and by which revision.
    published: Option<(Vitals, i64)>,
}

impl Publisher {
    pub(super) fn new(
        engine: Engine,
        store: Store,
        clock: Clock,
        leadership: &Leadership,
        name: &str,
    ) -> Self {
        let (leader, lease) = (leadership.create_revision, leadership.lease());
        Self { engine, store, clock, leader, lease, name: name.to_owned(), published: None }
    }

    /// Publishes them at once and whenever there is news. What fails is tried again with the next look.
    pub(super) async fn run(mut self) {
        let mut tick = interval(PERIOD);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tick.tick().await;
            if let Err(error) = self.step().await {
                tracing::warn!(%error, "the vitals are not published");
            }
        }
    }

    async fn step(&mut self) -> Result<(), StoreError> {
        let vitals = self.measure();
        if self.published.as_ref().is_some_and(|(published, by)| !vitals.is_news(published, *by)) {
            return Ok(());
        }
        let transaction = Transaction::new()
            .when(Precondition::created_at(&Key::Leader, self.leader))
            .put_json_leased(&Key::Vitals, &vitals, self.lease);
        if let Commit::Done { revision } = self.store.commit(transaction).await? {
            self.published = Some((vitals, revision));
        }
        Ok(())
    }

    fn measure(&self) -> Vitals {
        let statistics = self.engine.statistics();
        Vitals {
            at: self.clock.now(),
            revision: statistics.revision,
            compact_revision: statistics.compact_revision,
            keys: statistics.keys,
            leases: statistics.leases,
            watchers: statistics.watchers,
            disk_bytes: statistics.db_size_bytes,
            history_bytes: statistics.history_bytes,
            resident_bytes: resident_bytes(),
            commit_p50_micros: statistics.commit_p50_micros,
            commit_p99_micros: statistics.commit_p99_micros,
            by: self.name.clone(),
            op: "publish-vitals".to_owned(),
        }
    }
}

/// What Linux says of this process's memory; other systems say it elsewhere.
fn resident_bytes() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    resident_in(&status)
}

fn resident_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_is_read_from_the_line_that_says_it() {
        assert_eq!(resident_in("VmHWM:\t  99 kB\nVmRSS:\t    1234 kB\n"), Some(1234 * 1024));
        assert_eq!(resident_in("VmHWM:\t  99 kB\n"), None);
    }
}
