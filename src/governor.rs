//! The governor: only qualified help, never over budget, a human when stuck.
//!
//! The rules are pure: they get what is known of a swarm ([`Account`]), the [`Policy`] and `now`, and give a
//! decision. [`service`] reads, asks them, and commits what they decided in one transaction.

mod account;
mod authorisation;
mod breaker;
mod budget;
mod decision;
mod escalation;
mod help;
pub mod policy;
mod profile;
mod ranking;
mod reservation;
mod reset;
pub mod runtime;
pub mod service;
mod settlement;
mod share;

pub use account::{Account, Dated};
pub use authorisation::{Authorisation, DEFAULT_HOURS, Refusal, Work, authorise};
pub use breaker::{Admission, Breaker, BreakerState, Limits, MOST_RECENT, Recent, RecentError, TripReason};
pub use budget::{Budget, Shortage};
pub use decision::{Decision, Remark, RemarkError};
pub use escalation::{Answer, Escalation, EscalationKind, EscalationState};
pub use help::{Help, HelpRequest, Pick, Picks};
pub use policy::{HealthPolicy, Policy, PolicyError};
pub use profile::{NEUTRAL_REPUTATION, Profile, Reputation};
pub use ranking::{Assessment, Score, Verdict};
pub use reservation::{Probe, ProviderProbe, Reservation};
pub use reset::ResetRefusal;
pub use settlement::{Outcome, Settlement, Settling};
pub use share::{Share, ShareError};
