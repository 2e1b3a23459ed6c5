//! Statistics: what is known of a provider, and the score that it comes to.

use std::collections::VecDeque;
use std::time::Duration;

use rand::Rng;
use rand_distr::{Beta, Distribution};
use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;
use crate::governor::share::Share;
use crate::id::UseId;
use crate::money::Money;

/// A provider that was not used for so long counts as never used of late.
const DAY: Duration = Duration::from_hours(24);

/// How many reports are remembered, so that none counts twice.
pub(super) const REMEMBERED: usize = 64;

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
    /// What those cost together, in micro-dollars: more than any budget has.
    #[serde(default)]
    pub cost: u64,
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
        let micros = self.cost.checked_div(self.priced.into())?;
        i64::try_from(micros).ok()?.try_into().ok()
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
        if let Some((priced, cost)) = used.cost.and_then(|cost| self.with_cost(cost)) {
            (next.priced, next.cost) = (priced, cost);
        }
        next.last_used = next.last_used.max(Some(now));
        next.recent.extend(used.name.clone());
        let forgotten = next.recent.len().saturating_sub(REMEMBERED);
        next.recent.drain(..forgotten);
        by.clone_into(&mut next.by);
        op.clone_into(&mut next.op);
        next
    }

    /// How many uses had a known cost, and what they cost, after one more; nothing when that is more than can be counted, so
    /// that the average stays true.
    fn with_cost(&self, cost: Money) -> Option<(u32, u64)> {
        let micros = u64::try_from(cost.micros()).ok()?;
        Some((self.priced.checked_add(1)?, self.cost.checked_add(micros)?))
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
    pub(super) fn sampled_rate(&self, rng: &mut impl Rng) -> Share {
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
