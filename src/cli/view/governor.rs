//! Swarms, budgets, help and providers as tables.

mod breakers;
mod budgeted;
mod budgets;
mod capabilities;
mod charge;
mod escalations;
mod help;
mod policies;
mod rails;
mod rates;
mod swarms;

pub(in crate::cli) use breakers::{breaker, breaker_changed, breakers};
pub(in crate::cli) use budgeted::budgeted;
pub(in crate::cli) use budgets::budgets;
pub(in crate::cli) use capabilities::matrix;
pub(in crate::cli) use charge::charged;
pub(in crate::cli) use escalations::{answered, call, calls, tried};
pub(in crate::cli) use help::{help, requested_help};
pub(in crate::cli) use policies::{applied, differences, policy, verdicts};
pub(in crate::cli) use rails::{rail_recorded, rails};
pub(in crate::cli) use rates::rates;
pub(in crate::cli) use swarms::{registered, swarm, unregistered};
