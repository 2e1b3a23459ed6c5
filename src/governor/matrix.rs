//! The matrix: who offers which capability, which tasks need it, and what is needed that nobody offers.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::id::{Capability, SwarmId, TaskId};
use crate::spelling::resembling;

/// Who offers each capability.
pub(super) type Supply = BTreeMap<Capability, BTreeSet<SwarmId>>;

/// Which tasks need each capability.
pub type Demand = BTreeMap<Capability, BTreeSet<TaskId>>;

/// One capability.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MatrixRow {
    /// Which.
    pub capability: Capability,
    /// Who has it.
    pub offered_by: BTreeSet<SwarmId>,
    /// What needs it and is not over.
    pub needed_by: BTreeSet<TaskId>,
}

/// Something that is needed and offered by nobody, and resembles what is offered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NearMiss {
    /// What is needed.
    pub needed: Capability,
    /// What may have been meant.
    pub offered: Capability,
    /// Who offers that.
    pub offered_by: BTreeSet<SwarmId>,
}

/// Who can do what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Matrix {
    /// What open tasks need and nobody offers.
    pub gaps: Vec<MatrixRow>,
    /// The gaps that may be slips of the hand.
    pub near_misses: Vec<NearMiss>,
    /// Every swarm that offers something.
    pub swarms: BTreeSet<SwarmId>,
    /// Every capability that is offered or needed.
    pub capabilities: Vec<MatrixRow>,
}

/// Lays out supply and demand.
pub(super) fn matrix(supply: &Supply, demand: &Demand) -> Matrix {
    let names: BTreeSet<&Capability> = supply.keys().chain(demand.keys()).collect();
    let row = |capability: &Capability| MatrixRow {
        capability: capability.clone(),
        offered_by: supply.get(capability).cloned().unwrap_or_default(),
        needed_by: demand.get(capability).cloned().unwrap_or_default(),
    };
    let capabilities: Vec<MatrixRow> = names.into_iter().map(row).collect();
    let gaps: Vec<MatrixRow> = capabilities.iter().filter(|row| row.offered_by.is_empty()).cloned().collect();
    let near_miss = |gap: &MatrixRow| {
        let offered = resembling(&gap.capability, supply.keys())?;
        let offered_by = supply.get(offered)?.clone();
        Some(NearMiss { needed: gap.capability.clone(), offered: offered.clone(), offered_by })
    };
    Matrix {
        near_misses: gaps.iter().filter_map(near_miss).collect(),
        gaps,
        swarms: supply.values().flatten().cloned().collect(),
        capabilities,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_is_what_is_needed_and_offered_by_nobody() {
        let supply = Supply::from([
            ("code:rust".parse().unwrap(), BTreeSet::from(["s1".parse().unwrap(), "s2".parse().unwrap()])),
            ("code:go".parse().unwrap(), BTreeSet::from(["s2".parse().unwrap()])),
        ]);
        let task = |name: &str| BTreeSet::from([name.parse().unwrap()]);
        let demand = Demand::from([
            ("code:rusty".parse().unwrap(), task("t1")),
            ("video:codec".parse().unwrap(), task("t2")),
            ("code:go".parse().unwrap(), task("t3")),
        ]);
        let matrix = matrix(&supply, &demand);
        let gaps: Vec<_> = matrix.gaps.iter().map(|gap| gap.capability.as_str()).collect();
        assert_eq!(gaps, ["code:rusty", "video:codec"]);
        assert_eq!(matrix.near_misses.len(), 1);
        assert_eq!(matrix.near_misses[0].offered.as_str(), "code:rust");
        assert_eq!((matrix.swarms.len(), matrix.capabilities.len()), (2, 4));
    }
}
