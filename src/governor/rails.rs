//! Rails: what is known of providers that serve the same purpose, and which of them to use.
//!
//! The score is the original design's: 60 % success, 20 % speed, 10 % recency, 10 % cost. Each part is from 0 to 1, and
//! one half where nothing is known; the original lets speed pass 1 below a second, and counts what was never used as
//! used long ago, so that nobody would try it.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use rand::{Rng, RngExt};
use rand_distr::{Beta, Distribution};
use serde::{Deserialize, Serialize};

use super::breaker::{Admission, Breaker, Limits, TripReason};
use super::escalation::{Escalation, EscalationKind};
use super::policy::Strategy;
use super::share::Share;
use crate::clock::Timestamp;
use crate::id::{ProviderId, UseId};
use crate::money::Money;

/// A provider that was not used for so long counts as never used of late.
const DAY: Duration = Duration::from_hours(24);

/// The share of choices that the original design leaves to chance.
const EXPLORATION: f64 = 0.1;

/// How many reports are remembered, so that none counts twice.
const REMEMBERED: usize = 64;

/// What is known of one provider for one purpose. Only ever grows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RailStatistics {
    /// How often it did what was asked.
    #[serde(default)]
    pub success: u64,
    /// How often it did not.
    #[serde(default)]
    pub failure: u64,
    /// How long all uses took together, in microseconds.
    #[serde(default)]
    pub micros: u64,
    /// How many uses had a known cost.
    #[serde(default)]
    pub priced: u32,
    /// What those cost together, in micro-dollars.
    #[serde(default)]
    pub cost: Money,
    /// When it was used last.
    #[serde(default)]
    pub last_used: Option<Timestamp>,
    /// The last reports that had a name, oldest first.
    #[serde(default)]
    pub recent: VecDeque<UseId>,
    /// Who wrote this.
    #[serde(default)]
    pub by: String,
    /// In which operation.
    #[serde(default)]
    pub op: String,
}

/// One use of a provider, as it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RailUse {
    /// Whether it did what was asked.
    pub succeeded: bool,
    /// How long it took.
    pub took: Duration,
    /// What it cost, if that is known.
    pub cost: Option<Money>,
    /// The reporter's name for it: the same once more counts once.
    pub name: Option<UseId>,
}

impl RailStatistics {
    /// How often it was used.
    #[must_use]
    pub fn uses(&self) -> u64 {
        self.success.saturating_add(self.failure)
    }

    /// How many of its uses succeeded; none when there were none.
    #[must_use]
    pub fn success_rate(&self) -> Option<Share> {
        (self.uses() > 0).then(|| clamped(as_number(self.success) / as_number(self.uses())))
    }

    /// How long a use takes; none when there were none.
    #[must_use]
    pub fn average_time(&self) -> Option<Duration> {
        self.micros.checked_div(self.uses()).map(Duration::from_micros)
    }

    /// What a use costs; none when nobody has ever said.
    #[must_use]
    pub fn average_cost(&self) -> Option<Money> {
        let uses = usize::try_from(self.priced).unwrap_or(usize::MAX);
        (uses > 0).then(|| self.cost.divided_by(uses))
    }

    /// Whether this report was counted already.
    #[must_use]
    pub fn has_counted(&self, used: &RailUse) -> bool {
        used.name.as_ref().is_some_and(|name| self.recent.contains(name))
    }

    /// What is known after one more use.
    #[must_use]
    pub fn after(&self, used: &RailUse, by: &str, op: &str, now: Timestamp) -> Self {
        let mut next = self.clone();
        let count = if used.succeeded { &mut next.success } else { &mut next.failure };
        *count = count.saturating_add(1);
        next.micros = next.micros.saturating_add(u64::try_from(used.took.as_micros()).unwrap_or(u64::MAX));
        if let Some(cost) = used.cost {
            next.priced = next.priced.saturating_add(1);
            next.cost = next.cost.plus(cost);
        }
        next.last_used = next.last_used.max(Some(now));
        next.recent.extend(used.name.clone());
        let forgotten = next.recent.len().saturating_sub(REMEMBERED);
        next.recent.drain(..forgotten);
        by.clone_into(&mut next.by);
        op.clone_into(&mut next.op);
        next
    }

