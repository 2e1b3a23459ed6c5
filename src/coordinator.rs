//! The coordinator: tasks, claims, connected workers, pushes, blockers.
//!
//! The files beside this one are rules over plain values. [`service`] reads, asks a rule and commits in one
//! transaction; [`runtime`] holds what keeps running: the leader's loop and the worker.

pub mod alarm;
pub mod assignment;
pub mod backlog;
pub mod bench;
pub mod event;
pub mod health;
pub mod history;
pub mod hold;
pub mod mail;
pub mod pace;
pub mod runtime;
pub mod service;
pub mod snapshot;
pub mod task;
pub mod token;
pub mod vitals;

pub use event::Event;
pub use health::Health;
pub use hold::{Assignment, Hold, Session};
pub use mail::{Letter, Mail};
pub use pace::{Pace, Quantiles};
pub use runtime::backoff::Backoff;
pub use runtime::runner::{Assigned, Ending, Runner, Stop, Stops};
pub use runtime::session::Terms;
pub use runtime::worker::{Report, WorkError, WorkOrder, Worker};
pub use task::{Reason, State, TaskError, TaskRecord};
pub use token::Token;
pub use vitals::Vitals;
