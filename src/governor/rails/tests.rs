use std::time::Duration;

use proptest::prelude::*;
use rand::SeedableRng;
use rand::rngs::StdRng;

use super::statistics::REMEMBERED;
use super::*;
use crate::governor::policy::{Policy, Strategy};
use crate::governor::share::Share;

const HOUR: Duration = Duration::from_hours(1);

fn now() -> Timestamp {
    Timestamp::from_micros(0).after(HOUR * 1000)
}

fn used(succeeded: bool) -> RailUse {
    RailUse { succeeded, took: Duration::from_secs(2), cost: None, name: None }
}

fn known(success: u64, failure: u64) -> RailStatistics {
    let micros = 2_000_000 * (success + failure);
    RailStatistics { success, failure, micros, last_used: Some(now()), ..RailStatistics::default() }
}

fn candidate(provider: &str, statistics: RailStatistics) -> Candidate {
    let standing = RailStanding::Free;
    Candidate { provider: provider.parse().unwrap(), statistics, cost: None, standing }
}

/// How often each is chosen in a thousand choices.
fn choices(candidates: &[Candidate], strategy: Strategy, seed: u64) -> Vec<usize> {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut counts = vec![0; candidates.len()];
    for _ in 0..1000 {
        let chosen = choose(candidates, strategy, None, now(), &mut rng).unwrap();
        counts[candidates.iter().position(|candidate| candidate == chosen).unwrap()] += 1;
    }
    counts
}

#[test]
fn the_score_is_that_of_the_original_design_with_every_part_from_0_to_1() {
    let ten = Some(Money::from_dollars(10));
    let after = |hours: u32, micros: u64| {
        RailStatistics {
            success: 3,
            failure: 1,
            micros: 4 * micros,
            last_used: Some(now().after(HOUR)),
            ..RailStatistics::default()
        }
        .score(Some(Money::from_dollars(2)), ten, now().after(HOUR * (hours + 1)))
    };
    for (name, score, parts, total) in [
        ("slow, long ago", after(6, 4_000_000), [0.75, 0.25, 0.75, 0.8], 0.655),
        ("below a second, just now", after(0, 100_000), [0.75, 1.0, 1.0, 0.8], 0.83),
        ("not used for days", after(72, 1_000_000), [0.75, 1.0, 0.0, 0.8], 0.73),
        ("nothing is known", RailStatistics::default().score(None, ten, now()), [0.5; 4], 0.5),
        (
            "dearer than what it moves",
            RailStatistics::default().score(Some(Money::from_dollars(11)), ten, now()),
            [0.5, 0.5, 0.5, 0.0],
            0.45,
        ),
        (
            "nothing is moved",
            RailStatistics::default().score(Some(Money::from_dollars(1)), Some(Money::ZERO), now()),
            [0.5; 4],
            0.5,
        ),
    ] {
        let found = [score.success, score.speed, score.recency, score.cost].map(Share::get);
        for (found, expected) in found.into_iter().zip(parts) {
            assert!((found - expected).abs() < 1e-9, "{name}: {score:?}");
        }
        assert!((score.total() - total).abs() < 1e-9, "{name}: {}", score.total());
    }
}

#[test]
fn a_use_is_counted_with_its_time_its_cost_and_its_moment() {
    let dear = RailUse { cost: Some(Money::from_dollars(3)), ..used(true) };
    let quick = RailUse { took: Duration::from_secs(1), cost: Some(Money::from_dollars(1)), ..used(false) };
    let mut known = RailStatistics::default();
    for used in [&dear, &quick, &used(true)] {
        known = known.after(used, "tester", "test", now());
    }
    assert_eq!((known.success, known.failure), (2, 1));
    assert_eq!(known.average_time(), Some(Duration::from_micros(5_000_000 / 3)));
    assert_eq!(known.average_cost(), Some(Money::from_dollars(2)), "what nobody has priced does not count");
    assert_eq!(known.last_used, Some(now()));
    let early = known.after(&used(true), "tester", "test", Timestamp::from_micros(0));
    assert_eq!(early.last_used, Some(now()), "a clock that is behind takes nothing back");
}

#[test]
fn the_same_report_counts_once_and_only_the_last_ones_are_remembered() {
    let named =
        |number: usize| RailUse { name: Some(format!("use-{number}").parse().unwrap()), ..used(true) };
    let mut known = RailStatistics::default();
    for number in 0..=REMEMBERED {
        assert!(!known.has_counted(&named(number)));
        known = known.after(&named(number), "tester", "test", now());
        assert!(known.has_counted(&named(number)));
    }
    assert_eq!(known.recent.len(), REMEMBERED);
    assert!(!known.has_counted(&named(0)) && known.has_counted(&named(1)));
    assert!(!known.has_counted(&used(true)));
}

#[test]
fn the_more_a_rail_fails_the_less_it_is_chosen() {
    for strategy in [Strategy::Thompson, Strategy::Seed] {
        let mut shares = Vec::new();
        for failures in [0, 2, 5, 12, 30] {
            let rails = [candidate("good", known(8, 2)), candidate("failing", known(2, failures))];
            shares.push(choices(&rails, strategy, 7)[1]);
        }
        assert!(shares.is_sorted_by(|a, b| a >= b), "{strategy:?} {shares:?}");
        assert!(shares[0] > 3 * shares[4], "{strategy:?} {shares:?}");
    }
}

