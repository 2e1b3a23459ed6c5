//! Swarms, budgets, help and providers as tables.

mod budgets;
mod help;
mod rails;
mod swarms;

pub(in crate::cli) use budgets::budgets;
pub(in crate::cli) use help::{help, requested_help};
pub(in crate::cli) use rails::{rail_recorded, rails};
pub(in crate::cli) use swarms::registered;
