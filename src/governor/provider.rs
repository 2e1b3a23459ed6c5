//! Providers: what a call of somebody else's service says of who was called, and of who has called.
//!
//! Pure. Every swarm has a breaker of its own at each provider, and the provider has one that keeps everybody away. What
//! a swarm asks for can make a call fail, and a limit may be that of the swarm's account: so by one swarm's calls only
//! its own breaker opens. The provider's opens when nobody can connect, which no request brings about, and when the
//! breakers of two swarms are open there for failures.

use std::time::Duration;

use super::breaker::{Breaker, BreakerState, Limits, TripReason};
use crate::clock::Timestamp;
use crate::id::{ProviderId, SwarmId};

/// How a call has failed, as far as that speaks against who was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallFailure {
    /// Nobody could be connected to, whatever was asked for.
    Unreachable,
    /// The answer was a failure of the service's own, or none came.
    Unserved,
    /// The service asks for fewer calls.
    Limited,
}

/// How calls of one swarm at one provider have ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallReport {
    /// Who was called.
    pub provider: ProviderId,
    /// Who has called.
    pub swarm: SwarmId,
    /// How many calls went well that nothing was said of yet; they came before the last one.
    pub successes: u32,
    /// How the last one failed, if it did.
    pub failure: Option<CallFailure>,
    /// How long to wait, as the service has asked.
    pub wait: Option<Duration>,
}

/// The two breakers that a call is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    /// The provider's.
    pub(super) common: Breaker,
    /// The swarm's own at this provider.
    pub(super) own: Breaker,
}

/// Of which of the two breakers a call was the trial.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Trials {
    pub(super) common: bool,
    pub(super) own: bool,
}

impl Pair {
    /// Both after what is reported; `others` are the breakers of other swarms at the provider. `jitter` is from 0 to 1.
    pub(super) fn after(
        &self,
        report: &CallReport,
        trials: Trials,
        others: &[Breaker],
        limits: &Limits,
        now: Timestamp,
        jitter: f64,
    ) -> Self {
        let own = own_after(&self.own, report, trials.own, limits, now, jitter);
        let common = with_successes(&self.common, report.successes, limits, now);
        let together = || own.is_open_for_failures() && others.iter().any(Breaker::is_open_for_failures);
        let common = match report.failure {
            // A failure that one swarm could bring about, which is nobody else's business.
            Some(CallFailure::Unserved | CallFailure::Limited) if !trials.common => {
                let opens = report.failure == Some(CallFailure::Unserved) && together();
                if opens && common.state == BreakerState::Closed {
                    let counted = Breaker { failures: own.failures, ..common };
                    counted.opened(TripReason::ConsecutiveFailures, limits, now, jitter)
                } else {
                    common
                }
            }
            failure => after_one(&common, failure.is_none(), trials.common, limits, now, jitter),
        };
        Self { common, own }
    }
}

/// The swarm's own breaker. That nobody can connect is held against the provider only.
fn own_after(
    breaker: &Breaker,
    report: &CallReport,
    is_trial: bool,
    limits: &Limits,
    now: Timestamp,
    jitter: f64,
) -> Breaker {
    let breaker = with_successes(breaker, report.successes, limits, now);
    let failure = match report.failure {
        Some(CallFailure::Unreachable) if !is_trial => return breaker,
        failure => failure,
    };
    let mut after = after_one(&breaker, failure.is_none(), is_trial, limits, now, jitter);
    if breaker.state == BreakerState::Closed && after.state == BreakerState::Open {
        after.reason = after
            .reason
            .map(|reason| if failure == Some(CallFailure::Limited) { TripReason::Limited } else { reason });
    }
    let may_wait = is_trial || breaker.state != BreakerState::HalfOpen;
    match report.wait.filter(|_| may_wait && failure.is_some()) {
        Some(wait) => after.waiting(wait, now),
        None => after,
    }
}

/// What began before a breaker opened says nothing of today.
fn after_one(
    breaker: &Breaker,
    succeeded: bool,
    is_trial: bool,
    limits: &Limits,
    now: Timestamp,
    jitter: f64,
) -> Breaker {
    if breaker.state != BreakerState::Closed && !is_trial {
        return breaker.clone();
    }
    breaker.after_work(succeeded, is_trial, limits, now, jitter)
}

