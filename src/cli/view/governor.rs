//! Swarms, budgets and help as tables.

mod budgets;
mod escalations;
mod help;
mod swarms;

pub(in crate::cli) use budgets::budgets;
pub(in crate::cli) use escalations::{answered, call, calls, tried};
pub(in crate::cli) use help::help;
pub(in crate::cli) use swarms::registered;
