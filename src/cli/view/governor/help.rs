//! Who may help, and what spoke against the others.

use crate::cli::view::Table;
use crate::cli::view::words::{list, or_dash};
use crate::governor::{Assessment, Help, Verdict};

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
