//! The governor: only qualified help, never over budget, a human when stuck.
//!
//! The rules are pure: they get what is known of a swarm ([`Account`]), the [`Policy`] and `now`, and give a
//! decision. [`service`] reads, asks them, and commits what they decided in one transaction.

mod account;
mod alert;
mod authorisation;
mod breaker;
mod budget;
mod burn;
mod charge;
mod decision;
mod delivery;
mod escalation;
#[cfg(test)]
mod fixtures;
mod help;
mod matrix;
mod message;
mod overall;
mod period;
pub mod policy;
mod profile;
mod provider;
mod rails;
mod ranking;
mod reservation;
mod reset;
mod retention;
pub mod runtime;
pub mod service;
mod settlement;
mod share;
mod task_budget;

pub use account::{Account, Dated};
pub use authorisation::{Authorisation, DEFAULT_HOURS, Refusal, Work, authorise};
pub use breaker::{Admission, Breaker, BreakerState, Limits, MOST_RECENT, Recent, RecentError, TripReason};
pub use budget::{Budget, Shortage};
pub use burn::Burn;
pub use charge::{Charge, Charging, Operation, OperationError, Urgency};
pub use decision::{Decision, Remark, RemarkError};
pub use delivery::Delivery;
pub use escalation::{Answer, Answered, Escalation, EscalationKind, EscalationState};
pub use help::{Choice, Considered, Help, HelpRequest, Pick, Picks};
pub use matrix::{Demand, Matrix, MatrixRow, NearMiss};
pub use message::Message;
pub use overall::{Allotment, Overall};
pub use period::{Period, PeriodError, PeriodId, Renewal};
pub use policy::{EscalationPolicy, HealthPolicy, InForce, Policy, PolicyError, RateTable, Rates};
pub use profile::{NEUTRAL_REPUTATION, Profile, Reputation};
pub use provider::{CallFailure, CallReport};
pub use rails::{RailScore, RailStanding, RailStatistics, RailUse};
pub use ranking::{Assessment, Score, Verdict};
pub use reservation::{Probe, ProviderProbe, Reservation};
pub use reset::ResetRefusal;
pub use runtime::{Chores, PolicyFile, RateFile, RateFileError};
pub use settlement::{Correction, Outcome, Settlement, Settling};
pub use share::{Share, ShareError};
pub use task_budget::TaskBudget;
