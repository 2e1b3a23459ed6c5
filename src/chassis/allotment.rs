//! Allotments: how a swarm's limits are divided among the hosts that run its tasks.
//!
//! Pure. Each host decides for itself, from what the store says at one revision. Who has more than an equal part gives the
//! rest away; who has less takes of what is free, and nothing else. So whoever comes, goes or dies: together they never
//! have more than the limit, for what somebody has counts as taken until he has said that he has given it away.

use serde::{Deserialize, Serialize};

use super::contract::ResourceRequirements;

/// What of a swarm's limits is somebody's, in thousandths, so that a call a second can be divided by three.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Allotment {
    /// Calls of outside services in a thousand seconds.
    pub milli_calls_per_second: u32,
    /// Thousandths of a percent of a core.
    pub milli_cpu_percent: u32,
}

/// What one host may use, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostShare {
    /// What.
    #[serde(flatten)]
    pub allotment: Allotment,
    /// The machine.
    pub host: String,
    /// Who runs it.
    pub by: String,
    /// What was done.
    pub op: String,
}

/// Why a call is one too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OverRate {
    /// The swarm makes too many.
    #[error("more than {0} calls a second, which is what the contract allows the swarm")]
    Limit(u32),
    /// It makes too many on this host.
    #[error(
        "more than {} calls a second, this host's share now of the {limit} that the contract allows the swarm",
        thousandths(*share)
    )]
    Share {
        /// What this host has of it, in thousandths.
        share: u32,
        /// What the contract allows.
        limit: u32,
    },
    /// This host has nothing of it: it has just begun, or does not hear of the store.
    #[error("this host has no share now of the {0} calls a second that the contract allows the swarm")]
    NoShare(u32),
    /// This host cannot count.
    #[error("this host cannot count the {0} calls a second that the contract allows the swarm")]
    Uncounted(u32),
}

impl OverRate {
    /// Why nothing is to be had of `share`, in thousandths, of a contract's `limit`.
    pub(super) fn of(share: u32, limit: u32) -> Self {
        match share {
            _ if limit == 0 || u64::from(share) >= 1000 * u64::from(limit) => Self::Limit(limit),
            0 => Self::NoShare(limit),
            share => Self::Share { share, limit },
        }
    }
}

/// As a decimal number without zeros at its end.
fn thousandths(number: u32) -> f64 {
    f64::from(number) / 1000.0
}

impl Allotment {
    /// Nothing.
    pub const NONE: Self = Self { milli_calls_per_second: 0, milli_cpu_percent: 0 };

    /// All that a contract allows.
    #[must_use]
    pub fn all_of(requirements: &ResourceRequirements) -> Self {
        Self {
            milli_calls_per_second: requirements.max_api_calls_per_second.get().saturating_mul(1000),
            milli_cpu_percent: requirements.max_cpu_percent.get().saturating_mul(1000),
        }
    }

    /// Of each the lesser.
    #[must_use]
    pub fn least(self, other: Self) -> Self {
        Self {
            milli_calls_per_second: self.milli_calls_per_second.min(other.milli_calls_per_second),
            milli_cpu_percent: self.milli_cpu_percent.min(other.milli_cpu_percent),
        }
    }

    /// Whether nothing of it is more than in `other`.
    #[must_use]
    pub fn is_within(self, other: Self) -> bool {
        self.least(other) == self
    }
}

/// What the host at `place` is to have next, of which it has `own` and the others `others`: an equal part, as far as that is
/// free. Of what cannot be divided the first ones get one more.
pub(super) fn next(limit: Allotment, own: Allotment, others: &[Allotment], place: usize) -> Allotment {
    let of = |resource: fn(&Allotment) -> u32| {
        let taken = others.iter().map(|other| u64::from(resource(other))).sum();
        part(resource(&limit), resource(&own), taken, others.len() + 1, place)
    };
    Allotment {
        milli_calls_per_second: of(|allotment| allotment.milli_calls_per_second),
        milli_cpu_percent: of(|allotment| allotment.milli_cpu_percent),
    }
}

