//! History: how much of it the store keeps, for whom, and what is let go.
//!
//! Pure: whoever follows the store shows it revisions as time goes by, and is told up to where to compact.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::clock::Timestamp;

/// How much history there may be, however young, in revisions.
const REVISIONS: i64 = 5_000_000;
/// How much history there may be, however young, in bytes of memory.
const BYTES: u64 = 4 << 30;
/// How many samples a retention is divided into.
const SAMPLES: u32 = 100;
/// A consumer that has not said anything for so long is gone.
pub const PATIENCE: Duration = Duration::from_hours(24);

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long every revision is kept, unless there are too many.
    pub retention: Duration,
    /// How many are kept, however young.
    pub revisions: i64,
    /// How much memory the store may take, however young its history.
    pub bytes: u64,
}

impl Limits {
    /// Keeps what is younger than `retention`, as long as it is not too much.
    #[must_use]
    pub fn keeping(retention: Duration) -> Self {
        Self { retention, revisions: REVISIONS, bytes: BYTES }
    }
}

/// What the store has now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stock {
    /// The newest revision.
    pub revision: i64,
    /// The oldest that can be read; less than 1 when nothing was ever let go.
    pub compacted: i64,
    /// Memory that keys and history take, in bytes.
    pub bytes: u64,
}

/// Somebody who still needs history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Consumer {
    /// The name.
    pub id: String,
    /// From this revision on; none when nobody can read what was written.
    pub from: Option<i64>,
    /// The revision that wrote this.
    pub mod_revision: i64,
}

/// Of what there is too much.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// Of revisions.
    Revisions,
    /// Of bytes.
    Bytes,
}

/// What to do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// Let go of everything that only revisions before this one need.
    pub compact_to: Option<i64>,
    /// That is because there is too much, not because it is old.
    pub excess: Option<Excess>,
    /// More would be let go if this consumer did not need it.
    pub held_by: Option<String>,
}

/// What is known of the store's past.
#[derive(Debug, Clone)]
pub struct History {
    limits: Limits,
    /// Which revision was the newest at which time.
    samples: VecDeque<(Timestamp, i64)>,
    /// Which word of each consumer is known, and since when.
    heard: BTreeMap<String, (i64, Timestamp)>,
}

