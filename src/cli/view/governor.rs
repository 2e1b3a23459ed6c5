//! Swarms, budgets and help as tables.

mod breakers;
mod budgets;
mod help;
mod swarms;

pub(in crate::cli) use breakers::{breaker, breaker_changed, breakers};
pub(in crate::cli) use budgets::budgets;
pub(in crate::cli) use help::help;
pub(in crate::cli) use swarms::registered;
