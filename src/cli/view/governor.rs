//! Swarms, budgets and help as tables.

use super::Table;
use super::words::{list, or_dash};
use crate::governor::service::{BudgetLine, Registered};
use crate::governor::{Assessment, Help, Verdict};

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

pub(in crate::cli) fn budgets(budgets: &[BudgetLine]) -> String {
    let mut table =
        Table::new(&["scope", "cap", "spent", "reserved", "left", "breaker", "reason"]).right(&[1, 2, 3, 4]);
    for line in budgets {
        table.row([
            line.scope.to_string(),
            line.cap.to_string(),
            line.spent.to_string(),
            line.reserved.to_string(),
            line.left.to_string(),
            line.breaker.to_string(),
            or_dash(line.reason),
        ]);
    }
    table.render()
}

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
