//! Tables of the chassis.

mod contracts;

pub(in crate::cli) use contracts::{contract, contracts, loaded, unloaded};

use super::Table;
use crate::chassis::{Objective, PerformanceReport};

/// Counts, latency and promises, one under the other.
pub(in crate::cli) fn performance(report: &PerformanceReport) -> String {
    let mut parts = vec![counts(report)];
    if report.latency.is_some() {
        parts.push(latency(report));
    }
    if !report.objectives.is_empty() {
        parts.push(objectives(&report.objectives));
    }
    parts.join("\n\n")
}

fn counts(report: &PerformanceReport) -> String {
    let failures: Vec<String> = report.failures.iter().map(|(class, n)| format!("{class} {n}")).collect();
    let mut table =
        Table::new(&["swarm", "contract", "tasks", "succeeded", "failed", "since"]).right(&[2, 3]);
    table.row([
        report.swarm.to_string(),
        report.contract_version.clone(),
        report.total.to_string(),
        report.succeeded.to_string(),
        if failures.is_empty() { "-".to_owned() } else { failures.join(", ") },
        report.since.map_or_else(|| "-".to_owned(), |since| since.to_string()),
    ]);
    table.render()
}

fn latency(report: &PerformanceReport) -> String {
    let mut table = Table::new(&["latency of", "p50 ms", "p90 ms", "p99 ms"]).right(&[1, 2, 3]);
    if let Some(latency) = report.latency {
        let millis = |millis: f64| format!("{millis:.3}");
        let last = format!("last {}", latency.n);
        table.row([last, millis(latency.p50_ms), millis(latency.p90_ms), millis(latency.p99_ms)]);
    }
    table.render()
}

fn objectives(objectives: &[Objective]) -> String {
    let mut table =
        Table::new(&["objective", "promised", "measured", "verdict", "budget left"]).right(&[1, 2, 4]);
    for objective in objectives {
        table.row([
            objective.name.to_owned(),
            objective.target.to_string(),
            objective.measured.map_or_else(|| "-".to_owned(), |measured| rounded(measured).to_string()),
            objective.verdict.to_string(),
            objective
                .error_budget_left
                .map_or_else(|| "-".to_owned(), |left| format!("{:.0} %", left * 100.0)),
        ]);
    }
    table.render()
}

fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
