//! Tasks as tables.

use super::Table;
use super::words::{list as names, or_dash};
use crate::coordinator::TaskRecord;
use crate::coordinator::runtime::intake::Tally;
use crate::coordinator::service::{Held, Submitted, TaskDetail};
use crate::coordinator::task::Progress;

pub(in crate::cli) fn list<'a>(tasks: impl IntoIterator<Item = &'a TaskRecord>) -> String {
    let mut table =
        Table::new(&["task", "state", "owner", "attempt", "priority", "spent", "title"]).right(&[3, 4, 5]);
    for task in tasks {
        table.row([
            task.id.to_string(),
            task.standing(),
            or_dash(task.owner.as_ref()),
            format!("{}/{}", task.attempt, task.max_attempts),
            task.priority.to_string(),
            task.spent.to_string(),
            task.title.clone(),
        ]);
    }
    table.render()
}

pub(in crate::cli) fn changed(task: &TaskRecord) -> String {
    format!("{} {}", task.id, task.standing())
}

pub(in crate::cli) fn held(held: &Held) -> String {
    format!("{} is held by {}", held.task, held.swarm)
}

fn progress(progress: &Progress) -> String {
    let percent = progress.percent.map_or_else(String::new, |percent| format!("{percent} %: "));
    let note = progress.note.as_deref().unwrap_or_default();
    format!("{percent}{note} ({})", progress.at)
}

pub(in crate::cli) fn submitted(submitted: &Submitted) -> String {
    let known = if submitted.created { "" } else { " (submitted before)" };
    format!("{}{known}", changed(&submitted.task))
}

pub(in crate::cli) fn taken_in(Tally { submitted, known, ready }: &Tally) -> String {
    format!("{submitted} tasks submitted, {known} known before; {ready} ready")
}

pub(in crate::cli) fn detail(detail: &TaskDetail) -> String {
    let task = &detail.record;
    let mut table = Table::new(&["field", "value"]);
    let mut row = |field: &str, value: String| table.row([field.to_owned(), value]);
    row("task", task.id.to_string());
    row("title", task.title.clone());
    row("state", task.standing());
    row("owner", or_dash(task.owner.as_ref()));
    row("token", or_dash(detail.token));
    row("attempt", format!("{} of {}, {} leases lost", task.attempt, task.max_attempts, task.lease_losses));
    row("needs", names(&task.required_capabilities));
    row("waits for", names(&task.unmet));
    if !task.depends_on.is_empty() {
        row("if one fails", task.on_dependency_failure.to_string());
        row("failed of them", names(&task.failed_dependencies));
    }
    row("not before", or_dash(task.not_before));
    row("deadline", or_dash(task.deadline));
    row("progress", or_dash(task.progress.as_ref().map(progress)));
    row("money", format!("{} reserved, {} spent", task.reserved, task.spent));
    row("submitted", format!("{} by {}", task.created_at, task.created_by));
    row("received", or_dash(task.received_at));
    row("ended", or_dash(task.ended_at));
    row("helped by", names(&task.helped_by));
    if let Some(blocker) = &task.blocker {
        row("blocked by", format!("{} (needs {})", blocker.description, names(&blocker.needs)));
    }
    if let Some(why) = &task.cancel_reason {
        row("canceled because", why.clone());
    }
    if let Some(error) = &task.error {
        row("last error", format!("{}: {}", error.class, error.message));
    }
    for settlement in &detail.settlements {
        row(
            "attempt ended",
            format!("{} by {}, cost {}", settlement.outcome, settlement.swarm, settlement.cost),
        );
    }
    row("payload", or_dash(detail.payload.as_ref()));
    row("result", or_dash(detail.result.as_ref()));
    table.render()
}
