//! Tables of the chassis.

mod contracts;
mod outside;
mod performance;
mod reputation;

pub(in crate::cli) use contracts::{contract, contracts, loaded, unloaded};
pub(in crate::cli) use outside::{credentials, secrets};
pub(in crate::cli) use performance::{history, performance};
pub(in crate::cli) use reputation::{reputation, reputations};

/// To three places.
fn rounded(number: f64) -> f64 {
    (number * 1000.0).round() / 1000.0
}
