//! Who can do what: what is missing first, then the matrix.

use std::fmt::Display;

use crate::cli::view::Table;
use crate::cli::view::words::list;
use crate::governor::{Matrix, MatrixRow, NearMiss};
use crate::id::SwarmId;

/// How many names stand in a cell; of more of them it is said how many they are.
const NAMED: usize = 4;

/// Gaps and near misses, and the matrix unless only they were asked for.
pub(in crate::cli) fn matrix(matrix: &Matrix, only_gaps: bool) -> String {
    let gaps = match matrix.gaps.as_slice() {
        [] => "no gaps: every capability that an open task needs is offered".to_owned(),
        gaps => missing(gaps),
    };
    let mut parts = vec![gaps];
    if !matrix.near_misses.is_empty() {
        parts.push(near_misses(&matrix.near_misses));
    }
    if !only_gaps {
        parts.push(crossed(matrix).unwrap_or_else(|| listed(matrix)));
    }
    parts.join("\n\n")
}

fn missing(gaps: &[MatrixRow]) -> String {
    let mut table = Table::new(&["offered by nobody", "needed by"]);
    for gap in gaps {
        table.row([gap.capability.to_string(), some(&gap.needed_by)]);
    }
    table.render()
}

fn near_misses(near_misses: &[NearMiss]) -> String {
    let mut table = Table::new(&["needed", "did they mean", "offered by"]);
    for near_miss in near_misses {
        let NearMiss { needed, offered, offered_by } = near_miss;
        table.row([needed.to_string(), offered.to_string(), some(offered_by)]);
    }
    table.render()
}

/// A column for each swarm; nothing where they do not fit beside each other.
fn crossed(matrix: &Matrix) -> Option<String> {
    let headings: Vec<&str> =
        ["capability", "tasks"].into_iter().chain(matrix.swarms.iter().map(SwarmId::as_str)).collect();
    let longest = matrix.capabilities.iter().map(|row| row.capability.as_str().len()).max()?;
    if !Table::has_room_for(headings[1..].iter().map(|heading| heading.len()).chain([longest])) {
        return None;
    }
    let mut table = Table::new(&headings).right(&[1]);
    for row in &matrix.capabilities {
        let offers = matrix.swarms.iter().map(|swarm| if row.offered_by.contains(swarm) { "x" } else { "" });
        let beginning = [row.capability.to_string(), row.needed_by.len().to_string()];
        table.row(beginning.into_iter().chain(offers.map(str::to_owned)));
    }
    Some(table.render())
}

/// The swarms of each capability in one cell.
fn listed(matrix: &Matrix) -> String {
    let mut table = Table::new(&["capability", "tasks", "swarms", "offered by"]).right(&[1, 2]);
    for row in &matrix.capabilities {
        table.row([
            row.capability.to_string(),
            row.needed_by.len().to_string(),
            row.offered_by.len().to_string(),
            some(&row.offered_by),
        ]);
    }
    table.render()
}

fn some<'a, T: Display + 'a>(names: impl IntoIterator<Item = &'a T, IntoIter: ExactSizeIterator>) -> String {
    let names = names.into_iter();
    let more = names.len().saturating_sub(NAMED);
    let named = list(names.take(NAMED));
    if more == 0 { named } else { format!("{named} and {more} more") }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn row(swarms: usize) -> Matrix {
        let swarms: BTreeSet<_> =
            (0..swarms).map(|index| format!("swarm-{index:03}").parse().unwrap()).collect();
        let row = MatrixRow {
            capability: "code:rust".parse().unwrap(),
            offered_by: swarms.clone(),
            needed_by: BTreeSet::new(),
        };
        Matrix { gaps: vec![], near_misses: vec![], swarms, capabilities: vec![row] }
    }

    #[test]
    fn swarms_are_columns_where_they_fit_and_a_list_where_they_do_not() {
        let few = matrix(&row(3), false);
        assert!(few.contains("SWARM-002"), "{few}");
        let many = matrix(&row(300), false);
        assert!(many.contains("swarm-003 and 296 more"), "{many}");
        assert!(!matrix(&row(3), true).contains("CAPABILITY"));
    }
}
