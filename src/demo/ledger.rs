//! What the history of the store proves: completions, latencies, budgets, work that should not have been.
//!
//! Pure: it is fed every change since the first revision, in order.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::Serialize;

use crate::coordinator::TaskRecord;
use crate::governor::{Breaker, BreakerState, Budget};
use crate::id::{SwarmId, TaskId};
use crate::store::{Event, Key, Scope};

/// A promise that was broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "broken")]
pub enum Violation {
    /// More than one completion of a task was accepted.
    CompletedTwice {
        /// The task.
        task: TaskId,
        /// How many were accepted.
        times: usize,
    },
    /// A terminal state was left.
    TerminalLeft {
        /// The task.
        task: TaskId,
        /// The revision that did it.
        revision: i64,
    },
    /// More was spent and reserved than the cap allows.
    AboveCap {
        /// Whose budget.
        swarm: SwarmId,
        /// The revision that shows it.
        revision: i64,
    },
    /// A swarm was given work after its breaker had opened.
    WorkAfterTrip {
        /// The swarm.
        swarm: SwarmId,
        /// The task.
        task: TaskId,
    },
    /// A module that meant harm was not stopped.
    Unstopped {
        /// Whose module.
        swarm: String,
    },
    /// Somebody helped who does not have what was needed.
    Unqualified {
        /// The swarm.
        swarm: SwarmId,
        /// The help task.
        task: TaskId,
    },
}

/// What was counted so far.
#[derive(Debug, Default)]
pub struct Ledger {
    completions: BTreeMap<TaskId, usize>,
    terminal: BTreeSet<TaskId>,
    open: BTreeSet<SwarmId>,
    latencies: Vec<Duration>,
    violations: Vec<Violation>,
}

impl Ledger {
    /// Takes in one change. A value that cannot be read proves nothing and is left out.
    pub fn note(&mut self, event: &Event) {
        if event.deleted {
            return;
        }
        match Key::parse(&event.entry.key) {
            Some(Key::Record(_)) => {
                if let Ok(record) = event.entry.json() {
                    self.note_record(&record, event.entry.mod_revision);
                }
            }
            Some(Key::Budget(Scope::Swarm(swarm))) => {
                if let Ok(budget) = event.entry.json() {
                    self.note_budget(swarm, &budget, event.entry.mod_revision);
                }
            }
            Some(Key::Breaker(Scope::Swarm(swarm))) => {
                if let Ok(breaker) = event.entry.json() {
                    self.note_breaker(swarm, &breaker);
                }
            }
            _ => {}
        }
    }

    fn note_record(&mut self, record: &TaskRecord, revision: i64) {
        let task = &record.id;
        if record.op == "complete" {
            *self.completions.entry(task.clone()).or_default() += 1;
        }
        if record.op == "acknowledge"
            && let (Some(ready), Some(received)) = (record.ready_at, record.received_at)
        {
            self.latencies.push(received.since(ready));
        }
        if matches!(record.op.as_str(), "claim" | "assign")
            && let Some(swarm) = record.owner.clone().filter(|swarm| self.open.contains(swarm))
        {
            self.violations.push(Violation::WorkAfterTrip { swarm, task: task.clone() });
        }
        if self.terminal.contains(task) && !record.state.is_terminal() {
            self.violations.push(Violation::TerminalLeft { task: task.clone(), revision });
        }
        if record.state.is_terminal() {
            self.terminal.insert(task.clone());
        }
    }

    fn note_budget(&mut self, swarm: SwarmId, budget: &Budget, revision: i64) {
        if budget.spent.plus(budget.reserved) > budget.cap {
            self.violations.push(Violation::AboveCap { swarm, revision });
        }
    }

    fn note_breaker(&mut self, swarm: SwarmId, breaker: &Breaker) {
        if breaker.state == BreakerState::Open {
            self.open.insert(swarm);
        } else {
            self.open.remove(&swarm);
        }
    }

