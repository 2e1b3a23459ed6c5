//! Swarms, budgets and help as tables.

mod budgeted;
mod budgets;
mod charge;
mod help;
mod swarms;

pub(in crate::cli) use budgeted::budgeted;
pub(in crate::cli) use budgets::budgets;
pub(in crate::cli) use charge::charged;
pub(in crate::cli) use help::help;
pub(in crate::cli) use swarms::registered;
