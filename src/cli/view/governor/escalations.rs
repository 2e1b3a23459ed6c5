//! What people are called for, and whether the calls arrive.

use crate::cli::view::Table;
use crate::cli::view::words::{list, or_dash};
use crate::governor::runtime::channel::Tried;
use crate::governor::service::Called;
use crate::governor::{Answer, Delivery, Escalation};
use crate::id::ChannelName;
use crate::printable::printable;

pub(in crate::cli) fn calls(calls: &[Called]) -> String {
    let headings = ["escalation", "state", "swarm", "task", "since", "issue", "delivered by", "failing"];
    let mut table = Table::new(&headings);
    for Called { escalation, deliveries } in calls {
        let delivered = deliveries.iter().filter(|(_, delivery)| delivery.of_this_call > 0);
        let failing = deliveries.iter().filter(|(_, delivery)| delivery.attempts > 0);
        table.row([
            escalation.id.clone(),
            escalation.state.to_string(),
            or_dash(escalation.swarm.as_ref()),
            or_dash(escalation.task.as_ref()),
            escalation.triggered_at.to_string(),
            printable(&escalation.issue),
            list(delivered.map(|(channel, _)| channel)),
            list(failing.map(|(channel, delivery)| failure(channel, delivery, escalation))),
        ]);
    }
    table.render()
}

fn failure(channel: &ChannelName, delivery: &Delivery, call: &Escalation) -> String {
    format!("{channel}: {}", trouble(delivery, call))
}

fn trouble(delivery: &Delivery, call: &Escalation) -> String {
    let error = delivery.last_error.as_deref().unwrap_or_default();
    match delivery.next_at.filter(|_| call.is_open()) {
        Some(next) => format!("{error}; again at {next}"),
        None => error.to_owned(),
    }
}

pub(in crate::cli) fn call(call: &Called) -> String {
    let Called { escalation, deliveries } = call;
    let mut table = Table::new(&["field", "value"]);
    let mut row = |field: &str, value: String| table.row([field.to_owned(), value]);
    row("escalation", escalation.id.clone());
    row("kind", escalation.kind.to_string());
    row("state", escalation.state.to_string());
    row("swarm", or_dash(escalation.swarm.as_ref()));
    row("task", or_dash(escalation.task.as_ref()));
    row("issue", escalation.issue.clone());
    row("to do", escalation.action_required.clone());
    row("triggered", escalation.triggered_at.to_string());
    row("acknowledged", or_dash(escalation.acknowledged.as_ref().map(answer)));
    row("resolved", or_dash(escalation.resolved.as_ref().map(answer)));
    for (channel, delivery) in deliveries {
        row(&format!("by {channel}"), standing(delivery, escalation));
    }
    table.render()
}

fn answer(answer: &Answer) -> String {
    let note = answer.note.as_ref().map_or_else(String::new, |note| format!(": {note}"));
    format!("{} by {}{note}", answer.at, answer.by)
}

/// How far a channel has come with a call.
fn standing(delivery: &Delivery, call: &Escalation) -> String {
    let sent = delivery.delivered_at.map(|at| format!("delivered {} times, last at {at}", delivery.sent));
    if delivery.attempts > 0 {
        let failed = format!("failed {} times in a row: {}", delivery.attempts, trouble(delivery, call));
        return sent.map_or_else(|| failed.clone(), |sent| format!("{sent}; {failed}"));
    }
    let repeated =
        delivery.due(call, call.triggered_at).map(|at| format!("; again at {at} unless acknowledged"));
    or_dash(sent) + &repeated.unwrap_or_default()
}

pub(in crate::cli) fn answered(call: &Escalation) -> String {
    format!("{} {}", call.id, call.state)
}

pub(in crate::cli) fn tried(tried: &[Tried]) -> String {
    let mut table = Table::new(&["channel", "outcome"]);
    for Tried { channel, error, .. } in tried {
        let outcome =
            error.as_ref().map_or_else(|| "delivered".to_owned(), |error| format!("failed: {error}"));
        table.row([channel.to_string(), outcome]);
    }
    table.render()
}
