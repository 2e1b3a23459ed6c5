//! Tables of the chassis.

use super::Table;
use super::words::or_dash;
use crate::chassis::{LoadedContract, LogLine, Objective, PerformanceReport};
use crate::id::Capability;
use crate::printable::printable;

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

/// One line of a guest's log: when, in which task, what.
pub(in crate::cli) fn log_line(line: &LogLine) -> String {
    format!("{} {} {}", line.at, or_dash(line.task.as_ref()), printable(&line.line))
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
