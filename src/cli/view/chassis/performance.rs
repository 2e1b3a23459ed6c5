//! How a swarm does.

use super::rounded;
use crate::chassis::{BurnRate, Latency, Objective, PerformanceHistory, PerformanceReport, Period};
use crate::cli::view::Table;
use crate::cli::view::sparkline::sparkline;
use crate::cli::view::words::{list, or_dash};

/// Counts, latency, promises, how fast they are broken and the last hour, one under the other.
pub(in crate::cli) fn performance(report: &PerformanceReport) -> String {
    let mut parts = vec![counts(report)];
    if report.n == 0 {
        parts.push(" Nothing is measured yet.".to_owned());
    }
    if report.latency.is_some() || report.lifetime_latency.is_some() {
        parts.push(latency(report));
    }
    if !report.objectives.is_empty() {
        parts.push(objectives(&report.objectives));
    }
    if !report.objectives.is_empty() && report.n > 0 {
        parts.push(burn(&report.objectives));
    }
    if !report.last_hour.is_empty() {
        parts.push(last_hour(&report.last_hour));
    }
    parts.join("\n\n")
}

fn counts(report: &PerformanceReport) -> String {
    let mut table =
        Table::new(&["swarm", "contract", "tasks", "succeeded", "failed", "since"]).right(&[2, 3]);
    table.row([
        report.swarm.to_string(),
        report.contract_version.clone(),
        report.total.to_string(),
        report.succeeded.to_string(),
        list(report.failures.iter().map(|(class, n)| format!("{class} {n}"))),
        or_dash(report.since),
    ]);
    table.render()
}

fn latency(report: &PerformanceReport) -> String {
    let mut table = Table::new(&["latency of", "p50 ms", "p90 ms", "p99 ms"]).right(&[1, 2, 3]);
    let last = report.latency.map(|latency| (format!("last {}", latency.n), latency));
    let all = report.lifetime_latency.map(|latency| (format!("all {}, within 1 %", latency.n), latency));
    for (name, Latency { p50_ms, p90_ms, p99_ms, .. }) in last.into_iter().chain(all) {
        table.row([name, millis(p50_ms), millis(p90_ms), millis(p99_ms)]);
    }
    table.render()
}

fn millis(millis: f64) -> String {
    format!("{millis:.3}")
}

fn objectives(objectives: &[Objective]) -> String {
    let mut table =
        Table::new(&["objective", "promised", "measured", "verdict", "budget left"]).right(&[1, 2, 4]);
    for objective in objectives {
        table.row([
            objective.name.to_owned(),
            objective.target.to_string(),
            or_dash(objective.measured.map(rounded)),
            objective.verdict.to_string(),
            or_dash(objective.error_budget_left.map(|left| format!("{:.0} %", left * 100.0))),
        ]);
    }
    table.render()
}

/// How fast error budgets are used up: 1 is as fast as promised.
fn burn(objectives: &[Objective]) -> String {
    let headings = ["burn rate of", "long", "rate", "short", "rate", "alert above", "calls for"];
    let mut table = Table::new(&headings).right(&[2, 4, 5]);
    for (objective, burn) in objectives.iter().flat_map(|one| one.burn.iter().map(move |burn| (one, burn))) {
        table.row([
            objective.name.to_owned(),
            burn.long.window.to_owned(),
            rate(burn.long),
            burn.short.window.to_owned(),
            rate(burn.short),
            burn.threshold.to_string(),
            burn.alert.map_or_else(|| "nobody".to_owned(), |alert| format!("a {alert}")),
        ]);
    }
    table.render()
}

fn rate(BurnRate { rate, bad, .. }: BurnRate) -> String {
    let beyond = if bad > 0 { "beyond any" } else { "-" };
    rate.map_or_else(|| beyond.to_owned(), |rate| format!("{rate:.2}"))
}

/// A block for each minute of the hour up to the last task.
fn last_hour(minutes: &[Period]) -> String {
    const MINUTE: i64 = 60_000_000;
    let minute_of = |period: &Period| period.start.as_micros().div_euclid(MINUTE);
    let last = minutes.last().map_or(0, minute_of);
    let each = || {
        let found = |minute| minutes.iter().find(move |period| minute_of(period) == minute);
        (last - 59..=last).map(found)
    };
    let slowest = minutes.iter().filter_map(|minute| minute.mean_ms).fold(0.0, f64::max);
    let worst = minutes.iter().filter_map(|minute| minute.success_rate).fold(1.0, f64::min);
    let mut table = Table::new(&["last hour", "minute by minute", "worst"]).right(&[2]);
    let latency = each().map(|minute| minute.and_then(|minute| minute.mean_ms));
    table.row(["mean ms", &sparkline(latency, slowest), &millis(slowest)]);
    let success = each().map(|minute| minute.and_then(|minute| minute.success_rate));
    table.row(["success", &sparkline(success, 1.0), &rounded(worst).to_string()]);
    table.render()
}

/// The hours in which tasks ended, and below them the minutes.
pub(in crate::cli) fn history(history: &PerformanceHistory) -> String {
    [periods("hour", &history.hours), periods("minute", &history.minutes)].join("\n\n")
}

fn periods(unit: &str, periods: &[Period]) -> String {
    let headings = [unit, "tasks", "succeeded", "success", "available", "late", "mean ms", "longest ms"];
    let mut table = Table::new(&headings).right(&[1, 2, 3, 4, 5, 6, 7]);
    for period in periods {
        table.row([
            period.start.to_string(),
            period.n.to_string(),
            period.succeeded.to_string(),
            or_dash(period.success_rate.map(rounded)),
            or_dash(period.availability.map(rounded)),
            or_dash(period.late),
            or_dash(period.mean_ms.map(millis)),
            or_dash(period.longest_ms.map(millis)),
        ]);
    }
    table.render()
}
