//! Providers that serve the same purpose, and how they have done.

use std::time::Duration;

use crate::cli::view::Table;
use crate::cli::view::words::or_dash;
use crate::governor::service::{RailLine, RailRecorded, RailReport};

/// The providers of each purpose; with `explain` also the parts of their scores, and what speaks against them.
pub(in crate::cli) fn rails(reports: &[RailReport], explain: bool) -> String {
    let common = ["purpose", "provider", "uses", "success", "time", "last used", "cost", "breaker", "score"];
    let parts = ["succeeds", "fast", "recent", "cheap", "standing"];
    let headings: Vec<&str> = common.into_iter().chain(parts.into_iter().filter(|_| explain)).collect();
    let mut table = Table::new(&headings).right(&[2, 3, 4, 6, 8, 9, 10, 11, 12]);
    for report in reports {
        for line in &report.providers {
            let reasons = reasons(line).into_iter().filter(|_| explain);
            table.row(cells(report, line).into_iter().chain(reasons));
        }
    }
    table.render()
}

fn cells(report: &RailReport, line: &RailLine) -> [String; 9] {
    [
        report.purpose.to_string(),
        line.provider.to_string(),
        line.success.saturating_add(line.failure).to_string(),
        or_dash(line.success_rate),
        or_dash(line.average_micros.map(Duration::from_micros).map(seconds)),
        or_dash(line.last_used),
        or_dash(line.cost),
        line.breaker.to_string(),
        part(line.score),
    ]
}

fn reasons(line: &RailLine) -> [String; 5] {
    let parts = &line.parts;
    let [success, speed, recency, cost] = [parts.success, parts.speed, parts.recency, parts.cost];
    [part(success.get()), part(speed.get()), part(recency.get()), part(cost.get()), line.standing.to_string()]
}

fn part(share: f64) -> String {
    format!("{share:.3}")
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}

/// A use that is counted.
pub(in crate::cli) fn rail_recorded(recorded: &RailRecorded) -> String {
    let known = &recorded.statistics;
    format!(
        "{}{}: {} of {} succeeded, {} on average, breaker {}",
        recorded.provider,
        if recorded.repeated { " (counted before)" } else { "" },
        known.success,
        known.uses(),
        or_dash(known.average_time().map(seconds)),
        recorded.breaker,
    )
}
