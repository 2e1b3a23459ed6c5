//! Who may help, and what spoke against the others.

use crate::cli::view::Table;
use crate::cli::view::words::{list, or_dash};
use crate::coordinator::service::{HelpOutcome, Helper, Pending};
use crate::governor::{Assessment, Considered, Help, Verdict};
use crate::id::Capability;

/// The chosen one alone, or everybody with what spoke against them.
pub(in crate::cli) fn help(help: &Help, explain: bool) -> String {
    let shown: Vec<&Assessment> =
        help.assessments.iter().filter(|assessment| explain || assessment.is_qualified()).collect();
    let headings = ["swarm", "match", "reputation", "$/hour", "price", "left", "breaker", "score", "verdict"];
    let mut table = Table::new(&headings).right(&[1, 2, 3, 4, 5, 7]);
    for assessment in shown {
        table.row([
            assessment.swarm.to_string(),
            assessment.coverage.to_string(),
            assessment.reputation.to_string(),
            assessment.cost_per_hour.to_string(),
            assessment.price.to_string(),
            or_dash(assessment.left),
            assessment.breaker.to_string(),
            assessment.score.to_string(),
            verdict(help, assessment),
        ]);
    }
    table.render()
}

fn verdict(help: &Help, assessment: &Assessment) -> String {
    match &assessment.verdict {
        Verdict::Qualified if help.chosen.as_ref() == Some(&assessment.swarm) => "chosen".to_owned(),
        Verdict::Qualified => "qualified".to_owned(),
        Verdict::Excluded(reasons) => list(reasons),
    }
}

/// Who is asked to help with a blocked task, or the call for a human; with `explain`, and where nobody is even to be
/// called, also everybody who was considered.
pub(in crate::cli) fn requested_help(outcome: &HelpOutcome, explain: bool) -> String {
    let (answer, everybody) = match outcome {
        HelpOutcome::Asked { helpers, uncovered, considered } => (asked(helpers, uncovered), considered),
        HelpOutcome::Escalated { escalation: Some(escalation), considered, .. } => {
            (escalation.clone(), considered)
        }
        HelpOutcome::Escalated { escalation: None, considered: everybody, .. } => {
            return considered(everybody);
        }
        HelpOutcome::UnderWay { helpers } => return pending(helpers),
        HelpOutcome::NotBlocked { .. } => return String::new(),
    };
    if explain { format!("{answer}\n\n{}", considered(everybody)) } else { answer }
}

fn asked(helpers: &[Helper], uncovered: &[Capability]) -> String {
    let mut table = Table::new(&["need", "swarm", "amount", "task"]).right(&[2]);
    for helper in helpers {
        let (need, swarm) = (helper.need.to_string(), helper.swarm.to_string());
        table.row([need, swarm, helper.amount.to_string(), or_dash(helper.task.as_ref())]);
    }
    for need in uncovered {
        table.row([need.to_string(), "nobody".to_owned(), "-".to_owned(), "-".to_owned()]);
    }
    table.render()
}

fn pending(helpers: &[Pending]) -> String {
    let mut table = Table::new(&["task", "swarm"]);
    for helper in helpers {
        table.row([helper.task.to_string(), or_dash(helper.swarm.as_ref())]);
    }
    table.render()
}

fn considered(everybody: &[Considered]) -> String {
    let mut table =
        Table::new(&["need", "swarm", "reputation", "$/hour", "score", "choice"]).right(&[2, 3, 4]);
    for Considered { need, assessment, choice } in everybody {
        table.row([
            need.to_string(),
            assessment.swarm.to_string(),
            assessment.reputation.to_string(),
            assessment.cost_per_hour.to_string(),
            assessment.score.to_string(),
            choice.to_string(),
        ]);
    }
    table.render()
}