#[test]
fn exploration_never_stops_and_best_explores_nothing() {
    let rails =
        [candidate("good", known(8, 2)), candidate("bad", known(3, 5)), candidate("new", known(0, 0))];
    for seed in 0..20 {
        for strategy in [Strategy::Thompson, Strategy::Seed] {
            let counts = choices(&rails, strategy, seed);
            assert!(counts.iter().all(|count| *count > 0), "{strategy:?} {counts:?}");
        }
        assert_eq!(choices(&rails, Strategy::Best, seed), [1000, 0, 0]);
    }
    // One in ten is anybody, of whom two in three are not the best.
    let counts = choices(&rails, Strategy::Seed, 1);
    assert!((40..100).contains(&(1000 - counts[0])), "{counts:?}");
}

#[test]
fn what_was_tried_little_is_tried_more_than_what_has_failed_often() {
    let rails =
        [candidate("good", known(70, 30)), candidate("new", known(1, 1)), candidate("poor", known(50, 50))];
    let counts = choices(&rails, Strategy::Thompson, 3);
    assert!(counts[1] > 5 * counts[2].max(1), "{counts:?}");
}

#[test]
fn of_two_alike_the_first_is_best() {
    let rails = [candidate("b", known(1, 1)), candidate("a", known(1, 1))];
    assert_eq!(choices(&rails, Strategy::Best, 1), [1000, 0]);
}

#[test]
fn only_who_is_free_or_due_for_a_trial_is_ever_chosen() {
    let until = Some(now().after(HOUR));
    let opened = RailStanding::Open { reason: TripReason::ConsecutiveFailures, until };
    for strategy in [Strategy::Thompson, Strategy::Seed, Strategy::Best] {
        for standing in [opened, RailStanding::TrialUnderWay, RailStanding::Illegible] {
            let broken = Candidate { standing, ..candidate("broken", known(99, 0)) };
            let rails = [broken.clone(), candidate("worse", known(0, 9))];
            assert_eq!(choices(&rails, strategy, 5), [0, 1000], "{strategy:?} {standing:?}");
            let alone = [broken];
            assert_eq!(choose(&alone, strategy, None, now(), &mut StdRng::seed_from_u64(1)), None);
        }
        let due = [Candidate { standing: RailStanding::TrialDue, ..candidate("due", known(0, 3)) }];
        assert_eq!(choices(&due, strategy, 5), [1000]);
    }
}

#[test]
fn failures_in_a_row_open_the_breaker_and_a_trial_that_succeeds_closes_it() {
    let resources = Policy::default().resources;
    let mut breaker = Breaker::closed(now());
    for _ in 0..3 {
        assert_eq!(RailStanding::of(&breaker, false, now()), RailStanding::Free);
        breaker = after_use(&breaker, &used(false), &resources.breaker_limits(), now(), 0.0);
    }
    let due = now().after(Duration::from_mins(1));
    let reason = TripReason::ConsecutiveFailures;
    assert_eq!(RailStanding::of(&breaker, false, now()), RailStanding::Open { reason, until: Some(due) });
    assert_eq!(RailStanding::of(&breaker, false, due), RailStanding::TrialDue);
    let trial = breaker.probing(due);
    assert_eq!(RailStanding::of(&trial, true, due), RailStanding::TrialUnderWay);
    let closed = after_use(&trial, &used(true), &resources.breaker_limits(), due, 0.0);
    assert_eq!(RailStanding::of(&closed, false, due), RailStanding::Free);
    let open = after_use(&trial, &used(false), &resources.breaker_limits(), due, 0.0);
    assert_eq!(open.open_until, Some(due.after(Duration::from_mins(2))));
}

#[test]
fn what_an_older_version_or_a_stranger_has_written_is_read_as_far_as_it_goes() {
    let known: RailStatistics = serde_json::from_str(r#"{"success": 2}"#).unwrap();
    assert_eq!((known.success, known.uses(), known.average_time()), (2, 2, Some(Duration::ZERO)));
    assert!((0.0..=1.0).contains(&known.score(None, None, now()).total()));
}

proptest! {
    #[test]
    fn no_statistics_give_a_score_outside_0_to_1_or_a_choice_that_panics(
        success in any::<u64>(), failure in any::<u64>(), micros in any::<u64>(), at in any::<i64>(),
        cost in 0_i64..=1_000_000_000_000_000, amount in 0_i64..=1_000_000_000_000_000, seed in any::<u64>(),
    ) {
        let last_used = Some(Timestamp::from_micros(at));
        let statistics = RailStatistics { success, failure, micros, last_used, ..RailStatistics::default() };
        let (cost, amount) = (Money::try_from(cost).ok(), Money::try_from(amount).ok());
        prop_assert!((0.0..=1.0).contains(&statistics.score(cost, amount, now()).total()));
        let rails = [candidate("a", statistics), candidate("b", known(1, 0))];
        for strategy in [Strategy::Thompson, Strategy::Seed, Strategy::Best] {
            let again = || choose(&rails, strategy, amount, now(), &mut StdRng::seed_from_u64(seed));
            prop_assert!(again().is_some());
            prop_assert_eq!(again(), again());
        }
    }
}

#[test]
fn what_uses_cost_on_average_stays_true_however_many_there_were() {
    let dear = RailUse { cost: Some(Money::from_dollars(1_000_000_000)), ..used(true) };
    let mut known = RailStatistics::default();
    for _ in 0..20_000 {
        known = known.after(&dear, "s1", "record", now());
    }
    assert_eq!((known.average_cost(), known.success), (dear.cost, 20_000));
    let old: RailStatistics = serde_json::from_str(r#"{"success":2,"priced":2,"cost":4000000}"#).unwrap();
    assert_eq!(old.average_cost(), Some(Money::from_dollars(2)));
}
