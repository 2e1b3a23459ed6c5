//! The coordinator and its workers as tables.

use super::Table;
use super::words::{list, or_dash};
use crate::cli::coordinator::{Answer, Health};
use crate::coordinator::bench::{Figures, Speed};
use crate::coordinator::runtime::restore::Restored;
use crate::coordinator::runtime::save::Saved;
use crate::coordinator::service::{CoordinatorStatus, Published, SwarmSummary};
use crate::coordinator::{Pace, Quantiles, Vitals};

pub(in crate::cli) fn status(status: &CoordinatorStatus) -> String {
    let mut table = Table::new(&["field", "value"]);
    let mut row = |field: &str, value: String| table.row([field.to_owned(), value]);
    row("endpoints", status.endpoints.clone());
    row("etcd version", status.version.clone());
    row("revision", status.revision.to_string());
    let (size, used) = (status.db_size / 1024, status.db_size_in_use / 1024);
    row("database", format!("{size} KiB, {used} KiB in use"));
    for error in &status.errors {
        row("trouble", error.clone());
    }
    let leader = status.leader.as_ref();
    row(
        "leader",
        or_dash(leader.map(|leader| format!("{} (pid {} on {})", leader.id, leader.pid, leader.host))),
    );
    row("backend", or_dash(leader.map(|leader| &leader.backend)));
    row("epoch", status.epoch.to_string());
    row("sessions", status.sessions.to_string());
    row("ready tasks", status.ready.to_string());
    let oldest = status.oldest_ready.as_ref();
    row(
        "oldest ready",
        or_dash(oldest.map(|oldest| format!("{}, for {} s", oldest.task, oldest.age_seconds))),
    );
    row("stalled tasks", status.stalled.to_string());
    for (queue, count) in &status.queues {
        row(&format!("tasks {queue}"), count.to_string());
    }
    if let Some(measured) = &status.pace {
        pace(&mut row, measured);
    }
    if let Some(published) = &status.vitals {
        vitals(&mut row, published);
    }
    table.render()
}

fn pace(row: &mut impl FnMut(&str, String), pace: &Pace) {
    let minutes = pace.window_seconds / 60;
    row("pushes", format!("{} in the last {minutes} min", pace.delivered.count));
    for (name, quantiles) in [
        ("ready until pushed", pace.waited),
        ("pushed until received", pace.delivered),
        ("assignments committed", pace.committed),
    ] {
        let Quantiles { count, p50_micros, p99_micros } = quantiles;
        let told = Some(format!("median {p50_micros} us, 99th percentile {p99_micros} us"));
        row(name, or_dash(told.filter(|_| count > 0)));
    }
}

fn vitals(row: &mut impl FnMut(&str, String), Published { age_seconds, vitals }: &Published) {
    let Vitals { disk_bytes, history_bytes, resident_bytes, .. } = vitals;
    row("engine, as of", format!("{age_seconds} s ago"));
    row("keys", vitals.keys.to_string());
    row("leases", vitals.leases.to_string());
    row("watchers", vitals.watchers.to_string());
    row("on disk", format!("{} KiB", disk_bytes / 1024));
    row("keys and history in memory", format!("{} KiB", history_bytes / 1024));
    row("memory of the process", or_dash(resident_bytes.map(|bytes| format!("{} KiB", bytes / 1024))));
    row("compacted up to", or_dash(Some(vitals.compact_revision).filter(|revision| *revision > 0)));
    row("commit, median", format!("{} us", vitals.commit_p50_micros));
    row("commit, 99th percentile", format!("{} us", vitals.commit_p99_micros));
}

pub(in crate::cli) fn restored(Answer { outcome, next }: &Answer<Restored>) -> String {
    let mut table = Table::new(&["field", "value"]);
    let mut row = |field: &str, value: String| table.row([field.to_owned(), value]);
    row("revision", outcome.revision.to_string());
    row("keys", outcome.keys.to_string());
    row("epoch", outcome.epoch.to_string());
    for (namespace, epoch) in &outcome.other_epochs {
        row(&format!("epoch of namespace `{namespace}`"), epoch.to_string());
    }
    row("directory", outcome.directory.display().to_string());
    row("next", next.clone());
    table.render()
}

pub(in crate::cli) fn saved(Answer { outcome, next }: &Answer<Saved>) -> String {
    let mut table = Table::new(&["field", "value"]);
    let mut row = |field: &str, value: String| table.row([field.to_owned(), value]);
    row("file", outcome.file.display().to_string());
    row("bytes", outcome.bytes.to_string());
    row("format", outcome.format.to_string());
    row("restored by", next.clone());
    table.render()
}

pub(in crate::cli) fn health(health: &Health) -> String {
    if health.healthy {
        let status = &health.status;
        return format!("healthy: revision {}, round trip {} us", status.revision, health.round_trip_us);
    }
    format!("unhealthy: {}", health.problems.join("; "))
}

pub(in crate::cli) fn swarms(swarms: &[SwarmSummary]) -> String {
    let headings =
        ["swarm", "status", "workers", "holding", "$/hour", "spent", "reserved", "cap", "capabilities"];
    let mut table = Table::new(&headings).right(&[2, 3, 4, 5, 6, 7]);
    for swarm in swarms {
        let budget = swarm.budget.as_ref();
        table.row([
            swarm.swarm.to_string(),
            swarm.status.clone(),
            swarm.sessions.len().to_string(),
            swarm.holding.to_string(),
            or_dash(swarm.cost_per_hour),
            or_dash(budget.map(|budget| budget.spent)),
            or_dash(budget.map(|budget| budget.reserved)),
            or_dash(budget.map(|budget| budget.cap)),
            list(&swarm.capabilities),
        ]);
    }
    table.render()
}

pub(in crate::cli) fn figures(figures: &Figures) -> String {
    let Figures { version, clients, claims, watchers, pushes, fdatasync } = figures;
    let mut table = Table::new(&["what", "count", "per second", "p50", "p99"]).right(&[1, 2, 3, 4]);
    let time = |micros: u64| format!("{micros} us");
    let mut row = |what: String, speed: &Speed| {
        let (p50, p99) = (time(speed.latency.p50_us), time(speed.latency.p99_us));
        table.row([what, speed.count.to_string(), format!("{:.0}", speed.per_second), p50, p99]);
    };
    row(format!("claims by {clients} clients at a time"), claims);
    row(format!("pushes to {watchers} workers, one at a time"), pushes);
    if let Some(latency) = fdatasync {
        let what = "fdatasync on this machine".to_owned();
        table.row([what, "-".to_owned(), "-".to_owned(), time(latency.p50_us), time(latency.p99_us)]);
    }
    format!("{}\n\netcd API {version}", table.render())
}