    /// How good a choice it is for moving `amount`, when a use costs `cost`, else what it has cost so far.
    #[must_use]
    pub fn score(&self, cost: Option<Money>, amount: Option<Money>, now: Timestamp) -> RailScore {
        let speed = self.average_time().map(|time| clamped(1.0 / time.as_secs_f64()));
        let idle = self.last_used.map(|used| now.since(used));
        let recency = idle.map(|idle| clamped(1.0 - idle.as_secs_f64() / DAY.as_secs_f64()));
        let amount = amount.filter(|amount| *amount > Money::ZERO);
        let price = cost.or(self.average_cost()).zip(amount);
        let thrift = price.map(|(cost, amount)| clamped(1.0 - cost.as_dollars() / amount.as_dollars()));
        RailScore {
            success: self.success_rate().unwrap_or(Share::HALF),
            speed: speed.unwrap_or(Share::HALF),
            recency: recency.unwrap_or(Share::HALF),
            cost: thrift.unwrap_or(Share::HALF),
        }
    }

    /// A share of successes that is as likely as what was seen allows: uncertain at first, then ever less so.
    fn sampled_rate(&self, rng: &mut impl Rng) -> Share {
        let belief = Beta::new(as_number(self.success) + 1.0, as_number(self.failure) + 1.0);
        // Both are at least 1, so there is one.
        belief.map_or(Share::HALF, |belief| clamped(belief.sample(rng)))
    }
}

#[expect(clippy::cast_precision_loss, reason = "only proportions matter")]
fn as_number(count: u64) -> f64 {
    count as f64
}

/// From 0 to 1; a division of nothing by nothing is nothing.
fn clamped(number: f64) -> Share {
    Share::try_from(number.clamp(0.0, 1.0)).unwrap_or(Share::NONE)
}

/// The four parts of a provider's score.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct RailScore {
    /// How many of its uses succeed.
    pub success: Share,
    /// The inverse of its average time in seconds.
    pub speed: Share,
    /// All when it was used just now, nothing a day later.
    pub recency: Share,
    /// What is left of the amount after its cost.
    pub cost: Share,
}

impl RailScore {
    /// The weighted sum, from 0 to 1.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.success.get() * 0.6 + self.speed.get() * 0.2 + self.recency.get() * 0.1 + self.cost.get() * 0.1
    }
}

/// Whether a provider may be used, as its breaker says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RailStanding {
    /// It may.
    Free,
    /// By one, as the trial of its breaker.
    TrialDue,
    /// Not until its trial, which somebody makes just now, has ended.
    TrialUnderWay,
    /// It may not.
    Open {
        /// Why its breaker is open.
        reason: TripReason,
        /// When a trial is due; none when only a person closes it.
        until: Option<Timestamp>,
    },
    /// Nobody can read its breaker, so it may not.
    Illegible,
}

impl RailStanding {
    /// What `breaker` says, while somebody is `on_trial` or not.
    #[must_use]
    pub fn of(breaker: &Breaker, on_trial: bool, now: Timestamp) -> Self {
        match breaker.admission(now) {
            Admission::Pass => Self::Free,
            Admission::Probe if on_trial => Self::TrialUnderWay,
            Admission::Probe => Self::TrialDue,
            Admission::Refused { reason, until } => Self::Open { reason, until },
        }
    }

    /// Whether it may be chosen.
    #[must_use]
    pub fn admits(self) -> bool {
        matches!(self, Self::Free | Self::TrialDue)
    }

    /// When that may change by itself.
    #[must_use]
    pub fn until(self) -> Option<Timestamp> {
        match self {
            Self::Open { until, .. } => until,
            Self::Free | Self::TrialDue | Self::TrialUnderWay | Self::Illegible => None,
        }
    }
}

