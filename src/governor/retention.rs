//! Retention: which records nobody needs any more.
//!
//! Pure: callers supply `now`. What is spent and promised is in the budgets; what is removed here is only looked back at.

use std::time::Duration;

use super::charge::Charge;
use super::delivery::Delivery;
use super::escalation::Escalation;
use super::policy::RetentionPolicy;
use crate::clock::Timestamp;

const DAY: Duration = Duration::from_hours(24);

impl RetentionPolicy {
    /// Whether a call was resolved so long ago that nobody asks about it any more.
    pub(super) fn outlives_call(self, call: &Escalation, now: Timestamp) -> bool {
        let since = call.resolved.as_ref().map_or(call.triggered_at, |answer| answer.at);
        !call.is_open() && is_over(since, self.resolved_days, now)
    }

    /// Whether a delivery is as old; it goes with its call, but what brought one to people that was deleted by hand stays.
    pub(super) fn outlives_delivery(self, delivery: &Delivery, now: Timestamp) -> bool {
        let since = delivery.delivered_at.max(delivery.called_at);
        since.is_none_or(|since| is_over(since, self.resolved_days, now))
    }

    /// Whether nobody sends a charge again.
    pub(super) fn outlives_charge(self, charge: &Charge, now: Timestamp) -> bool {
        is_over(charge.at, self.charge_days, now)
    }

    /// Whether nobody asks any more how far a task was graded that ended then: as long as charges for it are known.
    pub(super) fn outlives_grade(self, ended: Timestamp, now: Timestamp) -> bool {
        is_over(ended, self.charge_days, now)
    }
}

fn is_over(since: Timestamp, days: u64, now: Timestamp) -> bool {
    let kept = u32::try_from(days).map_or(Duration::MAX, |days| DAY.saturating_mul(days));
    days > 0 && now.since(since) >= kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::governor::escalation::{Answer, Answered, EscalationKind};

    fn after(days: u32) -> Timestamp {
        Timestamp::from_micros(0).after(DAY * days)
    }

    #[test]
    fn a_call_is_kept_while_it_is_open_and_for_so_many_days_after_it_was_resolved() {
        let keep = |resolved_days| RetentionPolicy { resolved_days, charge_days: 0 };
        let open = Escalation::triggered(EscalationKind::Stalled, "t.1", "i", "a", "leader", after(0));
        assert!(!keep(30).outlives_call(&open, after(1000)));
        let answer = Answer { by: "ann".to_owned(), at: after(10), note: None };
        let Answered::Changed(resolved) = open.resolve(answer) else { panic!() };
        assert!(!keep(30).outlives_call(&resolved, after(39)));
        assert!(keep(30).outlives_call(&resolved, after(40)));
        assert!(!keep(0).outlives_call(&resolved, after(1000)), "for ever");
        let by_leader = Escalation { resolved: None, ..*resolved };
        assert!(keep(30).outlives_call(&by_leader, after(30)), "nobody has noted when");
    }
}
