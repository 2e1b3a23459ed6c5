//! Vitals: how the leader's engine is, as everybody may read it.
//!
//! Pure: callers measure, this says what is worth writing.

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

/// Figures of one moment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vitals {
    /// When they were taken.
    pub at: Timestamp,
    /// The newest revision then.
    pub revision: i64,
    /// Revisions before this one are gone; -1 when nothing was ever compacted.
    pub compact_revision: i64,
    /// Keys that exist.
    pub keys: usize,
    /// Leases that live.
    pub leases: usize,
    /// Watches that are open.
    pub watchers: usize,
    /// The size of the store's files.
    pub disk_bytes: u64,
    /// Memory that keys and history take, roughly.
    pub history_bytes: usize,
    /// Memory that the process takes; none where the system does not tell.
    pub resident_bytes: Option<u64>,
    /// The median time of a commit, in microseconds.
    pub commit_p50_micros: u64,
    /// The 99th percentile of the time of a commit, in microseconds.
    pub commit_p99_micros: u64,
    /// Who wrote this.
    pub by: String,
    /// By what operation.
    pub op: String,
}

impl Vitals {
    /// Whether there is more to tell than `published` did, which was written by the revision `written`. Writing it
    /// changed sizes and times by itself: that alone is no news, or a store at rest would be written for ever.
    #[must_use]
    pub fn is_news(&self, published: &Self, written: i64) -> bool {
        let counts = |vitals: &Self| (vitals.leases, vitals.watchers, vitals.compact_revision);
        self.revision > written || counts(self) != counts(published)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vitals(revision: i64) -> Vitals {
        Vitals {
            at: Timestamp::from_micros(0),
            revision,
            compact_revision: -1,
            keys: 3,
            leases: 1,
            watchers: 2,
            disk_bytes: 100,
            history_bytes: 100,
            resident_bytes: None,
            commit_p50_micros: 200,
            commit_p99_micros: 300,
            by: "coordinator-1".to_owned(),
            op: "publish-vitals".to_owned(),
        }
    }

    #[test]
    fn what_writing_it_changed_is_no_news() {
        let published = vitals(10);
        let after = Vitals { revision: 11, keys: 4, disk_bytes: 200, commit_p50_micros: 250, ..vitals(10) };
        assert!(!after.is_news(&published, 11));
    }

    #[test]
    fn whatever_else_happened_is_news() {
        let published = vitals(10);
        for news in [
            vitals(12),
            Vitals { leases: 2, ..vitals(11) },
            Vitals { watchers: 1, ..vitals(11) },
            Vitals { compact_revision: 5, ..vitals(11) },
        ] {
            assert!(news.is_news(&published, 11), "{news:?}");
        }
    }
}
