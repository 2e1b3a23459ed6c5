//! The table of resources.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Table;
use super::sparkline::sparkline;
use super::words::or_dash;
use crate::chassis::{History, Measure, ResourcesReport};
use crate::id::SwarmId;

type Histories = BTreeMap<SwarmId, History>;

/// A row for each resource of each swarm; with histories also how it went.
pub(in crate::cli) fn resources(reports: &[ResourcesReport], histories: Option<&Histories>) -> String {
    let mut headings = vec!["swarm", "resource", "limit", "current", "peak"];
    headings.extend(histories.map(|_| "last minute"));
    let mut table = Table::new(&headings).right(&[2, 3, 4]);
    for report in reports {
        let history = histories.and_then(|histories| histories.get(&report.swarm));
        for (index, (cells, course)) in rows(report, history).into_iter().enumerate() {
            let swarm = if index == 0 { report.swarm.as_str() } else { "" };
            let cells = [swarm.to_owned()].into_iter().chain(cells);
            table.row(cells.chain(histories.map(|_| course)));
        }
    }
    table.render()
}

type Row = ([String; 4], String);

fn rows(report: &ResourcesReport, history: Option<&History>) -> [Row; 5] {
    let memory = history.map_or_else(String::new, |history| {
        sparkline(history.memory_bytes().map(kibibytes), report.memory_bytes.limit.map_or(0.0, kibibytes))
    });
    let cpu = history.map_or_else(String::new, |history| {
        sparkline(history.cpu_percent(), report.cpu_percent.limit.unwrap_or(0.0))
    });
    [
        (row("memory", report.memory_bytes, mebibytes, " a task"), memory),
        (row("CPU share", report.cpu_percent, |share| format!("{share:.1} %"), ""), cpu),
        (row("calls per second", report.calls_per_second, |calls| calls.to_string(), ""), String::new()),
        (row("instances", report.instances, |instances| instances.to_string(), ""), String::new()),
        (row("time", report.time_ms, seconds, " a task"), String::new()),
    ]
}

fn row<T: Copy>(name: &str, measure: Measure<T>, words: impl Fn(T) -> String, each: &str) -> [String; 4] {
    let limit = measure.limit.map(|limit| words(limit) + each);
    [name.to_owned(), or_dash(limit), words(measure.current), or_dash(measure.peak.map(words))]
}

fn mebibytes(bytes: u64) -> String {
    format!("{:.1} MiB", kibibytes(bytes) / 1024.0)
}

fn seconds(millis: u64) -> String {
    format!("{:.3} s", Duration::from_millis(millis).as_secs_f64())
}

/// For the eye: what is beyond 4 TiB is shown as that.
fn kibibytes(bytes: u64) -> f64 {
    f64::from(u32::try_from(bytes >> 10).unwrap_or(u32::MAX))
}
