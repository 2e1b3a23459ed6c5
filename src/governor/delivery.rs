//! Delivery: how far a channel has taken a call to people, and when it has to try again.
//!
//! Pure: callers supply `now` and chance. A call is sent before that is noted, so it arrives at least once; what
//! makes a repetition recognisable is [`Delivery::number`], which grows only when a delivery was noted.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::escalation::{Escalation, EscalationState};
use crate::clock::Timestamp;

/// The longest wait for another try is up to this, at random.
const LONGEST: Duration = Duration::from_mins(15);

/// A call is repeated after a year at the latest.
const YEAR: Duration = Duration::from_hours(366 * 24);

const OP: &str = "governor.deliver";

/// How far one channel has taken one call.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Delivery {
    /// How often it was delivered in all.
    pub sent: u32,
    /// How often since the call was triggered: the same cause may call anew after it was resolved.
    pub of_this_call: u32,
    /// When the call was triggered that this is about.
    pub called_at: Option<Timestamp>,
    /// When it was delivered last.
    pub delivered_at: Option<Timestamp>,
    /// How often it failed in a row.
    pub attempts: u32,
    /// Why it failed last; nothing after a success.
    pub last_error: Option<String>,
    /// When it is sent again, unless somebody answers.
    pub next_at: Option<Timestamp>,
    /// Who wrote this.
    pub by: String,
    /// In which operation.
    pub op: String,
}