impl History {
    /// Knows nothing yet: what is older than this counts as if it were new.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, samples: VecDeque::new(), heard: BTreeMap::new() }
    }

    /// Notes that `revision` is the newest at `now`.
    pub fn note(&mut self, now: Timestamp, revision: i64) {
        let apart = self.limits.retention / SAMPLES;
        if self.samples.back().is_none_or(|&(at, known)| known != revision && now.since(at) >= apart) {
            self.samples.push_back((now, revision));
        }
        // Of those that are old enough only the newest tells anything.
        while self.samples.get(1).is_some_and(|&(at, _)| self.is_old(at, now)) {
            self.samples.pop_front();
        }
    }

    fn is_old(&self, at: Timestamp, now: Timestamp) -> bool {
        now.since(at) >= self.limits.retention
    }

    /// Those that have not written anew for [`PATIENCE`], as far as is known here.
    pub fn lapsed<'c>(&mut self, now: Timestamp, consumers: &'c [Consumer]) -> Vec<&'c Consumer> {
        self.heard.retain(|id, _| consumers.iter().any(|consumer| consumer.id == *id));
        let mut silent = |consumer: &&Consumer| {
            let heard = self.heard.entry(consumer.id.clone()).or_insert((consumer.mod_revision, now));
            if heard.0 != consumer.mod_revision {
                *heard = (consumer.mod_revision, now);
            }
            now.since(heard.1) >= PATIENCE
        };
        consumers.iter().filter(|consumer| silent(consumer)).collect()
    }

    /// Up to where to compact: what is older than the retention, more when there is too much, but nothing that a
    /// consumer needs.
    #[must_use]
    pub fn decide(&self, now: Timestamp, stock: Stock, consumers: &[Consumer]) -> Decision {
        let old = self.samples.front().filter(|(at, _)| self.is_old(*at, now)).map(|&(_, revision)| revision);
        let excess = self.excess(stock);
        let too_much = excess.map(|(_, to)| to);
        let Some(wish) = old.max(too_much).filter(|&to| to > stock.compacted) else {
            return Decision::default();
        };
        let needed = consumers.iter().filter_map(|consumer| Some((consumer.from?, &consumer.id))).min();
        let holding = needed.filter(|&(from, _)| from < wish);
        let to = holding.map_or(wish, |(from, _)| from);
        Decision {
            compact_to: Some(to).filter(|&to| to > stock.compacted),
            excess: excess.map(|(excess, _)| excess).filter(|_| too_much > old),
            held_by: holding.map(|(_, id)| id.clone()),
        }
    }

    /// Of what there is too much, and up to where it must go: a tenth more than that, so that there is some peace.
    /// What the keys of now take cannot go; then a share of the history goes each time, never all at once.
    fn excess(&self, stock: Stock) -> Option<(Excess, i64)> {
        let Limits { revisions, bytes, .. } = self.limits;
        let first = stock.compacted.max(0);
        let kept = stock.revision - first;
        if kept > revisions {
            return Some((Excess::Revisions, stock.revision - (revisions - revisions / 10)));
        }
        if stock.bytes > bytes {
            let surplus = i128::from(stock.bytes - (bytes - bytes / 10));
            let share = i128::from(kept) * surplus / i128::from(stock.bytes);
            return Some((Excess::Bytes, first + i64::try_from(share).unwrap_or(kept)));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock, ManualClock};

    const HOUR: Duration = Duration::from_hours(1);
    const MINUTE: Duration = Duration::from_mins(1);

    /// A store that is followed under a clock that the test turns.
    struct Followed {
        hand: ManualClock,
        clock: Clock,
        history: History,
        stock: Stock,
    }

    impl Followed {
        fn new(limits: Limits) -> Self {
            let hand = ManualClock::default();
            let clock = Clock::Manual(hand.clone());
            let stock = Stock { revision: 1, compacted: -1, bytes: 0 };
            Self { hand, clock, history: History::new(limits), stock }
        }

        /// `minutes` pass, with ten revisions each.
        fn pass(&mut self, minutes: i64) {
            for _ in 0..minutes {
                self.hand.advance(MINUTE);
                self.stock.revision += 10;
                self.history.note(self.clock.now(), self.stock.revision);
            }
        }

        fn decide(&self, consumers: &[Consumer]) -> Decision {
            self.history.decide(self.clock.now(), self.stock, consumers)
        }
    }

    fn consumer(id: &str, from: Option<i64>) -> Consumer {
        Consumer { id: id.to_owned(), from, mod_revision: 1 }
    }

    fn compact_to(revision: i64) -> Decision {
        Decision { compact_to: Some(revision), ..Decision::default() }
    }

    #[test]
    fn what_is_older_than_the_retention_is_let_go() {
        let mut store = Followed::new(Limits::keeping(HOUR));
        store.pass(60);
        assert_eq!(store.decide(&[]), Decision::default());
        store.pass(1);
        assert_eq!(store.decide(&[]), compact_to(11));
        store.stock.compacted = 11;
        assert_eq!(store.decide(&[]), Decision::default());
        store.pass(30);
        assert_eq!(store.decide(&[]), compact_to(311));
    }

    #[test]
    fn a_store_that_rests_is_compacted_once() {
        let mut store = Followed::new(Limits::keeping(HOUR));
        store.pass(10);
        for _ in 0..120 {
            store.hand.advance(MINUTE);
            store.history.note(store.clock.now(), store.stock.revision);
        }
        assert_eq!(store.decide(&[]), compact_to(101));
        store.stock.compacted = 101;
        assert_eq!(store.decide(&[]), Decision::default());
    }

    #[test]
    fn a_long_retention_takes_few_samples() {
        let mut store = Followed::new(Limits::keeping(24 * HOUR));
        store.pass(5000);
        assert!(store.history.samples.len() <= 102, "{}", store.history.samples.len());
        let kept = store.stock.revision - store.decide(&[]).compact_to.unwrap();
        assert!((14_400..=14_700).contains(&kept), "{kept} revisions of 14,400 are kept");
    }

    #[test]
    fn what_the_slowest_consumer_needs_is_kept() {
        let mut store = Followed::new(Limits::keeping(HOUR));
        store.pass(90);
        let consumers = [consumer("fast", Some(500)), consumer("slow", Some(42)), consumer("garbled", None)];
        let held = Decision { held_by: Some("slow".to_owned()), ..compact_to(42) };
        assert_eq!(store.decide(&consumers), held);
        store.stock.compacted = 42;
        assert_eq!(store.decide(&consumers), Decision { compact_to: None, ..held });
        assert_eq!(store.decide(&consumers[..1]), compact_to(301));
    }

    #[test]
    fn too_many_revisions_are_let_go_however_young_but_not_past_a_consumer() {
        let mut store = Followed::new(Limits { revisions: 100, ..Limits::keeping(HOUR) });
        store.pass(9);
        assert_eq!(store.decide(&[]), Decision::default());
        store.pass(2);
        let forced = Decision { excess: Some(Excess::Revisions), ..compact_to(21) };
        assert_eq!(store.decide(&[]), forced);
        let held = Decision { compact_to: Some(7), held_by: Some("slow".to_owned()), ..forced };
        assert_eq!(store.decide(&[consumer("slow", Some(7))]), held);
        store.stock.compacted = 21;
        assert_eq!(store.decide(&[]), Decision::default());
    }

    #[test]
    fn too_many_bytes_cost_a_share_of_the_history_never_all_of_it() {
        let mut store = Followed::new(Limits { bytes: 1000, ..Limits::keeping(HOUR) });
        store.pass(10);
        store.stock.bytes = 1000;
        assert_eq!(store.decide(&[]), Decision::default());
        store.stock.bytes = 1200;
        assert_eq!(store.decide(&[]), Decision { excess: Some(Excess::Bytes), ..compact_to(25) });
        store.stock.bytes = 1_000_000;
        let to = store.decide(&[]).compact_to.unwrap();
        assert!(to < store.stock.revision, "{to}");
    }

    #[test]
    fn what_is_old_goes_without_a_word_of_excess_when_that_is_enough() {
        let mut store = Followed::new(Limits { revisions: 880, ..Limits::keeping(HOUR) });
        store.pass(89);
        assert_eq!(store.decide(&[]), compact_to(291));
    }

    #[test]
    fn a_consumer_that_says_nothing_for_a_day_has_lapsed() {
        let mut store = Followed::new(Limits::keeping(HOUR));
        let quiet = consumer("quiet", Some(1));
        let mut diligent = consumer("diligent", Some(1));
        for hour in 0..24 {
            diligent.mod_revision = hour;
            let both = [quiet.clone(), diligent.clone()];
            assert!(store.history.lapsed(store.clock.now(), &both).is_empty(), "{hour}");
            store.hand.advance(HOUR);
        }
        let both = [quiet, diligent];
        assert_eq!(store.history.lapsed(store.clock.now(), &both), [&both[0]]);
    }

    #[test]
    fn a_consumer_that_comes_back_is_new() {
        let mut store = Followed::new(Limits::keeping(HOUR));
        let one = [consumer("one", Some(1))];
        assert!(store.history.lapsed(store.clock.now(), &one).is_empty());
        assert!(store.history.lapsed(store.clock.now(), &[]).is_empty());
        store.hand.advance(PATIENCE);
        assert!(store.history.lapsed(store.clock.now(), &one).is_empty());
    }
}
