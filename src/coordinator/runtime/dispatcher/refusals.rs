//! Which assignments are refused again and again, for a reason that the view does not show.
//!
//! Pure: callers supply `now`.

use std::collections::HashMap;
use std::time::Duration;

use crate::clock::Timestamp;
use crate::id::TaskId;

/// How often a task is refused before it counts as hopeless.
const OFTEN: u32 = 5;

/// For how long at least: a view that lags behind has caught up by then.
const LONG: Duration = Duration::from_secs(1);

/// Tasks whose assignments were refused.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    tasks: HashMap<TaskId, Refused>,
}

/// What one record has met with.
#[derive(Debug)]
struct Refused {
    revision: i64,
    since: Timestamp,
    times: u32,
}

impl Refusals {
    /// Notes that the task was refused with its record as of `revision`; tells whether that is hopeless.
    pub(super) fn note(&mut self, task: &TaskId, revision: i64, now: Timestamp) -> bool {
        let refused = self.tasks.entry(task.clone()).or_insert(Refused { revision, since: now, times: 0 });
        if refused.revision != revision {
            *refused = Refused { revision, since: now, times: 0 };
        }
        refused.times += 1;
        refused.times >= OFTEN && now.since(refused.since) >= LONG
    }

    /// Forgets a task.
    pub(super) fn forget(&mut self, task: &TaskId) {
        self.tasks.remove(task);
    }

    /// Forgets all but these.
    pub(super) fn retain(&mut self, is_of_interest: impl Fn(&TaskId) -> bool) {
        self.tasks.retain(|task, _| is_of_interest(task));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_record_that_is_refused_often_and_for_long_is_hopeless() {
        let task: TaskId = "T".parse().unwrap();
        let at = |tenths: i64| Timestamp::from_micros(tenths * 100_000);
        let mut refusals = Refusals::default();
        for tenth in 0..10 {
            assert!(!refusals.note(&task, 7, at(tenth)), "{tenth}: often, but not for long");
        }
        assert!(refusals.note(&task, 7, at(10)));
        assert!(!refusals.note(&task, 8, at(11)), "it has changed");
        assert!(!refusals.note(&task, 8, at(50)), "for long, but not often");
        refusals.forget(&task);
        assert!(!refusals.note(&task, 8, at(51)));
    }
}
