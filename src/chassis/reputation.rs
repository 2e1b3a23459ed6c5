//! Reputation: what a swarm's word is worth, from tasks that others gave it.
//!
//! Pure. The original design multiplies the share of successes of the last 100 tasks by 0.8 when it is below the promised
//! one, and by 0.9 when the 99th percentile of latency is above the promised one. That is computed, to be shown. What counts differs
//! in two places: instead of the share stands the lower bound of Wilson's interval (see [`super::wilson`]), so that one lucky
//! run does not beat ninety-five of a hundred; and the percentile is that of the nearest rank, over timeouts too,
//! where the original takes the longest of a hundred, and of successes alone. A promise is kept or broken by what was measured in
//! both. Nothing graded is nothing known: then the governor counts what it counts for newcomers.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::contract::Slos;
use super::latency::{Latency, millis};
use super::performance::{Outcome, Sample};
use super::share::share;
use super::wilson;
use crate::clock::Timestamp;
use crate::governor::Share;
use crate::id::SwarmId;

/// How many of the latest graded tasks count.
const WINDOW: usize = 100;
/// What a promise that is kept leaves: all.
const KEPT: f64 = 1.0;
/// What a broken promise of success leaves.
const UNRELIABLE: f64 = 0.8;
/// What a broken promise of latency leaves.
const SLOW: f64 = 0.9;
/// Who submitted a task that a raw client put there: nobody knows.
const UNKNOWN: &str = "raw";

/// Whether a task of this submitter counts for the reputation of `swarm`: nobody grades itself.
#[must_use]
pub fn may_grade(submitted_by: &str, swarm: &SwarmId) -> bool {
    submitted_by != swarm.as_str() && submitted_by != UNKNOWN
}

/// How one graded task went: whether it succeeded, and its latency in microseconds, if that counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grade(pub bool, pub Option<u64>);

impl Grade {
    fn of(sample: &Sample) -> Self {
        Self(sample.outcome == Outcome::Success, sample.timed_us())
    }

    fn is_success(self) -> bool {
        self.0
    }
}

/// A swarm's reputation as it is stored, with everything that it is computed from. It hangs on the identity: the swarm
/// cannot write it, and neither loading nor registering again washes it. The governor reads the score.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct GradeBook {
    /// What counts.
    pub score: Share,
    /// How many tasks were graded, ever.
    #[serde(default)]
    pub graded: u64,
    /// The latest of them, oldest first.
    #[serde(default)]
    pub window: VecDeque<Grade>,
    /// What was promised when the latest ran.
    #[serde(default)]
    pub slos: Slos,
    /// In which version of the contract.
    #[serde(default)]
    pub contract_version: String,
    /// When the latest ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updated_at: Option<Timestamp>,
    /// Who ran it.
    #[serde(default)]
    pub by: String,
    /// What was done.
    #[serde(default)]
    pub op: String,
}

impl GradeBook {
    /// Adds a task, run by `by` when `slos` were promised in this version of the contract.
    pub fn grade(&mut self, sample: &Sample, slos: &Slos, contract_version: &str, by: &str) {
        self.graded = self.graded.saturating_add(1);
        self.window.push_back(Grade::of(sample));
        while self.window.len() > WINDOW {
            self.window.pop_front();
        }
        self.slos = slos.clone();
        contract_version.clone_into(&mut self.contract_version);
        self.updated_at = Some(sample.at);
        by.clone_into(&mut self.by);
        "grade".clone_into(&mut self.op);
        self.score = self.appraisal().map_or(self.score, |appraisal| appraisal.score);
    }

    /// What counts, and why; none when nothing is graded.
    #[must_use]
    pub fn appraisal(&self) -> Option<Appraisal> {
        let (successes, n) = self.successes();
        let success_rate = share(successes, n)?;
        let latency = Latency::of(self.window.iter().filter_map(|Grade(_, latency)| *latency));
        let measured = Measured { success_rate, p99_ms: latency.map(|latency| latency.p99_ms) };
        Some(measured.appraised(wilson::lower_bound(successes, n)?, &self.slos))
    }

    /// What the original design makes of the same tasks; a swarm without any has its full trust.
    #[must_use]
    pub fn original(&self) -> Appraisal {
        let (successes, n) = self.successes();
        let success_rate = share(successes, n).unwrap_or(1.0);
        let succeeded = self.window.iter().filter(|grade| grade.is_success());
        let mut latencies: Vec<u64> = succeeded.filter_map(|Grade(_, latency)| *latency).collect();
        latencies.sort_unstable();
        let p99 = latencies.get(latencies.len() * 99 / 100).copied();
        let measured = Measured { success_rate, p99_ms: p99.map(millis) };
        measured.appraised(success_rate, &self.slos)
    }

    /// How many of the latest succeeded, and how many they are.
    #[must_use]
    pub fn successes(&self) -> (u64, u64) {
        let count = |grades: &mut dyn Iterator<Item = &Grade>| grades.fold(0, |count, _| count + 1);
        let successes = count(&mut self.window.iter().filter(|grade| grade.is_success()));
        (successes, count(&mut self.window.iter()))
    }
}

