//! Tables of the chassis.

mod calls;
mod contracts;
mod outside;
mod performance;
mod reputation;

pub(in crate::cli) use calls::calls;
pub(in crate::cli) use contracts::{compiled, contract, contracts, loaded, unloaded};
pub(in crate::cli) use outside::{credentials, secrets};
pub(in crate::cli) use performance::{history, performance};
pub(in crate::cli) use reputation::{reputation, reputations};

use super::words::or_dash;
use crate::chassis::LogLine;
use crate::printable::printable;

/// One line of a guest's log: when, in which task, what.
pub(in crate::cli) fn log_line(line: &LogLine) -> String {
    format!("{} {} {}", line.at, or_dash(line.task.as_ref()), printable(&line.line))
}

/// To three places.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
