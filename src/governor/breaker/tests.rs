//! Breakers against what they promise, and against a model that knows nothing of how they are made.

use proptest::prelude::*;

use super::*;

fn at(seconds: u64) -> Timestamp {
    Timestamp::from_micros(0).after(Duration::from_secs(seconds))
}

/// Opens after so many failures in a row, at no rate.
fn in_a_row(failures: u32) -> Limits {
    Limits { failures, rate: Share::NONE, window: 10, open_seconds: 60 }
}

fn decision(seconds: u64) -> Decision {
    Decision { by: "human:tester".to_owned(), reason: "because".to_owned(), at: at(seconds) }
}

fn opened_at(seconds: u64) -> Breaker {
    Breaker::closed(at(0)).after_failure(&in_a_row(1), at(seconds), 0.0)
}

#[test]
fn the_threshold_opens_it_and_its_time_lets_one_trial_through() {
    let limits = in_a_row(3);
    let twice = Breaker::closed(at(0)).after_failure(&limits, at(1), 0.0).after_failure(&limits, at(2), 0.0);
    assert_eq!(twice.admission(at(2)), Admission::Pass);
    let open = twice.after_failure(&limits, at(3), 0.0);
    let until = Some(at(63));
    assert_eq!(open.admission(at(62)), Admission::Refused { reason: TripReason::ConsecutiveFailures, until });
    assert_eq!(open.admission(at(63)), Admission::Probe);
    assert_eq!(open.probing(at(63)).after_success(&limits, at(64)).admission(at(64)), Admission::Pass);
}

#[test]
fn a_share_of_failures_opens_it_although_some_work_succeeds() {
    let limits = Limits { failures: 3, rate: Share::HALF, window: 6, open_seconds: 60 };
    let mut breaker = Breaker::closed(at(0));
    for (ended, open) in [("x", false), ("..", false), ("x", false), (".", false), ("x", true)] {
        for sign in ended.chars() {
            breaker = breaker.after_work(sign == '.', false, &limits, at(1), 0.0);
        }
        assert_eq!(breaker.state == BreakerState::Open, open, "{breaker:?}");
    }
    assert_eq!(breaker.reason, Some(TripReason::FailureRate));
    assert_eq!(breaker.admission(at(61)), Admission::Probe, "it is tried again by itself");
    let closed = breaker.probing(at(61)).after_success(&limits, at(62));
    assert_eq!(closed.admission(at(62)), Admission::Pass);
    assert!(closed.recent.is_empty(), "one more failure does not open it again");
}

#[test]
fn without_a_rate_nothing_is_remembered_for_it() {
    let breaker = Breaker::closed(at(0)).after_failure(&in_a_row(3), at(1), 0.0);
    assert!(breaker.recent.is_empty());
    let written = serde_json::to_value(&breaker).unwrap();
    assert!(written.get("recent").is_none(), "{written}");
}

#[test]
fn whoever_never_fails_has_a_breaker_that_never_changes() {
    let limits = Limits { rate: Share::HALF, ..in_a_row(3) };
    let breaker = Breaker::closed(at(0));
    assert_eq!(breaker.after_success(&limits, at(9)), breaker);
}

#[test]
fn every_failed_trial_doubles_the_time_up_to_an_hour() {
    let mut breaker = opened_at(0);
    let mut now = at(60);
    for seconds in [120, 240, 480, 960, 1920, 3600, 3600] {
        breaker = breaker.probing(now).after_failure(&in_a_row(1), now, 0.0);
        assert_eq!(breaker.open_until, Some(now.after(Duration::from_secs(seconds))));
        now = now.after(Duration::from_secs(seconds));
    }
    assert_eq!(breaker.trips, 1, "a failed trial calls nobody again");
    assert_eq!(breaker.probing(now).after_success(&in_a_row(1), now).failed_probes, 0);
}

#[test]
fn jitter_adds_at_most_half() {
    for (jitter, seconds) in [(0.0, 60), (1.0, 90), (7.0, 90), (-1.0, 60), (f64::NAN, 60)] {
        assert_eq!(open_time(60, 0, jitter), Duration::from_secs(seconds), "{jitter}");
    }
}