fn with_successes(breaker: &Breaker, count: u32, limits: &Limits, now: Timestamp) -> Breaker {
    if breaker.state != BreakerState::Closed {
        return breaker.clone();
    }
    // More than a breaker remembers change nothing.
    let count = count.min(limits.window.max(1));
    (0..count).fold(breaker.clone(), |breaker, _| breaker.after_success(limits, now))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::CallFailure::{Limited, Unreachable, Unserved};
    use super::*;
    use crate::governor::share::Share;

    const LIMITS: Limits = Limits { failures: 3, rate: Share::HALF, window: 20, open_seconds: 60 };

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * 1_000_000)
    }

    fn fresh() -> Pair {
        Pair { common: Breaker::closed(at(0)), own: Breaker::closed(at(0)) }
    }

    fn report(failure: Option<CallFailure>) -> CallReport {
        CallReport {
            provider: "p".parse().unwrap(),
            swarm: "s".parse().unwrap(),
            successes: 0,
            failure,
            wait: None,
        }
    }

    fn after(pair: &Pair, failure: Option<CallFailure>, others: &[Breaker]) -> Pair {
        pair.after(&report(failure), Trials::default(), others, &LIMITS, at(1), 0.0)
    }

    /// What three such failures in a row make of both breakers.
    fn thrice(failure: CallFailure, others: &[Breaker]) -> Pair {
        (0..3).fold(fresh(), |pair, _| after(&pair, Some(failure), others))
    }

    #[test]
    fn what_one_swarm_can_bring_about_opens_its_own_breaker_only() {
        use BreakerState::{Closed, Open};
        let failed = Breaker::closed(at(0)).tripped(TripReason::ConsecutiveFailures, at(0));
        let limited = Breaker::closed(at(0)).tripped(TripReason::Limited, at(0));
        for (failure, others, common, own, reason) in [
            (Unserved, vec![], Closed, Open, Some(TripReason::ConsecutiveFailures)),
            (Unserved, vec![limited.clone()], Closed, Open, Some(TripReason::ConsecutiveFailures)),
            (Unserved, vec![failed.clone()], Open, Open, Some(TripReason::ConsecutiveFailures)),
            (Limited, vec![], Closed, Open, Some(TripReason::Limited)),
            (Limited, vec![failed.clone(), limited], Closed, Open, Some(TripReason::Limited)),
            (Unreachable, vec![], Open, Closed, None),
        ] {
            let pair = thrice(failure, &others);
            assert_eq!((pair.common.state, pair.own.state), (common, own), "{failure:?} {}", others.len());
            assert_eq!(pair.own.reason, reason, "{failure:?}");
        }
        let together = thrice(Unserved, &[failed]).common;
        assert_eq!((together.open_until, together.failures, together.trips), (Some(at(61)), 3, 1));
    }

    #[test]
    fn a_success_ends_a_row_of_failures_also_one_that_is_told_later() {
        let twice = (0..2).fold(fresh(), |pair, _| after(&pair, Some(Unserved), &[]));
        let broken = after(&after(&twice, None, &[]), Some(Unserved), &[]);
        assert_eq!((broken.own.state, broken.own.failures), (BreakerState::Closed, 1));
        let told = CallReport { successes: 1, ..report(Some(Unserved)) };
        let told = twice.after(&told, Trials::default(), &[], &LIMITS, at(1), 0.0);
        assert_eq!(told.own, broken.own);
    }

    #[test]
    fn a_wait_that_is_asked_for_is_kept_and_bounded() {
        for (seconds, until) in [(0, None), (7, Some(8)), (600, Some(601)), (1 << 40, Some(3601))] {
            let asked = CallReport { wait: Some(Duration::from_secs(seconds)), ..report(Some(Limited)) };
            let pair = fresh().after(&asked, Trials::default(), &[], &LIMITS, at(1), 0.0);
            assert_eq!(pair.own.open_until, until.map(at), "{seconds}");
            assert_eq!(pair.common, fresh().common);
        }
        // It never shortens what a breaker waits anyway.
        let open = thrice(Limited, &[]);
        let asked = CallReport { wait: Some(Duration::from_secs(7)), ..report(Some(Limited)) };
        let still = open.after(&asked, Trials::default(), &[], &LIMITS, at(1), 0.0);
        assert_eq!(still.own.open_until, Some(at(61)));
    }

    #[test]
    fn only_the_trial_moves_a_breaker_that_is_not_closed() {
        let open = thrice(Unreachable, &[]);
        let probing = Pair { common: open.common.probing(at(70)), ..open };
        for failure in [None, Some(Unserved), Some(Limited), Some(Unreachable)] {
            assert_eq!(after(&probing, failure, &[]).common, probing.common, "{failure:?}");
        }
        let trial = Trials { common: true, own: false };
        let ended = |failure| probing.after(&report(failure), trial, &[], &LIMITS, at(71), 0.0).common;
        assert_eq!(ended(None).state, BreakerState::Closed);
        for failure in [Unserved, Limited, Unreachable] {
            let again = ended(Some(failure));
            assert_eq!(
                (again.state, again.open_until),
                (BreakerState::Open, Some(at(71 + 120))),
                "{failure:?}"
            );
        }
    }

    proptest! {
        /// However a swarm's calls fail while the provider can be connected to, others are not kept away.
        #[test]
        fn one_swarm_never_closes_a_provider_to_others(
            calls in prop::collection::vec((0..4_u8, any::<bool>(), 0..10_u64), 0..200),
        ) {
            let mut pair = fresh();
            for (time, (kind, own_trial, wait)) in calls.into_iter().enumerate() {
                let failure = [None, Some(Unserved), Some(Limited), Some(Unserved)][usize::from(kind)];
                let asked = CallReport { wait: Some(Duration::from_secs(wait)), ..report(failure) };
                let trials = Trials { common: false, own: own_trial };
                if own_trial && pair.own.state == BreakerState::Open {
                    pair.own = pair.own.probing(at(0));
                }
                let time = i64::try_from(time).unwrap();
                pair = pair.after(&asked, trials, &[], &LIMITS, at(time), 0.5);
                prop_assert_eq!(pair.common.state, BreakerState::Closed);
            }
        }
    }
}
