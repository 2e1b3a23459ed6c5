//! Tables of the chassis.

mod performance;
mod reputation;

use super::Table;
use crate::chassis::LoadedContract;
use crate::id::Capability;

pub(in crate::cli) use performance::{history, performance};
pub(in crate::cli) use reputation::{reputation, reputations};

/// What is in force now.
pub(in crate::cli) fn loaded(loaded: &LoadedContract) -> String {
    let capabilities: Vec<&str> = loaded.contract.capabilities().iter().map(Capability::as_str).collect();
    let mut table = Table::new(&["swarm", "contract", "capabilities", "module", "bytes"]).right(&[4]);
    table.row([
        loaded.contract.swarm_id().as_str(),
        loaded.contract.version(),
        &capabilities.join(", "),
        loaded.module.sha256.as_str().get(..12).unwrap_or_default(),
        &loaded.module.bytes.to_string(),
    ]);
    table.render()
}

/// To three places.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
