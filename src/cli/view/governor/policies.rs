//! Policies: as files, as differences, as what applying them does.

use serde_json::Value;

use crate::cli::governor::{Applied, FileVerdict};
use crate::cli::view::Table;
use crate::cli::view::words::{list, or_dash};
use crate::governor::InForce;
use crate::governor::policy::Difference;
use crate::governor::service::Declared;
use crate::printable::printable;

/// A policy file that says where it came from.
pub(in crate::cli) fn policy(in_force: &InForce) -> String {
    let text = serde_yaml::to_string(&in_force.policy).unwrap_or_else(|error| format!("# {error}"));
    format!("{}{text}", origin(in_force))
}

fn origin(in_force: &InForce) -> String {
    let InForce { source, file, at, by, .. } = in_force;
    let Some(at) = at else { return format!("# Policy in force: {source}.\n") };
    let file = file.as_ref().map_or_else(String::new, |file| format!(", {}", printable(file)));
    format!("# Policy in force since {at}: {source}{file}; by {}.\n", printable(by))
}

pub(in crate::cli) fn verdicts(verdicts: &[FileVerdict]) -> String {
    let mut table = Table::new(&["file", "verdict"]);
    for FileVerdict { file, valid, .. } in verdicts {
        table.row([file.as_str(), if *valid { "valid" } else { "not valid" }]);
    }
    table.render()
}

pub(in crate::cli) fn differences(differences: &[Difference]) -> String {
    if differences.is_empty() {
        return "no difference".to_owned();
    }
    let mut table = Table::new(&["key", "in force", "in the file"]);
    for Difference { path, in_force, other } in differences {
        table.row([path.clone(), said(in_force.as_ref()), said(other.as_ref())]);
    }
    table.render()
}

fn said(value: Option<&Value>) -> String {
    or_dash(value)
}

pub(in crate::cli) fn applied(applied: &Applied) -> String {
    let differences = differences(&applied.differences);
    if applied.registry.is_empty() {
        return differences;
    }
    format!("{differences}\n\n{}", registry(&applied.registry, applied.dry_run))
}

fn registry(registry: &[Declared], would: bool) -> String {
    let change = if would { "would be" } else { "is" };
    let mut table = Table::new(&["swarm", change, "$/hour", "budget", "capabilities"]).right(&[2, 3]);
    for declared in registry {
        table.row([
            declared.swarm.to_string(),
            declared.problem.clone().unwrap_or_else(|| or_dash(declared.change)),
            declared.cost_per_hour.to_string(),
            or_dash(declared.budget),
            list(&declared.capabilities),
        ]);
    }
    table.render()
}
