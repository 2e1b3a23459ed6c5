//! The outcome of the demonstration as tables.

use super::Table;
use super::words::or_dash;
use crate::demo::{Attack, HelpGiven, Outcome, SwarmOutcome, TaskOutcome};

pub(in crate::cli) fn outcome(outcome: &Outcome) -> String {
    [
        tasks(&outcome.tasks),
        swarms(&outcome.swarms),
        help(&outcome.help),
        attacks(&outcome.attacks),
        escalations(outcome),
        summary(outcome),
    ]
    .join("\n\n")
}

fn tasks(tasks: &[TaskOutcome]) -> String {
    let headings = ["task", "state", "owner", "came by", "attempts", "completions", "spent", "title"];
    let mut table = Table::new(&headings).right(&[4, 5, 6]);
    for task in tasks {
        let state =
            task.reason.map_or_else(|| task.state.to_string(), |reason| format!("{}/{reason}", task.state));
        table.row([
            task.task.to_string(),
            state,
            or_dash(task.owner.as_ref()),
            came_by(task).to_owned(),
            task.attempts.to_string(),
            task.accepted_completions.to_string(),
            task.spent.to_string(),
            task.title.clone(),
        ]);
    }
    table.render()
}

fn came_by(task: &TaskOutcome) -> &'static str {
    match (task.attempts, task.pushed) {
        (0, _) => "-",
        (_, true) => "push",
        (_, false) => "race",
    }
}

fn swarms(swarms: &[SwarmOutcome]) -> String {
    let headings = ["swarm", "status", "completed", "spent", "reserved", "cap", "breaker"];
    let mut table = Table::new(&headings).right(&[2, 3, 4, 5]);
    for swarm in swarms {
        table.row([
            swarm.swarm.to_string(),
            swarm.status.clone(),
            swarm.completed.to_string(),
            swarm.spent.to_string(),
            swarm.reserved.to_string(),
            swarm.cap.to_string(),
            swarm.breaker.to_string(),
        ]);
    }
    table.render()
}

fn help(help: &[HelpGiven]) -> String {
    let mut table =
        Table::new(&["blocked task", "help", "helper", "cost", "received after", "answer"]).right(&[3, 4]);
    for given in help {
        table.row([
            given.blocked.to_string(),
            given.help.to_string(),
            or_dash(given.helper.as_ref()),
            given.cost.to_string(),
            or_dash(given.found_after_us.map(milliseconds)),
            or_dash(given.answer.as_ref()),
        ]);
    }
    table.render()
}

fn attacks(attacks: &[Attack]) -> String {
    let mut table = Table::new(&["hostile module", "tried to", "was told", "exit", "after"]).right(&[3, 4]);
    for attack in attacks {
        table.row([
            attack.swarm.clone(),
            attack.tried.to_owned(),
            attack.told.clone(),
            attack.exit.to_string(),
            format!("{} ms", attack.after_ms),
        ]);
    }
    table.render()
}

fn escalations(outcome: &Outcome) -> String {
    let mut table = Table::new(&["a human was called", "for", "to do"]);
    for escalation in &outcome.escalations {
        table.row([
            escalation.kind.to_string(),
            escalation.issue.clone(),
            escalation.action_required.clone(),
        ]);
    }
    table.render()
}

fn summary(outcome: &Outcome) -> String {
    let recorded = outcome.recorded;
    let mut table = Table::new(&["what", "here", "recorded with git polling"]);
    let mut row = |what: &str, here: String, recorded: String| table.row([what.to_owned(), here, recorded]);
    row("backlog tasks done", outcome.backlog_done.to_string(), recorded.tasks_done.to_string());
    row("completions", outcome.backlog_completions.to_string(), recorded.completions.to_string());
    let redundant = outcome.backlog_completions.saturating_sub(outcome.backlog_done);
    row("of these redundant", redundant.to_string(), recorded.redundant.to_string());
    if let Some(latency) = outcome.push_latency {
        row("pushes", latency.pushes.to_string(), "-".to_owned());
        row("push latency p50", milliseconds(latency.p50_us), "-".to_owned());
        row("push latency p99", milliseconds(latency.p99_us), "-".to_owned());
    }
    let killed = outcome.killed.as_ref().map(|(pid, task)| format!("process {pid}, at {task}"));
    row("worker killed", or_dash(killed), "-".to_owned());
    row("broken promises", outcome.violations.len().to_string(), "-".to_owned());
    row("took", format!("{:.1} s", seconds(outcome.took_ms)), "-".to_owned());
    let mut text = table.render();
    for violation in &outcome.violations {
        text.push_str("\nbroken: ");
        text.push_str(&serde_json::to_string(violation).unwrap_or_default());
    }
    text
}

fn milliseconds(micros: u128) -> String {
    format!("{}.{:02} ms", micros / 1000, micros % 1000 / 10)
}

#[expect(clippy::cast_precision_loss, reason = "a demonstration does not last for millennia")]
fn seconds(milliseconds: u128) -> f64 {
    milliseconds as f64 / 1000.0
}
