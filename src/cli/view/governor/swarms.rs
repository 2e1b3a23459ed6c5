//! Who can do what.

use crate::cli::view::Table;
use crate::cli::view::words::{list, or_dash};
use crate::governor::service::{Registered, SwarmDetail, SwarmTask, Unregistered};
use crate::governor::{Breaker, BreakerState, Budget};

pub(in crate::cli) fn registered(registered: &Registered) -> String {
    format!(
        "{} {}: {}, {} $/hour, budget {}",
        registered.swarm,
        registered.change,
        list(&registered.profile.capabilities),
        registered.profile.cost_per_hour,
        registered.budget.cap,
    )
}

pub(in crate::cli) fn unregistered(unregistered: &Unregistered) -> String {
    let Unregistered { swarm, capabilities, budget, .. } = unregistered;
    let kept = budget.as_ref().map_or_else(String::new, |budget| {
        format!("; {} of {} dollars stay spent", budget.spent, budget.cap)
    });
    format!("{swarm} unregistered: {}{kept}", list(capabilities))
}

pub(in crate::cli) fn swarm(swarm: &SwarmDetail) -> String {
    let mut table = Table::new(&["field", "value"]);
    let mut row = |field: &str, value: String| table.row([field.to_owned(), value]);
    row("swarm", swarm.swarm.to_string());
    row("registered", if swarm.registered { "yes" } else { "no" }.to_owned());
    row("status", or_dash(swarm.status.as_ref()));
    let profile = swarm.profile.as_ref();
    row("capabilities", list(profile.iter().flat_map(|profile| &profile.capabilities)));
    row("$/hour", or_dash(profile.map(|profile| profile.cost_per_hour)));
    row("model", or_dash(profile.and_then(|profile| profile.model.as_ref())));
    let budget = swarm.budget.as_ref();
    row("budget", or_dash(budget.map(|budget| budget.cap)));
    row("spent", or_dash(budget.map(|budget| budget.spent)));
    row("reserved", or_dash(budget.map(|budget| budget.reserved)));
    row("left", or_dash(budget.map(Budget::left)));
    row("breaker", swarm.breaker.as_ref().map_or_else(|| BreakerState::Closed.to_string(), breaker));
    row("trial", or_dash(swarm.probe.as_ref().map(|probe| &probe.task)));
    let measured = if swarm.reputation_is_measured { "" } else { " (not measured yet)" };
    row("reputation", format!("{}{measured}", swarm.reputation));
    row("open escalations", swarm.open_escalations.to_string());
    let sessions = swarm.sessions.iter();
    row(
        "sessions",
        list(sessions.map(|(id, session)| format!("{id} ({} on {})", session.pid, session.host))),
    );
    row("tasks", list(swarm.tasks.iter().map(task)));
    table.render()
}

fn breaker(breaker: &Breaker) -> String {
    let reason = breaker.reason.filter(|_| breaker.state != BreakerState::Closed);
    let reason = reason.map_or_else(String::new, |reason| format!(" ({reason})"));
    format!("{}{reason} since {}", breaker.state, breaker.since)
}

fn task(task: &SwarmTask) -> String {
    let held = if task.held { "" } else { ", not held" };
    format!("{} ({} reserved{held})", task.task, task.reserved)
}