    /// Notes a helper that lacks what was needed.
    pub fn note_unqualified(&mut self, swarm: &SwarmId, task: &TaskId) {
        self.violations.push(Violation::Unqualified { swarm: swarm.clone(), task: task.clone() });
    }

    /// How many completions of a task were accepted.
    #[must_use]
    pub fn completions(&self, task: &TaskId) -> usize {
        self.completions.get(task).copied().unwrap_or(0)
    }

    /// The time from ready to received of every push, in the order of receipt.
    #[must_use]
    pub fn latencies(&self) -> &[Duration] {
        &self.latencies
    }

    /// Every promise that was broken.
    #[must_use]
    pub fn violations(&self) -> Vec<Violation> {
        let twice = self.completions.iter().filter(|&(_, &times)| times > 1);
        let twice = twice.map(|(task, &times)| Violation::CompletedTwice { task: task.clone(), times });
        self.violations.iter().cloned().chain(twice).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::coordinator::Token;
    use crate::coordinator::task::Attempt;
    use crate::governor::TripReason;
    use crate::money::Money;
    use crate::store::Entry;

    fn event(key: &Key, value: &impl Serialize) -> Event {
        let value = serde_json::to_vec(value).unwrap();
        let entry = Entry { key: key.to_string(), value, create_revision: 1, mod_revision: 2, lease: 0 };
        Event { entry, deleted: false, previous: None }
    }

    fn claimed() -> TaskRecord {
        let attempt = Attempt { claim_id: "c".parse().unwrap(), reserved: Money::ZERO, pushed: true };
        let new = TaskRecord::new("t".parse().unwrap(), "tester", Timestamp::from_micros(0));
        new.claimed(&"s".parse().unwrap(), &attempt, "leader", Timestamp::from_micros(5))
    }

    fn record(record: &TaskRecord) -> Event {
        event(&Key::Record(record.id.clone()), record)
    }

    #[test]
    fn a_second_accepted_completion_is_a_broken_promise() {
        let mut ledger = Ledger::default();
        let done =
            claimed().completed(Token { epoch: 0, revision: 1 }, Money::ZERO, "s", Timestamp::from_micros(9));
        ledger.note(&record(&done));
        assert!(ledger.violations().is_empty());
        ledger.note(&record(&done));
        assert_eq!(ledger.violations(), [Violation::CompletedTwice { task: done.id, times: 2 }]);
    }

    #[test]
    fn a_terminal_state_that_is_left_is_a_broken_promise() {
        let mut ledger = Ledger::default();
        let done =
            claimed().completed(Token { epoch: 0, revision: 1 }, Money::ZERO, "s", Timestamp::from_micros(9));
        ledger.note(&record(&done));
        ledger.note(&record(&claimed()));
        assert!(matches!(ledger.violations()[..], [Violation::TerminalLeft { .. }]));
    }

    #[test]
    fn a_budget_above_its_cap_is_a_broken_promise() {
        let mut ledger = Ledger::default();
        let budget = Budget::with_cap(Money::from_dollars(1)).book(Money::from_dollars(2));
        ledger.note(&event(&Key::Budget(Scope::Swarm("s".parse().unwrap())), &budget));
        assert!(matches!(ledger.violations()[..], [Violation::AboveCap { .. }]));
    }

    #[test]
    fn work_after_a_trip_is_a_broken_promise() {
        let mut ledger = Ledger::default();
        let open = Breaker::closed(Timestamp::from_micros(0))
            .tripped(TripReason::BudgetExhausted, Timestamp::from_micros(1));
        ledger.note(&event(&Key::Breaker(Scope::Swarm("s".parse().unwrap())), &open));
        ledger.note(&record(&claimed()));
        assert!(matches!(ledger.violations()[..], [Violation::WorkAfterTrip { .. }]));
    }

    #[test]
    fn a_push_is_measured_from_ready_to_received() {
        let mut ledger = Ledger::default();
        ledger.note(&record(&claimed().received("s", Timestamp::from_micros(1500))));
        assert_eq!(ledger.latencies(), [Duration::from_micros(1500)]);
    }
}
