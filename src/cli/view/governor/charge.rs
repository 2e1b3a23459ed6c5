//! What was booked.

use crate::cli::governor::ChargeAnswer;
use crate::printable::printable;

pub(in crate::cli) fn charged(answer: &ChargeAnswer) -> String {
    let Some(charge) = &answer.charge else {
        return format!("{} has no budget: nothing was booked", answer.swarm);
    };
    let operation = printable(&charge.operation.to_string());
    let instead = charge.corrects.map_or_else(String::new, |before| format!(" instead of {before}"));
    format!("{} charged {}{instead} for {operation}, {} left", charge.swarm, charge.cost, charge.left)
}
