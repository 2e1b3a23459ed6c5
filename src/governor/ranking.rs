//! Ranking: who is best for the work, and why the others are not.

use std::cmp::{Ordering, Reverse};
use std::fmt;

use serde::Serialize;

use super::account::Account;
use super::authorisation::{Refusal, Terms, coverage, missing, objections};
use super::breaker::BreakerState;
use super::policy::Policy;
use super::share::Share;
use crate::clock::Timestamp;
use crate::id::{Capability, SwarmId};
use crate::money::Money;

/// match × reputation / cost per hour in dollars; whoever costs nothing stands above all who cost something.
/// Never NaN: made of two shares and a positive sum.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    free: bool,
    value: f64,
}

impl Score {
    /// The score of a swarm with these figures.
    #[must_use]
    pub fn new(coverage: Share, reputation: Share, cost_per_hour: Money) -> Self {
        let worth = coverage.get() * reputation.get();
        if cost_per_hour == Money::ZERO {
            Self { free: true, value: worth }
        } else {
            Self { free: false, value: worth / cost_per_hour.as_dollars() }
        }
    }
}

impl Eq for Score {}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.free.cmp(&other.free).then(self.value.total_cmp(&other.value))
    }
}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.free { f.pad("free") } else { f.pad(&format!("{:.3}", self.value)) }
    }
}

/// What became of a candidate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "verdict", content = "reasons", rename_all = "snake_case")]
pub enum Verdict {
    /// It may be asked.
    Qualified,
    /// It may not, for all of these reasons; never empty.
    Excluded(Vec<Refusal>),
}

/// One candidate, weighed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assessment {
    /// Who.
    pub swarm: SwarmId,
    /// How much of what is needed it can do.
    #[serde(rename = "match")]
    pub coverage: Share,
    /// What it cannot do.
    pub missing: Vec<Capability>,
    /// Its reputation as it was counted.
    pub reputation: Share,
    /// What an hour of it costs.
    pub cost_per_hour: Money,
    /// What the work is expected to cost.
    pub price: Money,
    /// What its budget has left; none when there is no cap.
    pub left: Option<Money>,
    /// Its breaker.
    pub breaker: BreakerState,
    /// Its score.
    pub score: Score,
    /// What became of it.
    #[serde(flatten)]
    pub verdict: Verdict,
}

impl Assessment {
    /// Whether it may be asked.
    #[must_use]
    pub fn is_qualified(&self) -> bool {
        self.verdict == Verdict::Qualified
    }
}

/// How well a swarm suits work, whatever its budget and breaker say: its coverage and its score.
pub(super) fn suitability(account: &Account, required: &[Capability], policy: &Policy) -> (f64, Score) {
    let coverage = coverage(account, &required.iter().collect());
    (coverage.get(), Score::new(coverage, counted_reputation(account, policy), account.cost_per_hour()))
}

fn counted_reputation(account: &Account, policy: &Policy) -> Share {
    if policy.resources.enable_reputation_scoring { account.reputation() } else { Share::ALL }
}

/// Weighs one candidate. Where the policy does not enforce budgets, they exclude nobody.
pub(super) fn assess(account: &Account, terms: &Terms<'_>, policy: &Policy, now: Timestamp) -> Assessment {
    let account = &*account.at(now);
    let resources = &policy.resources;
    let reputation = counted_reputation(account, policy);
    let coverage = coverage(account, &terms.required);
    let mut reasons = objections(account, terms, policy, now);
    reasons.retain(|refusal| resources.enable_budget_enforcement || !refusal.is_about_budget());
    Assessment {
        swarm: account.swarm.clone(),
        coverage,
        missing: missing(account, &terms.required),
        reputation,
        cost_per_hour: account.cost_per_hour(),
        price: terms.price,
        left: account.left(),
        breaker: account.breaker.as_ref().map_or(BreakerState::Closed, |breaker| breaker.value.state),
        score: Score::new(coverage, reputation, account.cost_per_hour()),
        verdict: if reasons.is_empty() { Verdict::Qualified } else { Verdict::Excluded(reasons) },
    }
}

/// Best first: the qualified ones, by score, ties by name; then the others.
pub(super) fn rank(assessments: &mut [Assessment]) {
    assessments.sort_by(|a, b| place(a).cmp(&place(b)));
}

fn place(assessment: &Assessment) -> (Reverse<bool>, Reverse<Score>, &SwarmId) {
    (Reverse(assessment.is_qualified()), Reverse(assessment.score), &assessment.swarm)
}