#[test]
fn neither_time_nor_success_opens_the_way_after_a_budget_or_a_person_closed_it() {
    let limits = in_a_row(1);
    for reason in [TripReason::BudgetExhausted, TripReason::Manual] {
        let breaker = opened_at(0).tripped(reason, at(1));
        for breaker in [
            breaker.clone(),
            breaker.after_success(&limits, at(2)),
            breaker.probing(at(2)).after_success(&limits, at(3)),
            breaker.probing(at(2)).after_work(true, true, &limits, at(3), 0.0),
        ] {
            assert_eq!(breaker.admission(at(1_000_000)), Admission::Refused { reason, until: None });
        }
        assert_eq!(breaker.reset(decision(4)).admission(at(4)), Admission::Pass);
    }
}

#[test]
fn a_reset_forgets_what_was_held_against_it_and_remembers_who_said_so() {
    let limits = in_a_row(3);
    let open = opened_at(0).probing(at(60)).after_failure(&limits, at(61), 0.0).tripped_by(decision(62));
    let closed = open.reset(decision(63));
    assert_eq!(
        (closed.state, closed.failures, closed.failed_probes, closed.open_until, closed.since),
        (BreakerState::Closed, 0, 0, None, at(63))
    );
    assert_eq!((closed.trips, closed.approval.clone()), (2, Some(decision(63))));
    assert_eq!(closed.after_failure(&limits, at(64), 0.0).admission(at(64)), Admission::Pass);
}

#[test]
fn an_open_breaker_without_a_reason_refuses() {
    let breaker = Breaker { state: BreakerState::Open, open_until: Some(at(0)), ..Breaker::closed(at(0)) };
    assert!(matches!(breaker.admission(at(9)), Admission::Refused { .. }));
}

#[test]
fn a_breaker_of_an_older_version_is_understood() {
    let text = r#"{"state":"open","reason":"consecutive_failures","failures":3,"since":"1970-01-01T00:00:00Z",
        "open_until":"1970-01-01T00:01:00Z","trips":1,"failed_probes":0,"by":"s1","op":"governor.settle"}"#;
    let breaker: Breaker = serde_json::from_str(text).unwrap();
    assert!(breaker.recent.is_empty() && breaker.decision.is_none() && breaker.approval.is_none());
    assert_eq!(breaker.admission(at(60)), Admission::Probe);
}

#[derive(Debug, Clone)]
enum Step {
    Wait(u64),
    /// Somebody asks for work and gets it or not.
    Ask,
    /// Whoever was let through as the trial ends it.
    EndTrial {
        succeeds: bool,
        jitter: f64,
    },
    /// The trial ends and proves nothing: its worker has died, or given it back.
    LoseTrial,
    /// Work ends that was let through while the breaker was closed.
    EndWork {
        succeeds: bool,
        jitter: f64,
    },
    SpendAll,
    Trip,
    Reset,
}

/// The least that describes a breaker, in words of its promises.
#[derive(Debug, Default)]
struct Model {
    /// How all work has ended since it was closed last, true for failures.
    outcomes: Vec<bool>,
    shut: Option<Shut>,
    trial: bool,
}

#[derive(Debug)]
struct Shut {
    /// None for ever.
    until: Option<Timestamp>,
    failed_trials: u32,
    /// A trial has begun since; it may have died.
    tried: bool,
}

impl Model {
    fn lets_through(&self, now: Timestamp) -> bool {
        match &self.shut {
            None => true,
            Some(Shut { until: Some(until), tried, .. }) => (*tried || now >= *until) && !self.trial,
            Some(Shut { until: None, .. }) => false,
        }
    }

    fn close(&mut self) {
        (self.outcomes, self.shut) = (Vec::new(), None);
    }

    fn shut_for_ever(&mut self) {
        self.shut = Some(Shut { until: None, failed_trials: 0, tried: false });
    }

    /// Whether what has ended opens it.
    fn has_enough(&self, limits: &Limits) -> bool {
        let in_a_row = self.outcomes.iter().rev().take_while(|failed| **failed).count();
        let window = limits.window as usize;
        let failed = self.outcomes.iter().rev().take(window).filter(|failed| **failed).count();
        in_a_row >= limits.failures as usize
            || (limits.rate > Share::NONE && Share::of(failed, window) >= limits.rate)
    }