#[derive(Debug, Clone, Copy)]
struct Measured {
    success_rate: f64,
    p99_ms: Option<f64>,
}

impl Measured {
    /// What `counted` is worth once the broken promises of `slos` are taken off.
    fn appraised(self, counted: f64, slos: &Slos) -> Appraisal {
        let success = slos.success_rate.map(|promised| {
            let (promised, measured) = (promised.get(), self.success_rate);
            let factor = if measured < promised { UNRELIABLE } else { KEPT };
            Factor { objective: "success_rate", promised, measured: Some(measured), factor }
        });
        let latency = slos.p99_latency_ms.map(|promised| {
            let (promised, measured) = (f64::from(promised.get()), self.p99_ms);
            let factor = if measured.is_some_and(|measured| measured > promised) { SLOW } else { KEPT };
            Factor { objective: "p99_latency_ms", promised, measured, factor }
        });
        let factors: Vec<Factor> = success.into_iter().chain(latency).collect();
        let score = factors.iter().fold(counted, |score, factor| score * factor.factor);
        Appraisal {
            success_rate: self.success_rate,
            counted,
            p99_ms: self.p99_ms,
            factors,
            // A product of shares is one; what is none would count as nothing.
            score: Share::try_from(score).unwrap_or(Share::NONE),
        }
    }
}

/// What a swarm's word is worth, factor by factor.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Appraisal {
    /// The share of successes.
    pub success_rate: f64,
    /// What it counts as.
    pub counted: f64,
    /// The 99th percentile of latency, in milliseconds.
    pub p99_ms: Option<f64>,
    /// What each promise that matters leaves of it.
    pub factors: Vec<Factor>,
    /// All of it multiplied.
    pub score: Share,
}

impl Appraisal {
    /// The promises that are broken.
    pub fn broken(&self) -> impl Iterator<Item = &Factor> {
        self.factors.iter().filter(|factor| factor.factor < KEPT)
    }
}

/// A promise, kept or broken.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Factor {
    /// Which.
    pub objective: &'static str,
    /// What was promised.
    pub promised: f64,
    /// What was measured.
    pub measured: Option<f64>,
    /// What the score is multiplied by: 1 when it is kept.
    pub factor: f64,
}

/// A swarm's reputation, with what it is made of.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ReputationReport {
    /// The swarm.
    pub swarm: SwarmId,
    /// What the governor counts.
    pub score: Share,
    /// Whether that was measured; else it is what a newcomer gets.
    pub measured: bool,
    /// How many tasks were graded, ever.
    pub graded: u64,
    /// How many of them count, at most 100.
    pub n: u64,
    /// Those that succeeded.
    pub successes: u64,
    /// How the score comes about; none when nothing is graded.
    pub appraisal: Option<Appraisal>,
    /// What the original design would make of it.
    pub original_design: Appraisal,
    /// The version of the contract that the latest was held against.
    pub contract_version: Option<String>,
    /// When the latest ended.
    pub updated_at: Option<Timestamp>,
}