impl fmt::Display for RailStanding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free => f.write_str("free"),
            Self::TrialDue => f.write_str("a trial is due"),
            Self::TrialUnderWay => f.write_str("its trial is under way"),
            Self::Open { reason, until: Some(until) } => write!(f, "{reason}; a trial is due at {until}"),
            Self::Open { reason, until: None } => write!(f, "{reason}; only a person closes it"),
            Self::Illegible => f.write_str("nobody can read its breaker"),
        }
    }
}

/// One of the providers to choose from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    /// Who.
    pub provider: ProviderId,
    /// What is known of it.
    pub statistics: RailStatistics,
    /// What it would cost, if the caller has said so.
    pub cost: Option<Money>,
    /// Whether it may be used.
    pub standing: RailStanding,
}

/// Chooses who is used for moving `amount`; nobody when none may be used. Of two alike the first one.
pub(super) fn choose<'a>(
    candidates: &'a [Candidate],
    strategy: Strategy,
    amount: Option<Money>,
    now: Timestamp,
    rng: &mut impl Rng,
) -> Option<&'a Candidate> {
    let free: Vec<&Candidate> = candidates.iter().filter(|candidate| candidate.standing.admits()).collect();
    if strategy == Strategy::Seed && !free.is_empty() && rng.random_bool(EXPLORATION) {
        return free.get(rng.random_range(0..free.len())).copied();
    }
    let mut weighed = Vec::with_capacity(free.len());
    for candidate in free {
        let mut score = candidate.statistics.score(candidate.cost, amount, now);
        if strategy == Strategy::Thompson {
            score.success = candidate.statistics.sampled_rate(rng);
        }
        weighed.push((score.total(), candidate));
    }
    // Of equals the last is the greatest.
    weighed.into_iter().rev().max_by(|(a, _), (b, _)| a.total_cmp(b)).map(|(_, candidate)| candidate)
}

/// What a use does to the provider's breaker: while a trial is due or under way the next use that is reported is the
/// trial. `jitter` is from 0 to 1.
pub(super) fn after_use(
    breaker: &Breaker,
    used: &RailUse,
    limits: &Limits,
    now: Timestamp,
    jitter: f64,
) -> Breaker {
    breaker.after_work(used.succeeded, true, limits, now, jitter)
}

/// Calls a human to a provider whose breaker has just opened.
pub(super) fn outage(provider: &ProviderId, breaker: &Breaker, by: &str, now: Timestamp) -> Escalation {
    let failed = match breaker.reason {
        Some(TripReason::FailureRate) => {
            let (failed, count) = breaker.recent.tally();
            format!("{failed} of the last {count} calls failed")
        }
        _ => format!("{} calls in a row failed", breaker.failures),
    };
    Escalation::triggered(
        EscalationKind::ProviderBreaker,
        &format!("{provider}.{}", breaker.trips),
        format!("{failed} at provider {provider}: its circuit breaker opened"),
        "see what is wrong with the provider; it is tried again by itself",
        by,
        now,
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rand::SeedableRng;
    use rand::rngs::StdRng;

    use super::*;
    use crate::governor::policy::{Policy, Strategy};

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
        let quick =
            RailUse { took: Duration::from_secs(1), cost: Some(Money::from_dollars(1)), ..used(false) };
        let mut known = RailStatistics::default();
        for used in [&dear, &quick, &used(true)] {
            known = known.after(used, "tester", "test", now());
        }
        assert_eq!((known.success, known.failure), (2, 1));
        assert_eq!(known.average_time(), Some(Duration::from_micros(5_000_000 / 3)));
        assert_eq!(
            known.average_cost(),
            Some(Money::from_dollars(2)),
            "what nobody has priced does not count"
        );
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
        let rails = [
            candidate("good", known(70, 30)),
            candidate("new", known(1, 1)),
            candidate("poor", known(50, 50)),
        ];
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
}
