//! Who gets no work for now, and until when.

use crate::cli::view::Table;
use crate::cli::view::words::or_dash;
use crate::clock::Timestamp;
use crate::governor::service::{BreakerLine, Funds};
use crate::governor::{BreakerState, Decision};

pub(in crate::cli) fn breakers(breakers: &[BreakerLine], now: Timestamp) -> String {
    let headings = ["scope", "state", "reason", "since", "next trial", "failures", "trips"];
    let mut table = Table::new(&headings).right(&[5, 6]);
    for line in breakers {
        table.row([
            line.scope.to_string(),
            line.state.to_string(),
            reason(line),
            or_dash(line.since),
            next_trial(line, Some(now)),
            line.failures.to_string(),
            line.trips.to_string(),
        ]);
    }
    table.render()
}

fn reason(line: &BreakerLine) -> String {
    line.illegible.as_ref().map_or_else(|| or_dash(line.reason), |key| format!("nobody can read {key}"))
}

/// One breaker with everything that a person needs to decide about it.
pub(in crate::cli) fn breaker(line: &BreakerLine) -> String {
    let mut table = Table::new(&["field", "value"]);
    let mut row = |field: &str, value: String| table.row([field.to_owned(), value]);
    row("breaker", line.scope.to_string());
    row("state", line.state.to_string());
    row("reason", reason(line));
    row("opened by", or_dash(line.opened_by.as_ref().map(decision)));
    row("since", or_dash(line.since));
    row("next trial", next_trial(line, None));
    row("failures in a row", line.failures.to_string());
    row("failed trials", line.failed_trials.to_string());
    row("trips", line.trips.to_string());
    row("money", or_dash(line.budget.map(money)));
    row("last reset", or_dash(line.approval.as_ref().map(decision)));
    table.render()
}

/// What has become of a breaker.
pub(in crate::cli) fn breaker_changed(line: &BreakerLine) -> String {
    match line.state {
        BreakerState::Closed => format!("{} is closed: work passes again", line.scope),
        BreakerState::Open | BreakerState::HalfOpen => {
            format!("{} is {}: no work passes", line.scope, line.state)
        }
    }
}

fn next_trial(line: &BreakerLine, now: Option<Timestamp>) -> String {
    match (line.state, &line.trial, line.trial_due) {
        (BreakerState::Closed, ..) => "-".to_owned(),
        (_, Some(trial), _) => match &trial.task {
            Some(task) => format!("task {task}, since {}", trial.at),
            None => format!("{}, since {}", trial.by, trial.at),
        },
        (BreakerState::HalfOpen, None, Some(_)) => "due".to_owned(),
        (_, None, Some(due)) if now.is_some_and(|now| now >= due) => "due".to_owned(),
        (_, None, Some(due)) => due.to_string(),
        (_, None, None) => "when a person resets it".to_owned(),
    }
}

fn decision(decision: &Decision) -> String {
    format!("{}: {} ({})", decision.by, decision.reason, decision.at)
}

fn money(funds: Funds) -> String {
    format!("{} of {} dollars spent, {} reserved", funds.spent, funds.cap, funds.reserved)
}
