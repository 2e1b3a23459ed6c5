//! What swarms are worth to the governor.

use super::rounded;
use crate::chassis::{Appraisal, ReputationReport};
use crate::cli::view::Table;
use crate::cli::view::words::{list, or_dash};

/// What swarms are worth, a line each.
pub(in crate::cli) fn reputations(reports: &[ReputationReport]) -> String {
    let headings = ["swarm", "reputation", "graded", "good of last", "broken", "original design", "updated"];
    let mut table = Table::new(&headings).right(&[1, 2, 3, 5]);
    for report in reports {
        let broken = report.appraisal.iter().flat_map(Appraisal::broken);
        table.row([
            report.swarm.to_string(),
            score(report),
            report.graded.to_string(),
            format!("{} of {}", report.successes, report.n),
            list(broken.map(|factor| factor.objective)),
            figure(report.original_design.score.get()),
            or_dash(report.updated_at),
        ]);
    }
    table.render()
}

/// What a swarm is worth, and how that comes about.
pub(in crate::cli) fn reputation(report: &ReputationReport) -> String {
    let summary = reputations(std::slice::from_ref(report));
    match &report.appraisal {
        Some(appraisal) => [summary, factors(report, appraisal)].join("\n\n"),
        None => format!("{summary}\n\n No task that somebody else submitted has ended yet."),
    }
}

fn score(report: &ReputationReport) -> String {
    let told = figure(report.score.get());
    if report.measured { told } else { format!("{told} (newcomer)") }
}

fn factors(report: &ReputationReport, appraisal: &Appraisal) -> String {
    let original = &report.original_design;
    let mut table = Table::new(&["factor", "measured", "counts", "original design"]).right(&[1, 2, 3]);
    table.row([
        "success, Wilson's lower bound".to_owned(),
        rounded(appraisal.success_rate).to_string(),
        figure(appraisal.counted),
        figure(original.counted),
    ]);
    for (here, there) in appraisal.factors.iter().zip(&original.factors) {
        table.row([
            format!("{} {} promised", here.objective, here.promised),
            or_dash(here.measured.map(rounded)),
            format!("x {}", here.factor),
            format!("x {}", there.factor),
        ]);
    }
    table.row(["reputation".to_owned(), String::new(), score(report), figure(original.score.get())]);
    table.render()
}

fn figure(share: f64) -> String {
    format!("{share:.2}")
}
