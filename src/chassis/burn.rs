//! Burn rates: how fast the failures that a promise allows are used up.
//!
//! Pure. Source: Google, "The Site Reliability Workbook" (2018), chapter 5, "Alerting on SLOs", section 6, "Multiwindow,
//! Multi-Burn-Rate Alerts". The burn rate is the error rate / (1 − SLO): at 1 the budget lasts exactly as long as it is
//! meant to. An alert needs more than its threshold in a long window, so that it matters, and in a short one of a twelfth, so that it
//! is still going on. Windows and thresholds are the workbook's (table 5-8): 14.4 over 1 h spends 2 % of the budget of 30 days,
//! 6 over 6 h 5 %, 1 over 3 days 10 %. A promise that allows more than 1 / 14.4 of all tasks to fail cannot burn that fast.

use std::time::Duration;

use serde::Serialize;

use super::history::Bucket;
use super::share::{number, rounded};

/// Whom a burn rate calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Alert {
    /// Somebody at once.
    Page,
    /// Somebody within days.
    Ticket,
}

impl std::fmt::Display for Alert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Page => "page",
            Self::Ticket => "ticket",
        })
    }
}

/// A long and a short window, and the burn rate that is too much in both.
#[derive(Debug, Clone, Copy)]
struct Windows {
    long: Window,
    short: Window,
    threshold: f64,
    alert: Alert,
}

/// A window, by the name of its length.
type Window = (&'static str, Duration);

const FIVE_MINUTES: Window = ("5m", Duration::from_mins(5));
const HALF_AN_HOUR: Window = ("30m", Duration::from_mins(30));
const ONE_HOUR: Window = ("1h", Duration::from_hours(1));
const SIX_HOURS: Window = ("6h", Duration::from_hours(6));
const THREE_DAYS: Window = ("3d", Duration::from_hours(72));

/// The pairs of windows of the workbook.
const WINDOWS: [Windows; 3] = [
    Windows { long: ONE_HOUR, short: FIVE_MINUTES, threshold: 14.4, alert: Alert::Page },
    Windows { long: SIX_HOURS, short: HALF_AN_HOUR, threshold: 6.0, alert: Alert::Page },
    Windows { long: THREE_DAYS, short: SIX_HOURS, threshold: 1.0, alert: Alert::Ticket },
];

/// How fast the budget was used up in one window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BurnRate {
    /// How long the window is.
    pub window: &'static str,
    /// How many tasks counted.
    pub n: u64,
    /// How many of them broke the promise.
    pub bad: u64,
    /// Error rate / (1 − SLO). None of nothing, and where a promise that allows no failure was broken: that is beyond any rate.
    pub rate: Option<f64>,
}

/// How fast the budget is used up, in a long and a short window.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Burn {
    /// Whether it matters.
    pub long: BurnRate,
    /// Whether it still goes on.
    pub short: BurnRate,
    /// More than this in both is too much.
    pub threshold: f64,
    /// Whom that calls; none as long as it is not.
    pub alert: Option<Alert>,
}

impl Burn {
    /// The burn in each pair of windows; `counts` gives tasks that counted, and those that broke the promise, of the last so long.
    pub(super) fn all(allowed: f64, counts: impl Fn(Duration) -> (u64, u64)) -> Vec<Self> {
        let burn = |windows: &Windows| {
            let in_window = |(name, length): Window| BurnRate::new(name, counts(length), allowed);
            let (long, short) = (in_window(windows.long), in_window(windows.short));
            let burns = [long, short].iter().all(|rate| rate.exceeds(windows.threshold, allowed));
            Self { long, short, threshold: windows.threshold, alert: burns.then_some(windows.alert) }
        };
        WINDOWS.iter().map(burn).collect()
    }
}

impl BurnRate {
    fn new(window: &'static str, (n, bad): (u64, u64), allowed: f64) -> Self {
        let rate = match (n, bad) {
            (0, _) => None,
            (_, 0) => Some(0.0),
            _ if allowed <= 0.0 => None,
            _ => Some(rounded(number(bad) / number(n) / allowed)),
        };
        Self { window, n, bad, rate }
    }

    /// Whether it is more than `threshold`; whatever breaks a promise that allows nothing is.
    fn exceeds(&self, threshold: f64, allowed: f64) -> bool {
        self.rate.map_or(self.bad > 0 && allowed <= 0.0, |rate| rate > threshold)
    }
}

/// How many latencies counted in `bucket`, and how many of them were late.
pub(super) fn late(bucket: Bucket) -> (u64, u64) {
    (bucket.judged, bucket.late)
}

/// How many tasks ended in `bucket`, and how many of them without success.
pub(super) fn failed(bucket: Bucket) -> (u64, u64) {
    (bucket.n, bucket.failed)
}

/// How many tasks ended in `bucket`, and how many of them without any answer.
pub(super) fn unanswered(bucket: Bucket) -> (u64, u64) {
    (bucket.n, bucket.unanswered)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burn_rate_is_the_error_rate_over_what_the_promise_allows() {
        let cases = [
            ((0, 0), 0.01, None),
            ((1, 0), 0.01, Some(0.0)),
            ((1, 1), 0.01, Some(100.0)),
            ((99, 1), 0.01, Some(1.01)),
            ((100, 1), 0.01, Some(1.0)),
            ((101, 1), 0.01, Some(0.99)),
            ((100, 5), 1.0 - 0.95, Some(1.0)),
            ((100, 100), 0.5, Some(2.0)),
            ((100, 0), 0.0, Some(0.0)),
            ((100, 1), 0.0, None),
        ];
        for (counts, allowed, expected) in cases {
            let rate = BurnRate::new("1h", counts, allowed).rate;
            assert_eq!(rate, expected, "{counts:?} of {allowed}");
        }
    }

    #[test]
    fn both_windows_must_burn() {
        use Alert::{Page, Ticket};
        let alerts = |long: u64, short: u64| {
            let counts = |window: Duration| (1000, if window >= ONE_HOUR.1 { long } else { short });
            Burn::all(0.001, counts).iter().map(|burn| burn.alert).collect::<Vec<_>>()
        };
        assert_eq!(alerts(0, 0), [None; 3]);
        assert_eq!(alerts(1, 1), [None; 3], "a rate of 1 is what the promise allows");
        assert_eq!(alerts(2, 0), [None, None, Some(Ticket)]);
        assert_eq!(alerts(15, 0), [None, None, Some(Ticket)], "it is over");
        assert_eq!(alerts(7, 7), [None, Some(Page), Some(Ticket)]);
        assert_eq!(alerts(15, 15), [Some(Page), Some(Page), Some(Ticket)]);
        assert_eq!(alerts(0, 15), [None; 3], "it does not matter yet");
    }

    #[test]
    fn whatever_breaks_a_promise_that_allows_nothing_calls_somebody() {
        let burns = Burn::all(0.0, |_| (1000, 1));
        assert!(burns.iter().all(|burn| burn.alert.is_some() && burn.long.rate.is_none()));
        assert!(Burn::all(0.0, |_| (0, 0)).iter().all(|burn| burn.alert.is_none()));
    }
}