impl ReputationReport {
    /// Explains what is stored of `swarm`, of which the governor counts `score`.
    #[must_use]
    pub fn new(swarm: SwarmId, score: Share, book: Option<&GradeBook>) -> Self {
        let newcomer = GradeBook::default();
        let known = book.unwrap_or(&newcomer);
        let (successes, n) = known.successes();
        Self {
            swarm,
            score,
            measured: book.is_some(),
            graded: known.graded,
            n,
            successes,
            appraisal: known.appraisal(),
            original_design: known.original(),
            contract_version: Some(known.contract_version.clone()).filter(|version| !version.is_empty()),
            updated_at: known.updated_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;

    use super::super::FailureClass;
    use super::*;

    fn slos(text: &str) -> Slos {
        serde_yaml::from_str(text).unwrap()
    }

    fn strict() -> Slos {
        slos("{p99_latency_ms: 500, success_rate: 0.95, availability: 0.99}")
    }

    fn sample(millis: u64, outcome: Outcome) -> Sample {
        Sample::new(Timestamp::from_micros(0), Duration::from_millis(millis), outcome, None).graded(1)
    }

    fn book(slos: &Slos, tasks: impl IntoIterator<Item = (u64, Outcome)>) -> GradeBook {
        let mut book = GradeBook::default();
        for (millis, outcome) in tasks {
            book.grade(&sample(millis, outcome), slos, "1.0.0", "tester");
        }
        book
    }

    const TRAP: Outcome = Outcome::Failure(FailureClass::Trap);
    const TIMEOUT: Outcome = Outcome::Failure(FailureClass::Timeout);

    /// First `failures`, then successes, of 10 ms each.
    fn outcomes(failures: usize, n: usize) -> impl Iterator<Item = (u64, Outcome)> {
        (0..n).map(move |task| (10, if task < failures { TRAP } else { Outcome::Success }))
    }

    #[test]
    fn the_score_is_the_bound_times_what_broken_promises_leave() {
        let cases = [
            (0, 1, "0.21 1.00"),
            (1, 1, "0.00 0.00"),
            (0, 99, "0.96 1.00"),
            (0, 100, "0.96 1.00"),
            (5, 100, "0.89 0.95"),
            (6, 100, "0.70 0.75"),
            // The failure is the oldest, which the 101st drives out.
            (1, 101, "0.96 1.00"),
            (100, 101, "0.00 0.01"),
        ];
        for (failures, n, expected) in cases {
            let book = book(&strict(), outcomes(failures, n));
            let figures = format!("{:.2} {:.2}", book.score.get(), book.original().score.get());
            assert_eq!(figures, expected, "{failures} failures of {n}");
            assert_eq!((book.graded, book.window.len()), (n as u64, n.min(WINDOW)));
        }
    }

    #[test]
    fn nothing_graded_is_nothing_known() {
        let newcomer = GradeBook::default();
        assert_eq!(newcomer.appraisal(), None);
        assert_eq!(newcomer.original().score, Share::ALL, "the original design trusts newcomers");
        let report = ReputationReport::new("s".parse().unwrap(), Share::HALF, None);
        assert_eq!(
            (report.measured, report.score, report.n, report.appraisal),
            (false, Share::HALF, 0, None)
        );
    }

    /// The broken promises, and what they leave.
    fn broken(appraisal: &Appraisal) -> Vec<(&'static str, f64)> {
        appraisal.broken().map(|factor| (factor.objective, factor.factor)).collect()
    }

    #[test]
    fn a_slow_swarm_loses_a_tenth_and_timeouts_are_slow() {
        let slow = book(&strict(), [(501, Outcome::Success)]).appraisal().unwrap();
        assert_eq!(broken(&slow), [("p99_latency_ms", SLOW)]);
        assert_eq!(slow.factors.len(), 2, "what is kept is told, too");
        let in_time = book(&strict(), [(500, Outcome::Success)]).appraisal().unwrap();
        assert_eq!(broken(&in_time), []);
        let late = book(&slos("{p99_latency_ms: 500}"), [(10, Outcome::Success), (1000, TIMEOUT)]);
        assert_eq!(late.appraisal().unwrap().p99_ms, Some(1000.0));
        assert_eq!(late.original().p99_ms, Some(10.0), "the original design leaves failures out");
    }

    #[test]
    fn one_slow_task_of_a_hundred_is_what_the_promise_allows() {
        let tasks = || (0..100).map(|task| (if task == 50 { 9000 } else { 10 }, Outcome::Success));
        let book = book(&strict(), tasks());
        let (used, original) = (book.appraisal().unwrap(), book.original());
        assert_eq!((used.p99_ms, broken(&used)), (Some(10.0), vec![]));
        let longest = (Some(9000.0), vec![("p99_latency_ms", SLOW)]);
        assert_eq!((original.p99_ms, broken(&original)), longest, "the original design takes the longest");
    }

    #[test]
    fn what_is_not_promised_is_not_broken() {
        let book = book(&Slos::default(), [(9000, TRAP), (9000, Outcome::Success)]);
        assert_eq!((book.appraisal().unwrap().factors, book.original().factors), (vec![], vec![]));
    }

    #[test]
    fn nobody_grades_itself() {
        let swarm: SwarmId = "s1".parse().unwrap();
        for (submitted_by, counts) in [("s2", true), ("human:ann", true), ("s1", false), ("raw", false)] {
            assert_eq!(may_grade(submitted_by, &swarm), counts, "{submitted_by}");
        }
    }

    #[test]
    fn a_book_survives_the_store_and_a_bare_score_is_one() {
        let whole = book(&strict(), [(10, Outcome::Success), (1, TRAP)]);
        let text = serde_json::to_string(&whole).unwrap();
        assert!(text.contains(r#""window":[[true,10000],[false,null]]"#), "{text}");
        assert_eq!(serde_json::from_str::<GradeBook>(&text).unwrap(), whole);
        assert_eq!(serde_json::from_str::<crate::governor::Reputation>(&text).unwrap().score, whole.score);
        let bare: GradeBook = serde_json::from_str(r#"{"score": 0.25}"#).unwrap();
        assert_eq!((bare.score.get(), bare.graded, bare.appraisal()), (0.25, 0, None));
        let full = book(&strict(), (0..200).map(|_| (86_400_000, TIMEOUT)));
        assert!(serde_json::to_vec(&full).unwrap().len() < 4096);
    }

    proptest! {
        #[test]
        fn one_more_success_in_time_never_lowers_the_score(tasks in prop::collection::vec((0_u64..1000, prop::bool::ANY), 1..250)) {
            let outcome = |good| if good { Outcome::Success } else { TIMEOUT };
            let before = book(&strict(), tasks.into_iter().map(|(millis, good)| (millis, outcome(good))));
            let mut after = before.clone();
            after.grade(&sample(0, Outcome::Success), &strict(), "1.0.0", "tester");
            prop_assert!(after.score.get() >= before.score.get() - 1e-12, "{} {}", after.score.get(), before.score.get());
            prop_assert!((0.0..=1.0).contains(&before.original().score.get()));
        }
    }
}