    /// It has opened: takes from the breaker for how long, if that is twice as long as the last time or up to half of it
    /// longer.
    fn shut_as(
        &mut self,
        breaker: &Breaker,
        failed_trials: u32,
        limits: &Limits,
        now: Timestamp,
    ) -> Result<(), TestCaseError> {
        let doubled = limits.open_seconds << failed_trials.min(12);
        let least = Duration::from_secs(doubled.min(3600));
        let until = breaker.open_until.expect("a trial will be due");
        prop_assert!(least <= until.since(now) && until.since(now) <= least * 3 / 2, "{least:?} {breaker:?}");
        self.shut = Some(Shut { until: Some(until), failed_trials, tried: false });
        Ok(())
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let jitter = || 0.0..=1.0_f64;
    let step = prop_oneof![
        4 => (0_u64..200).prop_map(Step::Wait),
        6 => Just(Step::Ask),
        4 => (any::<bool>(), jitter()).prop_map(|(succeeds, jitter)| Step::EndTrial { succeeds, jitter }),
        1 => Just(Step::LoseTrial),
        9 => (any::<bool>(), jitter()).prop_map(|(succeeds, jitter)| Step::EndWork { succeeds, jitter }),
        1 => Just(Step::SpendAll),
        1 => Just(Step::Trip),
        2 => Just(Step::Reset),
    ];
    prop::collection::vec(step, 0..80)
}

fn limits() -> impl Strategy<Value = Limits> {
    let rate = prop_oneof![Just(Share::NONE), Just(Share::HALF), Just(Share::of(1, 4))];
    (1_u32..5, rate, 2_u32..8, 1_u64..100).prop_map(|(failures, rate, window, open_seconds)| Limits {
        failures,
        rate,
        window,
        open_seconds,
    })
}

proptest! {
    #[test]
    fn it_does_what_the_model_does(steps in steps(), limits in limits()) {
        let mut breaker = Breaker::closed(at(0));
        let (mut model, mut seconds) = (Model::default(), 0);
        for step in steps {
            let now = at(seconds);
            match step {
                Step::Wait(more) => seconds += more,
                Step::Ask => {
                    let passes = match breaker.admission(now) {
                        Admission::Pass => true,
                        Admission::Probe => !model.trial,
                        Admission::Refused { .. } => false,
                    };
                    prop_assert_eq!(passes, model.lets_through(now));
                    if let Some(shut) = model.shut.as_mut().filter(|_| passes) {
                        breaker = breaker.probing(now);
                        (shut.tried, model.trial) = (true, true);
                    }
                }
                Step::EndTrial { succeeds, jitter } => {
                    if !std::mem::take(&mut model.trial) {
                        continue;
                    }
                    breaker = breaker.after_work(succeeds, true, &limits, now, jitter);
                    match &model.shut {
                        Some(Shut { until: Some(_), .. }) if succeeds => model.close(),
                        Some(Shut { until: Some(_), failed_trials, .. }) => {
                            model.shut_as(&breaker, failed_trials + 1, &limits, now)?;
                        }
                        // A person or the money has decided meanwhile.
                        Some(Shut { until: None, .. }) => {}
                        None => unreachable!("a reset ends the trial"),
                    }
                }
                Step::LoseTrial => model.trial = false,
                Step::EndWork { succeeds, jitter } => {
                    breaker = breaker.after_work(succeeds, false, &limits, now, jitter);
                    if model.shut.is_none() {
                        model.outcomes.push(!succeeds);
                        if !succeeds && model.has_enough(&limits) {
                            model.shut_as(&breaker, 0, &limits, now)?;
                        }
                    }
                }
                Step::SpendAll => {
                    breaker = breaker.tripped(TripReason::BudgetExhausted, now);
                    model.shut_for_ever();
                }
                Step::Trip => {
                    breaker = breaker.tripped_by(decision(seconds));
                    model.shut_for_ever();
                }
                Step::Reset => {
                    breaker = breaker.reset(decision(seconds));
                    model.trial = false;
                    model.close();
                }
            }
            prop_assert_eq!(breaker.state == BreakerState::Closed, model.shut.is_none());
        }
    }
}