fn part(limit: u32, own: u32, taken: u64, hosts: usize, place: usize) -> u32 {
    let hosts = u32::try_from(hosts).unwrap_or(u32::MAX);
    let gets_one_more = u32::try_from(place).is_ok_and(|place| place < limit % hosts);
    let equal = limit / hosts + u32::from(gets_one_more);
    let free = u64::from(limit).saturating_sub(taken);
    own.max(equal.min(u32::try_from(free).unwrap_or(u32::MAX))).min(equal)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn allotment(calls: u32, cpu: u32) -> Allotment {
        Allotment { milli_calls_per_second: calls, milli_cpu_percent: cpu }
    }

    /// What hosts have, in the store.
    #[derive(Default)]
    struct Model(BTreeMap<u8, Allotment>);

    impl Model {
        /// The host decides on what the store says now, as its transaction makes sure.
        fn settle(&mut self, host: u8, limit: Allotment) {
            let own = self.0.get(&host).copied().unwrap_or_default();
            let others: Vec<_> = self.0.iter().filter(|(id, _)| **id != host).map(|(_, has)| *has).collect();
            let place = self.0.keys().filter(|id| **id < host).count();
            self.0.insert(host, next(limit, own, &others, place));
        }

        fn settle_all(&mut self, limit: Allotment) {
            for host in self.0.keys().copied().collect::<Vec<_>>() {
                self.settle(host, limit);
            }
        }

        fn sum(&self) -> (u64, u64) {
            let sum = |of: fn(&Allotment) -> u32| self.0.values().map(|has| u64::from(of(has))).sum();
            (sum(|has| has.milli_calls_per_second), sum(|has| has.milli_cpu_percent))
        }
    }

    #[test]
    fn who_is_alone_has_all_and_who_comes_waits_for_what_others_give() {
        let limit = allotment(1000, 25_000);
        let mut model = Model::default();
        model.settle(1, limit);
        assert_eq!(model.0[&1], limit);
        model.settle(2, limit);
        assert_eq!(model.0[&2], Allotment::NONE);
        model.settle(1, limit);
        model.settle(2, limit);
        model.settle(3, limit);
        model.settle_all(limit);
        model.settle_all(limit);
        // One call a second among three.
        let calls: Vec<u32> = model.0.values().map(|has| has.milli_calls_per_second).collect();
        assert_eq!(calls, [334, 333, 333]);
        model.0.remove(&1);
        model.0.remove(&2);
        model.settle(3, limit);
        assert_eq!(model.0[&3], limit);
    }

    #[test]
    fn a_guest_reads_what_its_contract_allows_and_what_this_host_has_of_it() {
        for (share, limit, words) in [
            (5000, 5, "more than 5 calls a second, which is what the contract allows the swarm"),
            (0, 0, "more than 0 calls a second, which is what the contract allows the swarm"),
            (0, 5, "this host has no share now of the 5 calls a second that the contract allows the swarm"),
            (
                2500,
                5,
                "more than 2.5 calls a second, this host's share now of the 5 that the contract allows the swarm",
            ),
        ] {
            assert_eq!(OverRate::of(share, limit).to_string(), words);
        }
    }

    #[derive(Debug, Clone)]
    enum Step {
        Settle(u8),
        Gone(u8),
        Contract(u32, u32),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            8 => (0..6_u8).prop_map(Step::Settle),
            2 => (0..6_u8).prop_map(Step::Gone),
            1 => (0..200_000_u32, 1000..100_000_u32).prop_map(|(calls, cpu)| Step::Contract(calls, cpu)),
        ]
    }

    proptest! {
        #[test]
        fn together_hosts_never_have_more_than_the_limit_and_in_the_end_all_of_it(
            steps in proptest::collection::vec(step(), 1..100),
        ) {
            let (mut model, mut limit) = (Model::default(), allotment(10_000, 25_000));
            for step in steps {
                let before = model.sum();
                match step {
                    Step::Settle(host) => model.settle(host, limit),
                    Step::Gone(host) => {
                        model.0.remove(&host);
                    }
                    Step::Contract(calls, cpu) => limit = allotment(calls, cpu),
                }
                // Under a smaller contract nobody takes anything until the others have given enough away.
                let (calls, cpu) = model.sum();
                prop_assert!(calls <= before.0.max(limit.milli_calls_per_second.into()));
                prop_assert!(cpu <= before.1.max(limit.milli_cpu_percent.into()));
            }
            model.settle_all(limit);
            model.settle_all(limit);
            if !model.0.is_empty() {
                let all = (limit.milli_calls_per_second.into(), limit.milli_cpu_percent.into());
                prop_assert_eq!(model.sum(), all);
            }
        }
    }
}