impl Delivery {
    /// The number of the delivery to come, from 1: the same as long as it fails.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.sent.saturating_add(1)
    }

    /// When the call has to be sent; never when nobody waits for it. What is acknowledged is not repeated, but a
    /// delivery that was begun is brought to its end. Nobody waits for the clock of whoever called.
    #[must_use]
    pub fn due(&self, call: &Escalation, now: Timestamp) -> Option<Timestamp> {
        let is_fresh = !self.is_about(call);
        match call.state {
            EscalationState::Resolved => None,
            EscalationState::Triggered if is_fresh => Some(call.triggered_at.min(now)),
            EscalationState::Triggered => self.next_at,
            EscalationState::Acknowledged => self.next_at.filter(|_| !is_fresh && self.of_this_call == 0),
        }
    }

    fn is_about(&self, call: &Escalation) -> bool {
        self.called_at == Some(call.triggered_at)
    }

    /// What there is to note after a success. The call is repeated after `resend`, then after twice that.
    #[must_use]
    pub fn delivered(&self, call: &Escalation, resend: Duration, by: &str, now: Timestamp) -> Self {
        let before = if self.is_about(call) { self.of_this_call } else { 0 };
        let pause = resend.saturating_mul(2_u32.saturating_pow(before)).min(YEAR);
        Self {
            sent: self.number(),
            of_this_call: before.saturating_add(1),
            called_at: Some(call.triggered_at),
            delivered_at: Some(now),
            attempts: 0,
            last_error: None,
            next_at: Some(now.after(pause)),
            by: by.to_owned(),
            op: OP.to_owned(),
        }
    }

    /// What there is to note after a failure. The wait grows, up to [`LONGEST`]; `chance` is from 0 to 1.
    #[must_use]
    pub fn failed(&self, call: &Escalation, error: String, chance: f64, by: &str, now: Timestamp) -> Self {
        let (before, of_this_call) =
            if self.is_about(call) { (self.attempts, self.of_this_call) } else { (0, 0) };
        let longest = Duration::from_secs(2_u64.saturating_pow(before)).min(LONGEST);
        Self {
            of_this_call,
            called_at: Some(call.triggered_at),
            attempts: before.saturating_add(1),
            last_error: Some(error),
            next_at: Some(now.after(longest.mul_f64(chance.clamp(0.0, 1.0)))),
            by: by.to_owned(),
            op: OP.to_owned(),
            ..self.clone()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::governor::escalation::{Answer, Answered, EscalationKind};

    const HOUR: Duration = Duration::from_hours(1);

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_micros(0).after(Duration::from_secs(seconds))
    }

    fn call() -> Escalation {
        Escalation::triggered(EscalationKind::Stalled, "t.7", "stuck", "help it", "leader", at(0))
    }

    fn answered(call: &Escalation, answer: fn(&Escalation, Answer) -> Answered) -> Escalation {
        match answer(call, Answer { by: "ann".to_owned(), at: at(1), note: None }) {
            Answered::Changed(call) => *call,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_call_is_repeated_after_pauses_that_double_until_somebody_answers() {
        let call = call();
        let mut delivery = Delivery::default();
        assert_eq!(delivery.due(&call, at(9000)), Some(at(0)));
        for (number, pause) in [(1, 3600), (2, 7200), (3, 14400)] {
            assert_eq!(delivery.number(), number);
            delivery = delivery.delivered(&call, HOUR, "leader", at(10));
            assert_eq!(delivery.due(&call, at(9000)), Some(at(10 + pause)));
        }
        assert_eq!(delivery.due(&answered(&call, Escalation::acknowledge), at(9000)), None);
        assert_eq!(delivery.due(&answered(&call, Escalation::resolve), at(9000)), None);
        let last = (0..100).fold(delivery, |delivery, _| delivery.delivered(&call, HOUR, "leader", at(0)));
        assert_eq!(last.next_at, Some(at(0).after(YEAR)));
    }

    #[test]
    fn a_failure_is_tried_again_after_random_pauses_that_grow_and_under_the_same_number() {
        let call = call();
        let mut delivery = Delivery::default();
        for (tries, longest) in [(1, 1), (2, 2), (3, 4), (4, 8)] {
            let soon = delivery.failed(&call, "down".to_owned(), 0.5, "leader", at(0));
            assert_eq!(
                soon.due(&call, at(9000)),
                Some(at(longest).min(at(0).after(Duration::from_millis(longest * 500))))
            );
            delivery = delivery.failed(&call, "down".to_owned(), 1.0, "leader", at(0));
            assert_eq!((delivery.attempts, delivery.due(&call, at(9000))), (tries, Some(at(longest))));
            assert_eq!(delivery.number(), 1);
        }
        let last = (0..100)
            .fold(delivery, |delivery, _| delivery.failed(&call, "down".to_owned(), 1.0, "leader", at(0)));
        assert_eq!(last.next_at, Some(at(900)));
        let there = last.delivered(&call, HOUR, "leader", at(0));
        assert_eq!((there.attempts, there.last_error, there.sent), (0, None, 1));
    }

    #[test]
    fn what_was_begun_is_brought_to_its_end_though_somebody_has_answered() {
        let call = call();
        let failed = Delivery::default().failed(&call, "down".to_owned(), 1.0, "leader", at(0));
        assert_eq!(failed.due(&answered(&call, Escalation::acknowledge), at(9000)), Some(at(1)));
        assert_eq!(failed.due(&answered(&call, Escalation::resolve), at(9000)), None);
        assert_eq!(
            Delivery::default().due(&answered(&call, Escalation::acknowledge), at(9000)),
            None,
            "nothing was begun"
        );
    }

    #[test]
    fn a_cause_that_calls_anew_is_sent_at_once_and_under_a_new_number() {
        let delivered = Delivery::default().delivered(&call(), HOUR, "leader", at(10));
        let anew = Escalation { triggered_at: at(500), ..call() };
        assert_eq!(delivered.due(&anew, at(9000)), Some(at(500)));
        assert_eq!(delivered.number(), 2);
        assert_eq!(delivered.due(&anew, at(400)), Some(at(400)), "a clock that is ahead delays nothing");
        let again = delivered.delivered(&anew, HOUR, "leader", at(501));
        assert_eq!((again.sent, again.due(&anew, at(9000))), (2, Some(at(501 + 3600))));
    }
}
